"""One resident's record: opened, changed, called from, consented, taken out, erased; and who has looked at it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel, Field

from api.answers.residents import RecordOut, record_out
from api.deps import ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.residents import CallBody, ConsentBody, EraseBody, PersonBody, WhyBody
from api.residents import changed_person, consented
from api.rooms import interface
from api.spec import body, errors
from gis.errors import NotFoundError
from gis.flows.residents.erasing import erase
from gis.flows.residents.exporting import export_resident
from gis.flows.residents.looks import looks_at
from gis.flows.residents.opening import call_from, open_record, own_record, whole_number

router = interface("residents")
JSON = "application/json"


class Number(BaseModel):
    """A whole number."""

    number: str


class Proof(BaseModel):
    """The proof of what was erased."""

    erasure: UUID


class LookOut(BaseModel):
    """One look at a record."""

    at: datetime
    by: str | None
    role: str | None
    kind: str
    why: str


class Looks(BaseModel):
    """Who looked, the latest first; `next` goes into `before`."""

    items: list[LookOut]
    next: int | None


class LooksQuery(BaseModel):
    """Which part of the list."""

    before: int | None = Field(None, ge=1, le=2**63 - 1)


@router.get("/residents/mine", responses=errors(401, 404))
async def get_mine(reader: ReaderDep, work: WorkDep) -> RecordOut:
    """One's own record, where one is joined to the account."""
    found = await own_record(work, reader.actor)
    if found is None:
        raise NotFoundError("no record is joined to this account", code="resident_not_found")
    return record_out(found)


@router.get("/residents/{resident_id}", responses=errors(401, 404))
async def get_resident(resident_id: UUID, reader: ReaderDep, work: WorkDep) -> RecordOut:
    """One record, as much of it as the reader may see; the look is written down."""
    return record_out(await open_record(work, reader.actor, resident_id))


@router.put(
    "/residents/{resident_id}",
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(PersonBody, JSON),
)
async def put_resident(resident_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> RecordOut:
    """Change a record; what isn't stated is emptied, but for the identity number."""
    await changed_person(work, reader.actor, resident_id, await body_of(request))
    return record_out(await open_record(work, reader.actor, resident_id))


@router.post(
    "/residents/{resident_id}/call",
    responses=errors(400, 401, 403, 404),
    openapi_extra=body(CallBody, JSON),
)
async def post_call(resident_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Number:
    """Give a number to call; the call is written down."""
    given = parse(CallBody, await body_of(request))
    return Number(number=await call_from(work, reader.actor, resident_id, given.whom))


@router.post(
    "/residents/{resident_id}/id_number",
    responses=errors(400, 401, 403, 404),
    openapi_extra=body(WhyBody, JSON),
)
async def post_number(resident_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Number:
    """Give the whole identity number; the look is written down with its reason."""
    given = parse(WhyBody, await body_of(request))
    return Number(number=await whole_number(work, reader.actor, resident_id, given.why))


@router.post(
    "/residents/{resident_id}/consents",
    status_code=204,
    responses=errors(400, 401, 403, 404),
    openapi_extra=body(ConsentBody, JSON),
)
async def post_consent(resident_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> None:
    """Write down that somebody agrees to a purpose, or no longer does."""
    await consented(work, reader.actor, resident_id, await body_of(request))


@router.get("/residents/{resident_id}/looks", responses=errors(400, 401, 403, 404))
async def get_looks(
    resident_id: UUID, reader: ReaderDep, work: WorkDep, query: Annotated[LooksQuery, Query()]
) -> Looks:
    """Who looked at a record: for the resident, and for the administrator."""
    found, more = await looks_at(work, reader.actor, resident_id, before=query.before)
    items = [LookOut(at=one.at, by=one.name, role=one.role, kind=one.kind, why=one.why) for one in found]
    return Looks(items=items, next=more)


@router.get("/residents/{resident_id}/export", responses=errors(401, 403, 404))
async def get_export(resident_id: UUID, reader: ReaderDep, work: WorkDep) -> dict[str, Any]:
    """Everything that is kept of somebody, and who has looked at it."""
    return await export_resident(work, reader.actor, resident_id)


@router.post(
    "/residents/{resident_id}/erase",
    responses=errors(400, 401, 403, 404),
    openapi_extra=body(EraseBody, JSON),
)
async def post_erase(resident_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Proof:
    """Erase a record: what was erased and what stays, and why, is proven."""
    given = parse(EraseBody, await body_of(request))
    return Proof(erasure=await erase(work, reader.actor, resident_id, given.reason))
