"""Bad files of areas: a clear refusal that names the feature, a finding, or a repair that is told."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
import shapely.geometry

from gis.areas import AreaRows, area_rows, read_vector
from gis.areas.checks import Finding, Kind, check_areas
from gis.areas.repair import propose_repair
from gis.errors import InvalidInputError
from gis.words import Level
from tests.pictures import METRIC, degrees, drawn

CELLS = """
aaabbb
aaabbb
cccccc
"""


def features(**replaced: Any) -> list[dict[str, Any]]:
    """Return the cells as GeoJSON features; some with another geometry."""
    shapes = {code: degrees(shape) for code, shape in drawn(CELLS).items()}
    found = []
    for code, shape in (shapes | replaced).items():
        geometry = shape if isinstance(shape, dict) or shape is None else shapely.geometry.mapping(shape)
        properties = {"code": code, "name": f"名{code}"}
        found.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return found


def stored(folder: Path, these: list[dict[str, Any]], *, mark: bytes = b"", **collection: Any) -> Path:
    file = folder / "cells.geojson"
    text = json.dumps({"type": "FeatureCollection", "features": these} | collection, ensure_ascii=False)
    file.write_bytes(mark + text.encode())
    return file


def rows(file: Path) -> AreaRows:
    return area_rows(read_vector(file), Level.MICRO_GRID, file.name)


def found(file: Path) -> tuple[Finding, ...]:
    return check_areas([rows(file)], METRIC)


def refusal(file: Path) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as refused:
        rows(file)
    return refused.value


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    file = stored(tmp_path, features(), mark=b"\xef\xbb\xbf")
    assert rows(file).name == ["名a", "名b", "名c"]
    assert found(file) == ()


def test_an_empty_collection_is_refused(tmp_path: Path) -> None:
    assert refusal(stored(tmp_path, [])).code == "vector_empty"


@pytest.mark.parametrize("nothing", [None, {"type": "Polygon", "coordinates": []}])
def test_features_without_geometry_are_named(tmp_path: Path, nothing: Any) -> None:
    error = refusal(stored(tmp_path, features(b=nothing)))
    assert (error.code, error.values["features"]) == ("vector_no_geometry", "2")


@pytest.mark.parametrize(
    "other",
    [
        shapely.Point(123.4, 41.7),
        shapely.LineString([(123.4, 41.7), (123.5, 41.8)]),
        shapely.GeometryCollection([shapely.box(123.4, 41.7, 123.5, 41.8), shapely.Point(123.4, 41.7)]),
    ],
)
def test_mixed_kinds_of_geometry_are_refused_with_the_feature(tmp_path: Path, other: Any) -> None:
    error = refusal(stored(tmp_path, features(c=other)))
    assert (error.code, error.values["features"]) == ("area_not_polygon", "3")


def test_polygons_and_multipolygons_may_be_mixed(tmp_path: Path) -> None:
    whole = degrees(drawn(CELLS)["b"])
    file = stored(tmp_path, features(b=shapely.multipolygons([whole])))
    assert found(file) == ()


def test_heights_are_dropped_and_told(tmp_path: Path) -> None:
    file = stored(tmp_path, features(b=shapely.force_3d(degrees(drawn(CELLS)["b"]), 55.0)))
    assert not shapely.has_z(rows(file).geometry).any()
    (told,) = found(file)
    assert (told.kind, told.severity, told.codes, told.features) == (Kind.HEIGHTS, "warning", ("b",), ("2",))
    assert told.geometry is not None


def test_a_self_crossing_area_is_found_by_code_and_repaired_when_it_is_little(tmp_path: Path) -> None:
    ring = [(30, 10), (60, 10), (60, 29.9), (59.9, 30), (60, 30), (59.9, 29.9), (30, 30)]
    crossed = degrees(shapely.Polygon(ring))
    file = stored(tmp_path, features(b=crossed))
    invalid = found(file)[0]
    assert (invalid.kind, invalid.codes, invalid.features) == (Kind.INVALID, ("b",), ("2",))
    proposal = propose_repair([rows(file)], METRIC, tolerance_m=0.2)
    assert "b" in {change.code for change in proposal.changes}
    assert Kind.INVALID not in {one.kind for one in proposal.remaining}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_table_of_an_office_program(tmp_path: Path, encoding: str) -> None:
    lines = [f'{code},名{code},"{degrees(shape).wkt}"' for code, shape in drawn(CELLS).items()]
    file = tmp_path / "cells.csv"
    file.write_bytes("\r\n".join(["编号,名称,几何", *lines, ""]).encode(encoding))
    assert rows(file).name == ["名a", "名b", "名c"]
    assert found(file) == ()


def test_heights_in_a_shapefile_without_prj_in_gbk(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"编号": list(drawn(CELLS)), "名称": ["和平里", "幸福里", "团结里"]},
        geometry=[shapely.force_3d(degrees(shape), 41.0) for shape in drawn(CELLS).values()],
        crs=4326,
    )
    frame.to_file(tmp_path / "cells.shp", encoding="gbk")
    for name in (".cpg", ".prj"):
        (tmp_path / f"cells{name}").unlink(missing_ok=True)
    file = tmp_path / "cells.shp"
    assert rows(file).name == ["和平里", "幸福里", "团结里"]
    assert [(one.kind, one.codes) for one in found(file)] == [(Kind.HEIGHTS, ("a", "b", "c"))]


def test_an_area_over_the_antimeridian_is_named(tmp_path: Path) -> None:
    across = shapely.Polygon([(179.99, 41.7), (-179.99, 41.7), (-179.99, 41.8), (179.99, 41.8)])
    error = found(stored(tmp_path, features(c=across)))
    assert (error[0].kind, error[0].codes) == (Kind.ANTIMERIDIAN, ("c",))
    split = shapely.MultiPolygon([shapely.box(179.9, 41.7, 180, 41.8), shapely.box(-180, 41.7, -179.9, 41.8)])
    assert found(stored(tmp_path, features(c=split)))[0].kind is Kind.ANTIMERIDIAN


def test_codes_that_come_twice_are_named(tmp_path: Path) -> None:
    these = features()
    these[2]["properties"]["code"] = "a"
    error = refusal(stored(tmp_path, these))
    assert (error.code, error.values["area"]) == ("area_code_twice", "a")


def test_a_missing_code_is_named_by_its_row(tmp_path: Path) -> None:
    these = features()
    these[1]["properties"]["code"] = None
    error = refusal(stored(tmp_path, these))
    assert (error.code, error.values["features"]) == ("area_code_missing", "2")


def test_fifty_thousand_vertices_are_read_and_told(tmp_path: Path) -> None:
    heavy = degrees(shapely.Point(30, 60).buffer(30, quad_segs=12_500))
    file = stored(tmp_path, [features(z=heavy)[3]])
    assert [(one.kind, one.codes) for one in found(file)] == [(Kind.HEAVY, ("z",))]


def test_swapped_axes_are_refused(tmp_path: Path) -> None:
    swapped = shapely.transform(degrees(drawn(CELLS)["a"]), lambda xy: xy[:, ::-1])
    assert refusal(stored(tmp_path, [features(a=swapped)[0]])).code == "vector_axes_swapped"


@pytest.mark.parametrize(
    ("crs", "metric"), [(2261, False), (4549, True)]
)  # New York central in feet; Gauss-Kruger in metres
def test_a_shapefile_in_feet_is_read_in_feet_and_without_prj_refused(
    tmp_path: Path, crs: int, metric: bool
) -> None:
    place = (-76.1, 43.0) if not metric else (123.41, 41.78)
    square = shapely.box(*place, place[0] + 0.001, place[1] + 0.001)
    frame = gpd.GeoDataFrame({"code": ["a"], "name": ["格"]}, geometry=[square], crs=4326).to_crs(crs)
    frame.to_file(tmp_path / "cells.shp", encoding="GBK")
    again = rows(tmp_path / "cells.shp")
    assert again.name == ["格"]
    assert shapely.hausdorff_distance(again.geometry[0], square) < 1e-6
    (tmp_path / "cells.prj").unlink()
    assert refusal(tmp_path / "cells.shp").code == "vector_crs_missing"


def test_a_shapefile_in_degrees_without_prj_is_read(tmp_path: Path) -> None:
    shapes = [degrees(shape) for shape in drawn(CELLS).values()]
    frame = gpd.GeoDataFrame({"code": list("abc"), "name": ["甲", "乙", "丙"]}, geometry=shapes, crs=4326)
    frame.to_file(tmp_path / "cells.shp", encoding="GBK")
    for extra in ("prj", "cpg"):
        (tmp_path / f"cells.{extra}").unlink(missing_ok=True)
    assert rows(tmp_path / "cells.shp").name == ["甲", "乙", "丙"]
    assert found(tmp_path / "cells.shp") == ()
