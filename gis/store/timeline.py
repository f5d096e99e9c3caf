"""The timeline of a case: what happened to it, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.session import ReadSession
from gis.store.tables import event, person


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of a case's timeline."""

    event_id: int
    at: datetime
    verb: str
    from_status: str | None
    to_status: str | None
    reason: str
    data: Mapping[str, Any]
    actor_id: UUID | None
    actor_name: str | None
    actor_role: str | None


async def timeline_rows(session: ReadSession, community_id: str, case_id: UUID) -> list[EventRow]:
    """Return what happened to a case, in order."""
    e = event.c
    statement = (
        select(
            e.event_id,
            e.at,
            e.verb,
            e.from_status,
            e.to_status,
            e.reason,
            e.data.cast(JSONB),
            e.actor_id,
            person.c.name,
            person.c.role,
        )
        .outerjoin(person, and_(person.c.community_id == e.community_id, person.c.person_id == e.actor_id))
        .where(e.community_id == community_id, e.case_id == case_id)
        .order_by(e.event_id)
    )
    return [EventRow(*row) for row in await session.rows(statement)]
