"""Reading notices: somebody's own, and those of everybody for the live stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.store.session import ReadSession
from gis.words import COUNTED_TO


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice with what its sentence names of the case; positions and people's words are not among it."""

    notice_id: UUID
    serial: int
    kind: str
    urgent: bool
    silent: bool
    data: Mapping[str, Any]
    created_at: datetime
    read_at: datetime | None
    case_id: UUID | None
    number: str
    category: str
    category_en: str
    grid_code: str
    building: str
    community_id: str
    person_id: UUID
    transaction_id: int

    @property
    def bookmark(self) -> tuple[int, int]:
        """Where a reader of the stream stands who has seen this notice."""
        return (self.transaction_id, self.serial)


_ROWS: LiteralString = """
SELECT n.notice_id, n.serial, n.kind, n.urgent, n.silent, n.data, n.created_at, n.read_at, n.case_id,
       CASE WHEN c.case_id IS NULL THEN '' ELSE
           to_char(timezone(m.timezone, c.opened_at), 'YYYYMMDD') || '-'
           || lpad(c.number::text, greatest(5, length(c.number::text)), '0') END AS number,
       coalesce(g.name, '') AS category, coalesce(g.name_en, '') AS category_en,
       coalesce(c.micro_grid_code, c.grid_code, '') AS grid_code,
       coalesce(c.place -> 'building' ->> 'name', '') AS building,
       n.community_id, n.person_id, n.transaction_id::text::bigint AS transaction_id
FROM notice n
JOIN community m ON m.community_id = n.community_id
LEFT JOIN "case" c ON c.community_id = n.community_id AND c.case_id = n.case_id
LEFT JOIN category g ON g.code = c.category
"""


async def notice_rows(
    session: ReadSession, community_id: str, person_id: UUID, *, unread: bool, before: int | None, limit: int
) -> list[NoticeRow]:
    """Return somebody's notices, the newest first.

    Parameters
    ----------
    session, community_id, person_id
        Whose.
    unread
        Only those not read yet.
    before
        The serial of the last one already seen.
    limit
        How many at most.
    """
    rows = await session.direct(
        _ROWS
        + """
        WHERE n.community_id = %(community)s AND n.person_id = %(person)s
          AND (NOT %(unread)s OR n.read_at IS NULL)
          AND (%(before)s::bigint IS NULL OR n.serial < %(before)s)
        ORDER BY n.serial DESC LIMIT %(limit)s
        """,
        {
            "community": community_id,
            "person": person_id,
            "unread": unread,
            "before": before,
            "limit": limit,
        },
    )
    return [NoticeRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Count:
    """How many notices somebody has, and how many of them are unread."""

    total: int
    unread: int


async def count(session: ReadSession, community_id: str, person_id: UUID) -> Count:
    """Return how many notices somebody has, ``COUNTED_TO`` at most, and how many of them are unread."""
    rows = await session.direct(
        """
        SELECT (SELECT count(*) FROM (SELECT 1 FROM notice n WHERE n.community_id = %(community)s AND n.person_id = %(person)s
                                      LIMIT %(most)s) AS first) AS total,
               (SELECT count(*) FROM notice n WHERE n.community_id = %(community)s AND n.person_id = %(person)s
                AND n.read_at IS NULL) AS unread
        """,
        {"community": community_id, "person": person_id, "most": COUNTED_TO},
    )
    return Count(rows[0].total, rows[0].unread)


async def unread_count(session: ReadSession, community_id: str, person_id: UUID) -> int:
    """Return how many notices somebody hasn't read."""
    rows = await session.direct(
        "SELECT count(*) AS n FROM notice WHERE community_id = %(community)s AND person_id = %(person)s"
        " AND read_at IS NULL",
        {"community": community_id, "person": person_id},
    )
    return int(rows[0].n)


async def notices_after(
    session: ReadSession, bookmark: tuple[int, int], *, settled: int, limit: int
) -> list[NoticeRow]:
    """Return the settled notices of all communities after a bookmark, in order (see ``gis.store.event_reading``).

    Parameters
    ----------
    session
        Any.
    bookmark
        Transaction and serial of the last one seen.
    settled
        The transaction before which all have ended.
    limit
        How many at most.
    """
    rows = await session.direct(
        _ROWS
        + """
        WHERE n.transaction_id < %(settled)s::text::xid8
          AND (n.transaction_id, n.serial) > (%(transaction)s::text::xid8, %(serial)s::bigint)
        ORDER BY n.transaction_id, n.serial LIMIT %(limit)s
        """,
        {
            "settled": str(settled),
            "transaction": str(bookmark[0]),
            "serial": bookmark[1],
            "limit": limit,
        },
    )
    return [NoticeRow(*row) for row in rows]
