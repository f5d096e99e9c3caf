"""Files as cities publish them: whatever the encoding, the separator, the projection and the way of writing a moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from gis.crs import MetricCrs, metric_crs
from gis.errors import InvalidInputError
from gis.flows.hotspots.cases_file import Cases, Columns, read_cases
from gis.flows.hotspots.coordinates import Ground
from gis.flows.hotspots.report_times import moments_of
from gis.hotspots.streets import Streets, streets_of

LON, LAT, REPORTS = 123.415, 41.789, 30
BEGAN = datetime(2025, 3, 5, 14, 5)  # noqa: DTZ001 - files name no zone
DAYS = [number * 0.75 for number in range(REPORTS)]


def block(metric: MetricCrs) -> Streets:
    """Six streets of 400 m, 60 m from one another."""
    x, y = metric.project(LON, LAT)
    lines = [shapely.LineString([(x, y + row * 60.0), (x + 400.0, y + row * 60.0)]) for row in range(6)]
    return streets_of(lines, [""] * 6, [""] * 6)


@pytest.fixture(scope="module")
def ground() -> Ground:
    metric = metric_crs(4550)
    return Ground(block(metric), metric)


@pytest.fixture(scope="module")
def places(ground: Ground) -> tuple[np.ndarray, np.ndarray]:
    """Degrees of reports beside the streets."""
    random = np.random.default_rng(1)
    x, y = ground.metric.project(LON, LAT)
    row = random.integers(0, 6, REPORTS)
    east, north = x + random.uniform(0.0, 400.0, REPORTS), y + row * 60.0 + random.normal(0.0, 2.0, REPORTS)
    lon, lat = ground.metric.unproject(east, north)
    return np.asarray(lon), np.asarray(lat)


def table(places: tuple[np.ndarray, np.ndarray], written: str = "%Y-%m-%d %H:%M") -> pd.DataFrame:
    moments = [(BEGAN + timedelta(days=day)).strftime(written) for day in DAYS]
    return pd.DataFrame({"lon": places[0], "lat": places[1], "time": moments, "type": "坑洞"})


def is_whole(cases: Cases, ground: Ground) -> bool:
    """Tell whether every report is there, beside a street, on its day."""
    assert len(cases.x) == REPORTS
    assert ground.usual_distance_m(cases.x, cases.y) < 5.0
    assert np.ptp(cases.day) == pytest.approx(np.ptp(DAYS), abs=0.001)
    return True


Written = Callable[[str], bytes]
LAYOUTS: dict[str, Written] = {
    "utf-8": lambda text: text.encode(),
    "mark": lambda text: text.encode("utf-8-sig"),
    "gbk": lambda text: text.encode("gb18030"),
    "utf-16": lambda text: text.encode("utf-16"),
    "latin": lambda text: text.replace("坑洞", '"trou, é"').encode("latin-1"),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "decimal commas": lambda text: text.replace(",", ";").replace(".", ",").encode(),
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "bars": lambda text: text.replace(",", "|").encode(),
    "stated": lambda text: ("sep=;\n" + text.replace(",", ";")).encode(),
    "titles above": lambda text: ("Potholes of 2025\n\n" + text).encode(),
    "sign at the end": lambda text: text.replace("坑洞", "坑洞,").encode(),
    "empty columns": lambda text: text.replace("lon,", ",,lon,").replace("\n123", "\n,,123").encode(),
    "quoted lines": lambda text: text.replace("坑洞", '"坑\n洞, ""大"""').encode(),
    "lonely quote": lambda text: text.replace("坑洞", 'a "hole', 1).replace("坑洞", '"half', 1).encode(),
    "rows of odd lengths": lambda text: text.replace("坑洞", "坑洞,more,still more", 3).encode(),
    "carriage returns": lambda text: text.replace("\n", "\r\n").encode(),
    "names in other words": lambda text: text.replace(
        "lon,lat,time", "X_Coord,y coord,Created_Date"
    ).encode(),
    "one column": lambda text: _one_column(text).encode(),
}


def _one_column(text: str) -> str:
    head, *rows = text.strip().splitlines()
    cells = [row.split(",") for row in rows]
    return "\n".join(
        [head.replace("lon,lat", "Location"), *(f'"{c[1]}, {c[0]}",{c[2]},{c[3]}' for c in cells)]
    )


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_however_it_is_laid_out(
    name: str, tmp_path: Path, ground: Ground, places: tuple[np.ndarray, np.ndarray]
) -> None:
    path = tmp_path / "reports.csv"
    path.write_bytes(LAYOUTS[name](table(places).to_csv(index=False, float_format="%.7f")))
    assert is_whole(read_cases(path, Columns(), ground), ground)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("srid", [4550, 4529, 32651, 3857, 2438])
def test_whatever_projection(
    srid: int, *, swapped: bool, tmp_path: Path, ground: Ground, places: tuple[np.ndarray, np.ndarray]
) -> None:
    x, y = metric_crs(srid).project(*places)
    frame = table(places).assign(lon=y if swapped else x, lat=x if swapped else y)
    frame.to_csv(tmp_path / "reports.csv", index=False)
    cases = read_cases(tmp_path / "reports.csv", Columns(), ground)
    assert is_whole(cases, ground)
    assert cases.noticed[0].startswith("projected_swapped:" if swapped else "projected:")


@pytest.mark.parametrize(
    "written",
    ["%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d %H:%M", "%m/%d/%Y %I:%M:%S %p", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M", "%Y%m%d%H%M%S",
     "%Y年%m月%d日 %H时%M分", "%b %d, %Y %H:%M", "%d-%b-%y %H:%M"],
)  # fmt: skip
def test_however_moments_are_written(
    written: str, tmp_path: Path, ground: Ground, places: tuple[np.ndarray, np.ndarray]
) -> None:
    table(places, written).to_csv(tmp_path / "reports.csv", index=False)
    assert is_whole(read_cases(tmp_path / "reports.csv", Columns(), ground), ground)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("1741183500", "2025-03-05T14:05:00"),
        ("1741183500000", "2025-03-05T14:05:00"),
        ("45721.25", "2025-03-05T06:00:00"),
        ("2025年3月5日 下午2点5分", "2025-03-05T14:05:00"),
        ("2025-03-05 14:05:00+08:00", "2025-03-05T06:05:00"),
        ("31/12/2024", "2024-12-31T00:00:00"),
        ("0000-00-00", None),
        ("2999-01-01", "2999-01-01T00:00:00"),
        ("soon", None),
        ("", None),
    ],
)
def test_single_moments(cell: str, read: str | None) -> None:
    (found,) = moments_of(pd.Series([cell]))
    assert (found.isoformat()[:19] if read else found is pd.NaT) == (read or True)


def test_two_zeros_are_no_place(
    tmp_path: Path, ground: Ground, places: tuple[np.ndarray, np.ndarray]
) -> None:
    frame = table(places)
    nowhere = frame.assign(lon=0.0, lat=0.0)
    pd.concat([frame, nowhere, nowhere]).to_csv(tmp_path / "reports.csv", index=False)
    cases = read_cases(tmp_path / "reports.csv", Columns(), ground)
    assert cases.noticed == (f"without_position:{2 * REPORTS}",)
    assert is_whole(cases, ground)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x89PNG\r\n\x1a\n\x00\x00", b'"'])
def test_what_is_no_table_is_refused(content: bytes, tmp_path: Path, ground: Ground) -> None:
    (tmp_path / "reports.csv").write_bytes(content)
    with pytest.raises(InvalidInputError):
        read_cases(tmp_path / "reports.csv", Columns(), ground)
