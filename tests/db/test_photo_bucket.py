"""Photos in a bucket: whole or not there, once, never lost to a sweep, and only ever seen through the service."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import obstore
import pytest

from gis.clock import SettableClock
from gis.errors import NotFoundError, UnavailableError
from gis.settings import BucketSettings, Settings
from gis.store.photo_bucket import GOING, PhotoBucket, photos_of
from gis.store.photos import PhotoStore
from tests.buckets import bucket_server, new_bucket
from tests.factories import Community
from tests.http.conftest import API, Service, photo_bytes, report_fields, running


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
    begun = time.monotonic()
    with pytest.raises(UnavailableError) as told:
        await gone.save("heping", SHOT)
    assert told.value.code == "photo_store_unavailable"
    assert time.monotonic() - begun < 30
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
    monkeypatch.setattr(photos, "_store", there)
    assert (await client.put(f"{path}/photos/{name}", content=photo)).status_code == 201
    assert isinstance(client, httpx.AsyncClient)
