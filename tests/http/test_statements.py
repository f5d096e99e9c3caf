"""What lists ask of the database: as many statements for many rows as for few, and no walk over a large table.

Every page and every list of the live route table is read, and what is asked of the database meanwhile is kept: a new list is in
this test by itself. The plans are those of a community with a million cases, see ``scripts/bench/plans.py``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gis.clock import SettableClock
from gis.settings import Settings
from tests import server
from tests.extent import only_whole
from tests.statements import OFFICE, Grown, lived

ROOT = Path(__file__).parents[2]
COUNTING = ("ways", "notice_reading", "person_data", "visit_reading", "order_reading")
LISTS = {"/desk": 5, "/desk/cards": 5}
"""How many lists a page has, where it isn't one: each is counted by one statement once it goes on after its page."""
WALKING = (
    "/ ",  # referrals that were returned are counted among all that have ended: 96 ms of half a million
    "/admin/retention",  # counts what is old enough to go, on the page of the one who decides it: 2 s of a million cases
    "/agency",  # referrals of an area: in the order of time until the page is full
    "/api/v1/referrals",
    "/me/data",  # counts what somebody has done, on a page of their own: 89 ms of half a million photos
    "/visits",  # in the order of time until the page is full: 94 ms of half a million where an area has none
    "/api/v1/visits",
    "/api/v1/findings",  # likewise: 104 ms
    "/orders",  # likewise: 0.4 s of a quarter of a million
    "/api/v1/orders",
    "/api/v1/reports",  # of an area: in the order of time until the page is full
    "/reports",
    "/api/v1/missing",  # of all searches there ever were: a handful a year
    "/missing",
    "/activities",  # likewise: 31 ms of a quarter of a million
    "/api/v1/activities",
    "/open311",  # in the order of time, only hazards
    "/api/v1/residents/",  # all that is written of one resident
)
"""Pages that look at more than a page of rows, and why; see docs/decisions/0056; figures of ``scripts/bench_million.py``."""


@pytest.fixture
async def grown(settings: Settings, clock: SettableClock, worker_id: str) -> AsyncIterator[Grown]:
    """Give a drawn world in a database of its own, not yet grown."""
    with server.new_database(f"{worker_id}_grown") as url:
        superuser_url = server.superuser_url(url)
        if superuser_url is None:
            pytest.skip(
                "files of tables are lengthened in the folder of a server of our own, not of DATABASE_URL's"
            )
        async with lived(url, superuser_url, settings, clock) as world:
            yield world


def test_nothing_loads_by_itself() -> None:
    """There are no mapped classes, so no attribute that is looked at asks the database: every statement is written down."""
    sources = [path for room in ("gis", "api", "web") for path in (ROOT / room).rglob("*.py")]
    assert len(sources) > 300
    assert not [path for path in sources if "sqlalchemy.orm" in path.read_text("utf-8")]


@only_whole
async def test_lists_of_a_large_community(grown: Grown, monkeypatch: pytest.MonkeyPatch) -> None:
    """For many rows no page asks more often than for few, and no list walks over a large table."""
    for name in COUNTING:  # a hundred is to the rows that are there what ten thousand is to a million
        monkeypatch.setattr(f"gis.store.{name}.COUNTED_TO", 100)
    monkeypatch.setattr("gis.store.ways.SEARCHED", 100)
    paths = grown.paths(OFFICE)
    few = {path: await grown.ask(OFFICE, path) for path in paths}
    grown.grow()
    grown.asked.clear()
    many = {path: await grown.ask(OFFICE, path) for path in paths}
    more = [path for path, n in few.items() if many[path] > n]
    for path in more:  # what was kept for some seconds may have been forgotten just then
        many[path] = min([await grown.ask(OFFICE, path) for _ in range(3)])
    await grown.ask_all(briefly=True)
    found, big = grown.plans()
    assert {one.table for one in big.values()} >= {"case", "report", "photo", "event", "notice", "visit"}
    assert len(few) > 100
    assert len(found.plans) > 200
    assert {
        path: (few[path], many[path]) for path in more if many[path] > few[path] + LISTS.get(path, 1)
    } == {}
    walks = {
        key: why for key, why in found.wrong.items() if not f"{grown.by[key].split()[1]} ".startswith(WALKING)
    }
    told = [f"{grown.by[key]}: {why}\n{' '.join(key.split())[:1500]}" for key, why in walks.items()]
    assert "\n\n".join(told) == ""
