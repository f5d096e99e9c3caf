"""``weiwang delineate``: from a database to a report, a file, a draft, a version; from a file; one line for bad input."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from api.cli.delineating import Target, _stored
from gis.flows.boundaries.loading import version_areas
from gis.flows.delineate import DelineationWish
from gis.words import Level
from tests.factories import Community
from tests.loop import Loop

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data" / "boundaries" / "heping-demo.osm"
FOUR = ["--micro-grids", "4", "--grids", "2", "--main-streets", "primary"]


@pytest.fixture
def shell(community: Community, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give a folder, with the environment set to the test's own database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("WEIWANG_STATE", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    return tmp_path


def drawn(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert run(["delineate", *arguments, "--json"]) == 0, capsys.readouterr().err
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_report_and_a_file(shell: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = shell / "cells.geojson"
    report = drawn(capsys, *FOUR, "-o", str(file))["report"]
    assert report["micro_grids"]["coverage_valid"] is True
    assert report["micro_grids"]["main_street_crossings"] == 0
    assert report["buildings_cut_elsewhere"] == 0
    cells = json.loads(file.read_text("utf-8"))["features"]
    assert [one["properties"]["code"] for one in cells] == ["01-01", "01-02", "02-01", "02-02"]
    assert cells[0]["properties"]["name"] == "第一网格第一微网格"
    assert sum(one["properties"]["households"] for one in cells) == 96
    grids = json.loads((shell / "cells.grids.geojson").read_text("utf-8"))["features"]
    assert [one["properties"]["name_en"] for one in grids] == ["Grid 1", "Grid 2"]
    assert run(["delineate", *FOUR]) == 0
    shown = capsys.readouterr().out
    assert "Compactness" in shown
    assert "100%" in shown


async def test_a_version_with_the_people_of_the_places(
    loop: Loop, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    url = database_url
    wish = DelineationWish(3, 1, main_streets=())
    _, result = await _stored(
        loop.settings, url, None, wish, Target(None, draft=False, publish=True, username=None)
    )
    assert result == {"version": 2}
    async with loop.database.read() as session:
        areas = {rows.level: rows for rows in await version_areas(session, loop.community.community_id, 2)}
    assert areas[Level.MICRO_GRID].code == ["01-01", "01-02", "01-03"]
    held = await loop.rows(
        "SELECT level, code, count(*) AS n FROM person_area GROUP BY level, code ORDER BY level, code"
    )
    assert sum(row.n for row in held) == 6
    assert {row.code for row in held} <= {"01", "01-01", "01-02", "01-03"}
    _, kept = await _stored(
        loop.settings, url, None, wish, Target(None, draft=True, publish=False, username="desk")
    )
    assert (
        await loop.value("SELECT source FROM area_draft WHERE draft_id::text = :id", id=kept["draft_id"])
        == "delineation"
    )


def test_from_a_file_without_importing(shell: Path, capsys: pytest.CaptureFixture[str]) -> None:
    box = "123.4118,41.7858,123.4136,41.7876"
    report = drawn(capsys, "--osm", str(DEMO), "--box", box, "--micro-grids", "8", "--grids", "2")["report"]
    assert report["micro_grids"]["cells"] == 8
    assert report["micro_grids"]["contiguous"] is True


def test_households_of_an_office(shell: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = shell / "households.csv"
    table.write_bytes("地址,户数\n测试街1号,24\n".encode("gb18030"))
    assert (
        drawn(capsys, *FOUR, "--households", str(table))["report"]["households"] == 96
    )  # flats are known here
    table.write_text("address,households\n月亮街1号,24\n", encoding="utf-8")
    assert run(["delineate", *FOUR, "--households", str(table)]) == 2
    assert "No building of the table" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--micro-grids", "0"],
        ["--micro-grids", "x"],
        ["--micro-grids", "900"],
        ["--micro-grids", "9999"],
        ["--micro-grids", "4", "--grids", "9"],
        ["--micro-grids", "4", "--main-streets", "moon"],
        ["--micro-grids", "4", "--balance", "area"],
        ["--micro-grids", "4", "--draft", "--publish"],
        ["--micro-grids", "4", "--box", "1,2,3,4"],
        ["--micro-grids", "4", "--osm", "/no/such.osm"],
        ["--micro-grids", "4", "--osm", str(DEMO), "--box", "1,2,1,2"],
        ["--micro-grids", "4", "--osm", str(DEMO), "--publish"],
        ["--micro-grids", "4", "--households", "/no/such.csv"],
        ["--micro-grids", "4", "--draft", "--as", "nobody"],
        ["--micro-grids", "4", "-o", "/no/such/x.geojson"],
    ],
)
def test_bad_input_is_one_line(shell: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert run(["delineate", *arguments]) == 2
    error = capsys.readouterr().err.strip().splitlines()
    assert error[-1].startswith("weiwang: ")
    assert "Traceback" not in "\n".join(error)
