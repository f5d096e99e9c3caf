"""Photo bytes on disk: once acknowledged they are there, whatever happens to process, database or power.

Files are named by the SHA-256 of the original, inside a folder for each community::

    <folder>/<community_id>/<first two digits>/<sha256>.original      as it came; readable by the service only
    <folder>/<community_id>/<first two digits>/<sha256>.view.jpg      rendition without metadata
    <folder>/<community_id>/<first two digits>/<sha256>.thumb.jpg

Each is written beside its place, flushed to the disk and renamed; then the folder is flushed. So a file that can be
seen under its name is whole, writing the same photo twice is harmless, and a crash leaves only ``*.part`` files,
which ``sweep`` removes.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, Protocol

from gis.errors import NotFoundError, StorageFullError, UnavailableError

PhotoFile = Literal["original", "view", "thumb"]
ENDINGS: dict[PhotoFile, str] = {"original": ".original", "view": ".view.jpg", "thumb": ".thumb.jpg"}
SHA256 = re.compile(r"[0-9a-f]{64}")
COMMUNITY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
PART = ".part"
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
RESERVE_BYTES = 200_000_000  # left free on the disk: the database needs room to go on


class Storable(Protocol):
    """What can be stored: see ``gis.intake.CleanPhoto``."""

    @property
    def sha256(self) -> str:
        """The SHA-256 of ``original``, hexadecimal."""

    @property
    def original(self) -> bytes:
        """The bytes as they came."""

    @property
    def view(self) -> bytes:
        """A rendition for looking at, JPEG."""

    @property
    def thumb(self) -> bytes:
        """A small rendition, JPEG."""


class Photos(Protocol):
    """Where photos are kept: a folder (``PhotoStore``) or a bucket (``gis.store.photo_bucket``)."""

    async def save(self, community_id: str, photo: Storable) -> None:
        """Store a photo's original and renditions; on return they are there for good."""

    async def find(self, community_id: str, sha256: str, kind: PhotoFile) -> Path | bytes | None:
        """Return where a photo's file is, or its bytes where it is no file of this machine; None: it isn't there."""

    async def read(self, community_id: str, sha256: str, kind: PhotoFile) -> bytes:
        """Return a photo's bytes; ``photo_not_found`` where it isn't there."""

    async def remove(self, community_id: str, sha256: str, *, age_s: float = 0.0) -> bool:
        """Remove a photo unless it was saved within the last ``age_s`` seconds; tell whether it was."""

    async def remove_original(self, community_id: str, sha256: str) -> None:
        """Remove a photo as it came, and keep its renditions; one that isn't there is no error."""

    async def replace_renditions(self, community_id: str, sha256: str, view: bytes, thumb: bytes) -> None:
        """Store other renditions in place of a photo's own."""

    async def older_than(self, community_id: str, age_s: float) -> list[str]:
        """Return the SHA-256 of every original last saved more than ``age_s`` seconds ago."""

    async def sweep(self, age_s: float = 3600.0) -> int:
        """Remove what interrupted writes have left behind; return how many."""


