"""Changing cases: one locked reading, then one conditional statement that changes the row and appends the event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from gis.store.moments import DEADLINES
from gis.store.session import ReadSession, WriteSession
from gis.words import CaseFacts, CaseState, Status, Verb


@dataclass(frozen=True, slots=True)
class LockedCase:
    """A case as it is, held until the transaction ends, with what acts on it need."""

    facts: CaseFacts
    lon: float
    lat: float
    urgent: bool
    escalation: int
    building_id: UUID | None
    opened_at: datetime
    answered_at: datetime | None
    accepted_at: datetime | None
    done_at: datetime | None
    moments: Mapping[str, Any]
    """Its deadlines and from when on each is near, by the names of the columns."""
    starts_at: datetime | None
    """Of an ordered service: from when on somebody is wanted."""
    climb_at: datetime | None
    paused_at: datetime | None
    pause_ends_at: datetime | None
    pause: str | None
    """How the pause stands that was asked for or runs."""
    assignee_role: str | None
    offer_id: UUID | None
    offer_expires_at: datetime | None
    merged_into: UUID | None
    my_offer: str | None
    """How the asking person's latest offer of this case stands, if they ever had one."""


_LOCK: LiteralString = """
SELECT c.case_id, c.status, c.revision, c.category, c.grid_code, c.micro_grid_code, c.reporter_id, c.assignee_id,
       c.agency_code, st_x(c.geom) AS lon, st_y(c.geom) AS lat, c.urgent, c.escalation, c.building_id, c.opened_at,
       c.answered_at, c.accepted_at, c.done_at, c.merged_into, c.answer_soon_at, c.answer_due_at,
       c.on_site_soon_at, c.on_site_due_at, c.resolve_soon_at, c.resolve_due_at, c.starts_at, c.climb_at, c.paused_at, c.pause_ends_at,
       (SELECT p.status FROM pause p WHERE p.community_id = c.community_id AND p.case_id = c.case_id
        AND p.ended_at IS NULL) AS pause,
       (SELECT p.role FROM person p
        WHERE p.community_id = c.community_id AND p.person_id = c.assignee_id) AS assignee_role,
       array(SELECT r.reporter_id FROM report r
             WHERE r.community_id = c.community_id AND r.case_id = c.case_id) AS reporter_ids,
       live.offer_id, live.responder_id, live.expires_at,
       (SELECT h.to_id FROM hand_over h WHERE h.community_id = c.community_id AND h.case_id = c.case_id
        AND h.status = 'asked') AS asked_id,
       (SELECT o.status FROM offer o WHERE o.community_id = c.community_id AND o.case_id = c.case_id
        AND o.responder_id = %(person)s ORDER BY o.offered_at DESC LIMIT 1) AS my_offer
FROM "case" c
LEFT JOIN offer live ON live.community_id = c.community_id AND live.case_id = c.case_id AND live.status = 'live'
WHERE c.community_id = %(community)s AND c.case_id = %(case)s
FOR NO KEY UPDATE OF c
"""


async def lock(
    session: WriteSession, community_id: str, case_id: UUID, person_id: UUID | None = None
) -> LockedCase | None:
    """Return a case as it is now and keep others from changing it until the transaction ends.

    Parameters
    ----------
    session
        A writing session.
    community_id, case_id
        Which case.
    person_id
        Who asks; fills ``my_offer``.
    """
    await session.direct(  # first the lock alone: what is joined below is then read as it is after waiting for it
        'SELECT FROM "case" WHERE community_id = %(community)s AND case_id = %(case)s FOR NO KEY UPDATE',
        {"community": community_id, "case": case_id},
    )
    rows = await session.direct(_LOCK, {"community": community_id, "case": case_id, "person": person_id})
    if not rows:
        return None
    (r,) = rows
    facts = CaseFacts(
        r.case_id,
        Status(r.status),
        r.revision,
        r.category,
        r.grid_code,
        r.micro_grid_code,
        r.reporter_id,
        r.assignee_id,
        r.agency_code,
        frozenset(r.reporter_ids),
        r.responder_id,
        r.asked_id,
        r.escalation,
    )
    return LockedCase(
        facts,
        lon=r.lon,
        lat=r.lat,
        urgent=r.urgent,
        escalation=r.escalation,
        building_id=r.building_id,
        opened_at=r.opened_at,
        answered_at=r.answered_at,
        accepted_at=r.accepted_at,
        done_at=r.done_at,
        moments={name: getattr(r, name) for name in DEADLINES},
        starts_at=r.starts_at,
        climb_at=r.climb_at,
        paused_at=r.paused_at,
        pause_ends_at=r.pause_ends_at,
        pause=r.pause,
        assignee_role=r.assignee_role,
        offer_id=r.offer_id,
        offer_expires_at=r.expires_at,
        merged_into=r.merged_into,
        my_offer=r.my_offer,
    )


