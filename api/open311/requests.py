"""Requests of Open311: which are listed, how one is shown, and what of a new one is understood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.datastructures import QueryParams

from api.filters import parse_box, parse_moment
from gis.addresses import AddressBook, Kind
from gis.categories import CATEGORIES, Family
from gis.crs import parse_position
from gis.errors import InvalidInputError, NotFoundError
from gis.store.open311_reading import CLOSED, RequestFilters, RequestRow
from gis.words import Position
from web.case_words import STATUS_NAMES
from web.i18n import translate

SERVICES = {one.code: one for one in CATEGORIES if one.family is Family.HAZARD}
SPAN = timedelta(days=90)
MOST = 1000
SURE = 0.9
"""An address that is found with less is asked for again."""
PLACES = (Kind.BUILDING, Kind.STAIRWELL, Kind.COURTYARD, Kind.STATION, Kind.STREET)
COMMON = frozenset({"jurisdiction_id", "lang", "api_key", "extensions"})
OF_LIST = COMMON | {
    "service_request_id",
    "service_code",
    "start_date",
    "end_date",
    "status",
    "page",
    "page_size",
    "bbox",
}
_ATTRIBUTE = re.compile(r"attribute\[(\w{1,40})\](\[\])?")


@dataclass(frozen=True, slots=True)
class Listing:
    """Which requests, and which page of them."""

    filters: RequestFilters
    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request as it was sent."""

    service_code: str
    description: str
    detail: str
    observed_at: datetime | None
    position: Position
    client_id: UUID | None


def check_names(given: QueryParams, known: frozenset[str]) -> None:
    """Refuse parameters that a method doesn't know.

    Raises
    ------
    InvalidInputError
        ``unknown_parameter``.
    """
    for name in given:
        if name not in known:
            raise InvalidInputError(f"unknown parameter {name!r}", code="unknown_parameter", name=name)


def listing(given: QueryParams, zone: ZoneInfo, now: datetime) -> Listing:
    """Return which requests are asked for: 90 days or 1,000, whichever is less.

    Raises
    ------
    InvalidInputError
        With what is wrong; ``open311_span`` for more than 90 days.
    """
    check_names(given, OF_LIST)
    size = _whole(given.get("page_size"), "page_size", MOST) or MOST
    page = _whole(given.get("page"), "page", 100_000) or 1
    numbers = _listed(given.get("service_request_id"))
    if numbers:  # overrides everything else
        if len(numbers) > MOST:
            raise InvalidInputError("too many", code="field_too_long", field="service_request_id", limit=MOST)
        return Listing(RequestFilters(numbers=numbers), size, (page - 1) * size)
    codes = _listed(given.get("service_code"))
    for code in codes:
        find_service(code)
    status = _listed(given.get("status"))
    if any(one not in ("open", "closed") for one in status):
        raise InvalidInputError(
            "open or closed", code="field_not_one_of", field="status", expected="open, closed"
        )
    since, before = _period(given, zone, now)
    filters = RequestFilters(
        codes=codes, since=since, before=before, status=status, box=parse_box(given.get("bbox"))
    )
    return Listing(filters, size, (page - 1) * size)


