"""Faces and licence plates in renditions are made unrecognisable, where an operator asks for it. Off the request path.

The detector of faces is scikit-image's cascade with the model that comes in its package: frontal faces, from about a
twenty-fifth of the picture's shorter side on, in half a second. Plates: ``gis.intake.licence_plates``. What both miss stands
in docs/privacy.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageFilter

from gis.intake.licence_plates import plates_in
from gis.settings import PhotoSettings

LOOKED_AT_PX = 800
SMALLEST_PX, SMALLEST_SHARE = 24, 0.04
WIDER = 0.25
"""A found square is the face without hair and chin: so much of its side is added all around."""
QUALITY = 85


@dataclass(frozen=True, slots=True)
class Blurred:
    """Renditions without faces and plates, and how many were found; none found: the renditions as they were."""

    view: bytes
    thumb: bytes
    places: int


@cache
def _detector() -> Any:
    from skimage.data import lbp_frontal_face_cascade_filename
    from skimage.feature import Cascade

    return Cascade(lbp_frontal_face_cascade_filename())  # type: ignore[no-untyped-call]


def blur(view: bytes, limits: PhotoSettings) -> Blurred:
    """Return a rendition with every face and plate that is looked for and found blurred, and a thumbnail of it.

    Parameters
    ----------
    view
        The rendition for viewing, JPEG.
    limits
        What is looked for, and how large a thumbnail is.

    Raises
    ------
    SetupError
        ``plate_reader_missing``, ``plate_model_unusable``.
    """
    image = Image.open(BytesIO(view)).convert("RGB")
    boxes = faces_in(image) if limits.blur_faces else []
    boxes += plates_in(image, limits.plate_model) if limits.plate_model else []
    for box in boxes:
        part = image.crop(box)
        radius = max(part.size) / 6
        image.paste(part.filter(ImageFilter.GaussianBlur(radius)), box)
    small = image.copy()
    small.thumbnail((limits.thumb_px, limits.thumb_px))
    return Blurred(_jpeg(image) if boxes else view, _jpeg(small), len(boxes))


def faces_in(image: Image.Image) -> list[tuple[int, int, int, int]]:
    """Return left, top, right and bottom of every face that is found.

    Parameters
    ----------
    image
        Upright.
    """
    import numpy as np

    grey = image.convert("L")
    grey.thumbnail((LOOKED_AT_PX, LOOKED_AT_PX))
    pixels = np.asarray(grey)
    shorter = min(pixels.shape)
    least = max(SMALLEST_PX, round(shorter * SMALLEST_SHARE))
    if shorter <= least:
        return []
    found = _detector().detect_multi_scale(
        img=pixels, scale_factor=1.2, step_ratio=1, min_size=(least, least), max_size=(shorter, shorter)
    )
    scale = image.width / grey.width
    return [_around(one, scale, image.size) for one in found]


def _around(face: dict[str, int], scale: float, size: tuple[int, int]) -> tuple[int, int, int, int]:
    more = face["width"] * WIDER
    left, top = (face["c"] - more) * scale, (face["r"] - more) * scale
    right, bottom = (face["c"] + face["width"] + more) * scale, (face["r"] + face["height"] + more) * scale
    return max(0, int(left)), max(0, int(top)), min(size[0], int(right) + 1), min(size[1], int(bottom) + 1)


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
