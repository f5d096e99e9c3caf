"""Vector files of every kind, their columns, and the checks that areas pass before they are published."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis.areas import area_rows, read_vector
from gis.areas.checks import Kind, check_areas, errors_of
from gis.areas.repair import propose_repair
from gis.crs import from_wgs84
from gis.errors import InvalidInputError
from gis.words import Datum, Level
from tests.drawing import corners, degrees, metric, polygon

SHARED = Path(__file__).parents[3] / "shared/data"
SQUARE = shapely.box(123.41, 41.78, 123.42, 41.79)
NAMES = gpd.GeoDataFrame({"编号": ["01"], "名称": ["第一网格"]}, geometry=[SQUARE], crs=4326)
there = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data folder is not there")


def refusal(function, *arguments) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as refused:
        function(*arguments)
    assert "\n" not in str(refused.value)
    return refused.value


def zipped(folder: Path, frame: gpd.GeoDataFrame, *, encoding: str, without: tuple[str, ...] = ()) -> Path:
    parts = folder / "parts"
    parts.mkdir()
    frame.to_file(parts / "网格.shp", encoding=encoding)
    file = folder / "grids.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for part in parts.iterdir():
            if part.suffix not in without:
                archive.write(part, f"成果/{part.name}")
    return file


def written(folder: Path, kind: str) -> Path:
    file = folder / f"grids.{kind}"
    if kind == "csv":
        file.write_text(f'编号,名称,WKT\n01,第一网格,"{SQUARE.wkt}"\n', "utf-8-sig")
    elif kind == "kml":
        NAMES.rename(columns={"名称": "Name", "编号": "Description"}).to_file(file, driver="KML")
    else:
        NAMES.to_file(file)
    return file


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "kml", "csv"])
def test_kinds_of_files(tmp_path, kind):
    frame = read_vector(written(tmp_path, kind))
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.iloc[0].equals(SQUARE)
    rows = area_rows(frame, Level.GRID, "grids")
    assert rows.name == ["第一网格"]
    assert rows.code == ["01"]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("without", [(), (".cpg",), (".cpg", ".prj")])
def test_shapefiles_in_any_encoding(tmp_path, encoding, without):
    rows = area_rows(
        read_vector(zipped(tmp_path, NAMES, encoding=encoding, without=without)), Level.GRID, "grids"
    )
    assert (rows.code, rows.name) == (["01"], ["第一网格"])


def test_csv_in_gbk(tmp_path):
    file = tmp_path / "grids.csv"
    file.write_bytes(f'编号,名称,wkt\n01,第一网格,"{SQUARE.wkt}"\n'.encode("gbk"))
    assert area_rows(read_vector(file), Level.GRID, "grids").name == ["第一网格"]


def test_projected_files_come_out_in_degrees(tmp_path):
    NAMES.to_crs(2261).to_file(tmp_path / "feet.geojson")
    NAMES.to_crs(4550).to_file(tmp_path / "metres.gpkg")
    for name in ("feet.geojson", "metres.gpkg"):
        found = read_vector(tmp_path / name).geometry.iloc[0]
        assert shapely.hausdorff_distance(found, SQUARE) < 1e-6


def test_a_file_drawn_over_another_map_is_shifted_back(tmp_path):
    drawn = shapely.transform(
        SQUARE, lambda c: np.column_stack(from_wgs84(c[:, 0].copy(), c[:, 1].copy(), Datum.GCJ02))
    )
    NAMES.set_geometry([drawn], crs=4326).to_file(tmp_path / "amap.geojson")
    assert (
        shapely.hausdorff_distance(
            read_vector(tmp_path / "amap.geojson", datum="gcj02").geometry.iloc[0], SQUARE
        )
        < 1e-8
    )


def test_height_is_dropped(tmp_path):
    high = gpd.GeoDataFrame({"code": ["1"]}, geometry=[shapely.force_3d(SQUARE, 50.0)], crs=4326)
    high.to_file(tmp_path / "high.geojson")
    assert not read_vector(tmp_path / "high.geojson").geometry.iloc[0].has_z


def geojson(*shapes: object) -> str:
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
    return json.dumps({"type": "FeatureCollection", "features": features})


BOX = shapely.geometry.mapping(SQUARE)
FLIPPED = shapely.geometry.mapping(shapely.box(41.78, 123.41, 41.79, 123.42))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.geojson", "", "vector_unreadable"),
        ("a.geojson", "not json", "vector_unreadable"),
        ("a.geojson", geojson(), "vector_empty"),
        ("a.geojson", geojson(BOX, None), "vector_no_geometry"),
        ("a.geojson", geojson(FLIPPED), "vector_axes_swapped"),
        ("a.geojson", geojson(shapely.geometry.mapping(shapely.box(500, 0, 501, 1))), "vector_out_of_range"),
        ("a.zip", "not a zip", "vector_unreadable"),
        ("a.gpkg", "no database", "vector_unreadable"),
        ("a.csv", "", "vector_unreadable"),
        ("a.csv", "code,name\n1,x\n", "vector_no_wkt"),
        ("a.csv", "code,wkt\n1,POLYGON((\n", "vector_bad_wkt"),
        ("a.csv", "code,wkt\n", "vector_empty"),
        (
            "a.csv",
            'code,wkt\n1,"POLYGON ((500000 4000000, 500010 4000000, 500010 4000010, 500000 4000000))"\n',
            "vector_crs_missing",
        ),
        ("a.xlsx", "table", "vector_unreadable"),
    ],
)
def test_files_that_can_not_be_used(tmp_path, name, content, code):
    (tmp_path / name).write_text(content, "utf-8")
    assert refusal(read_vector, tmp_path / name).code == code


def test_missing_files_layers_and_datums(tmp_path):
    assert refusal(read_vector, tmp_path / "none.geojson").code == "file_missing"
    NAMES.to_file(tmp_path / "a.gpkg", layer="grids")
    assert len(read_vector(tmp_path / "a.gpkg", layer="grids")) == 1
    assert refusal(read_vector, tmp_path / "a.gpkg", "cells").code == "vector_unreadable"
    assert refusal(read_vector, tmp_path / "a.gpkg", None, "mars").code == "datum_unknown"


def frame(*shapes: object, **columns: list[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4326)


def test_columns_codes_and_the_rest():
    rows = area_rows(
        frame(
            SQUARE,
            SQUARE,
            code=[1.0, 2.0],
            户数=["21", None],
            所属网格=["01", ""],
            remark=["x", np.nan],
            list=[["a"], []],
        ),
        Level.MICRO_GRID,
        "cells",
    )
    assert (rows.code, rows.name, rows.households, rows.parent_code) == (
        ["1", "2"],
        ["1", "2"],
        [21, None],
        ["01", None],
    )
    assert rows.attributes == [{"remark": "x", "list": ["a"]}, {"remark": None, "list": []}]


def test_areas_without_codes_are_numbered():
    assert area_rows(frame(SQUARE, SQUARE), Level.GRID, "grids").code == ["01", "02"]


@pytest.mark.parametrize(
    ("frame_", "code"),
    [
        (frame(SQUARE, SQUARE.centroid, code=["1", "2"]), "area_not_polygon"),
        (frame(SQUARE, SQUARE, code=["1", None]), "area_code_missing"),
        (frame(SQUARE, SQUARE, code=["1", "1"]), "area_code_twice"),
    ],
)
def test_areas_that_can_not_be_used(frame_, code):
    assert refusal(area_rows, frame_, Level.GRID, "grids.geojson").code == code


AT = corners(
    """
    a----b----c
    |    |    |
    |    x    |
    |    |    |
    d----e----f
    """
)


def cells(*shapes: Any, parents: list[str] | None = None):
    codes = [f"01-{number:02}" for number in range(1, len(shapes) + 1)]
    columns = {"code": codes} | ({"grid_code": parents} if parents else {})
    return area_rows(gpd.GeoDataFrame(columns, geometry=degrees(shapes), crs=4326), Level.MICRO_GRID, "cells")


def faults(
    *shapes: Any, within: shapely.Polygon | None = None, parents: list[str] | None = None
) -> list[Kind]:
    levels = [cells(*shapes, parents=parents)]
    if within is not None:
        frame = gpd.GeoDataFrame({"code": ["01"]}, geometry=degrees([within]), crs=4326)
        levels.append(area_rows(frame, Level.GRID, "grids"))
    return [finding.kind for finding in errors_of(check_areas(levels, metric()))]


LEFT, RIGHT, WHOLE = polygon(AT, "abed"), polygon(AT, "bcfe"), polygon(AT, "acfd")


def test_a_sound_coverage_has_no_faults():
    assert faults(LEFT, RIGHT) == []
    assert faults(LEFT, RIGHT, within=WHOLE, parents=["01", "01"]) == []


def test_faults_are_found_with_place_and_size():
    moved = shapely.transform(RIGHT, lambda c: c - np.array([3.0, 0.0]))
    found = check_areas([cells(LEFT, moved)], metric())[0]
    assert (found.kind, found.codes) == (Kind.OVERLAP, ("01-01", "01-02"))
    assert found.size == pytest.approx(120.0, rel=0.01)
    assert found.width_m == pytest.approx(3.0, rel=0.13)
    assert found.lon is not None
    assert found.lat is not None
    x, y = metric().project(found.lon, found.lat)
    assert LEFT.contains(shapely.Point(x, y))
    assert "01-01" in found.detail


def test_each_fault():
    bow = polygon(AT, "aecd")
    assert not bow.is_valid
    assert faults(bow) == [Kind.INVALID, Kind.STRAY_PART]
    assert faults(LEFT, within=WHOLE) == [Kind.GAP]
    hole = WHOLE.difference(shapely.box(AT["x"][0] - 20, AT["x"][1] - 5, AT["x"][0] - 10, AT["x"][1] + 5))
    assert faults(hole) == [Kind.GAP]
    assert faults(LEFT, shapely.transform(RIGHT, lambda c: c + np.array([3.0, 0.0]))) == [Kind.STRAY_PART]
    assert faults(LEFT, RIGHT, within=LEFT) == [Kind.OUTSIDE_PARENT]
    assert faults(LEFT, RIGHT, within=WHOLE, parents=["01", "09"]) == [Kind.NO_PARENT]
    apart = shapely.union_all([shapely.box(*LEFT.bounds[:2], LEFT.bounds[0] + 10, LEFT.bounds[3]), RIGHT])
    assert set(faults(apart)) == {Kind.STRAY_PART}


def test_rounding_is_repaired_within_the_tolerance():
    """A border drawn twice, 8 cm apart: closed, and no border moved by more than the tolerance."""
    near = shapely.transform(RIGHT, lambda c: c + np.array([0.08, 0.0]))
    rows = cells(LEFT, near)
    proposal = propose_repair([rows], metric())
    assert proposal.remaining == ()
    clean = proposal.areas[0].geometry
    assert shapely.coverage_is_valid(metric().project_geometries(clean), gap_width=0.2)
    for before, after in zip(rows.geometry, clean, strict=True):
        assert shapely.hausdorff_distance(*metric().project_geometries(np.array([before, after]))) < 0.2


@there
def test_a_shapefile_in_feet():
    west, south, east, north = read_vector(SHARED / "reports/street_shapefile.zip").total_bounds
    assert -76.3 < west < east < -76.0
    assert 42.9 < south < north < 43.2
