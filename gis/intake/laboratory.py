"""The process in which photos are decoded: it holds nothing of the service's, and ends itself over its limits.

Run as ``python -P -m gis.intake.laboratory`` with a socket as its standard input, by ``gis.intake.decoders``. It loads the
readers once and forks a decoder for each order; a decoder takes photo after photo. What a decoder answers is JSON and
JPEG bytes, never a Python object: somebody who had taken it over through a reader's flaw could still only hand in pictures.
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import signal
import socket
import tempfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from PIL import Image

from gis.errors import WeiwangError
from gis.intake.decode import decode_photo, warm_up
from gis.intake.orders import ANSWERED, ORDER, REPLY, SENT, too_costly
from gis.intake.photo import CleanPhoto
from gis.intake.pixels import take_turns
from gis.settings import PhotoSettings

FIRST_TO_GO = "1000"


def main() -> None:
    """Take orders until the service has gone."""
    control = socket.socket(fileno=os.dup(0))
    with tempfile.TemporaryFile() as turns:
        _rehearse()
        while True:
            order, descriptors, _, _ = socket.recv_fds(control, ORDER.size, 1)
            if len(order) < ORDER.size:
                return
            verb, number = ORDER.unpack(order)
            if verb == b"W":
                control.sendall(REPLY.pack(_end(number)))
            elif number := os.fork():
                os.close(descriptors[0])
                control.sendall(REPLY.pack(number))
            else:
                control.close()
                _decode_all(socket.socket(fileno=descriptors[0]), turns)
                os._exit(0)


def _end(number: int) -> int:
    """End a decoder, if it hasn't ended, and return how: the number of a signal is negative."""
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def _rehearse() -> None:
    """Load all that decoding needs, so that decoders share it and need to open no file."""
    warm_up()
    for kind in ("JPEG", "PNG", "WEBP"):
        file = BytesIO()
        Image.new("RGB", (64, 48)).save(file, kind)
        decode_photo(file.getvalue(), PhotoSettings(view_px=32, thumb_px=16))


class _Turn:
    """A lock between processes: a file's lock is held by a process, however it came to the file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __enter__(self) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN)


def _decode_all(service: socket.socket, turns: IO[bytes]) -> None:
    """Decode photo after photo until the service lets go, or a photo is too much."""
    take_turns(_Turn(turns))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing is written, by nobody
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # where memory is short, a decoder goes before the service
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_GO)
    pipe = service.makefile("rwb")
    while head := pipe.read(SENT.size):
        limits_length, length = SENT.unpack(head)
        limits = PhotoSettings.model_validate_json(pipe.read(limits_length))
        data = pipe.read(length)
        _limit_memory(limits)
        signal.setitimer(signal.ITIMER_PROF, limits.decode_cpu_s)
        signal.setitimer(signal.ITIMER_REAL, limits.decode_wait_s)
        answer, enough = _answer(data, limits)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        for part in answer:
            pipe.write(part)
        pipe.flush()
        if enough:
            return


def _limit_memory(limits: PhotoSettings) -> None:
    """Let this process have as much more memory as one photo may take."""
    if (used := used_bytes()) is None:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (used + limits.decode_bytes, resource.RLIM_INFINITY))


def used_bytes() -> int | None:
    """Return how much memory of its own this process has asked for; None where the system doesn't tell."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return None
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData"))


def _answer(data: bytes, limits: PhotoSettings) -> tuple[list[bytes], bool]:
    """Return what is answered to a photo, and whether this process had better end."""
    try:
        photo = decode_photo(data, limits)
    except (MemoryError, WeiwangError) as error:
        short = isinstance(error, MemoryError) or error.code == "photo_busy"
        refused = too_costly() if short else error
        return _packed({"error": _told(refused), "enough": short}), short
    return _packed(_facts(photo), photo.view, photo.thumb), False


def _told(error: BaseException) -> dict[str, Any]:
    if not isinstance(error, WeiwangError):
        error = too_costly()
    return {
        "kind": type(error).__name__,
        "code": error.code,
        "detail": error.detail,
        "field": error.field,
        "values": error.values,
    }


def _facts(photo: CleanPhoto) -> dict[str, Any]:
    return {
        "media_type": photo.media_type,
        "width": photo.width,
        "height": photo.height,
        "perceptual_hash": photo.perceptual_hash,
        "exif": photo.exif.as_json(),
    }


def _packed(facts: dict[str, Any], view: bytes = b"", thumb: bytes = b"") -> list[bytes]:
    told = json.dumps(facts).encode()
    return [ANSWERED.pack(len(told), len(view), len(thumb)), told, view, thumb]


if __name__ == "__main__":
    main()
