"""The code by which somebody can be given points without a list of people."""

from __future__ import annotations

import base64
import re
from uuid import UUID

BYTES = 5
"""So many leading bytes of an id: 40 random bits."""
_NOISE = re.compile(r"[\s\-_.·—]+")
_ALIKE = str.maketrans({"0": "O", "1": "I", "8": "B"})


def neighbour_code(person_id: UUID) -> str:
    """Return somebody's own code, always the same: they tell it to whom they like.

    Parameters
    ----------
    person_id
        Whose.
    """
    code = base64.b32encode(person_id.bytes[:BYTES]).decode()
    return f"{code[:4]}-{code[4:]}"


def ids_of(text: str) -> tuple[UUID, UUID] | None:
    """Return the first and the last id that a code may stand for, None where a text is no code.

    Parameters
    ----------
    text
        As typed, in any case and grouping.
    """
    code = _NOISE.sub("", text).upper().translate(_ALIKE)
    if not re.fullmatch(r"[A-Z2-7]{8}", code):
        return None
    head = base64.b32decode(code)
    rest = 16 - BYTES
    return UUID(bytes=head + b"\x00" * rest), UUID(bytes=head + b"\xff" * rest)
