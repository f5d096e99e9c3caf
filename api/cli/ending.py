"""How a command that runs until it is told to end is told so: Ctrl-C, or SIGTERM of whoever began it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped:
    """How the service was asked to end."""

    by_term = False


@contextmanager
def terminable() -> Iterator[Stopped]:
    """Let SIGTERM end everything as Ctrl-C does."""
    stopped = Stopped()

    def on_term(_signal: int, _frame: FrameType | None) -> None:
        stopped.by_term = True
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, on_term)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGTERM, before)
