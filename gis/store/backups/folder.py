"""A folder of backups: what each of them holds in a list with checksums, and every file once, by its content.

::

    <folder>/files/<first two digits>/<sha256>            a file as it is
    <folder>/files/<first two digits>/<sha256>.<key id>   the same, sealed
    <folder>/<moment>.json                                a backup: which files, where they belong, and its own checksum

A backup is there when its list is, which is written last. So one that was interrupted isn't taken for a backup, and what it
stored is used by the next.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from gis.errors import NotFoundError, SetupError
from gis.sealing import Key
from gis.sealing.files import Readable, opened, sealed
from gis.store.backups.manifest import Manifest, Stored, damaged, read_manifest

NAME = "%Y%m%dT%H%M%S.%fZ"
BLOCK = 1 << 20


class BackupFolder:
    """Where backups are kept.

    Parameters
    ----------
    folder
        On another disk, or a share; made when missing.
    key
        Seals what is stored; None: it is stored as it is.
    """

    def __init__(self, folder: Path, key: Key | None = None) -> None:
        self.folder = folder
        self.key = key
        self.sealed_by = key.key_id.hex() if key else ""

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder against others who write to it.

        Raises
        ------
        SetupError
            ``backup_folder_unusable``, ``backup_under_way``.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise SetupError(
                f"{self.folder}: {error.strerror}", code="backup_folder_unusable", path=str(self.folder)
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise SetupError("another backup is under way", code="backup_under_way") from error
        finally:
            os.close(lock)

    def names(self) -> list[str]:
        """Return the names of the backups, the newest last."""
        return sorted(path.stem for path in self.folder.glob("[0-9]*Z.json"))

    def read(self, name: str | None = None) -> Manifest:
        """Return a backup, by default the newest.

        Raises
        ------
        NotFoundError
            ``backup_not_found``.
        InvalidInputError
            ``backup_damaged``, ``backup_format``.
        """
        known = self.names()
        if not known or (name is not None and name not in known):
            raise NotFoundError("no such backup", code="backup_not_found", path=str(self.folder))
        return read_manifest(self.folder / f"{name or known[-1]}.json")

    def write(self, manifest: Manifest) -> str:
        """Write a backup's list: now it is there. Return its name."""
        name = datetime.now(UTC).strftime(NAME)
        with self._written(self.folder / f"{name}.json") as file:
            file.write(manifest.as_text().encode())
        return name

    def store(self, path: str, source: Readable, stamp: str = "") -> Stored:
        """Store a file's content, if it isn't there yet."""
        seen = _Seen(source)
        stored = hashlib.sha256()
        beside = self.folder / "files" / f".{secrets.token_hex(8)}.part"
        beside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with open(beside, "xb", opener=_private) as file:
                for piece in sealed(self.key, seen) if self.key else iter(lambda: seen.read(BLOCK), b""):
                    stored.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            found = Stored(path, seen.digest.hexdigest(), seen.bytes, stored.hexdigest(), stamp)
            place = self._place(found, self.sealed_by)
            if place.is_file() and (self.key or _digest_file(place) == found.sha256):
                return replace(
                    found, stored_sha256=_digest_file(place)
                )  # other backups name it by its checksum
            place.parent.mkdir(exist_ok=True, mode=0o700)
            beside.replace(place)
            _flush(place.parent)
        finally:
            beside.unlink(missing_ok=True)
        return found

    def keeps(self, one: Stored) -> bool:
        """Tell whether the content of a file is there, sealed by this key."""
        return self._place(one, self.sealed_by).is_file()

    def content(self, one: Stored) -> Iterator[bytes]:
        """Yield the content of a file; an error at its end, or before, when it isn't what was stored.

        Raises
        ------
        InvalidInputError
            ``backup_damaged``, ``backup_key_wrong``.
        """
        digest, place = hashlib.sha256(), self._place(one, self.sealed_by)
        try:
            with place.open("rb") as file:
                for piece in opened(self.key, file) if self.key else iter(lambda: file.read(BLOCK), b""):
                    digest.update(piece)
                    yield piece
        except FileNotFoundError as error:
            raise damaged(place) from error
        if digest.hexdigest() != one.sha256:
            raise damaged(place)

    def checked(self, manifest: Manifest) -> Iterator[tuple[Stored, bool]]:
        """Yield each file of a backup with whether it is what was stored; needs no key."""
        for one in manifest.files:
            yield one, _digest_file(self._place(one, manifest.sealed_by)) == one.stored_sha256

    def forget(self, keep: int) -> int:
        """Remove all but the newest backups, and the files that no other backup needs; return how many backups went."""
        names = self.names()
        gone, left = names[:-keep], names[-keep:]
        needed = {self._place(file, one.sealed_by) for one in map(self.read, left) for file in one.files}
        for name in gone:
            (self.folder / f"{name}.json").unlink()
        for path in (self.folder / "files").glob("*/*"):
            if path not in needed:
                path.unlink()
        return len(gone)

    def _place(self, one: Stored, sealed_by: str) -> Path:
        ending = f".{sealed_by}" if sealed_by else ""
        return self.folder / "files" / one.sha256[:2] / (one.sha256 + ending)

    @contextmanager
    def _written(self, path: Path) -> Iterator[BinaryIO]:
        """Write a file beside its place, flush it, and move it there."""
        beside = path.with_name(f".{path.name}.part")
        with open(beside, "wb", opener=_private) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _flush(path.parent)


class _Seen:
    """A source whose bytes are counted and hashed as they are read."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self.digest = hashlib.sha256()
        self.bytes = 0

    def read(self, size: int = -1, /) -> bytes:
        piece = self._source.read(size)
        self.digest.update(piece)
        self.bytes += len(piece)
        return piece


def _digest_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
