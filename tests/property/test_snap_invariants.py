"""What holds for every position: exactly one micro-grid and one grid inside; snapping what was snapped changes nothing."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas import area_rows, read_vector
from gis.crs import from_wgs84, metric_crs, to_wgs84
from gis.snap import Areas, PlaceIndex, snap
from gis.snap.index import Named, PlaceArrays
from gis.streets import read_osm
from gis.words import Datum, Level
from tests.drawing import ids
from tests.extent import examples

DEMO = "data/boundaries"
SHIFTED = st.sampled_from([Datum.GCJ02, Datum.BD09])
FRACTION = st.floats(0.0, 1.0)


@cache
def demo() -> PlaceIndex:
    """Return an index of the demo community, straight from its files."""

    def level(name: str, kind: Level) -> Areas:
        rows = area_rows(read_vector(f"{DEMO}/{name}.geojson"), kind, name)
        order = sorted(range(len(rows)), key=lambda row: rows.code[row])
        return Areas(
            ids(kind, [rows.code[row] for row in order]),
            [rows.code[row] for row in order],
            [rows.name[row] for row in order],
            [rows.parent_code[row] for row in order],
            rows.geometry[order],
        )

    extract = read_osm(f"{DEMO}/heping-demo.osm")
    buildings, segments = extract.buildings, extract.segments
    return PlaceIndex(
        PlaceArrays(
            level("community", Level.COMMUNITY),
            level("grids", Level.GRID),
            level("micro_grids", Level.MICRO_GRID),
            level("courtyards", Level.COURTYARD),
            Named(ids("b", buildings.ref), buildings.ref, buildings.name, buildings.geometry),
            Named(ids("s", segments.ref), segments.ref, segments.name, segments.geometry),
            segments.kind,
            extract.stairwells.geometry,
            extract.stairwells.building,
        ),
        metric_crs(4550),
    )


def inner_point(across: float, up: float) -> tuple[float, float]:
    """Return a point inside the community, metres: of a raster over its bounds the one inside, or the nearest inside."""
    index = demo()
    west, south, east, north = shapely.bounds(index.community[0])
    point = shapely.Point(west + across * (east - west), south + up * (north - south))
    inside = shapely.ops.nearest_points(index.community[0], point)[0]
    return float(inside.x), float(inside.y)


@settings(max_examples=examples(150), deadline=None)
@given(FRACTION, FRACTION, st.floats(0.5, 200.0) | st.none(), st.floats(0, 360) | st.none())
def test_every_interior_point_has_exactly_one_micro_grid_and_grid(across, up, accuracy_m, heading_deg):
    index = demo()
    x, y = inner_point(across, up)
    holding = np.flatnonzero(shapely.distance(index.cells, shapely.Point(x, y)) < 1e-6)
    assert len(holding) >= 1
    containing = index.containing(np.array([x]), np.array([y]))
    assert containing[0] == np.flatnonzero(shapely.distance(index.cells, shapely.Point(x, y)) <= 0.001).min()
    lon, lat = index.metric.unproject(x, y)
    snapped = snap(index, lon, lat, accuracy_m, heading_deg)
    assert snapped.outside_m[0] < 1e-6
    assert snapped.micro_grid[0] >= 0
    assert snapped.grid[0] == index.cell_grid[snapped.micro_grid[0]]
    assert 0.0 < snapped.micro_grid_probability[0] <= 1.0 + 1e-9
    assert snapped.micro_grid_probability[0] <= snapped.grid_probability[0] + 1e-9
    assert snapped.ambiguous[0] == (snapped.micro_grid_probability[0] < 0.8)


@settings(max_examples=examples(60), deadline=None)
@given(FRACTION, FRACTION)
def test_borders_of_cells_have_one_owner(along, which):
    """A point of a border, met exactly: the smallest code of those that hold it."""
    index = demo()
    cell = index.cells[int(which * (len(index.cells) - 1))]
    corner = shapely.get_coordinates(cell)[int(along * (shapely.get_num_coordinates(cell) - 1))]
    owner = index.containing(corner[:1], corner[1:])[0]
    assert owner == np.flatnonzero(shapely.intersects(index.cells, shapely.Point(corner))).min()


@settings(max_examples=examples(60), deadline=None)
@given(FRACTION, FRACTION)
def test_snapping_is_idempotent(across, up):
    """A point well inside a building, put there by hand, stays with its building and micro-grid."""
    index = demo()
    first = snap(index, *index.metric.unproject(*inner_point(across, up)), 5.0)
    if first.building[0] < 0:
        return
    inner = shapely.point_on_surface(index.buildings[first.building[0]])
    lon, lat = index.metric.unproject(float(inner.x), float(inner.y))
    again = snap(index, lon, lat, 2.0, pinned=True)
    third = snap(index, lon, lat, 2.0, pinned=True)
    assert again.building[0] == first.building[0]
    assert third.micro_grid[0] == again.micro_grid[0]


@settings(max_examples=examples(100), deadline=None)
@given(FRACTION, FRACTION, st.floats(0.0, 360.0), st.floats(0.0, 300.0))
def test_no_point_is_lost_within_the_stated_distance(across, up, bearing, away_m):
    index = demo()
    x, y = inner_point(across, up)
    x, y = x + away_m * np.sin(np.radians(bearing)), y + away_m * np.cos(np.radians(bearing))
    outside_m = float(shapely.distance(shapely.union_all(index.cells), shapely.Point(x, y)))
    snapped = snap(index, *index.metric.unproject(x, y))
    assert (snapped.micro_grid[0] >= 0) == (outside_m <= 50.0) or abs(outside_m - 50.0) < 1e-6
    if snapped.micro_grid[0] >= 0:
        assert snapped.outside_m[0] == pytest.approx(outside_m, abs=0.00101)  # a border is a millimetre wide


@settings(max_examples=examples(300), deadline=None)
@given(st.floats(73.5, 135.0), st.floats(3.0, 53.5), SHIFTED)
def test_datums_round_trip_under_a_millimetre(lon, lat, datum):
    for there, back in ((from_wgs84, to_wgs84), (to_wgs84, from_wgs84)):
        away_lon, away_lat = there(lon, lat, datum)
        x, y = back(away_lon, away_lat, datum)
        assert np.hypot((x - lon) * 111_320.0, (y - lat) * 111_320.0) < 0.001


@settings(max_examples=examples(100), deadline=None)
@given(st.floats(-180.0, 180.0), st.floats(-90.0, 90.0), SHIFTED)
def test_datums_take_any_position(lon, lat, datum):
    away_lon, away_lat = from_wgs84(lon, lat, datum)
    x, y = to_wgs84(away_lon, away_lat, datum)
    assert np.isfinite([x, y]).all()
    assert abs(x - lon) < 0.03
    assert abs(y - lat) < 0.03
