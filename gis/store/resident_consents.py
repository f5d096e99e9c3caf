"""Consents of residents: appended, the latest of each purpose holds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import resident_consent


@dataclass(frozen=True, slots=True)
class NewConsent:
    """A consent that is given or withdrawn."""

    consent_id: UUID
    resident_id: UUID
    purpose: str
    given: bool
    how: str
    said_by: str
    said_on: date
    recorded_by: UUID
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent as it is read."""

    purpose: str
    given: bool
    how: str
    said_by: str
    said_on: date
    recorded_by: str
    recorded_at: datetime


async def add(session: WriteSession, community_id: str, new: NewConsent) -> bool:
    """Store a consent; False when its id is there already."""
    statement = insert(resident_consent).values(community_id=community_id, **asdict(new))
    made = await session.value(statement.on_conflict_do_nothing().returning(resident_consent.c.consent_id))
    return made is not None


async def consents_of(session: ReadSession, community_id: str, resident_id: UUID) -> list[ConsentRow]:
    """Return what somebody has agreed to and withdrawn, the latest first."""
    rows = await session.direct(
        "SELECT c.purpose, c.given, c.how, c.said_by, c.said_on, p.name AS recorded_by, c.recorded_at"
        " FROM resident_consent c JOIN person p ON p.community_id = c.community_id AND p.person_id = c.recorded_by"
        " WHERE c.community_id = %(community)s AND c.resident_id = %(resident)s"
        " ORDER BY c.recorded_at DESC, c.consent_id",
        {"community": community_id, "resident": resident_id},
    )
    return [ConsentRow(*row) for row in rows]
