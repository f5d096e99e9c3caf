"""What a checked photo is, in plain values: shared by the reader, the flows and the tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ExifHint:
    """What the file itself claims of where, which way and when: kept as a hint, never trusted.

    Parameters
    ----------
    lon, lat
        Position in degrees, as WGS-84 (EPSG:4326); both or neither.
    heading_deg
        Which way the camera looked, degrees clockwise from north, 0 to below 360.
    heading_reference
        ``T`` for true north, ``M`` for magnetic north, None where the file doesn't say.
    taken_at
        When it was taken; without a zone where the file doesn't say which.
    """

    lon: float | None = None
    lat: float | None = None
    heading_deg: float | None = None
    heading_reference: str | None = None
    taken_at: datetime | None = None

    def as_json(self, distance_m: float | None = None) -> dict[str, float | str]:
        """Return what is known, for storing with the photo.

        Parameters
        ----------
        distance_m
            How far the claimed position is from the stated one, metres.
        """
        known: dict[str, float | str | None] = {
            "lon": self.lon,
            "lat": self.lat,
            "heading_deg": self.heading_deg,
            "heading_reference": self.heading_reference,
            "taken_at": self.taken_at.isoformat() if self.taken_at else None,
            "distance_m": None if distance_m is None else round(distance_m, 1),
        }
        return {name: value for name, value in known.items() if value is not None}


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A photo that was decoded in full: its original bytes, and renditions that carry nothing but pixels.

    Parameters
    ----------
    media_type
        The original's kind by its content: ``image/jpeg``, ``image/png``, ``image/webp`` or ``image/heic``.
    width, height
        Size of the original as it is looked at, orientation applied, pixels.
    exif
        What the file claims.
    view, thumb
        Renditions as JPEG bytes, in sRGB, upright, without metadata.
    perceptual_hash
        64 bits as 16 hexadecimal digits; alike for photos that look alike.
    sha256
        Of the original bytes, 64 hexadecimal digits.
    original
        The bytes as they came: private.
    """

    media_type: str
    width: int
    height: int
    exif: ExifHint
    perceptual_hash: str
    sha256: str
    view: bytes = field(repr=False)
    thumb: bytes = field(repr=False)
    original: bytes = field(repr=False)
