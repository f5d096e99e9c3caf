"""What may leave the service as a file: layers, their columns by role, and their rows inside the reader's scope."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import shapely

from gis.exports.sheets import Column, Kind
from gis.flows.hotspots.current import HotFilters, HotStreets, worst
from gis.flows.hotspots.seen import sight
from gis.people.permissions import scope_of
from gis.store import export_reading as reading
from gis.store.case_reading import CaseFilters, case_count
from gis.store.light_reading import LightFilter
from gis.store.map_layers import area_filter
from gis.store.session import ReadSession
from gis.words import Actor, Level, Role, Scope

__all__ = [
    "Layer",
    "Order",
    "Selection",
    "Source",
    "batches",
    "columns_of",
    "count_rows",
    "geometry_of",
    "selection_of",
]

BATCH = 2000
MOST_STREETS = 100_000
SEES_RESPONDERS = frozenset({Role.ADMIN, Role.DESK, Role.GRID_WORKER})
OpenRead = Callable[[], AbstractAsyncContextManager[ReadSession]]


class Layer(StrEnum):
    """What can be exported."""

    CASES = "cases"
    AREAS = "areas"
    STREETS = "streets"
    """Streets between crossings with the hazards along them, the worst first: where to repair."""
    STATIONS = "stations"
    BUILDINGS = "buildings"


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: what opens a transaction to read in, and the service's own rankings of streets."""

    read: OpenRead
    streets: HotStreets = field(default_factory=HotStreets)


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants: a layer, narrowed down as in the lists; for areas, of which level."""

    layer: Layer
    cases: CaseFilters = field(default_factory=CaseFilters)
    level: Level = Level.MICRO_GRID
    until: datetime | None = None
    """The end of the period of a ranking; None: now."""


_KINDS: dict[str, tuple[Kind, str]] = {
    "urgent": ("flag", ""),
    "households": ("integer", ""),
    "escalation": ("integer", ""),
    "reopened": ("integer", ""),
    "reports": ("number", ""),
    "cases": ("number", ""),
    "rank": ("integer", ""),
    "rate": ("number", "/100 m/a"),
    "rate_low": ("number", "/100 m/a"),
    "rate_high": ("number", "/100 m/a"),
    "enough_data": ("flag", ""),
    "hot": ("flag", ""),
    "levels": ("integer", ""),
    "flats": ("integer", ""),
    "length_m": ("number", "m"),
    "cases_per_100m": ("number", "/100 m"),
}
_SHAPES = {
    Layer.CASES: ("Point", reading.CASE_KEYS),
    Layer.AREAS: ("MultiPolygon", reading.AREA_KEYS),
    Layer.STREETS: ("MultiLineString", reading.STREET_KEYS),
    Layer.STATIONS: ("Point", reading.STATION_KEYS),
    Layer.BUILDINGS: ("MultiPolygon", reading.BUILDING_KEYS),
}
_FOR_RESPONDERS_OFFICE = frozenset({"assignee"})


def columns_of(layer: Layer, role: Role, title: Callable[[str], str] = str) -> list[Column]:
    """Return the columns that a role is given.

    Parameters
    ----------
    layer
        What is exported.
    role
        Who is in charge of a case is for the office and grid workers.
    title
        Says a key in the reader's language.
    """
    return [_column(key, title) for key in _keys(layer, role)]


def geometry_of(layer: Layer) -> str:
    """Return what a layer's places are: ``Point``, ``MultiPolygon`` or ``MultiLineString``."""
    return _SHAPES[layer][0]


def _keys(layer: Layer, role: Role) -> list[str]:
    hidden = frozenset() if role in SEES_RESPONDERS else _FOR_RESPONDERS_OFFICE
    return [key for key in _SHAPES[layer][1] if key not in hidden]


def _column(key: str, title: Callable[[str], str]) -> Column:
    kind, unit = _KINDS.get(key, ("moment" if key.endswith("_at") else "text", ""))
    return Column(key, title(key), kind, unit)


def export_scope(actor: Actor) -> Scope:
    """Return which cases an actor may take out: those of their areas or agency, not what they reported or do themselves.

    Parameters
    ----------
    actor
        Who.
    """
    return replace(scope_of(actor), person_id=None)


