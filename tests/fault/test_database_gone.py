"""A database that is paused, ended or started anew: told at once, cut where it hangs, healed by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from gis.errors import UnavailableError
from gis.store import cluster_server as server
from gis.store.cluster import PrivateCluster
from gis.store.cluster_keeper import kept_running
from gis.store.cluster_record import StateFolder
from gis.store.session import Database
from scripts.faults.processes import backends_of, kill, paused, postmaster_of

pytestmark = pytest.mark.fault
ONE = text("SELECT 1")


@pytest.fixture
async def opened(own_cluster: PrivateCluster) -> AsyncIterator[Database]:
    database = Database(own_cluster.url(), pool_size=2, single_size=2, patience_s=1.0)
    yield database
    await database.close()


async def one(database: Database) -> int:
    async with database.read() as session:
        return int(await session.value(ONE))


async def one_alone(database: Database) -> int:
    async with database.brief() as session:
        ((found,),) = await session.glance("SELECT 1 AS one", {})
        return int(found)


async def test_who_waits_for_a_paused_database_is_told_and_it_heals(
    opened: Database, own_cluster: PrivateCluster
) -> None:
    assert [await one(opened), await one_alone(opened)] == [1, 1]
    with paused(own_cluster):
        # more than there are connections: those that wait for one are told as well
        asked = [asyncio.create_task(ask(opened)) for ask in (one, one_alone) for _ in range(4)]
        told = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(error) for error in told] == [UnavailableError] * 8
        with pytest.raises(UnavailableError):  # at once
            await asyncio.wait_for(one(opened), 0.8)
    async with asyncio.timeout(20):
        while opened.gone:  # noqa: ASYNC110 - the database tells nobody that it is back
            await asyncio.sleep(0.05)
    assert [await one(opened), await one_alone(opened)] == [1, 1]


async def test_what_only_takes_long_is_not_cut(opened: Database) -> None:
    async with opened.read() as session:
        assert await session.value(text("SELECT 1 FROM pg_sleep(1.5)")) == 1


async def both(database: Database) -> list[int]:
    return list(await asyncio.gather(one(database), one_alone(database), one(database)))


async def test_connections_of_before_a_restart_are_not_used_again(
    opened: Database, own_cluster: PrivateCluster
) -> None:
    assert await both(opened) == [1, 1, 1]
    await asyncio.to_thread(server.stop, StateFolder(own_cluster.state).known())
    assert own_cluster.has_ended()
    await asyncio.to_thread(own_cluster.revive)
    assert await both(opened) == [1, 1, 1]


@pytest.mark.parametrize("which", ["a backend", "the server"])
async def test_a_killed_server_is_started_again(
    opened: Database, own_cluster: PrivateCluster, which: str
) -> None:
    assert await both(opened) == [1, 1, 1]
    with kept_running(own_cluster):
        kill(backends_of(own_cluster)[0] if which == "a backend" else postmaster_of(own_cluster))
        await asyncio.sleep(0.2)
        found: list[int] = []
        async with asyncio.timeout(30):
            while not found:
                try:
                    found = await both(opened)
                except UnavailableError:
                    await asyncio.sleep(0.1)
    assert found == [1, 1, 1]
