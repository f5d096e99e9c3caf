"""Pages on paper: PDF by a Chromium that is there; without one the page's own print style remains."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LIMIT_S = 60.0
ARGUMENTS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # nothing from outside
)
log = structlog.get_logger(__name__)
_one = asyncio.Semaphore(1)  # each takes some 200 MB while it runs


@cache
def browser() -> str | None:
    """Return the Chromium of this machine: the one that ``WEIWANG_CHROMIUM`` names, or the first in the path."""
    named = os.environ.get("WEIWANG_CHROMIUM")
    found = (shutil.which(name) for name in ((named,) if named else NAMES))
    return next((one for one in found if one), None)


async def pdf_of(document: str | Path, *, limit_s: float = LIMIT_S) -> bytes | None:
    """Return a document as PDF, or None where no Chromium is there or it doesn't end in time.

    Parameters
    ----------
    document
        A whole HTML document with its styles and pictures inside, or the path of one. ``@page`` in its style states
        the paper; nothing is fetched from outside.
    limit_s
        How long it may take, seconds.
    """
    program = browser()
    if program is None:
        return None
    async with _one:
        with TemporaryDirectory(prefix="weiwang-print-", ignore_cleanup_errors=True) as folder:
            page, paper = Path(folder) / "page.html", Path(folder) / "page.pdf"
            if isinstance(document, Path):
                page = document
            else:
                await asyncio.to_thread(page.write_text, document, encoding="utf-8")
            if not await _print(program, Path(folder), page, paper, limit_s) or not paper.is_file():
                return None
            return await asyncio.to_thread(paper.read_bytes)


def _address(page: Path) -> str:
    return page.absolute().as_uri()


async def _print(program: str, folder: Path, page: Path, paper: Path, limit_s: float) -> bool:
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    running = await asyncio.create_subprocess_exec(
        program,
        *ARGUMENTS,
        *root,
        f"--user-data-dir={folder / 'profile'}",
        f"--print-to-pdf={paper}",
        _address(page),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        status = await asyncio.wait_for(running.wait(), limit_s)
    except TimeoutError:
        status = -1
    finally:
        with suppress(ProcessLookupError):  # with every process that it has begun
            os.killpg(running.pid, signal.SIGKILL)
        await running.wait()
    if status != 0:
        log.warning("printing_failed", status=status)
    return status == 0
