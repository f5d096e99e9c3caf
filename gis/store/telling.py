"""Words between the processes of a service: what one changes, the others hear of as soon as it is committed.

Only what is kept in memory somewhere is told, and only what changes seldom: a transaction that notifies waits for the
others that do (see docs/decisions/0003 and 0015), so nothing that a report passes tells anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import LiteralString
from uuid import UUID

from gis.store.session import WriteSession

CHANNEL: LiteralString = "weiwang"


class About(StrEnum):
    """What has changed."""

    SESSION = "session"
    """One session ended; the key is its token's hash."""
    PERSON = "person"
    """Somebody's post; the key is the person."""
    PEOPLE = "people"
    """Who is responsible for what, of a whole community."""
    COMMUNITY = "community"
    """A community's boundaries, streets, categories or calendar."""


@dataclass(frozen=True, slots=True)
class Word:
    """One thing told."""

    about: About
    community_id: str
    key: str = ""

    @property
    def text(self) -> str:
        """As it is sent."""
        return f"{self.about.value} {self.community_id} {self.key}".rstrip()


def word_of(text: str) -> Word | None:
    """Return a word as it was sent; None for one of another version of the service.

    Parameters
    ----------
    text
        As heard.
    """
    parts = text.split(" ")
    if len(parts) not in (2, 3) or parts[0] not in set(About):
        return None
    return Word(About(parts[0]), parts[1], parts[2] if len(parts) > 2 else "")  # noqa: PLR2004 - there is a key


async def tell(session: WriteSession, about: About, community_id: str, key: bytes | UUID | str = "") -> None:
    """Let every process know, once this transaction is committed; the same twice is told once.

    Parameters
    ----------
    session
        The transaction that changes it.
    about, community_id, key
        See ``About``.
    """
    word = Word(about, community_id, key.hex() if isinstance(key, bytes) else str(key))
    await session.direct(
        "SELECT pg_notify(%(channel)s, %(word)s)", {"channel": CHANNEL, "word": word.text[:7900]}
    )
