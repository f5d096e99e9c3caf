"""Photo bytes to a small picture in memory, whatever the size of the photo.

Sizes are read from the header and refused before anything is decoded. A large JPEG is decoded at a reduced scale, a
large HEIC reduced strip by strip; of PNG and WebP the decoders have no such way, so one large photo is decoded at a
time. Pillow's readers are called by name: no other format's reader ever sees the bytes.
"""

from __future__ import annotations

import math
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from gis.errors import InvalidInputError, TooLargeError, UnavailableError
from gis.intake.coded import coded_picture
from gis.intake.exif import read_exif
from gis.intake.kinds import PhotoKind, is_cut_short, jpeg_scans, stated_size
from gis.settings import PhotoSettings

HEAVY_BYTES = 100_000_000  # photos that need more memory than this wait for one another
MAX_SCANS = 100  # a progressive JPEG has about ten; each costs a pass over the whole picture
STRIP_PIXELS = 4_000_000
# bytes a pixel that decoding takes, measured at the full size: Pillow keeps 4, WebP's decoder four copies,
# a progressive JPEG all its coefficients, HEIC the planes and the packed picture
DECODER_BYTES = {PhotoKind.JPEG: 6, PhotoKind.PNG: 5, PhotoKind.WEBP: 16, PhotoKind.HEIC: 6}
_turns: ContextVar[AbstractContextManager[Any] | None] = ContextVar("_turns", default=None)
_in_this_process = threading.Lock()


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture reduced to about twice the size of its view, not yet turned upright unless ``upright``.

    With ``coded``, a JPEG that can be shown as it was coded, it is reduced further: enough for a thumbnail.
    """

    image: Image.Image
    width: int
    height: int
    exif: bytes
    icc: bytes
    upright: bool = False
    coded: bytes | None = None


def read_pixels(kind: PhotoKind, data: bytes, limits: PhotoSettings) -> Pixels:
    """Decode the first picture in a file.

    Raises
    ------
    TooLargeError
        ``photo_too_many_pixels``.
    InvalidInputError
        ``photo_truncated`` when the file ends too early, ``photo_damaged`` when it can't be read for another reason.
    UnavailableError
        ``photo_busy`` when there is no memory for it at the moment.
    """
    with _only_input_errors(kind, data):
        if size := stated_size(kind, data):
            check_size(*size, limits)
        if kind is PhotoKind.HEIC:
            return _read_heic(data, limits)
        return _read_pillow(kind, data, limits)


def check_size(width: int, height: int, limits: PhotoSettings) -> None:
    """Refuse a photo of more pixels than allowed, or of none."""
    if width < 1 or height < 1:
        raise InvalidInputError("the photo has no pixels", code="photo_damaged", field="photo")
    if width * height > limits.max_pixels:
        raise TooLargeError(
            f"the photo has {width} x {height} pixels",
            code="photo_too_many_pixels",
            field="photo",
            width=width,
            height=height,
            max_megapixels=limits.max_pixels / 1e6,
        )


def _read_pillow(kind: PhotoKind, data: bytes, limits: PhotoSettings) -> Pixels:
    with _open(kind, data) as opened:
        width, height = opened.size
        check_size(width, height, limits)
        sequential = kind is PhotoKind.JPEG and not opened.info.get("progressive")
        coded = None
        if kind is PhotoKind.JPEG:
            if jpeg_scans(data)[0] > MAX_SCANS:
                raise InvalidInputError("the JPEG has too many scans", code="photo_damaged", field="photo")
            coded = _as_coded(opened, data, limits)
            shrink = min(1.0, (limits.thumb_px if coded else limits.view_px) / max(width, height))
            opened.draft(None, (max(1, round(width * shrink)), max(1, round(height * shrink))))
        with _turn(0 if sequential else width * height * DECODER_BYTES[kind]):
            opened.load()
            across, down = opened.size
            image = _shrunk(
                across,
                down,
                limits.thumb_px if coded else limits.view_px,
                lambda top, bottom: _plain(opened.crop((0, top, across, bottom))),
            )
        exif, icc = _block(opened.info, "exif"), _block(opened.info, "icc_profile")
        return Pixels(image, width, height, exif, icc, coded=coded)


def _as_coded(opened: Image.Image, data: bytes, limits: PhotoSettings) -> bytes | None:
    """Return the coded picture where it is a view as it is: no larger, upright, in plain colours; else None."""
    info = opened.info
    if max(opened.size) > limits.view_px or opened.mode not in ("RGB", "L"):
        return None
    if "adobe" in info or "icc_profile" in info or read_exif(_block(info, "exif"))[1] != 1:
        return None
    return coded_picture(data)


def _open(kind: PhotoKind, data: bytes) -> Image.Image:
    # Not Image.open: it would try other readers, turn to its own limits, and warn instead of refusing.
    match kind:
        case PhotoKind.JPEG:
            return JpegImageFile(BytesIO(data))
        case PhotoKind.PNG:
            return PngImageFile(BytesIO(data))
        case _:
            return WebPImageFile(BytesIO(data))


def _read_heic(data: bytes, limits: PhotoSettings) -> Pixels:
    import pillow_heif

    # libheif's own limits on items, memory and nesting stay on; embedded previews and depth maps are not looked at
    pillow_heif.options.THUMBNAILS = False
    pillow_heif.options.DEPTH_IMAGES = False
    pillow_heif.options.AUX_IMAGES = False
    pillow_heif.options.DECODE_THREADS = 1
    heif = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
    picture = heif[heif.primary_index]
    check_size(*picture.size, limits)
    width, height = picture.size
    with _turn(width * height * DECODER_BYTES[PhotoKind.HEIC]):
        pixels, stride, mode = picture.data, picture.stride, picture.mode
        width, height = picture.size  # what was decoded, should the header have said otherwise
        check_size(width, height, limits)
        small = _shrunk(
            width,
            height,
            limits.view_px,
            lambda top, bottom: Image.frombuffer(
                mode, (width, bottom - top), pixels[top * stride : bottom * stride], "raw", mode, stride, 1
            ),
        )
    # libheif has applied the file's own rotation; the EXIF orientation says the same again and is passed over
    info = picture.info
    return Pixels(small, width, height, _block(info, "exif"), _block(info, "icc_profile"), upright=True)


def _shrunk(width: int, height: int, view_px: int, strip: Callable[[int, int], Image.Image]) -> Image.Image:
    """Return a picture divided by the whole number that leaves its longer side at least ``view_px``.

    Done strip by strip, because averaging and changing modes make copies.

    Parameters
    ----------
    width, height
        Of the decoded picture.
    view_px
        What the longer side must not fall below.
    strip
        Gives the rows from one to another.
    """
    factor = max(1, max(width, height) // view_px)
    if factor == 1:
        return strip(0, height)
    across, down = min(factor, width), min(factor, height)
    rows = max(1, STRIP_PIXELS // width // down) * down
    small = None
    for top in range(0, height, rows):
        part = strip(top, min(top + rows, height)).reduce((across, down))
        if small is None:
            small = Image.new(part.mode, (math.ceil(width / across), math.ceil(height / down)))
        small.paste(part, (0, top // down))
    return small or strip(0, height)


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture in a mode whose pixels can be averaged."""
    if image.mode.startswith("I") or image.mode == "F":  # 16-bit greys
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if "transparency" in image.info or image.mode == "PA":
        return image.convert("RGBA")
    if image.mode == "P":
        return image.convert("RGB")
    return image.convert("L") if image.mode == "1" else image


