"""``weiwang residents``: keys listed, changed and dropped; what is due by rule told first, then erased."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from api.cli import run
from gis.store.sealing_keys import keys_in
from tests.loop import Loop
from tests.residents import two_homes


async def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Run a command as a shell would, and return what it says to programs."""
    code = await asyncio.to_thread(run, ["residents", *arguments, "--json"])
    said = capsys.readouterr()
    assert code == 0, said.err
    return json.loads(said.out)


async def test_keys_and_what_is_due(
    loop: Loop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("WEIWANG_STATE", str(loop.settings.state))
    homes = await two_homes(loop)
    (before,) = await answer(capsys, "keys")
    assert (before["newest"], before["texts"]) == (True, 8)
    made = await answer(capsys, "new-key")
    assert made["sealed"] == 8
    assert made["key"] != before["key_id"]
    assert await answer(capsys, "reseal") == {"key": "", "sealed": 0}
    assert await answer(capsys, "drop-keys") == {"dropped": 1}
    assert [key.key_id.hex() for key in keys_in(loop.settings.state)] == [made["key"]]
    await loop.act(
        lambda work: work.session.direct(
            "UPDATE resident SET moved_out_on = '2020-01-01' WHERE resident_id = %(id)s RETURNING 1",
            {"id": homes.people["王秀英"]},
        )
    )
    assert await answer(capsys, "due") == {"records": 1, "searches": 0}
    assert await answer(capsys, "erase-due") == {"records": 1, "searches": 0}
    assert await answer(capsys, "due") == {"records": 0, "searches": 0}
