"""Features as GeoJSON put together by PostgreSQL: a page in the order of keys, or one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString

from sqlalchemy import (
    JSON,
    ColumnElement,
    Float,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.exc import DataError, InternalError, ProgrammingError

from gis.errors import InvalidInputError
from gis.store.feature_filters import condition
from gis.store.feature_sources import ROUGHLY_DEG, Source
from gis.store.session import ReadSession

STORED = 4326
QUERY_MS = 15_000
"""Longest that a filter of somebody's own may take."""
MOST_PLANS = 200
SIDES = ("west", "south", "east", "north")


@dataclass(frozen=True, slots=True)
class Crs:
    """A coordinate system of answers and boxes; swapped: northing (or latitude) comes first."""

    uri: str
    srid: int
    swapped: bool
    digits: int


@dataclass(frozen=True, slots=True)
class Box:
    """Two corners as they are stated: in the order of the axes of their coordinate system."""

    low: tuple[float, float]
    high: tuple[float, float]
    crs: Crs


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter in CQL2."""

    text: str
    as_json: bool
    crs: Crs


@dataclass(frozen=True, slots=True)
class FeatureQuery:
    """Which features, and which page of them.

    Parameters
    ----------
    limit
        At most so many.
    box, since, until, equal, filter
        None and empty mean no restriction; moments are included.
    after, matched
        The last key of the page before, and how many there are in all, as counted then.
    """

    limit: int
    box: Box | None = None
    since: datetime | None = None
    until: datetime | None = None
    equal: Mapping[str, Any] = field(default_factory=dict)
    filter: Filter | None = None
    after: Any = None
    matched: int | None = None


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """Features as the text between the brackets of a collection, and the last key."""

    text: str
    returned: int
    matched: int
    last: Any


_PLANS: OrderedDict[Hashable, tuple[LiteralString, Mapping[str, Any]]] = OrderedDict()
"""Putting a statement together takes longer than a small box takes the server."""


async def feature_page(session: ReadSession, source: Source, query: FeatureQuery, crs: Crs) -> FeaturePage:
    """Return a page of features.

    Parameters
    ----------
    session, source
        Where, and of what.
    query, crs
        Which, and in which coordinates.

    Raises
    ------
    InvalidInputError
        ``filter_invalid``: also where the database can't compare what is compared.
    """
    if source.shape is not None and not query.equal and query.filter is None:
        planned, constants = await _planned(session, source, query, crs)
        (row,) = await session.direct(planned, {**constants, **_values(query)})
    else:
        (row,) = await _filtered(session, _page(source, query, crs), query)
    joined, returned, last_key, matched = row
    return FeaturePage(joined, int(returned), int(matched), last_key)


async def _filtered(session: ReadSession, statement: Select[Any], query: FeatureQuery) -> Sequence[Any]:
    """Carry out a statement with a filter of somebody's own, for so long at most."""
    if query.filter is not None:
        await session.direct("SELECT set_config('statement_timeout', %(ms)s, true)", {"ms": str(QUERY_MS)})
    try:
        return await session.rows(statement)
    except (DataError, ProgrammingError, InternalError) as error:
        if query.filter is None:
            raise
        why = str(error.orig).partition("\n")[0][:200]
        raise InvalidInputError(why, code="filter_invalid", field="filter", why=why) from error


async def _planned(
    session: ReadSession, source: Source, query: FeatureQuery, crs: Crs
) -> tuple[LiteralString, Mapping[str, Any]]:
    """Return the text of a page's statement, put together once for all that differ in their values only."""
    box = query.box and (query.box.crs, len(_spans(query.box)))
    there = (query.since is None, query.until is None, query.after is None, query.matched is None)
    key = (source.shape, crs, box, there)
    if key not in _PLANS:
        dialect = (await session.connection()).dialect
        compiled = _page(source, query, crs).compile(
            dialect=dialect, compile_kwargs={"render_postcompile": True}
        )
        _PLANS[key] = str(compiled), dict(compiled.params)
        while len(_PLANS) > MOST_PLANS:
            _PLANS.popitem(last=False)
    _PLANS.move_to_end(key)
    return _PLANS[key]


