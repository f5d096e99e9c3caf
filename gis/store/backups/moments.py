"""What leads to any moment: now and then a copy of the database's own files, and every change since, as PostgreSQL writes them down.

::

    <folder>/moments/<moment>.json, files/    copies, kept and checked like backups (see ``folder``)
    <folder>/moments/wal/<segment>.gz[.<key id>]    changes, a file of PostgreSQL's log each, packed and perhaps sealed

The server gives each piece of its log to a folder beside its data (``basic_archive``, which comes with PostgreSQL); the service
takes it from there. So a backup disk that is gone or slow stops nobody: the pieces wait.
"""

from __future__ import annotations

import gzip
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

from gis.sealing import Key
from gis.sealing.files import opened, sealed
from gis.store.backups.folder import BackupFolder
from gis.store.backups.manifest import Manifest, damaged

BASE, START = "base.tar.gz", "start"
SEGMENT = re.compile(r"[0-9A-F]{24}|[0-9A-F]{8}\.history|[0-9A-F]{24}\.[0-9A-F]{8}\.backup")


class Moments:
    """The part of a folder of backups that leads to any moment.

    Parameters
    ----------
    folder
        The folder of backups.
    key
        As for ``BackupFolder``.
    """

    def __init__(self, folder: Path, key: Key | None = None) -> None:
        self.copies = BackupFolder(folder / "moments", key)
        self.wal = folder / "moments" / "wal"
        self._key = key
        self._ending = f".gz.{self.copies.sealed_by}" if key else ".gz"

    def take(self, spool: Path) -> int:
        """Take every piece that the server has laid down; return how many. Each is on the disk before it is taken away there.

        Parameters
        ----------
        spool
            Where the server lays them.
        """
        pieces = (
            sorted(path for path in spool.iterdir() if SEGMENT.fullmatch(path.name)) if spool.is_dir() else []
        )
        if pieces:
            self.wal.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in pieces:
            self._keep(path.name, path.read_bytes())
            path.unlink()
        return len(pieces)

    def _keep(self, name: str, content: bytes) -> None:
        packed = gzip.compress(content, 1, mtime=0)
        place = self.wal / (name + self._ending)
        beside = place.with_name(f".{place.name}.part")
        with open(beside, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.writelines(sealed(self._key, io.BytesIO(packed)) if self._key else [packed])
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
        descriptor = os.open(self.wal, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def piece(self, name: str) -> bytes | None:
        """Return a piece of the log, None where it isn't there.

        Raises
        ------
        InvalidInputError
            ``backup_damaged``, ``backup_key_wrong``.
        """
        place = self.wal / (name + self._ending)
        try:
            with place.open("rb") as file:
                packed = b"".join(opened(self._key, file)) if self._key else file.read()
            return gzip.decompress(packed)
        except FileNotFoundError:
            return None
        except (OSError, EOFError) as error:
            raise damaged(place) from error

    def forget(self, keep: int) -> None:
        """Remove all but the newest copies, and what was written down before the oldest of those that are left."""
        self.copies.forget(keep)
        starts = [self.start(self.copies.read(name)) for name in self.copies.names()]
        if not starts:
            return
        for path in self.wal.glob("*.gz*"):
            name = path.name.split(".")[0]
            if len(name) == len(starts[0]) and name[8:] < min(starts)[8:]:
                path.unlink()

    def start(self, copy: Manifest) -> str:
        """Return the first piece of the log that a copy needs."""
        (one,) = (file for file in copy.files if file.path == START)
        return b"".join(self.copies.content(one)).decode("ascii")

    def base(self, copy: Manifest) -> Iterator[bytes]:
        """Yield a copy of the database's files, a packed tar."""
        (one,) = (file for file in copy.files if file.path == BASE)
        return self.copies.content(one)