def _period(given: QueryParams, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    since = parse_moment(given.get("start_date"), "start_date", zone)
    before = parse_moment(given.get("end_date"), "end_date", zone)
    if since is None:
        before = before or now
        since = before - SPAN
    before = before or since + SPAN
    if before < since:
        raise InvalidInputError("backwards", code="period_backwards", field="start_date")
    if before - since > SPAN:
        raise InvalidInputError("more than 90 days", code="open311_span", field="end_date")
    return since, before


def find_service(code: str) -> Any:
    """Return a service, or refuse an unknown one.

    Raises
    ------
    NotFoundError
        ``service_unknown``.
    """
    if code not in SERVICES:
        raise NotFoundError("no such service", code="service_unknown", service=code[:60])
    return SERVICES[code]


def service_out(code: str, language: str) -> dict[str, Any]:
    """Return a service as it is listed."""
    one = SERVICES[code]
    name = one.name if language == "zh" else one.name_en
    return {
        "service_code": code,
        "service_name": name,
        "description": name,
        "metadata": "true",
        "type": "realtime",
        "keywords": "urgent" if one.urgent else "",
        "group": one.family.value,
    }


def definition_out(code: str, words: Mapping[str, str]) -> dict[str, Any]:
    """Return the attributes that a request may have.

    Parameters
    ----------
    code
        Of the service.
    words
        Descriptions in the reader's language, by attribute.
    """
    datums = [{"key": one, "name": one.upper()} for one in ("wgs84", "gcj02", "bd09", "cgcs2000")]
    kinds = {"detail": ("text", []), "datum": ("singlevaluelist", datums), "observed_at": ("datetime", [])}
    return {
        "service_code": code,
        "attributes": [
            {
                "variable": True,
                "code": name,
                "datatype": kind,
                "required": False,
                "datatype_description": None,
                "order": order,
                "description": words[name],
                "values": values,
            }
            for order, (name, (kind, values)) in enumerate(kinds.items(), start=1)
        ],
    }


def request_out(row: RequestRow, zone: ZoneInfo, language: str) -> dict[str, Any]:
    """Return a request: exact for the program that sent it, the street and 100 m for everybody else."""
    place = row.place.get("building" if row.own else "street") or row.place.get("street") or {}
    return {
        "service_request_id": row.number,
        "status": "closed" if row.status in CLOSED else "open",
        "status_notes": translate(language, STATUS_NAMES[row.status]),
        "service_name": row.name if language == "zh" else row.name_en,
        "service_code": row.category,
        "description": row.words,
        "agency_responsible": row.agency,
        "service_notice": None,
        "requested_datetime": _shown(row.opened_at, zone),
        "updated_datetime": _shown(row.updated_at, zone),
        "expected_datetime": _shown(row.resolve_due_at, zone),
        "address": place.get("name") or None,
        "address_id": place.get("id") if row.own else None,
        "zipcode": None,
        "lat": round(row.lat, 7),
        "long": round(row.lon, 7),
        "media_url": None,
    }


def new_request(
    fields: Mapping[str, Any], book: AddressBook, zone: ZoneInfo, points: Mapping[str, tuple[float, float]]
) -> NewRequest:
    """Return a new request as it was sent.

    Parameters
    ----------
    fields
        Of the form, or of a JSON object; an empty one is as none.
    book
        Finds ``address_string``.
    zone
        Of moments without an offset.
    points
        Positions of ``address_id``, EPSG:4326.

    Raises
    ------
    InvalidInputError
        With the field and what is wrong with it.
    """
    given = {name: value for name, value in fields.items() if value not in ("", None)}
    nested = given.get("attribute")
    attributes = dict(nested) if isinstance(nested, Mapping) else {}
    for name, value in given.items():
        if (found := _ATTRIBUTE.fullmatch(name)) is not None:
            attributes[found[1]] = value
    known = {"detail", "datum", "observed_at"}
    if unknown := sorted(set(attributes) - known):
        raise InvalidInputError(
            "no such attribute", code="field_unknown", field=f"attribute[{unknown[0][:40]}]"
        )
    code = _text(given, "service_code")
    if not code:
        raise InvalidInputError("which service?", code="field_missing", field="service_code")
    find_service(code)
    return NewRequest(
        code,
        _text(given, "description"),
        _text(attributes, "detail"),
        parse_moment(_text(attributes, "observed_at"), "attribute[observed_at]", zone),
        _position(given, _text(attributes, "datum") or _text(given, "datum") or "wgs84", book, points),
        _uuid(_text(given, "client_id"), "client_id"),
    )


def _position(
    given: Mapping[str, Any], datum: str, book: AddressBook, points: Mapping[str, tuple[float, float]]
) -> Position:
    if "lat" in given or "long" in given:
        return parse_position(given.get("long"), given.get("lat"), datum, source="pin")
    if address_id := _text(given, "address_id"):
        if address_id not in points:
            raise InvalidInputError("no such address", code="address_unknown", field="address_id")
        return parse_position(*points[address_id], source="pin")
    if address := _text(given, "address_string"):
        found = book.search(address[:200], limit=1, kinds=PLACES)
        if not found or found[0].score < SURE:
            raise InvalidInputError("not an address here", code="address_unknown", field="address_string")
        return parse_position(found[0].lon, found[0].lat, source="pin")
    raise InvalidInputError("where?", code="open311_where", field="lat")


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, (str, int, float)) or "\x00" in str(value):
        raise InvalidInputError("a text", code="field_not_text", field=name)
    return str(value).strip()


def _uuid(given: str, name: str) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        raise InvalidInputError("a UUID", code="field_not_uuid", field=name) from None


def _listed(given: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in (given or "").split(",") if part.strip()))


def _whole(given: str | None, name: str, most: int) -> int | None:
    if not given:
        return None
    if not (given.isascii() and given.isdigit()) or not 0 < int(given[:9]) <= most:
        raise InvalidInputError("a whole number", code="field_not_integer", field=name)
    return int(given)


def _shown(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")
