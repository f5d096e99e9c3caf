"""Documents on paper: by the Chromium of the machine, with nothing from outside; without one there is none."""

import asyncio
import re
import socket
from pathlib import Path

import pytest

from api import printing
from api.printing import browser, pdf_of

PAGE = """<!doctype html><meta charset="utf-8"><style>@page {{ size: A4 }}</style><h1>周调度</h1>
<img src="http://127.0.0.1:{port}/pixel">"""


@pytest.fixture(autouse=True)
def looked_for_anew() -> None:
    browser.cache_clear()


async def test_a_document_becomes_an_a4_sheet() -> None:
    if browser() is None:
        pytest.skip("no Chromium on this machine")
    with socket.create_server(("127.0.0.1", 0)) as outside:
        outside.setblocking(False)
        found = await pdf_of(PAGE.format(port=outside.getsockname()[1]))
        with pytest.raises(BlockingIOError):  # nobody came for the picture
            outside.accept()
    assert found is not None
    assert found.startswith(b"%PDF-")
    assert re.search(rb"/MediaBox \[0 0 59\d(\.\d+)? 84\d", found), found[:400]


async def test_without_a_browser_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIWANG_CHROMIUM", "no-such-program")
    assert await pdf_of("<p>") is None


async def test_one_that_hangs_is_ended_with_all_that_it_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "pid"
    program = tmp_path / "chromium"
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {told}\nwait\n")
    program.chmod(0o755)
    monkeypatch.setenv("WEIWANG_CHROMIUM", str(program))
    assert await pdf_of("<p>", limit_s=0.5) is None
    child = Path("/proc") / told.read_text().strip()
    for _ in range(100):
        if not child.exists() or "Z" in (child / "stat").read_text().split(")")[1][:3]:
            break
        await asyncio.sleep(0.05)
    else:
        pytest.fail("a process was left behind")


async def test_one_that_fails_gives_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("WEIWANG_CHROMIUM", str(program))
    assert await pdf_of("<p>") is None
    assert printing.browser() == str(program)
