"""Several processes that serve one socket: begun together, put back when one dies, ended together."""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from prometheus_client.multiprocess import mark_process_dead

from api.cli.systemd import tell_systemd
from api.metrics import FOLDER
from api.rates import shared_memory
from gis.errors import SetupError
from gis.settings import Settings

READY = b"ready\n"
LOOK_S = 0.2
AGAIN_S = 1.0
PATIENCE_S = 15.0
SOON_S = 10.0
"""One that dies sooner than this has not begun properly."""
MOST_BAD_STARTS = 5

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Child:
    """One process; it ends when its standard input does, so that none outlives whoever began it."""

    running: subprocess.Popen[bytes]
    begun: float
    ready: bool = False

    def hears_ready(self) -> None:
        """Take note of what it has said."""
        if self.running.stdout is not None and self.running.stdout.readline() == READY:
            self.ready = True

    def end(self) -> None:
        """Ask it to end."""
        if self.running.stdin is not None:
            self.running.stdin.close()


class Processes:
    """So many processes on one listening socket.

    Parameters
    ----------
    settings
        With the address of a migrated database.
    listener
        Bound, and inherited by all.
    count
        How many.
    on_ready
        Called once, when all of them answer.
    """

    def __init__(
        self, settings: Settings, listener: socket.socket, count: int, on_ready: Callable[[], None]
    ) -> None:
        self._figures = tempfile.mkdtemp(prefix="weiwang-figures-")
        self._environment = os.environ | environment_of(settings) | {FOLDER: self._figures}
        self._listener = listener
        self._rates = shared_memory()
        self._count = count
        self._on_ready = on_ready
        self._children: list[_Child] = []
        self._bad_starts = 0

    def run(self) -> None:
        """Serve until KeyboardInterrupt, which is also raised for SIGTERM.

        Raises
        ------
        SetupError
            They die as soon as they are begun.
        """
        try:
            self._children = [self._begin() for _ in range(self._count)]
            told = False
            while True:
                self._listen()
                if not told and all(one.ready for one in self._children):
                    told = True
                    self._on_ready()
                self._put_back()
        finally:
            self._end_all()

    def _begin(self) -> _Child:
        handles = (self._listener.fileno(), self._rates)
        running = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "api.cli.worker",
                *map(str, handles),
            ],  # no package of the folder one is in
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self._environment,
            pass_fds=handles,
            start_new_session=True,  # Ctrl-C is for this process, which ends the others
        )
        return _Child(running, time.monotonic())

    def _listen(self) -> None:
        """Wait a moment for what the processes say."""
        with selectors.DefaultSelector() as selector:
            for child in self._children:
                if not child.ready and child.running.stdout is not None and child.running.poll() is None:
                    selector.register(child.running.stdout, selectors.EVENT_READ, child)
            tell_systemd("WATCHDOG=1")  # systemd hears this process alone
            if not selector.get_map():
                time.sleep(LOOK_S)
            for key, _ in selector.select(LOOK_S):
                key.data.hears_ready()

    def _put_back(self) -> None:
        for place, child in enumerate(self._children):
            if child.running.poll() is None:
                continue
            log.warning("process_ended", code=child.running.returncode)
            mark_process_dead(child.running.pid, self._figures)  # type: ignore[no-untyped-call]
            self._bad_starts = 0 if child.ready else self._bad_starts + 1
            if self._bad_starts >= MOST_BAD_STARTS:
                raise SetupError("the processes of the service don't start; see the log above")
            if time.monotonic() - child.begun < SOON_S:
                time.sleep(AGAIN_S)
            _close(child)
            self._children[place] = self._begin()

    def _end_all(self) -> None:
        for child in self._children:
            child.end()
        until = time.monotonic() + PATIENCE_S
        for child in self._children:
            try:
                child.running.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.running.send_signal(signal.SIGKILL)
                child.running.wait()
            _close(child)
        os.close(self._rates)
        shutil.rmtree(self._figures, ignore_errors=True)


def environment_of(settings: Settings) -> Mapping[str, str]:
    """Return what a process has to be told besides the environment: what the command line or the socket decided."""
    return {
        "DATABASE_URL": settings.database_url,
        "WEIWANG_STATE": str(settings.state.resolve()),
        "WEIWANG_HOST": settings.host,
        "WEIWANG_PORT": str(settings.port),
        "WEIWANG_DEMO": str(settings.demo).lower(),
        "WEIWANG_RUN_JOBS": str(settings.run_jobs).lower(),
    }


def _close(child: _Child) -> None:
    for pipe in (child.running.stdin, child.running.stdout):
        if pipe is not None:
            pipe.close()
