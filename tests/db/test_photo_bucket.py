"""Photos in a bucket: whole or not there, once, never lost to a sweep, and only ever seen through the service."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import obstore
import pytest

from gis.clock import SettableClock
from gis.errors import InvalidInputError, NotFoundError, UnavailableError
from gis.flows.backup import Source, make_backup
from gis.flows.restore import check_restorable, restore_backup
from gis.sealing import fresh_key
from gis.settings import BucketSettings, Settings
from gis.store.backups import BackupFolder
from gis.store.cluster_host import find_programs
from gis.store.photo_bucket import GOING, PhotoBucket, photos_of
from gis.store.photo_files import PhotoFiles, PhotoFolder, PhotoObjects
from gis.store.photos import PhotoStore
from tests.buckets import bucket_server, new_bucket
from tests.factories import Community
from tests.http.conftest import API, Service, photo_bytes, report_fields, running
from tests.loop import Loop, some_photo


@dataclass(frozen=True)
class Shot:
    """Bytes as a store takes them."""

    original: bytes
    view: bytes = b"view"
    thumb: bytes = b"thumb"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.original).hexdigest()


SHOT = Shot(b"original" * 1000)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with bucket_server() as url:
        yield url


@pytest.fixture
def bucket(server: str) -> BucketSettings:
    return new_bucket(server)


@pytest.fixture
def store(bucket: BucketSettings) -> PhotoBucket:
    return PhotoBucket(bucket)


async def names(store: PhotoBucket) -> list[str]:
    return sorted([one["path"] async for batch in obstore.list(store._store) for one in batch])


async def test_saved_and_found(store: PhotoBucket) -> None:
    assert await store.find("heping", SHOT.sha256, "view") is None
    await store.save("heping", SHOT)
    assert await store.read("heping", SHOT.sha256, "original") == SHOT.original
    assert await store.find("heping", SHOT.sha256, "view") == b"view"
    shelf = f"heping/{SHOT.sha256[:2]}/{SHOT.sha256}"
    assert await names(store) == [f"{shelf}.original", f"{shelf}.thumb.jpg", f"{shelf}.view.jpg"]
    with pytest.raises(NotFoundError):
        await store.read("yuetanshan", SHOT.sha256, "original")
    with pytest.raises(NotFoundError):
        await store.save("../heping", SHOT)


async def test_twice_at_once_is_once_and_heals(store: PhotoBucket) -> None:
    await asyncio.gather(*(store.save("heping", SHOT) for _ in range(8)))
    assert len(await names(store)) == 3
    await obstore.delete_async(store._store, f"heping/{SHOT.sha256[:2]}/{SHOT.sha256}.thumb.jpg")
    await store.save("heping", SHOT)
    assert await store.read("heping", SHOT.sha256, "thumb") == b"thumb"


async def test_only_old_ones_are_removed(store: PhotoBucket) -> None:
    await store.save("heping", SHOT)
    assert await store.older_than("heping", 60) == []
    assert not await store.remove("heping", SHOT.sha256, age_s=60)
    assert await store.older_than("heping", 0) == [SHOT.sha256]
    assert await store.remove("heping", SHOT.sha256)
    assert not await store.remove("heping", SHOT.sha256)
    assert await names(store) == []
    assert await store.sweep() == 0


@pytest.mark.parametrize("before", ["original", "view.jpg", "going"])
async def test_what_is_saved_while_it_is_removed_stays(
    store: PhotoBucket, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    """Somebody sends the photo again in the very moment before each step of its removal."""
    await store.save("heping", SHOT)
    delete = obstore.delete_async
    saving: list[asyncio.Task[None]] = []

    async def delete_later(where: Any, name: str) -> None:
        if name.endswith(before) and not saving:
            saving.append(asyncio.create_task(store.save("heping", SHOT)))
            await asyncio.sleep(0.3)
        await delete(where, name)

    monkeypatch.setattr(obstore, "delete_async", delete_later)
    await store.remove("heping", SHOT.sha256)
    await saving[0]
    assert await store.read("heping", SHOT.sha256, "original") == SHOT.original
    assert await store.read("heping", SHOT.sha256, "view") == b"view"
    assert await store.read("heping", SHOT.sha256, "thumb") == b"thumb"
    assert not [name for name in await names(store) if name.endswith(GOING)]


async def test_a_bucket_that_does_not_answer(bucket: BucketSettings) -> None:
    gone = PhotoBucket(bucket.model_copy(update={"endpoint": "http://127.0.0.1:9"}))
    with pytest.raises(UnavailableError) as told:
        await gone.save("heping", SHOT)
    assert told.value.code == "photo_store_unavailable"
    with pytest.raises(UnavailableError):
        await gone.read("heping", SHOT.sha256, "view")


def test_a_folder_where_no_bucket_is_named(tmp_path: Path) -> None:
    assert isinstance(photos_of(Settings(state=tmp_path)), PhotoStore)


@pytest.fixture
async def service(
    settings: Settings,
    bucket: BucketSettings,
    database_url: str,
    community: Community,
    clock: SettableClock,
) -> AsyncIterator[Service]:
    there = settings.model_copy(update={"run_jobs": False, "bucket": bucket})
    async with running(there, database_url, community, clock) as found:
        yield found


async def test_a_report_with_a_photo(service: Service, server: str, bucket: BucketSettings) -> None:
    client, photo = await service.person("resident"), photo_bytes(91)
    name = hashlib.sha256(photo).hexdigest()
    fields = report_fields(manifest=[name])
    path = f"{API}/reports/{fields.pop('id')}"
    assert (await client.put(path, json=fields)).status_code == 201
    photo_id = (await client.put(f"{path}/photos/{name}", content=photo)).json()["id"]
    seen = await client.get(f"{API}/photos/{photo_id}/view")
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    assert (await client.get(f"{API}/photos/{photo_id}/original")).status_code == 403
    original = await (await service.person("desk")).get(f"{API}/photos/{photo_id}/original")
    assert (original.content, original.headers["cache-control"]) == (photo, "no-store")
    assert original.headers["content-disposition"].startswith("attachment")
    assert not list(service.app.state.parts.settings.photo_folder.rglob("*"))
    detail = (await client.get(path)).text + (await client.get(f"{API}/reports?mine=true")).text
    assert server not in detail
    assert bucket.name not in detail


async def test_a_report_while_the_bucket_is_gone(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    client, photo = await service.person("resident"), photo_bytes(92)
    name = hashlib.sha256(photo).hexdigest()
    fields = report_fields(manifest=[name])
    path = f"{API}/reports/{fields.pop('id')}"
    assert (await client.put(path, json=fields)).status_code == 201
    photos = service.app.state.parts.photos
    there = photos._store
    gone = PhotoBucket(BucketSettings(name="gone", endpoint="http://127.0.0.1:9", key_id="a", secret="b"))
    monkeypatch.setattr(photos, "_store", gone._store)
    refused = await client.put(f"{path}/photos/{name}", content=photo)
    assert (refused.status_code, refused.json()["code"]) == (503, "photo_store_unavailable")
    ready = await client.get("/readyz")  # all but photos goes on: no reason to send nobody here
    assert (ready.status_code, ready.json()["reasons"]["photos"]) == (200, "bucket_down")
    monkeypatch.setattr(photos, "_store", there)
    assert (await client.get("/readyz")).json()["checks"]["photos"] == {"ok": True}
    assert (await client.put(f"{path}/photos/{name}", content=photo)).status_code == 201
    assert isinstance(client, httpx.AsyncClient)


@pytest.fixture
async def source(loop: Loop, store: PhotoBucket, bucket: BucketSettings, database_url: str) -> Source:
    """Give a service with a report whose two photos are in a bucket."""
    photos = tuple([await some_photo(loop.settings, seed=n) for n in range(2)])
    await replace(loop, photos=store).report(photos=photos)  # type: ignore[arg-type]
    return Source(database_url, find_programs(), loop.settings.state, PhotoObjects(bucket))


def objects(files: PhotoFiles) -> dict[str, bytes]:
    found = {}
    for name, _ in files.listed():
        with files.opened(name) as file:
            found[name] = file.read()
    return found


@pytest.mark.parametrize("to", ["bucket", "folder"])
async def test_a_backup_of_a_bucket_comes_back(
    source: Source, server: str, empty_database_url: str, tmp_path: Path, to: str
) -> None:
    folder = BackupFolder(tmp_path / "backups", fresh_key())
    made = await asyncio.to_thread(make_backup, folder, source)
    assert made.files >= 7  # the dump, and three of each photo
    there = PhotoObjects(new_bucket(server)) if to == "bucket" else PhotoFolder(tmp_path / "again" / "photos")
    target = Source(empty_database_url, find_programs(), tmp_path / "again", there)
    found = await asyncio.to_thread(restore_backup, folder, check_restorable(folder), target)
    assert found.missing_photos == 0
    assert len(objects(source.photos)) == 6
    assert objects(target.photos) == objects(source.photos)


async def test_what_a_backup_has_of_a_bucket_isnt_read_again(
    source: Source, store: PhotoBucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = BackupFolder(tmp_path / "backups")
    first = await asyncio.to_thread(make_backup, folder, source)
    await store.save("test", SHOT)
    await store.replace_renditions("test", SHOT.sha256, b"blurred", b"small")
    await store.save("test", SHOT)  # put again: younger, and the same
    read: list[str] = []
    get = obstore.get

    def counted(where: Any, name: str) -> Any:
        read.append(name)
        return get(where, name)

    monkeypatch.setattr(obstore, "get", counted)
    second = await asyncio.to_thread(make_backup, folder, source)
    assert (len(read), second.new_files, second.files) == (3, 4, first.files + 3)
    await store.replace_renditions("test", SHOT.sha256, b"blurred", b"small")
    third = await asyncio.to_thread(make_backup, folder, source)
    assert (len(read), third.new_files) == (5, 3)
    await store.remove("test", SHOT.sha256)
    assert (await asyncio.to_thread(make_backup, folder, source)).files == first.files


async def test_a_bucket_that_is_gone_is_told_and_no_backup_is_there(
    source: Source, bucket: BucketSettings, tmp_path: Path
) -> None:
    gone = PhotoObjects(bucket.model_copy(update={"endpoint": "http://127.0.0.1:9"}))
    folder = BackupFolder(tmp_path / "backups")
    with pytest.raises(UnavailableError) as told:
        await asyncio.to_thread(make_backup, folder, replace(source, photos=gone))
    assert told.value.code == "photo_store_unavailable"
    assert folder.names() == []


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside"])
def test_no_name_leads_out_of_a_bucket(bucket: BucketSettings, name: str) -> None:
    with pytest.raises(InvalidInputError, match="outside"):
        PhotoObjects(bucket).write(name, iter([b""]))
