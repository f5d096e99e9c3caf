"""Keys as an operator keeps them: lines of text, the newest first."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from gis.errors import SetupError

BYTES = 32
ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class Key:
    """One master key; its id is told by what it has sealed, and tells nothing of it."""

    secret: bytes = field(repr=False)

    @property
    def key_id(self) -> bytes:
        """Four bytes that stand in front of whatever it has sealed."""
        return hashlib.sha256(b"weiwang key id" + self.secret).digest()[:ID_BYTES]

    @property
    def text(self) -> str:
        """The key as a line of text."""
        return base64.urlsafe_b64encode(self.secret).decode()


def fresh_key() -> Key:
    """Return a random key."""
    return Key(secrets.token_bytes(BYTES))


def parse_keys(lines: Iterable[str]) -> tuple[Key, ...]:
    """Return the keys of some lines, in their order; empty lines and those that begin with # are passed over.

    Parameters
    ----------
    lines
        Of a file, or of a setting.

    Raises
    ------
    SetupError
        ``sealing_key_invalid``.
    """
    found: dict[bytes, Key] = {}
    for line in lines:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            secret = base64.b64decode(text, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise _invalid() from error
        if len(secret) != BYTES:
            raise _invalid()
        found.setdefault(secret, Key(secret))
    return tuple(found.values())


def _invalid() -> SetupError:
    return SetupError(
        f"a key is {BYTES} random bytes in base64, one a line", code="sealing_key_invalid", bytes=BYTES
    )
