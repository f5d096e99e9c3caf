"""Orders of files: what was asked, how far it is, and until when the file is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import export

OPEN = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Export:
    """One order as stored."""

    community_id: str
    export_id: UUID
    ordered_by: UUID
    state: str
    layer: str
    format: str
    datum: str
    language: str
    filters: Mapping[str, Any]
    rows_total: int | None
    rows_done: int
    bytes: int | None
    error: str
    ordered_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime | None


_COLUMNS = tuple(export.c[name] for name in Export.__slots__)


async def add(session: WriteSession, order: Export) -> bool:
    """Store an order; False when its id is taken."""
    values = {name: getattr(order, name) for name in Export.__slots__}
    stored = upsert(export).values(**values).on_conflict_do_nothing().returning(export.c.export_id)
    return await session.value(stored) is not None


async def find(session: ReadSession, community_id: str, export_id: UUID) -> Export | None:
    """Return an order."""
    row = await session.row(
        select(*_COLUMNS).where(export.c.community_id == community_id, export.c.export_id == export_id)
    )
    return None if row is None else Export(*row)


async def ordered_by(session: ReadSession, community_id: str, person_id: UUID, *, limit: int) -> list[Export]:
    """Return somebody's latest orders, the newest first."""
    rows = await session.rows(
        select(*_COLUMNS)
        .where(export.c.community_id == community_id, export.c.ordered_by == person_id)
        .order_by(export.c.ordered_at.desc(), export.c.export_id)
        .limit(limit)
    )
    return [Export(*row) for row in rows]


async def open_count(session: ReadSession, community_id: str, person_id: UUID) -> int:
    """Return how many files somebody waits for."""
    return int(
        await session.value(
            select(func.count())
            .select_from(export)
            .where(
                export.c.community_id == community_id,
                export.c.ordered_by == person_id,
                export.c.state.in_(OPEN),
            )
        )
    )


async def begin(
    session: WriteSession, community_id: str, export_id: UUID, *, total: int, now: datetime
) -> bool:
    """Mark an order as being written, again after a worker that died; False when it isn't wanted any more."""
    return await _change(
        session, community_id, export_id, state="running", rows_total=total, rows_done=0, began_at=now
    )


async def advance(session: WriteSession, community_id: str, export_id: UUID, rows: int) -> bool:
    """Note how many rows are written; False when the order was cancelled meanwhile."""
    return await _change(session, community_id, export_id, rows_done=rows)


async def finish(
    session: WriteSession,
    community_id: str,
    export_id: UUID,
    *,
    rows: int,
    size: int,
    now: datetime,
    until: datetime,
) -> bool:
    """Mark an order as done; False when it was cancelled meanwhile."""
    return await _change(
        session,
        community_id,
        export_id,
        state="done",
        rows_total=rows,
        rows_done=rows,
        bytes=size,
        ended_at=now,
        expires_at=until,
    )


async def fail(session: WriteSession, community_id: str, export_id: UUID, code: str, now: datetime) -> bool:
    """Mark an order as failed."""
    return await _change(session, community_id, export_id, state="failed", error=code, ended_at=now)


async def cancel(session: WriteSession, community_id: str, export_id: UUID, now: datetime) -> bool:
    """Call an order off; False when it has ended already."""
    return await _change(session, community_id, export_id, state="cancelled", ended_at=now)


async def _change(session: WriteSession, community_id: str, export_id: UUID, **values: Any) -> bool:
    found = await session.run(
        update(export)
        .where(
            export.c.community_id == community_id,
            export.c.export_id == export_id,
            export.c.state.in_(OPEN),
        )
        .values(**values)
    )
    return found == 1


async def expire(session: WriteSession, now: datetime, *, limit: int) -> list[Export]:
    """Mark files past their time as gone and return their orders, of all communities."""
    due = (
        select(export.c.community_id, export.c.export_id)
        .where(export.c.state == "done", export.c.expires_at <= now)
        .order_by(export.c.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .subquery()
    )
    rows = await session.rows(
        update(export)
        .where(export.c.community_id == due.c.community_id, export.c.export_id == due.c.export_id)
        .values(state="expired")
        .returning(*_COLUMNS)
    )
    return [Export(*row) for row in rows]


async def lost(session: ReadSession, before: datetime, *, limit: int) -> list[tuple[str, UUID]]:
    """Return orders that still wait although they were made before a moment: their job may be lost."""
    rows = await session.rows(
        select(export.c.community_id, export.c.export_id)
        .where(export.c.state == "waiting", export.c.ordered_at < before)
        .order_by(export.c.ordered_at)
        .limit(limit)
    )
    return [(row.community_id, row.export_id) for row in rows]
