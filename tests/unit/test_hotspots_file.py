"""Hotspot streets from files: columns by name, coordinates by where the streets are, odd rows told of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gis.crs import metric_crs
from gis.errors import InvalidInputError
from gis.flows.hotspots.cases_file import Cases, Columns, read_cases
from gis.flows.hotspots.coordinates import Ground
from gis.flows.hotspots.score import score, table
from gis.flows.hotspots.streets_file import read_streets

SHARED = Path(__file__).parents[3] / "shared" / "data"
LON, LAT = 123.415, 41.789


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Two streets of about 400 m in Shenyang."""
    path = tmp_path_factory.mktemp("streets") / "streets.csv"
    wkt = [f"LINESTRING({LON} {LAT + d}, {LON + 0.005} {LAT + d})" for d in (0.0, 0.001)]
    pd.DataFrame({"name": ["六纬路", "七纬路"], "wkt": wkt}).to_csv(path, index=False)
    streets, metric = read_streets(path)
    return Ground(streets, metric)


def write(path: Path, rows: pd.DataFrame) -> Path:
    rows.to_csv(path, index=False)
    return path


def rows(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns)


def some(count: int = 20) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    return LON + random.uniform(0.0, 0.005, count), LAT + random.uniform(-0.0001, 0.0001, count)


def test_usual_columns_are_found(tmp_path: Path, ground: Ground) -> None:
    lon, lat = some()
    days = pd.date_range("2025-01-01", periods=20).strftime("%Y-%m-%d")
    cases = read_cases(write(tmp_path / "a.csv", rows(经度=lon, 纬度=lat, 日期=days)), Columns(), ground)
    assert (cases.noticed, cases.dated, len(cases.x)) == ((), True, 20)
    ranked = table(score(ground.streets, cases))
    assert ranked["name"].tolist() == ["六纬路", "七纬路"]
    assert ranked["reports"].sum() == pytest.approx(20.0, abs=0.1)


@pytest.mark.parametrize(
    ("srid", "noticed"), [(4550, "projected:4550"), (3857, "projected:3857"), (32651, "projected:32651")]
)
def test_projected_coordinates_are_noticed(tmp_path: Path, ground: Ground, srid: int, noticed: str) -> None:
    x, y = metric_crs(srid).project(*some())
    cases = read_cases(write(tmp_path / "a.csv", rows(x=x, y=y)), Columns(), ground)
    assert cases.noticed[0] == noticed
    assert near_the_streets(cases, ground)


def test_swapped_coordinates_are_noticed(tmp_path: Path, ground: Ground) -> None:
    lon, lat = some()
    cases = read_cases(write(tmp_path / "a.csv", rows(lon=lat, lat=lon)), Columns(), ground)
    assert "swapped" in cases.noticed
    assert near_the_streets(cases, ground)


def near_the_streets(cases: Cases, ground: Ground) -> bool:
    return not score(ground.streets, cases).off


def test_rows_that_cannot_be_used_are_counted(tmp_path: Path, ground: Ground) -> None:
    lon, lat = some(4)
    found = rows(
        lon=[lon[0], None, lon[2], lon[3]],
        lat=[*lat[:3], lat[3]],
        time=["2025-03-01", "2025-03-02", "soon", "2999-01-01"],
    )
    cases = read_cases(write(tmp_path / "a.csv", found), Columns(), ground)
    assert cases.noticed == ("without_position:1", "time_unreadable:1", "in_the_future:1")
    assert len(cases.x) == 1


@pytest.mark.parametrize(
    ("columns", "named", "code"),
    [
        ({"lon": [], "lat": []}, Columns(), "cases_none"),
        ({"lon": ["x"], "lat": ["y"]}, Columns(), "cases_none"),
        ({"a": [1.0], "b": [2.0]}, Columns(), "columns_missing"),
        ({"lon": [LON], "lat": [LAT]}, Columns(time="when"), "columns_missing"),
        ({"lon": [2.35], "lat": [48.85]}, Columns(), "cases_elsewhere"),
    ],
)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, ground: Ground, columns: dict[str, list[object]], named: Columns, code: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_cases(write(tmp_path / "a.csv", rows(**columns)), named, ground)
    assert refused.value.code == code


def test_a_file_of_the_future_holds_nothing(tmp_path: Path, ground: Ground) -> None:
    lon, lat = some()
    path = write(tmp_path / "future.csv", rows(lon=lon, lat=lat, time=["2999-01-01"] * len(lon)))
    with pytest.raises(InvalidInputError) as found:
        read_cases(path, Columns(), ground)
    assert found.value.code == "cases_none"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files are not here")
def test_the_potholes_of_syracuse_are_read_as_they_come() -> None:
    streets, metric = read_streets(SHARED / "reports" / "street_shapefile.zip")
    path = SHARED / "reports" / "potholes_swapped_latlon.csv"
    cases = read_cases(path, Columns(time="dtTime"), Ground(streets, metric))
    found = score(streets, cases)
    assert cases.noticed == ("swapped",)
    assert len(streets) == 6825
    assert found.reports.sum() + found.off == pytest.approx(7538, rel=0.02)
