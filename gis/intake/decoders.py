"""Photos decoded in processes of their own, each with limits on memory and time: a photo that is a bomb ends its decoder.

The decoders are kept from photo to photo. One process loads the readers (``gis.intake.laboratory``), and a decoder is a
fork of it that takes some milliseconds. ``multiprocessing`` would run the program's main module again in each.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gis import errors
from gis.errors import InvalidInputError, UnavailableError
from gis.intake.orders import ANSWERED, ORDER, REPLY, SENT, too_costly
from gis.intake.photo import CleanPhoto, ExifHint
from gis.settings import PhotoSettings

KEPT_WORDS = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""All that decoders know of the service's environment, besides Python's own words: its secrets are none of theirs."""
GRACE_S = 5.0
TRIES = 4
"""Decoders that had nothing to do may have been ended by somebody else; a photo over which two fall is damaged."""
MOST_FACTS, MOST_RENDITION = 100_000, 100_000_000
REFUSALS: Mapping[str, type[InvalidInputError]] = {
    kind.__name__: kind for kind in (InvalidInputError, errors.UnsupportedMediaError, errors.TooLargeError)
}
OVER_LIMIT = frozenset({-signal.SIGALRM, -signal.SIGPROF, -signal.SIGXCPU})


@dataclass(frozen=True, slots=True)
class _Decoder:
    number: int
    line: socket.socket

    def ask(self, data: bytes, limits: PhotoSettings) -> tuple[dict[str, Any], bytes, bytes]:
        """Return what a photo is; an ``OSError`` where the decoder doesn't answer any more."""
        self.line.settimeout(limits.decode_wait_s + GRACE_S)
        told = limits.model_dump_json().encode()
        self.line.sendall(SENT.pack(len(told), len(data)) + told)
        self.line.sendall(data)
        lengths = ANSWERED.unpack(_whole(self.line, ANSWERED.size))
        if lengths[0] > MOST_FACTS or max(lengths) > MOST_RENDITION:
            raise ConnectionError("a decoder says what none would")
        facts, view, thumb = (_whole(self.line, length) for length in lengths)
        return json.loads(facts), view, thumb


class Decoders:
    """The processes that decode; begun when the first photo comes, or made ready before by ``start``.

    Its functions wait, and are called in threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._laboratory: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._idle: list[_Decoder] = []
        self._process = os.getpid()

    def start(self) -> None:
        """Begin, so that the first photo needn't wait."""
        self._give_back(self._take())

    def decode(self, data: bytes, limits: PhotoSettings) -> CleanPhoto:
        """Return a photo checked and decoded; see ``gis.intake.decode.decode_photo`` for what it raises.

        Raises
        ------
        TooLargeError
            ``photo_too_costly`` when it took more memory or time than a photo may.
        UnavailableError
            ``photo_busy`` when no decoder could be begun.
        """
        for _ in range(TRIES):
            decoder = self._take()
            try:
                facts, view, thumb = decoder.ask(data, limits)
            except (OSError, ValueError):
                if self._buried(decoder) in OVER_LIMIT:
                    raise too_costly() from None
                continue  # it was ended by somebody else, or fell over this photo: the next one tells
            if facts.get("enough"):  # it ends itself, to give back the memory
                self._buried(decoder)
            else:
                self._give_back(decoder)
            return _photo(data, facts, view, thumb)
        raise InvalidInputError("the photo can't be read", code="photo_damaged", field="photo")

    def numbers(self) -> list[int]:
        """Return the process numbers of the laboratory and of its decoders that have nothing to do."""
        begun = [self._laboratory.pid] if self._laboratory else []
        return [*begun, *(one.number for one in self._idle)]

    def close(self) -> None:
        """Let go of all processes: each ends when nobody is left to ask it."""
        idle, self._idle = self._idle, []
        for one in idle:
            one.line.close()
        control, laboratory = self._control, self._laboratory
        self._control = self._laboratory = None
        if control is not None:
            control.close()
        if laboratory is not None and self._process == os.getpid():
            with suppress(subprocess.TimeoutExpired):
                laboratory.wait(GRACE_S)

    def _take(self) -> _Decoder:
        with self._lock:
            if self._process != os.getpid():  # the service was forked: what its parent began is its parent's
                self._idle, self._control, self._laboratory = [], None, None
                self._process = os.getpid()
            if self._idle:
                return self._idle.pop()
            try:
                return self._begun()
            except OSError:
                self.close()  # the laboratory was ended by somebody else
            try:
                return self._begun()
            except OSError as error:
                raise UnavailableError(
                    "no photo can be decoded", code="photo_busy", retry_after_s=2
                ) from error

    def _begun(self) -> _Decoder:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                number = self._order(b"F", 0, theirs)
            except OSError:
                ours.close()
                raise
        return _Decoder(number, ours)

    def _order(self, verb: bytes, number: int, line: socket.socket | None = None) -> int:
        if self._control is None:
            self._open()
        assert self._control is not None  # noqa: S101 - just opened
        socket.send_fds(self._control, [ORDER.pack(verb, number)], [line.fileno()] if line else [])
        answered: int = REPLY.unpack(_whole(self._control, REPLY.size))[0]
        return answered

    def _open(self) -> None:
        self._control, theirs = socket.socketpair()
        words = {k: v for k, v in os.environ.items() if k in KEPT_WORDS or k.startswith("PYTHON")}
        with theirs:
            self._laboratory = subprocess.Popen(
                [sys.executable, "-P", "-m", "gis.intake.laboratory"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={**words, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                process_group=0,  # Ctrl-C is for the service, which then lets go of it
            )
        atexit.register(self.close)

    def _give_back(self, decoder: _Decoder) -> None:
        with self._lock:
            self._idle.append(decoder)

    def _buried(self, decoder: _Decoder) -> int:
        """End a decoder and return how it had ended; 0 where the laboratory itself has gone."""
        decoder.line.close()
        with self._lock:
            try:
                return self._order(b"W", decoder.number)
            except OSError:
                self.close()
                return 0


def _whole(line: socket.socket, length: int) -> bytes:
    found = bytearray()
    while len(found) < length:
        part = line.recv(min(length - len(found), 1_000_000))
        if not part:
            raise ConnectionError("nobody there any more")
        found += part
    return bytes(found)


def _photo(data: bytes, facts: dict[str, Any], view: bytes, thumb: bytes) -> CleanPhoto:
    if "error" in facts:
        told = facts["error"]
        kind = REFUSALS.get(told["kind"], InvalidInputError)
        raise kind(told["detail"], code=told["code"], field=told["field"], **told["values"])
    hint = dict(facts["exif"])
    if "taken_at" in hint:
        hint["taken_at"] = datetime.fromisoformat(hint["taken_at"])
    return CleanPhoto(
        media_type=facts["media_type"],
        width=facts["width"],
        height=facts["height"],
        exif=ExifHint(**hint),
        perceptual_hash=facts["perceptual_hash"],
        sha256=hashlib.sha256(data).hexdigest(),
        view=view,
        thumb=thumb,
        original=data,
    )