# Each column keeps its value unless the change names it: %(set)s holds the names of those that it sets.
_CHANGE: LiteralString = """
WITH changed AS (
    UPDATE "case" SET
        status = %(to)s, revision = revision + 1,
        category = coalesce(%(category)s::text, category), urgent = coalesce(%(urgent)s::boolean, urgent),
        assignee_id = CASE WHEN 'assignee_id' = ANY(%(set)s) THEN %(assignee_id)s::uuid ELSE assignee_id END,
        agency_code = CASE WHEN 'agency_code' = ANY(%(set)s) THEN %(agency_code)s::text ELSE agency_code END,
        answered_at = CASE WHEN 'answered_at' = ANY(%(set)s) THEN %(answered_at)s::timestamptz ELSE answered_at END,
        accepted_at = CASE WHEN 'accepted_at' = ANY(%(set)s) THEN %(accepted_at)s::timestamptz ELSE accepted_at END,
        arrived_at = CASE WHEN 'arrived_at' = ANY(%(set)s) THEN %(arrived_at)s::timestamptz ELSE arrived_at END,
        done_at = CASE WHEN 'done_at' = ANY(%(set)s) THEN %(done_at)s::timestamptz ELSE done_at END,
        closed_at = CASE WHEN 'closed_at' = ANY(%(set)s) THEN %(closed_at)s::timestamptz ELSE closed_at END,
        answer_soon_at = coalesce(%(answer_soon_at)s::timestamptz, answer_soon_at),
        answer_due_at = coalesce(%(answer_due_at)s::timestamptz, answer_due_at),
        on_site_soon_at = coalesce(%(on_site_soon_at)s::timestamptz, on_site_soon_at),
        on_site_due_at = coalesce(%(on_site_due_at)s::timestamptz, on_site_due_at),
        resolve_soon_at = coalesce(%(resolve_soon_at)s::timestamptz, resolve_soon_at),
        resolve_due_at = coalesce(%(resolve_due_at)s::timestamptz, resolve_due_at),
        climb_at = CASE WHEN 'climb_at' = ANY(%(set)s) THEN %(climb_at)s::timestamptz ELSE climb_at END,
        paused_at = CASE WHEN 'paused_at' = ANY(%(set)s) THEN %(paused_at)s::timestamptz ELSE paused_at END,
        pause_ends_at = CASE WHEN 'pause_ends_at' = ANY(%(set)s) THEN %(pause_ends_at)s::timestamptz
                             ELSE pause_ends_at END,
        escalation = coalesce(%(escalation)s::smallint, escalation),
        reopened = reopened + CASE WHEN 'reopened' = ANY(%(set)s) THEN 1 ELSE 0 END
    WHERE community_id = %(community)s AND case_id = %(case)s AND status = %(from)s AND revision = %(revision)s
    RETURNING community_id, case_id, revision
), told AS (
    INSERT INTO event (community_id, case_id, at, actor_id, verb, from_status, to_status, reason, data)
    SELECT community_id, case_id, %(at)s, %(actor)s, %(verb)s, %(from)s, %(to)s, %(reason)s, %(data)s FROM changed
)
SELECT revision FROM changed
"""
COLUMNS = (
    "assignee_id",
    "agency_code",
    "answered_at",
    "accepted_at",
    "arrived_at",
    "done_at",
    "closed_at",
    *DEADLINES,
    "climb_at",
    "paused_at",
    "pause_ends_at",
    "escalation",
    "category",
    "urgent",
)


async def change(
    session: WriteSession,
    community_id: str,
    facts: CaseFacts,
    verb: Verb | str,
    to: Status,
    *,
    at: datetime,
    actor_id: UUID | None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    columns: Mapping[str, Any] | None = None,
) -> CaseState | None:
    """Change a case if it is still as read, and append what happened.

    Parameters
    ----------
    session, community_id
        Where.
    facts
        The case as it was read.
    verb, to
        What is done, and what becomes of it.
    at, actor_id, reason, data
        For the event; an actor of None is the service itself.
    columns
        Names of ``COLUMNS`` (and ``reopened``, which counts) with their new values.

    Returns
    -------
    CaseState or None
        None when somebody else changed it first.
    """
    given = dict(columns or {})
    parameters: dict[str, Any] = dict.fromkeys(COLUMNS) | given
    parameters |= {
        "set": list(given),
        "community": community_id,
        "case": facts.case_id,
        "revision": facts.revision,
    }
    parameters |= {"from": facts.status.value, "to": to.value, "verb": str(verb), "at": at, "actor": actor_id}
    parameters |= {"reason": reason, "data": Jsonb(dict(data or {}))}
    rows = await session.direct(_CHANGE, parameters)
    return CaseState(facts.case_id, to, rows[0].revision) if rows else None


