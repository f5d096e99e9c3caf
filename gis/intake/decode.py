"""From the bytes of a photo to what may be shown of it: judged by content, decoded in full, drawn anew."""

from __future__ import annotations

import hashlib
from io import BytesIO

from PIL import Image, ImageCms

from gis.errors import InvalidInputError, TooLargeError
from gis.intake.exif import read_exif
from gis.intake.kinds import photo_kind
from gis.intake.photo import CleanPhoto
from gis.intake.pixels import hush_pillow, read_pixels
from gis.settings import PhotoSettings

QUALITY = 80
MAX_ICC_BYTES = 4_000_000  # the largest printer profiles; a phone's has about 500 bytes
PAPER = (255, 255, 255)  # what shows through transparent pixels
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
FIRST_SIDEWAYS = 5  # orientations from here on swap width and height


def check_bytes(data: bytes, limits: PhotoSettings) -> None:
    """Refuse a photo without bytes, or with more than allowed."""
    if not data:
        raise InvalidInputError("the photo has no bytes", code="photo_empty", field="photo")
    if len(data) > limits.max_bytes:
        raise TooLargeError(
            f"the photo has {len(data)} bytes",
            code="photo_too_many_bytes",
            field="photo",
            bytes=len(data),
            max_megabytes=limits.max_bytes / 1e6,
        )


def decode_photo(data: bytes, limits: PhotoSettings) -> CleanPhoto:
    """Check a photo and draw its renditions.

    Runs for some tenths of a second: call it through ``prepare_photo`` where others wait.

    Parameters
    ----------
    data
        The file as it came.
    limits
        What is accepted, and the sizes of renditions.

    Raises
    ------
    InvalidInputError
        ``photo_empty``, ``photo_truncated``, ``photo_damaged``.
    UnsupportedMediaError
        ``photo_not_an_image``, ``photo_kind_not_accepted``.
    TooLargeError
        ``photo_too_many_bytes``, ``photo_too_many_pixels``.
    UnavailableError
        ``photo_busy``: no memory at the moment.
    """
    check_bytes(data, limits)
    kind = photo_kind(data)
    pixels = read_pixels(kind, data, limits)
    hint, orientation = read_exif(pixels.exif)
    if pixels.upright:
        orientation = 1
    small = pixels.image if pixels.coded else _fitted(pixels.image, limits.view_px)
    picture = _opaque(small, pixels.icc)
    if orientation in UPRIGHT:
        picture = picture.transpose(UPRIGHT[orientation])
    picture.info = {}  # nothing of the file but its pixels may reach a rendition
    thumb = _fitted(picture, limits.thumb_px, Image.Resampling.HAMMING)  # half the time of the finest
    sideways = orientation >= FIRST_SIDEWAYS
    return CleanPhoto(
        media_type=kind.value,
        width=pixels.height if sideways else pixels.width,
        height=pixels.width if sideways else pixels.height,
        exif=hint,
        perceptual_hash=_perceptual_hash(thumb),
        sha256=hashlib.sha256(data).hexdigest(),
        view=pixels.coded or _jpeg(picture),
        thumb=_jpeg(thumb),
        original=data,
    )


def _fitted(
    image: Image.Image, longer_px: int, how: Image.Resampling = Image.Resampling.LANCZOS
) -> Image.Image:
    """Return the picture with its longer side at most ``longer_px``, never enlarged."""
    shrink = longer_px / max(image.size)
    if shrink >= 1:
        return image
    size = (max(1, round(image.width * shrink)), max(1, round(image.height * shrink)))
    return image.resize(size, how, reducing_gap=3.0)


def _opaque(image: Image.Image, icc: bytes) -> Image.Image:
    """Return the picture in sRGB, on white where it is transparent."""
    alpha = None
    if image.mode in ("RGBA", "LA", "RGBa", "La"):
        image = image.convert("RGBA")
        alpha, image = image.getchannel("A"), image.convert("RGB")
    rgb = _in_srgb(image, icc) if icc else None
    rgb = rgb or image.convert("RGB")
    if alpha is not None:
        paper = Image.new("RGB", rgb.size, PAPER)
        paper.paste(rgb, mask=alpha)
        return paper
    return rgb


def _in_srgb(image: Image.Image, icc: bytes) -> Image.Image | None:
    """Return the picture with its colours turned to sRGB, or None where the profile doesn't fit or isn't needed."""
    if len(icc) > MAX_ICC_BYTES:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(icc))
        if "srgb" in ImageCms.getProfileDescription(profile).lower():
            return None
        return ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except Exception:  # noqa: BLE001 - a broken profile must not cost the photo: its plain colours will do
        return None


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _perceptual_hash(image: Image.Image) -> str:
    import imagehash  # brings SciPy: only where photos are handled

    return str(imagehash.phash(image))


def warm_up() -> None:
    """Load what the first photo would otherwise wait for (about half a second)."""
    hush_pillow()
    import imagehash  # noqa: F401
    import pillow_heif  # noqa: F401
    import scipy.fftpack  # noqa: F401
