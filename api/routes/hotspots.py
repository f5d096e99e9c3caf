"""Where to repair: heat, hotspot streets, and how much of what came later they would have covered."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from api.answers import Answer
from api.deps import PartsDep, ReaderDep, RecentDep
from api.filters import hot_filters
from api.models import HeatQuery, HotspotQuery, SurfaceQuery
from api.rooms import interface
from api.routes.figures import timezone_of
from api.spec import errors
from gis.flows.hotspots.current import HotStreet, Ranking, worst
from gis.flows.hotspots.heat import Weigh
from gis.flows.hotspots.seen import Sight, sight
from gis.hotspots.foretelling import Coverage
from gis.store.session import ReadSession
from gis.words import Actor

router = interface("figures")


class HeatOut(BaseModel):
    """Points of a heatmap: longitude, latitude, weight (severity added up, unless asked otherwise)."""

    points: list[tuple[float, float, float]]
    total: int
    cell_m: float


class HotStreetOut(Answer):
    """A block (街段) with what happened along it; rates are cases on 100 m in a year."""

    rank: int
    id: UUID
    name: str
    name_en: str
    between: tuple[str, str] = Field(description="the streets it runs between; empty where none has a name")
    between_en: tuple[str, str]
    courtyard: str = Field(description="where a way without a name is")
    courtyard_en: str
    kind: str
    length_m: float
    reports: float
    cases: float = Field(description="a case at a crossing is shared by the streets that meet there")
    cases_per_100m: float
    rate: float = Field(
        description="drawn towards what the neighbourhood has, so that few cases don't decide"
    )
    low: float = Field(description="90% interval")
    high: float
    enough_data: bool
    trend: str = Field(description="rising, steady, falling or unknown: the later half against the earlier")
    earlier: float
    later: float
    gi_z: float = Field(description="Getis-Ord Gi*")
    gi_p_adjusted: float
    hot: bool = Field(description="part of a cluster; at most one in ten of these by chance")
    categories: dict[str, float]
    lon: float
    lat: float
    line: list[tuple[float, float]] | None = None


class HotspotsOut(BaseModel):
    """Blocks, the worst first."""

    items: list[HotStreetOut]
    total: int
    cases: int
    off_streets: int
    streets: int
    length_m: float
    period_days: float


class CurveOut(BaseModel):
    """Parts of later cases covered by parts of the street length: each of the last months foretold by those before."""

    enough: bool
    months: int
    cases: float
    length_m: float
    length: list[float]
    ours: list[float]
    raw: list[float]
    best: list[float]


async def seen_by(session: ReadSession, actor: Actor, query: HeatQuery) -> Sight:
    """Return what a reader is shown of what they ask for."""
    return sight(actor, hot_filters(query, await timezone_of(session, actor.community_id)))


def street_out(one: HotStreet, *, line: bool = False) -> HotStreetOut:
    """Return a block as it is answered."""
    block = one.block
    return HotStreetOut(
        rank=one.rank,
        id=block.id,
        name=block.name,
        name_en=block.name_en,
        between=block.ends,
        between_en=block.ends_en,
        courtyard=block.courtyard,
        courtyard_en=block.courtyard_en,
        kind=block.kind,
        length_m=round(block.length_m, 1),
        reports=one.reports,
        cases=one.cases,
        cases_per_100m=one.cases_per_100m,
        rate=one.rate,
        low=one.low,
        high=one.high,
        enough_data=one.enough_data,
        trend=one.trend,
        earlier=one.earlier,
        later=one.later,
        gi_z=one.gi_z,
        gi_p_adjusted=one.gi_p,
        hot=one.hot,
        categories=dict(one.categories),
        lon=block.lon,
        lat=block.lat,
        line=block.line if line else None,
    )


def ranking_out(found: Ranking, seen: Sight, limit: int, *, line: bool = False) -> HotspotsOut:
    """Return a ranking as it is answered."""
    shown = [one for one in worst(found, limit) if one.cases >= seen.least or seen.least == 1]
    streets = found.scored.streets
    return HotspotsOut(
        items=[street_out(one, line=line) for one in shown],
        total=len(found.order) if seen.least == 1 else len(shown),
        cases=found.total,
        off_streets=found.scored.off,
        streets=len(streets),
        length_m=round(float(streets.length_m.sum()), 1),
        period_days=round(found.scored.period_days, 1),
    )


def curve_out(found: Coverage, length_m: float) -> CurveOut:
    """Return a curve as it is answered."""
    return CurveOut(
        enough=found.enough,
        months=found.months,
        cases=round(found.things, 1),
        length_m=round(length_m, 1),
        length=found.length.round(4).tolist(),
        ours=found.ours.round(4).tolist(),
        raw=found.raw.round(4).tolist(),
        best=found.best.round(4).tolist(),
    )


@router.get("/heatmap", responses=errors(400, 401))
async def get_heatmap(
    parts: PartsDep, reader: ReaderDep, session: RecentDep, query: Annotated[SurfaceQuery, Query()]
) -> HeatOut:
    """Hazards (or the categories asked for): exact for the desk, in cells of 20 m for planners, of 100 m for others."""
    seen = await seen_by(session, reader.actor, query)
    found = await parts.heat.map(session, seen, parts.clock.now(), Weigh(query.weigh))
    points = zip(
        found.lon.round(7).tolist(), found.lat.round(7).tolist(), found.weight.round(3).tolist(), strict=True
    )
    return HeatOut(points=list(points), total=found.total, cell_m=found.cell_m)


@router.get("/hotspots", responses=errors(400, 401))
async def get_hotspots(
    parts: PartsDep, reader: ReaderDep, session: RecentDep, query: Annotated[HotspotQuery, Query()]
) -> HotspotsOut:
    """Blocks by the cases that a metre of them is to be expected to have, the worst first."""
    seen = await seen_by(session, reader.actor, query)
    found = await parts.streets.ranking(session, seen.scope, seen.filters, parts.clock.now())
    return ranking_out(found, seen, query.limit, line=query.line)


@router.get("/hotspots/curve", responses=errors(400, 401))
async def get_curve(
    parts: PartsDep, reader: ReaderDep, session: RecentDep, query: Annotated[HeatQuery, Query()]
) -> CurveOut:
    """How much of what came later repairing the worst blocks would have covered."""
    seen, now = await seen_by(session, reader.actor, query), parts.clock.now()
    ranking = await parts.streets.ranking(session, seen.scope, seen.filters, now)
    found = await parts.streets.coverage(session, seen.scope, seen.filters, now)
    return curve_out(found, float(ranking.scored.streets.length_m.sum()))
