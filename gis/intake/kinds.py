"""What kind of file the bytes are, told by the bytes alone: names and declared types are not looked at."""

from __future__ import annotations

import re
from enum import StrEnum

from gis.errors import UnsupportedMediaError
from gis.intake.coded import END, SCAN, segments


class PhotoKind(StrEnum):
    """The kinds of photo that are accepted, by media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"


PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis"})
OTHER_BRANDS = ((b"avif", "AVIF"), (b"avis", "AVIF"), (b"crx ", "CR3"), (b"qt  ", "MOV"))
# what people do send instead of a photo: told apart so that the answer can name it
OTHER_SIGNATURES = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"8BPS", "PSD"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\x01\0", "ICO"),
    (b"%PDF-", "PDF"),
)
SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)


def photo_kind(data: bytes) -> PhotoKind:
    """Return which accepted kind of photo the bytes begin as.

    Raises
    ------
    UnsupportedMediaError
        ``photo_kind_not_accepted`` for another kind of picture, document or video (``values['kind']`` names
        it), ``photo_not_an_image`` for everything else.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return PhotoKind.JPEG
    if data.startswith(PNG_SIGNATURE):
        return PhotoKind.PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return PhotoKind.WEBP
    if data[4:8] == b"ftyp":
        return _kind_by_brand(data)
    for signature, name in OTHER_SIGNATURES:
        if data.startswith(signature):
            raise _not_accepted(name)
    if SVG.search(data[:2048]):
        raise _not_accepted("SVG")
    raise UnsupportedMediaError("the file is not a photo", code="photo_not_an_image", field="photo")


def is_cut_short(kind: PhotoKind, data: bytes) -> bool:
    """Tell whether the file's own structure says that its end is missing."""
    match kind:
        case PhotoKind.JPEG:
            return not jpeg_scans(data)[1]
        case PhotoKind.PNG:
            return b"IEND" not in data[8:]
        case PhotoKind.WEBP:
            return int.from_bytes(data[4:8], "little") + 8 > len(data)
        case PhotoKind.HEIC:
            return _boxes_end(data) != len(data)


def jpeg_scans(data: bytes) -> tuple[int, bool]:
    """Return how many scans the first picture in a JPEG file has, and whether its end is there."""
    scans = 0
    for marker, _, _ in segments(data):
        if marker == END:
            return scans, True
        scans += marker == SCAN
    return scans, False


def stated_size(kind: PhotoKind, data: bytes) -> tuple[int, int] | None:
    """Return width and height from the header of a PNG or WebP, before any decoder sees the file."""
    if kind is PhotoKind.PNG and data[12:16] == b"IHDR":
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if kind is not PhotoKind.WEBP:
        return None
    head = data[:30].ljust(30, b"\0")
    if head[12:16] == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF


def _kind_by_brand(data: bytes) -> PhotoKind:
    """Return the kind of a file made of ISO boxes, by the brands in its first box."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, length - 3, 4))]
    for brand, name in OTHER_BRANDS:
        if brand in brands[:1]:
            raise _not_accepted(name)
    if HEIC_BRANDS.intersection(brands):
        return PhotoKind.HEIC
    raise _not_accepted("AVIF" if b"avif" in brands else "MP4")


def _boxes_end(data: bytes) -> int:
    """Return where the last of the outermost ISO boxes says that it ends."""
    at = 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if length == 1:  # a 64-bit length follows
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        if length == 0:  # the box reaches to the end, whichever that is
            return len(data)
        at += max(length, 8)
    return at


def _not_accepted(kind: str) -> UnsupportedMediaError:
    return UnsupportedMediaError(
        f"{kind} is not accepted: send JPEG, PNG, WebP or HEIC",
        code="photo_kind_not_accepted",
        field="photo",
        kind=kind,
    )
