"""Cases as columns of numbers, for rankings and heat over a million of them: one statement, each column sent as one array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from psycopg.rows import tuple_row
from sqlalchemy import (
    ColumnElement,
    Executable,
    Float,
    FromClause,
    Select,
    SmallInteger,
    Subquery,
    and_,
    func,
    select,
    text,
)
from sqlalchemy import cast as converted

from gis.store.case_reading import CaseFilters, narrowed
from gis.store.places import GONE
from gis.store.session import ReadSession
from gis.store.singles import Driver
from gis.store.tables import area, case, category, community, report
from gis.store.wall_clock import wall_clock_s
from gis.words import Scope

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

ARRAY_HEADER = 20
"""Bytes before the first element of an array of one dimension as PostgreSQL sends it."""
FLOAT = np.dtype([("bytes", ">i4"), ("value", ">f8")])
SMALL = np.dtype([("bytes", ">i4"), ("value", ">i2")])
MOMENT = np.dtype([("bytes", ">i4"), ("value", ">i8")])
MILLENNIUM_S = 946_684_800.0
"""PostgreSQL counts microseconds since 2000."""
_SEGMENTS = text(
    "select segment_id, name, name_en, kind, from_node, to_node, st_asbinary(geom) as geom from street_segment "
    "where community_id = :id and kind <> :gone order by segment_id"
)
_CELLS = text(
    "select a.level, a.code, a.name, a.name_en, st_asbinary(a.geom) as geom from area a "
    "join community c on c.community_id = a.community_id and c.area_version = a.version "
    "where a.community_id = :id and a.level in ('grid', 'courtyard') order by a.level, a.code"
)


@dataclass(frozen=True, slots=True)
class CaseColumns:
    """Cases, one an element.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326.
    local_s
        When it was opened by the community's wall clock, seconds since 1970.
    category
        Rows of ``codes``.
    reports
        How many reported it, one at least; one of each in lean columns.
    micro_grid
        Rows of ``cells``, -1 outside of every one in force, and in lean columns.
    codes, severity
        The categories.
    cells, households
        The micro-grids in force.
    """

    lon: Floats
    lat: Floats
    local_s: Floats
    category: Integers
    reports: Integers
    micro_grid: Integers
    codes: tuple[str, ...]
    severity: Floats
    cells: tuple[str, ...]
    households: Floats

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.lon)

    @property
    def size(self) -> int:
        """Memory taken, bytes."""
        return sum(each.nbytes for each in (self.lon, self.lat, self.local_s, self.category, self.reports))

    def only(self, kept: npt.NDArray[np.bool_]) -> CaseColumns:
        """Return some of them."""
        return CaseColumns(
            self.lon[kept],
            self.lat[kept],
            self.local_s[kept],
            self.category[kept],
            self.reports[kept],
            self.micro_grid[kept],
            self.codes,
            self.severity,
            self.cells,
            self.households,
        )


async def last_event(session: ReadSession, community_id: str) -> int:
    """Return the number of a community's last event: while it is the same, so is every figure."""
    found = await session.value(
        text("select max(event_id) from event where community_id = :id"), {"id": community_id}
    )
    return int(found or 0)


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One street segment; ``geom`` is WKB, EPSG:4326."""

    segment_id: UUID
    name: str
    name_en: str
    kind: str
    from_node: int
    to_node: int
    geom: bytes


@dataclass(frozen=True, slots=True)
class CellRow:
    """A grid or courtyard in force; ``geom`` is WKB, EPSG:4326."""

    level: str
    code: str
    name: str
    name_en: str
    geom: bytes


async def segment_rows(session: ReadSession, community_id: str) -> list[SegmentRow]:
    """Return a community's street segments."""
    rows = await session.rows(_SEGMENTS, {"id": community_id, "gone": GONE})
    return [SegmentRow(*row) for row in rows]


async def cell_rows(session: ReadSession, community_id: str) -> list[CellRow]:
    """Return a community's grids and courtyards."""
    return [CellRow(*row) for row in await session.rows(_CELLS, {"id": community_id})]


async def case_columns(
    session: ReadSession, scope: Scope, filters: CaseFilters, *, lean: bool = False
) -> CaseColumns:
    """Return the cases of a scope that pass the filters; those that were rejected, called off or merged don't count.

    Parameters
    ----------
    session, scope, filters
        Whose cases, and which.
    lean
        Only where, when and what: of reports one each, and no micro-grid; half of the server's work is saved.
    """
    zone = await session.value(
        select(community.c.timezone).where(community.c.community_id == scope.community_id)
    )
    known = await session.rows(select(category.c.code, category.c.severity).order_by(category.c.code))
    cells = [] if lean else await session.rows(_numbered_cells(scope.community_id))
    sent = await _sent(session, _statement(scope, filters, lean=lean))
    lon, lat = (_unpacked(column, FLOAT).astype(np.float64) for column in sent[:2])
    moment_s = _unpacked(sent[2], MOMENT).astype(np.float64) / 1e6 + MILLENNIUM_S
    number, *more = (_unpacked(column, SMALL).astype(np.int64) for column in sent[3:])
    reports, cell = more or (np.ones_like(number), np.zeros_like(number))
    return CaseColumns(
        lon,
        lat,
        wall_clock_s(moment_s, ZoneInfo(zone or "UTC")),
        number - 1,
        reports,
        cell - 1,
        tuple(row.code for row in known),
        np.array([row.severity for row in known], dtype=np.float64),
        tuple(row.code for row in cells),
        np.array([row.households or 0 for row in cells], dtype=np.float64),
    )


