"""``weiwang export`` and ``weiwang apikey``: files and keys from the shell."""

import asyncio
import json
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import text

from api.cli import run
from gis.store.session import Database
from tests.loop import Loop


@pytest.fixture
def shell(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("WEIWANG_STATE", str(tmp_path))
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)

    async def command(*arguments: object) -> int:
        return await asyncio.to_thread(run, [str(one) for one in arguments])

    return command


async def test_a_file_from_the_shell(loop: Loop, shell, tmp_path: Path, capsys) -> None:
    await loop.report(category="sewer")
    await loop.report("rider1", where=(135, 120), category="water_leak")
    target = tmp_path / "cases.xlsx"
    assert await shell("export", target, "--category", "sewer", "--json") == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 1
    page = openpyxl.load_workbook(target).active
    assert page is not None
    assert page["C2"].value == "下水堵塞"
    assert await shell("export", target) == 2
    assert await shell("export", tmp_path / "areas-2026.gpkg", "--level", "grid", "--datum", "metric") == 0
    for bad in ("people.csv", "cases.pdf", "cases"):
        assert await shell("export", tmp_path / bad) == 2
    assert await shell("export", tmp_path / "cases.csv", "--from", "yesterday") == 2
    async with loop.database.read() as session:
        assert await session.value(text("SELECT count(*) FROM access WHERE kind = 'export_file'")) == 2


async def test_keys_from_the_shell(loop: Loop, database: Database, shell, capsys) -> None:
    assert await shell("apikey", "add", "市民热线平台", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert made["api_key"].startswith("test~")
    assert await shell("apikey", "revoke", made["id"]) == 0
    assert await shell("apikey", "revoke", made["id"]) == 2
    capsys.readouterr()
    assert await shell("apikey", "list", "--json") == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert listed["revoked_at"]
    assert "api_key" not in listed
