"""Photo bytes in a bucket that speaks S3, for services on several machines: once acknowledged they are there.

The same names as in a folder (``gis.store.photos``). The bucket is private and stays so: every photo is read through the
service, which asks who may see it; no address of the bucket is ever given to anybody.

An original is put first, on the condition that there is none yet; its renditions follow before anybody is told. What is there
already is put again, so that it counts as new. A sweep that is about to remove the same photo leaves a mark beside it before it
looks how old the photo is, and takes the mark away when it has removed it, the original last; whoever saves what was there waits
while the mark is, and then sees whether the photo is. So a photo that was saved while it was being removed is there afterwards.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from gis.errors import NotFoundError, SetupError, StorageFullError, UnavailableError
from gis.settings import BucketSettings, Settings
from gis.store.photos import ENDINGS, PhotoFile, Photos, PhotoStore, Storable, name_of

if TYPE_CHECKING:
    from pathlib import Path

    from obstore.store import S3Store

GOING = ".going"
GOING_S = 60.0
"""A mark older than this was left by one that died."""
LOOK_S = 0.2
TRIES = 5
FULL = ("StorageFull", "QuotaExceeded", "InsufficientStorage")


class PhotoBucket:
    """Originals and renditions of photos, by community and content.

    Parameters
    ----------
    settings
        Which bucket, and how it is reached.
    """

    def __init__(self, settings: BucketSettings) -> None:
        self._store = open_bucket(settings)

    async def save(self, community_id: str, photo: Storable) -> None:
        """Store a photo's original and renditions; on return the bucket has them for good.

        Raises
        ------
        StorageFullError
            When the bucket has no room.
        UnavailableError
            ``photo_store_unavailable`` when it doesn't answer or refuses.
        """
        import obstore as obs

        names = {kind: name_of(community_id, photo.sha256, kind) for kind in ENDINGS}
        with told_apart():
            if await self._put_new(
                names["original"], photo.original
            ):  # nobody removes what has only just come
                await self._put_renditions(names, photo)
                return
            for _ in range(TRIES):
                await obs.put_async(self._store, names["original"], photo.original)
                await self._put_renditions(names, photo)
                await self._until_none_goes(names["original"])
                if all([await self._head(name) for name in names.values()]):
                    return
        raise UnavailableError("a photo was removed again and again", code="photo_store_unavailable")

    async def find(self, community_id: str, sha256: str, kind: PhotoFile) -> Path | bytes | None:
        """Return a photo's bytes; None: it isn't there."""
        try:
            return await self.read(community_id, sha256, kind)
        except NotFoundError:
            return None

    async def read(self, community_id: str, sha256: str, kind: PhotoFile) -> bytes:
        """Return a photo's bytes.

        Raises
        ------
        NotFoundError
            ``photo_not_found``.
        UnavailableError
            ``photo_store_unavailable``.
        """
        import obstore as obs

        name = name_of(community_id, sha256, kind)
        try:
            with told_apart():
                return bytes(await (await obs.get_async(self._store, name)).bytes_async())
        except FileNotFoundError as error:
            raise NotFoundError("no such photo", code="photo_not_found") from error

    async def remove(self, community_id: str, sha256: str, *, age_s: float = 0.0) -> bool:
        """Remove a photo unless it was saved within the last ``age_s`` seconds; tell whether it was."""
        import obstore as obs

        names = [name_of(community_id, sha256, kind) for kind in ENDINGS]
        original = next(one for one in names if one.endswith(ENDINGS["original"]))
        with told_apart():
            if not await self._put_new(original + GOING, b""):
                return False  # another is at it
            try:
                there = await self._head(original)
                if there is None or not _is_older(there, age_s):
                    return False
                # the original last: while it is there, whoever saves it looks for the mark
                for name in (*(one for one in names if one != original), original):
                    await obs.delete_async(self._store, name)
            finally:
                await obs.delete_async(self._store, original + GOING)
        return True

    async def remove_original(self, community_id: str, sha256: str) -> None:
        """Remove a photo as it came, and keep its renditions; one that isn't there is no error."""
        import obstore as obs

        with told_apart(), suppress(FileNotFoundError):
            await obs.delete_async(self._store, name_of(community_id, sha256, "original"))

    async def replace_renditions(self, community_id: str, sha256: str, view: bytes, thumb: bytes) -> None:
        """Store other renditions in place of a photo's own."""
        import obstore as obs

        with told_apart():
            await obs.put_async(self._store, name_of(community_id, sha256, "view"), view)
            await obs.put_async(self._store, name_of(community_id, sha256, "thumb"), thumb)

    async def older_than(self, community_id: str, age_s: float) -> list[str]:
        """Return the SHA-256 of every original last saved more than ``age_s`` seconds ago."""
        name_of(community_id, "0" * 64, "original")
        ending = ENDINGS["original"]
        found = [name async for name in self._old(f"{community_id}/", ending, age_s)]
        return sorted(name.rpartition("/")[2].removesuffix(ending) for name in found)

    async def sweep(self, age_s: float = 3600.0) -> int:
        """Remove marks of sweeps that were cut off; a bucket keeps no half objects."""
        import obstore as obs

        old = [name async for name in self._old("", GOING, max(age_s, GOING_S))]
        with told_apart():
            for name in old:
                await obs.delete_async(self._store, name)
        return len(old)

    async def look(self) -> None:
        """Ask the bucket for something that isn't there: whether it answers, and lets us in.

        Raises
        ------
        UnavailableError
            ``photo_store_unavailable``.
        """
        with told_apart():
            await self._head(".look")

    async def _put_renditions(self, names: Mapping[PhotoFile, str], photo: Storable) -> None:
        import obstore as obs

        await asyncio.gather(
            obs.put_async(self._store, names["view"], photo.view),
            obs.put_async(self._store, names["thumb"], photo.thumb),
        )

    async def _put_new(self, name: str, content: bytes) -> bool:
        """Put an object unless there is one of this name; tell whether it was put."""
        import obstore as obs

        try:
            await obs.put_async(self._store, name, content, mode="create")
        except obs.exceptions.AlreadyExistsError:
            return False
        return True

    async def _head(self, name: str) -> Any:
        import obstore as obs

        try:
            return await obs.head_async(self._store, name)
        except FileNotFoundError:
            return None

    async def _until_none_goes(self, original: str) -> None:
        mark = await self._head(original + GOING)
        while mark is not None and not _is_older(mark, GOING_S):
            await asyncio.sleep(LOOK_S)
            mark = await self._head(original + GOING)

    async def _old(self, prefix: str, ending: str, age_s: float) -> AsyncIterator[str]:
        import obstore as obs

        with told_apart():
            async for batch in obs.list(self._store, prefix=prefix or None):
                for one in batch:
                    if one["path"].endswith(ending) and _is_older(one, age_s):
                        yield one["path"]