def _page(source: Source, query: FeatureQuery, crs: Crs) -> Select[Any]:
    """Return the statement of a page: what differs from question to question has a name of its own."""
    where = _where(source, query)
    rows = select(source.key.label("key"), _feature(source, crs).label("feature")).select_from(source.tables)
    after = bindparam("after", query.after, type_=source.key.type)
    page = rows.where(where if query.after is None else and_(where, source.key > after))
    page = page.order_by(source.key).limit(bindparam("most", query.limit, type_=Integer))
    inner = page.subquery()
    last = func.array_agg(aggregate_order_by(inner.c.key, inner.c.key.desc()))[1]
    parts = func.string_agg(cast(inner.c.feature, Text), aggregate_order_by(literal(",\n"), inner.c.key))
    return select(
        func.coalesce(parts, "").label("joined"),
        func.count().label("returned"),
        last.label("last"),
        _matched(source, where, query).label("matched"),
    )


def _values(query: FeatureQuery) -> dict[str, Any]:
    """Return what differs from question to question, by the names in the statement."""
    found = {
        "most": query.limit,
        "after": query.after,
        "matched": query.matched,
        "since": query.since,
        "until": query.until,
    }
    for number, span in enumerate(_spans(query.box) if query.box else ()):
        found |= {f"{side}{number}": value for side, value in zip(SIDES, span, strict=True)}
    return found


async def one_feature(session: ReadSession, source: Source, feature_id: str, crs: Crs) -> str | None:
    """Return a feature as text, or None.

    Parameters
    ----------
    session, source, feature_id, crs
        Where, of what, which, and in which coordinates.
    """
    statement = (
        select(cast(_feature(source, crs), Text))
        .select_from(source.tables)
        .where(source.where, _is(source, feature_id))
    )
    found = await session.rows(statement.limit(1))
    return str(found[0][0]) if found else None


def _feature(source: Source, crs: Crs) -> ColumnElement[Any]:
    geom = source.geom if crs.srid == STORED else func.st_transform(source.geom, crs.srid)
    placed = func.st_flipcoordinates(geom) if crs.swapped else geom
    pairs = [part for name, (_, made) in source.properties.items() for part in (literal(name), made)]
    return func.json_build_object(
        literal("type"),
        literal("Feature"),
        literal("id"),
        source.id,
        literal("geometry"),
        cast(func.st_asgeojson(placed, crs.digits, 0), JSON),
        literal("properties"),
        func.json_build_object(*pairs),
    )


def _where(source: Source, query: FeatureQuery) -> ColumnElement[bool]:
    parts = [source.where]
    if query.box is not None:
        parts.append(_meets(source, query.box))
    if source.moment is not None:
        if query.since is not None:
            parts.append(source.moment >= bindparam("since", query.since, type_=source.moment.type))
        if query.until is not None:
            parts.append(source.moment <= bindparam("until", query.until, type_=source.moment.type))
    parts += [source.properties[name][1] == value for name, value in query.equal.items()]
    if query.filter is not None:
        given = query.filter
        parts.append(
            condition(
                source, given.text, as_json=given.as_json, srid=given.crs.srid, swapped=given.crs.swapped
            )
        )
    return and_(*parts)


def _spans(box: Box) -> list[tuple[float, float, float, float]]:
    """Return west, south, east, north of a box; of one over the date line twice."""
    (west, south), (east, north) = box.low, box.high
    if box.crs.swapped:
        west, south, east, north = south, west, north, east
    if west <= east:
        return [(west, south, east, north)]
    return [(west, south, 180.0, north), (-180.0, south, east, north)]


def _meets(source: Source, box: Box) -> ColumnElement[bool]:
    found = []
    for number, span in enumerate(_spans(box)):
        sides = [
            bindparam(f"{side}{number}", value, type_=Float) for side, value in zip(SIDES, span, strict=True)
        ]
        made = func.st_makeenvelope(*sides, box.crs.srid)
        placed = made if box.crs.srid == STORED else func.st_transform(made, STORED)
        meets: ColumnElement[bool] = func.st_intersects(source.geom, placed)
        if source.indexed is not None:
            meets = and_(source.indexed.op("&&")(func.st_expand(placed, ROUGHLY_DEG)), meets)
        found.append(meets)
    return or_(*found)


def _matched(source: Source, where: ColumnElement[bool], query: FeatureQuery) -> ColumnElement[int]:
    """Return how many there are in all: counted where the first page doesn't hold them all."""
    if query.matched is not None:
        return bindparam("matched", query.matched, type_=Integer)
    every = select(func.count()).select_from(source.tables).where(where).scalar_subquery()
    if query.after is not None:
        return every
    most = bindparam("most", query.limit, type_=Integer)
    return case((func.count() < most, func.count()), else_=every)


def _is(source: Source, feature_id: str) -> ColumnElement[bool]:
    return source.id == feature_id
