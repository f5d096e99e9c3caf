"""Datums, the door for positions, metric coordinates."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import shapely

from gis.crs import (
    choose_metric_srid,
    from_wgs84,
    metric_crs,
    parse_position,
    parse_srid,
    to_wgs84,
    transform_datum,
)
from gis.errors import InvalidInputError
from gis.words import Datum, PositionSource

CITIES = Path(__file__).parents[3] / "shared/data/coord/gcoord_china-cities.json"
SHIFTED = [Datum.GCJ02, Datum.BD09]


def apart_m(lon, lat, other_lon, other_lat):
    east = (np.asarray(lon) - other_lon) * 111_320.0 * np.cos(np.radians(lat))
    return np.hypot(east, (np.asarray(lat) - other_lat) * 111_320.0)


@pytest.mark.skipif(not CITIES.is_file(), reason="the shared data folder is not there")
@pytest.mark.parametrize(("datum", "key"), [(Datum.GCJ02, "GCJ02"), (Datum.BD09, "BD09")])
def test_agrees_with_published_places(datum, key):
    places = json.loads(CITIES.read_text("utf-8"))
    wgs = np.array([place["coords"]["WGS84"] for place in places])
    theirs = np.array([place["coords"][key] for place in places])
    lon, lat = from_wgs84(wgs[:, 0], wgs[:, 1], datum)
    assert apart_m(lon, lat, theirs[:, 0], theirs[:, 1]).max() < 0.8
    lon, lat = to_wgs84(theirs[:, 0], theirs[:, 1], datum)
    assert apart_m(lon, lat, wgs[:, 0], wgs[:, 1]).max() < 0.8


@pytest.mark.parametrize("datum", SHIFTED)
def test_shenyang_is_shifted_as_far_as_known(datum):
    lon, lat = from_wgs84(123.415, 41.789, datum)
    shift = apart_m(lon, lat, 123.415, 41.789)
    low, high = {Datum.GCJ02: (360, 700), Datum.BD09: (950, 1400)}[datum]
    assert low < shift < high


@pytest.mark.parametrize("datum", SHIFTED)
@pytest.mark.parametrize(("lon", "lat"), [(2.35, 48.86), (-73.9, 40.7), (151.2, -33.9), (0.0, 0.0)])
def test_no_shift_outside_china(datum, lon, lat):
    assert from_wgs84(lon, lat, datum) == (lon, lat)
    assert to_wgs84(lon, lat, datum) == (lon, lat)


def test_cgcs2000_is_taken_as_wgs84():
    assert to_wgs84(123.415, 41.789, Datum.CGCS2000) == (123.415, 41.789)


def test_geometries_are_shifted_and_lose_height():
    point = np.array([shapely.from_wkt("POINT Z (123.421 41.791 12)")], dtype=object)
    moved = transform_datum(point, Datum.GCJ02)[0]
    lon, lat = to_wgs84(123.421, 41.791, Datum.GCJ02)
    assert not moved.has_z
    assert (moved.x, moved.y) == pytest.approx((lon, lat), abs=1e-12)


def test_position_keeps_what_was_stated():
    position = parse_position("123.421", "41.791", "GCJ-02", accuracy_m="12", heading_deg=360, source="exif")
    assert (position.stated_lon, position.stated_lat, position.stated_datum) == (123.421, 41.791, Datum.GCJ02)
    assert apart_m(position.lon, position.lat, 123.421, 41.791) > 300
    assert (position.accuracy_m, position.heading_deg) == (12.0, 0.0)
    assert position.source is PositionSource.EXIF


@pytest.mark.parametrize("accuracy", [None, "", 0, 0.0])
def test_no_accuracy_is_no_accuracy(accuracy):
    assert parse_position(123.4, 41.8, accuracy_m=accuracy).accuracy_m is None


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (None, 41.8, "position_missing"),
        (123.4, "", "position_missing"),
        (math.nan, 41.8, "position_not_finite"),
        (123.4, math.inf, "position_not_finite"),
        ("east", 41.8, "position_not_finite"),
        (True, 41.8, "position_not_finite"),
        ([1], 41.8, "position_not_finite"),
        (10**400, 41.8, "position_not_finite"),
        (41.8, 123.4, "position_swapped"),
        (40.0, 80.1, "position_swapped"),
        (181, 41.8, "position_out_of_range"),
        (10, -91, "position_out_of_range"),
    ],
)
def test_bad_positions_are_refused(lon, lat, code):
    with pytest.raises(InvalidInputError) as refused:
        parse_position(lon, lat)
    assert refused.value.code == code
    assert refused.value.field in {"lon", "lat"}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"datum": "mars"}, "datum_unknown"),
        ({"accuracy_m": -1}, "accuracy_invalid"),
        ({"accuracy_m": math.nan}, "accuracy_invalid"),
        ({"accuracy_m": "far"}, "accuracy_invalid"),
        ({"heading_deg": -1}, "heading_invalid"),
        ({"heading_deg": 361}, "heading_invalid"),
        ({"heading_deg": math.nan}, "heading_invalid"),
        ({"source": "guess"}, "source_unknown"),
    ],
)
def test_bad_statements_are_refused(options, code):
    with pytest.raises(InvalidInputError) as refused:
        parse_position(123.4, 41.8, **options)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("lon", "lat", "srid"),
    [
        (123.4, 41.8, 4550),
        (116.3, 40.0, 4548),
        (7.42, 43.73, 32632),
        (151.2, -33.9, 32756),
        (179.99, 0, 32660),
    ],
)
def test_metric_crs_is_chosen_by_place(lon, lat, srid):
    assert choose_metric_srid(lon, lat) == srid


def test_the_zone_of_123_east_is_4550():
    """EPSG:4549 is the zone of 120 E: measured there, Shenyang's lengths are a thousandth too long."""
    x, y = metric_crs(4550).project(np.array([123.0, 123.41, 123.42]), np.array([41.8, 41.8, 41.8]))
    assert x[0] == pytest.approx(500_000.0, abs=1e-6)
    assert np.hypot(x[2] - x[1], y[2] - y[1]) == pytest.approx(831.1, abs=0.2)


def test_metric_crs_round_trips_and_is_kept():
    metric = metric_crs(4550)
    assert metric_crs(4550) is metric
    assert metric.unproject(*metric.project(123.415, 41.789)) == pytest.approx((123.415, 41.789), abs=1e-10)
    box = np.array([shapely.box(123.41, 41.78, 123.42, 41.79)], dtype=object)
    back = metric.unproject_geometries(metric.project_geometries(box))[0]
    assert back.equals_exact(box[0], 1e-10)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EPSG:999999", "metric_crs_unknown"),
        ("metres", "metric_crs_unknown"),
        (4326, "metric_crs_not_metric"),
        ("EPSG:2261", "metric_crs_not_metric"),
    ],
)
def test_unusable_coordinate_systems_are_refused(text, code):
    with pytest.raises(InvalidInputError) as refused:
        parse_srid(text)
    assert refused.value.code == code
