"""Looking for residents, households, and what watchers suggest."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Query, Request
from pydantic import BaseModel

from api.answers.residents import CardOut, CardPage, HouseholdOut
from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import body_of
from api.models.residents import DecisionBody, HouseholdBody, PersonBody, ResidentQuery, SuggestionBody
from api.residents import decided, keep_household, new_person, suggested
from api.rooms import interface
from api.spec import body, errors
from gis.flows.residents import reading
from gis.flows.residents.access import present
from gis.flows.residents.keeping import the_household
from gis.flows.residents.reading import find_people, people_of
from gis.flows.residents.suggestions import open_suggestions
from web.resident_words import flag_words

router = interface("residents")
JSON = "application/json"


class Made(BaseModel):
    """What was made."""

    id: UUID


class HouseholdDetail(HouseholdOut):
    """A household with who lives there."""

    residents: list[CardOut]


class Proposed(BaseModel):
    """A suggestion: field -> as it was, as it would be."""

    id: UUID
    resident: UUID | None
    household: UUID
    name: str
    address: str
    changes: dict[str, list[Any]]
    changed_since: bool
    made_by: str
    made_at: datetime
    status: str
    reason: str


class Suggestions(BaseModel):
    """Suggestions that wait, or one's own."""

    items: list[Proposed]


class Decided(BaseModel):
    """How many were decided; which couldn't be, with the code of why."""

    decided: int
    failed: dict[UUID, str]


@router.get("/residents", responses=errors(400, 401, 403))
async def get_residents(
    reader: ReaderDep, work: WorkDep, query: Annotated[ResidentQuery, Query()]
) -> CardPage:
    """Find residents of one's areas; each name that is answered is a look, and is written down."""
    wanted = reading.Query(query.q, query.flag, query.gone, query.offset, query.limit, flag_words())
    found = await find_people(work, reader.actor, wanted)
    return CardPage(
        items=[CardOut.model_validate(one) for one in found.items], next=found.next, total=found.total
    )


@router.post(
    "/households",
    status_code=201,
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(HouseholdBody, JSON),
)
async def post_household(request: Request, reader: ReaderDep, work: WorkDep) -> Made:
    """Record a household; the one that is there where its flat is recorded already."""
    made, _ = await keep_household(work, reader.actor, await body_of(request))
    return Made(id=made)


@router.get("/households/{household_id}", responses=errors(401, 403, 404))
async def get_household(household_id: UUID, reader: ReaderDep, work: WorkDep) -> HouseholdDetail:
    """One household with who lives there."""
    actor = await present(work.session, reader.actor)
    found = await the_household(work, actor, household_id)
    residents = [CardOut.model_validate(one) for one in await people_of(work, actor, household_id)]
    shown = HouseholdOut.model_validate(found).model_dump()
    return HouseholdDetail.model_construct(**shown, residents=residents)


@router.post(
    "/households/{household_id}/residents",
    status_code=201,
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(PersonBody, JSON),
)
async def post_resident(household_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Made:
    """Record somebody who lives in a household; `purpose` and `source` are needed."""
    return Made(id=await new_person(work, reader.actor, household_id, await body_of(request)))


@router.get("/residents/suggestions", responses=errors(401, 403))
async def get_suggestions(reader: ReaderDep, work: WorkDep) -> Suggestions:
    """List what waits to be decided in one's areas; watchers see what became of their own."""
    found = await open_suggestions(work, reader.actor)
    return Suggestions(
        items=[
            Proposed(
                id=one.row.suggestion_id,
                resident=one.row.resident_id,
                household=one.row.household_id,
                name=one.name,
                address=one.address,
                changes={name: list(pair) for name, pair in one.changes.items()},
                changed_since=one.changed_since,
                made_by=one.row.made_by_name,
                made_at=one.row.made_at,
                status=one.row.status,
                reason=one.row.reason,
            )
            for one in found
        ]
    )


@router.post(
    "/residents/suggestions",
    status_code=201,
    responses=errors(400, 401, 403, 404),
    openapi_extra=body(SuggestionBody, JSON),
)
async def post_suggestion(request: Request, reader: ReaderDep, work: WorkDep) -> Made:
    """Propose a change of a record of one's micro-grid, or somebody who isn't recorded there."""
    fields = await body_of(request)
    fields["id"] = fields.get("id") or str(uuid4())
    await suggested(work, reader.actor, fields)
    return Made(id=UUID(str(fields["id"])))


@router.post(
    "/residents/suggestions/decide",
    responses=errors(400, 401, 403, 404),
    openapi_extra=body(DecisionBody, JSON),
)
async def post_decision(request: Request, reader: ReaderDep, parts: PartsDep) -> Decided:
    """Approve or decline many suggestions; those that can't be carried out any more stay open."""
    outcome = await decided(parts, reader.actor, await body_of(request))
    return Decided(decided=outcome.decided, failed={key: error.code for key, error in outcome.failed.items()})
