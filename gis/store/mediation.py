"""Writing mediations; whatever people said or are called comes in sealed already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.store.certificates import SKILLS
from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Mediation:
    """A mediation as a check sees it."""

    case_id: UUID
    keeper_id: UUID
    mediator_id: UUID | None
    outcome: str | None
    has_agreement: bool
    grid_code: str | None
    category: str
    parties: int
    sessions: int
    follow_ups: int
    mediator_able: bool
    """Whether the mediator still takes offers and their skill counts now."""


_READ: LiteralString = f"""
SELECT m.case_id, m.keeper_id, m.mediator_id, m.outcome, m.agreement IS NOT NULL AS has_agreement, c.grid_code, c.category,
    (SELECT count(*) FROM mediation_party p WHERE p.community_id = m.community_id AND p.case_id = m.case_id)::int AS parties,
    (SELECT count(*) FROM mediation_session s WHERE s.community_id = m.community_id AND s.case_id = m.case_id)::int
        AS sessions,
    (SELECT count(*) FROM mediation_follow_up f WHERE f.community_id = m.community_id AND f.case_id = m.case_id)::int
        AS follow_ups,
    coalesce((SELECT 'mediation' = ANY({SKILLS}) FROM responder r JOIN person q ON q.community_id = r.community_id
        AND q.person_id = r.person_id AND q.active AND q.role IN ('watcher', 'rider')
        WHERE r.community_id = m.community_id AND r.person_id = m.mediator_id), false) AS mediator_able
FROM mediation m JOIN "case" c ON c.community_id = m.community_id AND c.case_id = m.case_id
WHERE m.community_id = %(community)s AND m.case_id = %(case)s
"""  # noqa: S608 - only constants are joined


async def get(session: ReadSession, community_id: str, case_id: UUID, now: datetime) -> Mediation | None:
    """Return the mediation of a case, or None."""
    rows = await session.direct(_READ, {"community": community_id, "case": case_id, "now": now})
    return Mediation(*rows[0]) if rows else None


async def moment(session: ReadSession) -> datetime:
    """Return the database's time, where nobody has a clock."""
    (row,) = await session.direct("SELECT now() AS at", {})
    found: datetime = row.at
    return found


async def lock(session: WriteSession, community_id: str, case_id: UUID, now: datetime) -> Mediation | None:
    """Return the mediation of a case, held until the transaction ends."""
    await session.direct(  # first the lock alone: what is read below is then read as it is after waiting for it
        "SELECT case_id FROM mediation WHERE community_id = %(community)s AND case_id = %(case)s FOR NO KEY UPDATE",
        {"community": community_id, "case": case_id},
    )
    return await get(session, community_id, case_id, now)


async def add(
    session: WriteSession, community_id: str, case_id: UUID, keeper_id: UUID, now: datetime
) -> bool:
    """Open a mediation; False when there is one."""
    rows = await session.direct(
        "INSERT INTO mediation (community_id, case_id, keeper_id, opened_at)"
        " VALUES (%(community)s, %(case)s, %(keeper)s, %(now)s) ON CONFLICT DO NOTHING RETURNING case_id",
        {"community": community_id, "case": case_id, "keeper": keeper_id, "now": now},
    )
    return bool(rows)


async def name(
    session: WriteSession,
    community_id: str,
    case_id: UUID,
    *,
    keeper_id: UUID | None = None,
    mediator_id: UUID | None = None,
) -> None:
    """Name another keeper or mediator; what isn't stated stays."""
    await session.direct(
        "UPDATE mediation SET keeper_id = coalesce(%(keeper)s::uuid, keeper_id),"
        " mediator_id = coalesce(%(mediator)s::uuid, mediator_id)"
        " WHERE community_id = %(community)s AND case_id = %(case)s",
        {"community": community_id, "case": case_id, "keeper": keeper_id, "mediator": mediator_id},
    )


async def put_party(
    session: WriteSession, community_id: str, case_id: UUID, party_id: UUID, values: dict[str, Any]
) -> None:
    """Store a party, or correct it; ``values``: name, contact, words (sealed), by, now."""
    await session.direct(
        """
        INSERT INTO mediation_party (community_id, case_id, party_id, seat, name, contact, words, added_by, added_at)
        SELECT %(community)s, %(case)s, %(party)s, coalesce(max(p.seat), 0) + 1, %(name)s, %(contact)s, %(words)s, %(by)s,
            %(now)s
        FROM mediation_party p WHERE p.community_id = %(community)s AND p.case_id = %(case)s
        ON CONFLICT (community_id, case_id, party_id)
            DO UPDATE SET name = excluded.name, contact = excluded.contact, words = excluded.words
        """,
        {"community": community_id, "case": case_id, "party": party_id} | values,
    )


async def has_party(session: ReadSession, community_id: str, case_id: UUID, party_id: UUID) -> bool:
    """Tell whether a case has a party of this id already."""
    rows = await session.direct(
        "SELECT party_id FROM mediation_party WHERE community_id = %(community)s AND case_id = %(case)s"
        " AND party_id = %(party)s",
        {"community": community_id, "case": case_id, "party": party_id},
    )
    return bool(rows)


async def parties(session: ReadSession, community_id: str, case_id: UUID) -> set[UUID]:
    """Return the ids of a case's parties."""
    rows = await session.direct(
        "SELECT party_id FROM mediation_party WHERE community_id = %(community)s AND case_id = %(case)s",
        {"community": community_id, "case": case_id},
    )
    return {row.party_id for row in rows}


