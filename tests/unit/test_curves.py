"""The curve of many cases: kept for the day in a file, read after a new start, and told as failed where it can't be made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import numpy as np
import pytest

from gis.flows.hotspots import curves as room
from gis.flows.hotspots.current import HotFilters, HotStreets
from gis.flows.hotspots.curves import Curves, Soon
from gis.flows.kept import LARGE
from gis.hotspots.foretelling import Coverage
from gis.store.case_reading import CaseFilters
from gis.store.session import ReadSession
from gis.words import Scope

NOW = datetime(2026, 6, 3, tzinfo=UTC)
SCOPE = Scope("test", everything=False, grid_codes=frozenset({"02", "01", "03"}))
MADE = Coverage(6, 120.0, *(np.linspace(0.0, 1.0, 5) * step for step in (1.0, 0.9, 0.8, 1.0)))


class Streets:
    """A ranking of so many cases, whose curve is worked out each time it is asked for."""

    def __init__(self, total: int = LARGE + 1, day: float = 20_000.4, broken: bool = False) -> None:
        self.total, self.day, self.broken, self.times = total, day, broken, 0

    async def ranking(self, *_: object) -> Any:
        blocks = (SimpleNamespace(id=UUID(int=7)),)
        return SimpleNamespace(total=self.total, end=self.day, ground=SimpleNamespace(blocks=blocks))

    async def coverage(self, *_: object) -> Coverage:
        self.times += 1
        if self.broken:
            raise RuntimeError("no")
        return MADE


@asynccontextmanager
async def session() -> AsyncIterator[ReadSession]:
    yield cast("ReadSession", None)


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def ask(curves: Curves) -> Soon:
    return await curves.soon(session, SCOPE, HotFilters(CaseFilters()), NOW)


def of(streets: Streets, folder: Path | None) -> Curves:
    return Curves(cast("HotStreets", streets), folder)


async def test_a_new_start_reads_what_was_made_that_day(tmp_path: Path) -> None:
    streets = Streets()
    first = await ask(of(streets, tmp_path / "curves"))
    again = await ask(of(streets, tmp_path / "curves"))
    assert streets.times == 1
    assert first.coverage is not None
    assert again.coverage is not None
    assert again.coverage.ours.tolist() == first.coverage.ours.tolist()
    streets.day += 1.0
    await ask(of(streets, tmp_path / "curves"))
    assert streets.times == 2


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"months": 1}'])
async def test_a_file_that_was_cut_off_is_made_anew(content: bytes, tmp_path: Path) -> None:
    streets = Streets()
    await ask(of(streets, tmp_path))
    for kept in files(tmp_path):
        kept.write_bytes(content)
    assert (await ask(of(streets, tmp_path))).coverage is not None
    assert streets.times == 2


async def test_of_few_cases_nothing_is_written(tmp_path: Path) -> None:
    streets = Streets(total=LARGE)
    assert (await ask(of(streets, tmp_path))).coverage is MADE
    assert files(tmp_path) == []


async def test_a_folder_that_can_not_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "curves").write_text("a file")
    assert (await ask(of(Streets(), tmp_path / "curves"))).coverage is MADE


async def test_what_can_not_be_made_says_so_and_is_not_tried_at_every_look(tmp_path: Path) -> None:
    streets = Streets(broken=True)
    curves = of(streets, tmp_path)
    assert [await ask(curves) for _ in range(3)] == [Soon(failed=True)] * 3
    assert streets.times == 1


async def test_a_page_is_shown_without_it_while_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "PATIENCE_S", 0.0)
    streets, gate = Streets(), asyncio.Event()
    made = streets.coverage

    async def slowly(*_: object) -> Coverage:
        await gate.wait()
        return await made()

    streets.coverage = slowly  # type: ignore[method-assign]
    curves = of(streets, tmp_path)
    assert await ask(curves) == Soon()
    gate.set()
    monkeypatch.setattr(room, "PATIENCE_S", 60.0)
    assert (await ask(curves)).coverage is not None
    assert streets.times == 1
