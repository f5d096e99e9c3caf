"""EXIF is read as a hint: signs, references and zones are right, and whatever is broken is left out."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from PIL.TiffImagePlugin import IFDRational

from gis.crs import metric_crs
from gis.intake import ExifHint, exif_disagreement_m
from gis.intake.exif import read_exif
from gis.words import Position
from tests import photos

SHANGHAI = timezone(timedelta(hours=8))
LAT, LON = (
    (2, 5, 3, photos.rationals((41, 1), (47, 1), (20, 1))),
    (4, 5, 3, photos.rationals((123, 1), (25, 1), (0, 1))),
)
NORTH, EAST = (1, 2, 2, b"N\0"), (3, 2, 2, b"E\0")


@pytest.mark.parametrize("lon", [123.41541, -74.48991, 0.00028, -179.99])
@pytest.mark.parametrize("lat", [41.78901, -41.78901, 0.5, 89.9])
def test_position_with_its_signs(lon: float, lat: float) -> None:
    hint, _ = read_exif(photos.exif(gps=photos.gps_at(lon, lat)))
    assert hint.lon == pytest.approx(lon, abs=2e-6)
    assert hint.lat == pytest.approx(lat, abs=2e-6)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ((IFDRational(41789, 1000),), 41.789),
        ((IFDRational(41, 1), IFDRational(4734, 100)), 41.789),
        ((IFDRational(41, 1), IFDRational(47, 1), IFDRational(204, 10)), 41.789),
    ],
)
def test_degrees_may_have_one_two_or_three_parts(stated: tuple[IFDRational, ...], expected: float) -> None:
    hint, _ = read_exif(photos.exif(gps=photos.gps_at(123.4, 41.7) | {2: stated}))
    assert hint.lat == pytest.approx(expected)


@pytest.mark.parametrize(
    ("heading", "reference", "expected"),
    [
        (0, "T", (0, "T")),
        (359.99, "M", (359.99, "M")),
        (360, "T", (0, "T")),
        (90, "x", (90, None)),
        (361, "T", (None, None)),
    ],
)
def test_heading(heading: float, reference: str, expected: tuple[float | None, str | None]) -> None:
    hint, _ = read_exif(photos.exif(gps=photos.gps_at(1, 1, heading=heading, reference=reference)))
    assert (hint.heading_deg, hint.heading_reference) == expected


@pytest.mark.parametrize(
    ("shot", "gps", "expected"),
    [
        ({0x9003: "2026:06:03 12:00:00", 0x9011: "+08:00"}, {}, datetime(2026, 6, 3, 12, tzinfo=SHANGHAI)),
        ({0x9003: "2026:06:03 12:00:00", 0x9011: "nonsense"}, {}, datetime(2026, 6, 3, 12)),  # noqa: DTZ001
        ({0x9003: "2026:06:03 12:00:00"}, {}, datetime(2026, 6, 3, 12)),  # noqa: DTZ001
        (
            {0x9003: "2026:06:03 12:00:00"},
            {29: "2026:06:03", 7: (IFDRational(4, 1), IFDRational(0, 1), IFDRational(5, 1))},
            datetime(2026, 6, 3, 4, 0, 5, tzinfo=UTC),
        ),
        ({0x9003: "0000:00:00 00:00:00"}, {}, None),
        ({0x9003: "1826:06:03 12:00:00"}, {}, None),
        ({0x9003: "2026:13:40 12:00:00"}, {}, None),
        ({}, {29: "2026:06:03", 7: (IFDRational(99, 1), IFDRational(0, 1), IFDRational(0, 1))}, None),
        ({}, {29: "2026:06:03"}, None),
    ],
)
def test_time(shot: dict[int, Any], gps: dict[int, Any], expected: datetime | None) -> None:
    hint, _ = read_exif(photos.exif(shot=shot, gps=gps))
    assert hint.taken_at == expected
    assert hint.taken_at is None or expected is None or hint.taken_at.tzinfo == expected.tzinfo


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"Exif\0\0",
        b"Exif\0\0II",
        b"nonsense" * 20,
        b"Exif\0\0II*\0" + b"\xff" * 60,
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\0" * 60,
        b"Exif\0\0II*\0\x08\0\0\0\x01\0"
        + struct.pack("<HHII", 0x8825, 4, 1, 8)
        + bytes(4),  # points at itself
        b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0x8825, 4, 1, 0xFFFFFFF0) + bytes(4),
        photos.raw_gps(),
        photos.raw_gps(LAT, LON),  # no references: which half of the world is not known
        photos.raw_gps(NORTH, LAT),
        photos.raw_gps((1, 2, 2, b"Q\0"), LAT, EAST, LON),
        photos.raw_gps((1, 5, 1, photos.rationals((1, 1))), LAT, EAST, LON),
        photos.raw_gps(NORTH, (2, 2, 4, b"abc\0"), EAST, LON),
        photos.raw_gps(NORTH, (2, 7, 24, LAT[3]), EAST, LON),
        photos.raw_gps(NORTH, (2, 5, 3, photos.rationals((41, 0), (47, 1), (20, 1))), EAST, LON),
        photos.raw_gps(NORTH, (2, 5, 3, photos.rationals((0, 0), (0, 0), (0, 0))), EAST, LON),
        photos.raw_gps(NORTH, (2, 5, 3, photos.rationals((91, 1), (0, 1), (0, 1))), EAST, LON),
        photos.raw_gps(NORTH, (2, 5, 3, photos.rationals((41, 1), (99, 1), (0, 1))), EAST, LON),
        photos.raw_gps(NORTH, (2, 10, 3, struct.pack("<6i", -41, 1, 47, 1, 0, 1)), EAST, LON),
        photos.raw_gps(NORTH, (2, 12, 3, struct.pack("<3d", float("nan"), 0, 0)), EAST, LON),
        photos.raw_gps(NORTH, (2, 12, 3, struct.pack("<3d", float("inf"), 0, 0)), EAST, LON),
        photos.raw_gps(NORTH, LAT, EAST, (4, 5, 3, photos.rationals((181, 1), (0, 1), (0, 1)))),
        photos.raw_gps(NORTH, LAT, EAST, (4, 5, 4, photos.rationals((1, 1), (0, 1), (0, 1), (0, 1)))),
        photos.raw_gps(NORTH, (2, 5, 3, bytes(4) + photos.rationals((0, 1))), EAST, (4, 5, 3, b"")),
        photos.exif(gps={1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}),  # no fix yet
        b"Exif\0\0II*\0" + b"\0" * 300_000,
    ],
)
def test_what_is_broken_is_left_out(block: bytes) -> None:
    hint, orientation = read_exif(block)
    assert (hint.lon, hint.lat) == (None, None)
    assert orientation == 1


def test_one_broken_part_hides_no_other() -> None:
    block = photos.raw_gps(NORTH, LAT, EAST, LON, (17, 5, 1, photos.rationals((90, 0))), (7, 2, 4, b"noon"))
    hint, _ = read_exif(block)
    assert hint.lon == pytest.approx(123.41667, abs=1e-5)
    assert hint.lat == pytest.approx(41.78889, abs=1e-5)
    assert (hint.heading_deg, hint.taken_at) == (None, None)


def test_lower_case_and_padded_references_are_read() -> None:
    hint, _ = read_exif(photos.raw_gps((1, 2, 2, b"s\0"), LAT, (3, 2, 2, b"w\0"), LON))
    assert hint.lat is not None
    assert hint.lat < 0
    assert hint.lon is not None
    assert hint.lon < 0


def test_json_holds_only_what_is_known() -> None:
    assert ExifHint().as_json() == {}
    hint = ExifHint(123.4, 41.7, 90.0, "M", datetime(2026, 6, 3, 12, tzinfo=SHANGHAI))
    assert hint.as_json(12.345) == {
        "lon": 123.4,
        "lat": 41.7,
        "heading_deg": 90.0,
        "heading_reference": "M",
        "taken_at": "2026-06-03T12:00:00+08:00",
        "distance_m": 12.3,
    }


def test_disagreement() -> None:
    project = metric_crs(4550).project
    stated = Position(123.415, 41.789)
    assert exif_disagreement_m(ExifHint(), stated, project) is None
    assert exif_disagreement_m(ExifHint(123.415, 41.789), stated, project) == 0
    near = exif_disagreement_m(ExifHint(123.416, 41.789), stated, project)
    assert near == pytest.approx(83.1, abs=0.3)
    elsewhere = exif_disagreement_m(ExifHint(-122.576, 45.511), stated, project)
    assert elsewhere == pytest.approx(8.55e6, rel=0.05)
    opposite = exif_disagreement_m(ExifHint(-56.585, -41.789), stated, project)
    assert opposite == pytest.approx(20_015_000, rel=0.001)
    broken = exif_disagreement_m(ExifHint(123.416, 41.789), stated, lambda *_: (float("inf"), 0.0))
    assert broken == pytest.approx(83, abs=1)
