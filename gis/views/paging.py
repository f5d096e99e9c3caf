"""Pages of long lists by keyset: stable under inserts, as cheap at the end as at the beginning."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from gis.errors import InvalidInputError

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items of a list, the cursor of the next ones (None at the end) and how many there are in all."""

    items: list[Item]
    next: str | None
    total: int


def encode_cursor(moment: datetime, key: UUID | str) -> str:
    """Return a cursor that names the last item of a page."""
    return base64.urlsafe_b64encode(f"{moment.isoformat()} {key}".encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return what a cursor names; None for no cursor."""
    found = decode_named_cursor(cursor)
    try:
        return None if found is None else (found[0], UUID(found[1]))
    except ValueError as error:
        raise InvalidInputError(
            "not a cursor of this service", code="cursor_invalid", field="cursor"
        ) from error


def decode_named_cursor(cursor: str | None) -> tuple[datetime, str] | None:
    """Return what a cursor names, where things have no UUID; None for no cursor."""
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        moment, _, key = base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition(" ")
        at = datetime.fromisoformat(moment)
    except (ValueError, binascii.Error) as error:
        raise InvalidInputError(
            "not a cursor of this service", code="cursor_invalid", field="cursor"
        ) from error
    if at.tzinfo is None or not key.isprintable():
        raise InvalidInputError("not a cursor of this service", code="cursor_invalid", field="cursor")
    return at, key
