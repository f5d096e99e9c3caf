"""``weiwang jobs``: background jobs alone, beside services that leave them to others."""

from __future__ import annotations

import asyncio
import signal

import typer

from api.cli.ending import terminable
from api.cli.frame import INTERRUPTED, StateOption, migrated_url, out, run, settings_for
from api.cli.systemd import beat, tell_systemd
from api.life import alive, parts_of
from api.logs import configure_logging
from api.metrics import Metrics
from api.parts import Parts
from api.warming import leave_in_peace
from gis.clock import SystemClock
from gis.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("jobs")(jobs)


def jobs(*, state: StateOption = None) -> int:
    """Carry out background jobs until Ctrl-C, without pages: for use beside weiwang serve --no-jobs.

    It begins sooner and needs less memory than a service. Several may run; each job is carried out once.
    """
    settings = settings_for(state, run_jobs=True)
    with terminable() as stopped, migrated_url(settings) as url:
        try:
            return 0 if run(_carry_out(settings, url)) is signal.SIGTERM else INTERRUPTED
        except KeyboardInterrupt:
            return 0 if stopped.by_term else INTERRUPTED


async def _carry_out(settings: Settings, url: str) -> signal.Signals:
    """Carry out jobs until a signal comes, and return it; those under way are finished."""
    configure_logging(level=settings.log.level)
    parts = parts_of(settings, SystemClock(), metrics := Metrics(), url)
    async with alive(parts, url):
        beside = [asyncio.create_task(one) for one in (_tell_when_begun(parts), beat(metrics))]
        try:
            return await _asked_to_end()
        finally:
            for one in beside:
                one.cancel()
            tell_systemd("STOPPING=1")


async def _tell_when_begun(parts: Parts) -> None:
    assert parts.runner is not None  # noqa: S101 - asked for by the setting
    await parts.runner.begun.wait()
    leave_in_peace()
    tell_systemd("READY=1")
    out.print("ready  jobs")


def _asked_to_end() -> asyncio.Future[signal.Signals]:
    """Return what is done when Ctrl-C or SIGTERM comes."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[signal.Signals] = loop.create_future()

    def told(one: signal.Signals) -> None:
        if not ended.done():
            ended.set_result(one)

    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, told, one)
    return ended
