"""However a photo is damaged, it is either read or refused with a code: nothing else comes out."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import InvalidInputError
from gis.intake import decode_photo
from gis.intake.exif import read_exif
from gis.intake.kinds import photo_kind
from gis.settings import PhotoSettings
from tests import photos
from tests.extent import examples

LIMITS = PhotoSettings(max_pixels=4_000_000, view_px=64, thumb_px=16)
CODES = {
    "photo_empty",
    "photo_truncated",
    "photo_damaged",
    "photo_not_an_image",
    "photo_kind_not_accepted",
    "photo_too_many_pixels",
}
KINDS: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: photos.encoded(photos.scene(96, 64), exif=_exif()),
    "progressive": lambda: photos.encoded(photos.scene(96, 64), progressive=True, exif=_exif()),
    "png": lambda: photos.encoded(photos.scene(96, 64), "PNG", exif=_exif()),
    "palette": lambda: photos.encoded(photos.scene(96, 64).convert("P"), "PNG", transparency=3),
    "apng": lambda: photos.encoded(
        photos.scene(96, 64), "PNG", save_all=True, append_images=[photos.scene(96, 64).rotate(90)]
    ),
    "webp": lambda: photos.encoded(photos.scene(96, 64), "WEBP", exif=_exif()),
    "lossless": lambda: photos.encoded(photos.scene(96, 64), "WEBP", lossless=True),
    "heic": lambda: photos.encoded(photos.scene(96, 64), "HEIF", exif=_exif()),
}
flips = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), min_size=1, max_size=12)
patches = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)), max_size=3
)


def _exif() -> bytes:
    return photos.exif(
        orientation=6, gps=photos.gps_at(123.4, 41.8, heading=10), shot={0x9003: "2026:06:03 12:00:00"}
    )


@cache
def _whole(kind: str) -> bytes:
    return KINDS[kind]()


def _read_or_refused(data: bytes) -> None:
    try:
        photo = decode_photo(data, LIMITS)
    except InvalidInputError as error:
        assert error.code in CODES  # noqa: PT017
    else:
        assert photo.view.startswith(b"\xff\xd8")
        assert photo.width * photo.height <= LIMITS.max_pixels
        assert photo.exif.lon is None or -180 <= photo.exif.lon <= 180


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(flips=flips, patches=patches, keep=st.one_of(st.just(1.0), st.floats(0, 1)), in_head=st.booleans())
def test_damaged(
    kind: str,
    flips: list[tuple[float, int]],
    patches: list[tuple[float, bytes]],
    keep: float,
    in_head: bool,
) -> None:
    data = bytearray(_whole(kind))
    reach = min(len(data), 700) if in_head else len(data)
    for where, bit in flips:
        data[int(where * reach)] ^= 1 << bit
    for where, patch in patches:
        at = int(where * reach)
        data[at : at + len(patch)] = patch
    _read_or_refused(bytes(data[: int(keep * len(data))]))


@pytest.mark.parametrize("kind", KINDS)
def test_cut_anywhere(kind: str) -> None:
    data = _whole(kind)
    for end in range(0, len(data), max(1, len(data) // 60)):
        _read_or_refused(data[:end])


@pytest.mark.parametrize(
    "start",
    [b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8 ", b"\0\0\0\x1cftypheic"],
)
@settings(max_examples=examples(60), deadline=None)
@given(junk=st.binary(max_size=400))
def test_junk_behind_a_signature(start: bytes, junk: bytes) -> None:
    _read_or_refused(start + junk)


@settings(max_examples=examples(300), deadline=None)
@given(
    block=st.binary(max_size=300),
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=10),
)
def test_any_exif(block: bytes, changes: list[tuple[int, int]]) -> None:
    real = bytearray(_exif())
    for where, value in changes:
        real[where % len(real)] = value
    for tried in (block, b"Exif\0\0II*\0\x08\0\0\0" + block, bytes(real)):
        hint, orientation = read_exif(tried)
        assert 1 <= orientation <= 8
        assert (hint.lon is None) == (hint.lat is None)
        assert hint.heading_deg is None or 0 <= hint.heading_deg < 360
        hint.as_json(1.0)


@settings(max_examples=examples(200))
@given(st.binary(max_size=64))
def test_any_bytes_have_a_kind_or_none(data: bytes) -> None:
    try:
        photo_kind(data)
    except InvalidInputError as error:
        assert error.code in CODES  # noqa: PT017
