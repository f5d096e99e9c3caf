"""Room on the disks, and whether a folder can be written: for readiness, figures and ``weiwang doctor``."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Room:
    """What a folder's disk has, and why nothing can be written into the folder; empty where something can."""

    free: int
    total: int
    trouble: str = ""


def room_of(folder: Path) -> Room:
    """Return the room of the disk that a folder is on, or will be on once it is made.

    Parameters
    ----------
    folder
        Any.
    """
    there = next(one for one in (folder.resolve(), *folder.resolve().parents) if one.exists())
    disk = shutil.disk_usage(there)
    return Room(disk.free, disk.total)


def tried(folder: Path) -> Room:
    """Return a folder's room after a byte was written into it and taken away again.

    Parameters
    ----------
    folder
        Made when missing. What a crash leaves behind ends in ``.part``, as every unfinished file does.
    """
    probe = folder / f".probe-{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"1")
        probe.unlink()
    except OSError as error:
        room = room_of(folder)
        return Room(room.free, room.total, error.strerror or type(error).__name__)
    return room_of(folder)
