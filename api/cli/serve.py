"""``weiwang serve``: the database, the demo community if asked for, and the service, ended together."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import socket
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Annotated, NoReturn

import typer

from api.cli.backups import key_of
from api.cli.demo import DEMO_PASSWORD, ensure_demo
from api.cli.ending import terminable
from api.cli.frame import INTERRUPTED, StateOption, database_url, out, run, settings_for, words
from api.cli.processes import Processes
from api.cli.service import BACKLOG, Service
from api.cli.systemd import tell_systemd
from gis.errors import InvalidInputError, SetupError, WeiwangError
from gis.flows.moments import archive_kept
from gis.settings import Settings
from gis.store.backups.moments import Moments
from gis.store.cluster import PrivateCluster
from gis.store.cluster_keeper import kept_running
from gis.store.migrate import upgrade
from web.i18n import N_

DEMO_SIGN_INS = (
    "admin, desk, planner, resident, grid01-grid15, watcher001-watcher141, rider001-rider120, "
    "property, power, water, roads, sanitation, fire, subdistrict"
)
FILES = 8192
PAGES = (
    ("/report", N_("上报：随手拍")),
    ("/tasks", N_("任务：接单与办理")),
    ("/map", N_("地图：片区与案件")),
    ("/desk", N_("调度：全部案件")),
    ("/planner", N_("规划：隐患热力图")),
    ("/grids", N_("边界：网格与微网格")),
    ("/docs", N_("接口文档")),
)


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    *,
    demo: Annotated[
        bool, typer.Option("--demo", help="Load the demo community when the database has none.")
    ] = False,
    state: StateOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.  [WEIWANG_HOST, 127.0.0.1]")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on.  [WEIWANG_PORT, 8000]")
    ] = None,
    jobs: Annotated[bool, typer.Option(help="Run background jobs inside this process.")] = True,
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="Processes that serve together, each with about 300 MB.")
    ] = 1,
) -> int:
    """Serve pages and interface until Ctrl-C.

    Several processes are for machines with many cores and offices with many people: each keeps places and streets in its
    own memory, hears at once what the others change, and carries out jobs, each job once.

    Without DATABASE_URL a private PostgreSQL cluster in the state folder is made, started and stopped with it.
    """
    settings = settings_for(state, host=host, port=port, demo=demo or None, run_jobs=None if jobs else False)
    _allow_files()
    with _listening(settings) as listener, terminable() as stopped:
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        with suppress(KeyboardInterrupt):  # comes or not, by what the loop did last: only signals end it
            _run(settings, listener, processes)
    return 0 if stopped.by_term else INTERRUPTED


def _run(settings: Settings, listener: socket.socket, processes: int) -> None:
    with database_url(settings, serving=True) as url, _kept(settings), _archived(settings):
        upgrade(url)
        if settings.demo and run(ensure_demo(settings, url)):
            _begin_anew()
        served = settings.model_copy(update={"database_url": url})
        if processes > 1:
            listener.listen(BACKLOG)
            Processes(served, listener, processes, on_ready=lambda: _announce(served)).run()
            return
        try:
            service = Service(served, listener, on_ready=lambda: _announce(served))
            with asyncio.Runner(loop_factory=service.loop_factory) as runner:  # uvloop where it is installed
                runner.run(service.run())
        except OSError as error:
            raise _unusable(settings, error) from None


def _allow_files() -> None:
    """Have as many files open as a few thousand connections take, where the system's first word is for one program's files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _kept(settings: Settings) -> AbstractContextManager[None]:
    """Look after the private database, where there is one, for as long as the service runs."""
    return nullcontext() if settings.database_url else kept_running(PrivateCluster(settings.state))


def _archived(settings: Settings) -> AbstractContextManager[None]:
    """Keep every change of the private database, where that is asked for, for as long as the service runs."""
    if settings.database_url or settings.archive.folder is None:
        return nullcontext()
    moments = Moments(settings.archive.folder, key_of(settings.archive.key))
    return archive_kept(PrivateCluster(settings.state).spool, moments)


def _begin_anew() -> NoReturn:
    """Put a fresh process in this one's place: loading took libraries and memory that serving has no use for.

    It is the same process to whoever started it. The database goes on, and is taken over as after a kill.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own command line again


def _announce(settings: Settings) -> None:
    address = f"http://{settings.host if ':' not in settings.host else f'[{settings.host}]'}:{settings.port}"
    tell_systemd("READY=1")
    out.print(f"ready  {address}/")
    for path, what in PAGES:
        out.print(f"  {address + path:40} {words(what)}")
    if settings.demo:
        out.print(words("示范账号（密码 {password}）：{names}", password=DEMO_PASSWORD, names=DEMO_SIGN_INS))
    out.print(words("按 Ctrl-C 结束。"))


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Take the port before anything else is begun, so that one in use is told at once; nobody is let in yet."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            raise _unusable(settings, error) from None
        yield listener


def _unusable(settings: Settings, error: OSError) -> WeiwangError:
    if error.errno == errno.EADDRINUSE:
        return SetupError(f"port {settings.port} is in use", code="port_in_use", port=settings.port)
    return InvalidInputError(
        f"can't listen on {settings.host}:{settings.port}: {error.strerror}",
        code="address_unusable",
        host=settings.host,
        port=settings.port,
    )
