"""Files of places: every format holds the same rows, where they are, in the coordinates asked for."""

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas
import numpy as np
import openpyxl
import pytest
import shapely

from gis.crs import from_wgs84, metric_crs
from gis.exports.files import Content, Format, write_file
from gis.exports.frames import OutputDatum, frame_of
from gis.exports.places import short_names
from gis.exports.sheets import Column
from gis.words import Datum

ZONE = ZoneInfo("Asia/Shanghai")
LON, LAT = 123.4150, 41.7890
COLUMNS = (
    Column("micro_grid_code", "微网格"),
    Column("micro_grid_name", "名称"),
    Column("households", "户数", "integer"),
    Column("rate", "每百米", "number", "/100 m"),
    Column("opened_at", "时间", "moment"),
    Column("urgent", "紧急", "flag"),
)
AT = datetime(2026, 6, 3, 4, 0, 5, tzinfo=UTC)
POINT = shapely.Point(LON, LAT)
ROWS = [
    ("01-01", "八经街46号", 21, 1.5, AT, True, shapely.to_wkb(POINT)),
    ("=1+1", None, None, None, None, None, shapely.to_wkb(POINT)),
    ("01-03", "乙", 3, 2.5, AT, False, shapely.to_wkb(POINT)),
]


def written(tmp_path: Path, kind: Format, datum: str = "wgs84", batches=(ROWS[:2], ROWS[2:])) -> Path:
    content = Content("cases", "案件", COLUMNS, "Point", iter(batches))
    target = tmp_path / f"a.{kind}{'.zip' if kind is Format.SHP else ''}"
    count = write_file(target, kind, content, frame_of(OutputDatum(datum), 4550), ZONE)
    assert count == sum(map(len, batches))
    return target


def read(path: Path, kind: Format) -> geopandas.GeoDataFrame:
    if kind is Format.PARQUET:
        return geopandas.read_parquet(path)
    return geopandas.read_file(path)


@pytest.mark.parametrize("kind", [Format.GEOJSON, Format.GPKG, Format.SHP, Format.PARQUET])
def test_a_file_of_places(tmp_path: Path, kind: Format) -> None:
    frame = read(written(tmp_path, kind), kind)
    keys = [column.key for column in COLUMNS]
    assert list(frame.columns) == [*(short_names(keys) if kind is Format.SHP else keys), "geometry"]
    assert frame.crs.to_epsg() == 4326
    assert list(frame.iloc[:, 0]) == ["01-01", "=1+1", "01-03"]
    assert frame.iloc[0, 1] == "八经街46号"
    assert frame.iloc[0, 2] == 21
    assert frame.iloc[:, 1:5].isna().iloc[1].all()
    if kind is Format.SHP:
        assert frame.iloc[0, 4] == "2026-06-03T12:00:05+08:00"
    else:
        assert frame.opened_at[0].timestamp() == AT.timestamp()
    assert frame.geometry[0].distance(POINT) < 1e-7


@pytest.mark.parametrize("datum", [one.value for one in OutputDatum])
@pytest.mark.parametrize("kind", [Format.GEOJSON, Format.GPKG, Format.CSV])
def test_the_coordinates_asked_for(tmp_path: Path, kind: Format, datum: str) -> None:
    path = written(tmp_path, kind, datum)
    srid = {"4549": 4549, "metric": 4550}.get(datum)
    stated = Datum.CGCS2000 if datum == "4490" else Datum.WGS84 if srid else Datum(datum)
    x, y = metric_crs(srid).project(LON, LAT) if srid else from_wgs84(LON, LAT, stated)
    if kind is Format.CSV:
        lines = path.read_text("utf-8-sig").splitlines()
        assert lines[0].endswith("x (epsg4549),y (epsg4549)" if datum == "4549" else f"({frame_name(datum)})")
        found = [float(one) for one in lines[1].split(",")[-2:]]
    else:
        frame = read(path, kind)
        found = [frame.geometry[0].x, frame.geometry[0].y]
        epsg = frame.crs.to_epsg() if frame.crs else None
        known = {"wgs84": 4326, "cgcs2000": 4490, "4490": 4490, "4549": 4549, "metric": 4550}.get(datum)
        if kind is Format.GPKG or known:
            assert epsg == known
        else:
            assert json.loads(path.read_text())["datum"] == datum
    assert np.allclose(found, [x, y], atol=2e-3 if srid else 1e-7)


def frame_name(datum: str) -> str:
    return {"4490": "cgcs2000", "metric": "epsg4550"}.get(datum, datum)


def test_a_shapefile_tells_its_short_names(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path, Format.SHP)) as archive:
        names = {Path(name).suffix for name in archive.namelist()}
        told = archive.read("fields.csv").decode("utf-8-sig")
        assert archive.read("cases.cpg") == b"UTF-8"
    assert names >= {".shp", ".shx", ".dbf", ".prj", ".cpg", ".csv"}
    assert "micro_grid,micro_grid_code,微网格," in told
    assert "micro_gri2,micro_grid_name,名称," in told


def test_short_names_are_told_apart() -> None:
    assert short_names(["a" * 12, "a" * 11, "a" * 10, "b"]) == ["a" * 10, "a" * 9 + "2", "a" * 9 + "3", "b"]


@pytest.mark.parametrize("kind", list(Format))
def test_no_rows_are_a_file_too(tmp_path: Path, kind: Format) -> None:
    path = written(tmp_path, kind, batches=())
    if kind is Format.XLSX:
        page = openpyxl.load_workbook(path).active
        assert page is not None
        assert [cell.value for cell in page[1]][:3] == ["微网格", "名称", "户数"]
    elif kind is Format.CSV:
        assert path.read_text("utf-8-sig").startswith("微网格,名称,户数,每百米 (/100 m)")
    else:
        assert len(read(path, kind)) == 0


def test_sheets_say_it_in_words(tmp_path: Path) -> None:
    shape = shapely.to_wkb(shapely.MultiPolygon([shapely.box(LON, LAT, LON + 0.001, LAT + 0.001)]))
    content = Content(
        "areas",
        "片区",
        (Column("level", "层级"),),
        "MultiPolygon",
        [[("grid", shape)]],
        lambda key, value: {"grid": "网格"}[value],
    )
    target = tmp_path / "a.csv"
    write_file(target, Format.CSV, content, frame_of(OutputDatum.WGS84, 4550), ZONE)
    assert target.read_text("utf-8-sig").splitlines() == [
        "层级,lon (wgs84),lat (wgs84)",
        "网格,123.4155,41.7895",
    ]
    assert io.BytesIO(target.read_bytes()).read(3) == b"\xef\xbb\xbf"