class PhotoStore:
    """Originals and renditions of photos, by community and content.

    Parameters
    ----------
    folder
        Where they are kept; made when the first photo comes.
    reserve_bytes
        Photos are refused while the disk has less room than this.
    """

    def __init__(self, folder: Path, *, reserve_bytes: int = RESERVE_BYTES) -> None:
        self.folder = Path(folder)
        self.reserve_bytes = reserve_bytes

    def path(self, community_id: str, sha256: str, kind: PhotoFile) -> Path:
        """Return where a photo's file is, or would be.

        Raises
        ------
        NotFoundError
            ``photo_not_found`` when the names can't be those of a photo.
        """
        return self.folder / name_of(community_id, sha256, kind)

    async def find(self, community_id: str, sha256: str, kind: PhotoFile) -> Path | bytes | None:
        """Return where a photo's file is; None: it isn't there."""
        path = self.path(community_id, sha256, kind)
        return path if await asyncio.to_thread(path.is_file) else None

    async def read(self, community_id: str, sha256: str, kind: PhotoFile) -> bytes:
        """Return a photo's bytes.

        Raises
        ------
        NotFoundError
            ``photo_not_found``.
        """
        try:
            return await asyncio.to_thread(self.path(community_id, sha256, kind).read_bytes)
        except FileNotFoundError as error:
            raise NotFoundError("no such photo", code="photo_not_found") from error

    async def save(self, community_id: str, photo: Storable) -> None:
        """Store a photo's original and renditions; on return they are on the disk for good.

        Raises
        ------
        StorageFullError
            When the disk has no room.
        UnavailableError
            ``photo_store_unavailable`` when it can't be written for another reason.
        """
        await asyncio.to_thread(self.save_now, community_id, photo)

    def save_now(self, community_id: str, photo: Storable) -> None:
        """Do what `save` does, holding up the caller's thread."""
        # the original last: where it is, the renditions are
        files = [
            (self.path(community_id, photo.sha256, "view"), photo.view),
            (self.path(community_id, photo.sha256, "thumb"), photo.thumb),
            (self.path(community_id, photo.sha256, "original"), photo.original),
        ]
        shelf = files[0][0].parent
        with _told_apart():
            _make_folder(shelf, self.folder.parent)
            with _opened(shelf, fcntl.LOCK_SH) as descriptor:
                missing = [(path, content) for path, content in files if not _holds(path, content)]
                if missing:
                    self._check_room(sum(len(content) for _, content in missing))
                for path, content in missing:
                    _write(path, content)
                # also when all was there: another writer may have renamed, but not yet flushed, the folder
                os.fsync(descriptor)

    async def remove(self, community_id: str, sha256: str, *, age_s: float = 0.0) -> bool:
        """Remove a photo's files unless it was saved again within the last ``age_s`` seconds; tell whether it was."""
        original, *renditions = (self.path(community_id, sha256, kind) for kind in ENDINGS)

        def unlink() -> bool:
            if not original.parent.is_dir():
                return False
            with _told_apart(), _opened(original.parent, fcntl.LOCK_EX):
                if not list(_older_than([original], age_s)):
                    return False
                for path in (original, *renditions):
                    path.unlink(missing_ok=True)
                return True

        return await asyncio.to_thread(unlink)

    async def remove_original(self, community_id: str, sha256: str) -> None:
        """Remove a photo as it came, and keep its renditions; one that isn't there is no error."""
        original = self.path(community_id, sha256, "original")

        def unlink() -> None:
            if original.parent.is_dir():
                with _told_apart(), _opened(original.parent, fcntl.LOCK_EX):
                    original.unlink(missing_ok=True)

        await asyncio.to_thread(unlink)

    async def replace_renditions(self, community_id: str, sha256: str, view: bytes, thumb: bytes) -> None:
        """Store other renditions in place of a photo's own; a photo that was removed meanwhile stays away."""
        paths = [self.path(community_id, sha256, kind) for kind in ("view", "thumb")]

        def write() -> None:
            with _told_apart(), _opened(paths[0].parent, fcntl.LOCK_SH) as descriptor:
                for path, content in zip(paths, (view, thumb), strict=True):
                    if path.exists():
                        _write(path, content)
                os.fsync(descriptor)

        await asyncio.to_thread(write)

    async def older_than(self, community_id: str, age_s: float) -> list[str]:
        """Return the SHA-256 of every original last saved more than ``age_s`` seconds ago.

        Those of them that no row names are left over from transactions that didn't commit.
        """
        self.path(community_id, "0" * 64, "original")

        def look() -> list[str]:
            ending = ENDINGS["original"]
            with _told_apart():
                found = _older_than(self.folder.glob(f"{community_id}/*/*{ending}"), age_s)
                return sorted(path.name.removesuffix(ending) for path in found)

        return await asyncio.to_thread(look)

    async def sweep(self, age_s: float = 3600.0) -> int:
        """Remove what interrupted writes have left behind, if older than ``age_s`` seconds; return how many files."""

        def clean() -> int:
            count = 0
            with _told_apart():
                for path in list(_older_than(self.folder.glob(f"*/*/*{PART}"), age_s)):
                    path.unlink(missing_ok=True)
                    count += 1
            return count

        return await asyncio.to_thread(clean)

    def _check_room(self, need_bytes: int) -> None:
        if shutil.disk_usage(self.folder).free < self.reserve_bytes + need_bytes:
            raise StorageFullError("the disk has no room for photos")


def name_of(community_id: str, sha256: str, kind: PhotoFile) -> str:
    """Return the name under which a photo is kept, in a folder or a bucket.

    Raises
    ------
    NotFoundError
        ``photo_not_found`` when the parts can't be those of a photo.
    """
    if kind not in ENDINGS or not COMMUNITY_ID.fullmatch(community_id) or not SHA256.fullmatch(sha256):
        raise NotFoundError("no such photo", code="photo_not_found")
    return f"{community_id}/{sha256[:2]}/{sha256}{ENDINGS[kind]}"


def _holds(path: Path, content: bytes) -> bool:
    """Tell whether a file is there in full; if so, mark it as saved now, so that no sweep takes it for left over."""
    try:
        if path.stat().st_size != len(content):
            return False
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(6)}{PART}")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            rest = memoryview(content)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _make_folder(folder: Path, above: Path) -> None:
    """Make a folder and those above it, each entry flushed to the disk."""
    if folder == above or folder.is_dir():
        return
    _make_folder(folder.parent, above)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    with _opened(folder) as descriptor:
        os.fsync(descriptor)


@contextlib.contextmanager
def _opened(folder: Path, lock: int = 0) -> Iterator[int]:
    """Open a folder, locked against those who remove from it (``LOCK_SH``) or against all (``LOCK_EX``)."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if lock:
            fcntl.flock(descriptor, lock)
        yield descriptor
    finally:
        os.close(descriptor)


def _older_than(paths: Iterable[Path], age_s: float) -> Iterator[Path]:
    limit = time.time() - age_s
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime <= limit:
                yield path


@contextlib.contextmanager
def _told_apart() -> Iterator[None]:
    """Tell a full disk from one that doesn't work."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise StorageFullError("the disk has no room for photos") from error
        raise UnavailableError(f"photos can't be stored: {error}", code="photo_store_unavailable") from error
