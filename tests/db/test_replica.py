"""A real copy that follows a real database: read while it is young, left aside when it falls behind or goes."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text

from gis.clock import SettableClock
from gis.settings import ReplicaSettings, Settings
from gis.store.cluster import PrivateCluster
from gis.store.cluster_host import Owner, free_port
from gis.store.migrate import upgrade
from gis.store.replica import Replica
from gis.store.session import Database
from tests.factories import draw_community
from tests.http.conftest import API, running

pytestmark = pytest.mark.cluster


@dataclass
class Copy:
    """A server that follows the one of a cluster."""

    cluster: PrivateCluster
    folder: Path
    owner: Owner
    port: int

    def make(self) -> None:
        """Take the copy of all that there is."""
        source = _plain(
            self.cluster.superuser_url(), int(str(make_url(self.cluster.url()).query.get("port", 0)))
        )
        self.run("pg_basebackup", "-d", source, "-D", str(self.folder), "-R", "-X", "stream", "-c", "fast")
        own = {
            "port": self.port,
            "unix_socket_directories": "''",
            "logging_collector": "off",
            "cluster_name": "'copy'",
            "fsync": "off",
            "wal_retrieve_retry_interval": "'200ms'",
        }
        with (self.folder / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in own.items())
        self.start()

    @property
    def url(self) -> str:
        return _plain(self.cluster.url(), self.port)

    def start(self) -> None:
        self.run("pg_ctl", "start", "-D", str(self.folder), "-w", "-l", str(self.folder / "copy.log"))

    def stop(self) -> None:
        self.run("pg_ctl", "stop", "-D", str(self.folder), "-w", "-m", "fast")

    def pause(self, *, paused: bool) -> None:
        """Have the copy follow no more, or again."""
        url = _plain(self.cluster.superuser_url(), self.port)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SELECT pg_wal_replay_pause()" if paused else "SELECT pg_wal_replay_resume()")

    def run(self, program: str, *words: str) -> None:
        done = self.owner.run([self.cluster.programs().path(program), *words])
        assert done.returncode == 0, done.stdout


def _plain(url: str, port: int) -> str:
    """Return an address by loopback."""
    found = make_url(url)
    plain = found.set(host="127.0.0.1", port=port or found.port, query={})
    return plain.render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def copy() -> Iterator[Copy]:
    with tempfile.TemporaryDirectory(prefix="weiwang-copy-") as name:
        home = Path(name)
        home.chmod(0o711)
        with PrivateCluster(home / "state", durable=False).running() as cluster:
            upgrade(cluster.url())
            with psycopg.connect(cluster.superuser_url()) as connection:
                (data,) = connection.execute("SHOW data_directory").fetchone() or ("",)
            owner = Owner.of(Path(data))
            (home / "copy").mkdir()
            owner.give(home / "copy", 0o700)
            made = Copy(cluster, home / "copy", owner, free_port())
            made.make()
            yield made
            made.stop()
            shutil.rmtree(home / "copy")


@pytest.fixture
async def primary(copy: Copy) -> AsyncIterator[Database]:
    database = Database(copy.cluster.url())
    yield database
    await database.close()


async def on_the_copy(replica: Replica) -> tuple[bool, float]:
    """Tell whether what is read comes from the copy, and how old it is said to be."""
    async with replica.read() as session:
        return bool(await session.value(text("SELECT pg_is_in_recovery()"))), session.age_s


async def until(look: Callable[[], Awaitable[tuple[bool, float]]], *, copied: bool) -> None:
    """Wait until what is read comes from the copy, or no longer does."""
    async with asyncio.timeout(20):
        found = await look()
        while found[0] is not copied:
            await asyncio.sleep(0.1)
            found = await look()


async def test_a_young_copy_is_read_and_an_old_one_is_not(copy: Copy, primary: Database) -> None:
    replica = Replica(copy.url, primary, lag_s=2.0)
    try:
        await until(lambda: on_the_copy(replica), copied=True)
        copied, age_s = await on_the_copy(replica)
        assert copied
        assert 0 <= age_s <= 2.0
        copy.pause(paused=True)
        async with primary.write() as session:
            await session.run(text("CREATE TABLE IF NOT EXISTS moved (n int)"))
        await until(lambda: on_the_copy(replica), copied=False)
        assert await on_the_copy(replica) == (False, 0.0)
        copy.pause(paused=False)
        await until(lambda: on_the_copy(replica), copied=True)
    finally:
        await replica.close()


async def test_pages_of_planners_say_how_old_they_are_and_go_on_without_the_copy(
    copy: Copy, primary: Database, tmp_path: Path, clock: SettableClock
) -> None:
    async with primary.write() as session:
        community = await draw_community(session)
    named = ReplicaSettings(url=copy.url, lag_s=30.0)
    settings = Settings(state=tmp_path, run_jobs=False, replica=named, rates={"enforced": False})
    async with running(settings, copy.cluster.url(), community, clock) as service:
        planner, desk = await service.person("planner"), await service.person("desk")
        replica = service.app.state.parts.replica
        await until(lambda: on_the_copy(replica), copied=True)
        assert float((await planner.get(f"{API}/hotspots")).headers["weiwang-data-age"]) <= 30.0
        page = (await planner.get("/planner?lang=en")).text
        assert "data-age" in page
        assert "seconds ago" in page
        assert "data-age" not in (await desk.get("/desk?lang=en")).text
        copy.stop()
        try:
            answer = await planner.get(f"{API}/hotspots")
            assert (answer.status_code, "weiwang-data-age" in answer.headers) == (200, False)
        finally:
            copy.start()
