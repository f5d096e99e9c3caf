"""Text typed by people: what may be stored of it."""

from __future__ import annotations

import unicodedata

from gis.errors import InvalidInputError

LONGEST = 2000
_KEPT = {"\n", "\t"}


def plain(text: str, field: str, *, limit: int = LONGEST) -> str:
    """Return text without control characters and outer space.

    Parameters
    ----------
    text
        As sent.
    field
        Its name in the request.
    limit
        Characters allowed.

    Raises
    ------
    InvalidInputError
        ``text_too_long``.
    """
    kept = (one for one in text if one in _KEPT or unicodedata.category(one) not in {"Cc", "Cs"})
    found = "".join(kept).strip()
    if len(found) > limit:
        raise InvalidInputError(
            f"{field} has more than {limit} characters", code="text_too_long", field=field, limit=limit
        )
    return found


def required(text: str, field: str, *, limit: int = LONGEST) -> str:
    """Return text that may not be empty.

    Parameters
    ----------
    text, field, limit
        As for ``plain``.

    Raises
    ------
    InvalidInputError
        ``reason_needed`` for reasons, ``text_needed`` for others; ``text_too_long``.
    """
    found = plain(text, field, limit=limit)
    if not found:
        code = "reason_needed" if field == "reason" else "text_needed"
        raise InvalidInputError(f"{field} is needed", code=code, field=field)
    return found
