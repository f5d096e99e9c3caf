"""What a request for features says, checked parameter by parameter."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from starlette.datastructures import QueryParams

from api.ogc.crs import parse_crs
from gis.errors import InvalidInputError
from gis.store.feature_reading import Box, Crs, FeatureQuery, Filter
from gis.store.feature_sources import Source

DEFAULT_LIMIT, MOST = 100, 10_000
MOST_MATCHED = 2**53
LANGUAGES = {"cql2-text": False, "cql2-json": True}
COMMON = frozenset({"f", "lang"})
OF_ITEMS = COMMON | {
    "limit",
    "bbox",
    "bbox-crs",
    "datetime",
    "crs",
    "filter",
    "filter-lang",
    "filter-crs",
    "cursor",
}
OF_ITEM = COMMON | {"crs"}
FORMATS = ("json", "geojson")
_OPEN = ("", "..")


def check_names(
    given: QueryParams, known: frozenset[str], properties: Mapping[str, Any] | None = None
) -> None:
    """Refuse parameters that a resource doesn't know, given twice, or a format that there isn't.

    Raises
    ------
    InvalidInputError
        ``unknown_parameter``, ``parameter_twice``, ``ogc_format_unknown``.
    """
    for name in given:
        if name not in known and name not in (properties or {}):
            raise InvalidInputError(
                f"unknown query parameter {name!r}", code="unknown_parameter", field=name, name=name
            )
        if len(given.getlist(name)) > 1:
            raise InvalidInputError("given twice", code="parameter_twice", field=name, name=name)
    if given.get("f", "json") not in FORMATS:
        raise InvalidInputError("f is json", code="ogc_format_unknown", field="f")


def feature_query(
    given: QueryParams, source: Source, metric_srid: int, timezone: str
) -> tuple[FeatureQuery, Crs]:
    """Return which features are asked for, and in which coordinates.

    Raises
    ------
    InvalidInputError
        With the parameter and what is wrong with it.
    """
    check_names(given, OF_ITEMS, source.properties)
    since, until = parse_datetime(given.get("datetime"), ZoneInfo(timezone))
    after, matched = parse_cursor(given.get("cursor"), source)
    equal = {name: _value(source, name, given[name]) for name in source.properties if name in given}
    query = FeatureQuery(
        limit=parse_limit(given.get("limit")),
        box=parse_box(given.get("bbox"), parse_crs(given.get("bbox-crs"), "bbox-crs", metric_srid)),
        since=since,
        until=until,
        equal=equal,
        filter=_filter(given, metric_srid),
        after=after,
        matched=matched,
    )
    return query, parse_crs(given.get("crs"), "crs", metric_srid)


def parse_limit(given: str | None) -> int:
    """Return how many features are wanted; more than there may be is as many as there may be."""
    if given is None:
        return DEFAULT_LIMIT
    if not (given.isascii() and given.isdigit()) or not int(given[:12]) >= 1:
        raise InvalidInputError("a number from 1", code="limit_invalid", field="limit", limit=MOST)
    return min(int(given[:12]), MOST)


def parse_box(given: str | None, crs: Crs) -> Box | None:
    """Return a box of four numbers, or of six whose heights don't count."""
    if given is None:
        return None
    refused = InvalidInputError(
        "four numbers (or six) in the order of the axes", code="bbox_invalid", field="bbox"
    )
    try:
        numbers = [float(part) for part in given.split(",")]
    except ValueError:
        raise refused from None
    if len(numbers) == 6:  # noqa: PLR2004 - with heights
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):  # noqa: PLR2004
        raise refused
    if any(abs(one) > (1e8 if crs.digits == 3 else 360.0) for one in numbers):  # noqa: PLR2004 - metres, degrees
        raise refused
    north = (numbers[0], numbers[2]) if crs.swapped else (numbers[1], numbers[3])
    if north[0] > north[1]:
        raise refused
    return Box((numbers[0], numbers[1]), (numbers[2], numbers[3]), crs)


def parse_datetime(given: str | None, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Return first and last moment of an instant or interval; dates are whole days in the community's own time."""
    if given is None:
        return None, None
    parts = given.split("/")
    refused = InvalidInputError("a moment, or two with / between", code="datetime_invalid", field="datetime")
    if len(parts) > 2 or (len(parts) == 2 and parts[0] in _OPEN and parts[1] in _OPEN):  # noqa: PLR2004
        raise refused
    begin, end = (parts[0], parts[-1])
    try:
        since = None if begin in _OPEN and len(parts) > 1 else _moment(begin, zone, time.min)
        until = None if end in _OPEN and len(parts) > 1 else _moment(end, zone, time.max)
    except (ValueError, OverflowError):
        raise refused from None
    if since and until and since > until:
        raise refused
    return since, until


def _moment(given: str, zone: ZoneInfo, at: time) -> datetime:
    if len(given) == len("2026-06-03"):
        return datetime.combine(datetime.fromisoformat(given).date(), at, tzinfo=zone).astimezone(UTC)
    found = datetime.fromisoformat(given.replace(" ", "+"))
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def encode_cursor(after: Any, matched: int) -> str:
    """Return what leads to the page behind a key."""
    raw = orjson.dumps([after if isinstance(after, int) else str(after), matched])
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def parse_cursor(given: str | None, source: Source) -> tuple[Any, int | None]:
    """Return the last key of the page before, and how many features there are in all."""
    if given is None:
        return None, None
    refused = InvalidInputError("not one of this service", code="cursor_invalid", field="cursor")
    try:
        after, matched = orjson.loads(
            base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
        )
        key = source.key.type.python_type(after)
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise refused from None
    if not isinstance(matched, int) or not 0 <= matched < MOST_MATCHED or "\x00" in str(after):
        raise refused
    return key, matched


def _filter(given: QueryParams, metric_srid: int) -> Filter | None:
    language = given.get("filter-lang", "cql2-text")
    if language not in LANGUAGES:
        expected = ", ".join(LANGUAGES)
        raise InvalidInputError(expected, code="field_not_one_of", field="filter-lang", expected=expected)
    crs = parse_crs(given.get("filter-crs"), "filter-crs", metric_srid)
    text = given.get("filter")
    return None if text is None else Filter(text, LANGUAGES[language], crs)


def _value(source: Source, name: str, given: str) -> Any:
    kind, _ = source.properties[name]
    refused = InvalidInputError(f"{name} is a {kind}", code="field_invalid", field=name)
    try:
        if kind == "integer":
            found = int(given)
            if abs(found) > 2**31:
                raise refused
            return found
        if kind == "number":
            return float(given) if math.isfinite(float(given)) else None
        if kind == "boolean":
            return {"true": True, "false": False}[given.lower()]
        if kind == "date":
            return datetime.fromisoformat(given).date()
        if kind == "date-time":
            return _moment(given, ZoneInfo("UTC"), time.min)
    except (ValueError, KeyError, OverflowError):
        raise refused from None
    if "\x00" in given:
        raise refused
    return given
