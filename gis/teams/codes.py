"""The code on an organiser's screen: another one each minute, so that a picture of it is soon worth nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from uuid import UUID

CODE_BYTES = 5
LENGTH = 8
TAKEN_S = 180
"""So long a code is taken after it was shown: who scans it may have to sign in first."""
SHOWN_S = 60
_PERSON = b"weiwang-here"
_LOOKALIKES = str.maketrans("01", "OI")


def code_at(community_id: str, activity_id: UUID, key: bytes, at: datetime) -> str:
    """Return the code of a moment: eight letters and digits that aren't mistaken for one another.

    Parameters
    ----------
    community_id, activity_id
        What it is for.
    key
        The community's.
    at
        When it is shown.
    """
    return _code(community_id, activity_id, key, int(at.timestamp()) // SHOWN_S)


def is_code(text: str, community_id: str, activity_id: UUID, keys: list[bytes], now: datetime) -> bool:
    """Tell whether somebody has read the code off the screen a short while ago.

    Parameters
    ----------
    text
        As scanned or typed, in small letters too, with blanks and dashes.
    community_id, activity_id, keys
        What it should be for, and with which keys it may be made.
    now
        The time.
    """
    typed = "".join(text.upper().split()).replace("-", "").translate(_LOOKALIKES)
    minute = int(now.timestamp()) // SHOWN_S
    minutes = range(minute - TAKEN_S // SHOWN_S, minute + 1)
    return len(typed) == LENGTH and any(
        hmac.compare_digest(
            _code(community_id, activity_id, key, one).encode(), typed.encode("utf-8", "replace")
        )
        for key in keys
        for one in minutes
    )


def _code(community_id: str, activity_id: UUID, key: bytes, minute: int) -> str:
    signed = b"\x00".join((community_id.encode(), activity_id.bytes, str(minute).encode()))
    digest = hashlib.blake2b(signed, digest_size=CODE_BYTES, key=key, person=_PERSON).digest()
    return base64.b32encode(digest).decode()