def _statement(scope: Scope, filters: CaseFilters, *, lean: bool) -> Executable:
    numbered = select(
        category.c.code, func.row_number().over(order_by=category.c.code).label("number")
    ).subquery()
    tables: FromClause = case.join(numbered, numbered.c.code == case.c.category)
    if filters.words:  # numbers are searched as they are written, by the community's days
        tables = tables.join(community, community.c.community_id == case.c.community_id)
    columns: list[ColumnElement[Any]] = [
        func.st_x(case.c.geom),
        func.st_y(case.c.geom),
        case.c.opened_at,
        converted(numbered.c.number, SmallInteger),
    ]
    if not lean:
        several, cells = _several(scope.community_id), _numbered_cells(scope.community_id).subquery()
        there = and_(several.c.community_id == case.c.community_id, several.c.case_id == case.c.case_id)
        inside = and_(cells.c.community_id == case.c.community_id, cells.c.code == case.c.micro_grid_code)
        tables = tables.outerjoin(several, there).outerjoin(cells, inside)
        reports = func.least(func.coalesce(several.c.reports, 1), 32_000)
        columns += [
            converted(reports, SmallInteger),
            converted(func.coalesce(cells.c.number, 0), SmallInteger),
        ]
    return (
        select(*(func.array_send(func.array_agg(column)) for column in columns))
        .select_from(tables)
        .where(narrowed(scope, filters), case.c.status.not_in(("rejected", "cancelled")))
    )


def _several(community_id: str) -> Subquery:
    """Return the cases that more than one reported, and how many."""
    return (
        select(report.c.community_id, report.c.case_id, func.count().label("reports"))
        .where(report.c.community_id == community_id)
        .group_by(report.c.community_id, report.c.case_id)
        .having(func.count() > 1)
        .subquery()
    )


def _numbered_cells(community_id: str) -> Select[Any]:
    """Return the micro-grids in force, numbered from 1 in the order of their rows."""
    return (
        select(
            area.c.community_id,
            area.c.code,
            area.c.households,
            func.row_number().over(order_by=area.c.code).label("number"),
        )
        .join(
            community,
            and_(community.c.community_id == area.c.community_id, community.c.area_version == area.c.version),
        )
        .where(area.c.community_id == community_id, area.c.level == "micro_grid")
        .order_by(area.c.code)
    )


def local_s(moment: ColumnElement[Any]) -> ColumnElement[float]:
    """Return seconds since 1970 by the community's wall clock."""
    return func.date_part("epoch", func.timezone(community.c.timezone, moment), type_=Float)


async def _sent(session: ReadSession, statement: Executable) -> list[bytes | None]:
    """Return the columns of the only row of a statement as PostgreSQL's own bytes."""
    connection = await session.connection()
    compiled = cast("Any", statement).compile(
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    driver = cast("Driver", (await connection.get_raw_connection()).driver_connection)
    async with driver.cursor(binary=True, row_factory=tuple_row) as cursor:
        await cursor.execute(str(compiled), compiled.params)
        row = await cursor.fetchone()
    return list(row or ())


def _unpacked(column: bytes | None, kind: np.dtype[Any]) -> npt.NDArray[Any]:
    if column is None:
        return np.empty(0, dtype=kind)["value"]
    return np.frombuffer(column, kind, offset=ARRAY_HEADER)["value"]


@dataclass(frozen=True, slots=True)
class PlacedCase:
    """A case with its place and its time by the community's wall clock."""

    case_id: UUID
    lon: float
    lat: float
    local_s: float


async def placed_cases(
    session: ReadSession, scope: Scope, filters: CaseFilters, *, limit: int = 20_000
) -> list[PlacedCase]:
    """Return the cases of a scope that pass the filters and count, the newest first."""
    rows = await session.rows(
        select(case.c.case_id, func.st_x(case.c.geom), func.st_y(case.c.geom), local_s(case.c.opened_at))
        .select_from(case.join(community, community.c.community_id == case.c.community_id))
        .where(narrowed(scope, filters), case.c.status.not_in(("rejected", "cancelled")))
        .order_by(case.c.opened_at.desc())
        .limit(limit)
    )
    return [PlacedCase(*row) for row in rows]
