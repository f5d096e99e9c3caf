"""One of several processes of a service: ``python -m api.cli.worker SOCKET RATES``, begun by ``api.cli.processes`` only."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from io import FileIO, RawIOBase

from api.cli.processes import READY
from api.cli.service import Service
from api.rates import Rates
from gis.settings import Settings


def main() -> None:
    """Serve the socket that was handed over until the standard input ends; limits are counted in the memory that was."""
    said = FileIO(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed goes where the log goes
    with socket.socket(fileno=int(sys.argv[1])) as listener:
        rates = Rates(int(sys.argv[2]))
        service = Service(Settings(), listener, on_ready=lambda: _say_ready(said), rates=rates)
        threading.Thread(target=_end_with_input, daemon=True).start()
        with suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=service.loop_factory) as runner:
            runner.run(service.run())


def _say_ready(to: RawIOBase) -> None:
    to.write(READY)


def _end_with_input() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    main()
