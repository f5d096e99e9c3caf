"""The web server of one process: uvicorn with our app, told when it truly answers, stopped with its streams."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.cli.systemd import beat, tell_systemd
from api.logs import configure_logging
from api.metrics import Metrics
from api.rates import Rates
from api.warming import leave_in_peace
from gis.errors import SetupError
from gis.settings import Settings

GRACE_S = 5
PROBE_S = 0.05
BACKLOG = 2048
KEPT_S = 150
"""How long a connection may be idle: longer than Caddy (120 s) and nginx (60 s) keep one to a server behind them. Who closes
first while a request comes in has lost it."""


class _Server(uvicorn.Server):
    """A server that ends the event streams first: they would never end by themselves."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        parts = getattr(self._app.state, "parts", None)
        if parts is not None:
            await parts.without_a_lost_database()
            await parts.hub.close()
        await super().shutdown(sockets)


class Service:
    """The service on a socket that is already bound.

    Parameters
    ----------
    settings
        With the address of a migrated database.
    listener
        Where to listen.
    on_ready
        Called once, when requests are answered.
    rates
        What is counted together with other processes; by default this one counts alone.
    """

    def __init__(
        self,
        settings: Settings,
        listener: socket.socket,
        *,
        on_ready: Callable[[], None],
        rates: Rates | None = None,
    ) -> None:
        self._listener = listener
        self._level = settings.log.level
        self._on_ready = on_ready
        app = create_app(settings)
        if rates is not None:
            app.state.rates = rates
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            forwarded_allow_ips=list(settings.trusted_proxies),
            backlog=BACKLOG,
            timeout_graceful_shutdown=GRACE_S,
            timeout_keep_alive=KEPT_S,
            lifespan="on",
        )
        self._server = _Server(config, app)
        self._metrics: Metrics = app.state.metrics
        self.loop_factory = config.get_loop_factory()

    async def run(self) -> None:
        """Serve until a signal comes."""
        configure_logging(level=self._level)
        self._listener.listen(BACKLOG)
        ready = asyncio.create_task(self._tell_when_ready())
        beating = asyncio.create_task(beat(self._metrics))
        try:
            await self._server.serve(sockets=[self._listener])
        except SystemExit:  # uvicorn's way to say that the app did not start
            raise SetupError("the service did not start; see the log above") from None
        finally:
            ready.cancel()
            beating.cancel()
            tell_systemd("STOPPING=1")

    async def _tell_when_ready(self) -> None:
        while not (self._server.started and await self._answers()):  # noqa: ASYNC110 - uvicorn sets a flag
            await asyncio.sleep(PROBE_S)
        leave_in_peace()
        self._on_ready()

    async def _answers(self) -> bool:
        host, port = self._listener.getsockname()[:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
        try:
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            await writer.drain()
            first = await reader.readline()
            writer.close()
        except OSError:
            return False
        return b" 200 " in first
