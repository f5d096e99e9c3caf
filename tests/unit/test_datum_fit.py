"""The datum of a file, from how it lies on known streets and buildings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from gis.areas import read_vector
from gis.areas.datum_fit import propose_datum
from gis.crs import choose_metric_srid, from_wgs84, metric_crs, parse_position, to_wgs84
from gis.snap import locate
from gis.streets import read_osm
from gis.words import Datum
from tests.drawing import corners, place_index, polygon

DEMO = Path("data/boundaries")
BEIJING = Path(__file__).parents[3] / "shared/data/osm/beijing_tsinghua.osm"
DATUMS = [Datum.WGS84, Datum.GCJ02, Datum.BD09]


def drawn_in(shapes, datum):
    """Return what an office has that drew these shapes over a map of another datum."""
    return np.asarray(
        shapely.transform(
            shapes, lambda at: np.column_stack(from_wgs84(at[:, 0].copy(), at[:, 1].copy(), datum))
        ),
        dtype=object,
    )


@pytest.fixture(scope="module")
def demo():
    return read_osm(DEMO / "heping-demo.osm")


@pytest.mark.parametrize("datum", DATUMS)
@pytest.mark.parametrize("level", ["community", "grids", "micro_grids", "courtyards"])
def test_areas_of_the_demo(demo, level, datum):
    shapes = drawn_in(read_vector(DEMO / f"{level}.geojson").geometry.to_numpy(), datum)
    fit = propose_datum(shapes, demo.buildings.geometry, demo.segments.geometry, metric_crs(4550))
    assert fit.best is datum
    assert fit.proposal is (None if datum is Datum.WGS84 else datum)


@pytest.mark.parametrize("stated", [*DATUMS, Datum.CGCS2000])
@pytest.mark.parametrize("datum", DATUMS)
def test_whatever_was_stated(demo, datum, stated):
    raw = drawn_in(read_vector(DEMO / "grids.geojson").geometry.to_numpy(), datum)
    corners_in = shapely.get_coordinates(raw)
    x, y = to_wgs84(corners_in[:, 0].copy(), corners_in[:, 1].copy(), stated)
    read = shapely.set_coordinates(raw.copy(), np.column_stack([x, y]))
    fit = propose_datum(
        read, demo.buildings.geometry, demo.segments.geometry, metric_crs(4550), stated=stated
    )
    right = datum is stated or (datum is Datum.WGS84 and stated is Datum.CGCS2000)
    assert fit.best is datum
    assert fit.proposal is (None if right else datum)


@pytest.mark.skipif(not BEIJING.is_file(), reason="the shared data folder is not there")
@pytest.mark.parametrize("datum", DATUMS)
def test_buildings_and_blocks_of_beijing(datum):
    known = read_osm(BEIJING)
    lon, lat = (float(each) for each in shapely.get_coordinates(known.buildings.geometry)[0])
    metric = metric_crs(choose_metric_srid(lon, lat))
    houses = np.random.default_rng(0).permutation(known.buildings.geometry)[:60]
    lines = shapely.get_parts(shapely.union_all(known.segments.geometry))
    blocks = shapely.get_parts(shapely.polygonize(lines))
    blocks = blocks[shapely.area(metric.project_geometries(blocks)) > 8000][:30]
    for shapes, are_buildings in ((houses, True), (blocks, False)):
        fit = propose_datum(
            drawn_in(shapes, datum),
            known.buildings.geometry,
            known.segments.geometry,
            metric,
            are_buildings=are_buildings,
        )
        assert fit.best is datum
        assert fit.proposal is (None if datum is Datum.WGS84 else datum)
        assert fit.scores[datum] > 0.9


def test_where_nothing_is_known_nothing_is_proposed(demo):
    empty = np.empty(0, dtype=object)
    shapes = read_vector(DEMO / "grids.geojson").geometry.to_numpy()
    for are_buildings in (False, True):
        fit = propose_datum(shapes, empty, empty, metric_crs(4550), are_buildings=are_buildings)
        assert (fit.best, fit.proposal) == (Datum.WGS84, None)
    assert propose_datum(empty, empty, empty, metric_crs(4550)).proposal is None


@pytest.mark.parametrize("said", [Datum.GCJ02, Datum.BD09])
@pytest.mark.parametrize("stated", ["wgs84", "cgcs2000"])
def test_a_position_in_another_datum_is_answered_with_that_suggestion(said, stated):
    at = corners("a---------b\n|         |\n|         |\nd---------e")
    index = place_index({"01-01": polygon(at, "abed")})
    x, y = at["d"][0] + 40.0, at["d"][1] + 15.0
    lon, lat = from_wgs84(*index.metric.unproject(x, y), said)
    lost = locate(index, parse_position(lon, lat, stated))
    assert (lost.community, lost.suggestion) == (None, said)
    found = locate(index, parse_position(lon, lat, said))
    assert found.micro_grid is not None
