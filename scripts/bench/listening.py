"""What is asked of the database, statement by statement, with its values: heard where psycopg sends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import psycopg

LOOKS = ("select", "with", "(select", "table", "values")


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement as it was sent, and whether it has PostgreSQL's own placeholders."""

    text: str
    values: Any
    raw: bool

    @property
    def key(self) -> str:
        """Tell it from others: by its text, and by which of its values are given. "Whoever, or this one" is two questions."""
        values = self.values.values() if isinstance(self.values, Mapping) else self.values or ()
        given = "".join(
            str(one)[0] if isinstance(one, bool) else "-" if one is None else "0" if one == [] else "+"
            for one in values
        )
        return f"{self.text}\n{given}"

    @property
    def only_looks(self) -> bool:
        """Whether it changes nothing, so that it may be asked again."""
        return self.text.lstrip().lower().startswith(LOOKS) and "procrastinate_" not in self.text


@contextmanager
def listening(kept: dict[str, Asked] | None = None) -> Iterator[list[str]]:
    """Give a list that fills with the statements sent while the block lasts.

    Parameters
    ----------
    kept
        Filled with one example of each by its key, its values with it.
    """
    heard: list[str] = []
    send = psycopg.AsyncCursor.execute

    async def execute(self: Any, query: Any, params: Any = None, **more: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else str(query)
        heard.append(text)
        if kept is not None:
            asked = Asked(text, params, isinstance(self, psycopg.AsyncRawCursor))
            kept.setdefault(asked.key, asked)
        return await send(self, query, params, **more)

    with patch.object(psycopg.AsyncCursor, "execute", execute):
        yield heard