async def put_session(
    session: WriteSession, community_id: str, case_id: UUID, session_id: UUID, values: dict[str, Any]
) -> bool:
    """Store a session, planned or held; False when it has been written up already and says something else.

    ``values``: starts_at, place, words (sealed), present, by, now.
    """
    rows = await session.direct(
        """
        INSERT INTO mediation_session AS s (community_id, case_id, session_id, starts_at, place, present, words, added_by,
            added_at)
        VALUES (%(community)s, %(case)s, %(session)s, %(starts_at)s, %(place)s, %(present)s, %(words)s, %(by)s, %(now)s)
        ON CONFLICT (community_id, case_id, session_id)
            DO UPDATE SET starts_at = excluded.starts_at, place = excluded.place, present = excluded.present,
                words = excluded.words, told_at = CASE WHEN s.starts_at = excluded.starts_at THEN s.told_at END
            WHERE s.words IS NULL
        RETURNING session_id
        """,
        {"community": community_id, "case": case_id, "session": session_id} | values,
    )
    return bool(rows)


async def write_agreement(
    session: WriteSession,
    community_id: str,
    case_id: UUID,
    *,
    agreement: bytes,
    signed_by: bytes | None,
    signed_on: date | None,
) -> None:
    """Store what was agreed."""
    await session.direct(
        "UPDATE mediation SET agreement = %(agreement)s, signed_by = %(by)s, signed_on = %(on)s"
        " WHERE community_id = %(community)s AND case_id = %(case)s",
        {
            "community": community_id,
            "case": case_id,
            "agreement": agreement,
            "by": signed_by,
            "on": signed_on,
        },
    )


async def end(
    session: WriteSession, community_id: str, case_id: UUID, outcome: str, *, by: UUID, now: datetime
) -> None:
    """Store how a mediation ended."""
    await session.direct(
        "UPDATE mediation SET outcome = %(outcome)s, outcome_at = %(now)s, outcome_by = %(by)s"
        " WHERE community_id = %(community)s AND case_id = %(case)s AND outcome IS NULL",
        {"community": community_id, "case": case_id, "outcome": outcome, "by": by, "now": now},
    )


async def plan_follow_up(
    session: WriteSession, community_id: str, case_id: UUID, follow_up_id: UUID, due_on: date
) -> None:
    """Plan a follow-up; one of this id stays as it is."""
    await session.direct(
        "INSERT INTO mediation_follow_up (community_id, case_id, follow_up_id, due_on)"
        " VALUES (%(community)s, %(case)s, %(id)s, %(due)s) ON CONFLICT DO NOTHING",
        {"community": community_id, "case": case_id, "id": follow_up_id, "due": due_on},
    )


async def finish_follow_up(
    session: WriteSession,
    community_id: str,
    case_id: UUID,
    follow_up_id: UUID,
    *,
    kept: str,
    words: bytes | None,
    by: UUID,
    now: datetime,
) -> bool:
    """Write down what was found; False when it has been already, or there is no such follow-up."""
    rows = await session.direct(
        "UPDATE mediation_follow_up SET kept = %(kept)s, words = %(words)s, done_by = %(by)s, done_at = %(now)s"
        " WHERE community_id = %(community)s AND case_id = %(case)s AND follow_up_id = %(id)s AND done_at IS NULL"
        " RETURNING follow_up_id",
        {
            "community": community_id,
            "case": case_id,
            "id": follow_up_id,
            "kept": kept,
            "words": words,
            "by": by,
            "now": now,
        },
    )
    return bool(rows)


@dataclass(frozen=True, slots=True)
class Due:
    """A session or follow-up that its people are to be reminded of."""

    community_id: str
    case_id: UUID
    entry_id: UUID
    kind: str
    people: Sequence[UUID]


async def due(session: ReadSession, *, until: datetime, day: date, limit: int) -> list[Due]:
    """Return sessions of all communities that begin up to a moment, and follow-ups due up to a day, not told of yet."""
    rows = await session.direct(
        """
        SELECT m.community_id, m.case_id, e.entry_id, e.kind,
            array_remove(ARRAY[m.keeper_id, m.mediator_id], NULL) AS people
        FROM (
            SELECT community_id, case_id, session_id AS entry_id, 'mediation_soon' AS kind FROM mediation_session
            WHERE told_at IS NULL AND words IS NULL AND starts_at <= %(until)s
            UNION ALL
            SELECT community_id, case_id, follow_up_id, 'mediation_follow_up' FROM mediation_follow_up
            WHERE told_at IS NULL AND done_at IS NULL AND due_on <= %(day)s) e
        JOIN mediation m ON m.community_id = e.community_id AND m.case_id = e.case_id
        ORDER BY m.community_id, m.case_id, e.entry_id LIMIT %(limit)s
        """,
        {"until": until, "day": day, "limit": limit},
    )
    return [Due(*row) for row in rows]


async def told(session: WriteSession, one: Due, now: datetime) -> bool:
    """Remember that people were reminded; False when somebody else has done so."""
    values = {"community": one.community_id, "case": one.case_id, "id": one.entry_id, "now": now}
    if one.kind == "mediation_soon":
        rows = await session.direct(
            "UPDATE mediation_session SET told_at = %(now)s WHERE community_id = %(community)s AND case_id = %(case)s"
            " AND session_id = %(id)s AND told_at IS NULL RETURNING session_id",
            values,
        )
    else:
        rows = await session.direct(
            "UPDATE mediation_follow_up SET told_at = %(now)s WHERE community_id = %(community)s AND case_id = %(case)s"
            " AND follow_up_id = %(id)s AND told_at IS NULL RETURNING follow_up_id",
            values,
        )
    return bool(rows)
