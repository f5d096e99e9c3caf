"""Hotspot streets of the service: the cases of a scope, counted once each, on a community's blocks; kept until something happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from gis.errors import NotFoundError
from gis.flows.hotspots.ground import Block, Ground, load_ground
from gis.flows.hotspots.score import YEAR_DAYS, Scored, rank
from gis.flows.kept import LARGE, Kept
from gis.hotspots.arrays import Floats, Integers
from gis.hotspots.foretelling import Coverage, coverage
from gis.hotspots.learning import History
from gis.hotspots.moments import DAY_S, Moments
from gis.hotspots.streets import attach, summed
from gis.store.case_reading import CaseFilters
from gis.store.community_facts import CommunityFacts, community_facts
from gis.store.hotspot_reading import CaseColumns, case_columns, last_event
from gis.store.session import ReadSession
from gis.words import Scope

MOST_GROUNDS, MOST_COLUMNS = 8, 2


@dataclass(frozen=True, slots=True)
class HotFilters:
    """Which cases: as in lists, and by the wall clock."""

    cases: CaseFilters
    moments: Moments = field(default_factory=Moments)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Blocks with all that is known of them.

    Parameters
    ----------
    ground, scored
        The blocks, and what was found of them, in the same order.
    order
        Rows of those with cases, the worst first.
    by_category
        Cases of each block by category.
    codes
        The categories' codes.
    begin, end
        The period, days since 1970 by the wall clock.
    total
        Cases that passed the filters; ``scored.off`` of them lie too far from every street.
    made_ns
        When it was made: another ranking has another.
    """

    ground: Ground
    scored: Scored
    order: Integers
    by_category: Floats
    codes: tuple[str, ...]
    begin: float
    end: float
    total: int
    made_ns: int

    @property
    def yearly(self) -> float:
        """What turns cases a metre over the period into cases on 100 m in a year."""
        return 100.0 * YEAR_DAYS / self.scored.period_days


@dataclass(frozen=True, slots=True)
class HotStreet:
    """One block of the ranking; rates are cases on 100 m in a year, with their 90% interval."""

    block: Block
    rank: int
    cases: float
    reports: float
    cases_per_100m: float
    rate: float
    low: float
    high: float
    enough_data: bool
    trend: str
    earlier: float
    later: float
    gi_z: float
    gi_p: float
    hot: bool
    categories: Mapping[str, float]


class HotStreets:
    """What the service knows of streets, kept in memory for all its readers."""

    def __init__(self) -> None:
        self._grounds: Kept[Ground] = Kept(MOST_GROUNDS)
        self._columns: Kept[CaseColumns] = Kept(MOST_COLUMNS)
        self._rankings: Kept[Ranking] = Kept()
        self._coverages: Kept[Coverage] = Kept()

    async def ground(
        self, session: ReadSession, facts: CommunityFacts, grids: frozenset[str] = frozenset()
    ) -> Ground:
        """Return a community's blocks, or those of some grids."""

        async def load() -> Ground:
            return await load_ground(session, facts.id, facts.metric_srid, grids)

        stamp = hash((facts.network_version, facts.area_version))
        return await self._grounds.get((facts.id, grids, stamp), stamp, load)

    async def columns(
        self, session: ReadSession, scope: Scope, filters: CaseFilters, *, lean: bool = False
    ) -> CaseColumns:
        """Return the cases of a scope; whoever asks for lean ones is served with all columns where these are kept."""
        stamp = await last_event(session, scope.community_id)
        whole, key = (scope, filters, False), (scope, filters, lean)
        if lean and self._columns.has(whole, stamp):
            key = whole

        async def load() -> CaseColumns:
            return await case_columns(session, scope, filters, lean=lean)

        return await self._columns.get(key, stamp, load, len)

    async def ranking(
        self, session: ReadSession, scope: Scope, filters: HotFilters, now: datetime
    ) -> Ranking:
        """Return a scope's blocks, ranked.

        Parameters
        ----------
        session, scope
            Whose cases; who sees some grids only is shown the blocks in and along these.
        filters
            Which of them.
        now
            The end of a period that is open.
        """
        facts = await self._facts(session, scope.community_id)
        stamp = await last_event(session, scope.community_id)

        async def make() -> Ranking:
            grids = frozenset() if scope.everything else scope.grid_codes
            if filters.cases.grid:
                grids = frozenset({filters.cases.grid})
            ground = await self.ground(session, facts, grids)
            columns = await self.columns(session, scope, filters.cases)
            zone = ZoneInfo(facts.timezone)
            return await asyncio.to_thread(_ranking, ground, columns, filters, zone, now)

        return await self._rankings.get(self._key(facts, scope, filters), stamp, make, lambda one: one.total)

    async def coverage(
        self, session: ReadSession, scope: Scope, filters: HotFilters, now: datetime
    ) -> Coverage:
        """Return how much of what came later the worst blocks would have covered, up to the last midnight.

        Of many cases it is made once a day: what happens during a day hardly moves six months.
        """
        found = await self.ranking(session, scope, filters, now)

        async def make() -> Coverage:
            columns = await self.columns(session, scope, filters.cases)
            return await asyncio.to_thread(_coverage, found, columns, filters.moments)

        facts = await self._facts(session, scope.community_id)
        day = int(found.end)
        stamp = day if found.total > LARGE else await last_event(session, scope.community_id)
        return await self._coverages.get(self._key(facts, scope, filters), stamp, make)

    @staticmethod
    async def _facts(session: ReadSession, community_id: str) -> CommunityFacts:
        facts = await community_facts(session, community_id)
        if facts is None:
            raise NotFoundError("no such community", code="community_unknown", community=community_id)
        return facts

    @staticmethod
    def _key(facts: CommunityFacts, scope: Scope, filters: HotFilters) -> tuple[object, ...]:
        return (facts.network_version, facts.area_version, scope, filters)


