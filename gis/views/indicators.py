"""Indicators as people read them: figures of a period beside the one before, their trend, and cells compared fairly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gis.errors import InvalidInputError, NotFoundError
from gis.indicators.fair import Share, compared
from gis.indicators.periods import Period, PeriodKind, asked_period
from gis.indicators.registry import HOURS_PER_AMOUNT, INDICATORS, Indicator, Unit
from gis.indicators.times import quantile_s
from gis.people.permissions import require
from gis.recurrence import local_day
from gis.store import indicator_reading
from gis.store.indicator_counts import counts
from gis.store.indicator_reading import Cell, Sum
from gis.store.session import ReadSession
from gis.words import Actor, Role

KINDS = ("grid", "micro_grid", "category", "person")
"""By what a table of cells goes."""
DUE = sorted(
    {measure for one in INDICATORS if one.by_deadline for measure in (one.numerator, one.denominator)}
)
"""Measures of what falls due: counted up to yesterday, for today may still be in time."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator in one period; ``value`` is None where nothing is known."""

    indicator: Indicator
    value: float | None
    numerator: int
    denominator: int
    before: float | None = None
    trend: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class CellFigures:
    """A cell with its figures by key, and the shares as they compare with the others."""

    cell: Cell
    figures: Mapping[str, Figure]
    shares: Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class Asked:
    """Of what and when figures are wanted, checked against what the reader may see."""

    community_id: str
    kind: str
    key: str
    period: Period
    zone: ZoneInfo
    today: date
    grids: tuple[Cell, ...]
    """Those that the reader may choose from."""
    everything: bool


@dataclass(frozen=True, slots=True)
class Board:
    """All figures of one cell and period."""

    asked: Asked
    counted_at: datetime | None
    figures: tuple[Figure, ...]
    by_source: tuple[tuple[str, int], ...] = ()
    by_category: tuple[tuple[Cell, int], ...] = ()


