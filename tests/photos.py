"""Photos drawn in code: a scene whose corners tell which way is up, with whatever EXIF a test wants."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

REAL = Path(__file__).parents[2] / "shared" / "data" / "photos"  # beside the project, when there at all
RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (245, 245, 245)
CORNERS = {"top left": RED, "top right": GREEN, "bottom left": BLUE, "bottom right": WHITE}


@cache
def scene(width: int = 640, height: int = 480) -> Image.Image:
    """Return a picture with a red, green, blue and white quarter (reading order) and some lines across."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    quarters = [(x, y) for y in (0, height // 2) for x in (0, width // 2)]
    for (x, y), colour in zip(quarters, CORNERS.values(), strict=True):
        draw.rectangle((x, y, x + width // 2, y + height // 2), fill=colour)
    for step in range(1, 8):
        draw.line(
            (width * step // 8, height // 4, width // 2, height * step // 8), fill=(20, 20, 20), width=3
        )
    return image


def corner(image: Image.Image, name: str) -> tuple[int, int, int]:
    """Return the colour a tenth of the way in from a corner."""
    rgb = image.convert("RGB")
    x = rgb.width // 10 if "left" in name else rgb.width - rgb.width // 10 - 1
    y = rgb.height // 10 if "top" in name else rgb.height - rgb.height // 10 - 1
    colour = rgb.getpixel((x, y))
    assert isinstance(colour, tuple)
    return int(colour[0]), int(colour[1]), int(colour[2])


def alike(one: tuple[int, ...], other: tuple[int, ...], by: int = 40) -> bool:
    """Tell whether two colours are about the same."""
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def upright(image: Image.Image) -> bool:
    """Tell whether a scene stands as it was drawn."""
    return all(alike(corner(image, name), colour) for name, colour in CORNERS.items())


def encoded(image: Image.Image | None = None, kind: str = "JPEG", **options: Any) -> bytes:
    """Return a picture as the bytes of a file."""
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    out = BytesIO()
    (image or scene()).save(out, kind, **options)
    return out.getvalue()


def exif(
    *,
    orientation: int | None = None,
    gps: Mapping[int, Any] | None = None,
    shot: Mapping[int, Any] | None = None,
    **main: Any,
) -> bytes:
    """Return an EXIF block."""
    block = Image.Exif()
    if orientation is not None:
        block[0x0112] = orientation
    for name, value in main.items():
        block[{"make": 0x010F, "model": 0x0110, "changed": 0x0132, "artist": 0x013B}[name]] = value
    if shot:
        block.get_ifd(0x8769).update(shot)
    if gps:
        block.get_ifd(0x8825).update(gps)
    return block.tobytes()


def gps_at(lon: float, lat: float, **more: Any) -> dict[int, Any]:
    """Return the GPS part of EXIF as phones write it: degrees, minutes, seconds in hundredths."""
    tags: dict[int, Any] = {
        1: "N" if lat >= 0 else "S",
        2: _dms(lat),
        3: "E" if lon >= 0 else "W",
        4: _dms(lon),
    }
    if "heading" in more:
        tags |= {16: more.get("reference", "T"), 17: IFDRational(round(more["heading"] * 100), 100)}
    return tags


def raw_gps(*entries: tuple[int, int, int, bytes]) -> bytes:
    """Return an EXIF block whose GPS part holds entries as given: tag, type, count, value (any length)."""
    head = b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0x8825, 4, 1, 26) + bytes(4)
    data_at = 26 + 2 + 12 * len(entries) + 4
    table, data = struct.pack("<H", len(entries)), b""
    for tag, kind, count, value in entries:
        where = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack("<I", data_at + len(data))
        table += struct.pack("<HHI", tag, kind, count) + where
        data += value if len(value) > 4 else b""
    return b"Exif\0\0" + head + table + bytes(4) + data


def rationals(*pairs: tuple[int, int]) -> bytes:
    """Return rational numbers as they stand in EXIF."""
    return b"".join(struct.pack("<II", *pair) for pair in pairs)


def _dms(angle_deg: float) -> tuple[IFDRational, ...]:
    hundredths = round(abs(angle_deg) * 360_000)
    degrees, rest = divmod(hundredths, 360_000)
    minutes, seconds = divmod(rest, 6_000)
    return IFDRational(degrees, 1), IFDRational(minutes, 1), IFDRational(seconds, 100)