def street(found: Ranking, row: int, place: int) -> HotStreet:
    """Return one row of a ranking."""
    scored, per = found.scored, found.yearly
    length_m = max(float(scored.streets.length_m[row]), 1.0)
    categories = {
        code: round(float(count), 2)
        for code, count in zip(found.codes, found.by_category[row], strict=True)
        if count > 0.0
    }
    return HotStreet(
        block=found.ground.blocks[row],
        rank=place,
        cases=round(float(scored.cases[row]), 2),
        reports=round(float(scored.reports[row]), 2),
        cases_per_100m=round(float(scored.cases[row]) * 100.0 / length_m, 3),
        rate=round(float(scored.rates.mean[row]) * per, 3),
        low=round(float(scored.rates.low[row]) * per, 3),
        high=round(float(scored.rates.high[row]) * per, 3),
        enough_data=bool(scored.rates.enough[row]),
        trend=scored.trends.trend[row].value,
        earlier=round(float(scored.trends.earlier[row]), 2),
        later=round(float(scored.trends.later[row]), 2),
        gi_z=round(float(scored.clusters.z[row]), 3),
        gi_p=round(float(scored.clusters.adjusted_p[row]), 4),
        hot=bool(scored.clusters.hot[row]),
        categories=dict(sorted(categories.items(), key=lambda one: -one[1])),
    )


def worst(found: Ranking, limit: int) -> list[HotStreet]:
    """Return the first rows of a ranking."""
    return [street(found, int(row), place + 1) for place, row in enumerate(found.order[:limit])]


def local_day(moment: datetime, zone: ZoneInfo) -> float:
    """Return days since 1970 by the wall clock."""
    return moment.astimezone(zone).replace(tzinfo=UTC).timestamp() / DAY_S


def _ranking(
    ground: Ground, columns: CaseColumns, filters: HotFilters, zone: ZoneInfo, now: datetime
) -> Ranking:
    cases, past = _history(ground, columns, filters.moments)
    end = local_day(min(filters.cases.before or now, now), zone)
    since = filters.cases.since
    begin = local_day(since, zone) if since else float(past.day.min()) if len(past.day) else end
    streets = ground.ready.streets
    scored = rank(ground.ready, past, begin, max(end, begin))
    on = past.attached
    cell = on.street * len(cases.codes) + cases.category[on.case]
    by_category = summed(cell, on.share, len(streets) * len(cases.codes))
    some = np.flatnonzero(scored.cases > 0.0)
    return Ranking(
        ground,
        scored,
        some[np.argsort(-scored.rates.mean[some], kind="stable")],
        by_category.reshape(len(streets), len(cases.codes)),
        cases.codes,
        begin,
        max(end, begin),
        len(cases),
        time.time_ns(),
    )


def _history(ground: Ground, columns: CaseColumns, moments: Moments) -> tuple[CaseColumns, History]:
    kept = moments.keep(columns.local_s)
    cases = columns if kept.all() else columns.only(kept)
    x, y = ground.metric.project(cases.lon, cases.lat)
    found = attach(ground.ready.streets, x, y)
    return cases, History(found, cases.local_s / DAY_S, cases.reports.astype(np.float64))


def _coverage(found: Ranking, columns: CaseColumns, moments: Moments) -> Coverage:
    ready = found.ground.ready
    _, past = _history(found.ground, columns, moments)
    return coverage(ready.lixels, ready.around, past, float(int(found.end)))
