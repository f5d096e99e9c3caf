"""``weiwang db distribute|partitions`` and ``weiwang boards``, and how memory is weighed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import text

from api.cli import run
from api.cli.doctor import _settings as shown_settings
from api.cli.frame import BAD_INPUT
from gis.flows.atlas import Atlas
from gis.flows.weighing import weight
from gis.settings import BucketSettings, IdentitySettings, ReplicaSettings, Settings
from gis.store.distribution import LOCAL
from gis.store.tables import metadata
from tests.factories import draw_community
from tests.loop import Loop


@pytest.fixture
def shell(loop: Loop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database_url: str):
    """Give what runs a command as a shell would, and returns its code and what it says."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("WEIWANG_STATE", str(loop.settings.state))
    monkeypatch.setenv("LANG", "en_US.UTF-8")

    async def say(*arguments: str) -> tuple[int, str, str]:
        code = await asyncio.to_thread(run, list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return say


async def told(shell: Any, *arguments: str) -> Any:
    code, out, err = await shell(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)


async def test_the_plan_is_told_without_the_extension(shell: Any) -> None:
    found = await told(shell, "db", "distribute", "--dry-run")
    placed = [step["table"] for step in found["steps"] if step["kind"] in {"share", "distribute"}]
    assert sorted(placed) == sorted(metadata.tables)
    assert (found["local"], found["done"]) == (list(LOCAL), False)
    code, _, err = await shell("db", "distribute")
    assert code == 1
    assert "Citus" in err
    assert len(err.splitlines()) == 1


async def test_months_are_listed_and_young_ones_stay(shell: Any) -> None:
    found = await told(shell, "db", "partitions")
    assert found[0]["name"] == "event_past"
    assert found[-1]["name"] == "event_other"
    code, _, err = await shell("db", "partitions", "--hang-out", "past")
    assert (code, len(err.splitlines())) == (2, 1)
    code, _, err = await shell("db", "partitions", "--hang-in", "1999-13")
    assert (code, "1999-13" in err) == (2, True)
    assert (await shell("db", "partitions"))[0] == 0


async def test_communities_side_by_side(shell: Any, loop: Loop) -> None:
    async with loop.database.write() as session:
        await draw_community(session, "other")
        await session.run(text("UPDATE community SET name = 'B' WHERE community_id = 'other'"))
        await session.run(text("UPDATE community SET name = 'A' WHERE community_id = 'test'"))
    first = await loop.report()
    await loop.report(where=(150, 150))
    statement = """UPDATE "case" SET status = 'closed', opened_at = now(), closed_at = now(), done_at = now(),
        resolve_due_at = now() + interval '1 h' WHERE community_id = 'test' AND case_id = :id"""
    late = """UPDATE "case" SET opened_at = now(), resolve_due_at = now() - interval '1 h'
        WHERE community_id = 'test' AND case_id <> :id"""
    async with loop.database.write() as session:
        await session.run(text(statement), {"id": first.case_id})
        await session.run(text(late), {"id": first.case_id})
    one, two = await told(shell, "boards")
    assert (one["community_id"], two["community_id"]) == ("test", "other")
    figures = ("open", "late", "opened", "closed", "in_time", "closing_rate", "in_time_rate")
    assert [one[name] for name in figures] == [1, 1, 2, 1, 1, 0.5, 1.0]
    assert [two[name] for name in figures] == [0, 0, 0, 0, 0, None, None]
    assert [row["community_id"] for row in await told(shell, "boards", "other")] == ["other"]
    code, _, err = await shell("boards", "nowhere")
    assert code == BAD_INPUT
    assert "nowhere" in err
    code, out, _ = await shell("boards", "--days", "7")
    assert code == 0
    assert "50%" in out


async def test_communities_as_a_file(shell: Any, tmp_path: Path) -> None:
    table, book = tmp_path / "boards.csv", tmp_path / "boards.xlsx"
    for file in (table, book):
        code, out, err = await shell("boards", "--file", str(file))
        assert (code, err) == (0, "")
        assert out.strip().endswith(": 1")
    head, row = table.read_text("utf-8-sig").splitlines()
    assert head.startswith("Code,Community") or head.split(",")[1] == "Community"
    assert row.startswith("test,")
    (sheet,) = pd.read_excel(book, sheet_name=None).values()
    assert sheet.iloc[0, 0] == "test"
    for wrong, code in ((tmp_path / "boards.pdf", 2), (tmp_path / "nowhere" / "boards.csv", 2)):
        done, _, err = await shell("boards", "--file", str(wrong))
        assert (done, len(err.splitlines())) == (code, 1)


async def test_communities_are_kept_by_what_they_weigh(loop: Loop) -> None:
    async with loop.database.write() as session:
        for name in ("second", "third"):
            await draw_community(session, name)
    wide = Atlas()
    async with loop.database.read() as session:
        each = [(await wide.get(session, name)).bytes for name in ("test", "second", "third")]
    assert all(10_000 < one < 3_000_000 for one in each), each
    assert max(each) < 1.2 * min(each)  # what was loaded before weighs nothing in what is loaded after
    narrow = Atlas(most_bytes=int(2.5 * max(each)))
    async with loop.database.read() as session:
        for name in ("test", "second", "test", "third"):
            await narrow.get(session, name)
    assert [narrow.peek(name) is not None for name in ("test", "second", "third")] == [True, False, True]
    assert not narrow.has_room


def test_weighing() -> None:
    million = np.zeros(1_000_000)
    assert 8_000_000 <= weight(million) < 8_100_000
    assert weight([million, million, million[:10]]) < 8_200_000
    lines = np.array([shapely.LineString(np.zeros((50, 2))) for _ in range(100)])
    assert 80_000 < weight(lines) < 150_000
    assert weight({"a": shapely.STRtree(list(lines))}) > weight(lines)


def test_secrets_are_told_to_nobody() -> None:
    settings = Settings(
        bucket=BucketSettings(name="photos", key_id="one", secret="s3cret"),
        replica=ReplicaSettings(url="postgresql://a:s3cret@b/c"),
        identity=IdentitySettings(keys=("s3cret",)),
    )
    shown = shown_settings(settings)
    assert "s3cret" not in str(shown)
    assert shown["bucket"] == {
        "name": "photos", "endpoint": "", "region": "us-east-1", "prefix": "", "key_id": "one", "secret": "(set)",
    }  # fmt: skip
    assert "s3cret" not in repr(settings)