async def set_climb(session: WriteSession, community_id: str, case_id: UUID, at: datetime | None) -> None:
    """State when the ladder looks at a case next, where nothing happens to it."""
    await session.direct(
        'UPDATE "case" SET climb_at = %(at)s WHERE community_id = %(community)s AND case_id = %(case)s',
        {"community": community_id, "case": case_id, "at": at},
    )


async def to_climb(session: WriteSession, now: datetime, *, limit: int) -> list[tuple[str, UUID]]:
    """Return cases that the ladder should have looked at, of all communities: what a lost job would have done."""
    rows = await session.direct(
        'SELECT community_id, case_id FROM "case" WHERE climb_at <= %(now)s AND paused_at IS NULL'
        " AND status <> 'offered' ORDER BY climb_at LIMIT %(limit)s",
        {"now": now, "limit": limit},
    )
    return [(row.community_id, row.case_id) for row in rows]


async def to_resume(session: WriteSession, now: datetime, *, limit: int) -> list[tuple[str, UUID]]:
    """Return cases whose pause should have ended, of all communities."""
    rows = await session.direct(
        'SELECT community_id, case_id FROM "case" WHERE paused_at IS NOT NULL AND pause_ends_at <= %(now)s'
        " ORDER BY pause_ends_at LIMIT %(limit)s",
        {"now": now, "limit": limit},
    )
    return [(row.community_id, row.case_id) for row in rows]


async def has_after_photo(
    session: WriteSession, community_id: str, case_id: UUID, since: datetime | None
) -> bool:
    """Tell whether a case has an after-photo that was added since it was last accepted."""
    rows = await session.direct(
        "SELECT 1 FROM photo WHERE community_id = %(community)s AND case_id = %(case)s AND kind = 'after'"
        " AND added_at >= coalesce(%(since)s::timestamptz, '-infinity') LIMIT 1",
        {"community": community_id, "case": case_id, "since": since},
    )
    return bool(rows)


async def agency_exists(session: WriteSession, community_id: str, code: str) -> bool:
    """Tell whether something new can be referred to an agency of this code."""
    rows = await session.direct(
        "SELECT 1 FROM agency WHERE community_id = %(community)s AND code = %(code)s AND active",
        {"community": community_id, "code": code},
    )
    return bool(rows)


@dataclass(frozen=True, slots=True)
class Glance:
    """Who has a case in hand now, without holding it."""

    status: Status
    escalation: int
    category: str
    grid_code: str | None
    micro_grid_code: str | None
    assignee_id: UUID | None
    agency_code: str | None
    answer_due_at: datetime
    offer_id: UUID | None
    offeree_id: UUID | None
    travel_s: float | None


async def glance(session: WriteSession, community_id: str, case_id: UUID) -> Glance | None:
    """Return how a case stands."""
    rows = await session.direct(
        """
        SELECT c.status, c.escalation, c.category, c.grid_code, c.micro_grid_code, c.assignee_id, c.agency_code,
               c.answer_due_at, o.offer_id, o.responder_id, o.travel_s
        FROM "case" c LEFT JOIN LATERAL (
            SELECT o.offer_id, o.responder_id, o.travel_s FROM offer o
            WHERE o.community_id = c.community_id AND o.case_id = c.case_id AND o.status IN ('live', 'accepted')
            ORDER BY o.offered_at DESC LIMIT 1) o ON true
        WHERE c.community_id = %(community)s AND c.case_id = %(case)s
        """,
        {"community": community_id, "case": case_id},
    )
    return Glance(Status(rows[0].status), *rows[0][1:]) if rows else None


@dataclass(frozen=True, slots=True)
class LastAct:
    """What somebody did to a case last; what the service tells of meanwhile doesn't count."""

    event_id: int
    verb: str
    actor_id: UUID
    at: datetime
    data: Mapping[str, Any]


async def last_act(session: ReadSession, community_id: str, case_id: UUID) -> LastAct | None:
    """Return what a person did to a case last, or None."""
    rows = await session.direct(
        "SELECT event_id, verb, actor_id, at, data FROM event WHERE community_id = %(community)s"
        " AND case_id = %(case)s AND (actor_id IS NOT NULL AND verb <> 'photo' OR from_status <> to_status)"
        " ORDER BY event_id DESC LIMIT 1",
        {"community": community_id, "case": case_id},
    )
    return LastAct(*rows[0]) if rows and rows[0].actor_id is not None else None
