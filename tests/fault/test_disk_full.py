"""A full disk, of the photos and of the database apart: told as what it is, reads go on, and room alone heals it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from gis.clock import SettableClock
from gis.errors import StorageFullError
from gis.flows.atlas import Atlas
from gis.settings import Settings
from gis.store.cluster import PrivateCluster
from gis.store.photos import PhotoStore
from gis.store.session import Database
from scripts.faults.disks import NotMountable, filled, small_disk
from tests.conftest import NOON
from tests.factories import draw_community
from tests.fault.acts import wrong
from tests.http.conftest import API, Service, photo_bytes, report_fields, running
from tests.loop import Loop, draft_at, some_photo

pytestmark = pytest.mark.fault
PHOTO = {"photo": ("p.jpg", photo_bytes(5), "image/jpeg")}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    try:
        with small_disk(tmp_path / "disk", 3.0) as folder:
            yield folder
    except NotMountable as error:
        pytest.skip(f"no disk can be mounted here: {error}")


async def test_no_room_for_photos(loop: Loop, disk: Path) -> None:
    loop.photos = PhotoStore(disk / "photos", reserve_bytes=0)
    together, resident = loop.together(), loop.actor("resident")
    draft = draft_at((40, 20), photos=(await some_photo(loop.settings, 1),), separate=True)
    await together.submit(resident, draft)
    later = draft_at((40, 20), photos=(await some_photo(loop.settings, 2),), separate=True)
    with filled(disk):
        with pytest.raises(StorageFullError):
            await together.submit(resident, later)
        await together.submit(resident, draft_at((60, 20), separate=True))  # without a photo there is room
        assert await wrong(loop) == []
    assert (await together.submit(resident, later)).replayed is False
    assert await wrong(loop) == []
    assert await loop.value("SELECT count(*) FROM report") == 3
    assert half_written(disk) == []


def half_written(disk: Path) -> list[Path]:
    return list(disk.glob("**/*.part"))


async def test_it_is_answered_with_507_and_reads_go_on(
    settings: Settings, database_url: str, community: Any, clock: SettableClock, disk: Path
) -> None:
    """The disk is smaller than what is always left to the database."""
    there = settings.model_copy(update={"state": disk, "run_jobs": False})
    async with running(there, database_url, community, clock) as service:
        await service.report()
        resident = await service.person("resident")
        refused = await resident.post(f"{API}/reports", data=_fields(), files=PHOTO)
        assert refused.status_code == 507, refused.text
        assert refused.json()["code"] == "storage_full"
        assert (await _reads(service)) == [200, 200]


async def _reads(service: Service) -> list[int]:
    desk = await service.person("desk")
    return [(await desk.get(path)).status_code for path in (f"{API}/cases", "/desk")]


def _fields() -> dict[str, Any]:
    return {name: str(value) for name, value in report_fields().items()}


@pytest.fixture
async def small_tables(
    own_cluster: PrivateCluster, disk: Path, settings: Settings
) -> AsyncIterator[tuple[Loop, Path]]:
    """Give a loop whose reports lie on a disk of their own, in a database that can otherwise go on."""
    place = disk / "tables"
    place.mkdir()
    shutil.chown(place, "postgres")
    for folder in disk.parents:  # the server's own user passes through
        if folder == Path(tempfile.gettempdir()):
            break
        folder.chmod(folder.stat().st_mode | 0o111)
    with psycopg.connect(own_cluster.superuser_url("weiwang"), autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
        connection.execute("ALTER TABLE report SET TABLESPACE small")
        database = Database(own_cluster.url())
        async with database.write() as session:
            community = await draw_community(session, f"full{uuid4().hex[:8]}")
        photos = PhotoStore(settings.photo_folder)
        atlas = Atlas(office=settings.office)
        clock = SettableClock(NOON)
        yield Loop(database, community, clock, photos, settings, atlas), disk
        await database.close()
        connection.execute("ALTER TABLE report SET TABLESPACE pg_default")
        connection.execute("DROP TABLESPACE small")


async def test_no_room_for_the_database(small_tables: tuple[Loop, Path]) -> None:
    loop, disk = small_tables
    together, resident = loop.together(), loop.actor("resident")
    await together.submit(resident, draft_at((40, 20), separate=True))
    with filled(disk):
        done, error = 1, None
        while error is None and done < 200:
            try:
                await together.submit(resident, draft_at((40, 20), separate=True, description="满" * 500))
                done += 1
            except StorageFullError as raised:
                error = raised
        assert error is not None
        assert error.code == "database_full"
        # reading goes on, and what was acknowledged is there
        assert await loop.value("SELECT count(*) FROM report") == done
    await together.submit(resident, draft_at((40, 20), separate=True))
    assert await loop.value("SELECT count(*) FROM report") == done + 1
