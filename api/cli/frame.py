"""What all commands share: language, settings, the database, and how results are printed."""

from __future__ import annotations

import asyncio
import locale
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import orjson
import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console

from gis.clock import SystemClock
from gis.errors import SetupError, WeiwangError
from gis.flows.atlas import Atlas
from gis.flows.work import Work
from gis.settings import Settings
from gis.store.cluster import PrivateCluster
from gis.store.jobs import ProcrastinateJobs
from gis.store.migrate import upgrade
from gis.store.photo_bucket import photos_of
from gis.store.session import Database
from web.i18n import translate
from web.messages import error_sentence

Result = TypeVar("Result")
FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130
ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "boundaries" / "community.toml"

StateOption = Annotated[
    Path | None,
    typer.Option("--state", help="Folder of photos, keys and the private database.  [WEIWANG_STATE]"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")]
CommunityOption = Annotated[
    str | None, typer.Option("--community", help="Which community; needed only where there are several.")
]

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def language() -> str:
    """Return the language of the shell: Chinese unless it says otherwise."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "zh" if (locale.getlocale()[0] or "").lower().startswith("zh") else "en"


def say(error: WeiwangError) -> None:
    """Print an error as one line on the error stream: its sentence, and what the log would say."""
    named = {"field": error.field} if error.field else {}
    sentence = error_sentence(language(), error.code, named | error.values, fallback=error.detail)
    line = sentence if not error.detail or error.detail == sentence else f"{sentence} ({error.detail})"
    sys.stderr.write("weiwang: " + " ".join(line.split()) + "\n")


def words(text: str, **values: object) -> str:
    """Return a sentence in the shell's language."""
    return translate(language(), text, **values)


def show_json(result: Any) -> None:
    """Print a result for programs."""
    sys.stdout.write(orjson.dumps(result, option=orjson.OPT_INDENT_2, default=str).decode() + "\n")


def settings_for(state: Path | None = None, **changes: object) -> Settings:
    """Return the settings, with what the command line says instead."""
    if state is not None:
        changes["state"] = state
    return _settings().model_copy(
        update={name: value for name, value in changes.items() if value is not None}
    )


def _settings() -> Settings:
    """Return the settings of the environment; of one that is wrong only its name is told, for it may be a secret."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
        where = "__".join(str(one) for one in wrong["loc"]).upper()
        reason = str(wrong["msg"]).removeprefix("Value error, ")
    except SettingsError as error:
        where, reason = str(error).split('"')[1].upper(), "must be JSON"
    name = where if where == "DATABASE_URL" else f"WEIWANG_{where}"
    raise SetupError(reason, code="setting_invalid", name=name)


@contextmanager
def database_url(settings: Settings, *, serving: bool = False) -> Iterator[str]:
    """Give the address of the database: the operator's own, or the private one, started for the while.

    Whether its changes are kept is decided by who serves; a command leaves that as it is.
    """
    if settings.database_url:
        yield settings.database_url
        return
    archiving = settings.archive.folder is not None if serving else None
    with PrivateCluster(settings.state, archiving=archiving).running() as cluster:
        yield cluster.url()


@contextmanager
def migrated_url(settings: Settings) -> Iterator[str]:
    """Give the address of a database that has all tables."""
    with database_url(settings) as url:
        upgrade(url)
        yield url


@dataclass(frozen=True, slots=True)
class Desk:
    """A database with the parts that flows need, for one command."""

    settings: Settings
    database: Database
    atlas: Atlas

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """Open a unit of work."""
        async with self.database.write() as session:
            yield Work(
                session,
                SystemClock(),
                ProcrastinateJobs(),
                self.atlas,
                photos_of(self.settings),
                self.settings,
            )


@asynccontextmanager
async def desk(settings: Settings, url: str) -> AsyncIterator[Desk]:
    """Open a database for one command."""
    database = Database(url, pool_size=4)
    try:
        yield Desk(settings, database, Atlas(office=settings.office))
    finally:
        await database.close()


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Carry something out on an event loop of its own: the quick one that the service runs on, where it is installed."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)


def at_desk(settings: Settings, do: Callable[[Desk], Awaitable[Result]]) -> Result:
    """Carry something out with a database that has all tables."""

    async def there(url: str) -> Result:
        async with desk(settings, url) as at:
            return await do(at)

    with migrated_url(settings) as url:
        return run(there(url))


def in_community(
    state: Path | None, community: str | None, do: Callable[[Desk, str], Awaitable[Result]]
) -> Result:
    """Carry something out in the community meant (see ``the_community``)."""

    async def run(at: Desk) -> Result:
        return await do(at, await the_community(at, community))

    return at_desk(settings_for(state), run)


async def the_community(at: Desk, wanted: str | None) -> str:
    """Return the community meant: the one named, or the only one.

    Raises
    ------
    SetupError
        There is none, or none of that name, or several to choose from.
    """
    from gis.views.boards import communities

    async with at.database.read() as session:
        known = [one.id for one in await communities(session)]
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted in known:
        return str(wanted)
    if not known:
        raise SetupError("there is no community yet: weiwang import", code="no_community")
    raise SetupError(
        f"name one with --community: {', '.join(known)}", code="community_unclear", known=", ".join(known)
    )
