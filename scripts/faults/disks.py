"""Small disks that can be filled: in memory, for whoever may mount them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LEFT_BYTES = 4096


class NotMountable(RuntimeError):  # noqa: N818 - it says what is not possible here
    """Nobody may mount a disk in memory here."""


@contextmanager
def small_disk(folder: Path, megabytes: float) -> Iterator[Path]:
    """Mount a disk of so many megabytes on a folder for the length of a block.

    Parameters
    ----------
    folder
        Empty, or not there yet.
    megabytes
        Its size.

    Raises
    ------
    NotMountable
        Where it isn't allowed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or mount is None or umount is None:
        raise NotMountable("mounting takes root")
    size = f"size={int(megabytes * 1024)}k,mode=0711"
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", size, "weiwang", str(folder)], check=False, capture_output=True
    )
    if done.returncode:
        raise NotMountable(done.stderr.decode(errors="replace").strip())
    try:
        yield folder
    finally:
        subprocess.run([umount, "-l", str(folder)], check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Leave no room on a folder's disk for the length of a block."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            room = shutil.disk_usage(folder).free
            if room < LEFT_BYTES:
                break
            file.write(bytes(min(room, 1_000_000)))
    try:
        yield
    finally:
        ballast.unlink()