async def count_rows(session: ReadSession, actor: Actor, order: Order, streets: HotStreets) -> int:
    """Return how many rows a file would have."""
    if order.layer is Layer.CASES:
        return await case_count(session, export_scope(actor), order.cases, to_the_last=True)
    return len(await _all_rows(session, actor, order, streets))


async def batches(source: Source, actor: Actor, order: Order) -> AsyncIterator[list[Sequence[Any]]]:
    """Give the rows of a file with their geometry, some thousand at a time, each read in a transaction of its own.

    Parameters
    ----------
    source
        Where rows come from.
    actor, order
        Whose file, and what it holds.
    """
    shown = _picked(order.layer, actor.role)
    if order.layer is not Layer.CASES:
        async with source.read() as session:
            rows = await _all_rows(session, actor, order, source.streets)
        for at in range(0, len(rows), BATCH):
            yield [shown(row) for row in rows[at : at + BATCH]]
        return
    scope, after = export_scope(actor), None
    opened, key = reading.CASE_KEYS.index("opened_at"), reading.CASE_KEYS.index("id")
    while True:
        async with source.read() as session:
            rows = await reading.case_rows_of(session, scope, order.cases, limit=BATCH, after=after)
        if rows:
            yield [shown(row) for row in rows]
        if len(rows) < BATCH:
            return
        after = (rows[-1][opened], rows[-1][key])


def _picked(layer: Layer, role: Role) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Return what takes a role's columns, and the geometry, out of a row."""
    every, wanted = _SHAPES[layer][1], _keys(layer, role)
    places = [every.index(key) for key in wanted]
    return lambda row: (*(row[at] for at in places), row[-1])


async def _all_rows(session: ReadSession, actor: Actor, order: Order, streets: HotStreets) -> reading.Rows:
    scope, community_id = export_scope(actor), actor.community_id
    if order.layer is Layer.AREAS:
        wanted = area_filter(scope, order.level)
        return await reading.area_rows_of(session, community_id, order.level.value, wanted)
    if order.layer is Layer.STREETS:
        return await _streets(session, actor, order, streets)
    if order.layer is Layer.STATIONS:
        return await reading.station_rows_of(session, community_id)
    return await reading.building_rows_of(session, community_id)


async def _streets(session: ReadSession, actor: Actor, order: Order, streets: HotStreets) -> reading.Rows:
    """Return ranked streets as closely as the reader sees them."""
    seen = sight(actor, HotFilters(order.cases))
    found = await streets.ranking(session, seen.scope, seen.filters, order.until or datetime.now(UTC))
    return [
        (
            one.rank,
            one.block.name,
            one.block.name_en,
            " - ".join(end for end in one.block.ends if end),
            round(one.block.length_m, 2),
            one.cases,
            one.reports,
            one.cases_per_100m,
            one.rate,
            one.low,
            one.high,
            one.enough_data,
            one.trend,
            one.hot,
            shapely.to_wkb(shapely.multilinestrings([one.block.line])),
        )
        for one in worst(found, MOST_STREETS)
        if one.cases >= seen.least
    ]


@dataclass(frozen=True, slots=True)
class Selection:
    """An order as it is stored until somebody gets to it."""

    stored: Mapping[str, Any]

    def order(self, layer: Layer, now: datetime) -> Order:
        """Return the order; lights are those of now."""
        given = dict(self.stored)
        level = Level(given.pop("level", Level.MICRO_GRID))
        lights = given.pop("lights", None)
        for name in ("since", "before"):
            if given.get(name):
                given[name] = datetime.fromisoformat(given[name])
        lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
        filters = CaseFilters(
            **{**given, **lists}, lights=LightFilter(tuple(lights), now) if lights else None
        )
        return Order(layer, filters, level, now)


def selection_of(order: Order) -> Selection:
    """Return what is stored of an order: only what narrows it down.

    Parameters
    ----------
    order
        As asked.
    """
    found: dict[str, Any] = {"level": order.level.value} if order.layer is Layer.AREAS else {}
    for one in fields(order.cases):
        value = getattr(order.cases, one.name)
        if not value:
            continue
        if isinstance(value, LightFilter):
            found["lights"] = list(value.lights)
        elif isinstance(value, datetime):
            found[one.name] = value.isoformat()
        else:
            found[one.name] = list(value) if isinstance(value, tuple) else value
    return Selection(found)
