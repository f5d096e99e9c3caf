"""What is offered as features: for each collection a key, a geometry, its properties, and whose rows they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    and_,
    cast,
    column,
    func,
    select,
    true,
)
from sqlalchemy import case as choose

from gis.store.case_reading import number_text
from gis.store.reach import reaches
from gis.store.tables import case, category, community, report
from gis.words import Scope

Kind = Literal["string", "integer", "number", "boolean", "date-time", "date"]
PUBLIC_M = 100.0
"""Cells in which the public sees cases."""
ROUGHLY_DEG = 0.003
"""More than a cell: how much wider an index is asked than the coarse place."""
HAZARD = "hazard"


@dataclass(frozen=True, slots=True)
class Source:
    """A collection as it is read.

    Parameters
    ----------
    tables
        What is selected from.
    key
        Orders the rows, each differently.
    id
        The key as text: the feature's id.
    geom
        EPSG:4326.
    properties
        Kind and column of each, by name.
    where
        Whose rows: the community, and what the reader may see.
    moment
        What ``datetime`` is compared with.
    indexed
        The stored geometry, where ``geom`` is made of it and lies near it.
    shape
        Equal for collections that are read by the very same statement; None: it differs from reader to reader.
    """

    tables: FromClause
    key: ColumnElement[Any]
    id: ColumnElement[str]
    geom: ColumnElement[Any]
    properties: Mapping[str, tuple[Kind, ColumnElement[Any]]]
    where: ColumnElement[bool]
    moment: ColumnElement[Any] | None = None
    indexed: ColumnElement[Any] | None = None
    shape: tuple[str | bool, ...] | None = None


@dataclass(frozen=True, slots=True)
class HotRow:
    """A block of the ranking of streets; its line is WKB, EPSG:4326."""

    id: UUID
    line: bytes = field(repr=False)
    values: Mapping[str, Any] = field(default_factory=dict)


HOT_KINDS: Mapping[str, Kind] = {
    "rank": "integer",
    "name": "string",
    "name_en": "string",
    "length_m": "number",
    "cases": "number",
    "cases_per_100m": "number",
    "rate": "number",
    "rate_low": "number",
    "rate_high": "number",
    "enough_data": "boolean",
    "trend": "string",
    "hot": "boolean",
}


def texts(**columns: ColumnElement[Any]) -> dict[str, tuple[Kind, ColumnElement[Any]]]:
    """Return columns that hold words, as properties."""
    return {name: ("string", one) for name, one in columns.items()}


def hotspots(rows: Sequence[HotRow]) -> Source:
    """Return ranked streets, which come from memory, as a table.

    Parameters
    ----------
    rows
        The reader's own.
    """
    kinds: Mapping[Kind, Any] = {"integer": Integer, "number": Numeric, "boolean": Boolean}
    names = list(HOT_KINDS)
    made = (
        func.unnest(
            cast([str(row.id) for row in rows], ARRAY(Text)),
            cast([row.line for row in rows], ARRAY(LargeBinary)),
            *(
                cast([row.values[name] for row in rows], ARRAY(kinds.get(HOT_KINDS[name], Text)))
                for name in names
            ),
        )
        .table_valued(column("id", Text), column("line", LargeBinary), *(column(name) for name in names))
        .render_derived()
    )
    return Source(
        made,
        made.c.rank,
        made.c.id,
        func.st_setsrid(func.st_geomfromwkb(made.c.line), 4326),
        {name: (HOT_KINDS[name], made.c[name]) for name in names},
        true(),
    )


_CASES = case.join(community, community.c.community_id == case.c.community_id).join(
    category, category.c.code == case.c.category
)


def cases(scope: Scope) -> Source:
    """Return the cases inside a scope, where they are.

    Parameters
    ----------
    scope
        As in lists.
    """
    c = case.c
    reports = (
        select(func.count())
        .where(report.c.community_id == c.community_id, report.c.case_id == c.case_id)
        .scalar_subquery()
    )
    return Source(
        _CASES,
        c.case_id,
        cast(c.case_id, Text),
        c.geom,
        {
            **texts(
                number=number_text(c.opened_at, c.number),
                category=c.category,
                status=c.status,
            ),
            "urgent": ("boolean", c.urgent),
            **texts(
                summary=c.summary,
                grid=c.grid_code,
                micro_grid=c.micro_grid_code,
                building=c.place["building"]["name"].astext,
                street=c.place["street"]["name"].astext,
            ),
            "opened_at": ("date-time", c.opened_at),
            "closed_at": ("date-time", c.closed_at),
            "resolve_due_at": ("date-time", c.resolve_due_at),
            "agency": ("string", c.agency_code),
            "reports": ("integer", reports),
        },
        reaches(scope),
        moment=c.opened_at,
    )


def coarse() -> ColumnElement[Any]:
    """Return the place of a case as the public sees it: the middle of a cell of 100 m."""
    flat = func.st_transform(case.c.geom, community.c.metric_srid)
    return func.st_transform(func.st_snaptogrid(flat, PUBLIC_M), 4326)


def public_cases(community_id: str) -> Source:
    """Return hazards as the public sees them: the day, the category, open or closed, in a cell of 100 m.

    Parameters
    ----------
    community_id
        Whose.
    """
    c = case.c
    status = choose((c.status.in_(("done", "closed")), "closed"), else_="open")
    return Source(
        _CASES,
        c.number,
        number_text(c.opened_at, c.number),
        coarse(),
        {
            **texts(
                category=c.category,
                category_name=category.c.name,
                category_name_en=category.c.name_en,
                status=status,
            ),
            "opened_on": ("date", _day(c.opened_at)),
            "closed_on": ("date", _day(c.closed_at)),
        },
        and_(
            c.community_id == community_id,
            category.c.family == HAZARD,
            c.status.not_in(("rejected", "cancelled")),
            c.merged_into.is_(None),
        ),
        moment=func.date_trunc("day", c.opened_at, community.c.timezone),
        indexed=c.geom,
    )


def _day(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(func.timezone(community.c.timezone, moment), Date)