def _block(info: Mapping[Any, Any], name: str) -> bytes:
    block = info.get(name)
    return block if isinstance(block, bytes) else b""


def take_turns(by: AbstractContextManager[Any]) -> None:
    """Let large photos wait for one another by another lock than this process's own.

    Parameters
    ----------
    by
        Held while one is decoded.
    """
    _turns.set(by)


def _turn(need_bytes: int) -> AbstractContextManager[Any]:
    """Return a context in which a photo of this need may be decoded: large ones wait for one another."""
    return (_turns.get() or _in_this_process) if need_bytes > HEAVY_BYTES else nullcontext()


@contextmanager
def _only_input_errors(kind: PhotoKind, data: bytes) -> Iterator[None]:
    """Turn whatever a reader raises over a broken file into what can be told the sender."""
    hush_pillow()
    try:
        yield
    except InvalidInputError:
        raise
    except MemoryError as error:
        raise UnavailableError("no memory for a photo", code="photo_busy") from error
    except Exception as error:  # readers of broken files raise nearly anything
        if is_cut_short(kind, data) or "truncated" in str(error):
            raise InvalidInputError(
                "the photo's end is missing", code="photo_truncated", field="photo"
            ) from error
        raise InvalidInputError("the photo can't be read", code="photo_damaged", field="photo") from error


def hush_pillow() -> None:
    """Leave Pillow's warnings unheard: they are about files that people send, and none is an error of the service.

    Done anew at each photo, because filters set later would go before this one; done twice, it changes nothing.
    """
    warnings.filterwarnings("ignore", module=r"PIL\.")
