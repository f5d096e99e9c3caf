"""Where cases gather: points of a heatmap, in cells as coarse as the reader's role asks for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np

from gis.crs import MetricCrs, metric_crs
from gis.errors import NotFoundError
from gis.flows.hotspots.current import HotStreets, local_day
from gis.flows.hotspots.score import YEAR_DAYS
from gis.flows.hotspots.seen import Sight
from gis.flows.kept import Kept
from gis.hotspots.arrays import Floats, Integers
from gis.hotspots.cells import smoothed
from gis.hotspots.moments import DAY_S
from gis.hotspots.streets import summed
from gis.store.community_facts import community_facts
from gis.store.hotspot_reading import CaseColumns, last_event
from gis.store.session import ReadSession

HALF_LIFE_DAYS = 90.0
MOST_POINTS = 50_000


class Weigh(StrEnum):
    """What makes a place hot."""

    CASES = "cases"
    SEVERITY = "severity"
    RECENT = "recent"
    """Severity, half of it gone after three months."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Cells of a heatmap (EPSG:4326), the heaviest first.

    Parameters
    ----------
    lon, lat, cases, weight
        Of each.
    cell_m
        Their size.
    total
        Cases that passed the filters, those in cells left out included.
    """

    lon: Floats = field(repr=False)
    lat: Floats = field(repr=False)
    cases: Floats = field(repr=False)
    weight: Floats = field(repr=False)
    cell_m: float
    total: int


@dataclass(frozen=True, slots=True)
class CellRates:
    """Cases on 100 households in a year of each micro-grid with homes, drawn towards what all have together."""

    codes: tuple[str, ...]
    cases: Floats
    rate: Floats


class Heat:
    """Heatmaps of the service, kept until something happens."""

    def __init__(self, streets: HotStreets) -> None:
        self._streets = streets
        self._maps: Kept[HeatMap] = Kept()

    async def map(
        self,
        session: ReadSession,
        seen: Sight,
        now: datetime,
        weigh: Weigh = Weigh.SEVERITY,
        most: int = MOST_POINTS,
    ) -> HeatMap:
        """Return what a reader is shown.

        Parameters
        ----------
        session, seen
            Whose cases, which, and how closely.
        now
            For the age of cases.
        weigh
            What makes a place hot.
        most
            With more cells than these they are made coarser.
        """
        facts = await community_facts(session, seen.scope.community_id)
        if facts is None:
            raise NotFoundError(
                "no such community", code="community_unknown", community=seen.scope.community_id
            )
        today = local_day(now, ZoneInfo(facts.timezone))

        async def make() -> HeatMap:
            columns = await self._streets.columns(session, seen.scope, seen.filters.cases, lean=True)
            return await asyncio.to_thread(
                _gathered, columns, seen, metric_crs(facts.metric_srid), weigh, today, most
            )

        day = int(today) if weigh == Weigh.RECENT else 0
        stamp = await last_event(session, facts.id)
        return await self._maps.get((seen, weigh, day, most), stamp, make, lambda one: one.total)

    async def cells(self, session: ReadSession, seen: Sight, now: datetime) -> CellRates:
        """Return the rates of micro-grids; for roles that see places to 20 m."""
        facts = await community_facts(session, seen.scope.community_id)
        columns = await self._streets.columns(session, seen.scope, seen.filters.cases)
        zone = ZoneInfo(facts.timezone if facts else "UTC")
        return await asyncio.to_thread(_cells, columns, seen, local_day(now, zone))


def _cells(columns: CaseColumns, seen: Sight, today: float) -> CellRates:
    cases = columns.only(seen.filters.moments.keep(columns.local_s) & (columns.micro_grid >= 0))
    count = summed(cases.micro_grid, np.ones(len(cases)), len(columns.cells))
    days = max(today - float(columns.local_s.min()) / DAY_S, 1.0) if len(columns) else YEAR_DAYS
    rate = smoothed(count, columns.households * days / YEAR_DAYS) * 100.0
    lived_in = np.flatnonzero(columns.households > 0.0)
    return CellRates(tuple(columns.cells[row] for row in lived_in), count[lived_in], rate[lived_in])


def _coarser(metres: Floats, cell_m: float) -> Integers:
    return np.rint(metres / cell_m).astype(np.int64)


def _gathered(  # noqa: PLR0917 - what the map is made of
    columns: CaseColumns, seen: Sight, metric: MetricCrs, weigh: Weigh, today: float, most: int
) -> HeatMap:
    kept = seen.filters.moments.keep(columns.local_s)
    cases = columns if kept.all() else columns.only(kept)
    x, y = metric.project(cases.lon, cases.lat)
    cell_m = seen.cell_m
    while True:
        cell, back = np.unique(_coarser(x, cell_m) * (1 << 32) + _coarser(y, cell_m), return_inverse=True)
        if len(cell) <= most:
            break
        cell_m *= 2.0
    count = summed(back.reshape(-1), np.ones(len(cases)), len(cell))
    weight = summed(back.reshape(-1), _weights(cases, weigh, today), len(cell))
    order = np.argsort(-weight, kind="stable")
    order = order[count[order] >= seen.least]
    lon, lat = metric.unproject((cell[order] >> 32) * cell_m, (cell[order] & ((1 << 32) - 1)) * cell_m)
    return HeatMap(lon, lat, count[order], weight[order], cell_m, len(cases))


def _weights(cases: CaseColumns, weigh: Weigh, today: float) -> Floats:
    if weigh == Weigh.CASES:
        return np.ones(len(cases))
    severity: Floats = cases.severity[cases.category]
    if weigh == Weigh.SEVERITY:
        return severity
    age_days = np.maximum(today - cases.local_s / DAY_S, 0.0)
    recent: Floats = severity * 0.5 ** (age_days / HALF_LIFE_DAYS)
    return recent
