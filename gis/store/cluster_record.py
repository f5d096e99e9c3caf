"""The state folder's own memory of its cluster: ``cluster.json``, and the lock that keeps two services apart."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from gis.errors import SetupError


@dataclass(frozen=True)
class Record:
    """What is remembered of a cluster between runs.

    Parameters
    ----------
    home
        Folder of the data, socket and logs.
    port
        Port on 127.0.0.1, last time.
    superuser_password, role_password
        Random words, made once.
    system_identifier
        The number that initdb gave the cluster; 0 before.
    archiving
        Whether every change is laid down in `spool`, for whoever keeps it.
    """

    home: str
    port: int
    superuser_password: str = field(repr=False)
    role_password: str = field(repr=False)
    system_identifier: int = 0
    archiving: bool = False

    @property
    def data(self) -> Path:
        """The data folder."""
        return Path(self.home) / "data"

    @property
    def sockets(self) -> Path:
        """The folder of the server's own socket."""
        return Path(self.home) / "run"

    @property
    def spool(self) -> Path:
        """The folder where the server lays down what it has written."""
        return Path(self.home) / "wal"

    @property
    def logs(self) -> Path:
        """The folder of the server's logs."""
        return Path(self.home) / "log"


class StateFolder:
    """A state folder, read by anyone of its owner's and held by one service at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path / "cluster.json"
        self._lock: int | None = None

    def read(self) -> Record | None:
        """Return the record, or None where no cluster was ever made."""
        try:
            return Record(**json.loads(self.file.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except PermissionError:
            raise SetupError(f"{self.file} belongs to another user: run as the one who made it") from None
        except (ValueError, TypeError) as error:
            raise SetupError(f"{self.file} is damaged ({error}): restore it from a backup") from None

    def known(self) -> Record:
        """Return the record of a cluster that must be there."""
        record = self.read()
        if record is None:
            raise SetupError(f"there is no database in {self.path} yet: run `weiwang serve` once")
        return record

    def write(self, record: Record) -> Record:
        """Store the record so that a crash leaves the old or the new one, never half."""
        fresh = self.file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(record), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        self._hand_over(fresh)
        fresh.replace(self.file)
        return record

    def remember(self, **changes: Any) -> Record:
        """Change some of the record; nothing is written where nothing changed."""
        record = self.known()
        changed = replace(record, **changes)
        return self.write(changed) if changed != record else record

    def hold(self) -> None:
        """Take the folder for this process until ``release`` or the process's end, however it ends."""
        if not self.try_hold():
            raise SetupError(
                f"another Weiwang (process {self._holder()}) uses {self.path}: "
                "stop it, or choose another --state"
            )

    def try_hold(self) -> bool:
        """Take the folder as ``hold`` does; tell whether it is ours now."""
        if self._lock is not None:
            return True
        lock = self._open_lock()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            return False
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        self._lock = lock
        return True

    def _holder(self) -> str:
        try:
            return (self.path / "service.lock").read_text("ascii").strip() or "unknown"
        except (OSError, ValueError):
            return "unknown"

    def release(self) -> None:
        """Free the folder for another service."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _open_lock(self) -> int:
        path = self.path / "service.lock"
        try:
            # Passable but not listable: the database's user must get through to its folder.
            self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
            lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise SetupError(f"the state folder {self.path} can't be used: {error.strerror}") from None
        self._hand_over(path)
        return lock

    def _hand_over(self, path: Path) -> None:
        """Let files that root wrote belong to whoever owns the state folder, so as not to lock them out."""
        if os.geteuid() == 0:
            owner = self.path.stat()
            os.chown(path, owner.st_uid, owner.st_gid)
