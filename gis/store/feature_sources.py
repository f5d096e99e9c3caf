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
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy import case as choose

from gis.store.case_reading import number_text
from gis.store.map_layers import AreaFilter
from gis.store.places import GONE
from gis.store.reach import reaches
from gis.store.tables import area, building, case, category, community, report, station, street_segment
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
    """

    tables: FromClause
    key: ColumnElement[Any]
    id: ColumnElement[str]
    geom: ColumnElement[Any]
    properties: Mapping[str, tuple[Kind, ColumnElement[Any]]]
    where: ColumnElement[bool]
    moment: ColumnElement[Any] | None = None
    indexed: ColumnElement[Any] | None = None


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


def areas(community_id: str, level: str, wanted: AreaFilter, *, inside: bool) -> Source:
    """Return the areas of one level in the version in force.

    Parameters
    ----------
    community_id, level
        Whose, which.
    wanted
        Those that the reader sees.
    inside
        For who is signed in: with the number of households.
    """
    a, c = area.c, community.c
    child = area.alias("child")
    seen: list[ColumnElement[bool]] = [
        a.code.in_(wanted.codes),
        a.parent_code.in_(wanted.parents),
        a.code.in_(
            select(child.c.parent_code).where(
                child.c.community_id == a.community_id,
                child.c.version == a.version,
                child.c.level == "micro_grid",
                child.c.code.in_(wanted.children),
            )
        ),
    ]
    properties: dict[str, tuple[Kind, ColumnElement[Any]]] = {
        "code": ("string", a.code),
        "name": ("string", a.name),
        "name_en": ("string", a.name_en),
        "level": ("string", a.level),
        "parent_code": ("string", a.parent_code),
    }
    if inside:
        properties["households"] = ("integer", a.households)
    return Source(
        area.join(community, and_(c.community_id == a.community_id, c.area_version == a.version)),
        a.area_id,
        cast(a.area_id, Text),
        a.geom,
        properties,
        and_(
            a.community_id == community_id,
            a.level == level,
            true() if wanted.everything else or_(false(), *seen),
        ),
    )


def buildings(community_id: str, *, inside: bool) -> Source:
    """Return the buildings that stand; the number of flats is for who is signed in."""
    b = building.c
    suffix = choose((b.housenumber.regexp_match("[0-9]$"), "号"), else_="")
    address = func.nullif(b.street.concat(b.housenumber).concat(suffix), "", type_=Text)
    properties: dict[str, tuple[Kind, ColumnElement[Any]]] = {
        "label": ("string", func.coalesce(address, b.name)),
        "name": ("string", b.name),
        "name_en": ("string", b.name_en),
        "street": ("string", b.street),
        "housenumber": ("string", b.housenumber),
        "kind": ("string", b.kind),
        "levels": ("integer", b.levels),
    }
    if inside:
        properties["flats"] = ("integer", b.flats)
    return Source(
        building,
        b.building_id,
        cast(b.building_id, Text),
        b.geom,
        properties,
        and_(b.community_id == community_id, b.kind != GONE),
    )


def streets(community_id: str) -> Source:
    """Return the street segments in use."""
    s = street_segment.c
    return Source(
        street_segment,
        s.segment_id,
        cast(s.segment_id, Text),
        s.geom,
        {
            "name": ("string", s.name),
            "name_en": ("string", s.name_en),
            "kind": ("string", s.kind),
            "length_m": ("number", func.round(cast(s.length_m, Numeric), 2)),
        },
        and_(s.community_id == community_id, s.kind != GONE),
    )


def stations(community_id: str) -> Source:
    """Return the stations (暖心驿站)."""
    s = station.c
    return Source(
        station,
        s.code,
        s.code,
        s.geom,
        {
            "code": ("string", s.code),
            "name": ("string", s.name),
            "name_en": ("string", s.name_en),
            "amenities": ("string", func.array_to_string(s.amenities, ",")),
            "opening_hours": ("string", s.opening_hours),
        },
        s.community_id == community_id,
    )


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
            "number": ("string", number_text(c.opened_at, c.number)),
            "category": ("string", c.category),
            "status": ("string", c.status),
            "urgent": ("boolean", c.urgent),
            "summary": ("string", c.summary),
            "grid": ("string", c.grid_code),
            "micro_grid": ("string", c.micro_grid_code),
            "building": ("string", c.place["building"]["name"].astext),
            "street": ("string", c.place["street"]["name"].astext),
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
            "category": ("string", c.category),
            "category_name": ("string", category.c.name),
            "category_name_en": ("string", category.c.name_en),
            "status": ("string", status),
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
