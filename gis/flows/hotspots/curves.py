"""The curve of what repairing would have covered: made in the background for many cases, kept in a file until the next day.

A service that starts again, and others beside it, read what was made on that day. One that can't be made says so instead
of being awaited for ever.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import structlog

from gis.flows.hotspots.current import HotFilters, HotStreets, Ranking
from gis.flows.kept import LARGE, Kept
from gis.hotspots.foretelling import Coverage
from gis.store.session import ReadSession
from gis.words import Scope

log = structlog.get_logger(__name__)
PATIENCE_S = 1.0
"""A page waits so long for the curve; then it is shown without."""
TRIED_AGAIN_S = 60.0
"""After so long a curve that could not be made is tried once more."""
KEPT_S = 7 * 86_400.0
ARRAYS = ("length", "ours", "raw", "best")
OpenSession = Callable[[], AbstractAsyncContextManager[ReadSession]]


@dataclass(frozen=True, slots=True)
class Soon:
    """A curve, or why there is none: it is being made, or could not be."""

    coverage: Coverage | None = None
    failed: bool = False


class Curves:
    """The curves of a service.

    Parameters
    ----------
    streets
        The rankings that they are made from.
    folder
        Where those of many cases are kept; None: in memory only.
    """

    def __init__(self, streets: HotStreets, folder: Path | None = None) -> None:
        self._streets = streets
        self._folder = folder
        self._making: dict[object, asyncio.Task[Coverage]] = {}
        self._failed: dict[object, float] = {}
        self._kept: Kept[Coverage] = Kept()

    async def soon(self, open_session: OpenSession, scope: Scope, filters: HotFilters, now: datetime) -> Soon:
        """Return the curve where it is there or soon will be; else it goes on being made.

        Parameters
        ----------
        open_session
            Opens a transaction of its own for the making.
        scope, filters, now
            As for ``HotStreets.coverage``.
        """
        key = (scope, filters)
        if time.monotonic() - self._failed.get(key, -TRIED_AGAIN_S) < TRIED_AGAIN_S:
            return Soon(failed=True)
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.create_task(self._made(open_session, scope, filters, now))
            making.add_done_callback(lambda done: self._ended(key, done))
        done, _ = await asyncio.wait({making}, timeout=PATIENCE_S)
        if not done:
            return Soon()
        return Soon(failed=True) if making.exception() else Soon(making.result())

    def _ended(self, key: object, done: asyncio.Task[Coverage]) -> None:
        self._making.pop(key, None)
        if done.cancelled():
            return
        if (error := done.exception()) is not None:
            self._failed[key] = time.monotonic()
            log.error("curve_failed", exc_info=error)

    async def _made(
        self, open_session: OpenSession, scope: Scope, filters: HotFilters, now: datetime
    ) -> Coverage:
        async with open_session() as session:
            found = await self._streets.ranking(session, scope, filters, now)
            if self._folder is None or found.total <= LARGE:
                return await self._streets.coverage(session, scope, filters, now)
            path = self._folder / f"{_name(scope, filters, found)}.json"

            async def make() -> Coverage:
                kept = await asyncio.to_thread(_read, path)
                if kept is None:
                    kept = await self._streets.coverage(session, scope, filters, now)
                    await asyncio.to_thread(_write, path, kept)
                return kept

            return await self._kept.get(path, 0, make)


def _name(scope: Scope, filters: HotFilters, found: Ranking) -> str:
    """Return the same name in every process for the same question on the same streets on the same day."""
    streets = hashlib.blake2b(b"".join(one.id.bytes for one in found.ground.blocks)).hexdigest()
    told = [asdict(scope), asdict(filters), streets, int(found.end)]
    asked = orjson.dumps(told, default=_plain, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(asked, digest_size=16).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def _read(path: Path) -> Coverage | None:
    try:
        told = orjson.loads(path.read_bytes())
        return Coverage(
            int(told["months"]),
            float(told["things"]),
            *(np.array(told[name], dtype=np.float64) for name in ARRAYS),
        )
    except (OSError, ValueError, KeyError, TypeError):  # not there, or cut off
        return None


def _write(path: Path, made: Coverage) -> None:
    """Keep a curve, and remove those of days long past; without room or right to write it is made again next time."""
    told = {"months": made.months, "things": made.things} | {
        name: getattr(made, name).tolist() for name in ARRAYS
    }
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in path.parent.iterdir():
            if time.time() - old.stat().st_mtime > KEPT_S:
                old.unlink(missing_ok=True)
        part = path.with_suffix(f".{time.monotonic_ns()}.part")
        part.write_bytes(orjson.dumps(told))
        part.replace(path)
