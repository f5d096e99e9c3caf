"""A phone's own small JPEG is shown as it was coded, without anything but its picture."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from gis.intake import decode_photo
from gis.intake.coded import HEAVY_BYTES, coded_picture
from gis.settings import PhotoSettings
from tests import photos

LIMITS = PhotoSettings()
SECRETS: dict[str, Any] = {
    "exif": photos.exif(gps=photos.gps_at(123.4, 41.7), make="SECRETCAM"),
    "xmp": b"<x>SECRETXMP</x>",
    "comment": b"SECRETWORD",
}


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(data)).convert("RGB"))


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"restart_marker_blocks": 3}, {"subsampling": 0}]
)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_same_pixels_and_nothing_else(mode: str, options: dict[str, Any]) -> None:
    data = photos.encoded(photos.scene().convert(mode), quality=70, **SECRETS, **options)
    photo = decode_photo(data + b"<script>SECRETTAIL</script>", LIMITS)
    assert photo.view == coded_picture(data)
    assert (pixels(photo.view) == pixels(data)).all()
    assert b"SECRET" not in photo.view
    assert b"SECRET" not in photo.thumb
    assert len(data) - 600 < len(photo.view) < len(data)
    assert set(Image.open(BytesIO(photo.view)).info) <= {
        "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression",
    }  # fmt: skip


def _profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _heavy() -> bytes:
    noise = np.random.default_rng(1).integers(0, 255, (1200, 1600, 3), dtype=np.uint8)
    return photos.encoded(Image.fromarray(noise), quality=80)


NOT_AS_CODED = {
    "turned": lambda: photos.encoded(exif=photos.exif(orientation=6)),
    "with colours of its own": lambda: photos.encoded(icc_profile=_profile()),
    "for print": lambda: photos.encoded(photos.scene().convert("CMYK")),
    "larger than a view": lambda: photos.encoded(photos.scene(2400, 1800)),
    "too heavy for a slow line": _heavy,
}


@pytest.mark.parametrize("case", NOT_AS_CODED)
def test_what_is_coded_anew(case: str) -> None:
    data = NOT_AS_CODED[case]()
    photo = decode_photo(data, LIMITS)
    assert photo.view != coded_picture(data)
    assert max(Image.open(BytesIO(photo.view)).size) <= LIMITS.view_px
    if case.startswith("too heavy"):
        assert len(data) > HEAVY_BYTES


def test_what_can_not_be_taken_out() -> None:
    data = photos.encoded()
    assert coded_picture(data[:-2]) is None
    assert coded_picture(data.replace(b"\xff\xc0", b"\xff\xc9", 1)) is None
    assert coded_picture(b"\xff\xd8\xff\xd9") is None
    assert coded_picture(b"\xff\xd8\xff") is None
