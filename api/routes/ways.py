"""The way to a case from where one is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from api.deps import PartsDep, ReadDep, ReaderDep
from api.parts import Parts
from api.rooms import interface
from api.spec import errors
from api.ways import map_links, measured_way
from gis.errors import NotFoundError
from gis.store.session import ReadSession
from gis.views.boards import Duty, duty_of
from gis.views.cases import CaseItem, cases_by_id
from gis.words import Actor, Mode

router = interface("me")


class WayOut(BaseModel):
    """The way over the streets; without a position of one's own there is none."""

    route: list[tuple[float, float]] = Field(
        description="longitude and latitude, from where one is to the case"
    )
    distance_m: float | None
    travel_s: float | None
    links: dict[str, str] = Field(description="addresses of map apps that the office allows, by app")


@router.get("/cases/{case_id}/way", responses=errors(400, 401, 404))
async def get_way(case_id: UUID, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> WayOut:
    """Return the way to a case from one's last position, which is known only on duty."""
    found = await ways_to(parts, session, reader.actor, [case_id])
    if case_id not in found:
        raise NotFoundError("no such case", code="case_not_found")
    return found[case_id]


async def ways_to(
    parts: Parts, session: ReadSession, actor: Actor, case_ids: list[UUID]
) -> dict[UUID, WayOut]:
    """Return the ways from where somebody was last to cases that they see."""
    items = await cases_by_id(session, actor, case_ids)
    if not items:
        return {}
    duty = await duty_of(session, actor.community_id, actor.person_id)
    atlas = await parts.atlas.get(session, actor.community_id)
    return {case_id: _out(parts, atlas, duty, item) for case_id, item in items.items()}


def _out(parts: Parts, atlas: Any, duty: Duty | None, item: CaseItem) -> WayOut:
    way = measured_way(atlas, duty, item.row)
    mode = Mode(duty.mode) if duty else Mode.WALK
    return WayOut(
        route=way.route,
        distance_m=way.distance_m,
        travel_s=way.travel_s,
        links=map_links(parts.settings.navigation_links, item.row.lon, item.row.lat, mode),
    )
