"""Photos of every accepted kind become clean, upright renditions; everything else is refused with its code."""

from __future__ import annotations

import hashlib
import warnings
import zlib
from io import BytesIO
from typing import Any

import pillow_heif
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from gis.errors import InvalidInputError, TooLargeError, UnsupportedMediaError
from gis.intake import decode_photo, prepare_photo
from gis.settings import PhotoSettings
from tests import photos

LIMITS = PhotoSettings()
GPS = photos.gps_at(123.4155, 41.7893, heading=87.5)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(
    ("kind", "media_type", "options"),
    [
        ("JPEG", "image/jpeg", {"quality": 90}),
        ("JPEG", "image/jpeg", {"progressive": True}),
        ("PNG", "image/png", {}),
        ("WEBP", "image/webp", {"quality": 90}),
        ("WEBP", "image/webp", {"lossless": True}),
        ("HEIF", "image/heic", {"quality": 90}),
    ],
)
def test_every_accepted_kind(kind: str, media_type: str, options: dict[str, Any]) -> None:
    data = photos.encoded(kind=kind, exif=photos.exif(gps=GPS, make="Acme"), **options)
    photo = decode_photo(data, LIMITS)
    assert (photo.media_type, photo.width, photo.height) == (media_type, 640, 480)
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert photo.original == data
    assert photo.exif.lon == pytest.approx(123.4155, abs=1e-5)
    assert photo.exif.heading_deg == 87.5
    assert len(photo.perceptual_hash) == 16
    assert opened(photo.view).size == (640, 480)
    assert opened(photo.thumb).size == (320, 240)
    assert photos.upright(opened(photo.view))
    assert photos.upright(opened(photo.thumb))


def test_renditions_carry_nothing_but_pixels() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    block = photos.exif(gps=GPS, make="SECRETCAM", artist="SECRETNAME", shot={0xA431: "SECRET-SERIAL"})
    for kind in ("JPEG", "WEBP", "PNG", "HEIF"):
        data = photos.encoded(
            kind=kind, exif=block, icc_profile=profile, xmp=b"<x>SECRETXMP</x>", comment=b"SECRETWORD"
        )
        assert b"SECRET" in data
        photo = decode_photo(data, LIMITS)
        for rendition in (photo.view, photo.thumb):
            assert b"SECRET" not in rendition
            assert set(opened(rendition).info) <= {
                "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression",
            }  # fmt: skip
            assert not opened(rendition).getexif()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_orientation_is_applied(kind: str, orientation: int) -> None:
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Transpose values that undo each orientation
    stored = photos.scene()
    if orientation in back:
        stored = stored.transpose(Image.Transpose(back[orientation]))
    photo = decode_photo(photos.encoded(stored, kind, exif=photos.exif(orientation=orientation)), LIMITS)
    assert (photo.width, photo.height) == (640, 480)
    assert photos.upright(opened(photo.view))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_heic_is_turned_once(orientation: int) -> None:
    """The writer turns EXIF orientation into the file's own rotation, as phones do, and keeps both."""
    pillow_heif.register_heif_opener()
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = photos.scene()
    if orientation in back:
        stored = stored.transpose(Image.Transpose(back[orientation]))
    data = photos.encoded(stored, "HEIF", exif=photos.exif(orientation=orientation), quality=90)
    photo = decode_photo(data, LIMITS)
    assert (photo.width, photo.height) == (640, 480)
    assert photos.upright(opened(photo.view))


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_impossible_orientation_is_passed_over(orientation: int) -> None:
    photo = decode_photo(photos.encoded(exif=photos.exif(orientation=orientation)), LIMITS)
    assert photos.upright(opened(photo.view))


