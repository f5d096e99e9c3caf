"""What every test can ask for: a migrated database of its worker's own, empty at the start of each test, and a clock."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import nullcontext
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis_settings

from gis.clock import SettableClock
from gis.settings import DispatchSettings, RateSettings, Settings
from gis.store.session import Database
from tests import server
from tests.factories import Community, draw_community
from tests.scheduling import Scheduling, in_order

if TYPE_CHECKING:
    from tests.loop import Loop

NOON = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Shenyang
hypothesis_settings.register_profile("weiwang", deadline=None)  # a machine may have other things to do
hypothesis_settings.load_profile("weiwang")
KEPT = {"category"}
SELDOM = (10_000, 20, 20)  # how many new things there are before rubbish is looked for
_DRAWN: dict[str, Community] = {}  # by the database it was stored in


def pytest_configure(config: pytest.Config) -> None:
    """Name this run's folder once, in the process that starts the workers."""
    if not hasattr(config, "workerinput"):
        signal.signal(
            signal.SIGTERM, signal.default_int_handler
        )  # so that a run that is ended stops its server
        server.begin()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Give the processes of a run their tests in our own way."""
    return Scheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Have the processes of a run begin in the same order, the longest first."""
    if hasattr(config, "workerinput"):
        in_order(items)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Have one process of a run read the tests before the others: these find them compiled, in a third of the time."""
    with server.first_alone() if hasattr(session.config, "workerinput") else nullcontext():
        return (yield)


def pytest_collection_finish() -> None:
    """Leave what was loaded for the tests in peace: to look through it for rubbish takes longer than most of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the run's server when all workers are done."""
    if not hasattr(config, "workerinput") and server.FOLDER in os.environ:
        server.end()


@pytest.fixture(scope="session")
def _own_database(worker_id: str) -> Iterator[str]:
    with server.new_database(worker_id) as url:
        yield url


@pytest.fixture
def database_url(_own_database: str, request: pytest.FixtureRequest) -> str:
    """Give the URL of a migrated database that holds nothing but the categories, and the community where it is asked for."""
    if "community" not in request.fixturenames or _own_database not in _DRAWN:
        server.clear(_own_database, keep=KEPT)
    return _own_database


@pytest.fixture
def empty_database_url(worker_id: str) -> Iterator[str]:
    """Give the URL of a database without tables."""
    with server.new_database(f"{worker_id}_empty", tables=False) as url:
        yield url


@pytest.fixture(scope="session")
async def _own_pool(_own_database: str) -> AsyncIterator[Database]:
    opened = Database(_own_database)
    yield opened
    await opened.close()


@pytest.fixture
def database(database_url: str, _own_pool: Database) -> Iterator[Database]:
    """Give an open ``Database`` over ``database_url``.

    Its connections stay open from test to test: to make them, and to have statements compiled and planned anew, takes longer
    than most tests.
    """
    yield _own_pool
    assert {lent for _, lent in _own_pool.pools().values()} == {0}, "not every connection was given back"


@pytest.fixture
def clock() -> SettableClock:
    """Give a clock that stands at noon in Shenyang until a test sets it."""
    return SettableClock(NOON)


@pytest.fixture
async def community(database: Database, database_url: str) -> Community:
    """Give a small drawn community with its people, stored through the real tables once and brought back afterwards."""
    if database_url not in _DRAWN:
        async with database.write() as session:
            _DRAWN[database_url] = await draw_community(session)
        server.keep(database_url, without=KEPT)
    else:
        server.bring_back(database_url, without=KEPT)
    return deepcopy(_DRAWN[database_url])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give the defaults, with photos in a folder of this test's own.

    Who is on duty is read anew, for clocks stand still, and as much may be asked for as a test likes.
    """
    return Settings(
        state=tmp_path, dispatch=DispatchSettings(roster_s=0.0), rates=RateSettings(enforced=False)
    )


@pytest.fixture
def loop(database: Database, community: Community, clock: SettableClock, settings: Settings) -> Loop:
    """Give a loop to act in."""
    from gis.flows.atlas import Atlas
    from gis.store.photos import PhotoStore
    from tests.loop import Loop

    photos = PhotoStore(settings.photo_folder)
    return Loop(database, community, clock, photos, settings, Atlas(office=settings.office))
