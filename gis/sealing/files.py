"""Sealing whole files, a piece at a time, so that a large one takes no more memory than a small one.

Each file has a key of its own, derived from the master key and a random salt; the pieces are sealed in order with
AES-256-GCM, each bound to its number and to whether it is the last (the STREAM construction). What was cut off, reordered
or changed can't be opened.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gis.errors import InvalidInputError
from gis.sealing.keys import Key

MAGIC = b"weiwang sealed 1\n"
SALT_BYTES = 16
PIECE_BYTES = 1 << 20
TAG_BYTES = 16


class Readable(Protocol):
    """What a file, a pipe and a socket's file have in common."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most so many bytes, none at the end."""


def sealed(key: Key, source: Readable) -> Iterator[bytes]:
    """Yield a file's bytes sealed.

    Parameters
    ----------
    key
        The master key.
    source
        Read to its end.
    """
    salt = secrets.token_bytes(SALT_BYTES)
    cipher = _cipher(key, salt)
    yield MAGIC + key.key_id + salt
    number, piece = 0, _filled(source, PIECE_BYTES)
    while True:
        following = _filled(source, PIECE_BYTES)
        yield cipher.encrypt(_nonce(number, last=not following), piece, None)
        if not following:
            return
        number, piece = number + 1, following


def opened(key: Key, source: Readable) -> Iterator[bytes]:
    """Yield the bytes that were sealed; nothing that was changed is yielded.

    Parameters
    ----------
    key
        The master key.
    source
        As ``sealed`` made it.

    Raises
    ------
    InvalidInputError
        ``backup_key_wrong``, ``backup_damaged``.
    """
    head = _filled(source, len(MAGIC) + len(key.key_id) + SALT_BYTES)
    if not head.startswith(MAGIC) or len(head) < len(MAGIC) + len(key.key_id) + SALT_BYTES:
        raise InvalidInputError("not a sealed file", code="backup_damaged")
    if head[len(MAGIC) :][: len(key.key_id)] != key.key_id:
        raise InvalidInputError("sealed by another key", code="backup_key_wrong")
    cipher = _cipher(key, head[-SALT_BYTES:])
    number, piece = 0, _filled(source, PIECE_BYTES + TAG_BYTES)
    while True:
        following = _filled(source, PIECE_BYTES + TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), piece, None)
        except InvalidTag as error:
            raise InvalidInputError("the file was changed or cut off", code="backup_damaged") from error
        if not following:
            return
        number, piece = number + 1, following


def _cipher(key: Key, salt: bytes) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"weiwang sealed file").derive(key.secret)
    return AESGCM(derived)


def _nonce(number: int, *, last: bool) -> bytes:
    return bytes(7) + struct.pack(
        ">I?", number, last
    )  # each file's key is its own: the nonce may begin alike


def _filled(source: Readable, size: int) -> bytes:
    """Return so many bytes, fewer only at the end: a pipe gives what it has."""
    parts = bytearray()
    while len(parts) < size and (part := source.read(size - len(parts))):
        parts += part
    return bytes(parts)