@dataclass(slots=True)
class _Slot:
    """What came together in one period: counts by measure, and durations by bucket."""

    amounts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    times: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, found: Sum) -> None:
        if found.bucket:
            buckets = self.times[found.measure]
            buckets[found.bucket] = buckets.get(found.bucket, 0) + found.amount
        else:
            self.amounts[found.measure] += found.amount


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks for, as sent."""

    kind: PeriodKind = PeriodKind.WEEK
    day: date | None = None
    first: date | None = None
    last: date | None = None
    grid: str = ""
    micro_grid: str = ""


async def asked_of(
    session: ReadSession, actor: Actor, question: Question, *, timezone: str, now: datetime
) -> Asked:
    """Return what somebody asks for, if they may see it.

    Parameters
    ----------
    session, actor
        Who asks.
    question
        The period and the cell; without one the community, for a grid worker their own (first) grid.
    timezone, now
        The community's zone, and the time.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    NotFoundError
        ``area_not_found``: no such grid or micro-grid, or not one of the reader's.
    InvalidInputError
        Those of ``asked_period``; ``grid_or_micro_grid``.
    """
    require(actor, "read_indicators")
    zone = ZoneInfo(timezone)
    today = local_day(now, zone)
    period = asked_period(question.kind, question.day, question.first, question.last, today=today)
    everything = actor.role is not Role.GRID_WORKER
    grids = await indicator_reading.cells(session, actor.community_id, "grid")
    mine = tuple(one for one in grids if everything or one.key in actor.grid_codes)
    if question.grid and question.micro_grid:
        raise InvalidInputError("a grid or a micro-grid", code="grid_or_micro_grid", field="micro_grid")
    kind, key = "all", ""
    if question.micro_grid:
        cells = await indicator_reading.cells(session, actor.community_id, "micro_grid")
        allowed = {one.key for one in cells if any(one.parent == grid.key for grid in mine)}
        kind, key = "micro_grid", _known(question.micro_grid, allowed)
    elif question.grid or not everything:
        wanted = question.grid or (mine[0].key if mine else "")
        kind, key = "grid", _known(wanted, {one.key for one in mine})
    return Asked(actor.community_id, kind, key, period, zone, today, mine, everything)


def _known(code: str, allowed: Collection[str]) -> str:
    if code not in allowed:
        raise NotFoundError("no such area, or not one of yours", code="area_not_found")
    return code


async def board(session: ReadSession, asked: Asked) -> Board:
    """Return all figures of a cell and period, with the period before and the trend.

    Parameters
    ----------
    session, asked
        Of what.
    """
    periods = asked.period.trend()
    slots = await _slots(session, asked, asked.kind, [asked.key], periods)
    own = slots.get(asked.key, {})
    known = [one for one in INDICATORS if asked.kind in one.kinds]
    figures = tuple(_trended(one, [own.get(n) or _Slot() for n in range(len(periods))]) for one in known)
    counted = await indicator_reading.counted_at(session, asked.community_id)
    if asked.kind != "all":
        return Board(asked, counted, figures)
    return Board(asked, counted, figures, await _sources(session, asked), await _categories(session, asked))


async def cell_figures(
    session: ReadSession, asked: Asked, kind: str, actor: Actor
) -> tuple[CellFigures, ...]:
    """Return the cells of a kind inside what was asked for, in the order of their codes or names: this is no ranking.

    Parameters
    ----------
    session, asked
        Of what.
    kind
        One of ``KINDS``; people are those of the grid that was asked for, and only for who is responsible for it.
    actor
        Who asks.
    """
    cells = _inside(await indicator_reading.cells(session, asked.community_id, kind), asked, kind)
    if kind == "person":
        require(actor, "read_team")
    known = [one for one in INDICATORS if kind in one.kinds]
    slots = await _slots(session, asked, kind, [one.key for one in cells], (asked.period,))
    rows = [
        {one.key: _figure(one, slots.get(cell.key, {}).get(0) or _Slot()) for one in known} for cell in cells
    ]
    shares: dict[str, list[Share]] = {
        one.key: compared([(row[one.key].numerator, row[one.key].denominator) for row in rows])
        for one in known
        if one.unit is Unit.SHARE
    }
    return tuple(
        CellFigures(cell, row, {key: each[number] for key, each in shares.items()})
        for number, (cell, row) in enumerate(zip(cells, rows, strict=True))
    )


def _inside(cells: Iterable[Cell], asked: Asked, kind: str) -> list[Cell]:
    if kind == "category":
        return list(cells) if asked.kind == "all" else []
    if kind == "grid":
        return list(asked.grids) if asked.kind == "all" else []
    grids = {asked.key} if asked.kind == "grid" else {one.key for one in asked.grids}
    if kind == "person" and asked.kind != "grid":
        return []
    return [one for one in cells if one.parent in grids]


async def _slots(
    session: ReadSession, asked: Asked, kind: str, keys: Sequence[str], periods: Sequence[Period]
) -> dict[str, dict[int, _Slot]]:
    """Return what came together, by key and period; what falls due counts up to yesterday."""
    found: dict[str, dict[int, _Slot]] = defaultdict(lambda: defaultdict(_Slot))
    over = _months_over(asked, periods)
    if over:
        whole = [one.first for one in periods[:over]]
        for each in await indicator_reading.sums(
            session, asked.community_id, kind + indicator_reading.MONTHS, keys, whole, periods[over - 1].end
        ):
            found[each.key][each.slot].add(each)
    if over < len(periods):
        starts, until = [one.first for one in periods[over:]], dict.fromkeys(DUE, asked.today)
        for each in await indicator_reading.sums(
            session, asked.community_id, kind, keys, starts, periods[-1].end, until=until
        ):
            found[each.key][each.slot + over].add(each)
    moments = [one.begins(asked.zone) for one in (*periods, periods[-1].after())]
    for each in await counts(session, asked.community_id, kind, keys, moments, asked.zone.key):
        found[each.key][each.slot].add(each)
    return found


def _months_over(asked: Asked, periods: Sequence[Period]) -> int:
    """Return how many of the periods, from the first on, are whole months that are over."""
    if asked.period.kind not in {PeriodKind.MONTH, PeriodKind.QUARTER}:
        return 0
    return sum(one.end <= asked.today for one in periods)


def _trended(indicator: Indicator, slots: Sequence[_Slot]) -> Figure:
    last = _figure(indicator, slots[-1])
    values = tuple(_figure(indicator, one).value for one in slots)
    before = values[-2] if len(values) > 1 else None
    return Figure(indicator, last.value, last.numerator, last.denominator, before, values)


def _figure(indicator: Indicator, slot: _Slot) -> Figure:
    if indicator.unit is Unit.DURATION:
        buckets = slot.times.get(indicator.numerator, {})
        return Figure(indicator, quantile_s(buckets, indicator.quantile), sum(buckets.values()), 0)
    amount = slot.amounts.get(indicator.numerator, 0)
    if indicator.unit is Unit.SHARE:
        of = slot.amounts.get(indicator.denominator, 0)
        return Figure(indicator, amount / of if of > 0 else None, amount, of)
    value = amount * HOURS_PER_AMOUNT if indicator.unit is Unit.HOURS else float(amount)
    return Figure(indicator, value, amount, 0)


async def _sources(session: ReadSession, asked: Asked) -> tuple[tuple[str, int], ...]:
    known = await indicator_reading.keys(session, asked.community_id, "source")
    found: dict[str, int] = defaultdict(int)
    for one in await indicator_reading.sums(
        session, asked.community_id, "source", known, [asked.period.first], asked.period.end, only=["reports"]
    ):
        found[one.key] += one.amount
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


async def _categories(session: ReadSession, asked: Asked) -> tuple[tuple[Cell, int], ...]:
    cells = {one.key: one for one in await indicator_reading.cells(session, asked.community_id, "category")}
    found: dict[str, int] = defaultdict(int)
    for one in await indicator_reading.sums(
        session,
        asked.community_id,
        "category",
        list(cells),
        [asked.period.first],
        asked.period.end,
        only=["reports"],
    ):
        found[one.key] += one.amount
    return tuple(
        sorted(((cells[key], n) for key, n in found.items()), key=lambda pair: (-pair[1], pair[0].key))
    )
