"""Features as GeoJSON put together by PostgreSQL: a page in the order of keys, or one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Text, and_, case, cast, func, literal, or_, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.exc import DataError, InternalError, ProgrammingError

from gis.errors import InvalidInputError
from gis.store.feature_filters import condition
from gis.store.feature_sources import ROUGHLY_DEG, Source
from gis.store.session import ReadSession

STORED = 4326
QUERY_MS = 15_000
"""Longest that a filter of somebody's own may take."""


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
    where = _where(source, query)
    rows = select(source.key.label("key"), _feature(source, crs).label("feature")).select_from(source.tables)
    page = rows.where(where if query.after is None else and_(where, source.key > query.after))
    page = page.order_by(source.key).limit(query.limit)
    inner = page.subquery()
    last = func.array_agg(aggregate_order_by(inner.c.key, inner.c.key.desc()))[1]
    parts = func.string_agg(cast(inner.c.feature, Text), aggregate_order_by(literal(",\n"), inner.c.key))
    statement = select(func.coalesce(parts, ""), func.count(), last, _matched(source, where, query))
    if query.filter is not None:
        await session.value(text("SELECT set_config('statement_timeout', :ms, true)"), {"ms": str(QUERY_MS)})
    try:
        joined, returned, last_key, matched = (await session.rows(statement))[0]
    except (DataError, ProgrammingError, InternalError) as error:
        if query.filter is None:
            raise
        why = str(error.orig).partition("\n")[0][:200]
        raise InvalidInputError(why, code="filter_invalid", field="filter", why=why) from error
    return FeaturePage(joined, int(returned), int(matched), last_key)


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
            parts.append(source.moment >= query.since)
        if query.until is not None:
            parts.append(source.moment <= query.until)
    parts += [source.properties[name][1] == value for name, value in query.equal.items()]
    if query.filter is not None:
        given = query.filter
        parts.append(
            condition(
                source, given.text, as_json=given.as_json, srid=given.crs.srid, swapped=given.crs.swapped
            )
        )
    return and_(*parts)


def _meets(source: Source, box: Box) -> ColumnElement[bool]:
    (low_x, low_y), (high_x, high_y) = box.low, box.high
    if box.crs.swapped:
        low_x, low_y, high_x, high_y = low_y, low_x, high_y, high_x
    spans = [(low_x, high_x)] if low_x <= high_x else [(low_x, 180.0), (-180.0, high_x)]  # over the date line
    found = []
    for west, east in spans:
        made = func.st_makeenvelope(west, low_y, east, high_y, box.crs.srid)
        placed = made if box.crs.srid == STORED else func.st_transform(made, STORED)
        meets: ColumnElement[bool] = func.st_intersects(source.geom, placed)
        if source.indexed is not None:
            meets = and_(source.indexed.op("&&")(func.st_expand(placed, ROUGHLY_DEG)), meets)
        found.append(meets)
    return or_(*found)


def _matched(source: Source, where: ColumnElement[bool], query: FeatureQuery) -> ColumnElement[int]:
    """Return how many there are in all: counted where the first page doesn't hold them all."""
    if query.matched is not None:
        return literal(query.matched)
    every = select(func.count()).select_from(source.tables).where(where).scalar_subquery()
    if query.after is not None:
        return every
    return case((func.count() < query.limit, func.count()), else_=every)


def _is(source: Source, feature_id: str) -> ColumnElement[bool]:
    return source.id == feature_id
