"""The one door through which positions come in: finite, in range, not swapped, of a known datum."""

from __future__ import annotations

import math

from gis.crs.datums import parse_datum, to_wgs84
from gis.errors import InvalidInputError
from gis.words import Position, PositionSource

# Mainland China more tightly: for it, a position with latitude first is recognised.
MAINLAND_LON = (73.4, 135.1)
MAINLAND_LAT = (18.0, 53.6)


def parse_position(
    lon: object,
    lat: object,
    datum: str = "wgs84",
    *,
    accuracy_m: object = None,
    heading_deg: object = None,
    source: str = "gnss",
) -> Position:
    """Return a checked WGS-84 position: the one door through which positions come in.

    Parameters
    ----------
    lon, lat
        Degrees in `datum`; numbers or their text.
    datum
        One of `gis.words.Datum`.
    accuracy_m
        Radius that the device claims, in metres; None, empty or 0 where it claims nothing.
    heading_deg
        Where the device points, degrees clockwise from true north, 0-360; None or empty where unknown.
    source
        One of `gis.words.PositionSource`.

    Raises
    ------
    InvalidInputError
        With one of the codes ``position_missing``, ``position_not_finite``, ``position_swapped``,
        ``position_out_of_range``, ``datum_unknown``, ``accuracy_invalid``, ``heading_invalid``, ``source_unknown``.
    """
    stated_lon = _parse_degrees(lon, "lon")
    stated_lat = _parse_degrees(lat, "lat")
    known = parse_datum(datum)
    _check_range(stated_lon, stated_lat)
    if source not in set(PositionSource):
        raise InvalidInputError(f"unknown position source {source!r}", code="source_unknown", field="source")
    x, y = to_wgs84(stated_lon, stated_lat, known)
    return Position(
        lon=x,
        lat=y,
        accuracy_m=_parse_accuracy(accuracy_m),
        heading_deg=_parse_heading(heading_deg),
        source=PositionSource(source),
        stated_datum=known,
        stated_lon=stated_lon,
        stated_lat=stated_lat,
    )


def _number(value: object) -> float:
    """Return a number, NaN where there is none to be read."""
    if isinstance(value, bool):
        return math.nan
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _parse_degrees(value: object, field: str) -> float:
    if value is None or value == "":
        raise InvalidInputError(f"{field} is missing", code="position_missing", field=field)
    number = _number(value)
    if not math.isfinite(number):
        raise InvalidInputError(f"{field} is no finite number", code="position_not_finite", field=field)
    return number


def _check_range(lon: float, lat: float) -> None:
    swapped = MAINLAND_LON[0] <= lat <= MAINLAND_LON[1] and MAINLAND_LAT[0] <= lon <= MAINLAND_LAT[1]
    if swapped:
        raise InvalidInputError(
            f"longitude {lon} and latitude {lat} look swapped",
            code="position_swapped",
            field="lat",
            lon=lon,
            lat=lat,
        )
    if abs(lon) > 180.0 or abs(lat) > 90.0:  # noqa: PLR2004
        raise InvalidInputError(
            f"longitude {lon} or latitude {lat} is out of range",
            code="position_out_of_range",
            field="lon" if abs(lon) > 180.0 else "lat",  # noqa: PLR2004
            lon=lon,
            lat=lat,
        )


def _parse_accuracy(value: object) -> float | None:
    if value is None or value == "":
        return None
    number = _number(value)
    if not math.isfinite(number) or number < 0.0:
        raise InvalidInputError(
            "accuracy must be a number of metres, 0 or more", code="accuracy_invalid", field="accuracy_m"
        )
    return number or None


def _parse_heading(value: object) -> float | None:
    if value is None or value == "":
        return None
    number = _number(value)
    if not math.isfinite(number) or not 0.0 <= number <= 360.0:  # noqa: PLR2004
        raise InvalidInputError(
            "heading must be degrees from 0 to 360", code="heading_invalid", field="heading_deg"
        )
    return number % 360.0
