"""Real photos of real cameras, where they are at hand: positions, rotations and damage as known of each."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from gis.errors import InvalidInputError
from gis.intake import decode_photo
from gis.settings import PhotoSettings
from tests.photos import REAL

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="no real photos beside the project")
LIMITS = PhotoSettings()


@pytest.mark.parametrize(
    ("name", "size", "position", "heading"),
    [
        ("es_iphone6_dir.jpg", (3264, 2448), (-3.724753, 40.446972), (211.201, "T")),
        ("exifr_dji_W.jpg", (640, 512), (-74.489913, 40.377501), (None, None)),
        ("exifr_iphone7.heic", (4032, 3024), (12.994411, 38.046642), (264.325, "T")),
        ("exifr_kodak_equator_S.jpg", (100, 78), (36.056417, -0.3713), (None, None)),
        ("exifr_pixel.jpg", (1012, 759), (14.820294, 50.299603), (None, None)),
        ("mly_corrupt_exif.jpg", (16, 16), (-1.667841, 48.081045), (147.960, None)),
        ("mly_htc_ori2_gps.jpg", (16, 16), (14.498806, 35.912517), (1.0, "T")),
        ("mly_sony_W.jpg", (3840, 2160), (-122.576051, 45.510723), (None, None)),
        ("empty_gps_ifd.jpg", (10, 10), (None, None), (None, None)),
        ("exif_gps_typeerror.jpg", (800, 531), (None, None), (None, None)),
        ("hopper_orientation_6.jpg", (128, 128), (None, None), (None, None)),
    ],
)
def test_read(
    name: str,
    size: tuple[int, int],
    position: tuple[float | None, float | None],
    heading: tuple[float | None, str | None],
) -> None:
    photo = decode_photo((REAL / name).read_bytes(), LIMITS)
    assert (photo.width, photo.height) == size
    assert (photo.exif.lon, photo.exif.lat) == pytest.approx(position, abs=1e-5)
    assert photo.exif.heading_deg == pytest.approx(heading[0], abs=1e-2)
    assert photo.exif.heading_reference == heading[1]
    for rendition in (photo.view, photo.thumb):
        shown = Image.open(BytesIO(rendition))
        assert not shown.getexif()
        assert not {"exif", "icc_profile", "xmp", "comment", "photoshop"} & set(shown.info)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("corrupted.heic", "photo_truncated"),
        ("truncated_jpeg.jpg", "photo_truncated"),
        ("decompression_bomb.gif", "photo_kind_not_accepted"),
    ],
)
def test_refused(name: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        decode_photo((REAL / name).read_bytes(), LIMITS)
    assert refused.value.code == code
