"""``weiwang serve`` where a process is killed at the step that a request names: ``python -m scripts.faults.doomed STATE PORT``.

The program loads everything once and forks a service for every line of its input; it says at which step somebody was killed,
a line each. The request's header ``X-Die-At: 7`` says at which of its statements, commits and calls on the files of
photos, and ``X-Dies`` who: the ``service`` itself, or the ``server`` of the database.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api import cli
from api.app import create_app
from api.cli import service
from gis.store.cluster import PrivateCluster
from scripts.faults.processes import postmaster_of
from tests.fault.steps import IN_ACT, Step, Steps

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Receive, Scope, Send

AT, WHO = "X-Die-At", "X-Dies"
SERVICE, SERVER = "service", "server"


class Fatal(Steps):
    """Steps of which one is somebody's last.

    Parameters
    ----------
    state
        The state folder, whose database server may be killed.
    said
        A handle on which it is said who was killed where.
    """

    def __init__(self, state: Path, said: int) -> None:
        super().__init__(0, self._strike)
        self._cluster = PrivateCluster(state)
        self._said = said
        self._who = SERVICE

    def begin(self, at: int, who: str) -> None:
        """Count anew."""
        self.at, self._who = at, who
        self.names.clear()

    def _strike(self, step: Step) -> None:
        number = os.getpid() if self._who == SERVICE else postmaster_of(self._cluster)
        os.write(self._said, f"{step.name}\n".encode())
        os.kill(number, signal.SIGKILL)


class Doom:
    """Has the steps of a request counted that asks for it."""

    def __init__(self, app: ASGIApp, steps: Fatal) -> None:
        self._app = app
        self._steps = steps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        said = dict(scope.get("headers", ()))
        at = said.get(AT.lower().encode())
        if at is not None:
            self._steps.begin(int(at), said[WHO.lower().encode()].decode())
            IN_ACT.set(True)
        await self._app(scope, receive, send)


def serve(state: str, port: str, said: int) -> int:
    """Serve until the end and return the exit code."""
    steps = Fatal(Path(state), said)

    def doomed(*args: Any, **options: Any) -> FastAPI:
        app = create_app(*args, **options)
        app.add_middleware(Doom, steps=steps)
        return app

    service.create_app = doomed  # type: ignore[attr-defined]
    with steps.watched():
        return cli.run(["serve", "--no-jobs", "--state", state, "--port", port])


def main() -> None:
    """Fork a service for every line, when the one before has ended."""
    said = os.dup(1)
    os.dup2(2, 1)  # what the service prints goes where its log goes
    for _ in iter(sys.stdin.readline, ""):
        gc.freeze()
        pid = os.fork()
        if pid == 0:
            os._exit(serve(sys.argv[1], sys.argv[2], said))
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
