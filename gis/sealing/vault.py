"""Sealing texts so that they can be read only with the key, only in their community, and only in their own place.

AES-256-GCM of the library ``cryptography``. What is sealed names its key, so that keys can be changed while the service
runs; it is bound to the row and column that it belongs to, so that a text copied to another row can't be opened there.
Each community has keys of its own, derived from the master key. Equal texts are found again by a keyed hash, a mark:
whoever has the database but not the key can't try telephone numbers out against it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from gis.errors import SetupError
from gis.sealing.keys import ID_BYTES, Key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"\x01"
NONCE_BYTES = 12
HEAD_BYTES = len(FORMAT) + ID_BYTES
MARK_BYTES = 16


class Vault:
    """Seals with the newest key, opens with any.

    Parameters
    ----------
    keys
        The newest first, at least one.
    """

    def __init__(self, keys: Sequence[Key]) -> None:
        if not keys:
            raise SetupError("no key to seal with", code="sealing_key_missing", key="")
        self._keys = {key.key_id: key for key in keys}
        self._newest = keys[0]

    @property
    def head(self) -> bytes:
        """What everything begins with that was sealed with the newest key."""
        return FORMAT + self._newest.key_id

    def seal(self, community_id: str, place: str, text: str) -> bytes:
        """Return a text sealed for one place.

        Parameters
        ----------
        community_id
            Whose.
        place
            Its table, column and row, for example ``resident.name:<id>``; the same to open it.
        text
            What is sealed.
        """
        nonce = os.urandom(NONCE_BYTES)
        cipher = _cipher(self._newest.secret, community_id)
        return self.head + nonce + cipher.encrypt(nonce, text.encode(), _bound(community_id, place))

    def open(self, community_id: str, place: str, sealed: bytes) -> str:
        """Return what was sealed for a place.

        Parameters
        ----------
        community_id, place
            As when it was sealed.
        sealed
            From ``seal``.

        Raises
        ------
        SetupError
            ``sealing_key_missing`` with the key's id; ``sealed_damaged`` where it was altered, or belongs elsewhere.
        """
        from cryptography.exceptions import InvalidTag

        data = bytes(sealed)
        key = self._keys.get(data[len(FORMAT) : HEAD_BYTES])
        if key is None or data[:1] != FORMAT:
            raise SetupError(
                "the key that this was sealed with is not there",
                code="sealing_key_missing",
                key=data[len(FORMAT) : HEAD_BYTES].hex(),
            )
        body = HEAD_BYTES + NONCE_BYTES
        try:
            opened = _cipher(key.secret, community_id).decrypt(
                data[HEAD_BYTES:body], data[body:], _bound(community_id, place)
            )
        except InvalidTag as error:
            raise SetupError(
                "what was sealed was altered, or belongs elsewhere", code="sealed_damaged"
            ) from error
        return opened.decode()

    def mark(self, community_id: str, kind: str, text: str) -> bytes:
        """Return the mark by which a text is found again; equal texts of one kind have one mark.

        Parameters
        ----------
        community_id, kind
            Whose, and of which kind: a telephone number and an identity number never match.
        text
            In the one form in which it is compared.
        """
        return _mark(self._newest.secret, community_id, kind, text)

    def marks(self, community_id: str, kind: str, text: str) -> list[bytes]:
        """Return the marks of a text by every key: while keys are being changed, rows have one or another."""
        return [_mark(key.secret, community_id, kind, text) for key in self._keys.values()]


def _bound(community_id: str, place: str) -> bytes:
    return f"{community_id}\x1f{place}".encode()


def _mark(secret: bytes, community_id: str, kind: str, text: str) -> bytes:
    key = _derived(secret, f"mark\x1f{community_id}\x1f{kind}")
    return hmac.new(key, text.encode(), hashlib.sha256).digest()[:MARK_BYTES]


@lru_cache(maxsize=256)
def _cipher(secret: bytes, community_id: str) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(_derived(secret, f"seal\x1f{community_id}"))


@lru_cache(maxsize=256)
def _derived(secret: bytes, use: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=b"weiwang", info=use.encode()).derive(secret)
