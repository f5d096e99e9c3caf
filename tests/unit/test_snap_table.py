"""Tables of positions: what is read, what is refused, and that they are answered like single positions."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from gis.crs import from_wgs84, parse_position
from gis.errors import InvalidInputError
from gis.flows import table_files
from gis.flows.snap_table import Columns, snap_table
from gis.snap import locate
from gis.words import Datum
from tests.drawing import corners, lonlat, place_index, polygon

AT = corners(
    """
    a----b----c
    |    |    |
    |    |    |
    d----e----f
    """
)
CELLS = {"01-01": polygon(AT, "abed"), "01-02": polygon(AT, "bcfe")}
HERE = AT["d"][0] + 20.0, AT["d"][1] + 15.0


def index():
    x, y = HERE
    house = polygon({"p": (x, y), "q": (x + 12, y), "r": (x + 12, y + 9), "s": (x, y + 9)}, "pqrs")
    return place_index(CELLS, buildings={"one": house})


def rows_of(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_rows_are_answered_like_single_positions(tmp_path, monkeypatch):
    monkeypatch.setattr(table_files, "PIECE", 7)
    places = index()
    rng = np.random.default_rng(3)
    xy = rng.uniform((AT["d"][0] - 60, AT["d"][1] - 60), (AT["c"][0] + 60, AT["c"][1] + 60), (40, 2))
    given, written = tmp_path / "in.csv", tmp_path / "out.csv"
    with given.open("w", encoding="utf-8-sig", newline="") as opened:
        table = csv.writer(opened)
        table.writerow(["编号", "lon", "lat", "accuracy_m", "heading_deg"])
        for row, (x, y) in enumerate(xy):
            table.writerow([f"{row:03d}", *lonlat(x, y), 4 + row % 9, (row * 37) % 360 if row % 2 else ""])
    done = snap_table(places, given, written)
    answers = rows_of(written)
    assert (done.rows, len(answers)) == (40, 40)
    assert 0 < done.inside == sum(bool(one["micro_grid"]) for one in answers) < 40
    for one in answers:
        heading = one["heading_deg"] or None
        place = locate(
            places,
            parse_position(one["lon"], one["lat"], accuracy_m=one["accuracy_m"], heading_deg=heading),
        )
        assert one["micro_grid"] == (place.micro_grid.code if place.micro_grid else "")
        assert one["building"] == (place.building.name if place.building else "")
        assert one["ambiguous"] == str(int(place.ambiguous))
        if place.micro_grid:
            assert float(one["probability"]) == place.micro_grid.probability
            assert float(one["distance_m"]) == place.micro_grid.distance_m
    assert [one["编号"] for one in answers] == [f"{row:03d}" for row in range(40)]


def test_rows_without_a_position_are_kept(tmp_path):
    lon, lat = lonlat(*HERE)
    given, written = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text(f"name,lon,lat\na,{lon},{lat}\nb,,\nc,NaN,{lat}\n", encoding="utf-8")
    done = snap_table(index(), given, written)
    assert (done.rows, done.inside, done.without_position) == (3, 1, 2)
    assert [(one["name"], one["micro_grid"]) for one in rows_of(written)] == [
        ("a", "01-01"),
        ("b", ""),
        ("c", ""),
    ]


def test_gbk_and_other_names_of_columns(tmp_path):
    lon, lat = from_wgs84(*lonlat(*HERE), Datum.GCJ02)
    given, written = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text(f"地址,经度,纬度\n八经街,{lon},{lat}\n", encoding="gbk")
    done = snap_table(index(), given, written, columns=Columns("经度", "纬度"), datum="gcj02")
    assert done.inside == 1
    assert rows_of(written)[0]["地址"] == "八经街"


def test_another_datum_is_suggested(tmp_path):
    lon, lat = from_wgs84(*lonlat(*HERE), Datum.BD09)
    given = tmp_path / "in.csv"
    given.write_text("lon,lat\n" + f"{lon},{lat}\n" * 5, encoding="utf-8")
    done = snap_table(index(), given, tmp_path / "out.csv")
    assert (done.inside, done.suggestion) == (0, Datum.BD09)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("x,y\n1,2\n", "columns_missing", "lon, lat"),
        ("lon,lat\n41.789,123.415\n", "position_swapped", "row 2"),
        ("lon,lat\n123,41\n123,north\n", "position_not_finite", "row 3"),
        ("lon,lat,accuracy_m\n123,41,-3\n", "accuracy_invalid", "row 2"),
        ("lon,lat,heading_deg\n123,41,west\n", "heading_invalid", "row 2"),
        ("", "csv_unreadable", "no CSV"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(tmp_path, text, code, said):
    given, written = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInputError) as caught:
        snap_table(index(), given, written)
    assert caught.value.code == code
    assert said in str(caught.value.detail)
    assert list(tmp_path.iterdir()) == [given]


def test_kinds_of_files(tmp_path):
    given = tmp_path / "in.csv"
    given.write_bytes(b"lon,lat\n\xff\xff\xff\n")
    for source, target, code in (
        (given, "out.csv", "csv_unreadable"),
        (tmp_path / "none.csv", "out.csv", "file_missing"),
        (given, "out.xlsx", "table_kind_unknown"),
        (given, "no/folder/out.csv", "file_unwritable"),
    ):
        with pytest.raises(InvalidInputError) as caught:
            snap_table(index(), source, tmp_path / target)
        assert caught.value.code == code


def test_parquet(tmp_path):
    pytest.importorskip("pyarrow")
    import pandas as pd

    lon, lat = lonlat(*HERE)
    given, written = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pd.DataFrame({"lon": [lon, None], "lat": [lat, None], "note": ["甲", "乙"]}).to_parquet(given)
    done = snap_table(index(), given, written)
    answers = pd.read_parquet(written)
    assert (done.rows, done.inside) == (2, 1)
    assert answers["micro_grid"].tolist() == ["01-01", ""]
    (tmp_path / "bad.parquet").write_bytes(b"nothing")
    with pytest.raises(InvalidInputError, match="Parquet"):
        snap_table(index(), tmp_path / "bad.parquet", written)