@pytest.mark.parametrize("size", [(4000, 3000), (3000, 4000), (1921, 1920), (1920, 1), (1, 5000), (1, 1)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_sizes(kind: str, size: tuple[int, int]) -> None:
    photo = decode_photo(photos.encoded(Image.new("RGB", size, photos.RED), kind), LIMITS)
    assert (photo.width, photo.height) == size
    for rendition, longer in ((photo.view, LIMITS.view_px), (photo.thumb, LIMITS.thumb_px)):
        shown = opened(rendition)
        assert max(shown.size) == min(longer, max(size))
        assert min(shown.size) >= 1
        assert photos.alike(photos.corner(shown, "top left"), photos.RED)


@pytest.mark.parametrize("size", [(3300, 2100), (1700, 3301)])
def test_large_photos_keep_their_picture(size: tuple[int, int]) -> None:
    for kind in ("JPEG", "PNG", "WEBP", "HEIF"):
        quick = {"enc_params": {"preset": "ultrafast"}} if kind == "HEIF" else {}
        photo = decode_photo(photos.encoded(photos.scene(*size), kind, **quick), LIMITS)
        assert (photo.width, photo.height) == size
        assert photos.upright(opened(photo.view))


MODES = {
    "1": photos.RED, "L": photos.RED, "LA": photos.RED, "P": photos.RED, "RGBA": photos.RED, "CMYK": photos.RED,
}  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("1", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("RGBA", "PNG"), ("I;16", "PNG"),
        ("L", "JPEG"), ("CMYK", "JPEG"), ("RGBA", "WEBP"), ("L", "HEIF"), ("RGBA", "HEIF"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [(64, 48), (3300, 2000)])
def test_modes(mode: str, kind: str, size: tuple[int, int]) -> None:
    if kind == "HEIF":
        size = (330, 200)  # its encoder is slow
    if mode == "I;16":
        image = Image.new("I;16", size, 40_000)
    else:
        image = Image.new("RGB", size, photos.RED).convert(mode)
    limits = LIMITS if kind != "HEIF" else PhotoSettings(view_px=32)
    photo = decode_photo(photos.encoded(image, kind), limits)
    shown = photos.corner(opened(photo.view), "top left")
    if mode in ("P", "RGBA", "CMYK"):
        assert photos.alike(shown, photos.RED, by=60)
    elif mode == "I;16":
        assert photos.alike(shown, (156, 156, 156), by=3)
    elif mode in ("L", "LA"):
        assert photos.alike(shown, (86, 86, 86), by=6)


@pytest.mark.parametrize("size", [(64, 48), (3300, 2000)])
def test_transparent_is_white(size: tuple[int, int]) -> None:
    clear = Image.new("RGBA", size, (0, 0, 0, 0))
    for kind in ("PNG", "WEBP"):
        photo = decode_photo(
            photos.encoded(clear, kind, **({"exact": True} if kind == "WEBP" else {})), LIMITS
        )
        assert photos.alike(photos.corner(opened(photo.view), "top left"), (255, 255, 255), by=3)
    palette = Image.new("P", size, 0)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    photo = decode_photo(photos.encoded(palette, "PNG", transparency=b"\0\xff"), LIMITS)
    assert photos.alike(photos.corner(opened(photo.view), "top left"), (255, 255, 255), by=3)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animation_shows_its_first_frame(kind: str) -> None:
    later = [Image.new("RGB", (640, 480), photos.BLUE)] * 3
    photo = decode_photo(photos.encoded(photos.scene(), kind, save_all=True, append_images=later), LIMITS)
    assert photos.upright(opened(photo.view))


def test_colours_become_srgb() -> None:
    """A profile in which red and green change places shows that it is applied."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"\0s\0R\0G\0B", b"\0t\0E\0S\0T")
    swapped = swapped.replace(b"rXYZ", b"hold").replace(b"gXYZ", b"rXYZ").replace(b"hold", b"gXYZ")
    for kind in ("JPEG", "PNG", "WEBP", "HEIF"):
        photo = decode_photo(photos.encoded(kind=kind, icc_profile=swapped), LIMITS)
        red_became, green_became = (
            photos.corner(opened(photo.view), f"top {side}") for side in ("left", "right")
        )
        assert red_became[1] > red_became[0] + 100
        assert green_became[0] > green_became[1] + 100


def test_profiles_that_do_not_fit_are_passed_over() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (lab, b"junk" * 100):
        assert photos.upright(opened(decode_photo(photos.encoded(icc_profile=profile), LIMITS).view))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo_empty"),
        (b"hello, this is a text named photo.jpg", "photo_not_an_image"),
        (b"\xff\xd8", "photo_not_an_image"),
        (b"\0" * 4096, "photo_not_an_image"),
        (b"PK\x03\x04" + b"\0" * 64, "photo_not_an_image"),
        (b"<html><script>alert(1)</script>", "photo_not_an_image"),
        (b"MZ" + photos.encoded(), "photo_not_an_image"),
        (photos.encoded(kind="GIF"), "photo_kind_not_accepted"),
        (b"GIF89a/*" + photos.encoded(), "photo_kind_not_accepted"),
        (photos.encoded(kind="BMP"), "photo_kind_not_accepted"),
        (photos.encoded(kind="TIFF"), "photo_kind_not_accepted"),
        (photos.encoded(kind="AVIF"), "photo_kind_not_accepted"),
        (photos.encoded(kind="JPEG2000"), "photo_kind_not_accepted"),
        (photos.encoded(kind="PDF"), "photo_kind_not_accepted"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "photo_kind_not_accepted"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"\0" * 64, "photo_kind_not_accepted"),
        (b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 32, "photo_not_an_image"),
        (b"\xff\xd8\xff\xe0" + b"junk" * 50, "photo_truncated"),
        (photos.encoded()[:2000], "photo_truncated"),
        (photos.encoded(progressive=True)[:-400], "photo_truncated"),
        (photos.encoded(kind="PNG")[:1500], "photo_truncated"),
        (photos.encoded(kind="WEBP")[:1500], "photo_truncated"),
        (photos.encoded(kind="HEIF")[:900], "photo_truncated"),
        (photos.encoded(kind="HEIF")[:30], "photo_truncated"),
        (photos.encoded(kind="PNG").replace(b"IHDR", b"IHDX"), "photo_damaged"),
    ],
)
def test_refused(data: bytes, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        decode_photo(data, LIMITS)
    assert refused.value.code == code
    assert isinstance(refused.value, UnsupportedMediaError) == (
        code in ("photo_not_an_image", "photo_kind_not_accepted")
    )


def test_refused_kind_is_named() -> None:
    with pytest.raises(UnsupportedMediaError) as refused:
        decode_photo(photos.encoded(kind="GIF"), LIMITS)
    assert refused.value.values["kind"] == "GIF"


def test_too_many_bytes() -> None:
    limits = PhotoSettings(max_bytes=1000)
    with pytest.raises(TooLargeError) as refused:
        decode_photo(photos.encoded(), limits)
    assert refused.value.code == "photo_too_many_bytes"
    assert refused.value.values["max_megabytes"] == 0.001


def _with_size(kind: str, width: int, height: int) -> bytes:
    """Return a small file whose header states a size."""
    data = bytearray(
        photos.encoded(Image.new("RGB", (64, 64)), kind, **({"lossless": True} if kind == "WEBP" else {}))
    )
    match kind:
        case "PNG":
            data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
            data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
        case "JPEG":
            at = data.index(b"\xff\xc0") + 5
            data[at : at + 4] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
        case "WEBP":
            data[21:25] = (width - 1 | height - 1 << 14).to_bytes(4, "little")
        case _:
            at = data.index(b"ispe") + 8
            data[at : at + 8] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "HEIF"])
def test_too_many_pixels_by_the_header(kind: str) -> None:
    with pytest.raises(TooLargeError) as refused:
        decode_photo(_with_size(kind, 16000, 16000), LIMITS)
    assert refused.value.code == "photo_too_many_pixels"
    assert refused.value.values["max_megapixels"] == 64
    with pytest.raises(TooLargeError) as refused:
        decode_photo(photos.encoded(kind=kind), PhotoSettings(max_pixels=640 * 480 - 1))
    assert refused.value.values["width"] == 640


def test_heic_larger_than_its_header_says() -> None:
    data = photos.encoded(photos.scene(800, 600), "HEIF")
    at = data.index(b"ispe") + 8
    lying = data[:at] + (64).to_bytes(4, "big") * 2 + data[at + 8 :]
    with pytest.raises(InvalidInputError) as refused:
        decode_photo(lying, LIMITS)
    assert refused.value.code == "photo_damaged"


def test_vp8x_canvas_is_checked_before_the_decoder_sees_it() -> None:
    data = bytearray(photos.encoded(kind="WEBP", exif=photos.exif(orientation=1)))
    assert data[12:16] == b"VP8X"
    data[24:30] = (16383).to_bytes(3, "little") * 2
    with pytest.raises(TooLargeError):
        decode_photo(bytes(data), LIMITS)


def test_png_text_bomb() -> None:
    text = PngImagePlugin.PngInfo()
    for number in range(80):
        text.add_text(f"k{number}", "0" * 1_000_000, zip=True)
    try:
        photo = decode_photo(photos.encoded(kind="PNG", pnginfo=text), LIMITS)
    except InvalidInputError as error:
        assert error.code == "photo_damaged"  # noqa: PT017
    else:
        assert len(photo.view) < 200_000


def test_jpeg_of_endless_scans() -> None:
    data = photos.encoded(photos.scene(64, 48), progressive=True)
    scan = data.rindex(b"\xff\xda")
    endless = data[:scan] + data[scan:-2] * 500 + data[-2:]
    with pytest.raises(InvalidInputError) as refused:
        decode_photo(endless, LIMITS)
    assert refused.value.code == "photo_damaged"


def test_bytes_after_the_picture_reach_no_rendition() -> None:
    """Phones append videos and second pictures, so does who wants to smuggle: neither is served."""
    photo = decode_photo(photos.encoded() + b"<script>SMUGGLED</script>" + photos.encoded(), LIMITS)
    assert b"SMUGGLED" not in photo.view
    assert photos.upright(opened(photo.view))


def test_alike_photos_have_alike_hashes() -> None:
    one = decode_photo(photos.encoded(quality=95), LIMITS)
    smaller = decode_photo(photos.encoded(photos.scene().resize((320, 240)), "WEBP"), LIMITS)
    other = decode_photo(photos.encoded(photos.scene().transpose(Image.Transpose.ROTATE_90)), LIMITS)
    bits = [int(photo.perceptual_hash, 16) for photo in (one, smaller, other)]
    assert (bits[0] ^ bits[1]).bit_count() <= 6
    assert (bits[0] ^ bits[2]).bit_count() > 12


def test_warnings_stay_inside() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        decode_photo(photos.encoded(exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x01" * 40), LIMITS)


async def test_prepared_beside_the_event_loop() -> None:
    photo = await prepare_photo(photos.encoded(), LIMITS)
    assert photo.media_type == "image/jpeg"
    with pytest.raises(InvalidInputError) as refused:
        await prepare_photo(b"", LIMITS)
    assert refused.value.code == "photo_empty"
