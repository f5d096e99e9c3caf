"""EXIF read as a hint: whatever is broken in it is left out, and nothing it says of the camera or its owner is kept.

Phones strip positions, cameras have wrong clocks, forwarded pictures carry those of others: so the hint never
decides anything. It is compared with what the reporter stated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from PIL import Image

from gis.intake.photo import ExifHint
from gis.words import Position

MAX_BYTES = 256 * 1024  # cameras write up to 64 KB; more is no description of a photo
ORIENTATION, EXIF_IFD, GPS_IFD = 0x0112, 0x8769, 0x8825
TAKEN, TAKEN_OFFSET, CHANGED = 0x9003, 0x9011, 0x0132
LAT_REF, LAT, LON_REF, LON, GPS_TIME, HEADING_REF, HEADING, GPS_DATE = 1, 2, 3, 4, 7, 16, 17, 29
FIRST_YEAR, LAST_YEAR = 1990, 2100
EARTH_RADIUS_M = 6_371_008.8
FAR_DEG = 1.0  # beyond this a community's projection no longer measures


def read_exif(block: bytes) -> tuple[ExifHint, int]:
    """Return what an EXIF block claims, and the orientation (1 to 8) in which the picture is to be looked at."""
    if not block or len(block) > MAX_BYTES:
        return ExifHint(), 1
    exif = Image.Exif()
    main: Mapping[int, Any] = {}
    with suppress(Exception):  # each part on its own: a broken one must not hide the others
        exif.load(block)
        main = dict(exif)
    shot, gps = _part(exif, EXIF_IFD), _part(exif, GPS_IFD)
    lon, lat = _position(gps)
    heading_deg, reference = _heading(gps)
    orientation = main.get(ORIENTATION)
    return (
        ExifHint(lon, lat, heading_deg, reference, _taken_at(main, shot, gps)),
        orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1,  # noqa: PLR2004
    )


def exif_disagreement_m(
    hint: ExifHint, position: Position, project: Callable[[float, float], tuple[float, float]]
) -> float | None:
    """Return how far the position in a photo is from the stated one, metres; None where the photo has none.

    Parameters
    ----------
    hint
        What the photo claims.
    position
        What was stated, WGS-84.
    project
        Degrees (EPSG:4326) to metres, in the community's metric coordinate system.
    """
    if hint.lon is None or hint.lat is None:
        return None
    if max(abs(hint.lon - position.lon), abs(hint.lat - position.lat)) <= FAR_DEG:
        distance_m = math.dist(project(hint.lon, hint.lat), project(position.lon, position.lat))
        if math.isfinite(distance_m):
            return distance_m
    return _great_circle_m(hint.lon, hint.lat, position.lon, position.lat)


def _part(exif: Image.Exif, tag: int) -> Mapping[int, Any]:
    try:
        return dict(exif.get_ifd(tag))
    except Exception:  # noqa: BLE001 - broken EXIF breaks its reader in many ways, and all mean: no hint
        return {}


def _position(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    lat = _angle(gps.get(LAT), gps.get(LAT_REF), "N", "S", 90.0)
    lon = _angle(gps.get(LON), gps.get(LON_REF), "E", "W", 180.0)
    if (
        lat is None or lon is None or (lat == 0 and lon == 0)
    ):  # 0/0: what receivers write before they have a fix
        return None, None
    return lon, lat


def _angle(stated: object, reference: object, plus: str, minus: str, limit_deg: float) -> float | None:
    """Return degrees, minutes and seconds as signed degrees; None when any of it is missing or impossible."""
    side = _letter(reference)
    parts = [_number(part) for part in (stated if isinstance(stated, tuple | list) else (stated,))]
    if side not in (plus, minus) or not 1 <= len(parts) <= 3:  # noqa: PLR2004
        return None
    whole, minutes, seconds = [*parts, 0.0, 0.0][:3]
    if whole is None or minutes is None or seconds is None:
        return None
    if whole < 0 or not 0 <= minutes <= 60 or not 0 <= seconds <= 60:  # noqa: PLR2004
        return None
    angle_deg = whole + minutes / 60 + seconds / 3600
    if angle_deg > limit_deg:
        return None
    return -angle_deg if side == minus else angle_deg


def _heading(gps: Mapping[int, Any]) -> tuple[float | None, str | None]:
    heading_deg = _number(gps.get(HEADING))
    if heading_deg is None or not 0 <= heading_deg <= 360:  # noqa: PLR2004
        return None, None
    reference = _letter(gps.get(HEADING_REF))
    return heading_deg % 360, reference if reference in ("T", "M") else None


def _taken_at(main: Mapping[int, Any], shot: Mapping[int, Any], gps: Mapping[int, Any]) -> datetime | None:
    """Return when the shutter went: with its zone if stated, else by the satellites, else as the camera's clock stood."""
    local = _moment(shot.get(TAKEN)) or _moment(main.get(CHANGED))
    if local and (zone := _zone(shot.get(TAKEN_OFFSET))):
        return local.replace(tzinfo=zone)
    return _satellite_time(gps) or local


def _satellite_time(gps: Mapping[int, Any]) -> datetime | None:
    clock = gps.get(GPS_TIME)
    parts = [_number(part) for part in clock] if isinstance(clock, tuple | list) else []
    day = _moment(f"{_text(gps.get(GPS_DATE))} 00:00:00")
    if day is None or len(parts) != 3 or any(part is None or not 0 <= part <= 60 for part in parts):  # noqa: PLR2004
        return None
    hours, minutes, seconds = (part or 0.0 for part in parts)
    moment = day.replace(tzinfo=UTC) + timedelta(hours=hours, minutes=minutes, seconds=int(seconds))
    return moment if moment.year <= LAST_YEAR else None


def _moment(stated: object) -> datetime | None:
    with suppress(ValueError):
        moment = datetime.strptime(_text(stated), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - EXIF has no zone here
        if FIRST_YEAR <= moment.year <= LAST_YEAR:
            return moment
    return None


def _zone(stated: object) -> timezone | None:
    with suppress(ValueError):
        offset = datetime.strptime(_text(stated), "%z").utcoffset()
        if offset is not None:
            return timezone(offset)
    return None


def _number(stated: object) -> float | None:
    """Return a finite number, or None: rationals with a zero denominator read as NaN, texts and bytes as nothing."""
    if isinstance(stated, str | bytes) or stated is None:
        return None
    try:
        number = float(stated)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _text(stated: object) -> str:
    text = stated.decode("ascii", "replace") if isinstance(stated, bytes) else stated
    return text.strip(" \0\t\r\n") if isinstance(text, str) else ""


def _letter(stated: object) -> str:
    return _text(stated)[:1].upper()


def _great_circle_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    a, b = math.radians(lat_a), math.radians(lat_b)
    across = math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    chord = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * across
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))
