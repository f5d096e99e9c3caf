"""The same thing reported twice: what is open nearby, undoing a link, merging two cases."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel, Field

from api.answers import Answer, Ref, StateOut, thumb_url
from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import body_of, parse
from api.models import MergeBody, UnlinkBody
from api.parts import Parts
from api.rooms import interface
from api.spec import body, errors
from gis.crs import parse_position
from gis.flows.merge import merge
from gis.flows.nearby import nearby
from gis.flows.nearness import Near
from gis.flows.unlink import Unlinked, unlink
from gis.words import CaseState

router = interface("duplicates")
JSON = "application/json"


class NearbyOut(Answer):
    """An open case nearby: no names, no words."""

    case_id: UUID
    number: str
    category: str
    status: str
    distance_m: float
    building: Ref | None
    opened_at: datetime
    reports: int
    thumb_url: str | None
    mine: bool = Field(description="one has reported it oneself")


class NearbyList(BaseModel):
    """The most probably same first, by distance, age and words; five at the most."""

    items: list[NearbyOut]


class UnlinkedOut(StateOut):
    """The case as it stands, and the report's new one."""

    new_case_id: UUID
    new_number: str


@router.get("/nearby", responses=errors(400, 401, 403))
async def get_nearby(
    *,
    parts: PartsDep,
    reader: ReaderDep,
    session: ReadDep,
    category: Annotated[str, Query(max_length=64, examples=["street_lamp"])],
    lon: Annotated[str | None, Query(max_length=64, examples=["123.4152"])] = None,
    lat: Annotated[str | None, Query(max_length=64, examples=["41.7891"])] = None,
    datum: Annotated[str, Query(max_length=16)] = "wgs84",
    accuracy_m: Annotated[str | None, Query(max_length=64)] = None,
    source: Annotated[str, Query(max_length=16, description="gnss, pin, exif or plate")] = "gnss",
    description: Annotated[str, Query(max_length=2000, description="what is written so far")] = "",
) -> NearbyList:
    """Open cases of a category within its radius: for all who may report, before they do."""
    position = parse_position(lon, lat, datum, accuracy_m=accuracy_m, source=source)
    atlas = await parts.atlas.get(session, reader.actor.community_id)
    rules = parts.settings.duplicates
    found = await nearby(session, atlas, rules, parts.clock, reader.actor, position, category, description)
    return NearbyList(items=[_nearby_out(one) for one in found])


@router.post(
    "/cases/{case_id}/unlink",
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(UnlinkBody, JSON),
)
async def post_unlink(case_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> UnlinkedOut:
    """Undo a link: the report gets a case of its own again."""
    found = await perform_unlink(parts, reader, case_id, await body_of(request))
    state = found.state
    return UnlinkedOut(
        id=state.case_id,
        status=state.status.value,
        revision=state.revision,
        new_case_id=found.new_case_id,
        new_number=found.new_number,
    )


@router.post(
    "/cases/{case_id}/merge",
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(MergeBody, JSON),
)
async def post_merge(case_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> StateOut:
    """Move all reports of a case into another open one and close the emptied case."""
    state = await perform_merge(parts, reader, case_id, await body_of(request))
    return StateOut(id=state.case_id, status=state.status.value, revision=state.revision)


async def perform_unlink(parts: Parts, reader: Reader, case_id: UUID, fields: dict[str, Any]) -> Unlinked:
    """Undo a link in a transaction of its own."""
    given = parse(UnlinkBody, fields)
    async with parts.work() as work:
        return await unlink(work, reader.actor, case_id, given.report_id, given.reason)


async def perform_merge(parts: Parts, reader: Reader, case_id: UUID, fields: dict[str, Any]) -> CaseState:
    """Merge two cases in a transaction of its own."""
    given = parse(MergeBody, fields)
    async with parts.work() as work:
        return await merge(work, reader.actor, case_id, given.into, given.reason)


def _nearby_out(one: Near) -> NearbyOut:
    case = one.case
    return NearbyOut(
        case_id=case.case_id,
        number=case.number,
        category=case.category,
        status=case.status,
        distance_m=one.distance_m,
        building=Ref(**case.building) if case.building else None,
        opened_at=case.opened_at,
        reports=case.reports,
        thumb_url=thumb_url(case.photo_id),
        mine=case.mine,
    )
