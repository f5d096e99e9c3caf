"""The dispatch desk: one act on many cases, whom to ask, kept filters, notes and shifts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.answers import Answer
from api.bulk import bulk
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.desk_models import BulkBody, FilterBody, NoteBody, ShiftEndBody
from api.forms import body_of, parse
from api.language import language_of
from api.rooms import interface
from api.spec import body, errors
from gis.flows.assign import who_could
from gis.flows.desk import begin_shift, drop_filter, end_shift, keep_filter, settle_note, write_note
from gis.people.permissions import require
from gis.store.desk import filters_of, notes, shifts
from web.messages import error_sentence

router = interface("desk")
JSON = "application/json"
SHIFTS_SHOWN = 30


class OutcomeOut(BaseModel):
    """What became of one case; ``code`` and ``detail`` where it was refused."""

    id: UUID
    status: str | None
    revision: int | None
    code: str | None
    detail: str | None


class BulkOut(BaseModel):
    """Each case's own answer, and how many were carried out and refused."""

    items: list[OutcomeOut]
    done: int
    refused: int


class Candidates(BaseModel):
    """Who could be asked for a case now, in order, and why not the others; as in the explanation of a dispatch."""

    ranking: dict[str, Any]


class FilterOut(Answer):
    """A kept filter."""

    filter_id: UUID = Field(serialization_alias="id")
    name: str
    query: str
    shared: bool
    is_default: bool
    mine: bool


class Filters(BaseModel):
    """One's own first, then those that others share."""

    items: list[FilterOut]


class Made(BaseModel):
    """What was made."""

    id: UUID


class NoteOut(Answer):
    """A note."""

    note_id: UUID = Field(serialization_alias="id")
    case_id: UUID | None
    number: str | None
    words: str
    written_by: str
    written_at: datetime
    settled_by: str | None
    settled_at: datetime | None


class Notes(BaseModel):
    """Those not settled yet, the newest first."""

    items: list[NoteOut]


class ShiftOut(Answer):
    """A shift."""

    shift_id: UUID = Field(serialization_alias="id")
    person_name: str
    began_at: datetime
    ended_at: datetime | None
    words: str
    taken_by: str | None
    taken_at: datetime | None


class Shifts(BaseModel):
    """Those under way first, then the latest."""

    items: list[ShiftOut]


@router.post("/cases/bulk", responses=errors(400, 401, 403), openapi_extra=body(BulkBody, JSON))
async def post_bulk(request: Request, parts: PartsDep, reader: ReaderDep) -> BulkOut:
    """Carry out one act on up to 200 cases; each is done or refused by itself, and the answer says which."""
    found = await bulk(parts, reader.actor, parse(BulkBody, await body_of(request)))
    language = language_of(request, reader.actor.language)
    items = [
        OutcomeOut(
            id=one.case_id,
            status=one.status,
            revision=one.revision,
            code=one.code,
            detail=error_sentence(language, one.code, one.values) if one.code else None,
        )
        for one in found
    ]
    refused = sum(one.code is not None for one in found)
    return BulkOut(items=items, done=len(items) - refused, refused=refused)


@router.get("/cases/{case_id}/candidates", responses=errors(400, 401, 403, 404, 409))
async def get_candidates(case_id: UUID, reader: ReaderDep, work: WorkDep) -> Candidates:
    """Tell who could be asked for a case now, each with the way there and the reasons; nobody is asked."""
    return Candidates(ranking=await who_could(work, reader.actor, case_id))


@router.get("/desk/filters", responses=errors(401, 403))
async def get_filters(reader: ReaderDep, session: ReadDep) -> Filters:
    """List one's kept filters and those that others of the desk share."""
    require(reader.actor, "keep_filters")
    mine = reader.actor.person_id
    found = await filters_of(session, reader.actor.community_id, mine)
    return Filters(items=[FilterOut(**asdict(one), mine=one.owner_id == mine) for one in found])


@router.post(
    "/desk/filters",
    status_code=201,
    responses=errors(400, 401, 403, 409),
    openapi_extra=body(FilterBody, JSON),
)
async def post_filter(request: Request, reader: ReaderDep, work: WorkDep) -> Made:
    """Keep a filter; under a name that one has already it replaces the older one."""
    given = parse(FilterBody, await body_of(request))
    return Made(
        id=await keep_filter(work, reader.actor, given.name, given.query, given.shared, given.is_default)
    )


@router.delete("/desk/filters/{filter_id}", status_code=204, responses=errors(400, 401, 403, 404))
async def delete_filter(filter_id: UUID, reader: ReaderDep, work: WorkDep) -> Response:
    """Take one of one's own filters away."""
    await drop_filter(work, reader.actor, filter_id)
    return Response(status_code=204)


@router.get("/desk/notes", responses=errors(400, 401, 403))
async def get_notes(reader: ReaderDep, session: ReadDep) -> Notes:
    """List the notes that wait for somebody."""
    require(reader.actor, "desk")
    found = await notes(session, reader.actor.community_id)
    return Notes(items=[NoteOut(**asdict(one)) for one in found])


@router.post(
    "/desk/notes", status_code=201, responses=errors(400, 401, 403, 404), openapi_extra=body(NoteBody, JSON)
)
async def post_note(request: Request, reader: ReaderDep, work: WorkDep) -> Made:
    """Leave a note for who comes next, pinned to a case or in general."""
    given = parse(NoteBody, await body_of(request))
    return Made(id=await write_note(work, reader.actor, given.words, given.case_id, given.id))


@router.post("/desk/notes/{note_id}/settle", status_code=204, responses=errors(400, 401, 403, 404))
async def post_settled(note_id: UUID, reader: ReaderDep, work: WorkDep) -> Response:
    """Mark a note as settled."""
    await settle_note(work, reader.actor, note_id)
    return Response(status_code=204)


@router.get("/desk/shifts", responses=errors(401, 403))
async def get_shifts(reader: ReaderDep, session: ReadDep) -> Shifts:
    """List shifts, those under way first, then the latest."""
    require(reader.actor, "desk")
    found = await shifts(session, reader.actor.community_id, limit=SHIFTS_SHOWN)
    return Shifts(items=[ShiftOut(**asdict(one)) for one in found])


@router.post("/desk/shift", status_code=204, responses=errors(401, 403))
async def post_shift(reader: ReaderDep, work: WorkDep) -> Response:
    """Begin one's shift, and sign that one has read what earlier shifts have left."""
    await begin_shift(work, reader.actor)
    return Response(status_code=204)


@router.post(
    "/desk/shift/end",
    status_code=204,
    responses=errors(400, 401, 403, 409),
    openapi_extra=body(ShiftEndBody, JSON, required=False),
)
async def post_shift_end(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """End one's shift with a note to the next."""
    given = parse(ShiftEndBody, await body_of(request))
    await end_shift(work, reader.actor, given.words)
    return Response(status_code=204)
