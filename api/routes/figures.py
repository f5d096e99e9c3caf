"""Where cases gather: heatmap and hotspot streets; counts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.answers import Answer
from api.deps import PartsDep, ReadDep, ReaderDep
from api.filters import heat_filters
from api.models import HeatQuery, HotspotQuery
from api.spec import errors
from gis.people.permissions import scope_of
from gis.store.session import ReadSession
from gis.views.boards import community_facts, late_count, status_counts
from gis.views.heat import heat_points, hotspots

router = APIRouter(tags=["figures"])


class HeatOut(BaseModel):
    """Points of a heatmap: longitude, latitude, weight (severity added up)."""

    points: list[tuple[float, float, float]]
    total: int
    cell_m: float


class HotStreetOut(Answer):
    """A street with what happened along it."""

    name: str
    name_en: str
    length_m: float
    reports: int
    cases: int
    cases_per_100m: float
    lon: float
    lat: float


class HotspotsOut(BaseModel):
    """Streets, the worst first."""

    items: list[HotStreetOut]
    total: int


class CountsOut(BaseModel):
    """How many cases stand in each status, and how many are late."""

    counts: dict[str, int]
    late: int


async def timezone_of(session: ReadSession, community_id: str) -> str:
    """Return a community's time zone."""
    facts = await community_facts(session, community_id)
    return facts.timezone if facts else "Asia/Shanghai"


@router.get("/heatmap", responses=errors(400, 401))
async def get_heatmap(reader: ReaderDep, session: ReadDep, query: Annotated[HeatQuery, Query()]) -> HeatOut:
    """Hazards (or the categories asked for): exact for the desk, in cells of 20 m for planners, of 100 m for others."""
    actor = reader.actor
    filters = heat_filters(query, await timezone_of(session, actor.community_id))
    found = await heat_points(session, scope_of(actor), actor.role, filters)
    points = [(round(p.lon, 7), round(p.lat, 7), p.weight) for p in found.points]
    return HeatOut(points=points, total=found.total, cell_m=found.cell_m)


@router.get("/hotspots", responses=errors(400, 401))
async def get_hotspots(
    reader: ReaderDep, session: ReadDep, query: Annotated[HotspotQuery, Query()]
) -> HotspotsOut:
    """Named streets by cases per metre of street."""
    actor = reader.actor
    filters = heat_filters(query, await timezone_of(session, actor.community_id))
    found = await hotspots(session, scope_of(actor), actor.role, filters, limit=query.limit)
    return HotspotsOut(items=[HotStreetOut.model_validate(one) for one in found], total=len(found))


@router.get("/counts", responses=errors(401))
async def get_counts(parts: PartsDep, reader: ReaderDep, session: ReadDep) -> CountsOut:
    """Return counts of the reader's cases by status."""
    scope = scope_of(reader.actor)
    counts = await status_counts(session, scope)
    return CountsOut(counts=counts, late=await late_count(session, scope, parts.clock.now()))
