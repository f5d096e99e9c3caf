"""Files that may be lost at any time: what took long to make, read the next time, by every process of a host."""

from __future__ import annotations

import mmap
import os
import struct
import tempfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

HEAD = struct.Struct("<8sII")
"""What a file begins with: whose it is, the sum of all that follows, and how many parts there are."""
MAGIC = b"weiwang1"
LENGTH = struct.Struct("<Q")
ALIGNED = 64
"""Parts begin at multiples of so many bytes, as compiled loops like their arrays."""
ENDING = ".kept"


class KeptFiles:
    """A folder of them, bounded; those not asked for longest go first.

    Parameters
    ----------
    folder
        Made when the first is written, for its owner alone.
    most_bytes
        What all of them may take.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    def read(self, about: str, stamp: str) -> list[memoryview] | None:
        """Return the parts of a file; None where there is none, or not a whole one.

        They are the file's own pages, shared by all who read it, until somebody changes them: then by nobody.

        Parameters
        ----------
        about, stamp
            As it was written.
        """
        try:
            with (self._folder / _name(about, stamp)).open("rb") as file:
                pages = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
                os.utime(file.fileno())
        except (OSError, ValueError):  # an empty file can't be mapped
            return None
        return _parts(pages)

    def write(self, about: str, stamp: str, parts: Sequence[bytes | memoryview]) -> None:
        """Keep a file, in the place of others about the same thing.

        Parameters
        ----------
        about
            What it is about.
        stamp
            What it was made of; another stamp is another file.
        parts
            What is in it.

        Raises
        ------
        OSError
            There is no room, or the folder can't be written.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = _name(about, stamp)
        handle, path = tempfile.mkstemp(dir=self._folder, suffix=".new")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_whole(parts))
            Path(path).replace(self._folder / name)
        except BaseException:
            Path(path).unlink(missing_ok=True)
            raise
        self._tidy(name)

    def _tidy(self, newest: str) -> None:
        """Delete what was said before about the same, and the oldest of what is too much, what nobody finished among it."""
        found = []
        for one in self._folder.iterdir():
            with suppress(OSError):  # another process was quicker
                found.append((one.stat().st_mtime_ns, one.stat().st_size, one))
        left = sum(size for _, size, _ in found)
        for _, size, one in sorted(found):
            before = one.name != newest and one.name.startswith(newest.split("-", maxsplit=1)[0])
            if one.name != newest and (before or left > self._most_bytes):
                one.unlink(missing_ok=True)
                left -= size


def _name(about: str, stamp: str) -> str:
    return "-".join(sha256(one.encode()).hexdigest()[:20] for one in (about, stamp)) + ENDING


def _whole(parts: Sequence[bytes | memoryview]) -> bytearray:
    raw = [memoryview(one).cast("B") for one in parts]
    body = bytearray(b"".join(LENGTH.pack(len(one)) for one in raw))
    for one in raw:
        body += bytes(-(HEAD.size + len(body)) % ALIGNED)
        body += one
    return bytearray(HEAD.pack(MAGIC, zlib.crc32(body), len(raw))) + body


def _parts(pages: memoryview) -> list[memoryview] | None:
    """Return the parts of a file's pages; None where they aren't as they were written, as after a loss of power."""
    if len(pages) < HEAD.size:
        return None
    magic, total, count = HEAD.unpack_from(pages)
    if magic != MAGIC or zlib.crc32(pages[HEAD.size :]) != total:
        return None
    at, found = HEAD.size + count * LENGTH.size, []
    for number in range(count):
        (length,) = LENGTH.unpack_from(pages, HEAD.size + number * LENGTH.size)
        at += -at % ALIGNED
        found.append(pages[at : at + length])
        at += length
    return found
