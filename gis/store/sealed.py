"""Every column that holds something sealed: read and replaced some rows at a time, when keys are changed.

A room that seals a column names it here, so that a new key reaches it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, func, select, update

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One sealed column.

    Parameters
    ----------
    table, key, column
        Where: the second part of the table's key, after ``community_id``, tells its rows apart.
    place
        What its texts are bound to, for example ``resident.name``; the row's key follows.
    marks
        Columns of marks that follow from the text: column -> kind and plain text, empty texts have no mark.
    """

    table: Table
    key: str
    column: str
    place: str
    marks: Callable[[str], Mapping[str, tuple[str, str]]] | None = None


@dataclass(frozen=True, slots=True)
class SealedRow:
    """What one row holds."""

    community_id: str
    key: Any
    sealed: bytes


async def sealed_otherwise(
    session: ReadSession, column: SealedColumn, head: bytes, limit: int
) -> list[SealedRow]:
    """Return rows whose text doesn't begin with a head; rows that others are writing are passed over."""
    table = column.table.c
    text = table[column.column]
    rows = await session.rows(
        select(table.community_id, table[column.key], text)
        .where(text.is_not(None), func.substring(text, 1, len(head)) != head)
        .order_by(table.community_id, table[column.key])
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [SealedRow(row[0], row[1], bytes(row[2])) for row in rows]


async def seal_again(session: WriteSession, column: SealedColumn, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put texts sealed anew, with their marks, in the place of the old ones; each row names ``community`` and ``key``."""
    table = column.table
    names = [name for name in rows[0] if name not in ("community", "key")]
    await session.run(
        update(table)
        .where(table.c.community_id == bindparam("community"), table.c[column.key] == bindparam("key"))
        .values({name: bindparam(f"new_{name}") for name in names}),
        [
            {name if name in ("community", "key") else f"new_{name}": value for name, value in row.items()}
            for row in rows
        ],
    )


async def heads_in_use(session: ReadSession, column: SealedColumn, length: int) -> dict[bytes, int]:
    """Return by which heads the texts of a column begin, and how many do."""
    text = column.table.c[column.column]
    head = func.substring(text, 1, length)
    rows = await session.rows(
        select(head.label("head"), func.count().label("n")).where(text.is_not(None)).group_by(head)
    )
    return {bytes(row.head): int(row.n) for row in rows}
