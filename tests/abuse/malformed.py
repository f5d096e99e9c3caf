"""Malformed uploads, drawn from a seed: truncated, polyglot, bombs, wrong kinds, names that lead elsewhere."""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from tests import photos

KINDS = ("JPEG", "PNG", "WEBP", "HEIF")
MARKUP = b"<html><script>fetch('/api/v1/me')</script></html>"
SCRIPT = b"/*\xff\xd8\xff*/=1;alert(1)//"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
NAMES = (
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/cron.d/x",
    "a\x00.jpg",
    "a\r\nX-Injected: 1.jpg",
    "\u202egpj.exe",
    "CON.jpg",
    "a" * 5000 + ".jpg",
    ".htaccess",
    "x.php%00.jpg",
    "照片.jpg",
    "",
    ";rm -rf.jpg",
    '"><script>alert(1)</script>.jpg',
    "-rf",
    "\udcff\udcfe.jpg",
)
TYPES = (
    "image/jpeg",
    "image/png",
    "text/html",
    "application/zip",
    "image/svg+xml",
    "",
    "x",
    "multipart/mixed",
    "a/b\x00",
)


@dataclass(frozen=True)
class Malformed:
    """A file that no phone takes, and the name and type under which it is sent."""

    what: str
    data: bytes
    name: str = "a.jpg"
    media_type: str = "image/jpeg"


def resident_mb() -> float:
    """Return how much of this process is in memory now, megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


@cache
def whole(kind: str) -> bytes:
    """Return a sound photo of a kind."""
    return photos.encoded(photos.scene(96, 64), kind, exif=photos.exif(orientation=6, make="x"))


@cache
def bomb(kind: str, width: int, height: int) -> bytes:
    """Return a small file that says it has many pixels: those of one colour are really there where memory allows it."""
    if 64 <= width <= 10_000 and 64 <= height <= 10_000:
        options: dict[str, dict[str, Any]] = {
            "WEBP": {"quality": 10, "method": 0},
            "HEIF": {"quality": 5, "enc_params": {"preset": "ultrafast"}},
        }
        image = Image.new("RGB", (width, height), (90, 120, 150))
        return photos.encoded(image, kind, **options.get(kind, {}))
    data = bytearray(whole(kind))
    if kind == "PNG":
        data[16:24] = struct.pack(">II", width, height)
        data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    elif kind == "WEBP":
        at = data.index(b"VP8X") + 12
        data[at : at + 6] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif kind == "JPEG":
        at = next(i for i in range(len(data)) if data[i] == 0xFF and data[i + 1] in (0xC0, 0xC2))
        data[at + 5 : at + 9] = struct.pack(">HH", min(height, 65535), min(width, 65535))
    else:
        at = data.index(b"ispe") + 8
        data[at : at + 8] = struct.pack(">II", width, height)
    return bytes(data)


def zipped(count: int = 1, size: int = 1000) -> bytes:
    """Return an archive that unpacks to much more than it is."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            archive.writestr(f"../../{number}.shp", b"\0" * size)
    return out.getvalue()


def _cut(rng: random.Random) -> Malformed:
    kind = rng.choice(KINDS)
    data = whole(kind)
    return Malformed(f"cut {kind}", data[: rng.randrange(len(data))])


def _flipped(rng: random.Random) -> Malformed:
    kind = rng.choice(KINDS)
    data = bytearray(whole(kind))
    reach = len(data) if rng.random() < 0.5 else min(len(data), 700)
    for _ in range(rng.randint(1, 12)):
        data[rng.randrange(reach)] ^= 1 << rng.randrange(8)
    return Malformed(f"flipped {kind}", bytes(data))


def _spliced(rng: random.Random) -> Malformed:
    one, other = rng.choice(KINDS), rng.choice(KINDS)
    a, b = whole(one), whole(other)
    return Malformed(f"spliced {one} {other}", a[: rng.randrange(len(a))] + b[rng.randrange(len(b)) :])


def _polyglot(rng: random.Random) -> Malformed:
    kind = rng.choice(KINDS)
    rider = rng.choice((MARKUP, SCRIPT, SVG, zipped(), b"%PDF-1.7", b"<?php system($_GET[0]);"))
    data = whole(kind) + rider if rng.random() < 0.5 else rider + whole(kind)
    if kind == "JPEG" and rng.random() < 0.5:  # in a comment, where readers pass over it
        data = whole(kind)[:2] + b"\xff\xfe" + struct.pack(">H", len(rider) + 2) + rider + whole(kind)[2:]
    return Malformed(f"polyglot {kind}", data, media_type=rng.choice(TYPES))


def _bomb(rng: random.Random) -> Malformed:
    kind = rng.choice(KINDS)
    side = rng.choice((16_384, 30_000, 65_535))
    return Malformed(f"bomb {kind}", bomb(kind, side, rng.choice((1, side))))


def _other(rng: random.Random) -> Malformed:
    kind = rng.choice(("GIF", "BMP", "TIFF", "ICO"))
    made = {
        "svg": SVG,
        "html": MARKUP,
        "zip": zipped(3, 1_000_000),
        "empty": b"",
        "zeros": bytes(5000),
        "text": "只是字".encode(),
        "picture": photos.encoded(photos.scene(64, 48), kind),
        "elf": b"\x7fELF" + bytes(200),
        "gzip": zlib.compress(bytes(1_000_000), 9),
    }
    what = rng.choice(sorted(made))
    return Malformed(f"other {what}", made[what], media_type=rng.choice(TYPES))


def _named(rng: random.Random) -> Malformed:
    kind = rng.choice(KINDS)
    return Malformed(f"named {kind}", whole(kind), rng.choice(NAMES), rng.choice(TYPES))


def _signature(rng: random.Random) -> Malformed:
    start = rng.choice(
        (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8 ", b"\0\0\0\x1cftypheic")
    )
    return Malformed("signature", start + rng.randbytes(rng.randrange(3000)))


DRAWN: tuple[Callable[[random.Random], Malformed], ...] = (
    _cut,
    _flipped,
    _spliced,
    _polyglot,
    _bomb,
    _other,
    _named,
    _signature,
)


def draw(count: int, seed: int = 8) -> Iterator[Malformed]:
    """Yield malformed files, each of its own make, the same for the same seed."""
    rng = random.Random(seed)
    for number in range(count):
        yield DRAWN[number % len(DRAWN)](rng)
