"""All photos as files with names, to be copied and brought back: those of a folder, or those of a bucket.

Requests never come here (they go through ``gis.store.photos.Photos``): this is for backups, which go over everything, one
file after the other, in a process of their own.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from gis.errors import InvalidInputError
from gis.sealing.files import Readable
from gis.settings import BucketSettings, Settings
from gis.store.photo_bucket import GOING, open_bucket, told_apart
from gis.store.photos import PART


class PhotoFiles(Protocol):
    """Every original and rendition by its name (see ``gis.store.photos.name_of``)."""

    def listed(self) -> Iterator[tuple[str, str]]:
        """Yield each name with a stamp, by which a file that hasn't changed is known without reading it."""

    def opened(self, name: str) -> AbstractContextManager[Readable]:
        """Open a file; ``FileNotFoundError``: it was erased since it was listed."""

    def write(self, name: str, content: Iterator[bytes]) -> None:
        """Write a file: whole and for good, or not at all. Names that lead outside are refused: ``backup_damaged``."""


class PhotoFolder:
    """The photos of a folder.

    Parameters
    ----------
    folder
        Where they are kept; it needn't be there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def listed(self) -> Iterator[tuple[str, str]]:
        """Yield each name, with size and time."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path.suffix != PART:
                with suppress(FileNotFoundError):  # erased in this moment
                    yield path.relative_to(self.folder).as_posix(), stamp_of(path)

    def opened(self, name: str) -> AbstractContextManager[Readable]:
        """Open a file."""
        return (self.folder / name).open("rb")

    def write(self, name: str, content: Iterator[bytes]) -> None:
        """Write a file."""
        place = self.folder / _inside(name)
        if not place.resolve().is_relative_to(self.folder.resolve()):
            raise _outside(name)
        write_whole(place, content)


class PhotoObjects:
    """The photos of a bucket.

    Parameters
    ----------
    settings
        Which bucket, and how it is reached.
    """

    def __init__(self, settings: BucketSettings) -> None:
        self._store = open_bucket(settings)

    def listed(self) -> Iterator[tuple[str, str]]:
        """Yield each name, with size and what the store calls its content by; its time where the store has no such tag."""
        import obstore as obs

        with told_apart():
            for batch in obs.list(self._store):
                for one in batch:
                    if not one["path"].endswith(GOING):
                        yield one["path"], f"{one['size']}:{one['e_tag'] or one['last_modified'].isoformat()}"

    def opened(self, name: str) -> AbstractContextManager[Readable]:
        """Read an object; no photo is larger than what may be sent."""
        import obstore as obs

        with told_apart():
            return io.BytesIO(bytes(obs.get(self._store, name).bytes()))

    def write(self, name: str, content: Iterator[bytes]) -> None:
        """Put an object; what isn't as it was stored is told before any of it is put."""
        import obstore as obs

        whole: Any = b"".join(content)
        with told_apart():
            obs.put(self._store, _inside(name), whole)


def photo_files_of(settings: Settings) -> PhotoFiles:
    """Return all photos of a service: those of its bucket, or of its folder where none is named.

    Parameters
    ----------
    settings
        Say which.

    Raises
    ------
    SetupError
        ``bucket_unusable``.
    """
    return PhotoObjects(settings.bucket) if settings.bucket.name else PhotoFolder(settings.photo_folder)


def stamp_of(path: Path) -> str:
    """Return a file's size and time, by which one that hasn't changed is known."""
    status = path.stat()
    return f"{status.st_size}:{status.st_mtime_ns}"


def write_whole(place: Path, content: Iterator[bytes]) -> None:
    """Write a file beside its place and move it there when it is whole and on the disk.

    Parameters
    ----------
    place, content
        Where, and what.
    """
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = place.with_name(f".{place.name}.restored{PART}")
    with open(beside, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.writelines(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(place)


def _inside(name: str) -> str:
    """Return a name that stays where it belongs, in a bucket too, where no file system looks at it."""
    if name.startswith("/") or ".." in PurePosixPath(name).parts:
        raise _outside(name)
    return name


def _outside(name: str) -> InvalidInputError:
    return InvalidInputError("the backup names a place outside", code="backup_damaged", path=name)
