"""Every step that an act takes outside itself, counted: statements, commits, and calls on the files of photos.

At the one ordered something happens: a process ends, a line is cut, a disk is full. What is counted is what the service really
calls, at the edge of psycopg and of the operating system; only what an act does is counted, not what stands around it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Self

import psycopg

from gis.store import photos
from gis.store.answering import cut as cut_line

STORE: Any = photos  # whose module is watched
IN_ACT: ContextVar[bool] = ContextVar("in_act", default=False)
Hit = Callable[["Step"], None]


class Step:
    """One step: what it is called, and how what is at stake is broken."""

    def __init__(self, name: str, connection: Any = None) -> None:
        self.name = name
        self.connection = connection


class Steps:
    """Counts steps, and lets something happen at one of them.

    Parameters
    ----------
    at
        Which, from 1; 0: none.
    hit
        Given the step; it may raise, or not return.
    """

    def __init__(self, at: int, hit: Hit) -> None:
        self.at = at
        self.hit = hit
        self.names: list[str] = []
        self.name = ""

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self.names)

    def step(self, name: str, connection: Any = None) -> None:
        """Count a step."""
        if IN_ACT.get():
            self.names.append(name)
            if self.count == self.at:
                self.name = name
                self.hit(Step(name, connection))

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Have every statement, both sides of every commit, and every call on files counted."""
        execute, commit, replace = psycopg.AsyncCursor.execute, psycopg.AsyncConnection.commit, Path.replace
        steps = self

        async def executed(cursor: Any, *args: Any, **kwargs: Any) -> Any:
            steps.step("before a statement", cursor.connection)
            found = await execute(cursor, *args, **kwargs)
            if cursor.connection.autocommit:
                steps.step("after a statement that is a transaction", cursor.connection)
            return found

        async def committed(connection: Any) -> None:
            steps.step("before a commit", connection)
            await commit(connection)
            steps.step("after a commit", connection)

        def replaced(path: Path, target: Any) -> Path:
            if path.suffix == photos.PART:
                steps.step("before a photo has its name")
            return replace(path, target)

        psycopg.AsyncCursor.execute = executed  # type: ignore[method-assign, assignment]
        psycopg.AsyncConnection.commit = committed  # type: ignore[method-assign, assignment]
        STORE.os = _Watched(self)
        Path.replace = replaced  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            psycopg.AsyncCursor.execute, psycopg.AsyncConnection.commit = execute, commit  # type: ignore[method-assign]
            STORE.os, Path.replace = os, replace  # type: ignore[method-assign]


class _Watched:
    """The operating system as the photo store calls it."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def open(self, *args: Any, **kwargs: Any) -> int:
        self._steps.step("before a photo's file or folder is opened")
        return os.open(*args, **kwargs)

    def fsync(self, descriptor: int) -> None:
        self._steps.step("before a photo is on the disk")
        os.fsync(descriptor)

    def fdopen(self, *args: Any, **kwargs: Any) -> Any:
        return _File(os.fdopen(*args, **kwargs), self._steps)


class _File:
    """A file that is written in two halves, so that it may be cut off in the middle."""

    def __init__(self, file: Any, steps: Steps) -> None:
        self._file = file
        self._steps = steps
        self._begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def fileno(self) -> int:
        return int(self._file.fileno())

    def write(self, content: memoryview) -> int:
        if self._begun:
            return int(self._file.write(content))
        self._begun = True
        written = int(self._file.write(content[: max(1, len(content) // 2)]))
        self._steps.step("in the middle of a photo")
        return written


def cut(step: Step) -> None:
    """Lose the connection; the statement that is to follow, or the answer to the one before, is lost with it."""
    cut_line(step.connection)
    if step.name.startswith("after"):
        raise psycopg.OperationalError("the answer was lost")
