"""The parts that events are kept in, one a month: made ahead, listed, and old ones hung out of the table and in again.

An event is stored in the part of its moment by the database itself. Parts begin at midnight of the first of a month, UTC. What no
part is there for is kept in ``event_other``, which is empty as long as parts are made ahead: no clock can bar an event.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from gis.errors import ConflictError, NotFoundError
from gis.store.session import ReadSession, WriteSession

AHEAD = 3
OLD_MONTHS = 13
"""Only what is older than so many months is hung out: indicators compare with a year ago."""
ARCHIVE = "archive"
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_BOUND = re.compile(r"FROM \((?:MINVALUE|'(\d{4}-\d\d-\d\d)[^']*')\) TO \('(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the events.

    Parameters
    ----------
    name
        Of its table.
    begins, ends
        Its moments; none for the first part's begin, and for the one that takes what no other does.
    rows
        About how many events are in it.
    bytes
        On the disk, with indexes.
    archived
        Whether it is hung out.
    """

    name: str
    begins: datetime | None
    ends: datetime | None
    rows: int
    bytes: int
    archived: bool = False


async def parts(session: ReadSession) -> list[Part]:
    """Return all parts, the oldest first; at the end the one for everything else, and those that are hung out."""
    rows = await session.direct(
        """
        SELECT c.relname, n.nspname = %(archive)s AS archived, pg_get_expr(c.relpartbound, c.oid) AS bound,
               obj_description(c.oid, 'pg_class') AS told, greatest(c.reltuples, 0)::bigint AS rows,
               pg_total_relation_size(c.oid) AS bytes
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
        WHERE c.relkind = 'r' AND (i.inhparent = 'event'::regclass OR n.nspname = %(archive)s AND c.relname LIKE 'event\\_%%')
        """,
        {"archive": ARCHIVE},
    )
    found = [_part(row) for row in rows]
    late = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda part: (part.archived, part.ends or late))


async def make_months(session: WriteSession, now: datetime, *, ahead: int = AHEAD) -> list[str]:
    """Make the parts of this month and those ahead that are not there yet, and return their names.

    Parameters
    ----------
    session
        A transaction of its own: it holds the table for a moment.
    now
        The time.
    ahead
        How many months after this one.
    """
    wanted = _months_after(_month_of(now), ahead)
    last = max((part.ends for part in await parts(session) if part.ends and not part.archived), default=None)
    if last is None or last > wanted:
        return []
    await session.direct("SELECT pg_advisory_xact_lock(hashtextextended('event months', 0))", {})
    await session.direct("SET LOCAL lock_timeout = '2s'", {})
    last = max(part.ends for part in await parts(session) if part.ends and not part.archived)
    made = []
    while last <= wanted:
        made.append(await _make(session, last))
        last = _months_after(last, 1)
    return made


async def hang_out(session: WriteSession, month: str, now: datetime) -> str:
    """Take an old part out of the events into the schema ``archive``, where it stays as it is; return its name.

    Parameters
    ----------
    session
        A transaction of its own.
    month
        ``2024-03``; or ``past``, what was there before events were kept by month.
    now
        The time.

    Raises
    ------
    NotFoundError
        ``month_unknown``.
    ConflictError
        ``month_too_young``.
    """
    part = await _find(session, month, archived=False)
    if part.ends is None or part.ends > _months_after(_month_of(now), -OLD_MONTHS):
        raise ConflictError("too young", code="month_too_young", month=month, months=OLD_MONTHS)
    bound = f"FROM ({_quoted(part.begins)}) TO ({_quoted(part.ends)})"
    await session.direct("SET LOCAL lock_timeout = '5s'", {})
    await session.direct(f"CREATE SCHEMA IF NOT EXISTS {ARCHIVE}", {})
    await session.direct(f"ALTER TABLE event DETACH PARTITION {part.name}", {})
    await session.direct(f"COMMENT ON TABLE {part.name} IS '{bound.replace(chr(39), chr(39) * 2)}'", {})
    await session.direct(f"ALTER TABLE {part.name} SET SCHEMA {ARCHIVE}", {})
    return part.name


async def hang_in(session: WriteSession, month: str) -> str:
    """Put a part that was hung out back among the events; return its name.

    Parameters
    ----------
    session, month
        As for ``hang_out``.

    Raises
    ------
    NotFoundError
        ``month_unknown``.
    """
    part = await _find(session, month, archived=True)
    await session.direct("SET LOCAL lock_timeout = '5s'", {})
    await session.direct(f"ALTER TABLE {ARCHIVE}.{part.name} SET SCHEMA public", {})
    bound = f"FROM ({_quoted(part.begins)}) TO ({_quoted(part.ends)})"
    await session.direct(f"ALTER TABLE event ATTACH PARTITION {part.name} FOR VALUES {bound}", {})
    return part.name


async def _find(session: ReadSession, month: str, *, archived: bool) -> Part:
    name = "event_past" if month == "past" else f"event_{month.replace('-', '_')}"
    found = [part for part in await parts(session) if part.name == name and part.archived == archived]
    if not found or not (month == "past" or MONTH.fullmatch(month)):
        raise NotFoundError(f"no part {month[:20]}", code="month_unknown", month=month[:20])
    return found[0]


async def _make(session: WriteSession, begins: datetime) -> str:
    """Make one part beside the table, take in what was kept elsewhere for want of it, and hang it in."""
    name, ends = f"event_{begins:%Y_%m}", _months_after(begins, 1)
    during = f"at >= {_quoted(begins)} AND at < {_quoted(ends)}"
    for statement in (
        f"CREATE TABLE {name} (LIKE event INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)",
        f"WITH taken AS (DELETE FROM event_other WHERE {during} RETURNING *) INSERT INTO {name} SELECT * FROM taken",  # noqa: S608 - dates
        f"ALTER TABLE event ATTACH PARTITION {name} FOR VALUES FROM ({_quoted(begins)}) TO ({_quoted(ends)})",
    ):
        await session.direct(statement, {})
    return name


def _part(row: Sequence[object]) -> Part:
    name, archived, bound, told, rows, size = row
    found = _BOUND.search(str(bound or told or ""))
    begins, ends = found.groups() if found else (None, None)
    return Part(str(name), _day(begins), _day(ends), int(str(rows)), int(str(size)), bool(archived))


def _day(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def _quoted(moment: datetime | None) -> str:
    return f"'{moment:%Y-%m-%d} 00:00:00+00'" if moment else "MINVALUE"


def _month_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _months_after(month: datetime, count: int) -> datetime:
    number = month.year * 12 + month.month - 1 + count
    return month.replace(year=number // 12, month=number % 12 + 1)


__all__ = ["AHEAD", "OLD_MONTHS", "Part", "hang_in", "hang_out", "make_months", "parts"]
