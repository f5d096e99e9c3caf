"""Searches for missing people: begun, seen by those who were called, ticked off street by street, ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel

from api.answers import PhotoLink, photo_links
from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import body_of, parse, photos_of
from api.missing import begun
from api.models.missing import EndBody, MissingBody, TickBody
from api.rooms import interface
from api.spec import body, errors
from gis.flows.missing.reading import (
    SearchShown,
    list_searches,
    number_to_call,
    open_search,
    streets_of,
)
from gis.flows.missing.searching import end_search, tick_street
from gis.flows.work import Work
from gis.intake import prepare_photo
from gis.muster.waves import radius_of
from gis.residents.numbers import masked
from gis.views.subject_photos import photos_shown

router = interface("missing")
JSON = "application/json"


class MissingOut(BaseModel):
    """A search; in lists without who is missing."""

    id: UUID
    muster: UUID
    status: str
    name: str
    description: str
    phone: str
    outcome: str
    place: str
    lon: float | None
    lat: float | None
    seen_at: datetime
    begun_at: datetime
    begun_by: str
    ended_at: datetime | None
    erased: bool
    leading: bool
    wave: int
    radius_m: float | None
    streets: int
    searched: int
    photos: list[PhotoLink] = []


class MissingList(BaseModel):
    """Searches that the reader may see."""

    items: list[MissingOut]


class CallNumber(BaseModel):
    """A number to call."""

    number: str


def missing_out(found: SearchShown, photos: Any = ()) -> MissingOut:
    """Return a search as it is answered."""
    row = found.row
    return MissingOut(
        id=row.missing_id,
        muster=row.muster_id,
        status=row.status,
        name=found.name,
        description=found.description,
        phone=masked(found.phone),
        outcome=found.outcome,
        place=row.place_text,
        lon=row.lon,
        lat=row.lat,
        seen_at=row.seen_at,
        begun_at=row.created_at,
        begun_by=row.created_by_name,
        ended_at=row.ended_at,
        erased=row.erased_at is not None,
        leading=found.leading,
        wave=row.wave,
        radius_m=radius_of(row.radius_m, row.wave) if row.radius_m else None,
        streets=row.streets,
        searched=row.searched,
        photos=photo_links(photos),
    )


async def opened(work: Work, actor: Any, missing_id: UUID) -> MissingOut:
    """Return a search with its pictures; the look is written down."""
    found = await open_search(work, actor, missing_id)
    if not found.name:  # erased, or not theirs to know
        return missing_out(found)
    photos = await photos_shown(work.session, actor.community_id, "missing", [missing_id])
    return missing_out(found, photos.get(missing_id, []))


@router.get("/missing", responses=errors(401))
async def get_searches(reader: ReaderDep, work: WorkDep) -> MissingList:
    """List the searches one may see, those under way first; who is missing stands on the search itself."""
    found = await list_searches(work, reader.actor)
    return MissingList(items=[missing_out(one) for one in found])


@router.post(
    "/missing",
    status_code=201,
    responses=errors(400, 401, 403, 404, 413, 415),
    openapi_extra=body(MissingBody, JSON, "multipart/form-data"),
)
async def post_search(request: Request, parts: PartsDep, reader: ReaderDep) -> MissingOut:
    """Begin a search: people on duty are called inside a radius that doubles until enough are coming."""
    photos = [await prepare_photo(one, parts.settings.photo) for one in await photos_of(request)]
    fields = await body_of(request)
    async with parts.work() as work:
        missing_id = await begun(work, reader.actor, fields, photos)
        return await opened(work, reader.actor, missing_id)


@router.get("/missing/{missing_id}", responses=errors(401, 404))
async def get_search(missing_id: UUID, reader: ReaderDep, work: WorkDep) -> MissingOut:
    """Who is missing, for those who were called, while it lasts; the look is written down."""
    return await opened(work, reader.actor, missing_id)


@router.get("/missing/{missing_id}/streets", responses=errors(401, 404))
async def get_streets(missing_id: UUID, reader: ReaderDep, work: WorkDep) -> dict[str, Any]:
    """Give the streets that the search has reached, as GeoJSON, those not searched yet first."""
    found = await streets_of(work, reader.actor, missing_id)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": str(one.segment_id),
                "geometry": one.line,
                "properties": {
                    "name": one.name,
                    "ring": one.ring,
                    "length_m": round(one.length_m, 1),
                    "searched_at": one.searched_at.isoformat() if one.searched_at else None,
                    "searched_by": one.searched_by,
                },
            }
            for one in found
        ],
    }


@router.post(
    "/missing/{missing_id}/streets/{segment_id}",
    status_code=204,
    responses=errors(400, 401, 404, 409),
    openapi_extra=body(TickBody, JSON),
)
async def post_tick(
    missing_id: UUID, segment_id: UUID, request: Request, reader: ReaderDep, work: WorkDep
) -> None:
    """Tick a street off, or take that back; everybody's map follows."""
    given = parse(TickBody, await body_of(request))
    await tick_street(work, reader.actor, missing_id, segment_id, searched=given.searched)


@router.post("/missing/{missing_id}/call", responses=errors(401, 404))
async def post_call(missing_id: UUID, reader: ReaderDep, work: WorkDep) -> CallNumber:
    """Give the family's number; the call is written down."""
    return CallNumber(number=await number_to_call(work, reader.actor, missing_id))


@router.post(
    "/missing/{missing_id}/end",
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(EndBody, JSON),
)
async def post_end(missing_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> MissingOut:
    """End a search: found, or stood down; everybody who was called is told."""
    given = parse(EndBody, await body_of(request))
    await end_search(work, reader.actor, missing_id, given.outcome, given.words)
    found = await open_search(work, reader.actor, missing_id)
    return missing_out(found)
