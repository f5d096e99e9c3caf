"""Photos are decoded in processes of their own: what is too much ends the decoder, and the service notices nothing."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.errors import InvalidInputError
from gis.intake import decode_photo
from gis.intake.decoders import Decoders
from gis.settings import PhotoSettings
from tests import photos
from tests.abuse.malformed import bomb, resident_mb

LIMITS = PhotoSettings()


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    """Give decoders of this module's own."""
    found = Decoders()
    yield found
    found.close()


def refused(decoders: Decoders, data: bytes, limits: PhotoSettings = LIMITS) -> str:
    with pytest.raises(InvalidInputError) as caught:
        decoders.decode(data, limits)
    return caught.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_the_same_as_in_this_process(decoders: Decoders, kind: str) -> None:
    block = photos.exif(
        orientation=6, gps=photos.gps_at(123.4, 41.8, heading=10), shot={0x9003: "2026:06:03 12:00:00"}
    )
    data = photos.encoded(kind=kind, exif=block)
    assert decoders.decode(data, LIMITS) == decode_photo(data, LIMITS)


def test_refusals_come_through(decoders: Decoders) -> None:
    for data in (b"x", photos.encoded()[:900], photos.encoded(kind="GIF"), photos.encoded()[:2]):
        with pytest.raises(InvalidInputError) as here:
            decode_photo(data, LIMITS)
        with pytest.raises(type(here.value)) as there:
            decoders.decode(data, LIMITS)
        one, other = here.value, there.value
        assert (one.code, one.field, dict(one.values)) == (other.code, other.field, dict(other.values))


def test_a_bomb_is_refused_and_costs_the_service_nothing(decoders: Decoders) -> None:
    decoders.decode(photos.encoded(), LIMITS)
    before = resident_mb()
    for kind in ("PNG", "WEBP"):
        assert refused(decoders, bomb(kind, 30_000, 30_000)) == "photo_too_many_pixels"
    large = bomb("WEBP", 6000, 6000)
    assert decoders.decode(large, LIMITS).width == 6000
    assert resident_mb() - before < 40


def test_time_is_limited(decoders: Decoders) -> None:
    costly = bomb("WEBP", 6000, 6000)
    for limits in (PhotoSettings(decode_cpu_s=0.05), PhotoSettings(decode_wait_s=0.05)):
        assert refused(decoders, costly, limits) == "photo_too_costly"
    assert decoders.decode(photos.encoded(), LIMITS).width == 640


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF"])
def test_memory_is_limited(decoders: Decoders, kind: str) -> None:
    costly = bomb(kind, 2400, 2400)
    assert refused(decoders, costly, PhotoSettings(decode_bytes=8_000_000)) in {
        "photo_too_costly",
        "photo_damaged",  # libheif and libwebp say no more than that they could not
    }
    assert decoders.decode(costly, LIMITS).width == 2400


def test_one_that_was_ended_by_somebody_else_is_replaced(decoders: Decoders) -> None:
    decoders.decode(photos.encoded(), LIMITS)
    laboratory, decoder, *_ = decoders.numbers()
    os.kill(decoder, signal.SIGKILL)
    assert decoders.decode(photos.encoded(), LIMITS).width == 640
    os.kill(laboratory, signal.SIGKILL)
    for number in decoders.numbers()[1:]:
        os.kill(number, signal.SIGKILL)
    assert decoders.decode(photos.encoded(), LIMITS).width == 640


def test_decoders_that_all_were_ended_cost_no_photo(decoders: Decoders) -> None:
    data = photos.encoded()
    together = [threading.Thread(target=lambda: decoders.decode(data, LIMITS)) for _ in range(3)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    for number in decoders.numbers()[1:]:
        os.kill(number, signal.SIGKILL)
    assert decoders.decode(data, LIMITS).width == 640


def test_several_at_once(decoders: Decoders) -> None:
    data, found = photos.encoded(), []
    waiting = [
        threading.Thread(target=lambda: found.append(decoders.decode(data, LIMITS).sha256)) for _ in range(4)
    ]
    for one in waiting:
        one.start()
    for one in waiting:
        one.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_ctrl_c_is_for_the_service_alone(decoders: Decoders) -> None:
    """Whenever it comes: while the laboratory began, its traceback stood among what the service says."""
    decoders.decode(photos.encoded(), LIMITS)
    assert os.getpgrp() not in {os.getpgid(number) for number in decoders.numbers()}


@pytest.mark.skipif(not Path("/proc").exists(), reason="Linux tells what a process knows")
def test_a_decoder_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:secret@localhost/x")
    monkeypatch.setenv("WEIWANG_IDENTITY__KEYS", '["secret"]')
    decoders = Decoders()
    try:
        decoders.decode(photos.encoded(), LIMITS)
        for number in decoders.numbers():
            folder = Path("/proc") / str(number)
            assert b"secret" not in (folder / "environ").read_bytes()
        limits = (folder / "limits").read_text()
        assert "Max file size             0 " in limits
        opened = [str(one.readlink()) for one in (folder / "fd").iterdir()]
        assert sum("socket:" in one for one in opened) <= 2
    finally:
        decoders.close()