def photos_of(settings: Settings) -> Photos:
    """Return where a service keeps its photos: in its bucket, or in its folder where none is named.

    Parameters
    ----------
    settings
        Say which.

    Raises
    ------
    SetupError
        ``bucket_unusable``.
    """
    return PhotoBucket(settings.bucket) if settings.bucket.name else PhotoStore(settings.photo_folder)


def open_bucket(settings: BucketSettings) -> S3Store:
    """Return the door to a bucket; nobody is asked yet whether it is there.

    Parameters
    ----------
    settings
        Which, and how it is reached.

    Raises
    ------
    SetupError
        ``bucket_unusable``.
    """
    from obstore.store import S3Store

    options: dict[str, Any] = {"region": settings.region, "prefix": settings.prefix or None}
    if settings.endpoint:
        options |= {"endpoint": settings.endpoint, "virtual_hosted_style_request": False}
    if settings.key_id:
        options |= {"access_key_id": settings.key_id, "secret_access_key": settings.secret}
    timeouts = {
        "timeout": "30s",
        "connect_timeout": "5s",
        "allow_http": settings.endpoint.startswith("http:"),
    }
    patience = {"max_retries": 3, "retry_timeout": timedelta(seconds=8)}
    try:
        return S3Store(settings.name, client_options=timeouts, retry_config=patience, **options)  # type: ignore[arg-type]
    except Exception as error:
        raise SetupError(f"the bucket can't be used: {error}", code="bucket_unusable") from error


def _is_older(one: Any, age_s: float) -> bool:
    return bool(datetime.now(UTC) - one["last_modified"] >= timedelta(seconds=age_s))


@contextmanager
def told_apart() -> Iterator[None]:
    """Tell a full bucket from one that doesn't answer; what isn't there stays ``FileNotFoundError``."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        if any(one in str(error) for one in FULL):
            raise StorageFullError("the bucket has no room for photos") from error
        raise UnavailableError(f"photos can't be stored: {error}", code="photo_store_unavailable") from error
