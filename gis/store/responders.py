"""Readiness of watchers and riders: duty, the last position, and how much they have in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.store.matching import WAITING
from gis.store.session import ReadSession, WriteSession
from gis.words import Position


@dataclass(frozen=True, slots=True)
class DutyState:
    """What going on or off duty answers."""

    on_duty: bool
    duty_since: datetime | None
    live_load: int
    capacity: int


async def set_duty(
    session: WriteSession, community_id: str, person_id: UUID, *, on: bool, now: datetime
) -> DutyState | None:
    """Go on or off duty; off duty the position is forgotten. None: this person takes no offers."""
    rows = await session.direct(
        """
        UPDATE responder SET on_duty = %(on)s,
            duty_since = CASE WHEN NOT %(on)s THEN NULL WHEN on_duty THEN duty_since ELSE %(now)s END,
            geom = CASE WHEN %(on)s THEN geom END, accuracy_m = CASE WHEN %(on)s THEN accuracy_m END,
            position_at = CASE WHEN %(on)s THEN position_at END
        WHERE community_id = %(community)s AND person_id = %(person)s
        RETURNING on_duty, duty_since, live_load, capacity
        """,
        {"on": on, "now": now, "community": community_id, "person": person_id},
    )
    return DutyState(*rows[0]) if rows else None


@dataclass(frozen=True, slots=True)
class Placed:
    """What saying where one is answers: whether they have room, and whether a case waits that they may be asked for."""

    free: bool
    waits: bool


async def set_position(
    session: WriteSession, community_id: str, person_id: UUID, position: Position, now: datetime
) -> Placed | None:
    """Remember where somebody is, and only the last place; None: they are not on duty.

    Whether a case waits is told by the same statement: positions come oftener than anything else.
    """
    rows = await session.direct(
        "UPDATE responder r SET geom = st_setsrid(st_makepoint(%(lon)s, %(lat)s), 4326), accuracy_m = %(accuracy)s,"  # noqa: S608 - only constants are joined
        " position_at = %(now)s WHERE r.community_id = %(community)s AND r.person_id = %(person)s AND r.on_duty"
        " RETURNING r.live_load < r.capacity AS free,"
        f" r.live_load < r.capacity AND EXISTS (SELECT FROM {WAITING}) AS waits",
        {
            "lon": position.lon,
            "lat": position.lat,
            "accuracy": position.accuracy_m,
            "now": now,
            "community": community_id,
            "person": person_id,
        },
    )
    return Placed(rows[0].free, rows[0].waits) if rows else None


async def hold_in_order(session: WriteSession, community_id: str, person_ids: Sequence[UUID | None]) -> None:
    """Hold several responders' rows, always in one order, so that two who swap tasks don't wait for one another."""
    await session.direct(
        "SELECT FROM responder WHERE community_id = %(community)s AND person_id = ANY(%(people)s::uuid[])"
        " ORDER BY person_id FOR NO KEY UPDATE",
        {"community": community_id, "people": [one for one in person_ids if one is not None]},
    )


async def take_one(session: WriteSession, community_id: str, person_id: UUID, *, now: datetime) -> bool:
    """Count one more task for somebody who claims it for themselves; False when their hands are full.

    Who takes no offers (a grid worker, an agency) has no limit.
    """
    rows = await session.direct(
        """
        WITH taken AS (
            UPDATE responder r SET live_load = live_load + 1,
                tasks_today = CASE WHEN tasks_day = (%(now)s AT TIME ZONE m.timezone)::date THEN tasks_today + 1 ELSE 1 END,
                tasks_day = (%(now)s AT TIME ZONE m.timezone)::date
            FROM community m WHERE m.community_id = %(community)s
            AND r.community_id = %(community)s AND r.person_id = %(person)s AND r.live_load < r.capacity
            RETURNING r.person_id
        )
        SELECT EXISTS (SELECT FROM taken) OR NOT EXISTS (
            SELECT FROM responder WHERE community_id = %(community)s AND person_id = %(person)s) AS free
        """,
        {"community": community_id, "person": person_id, "now": now},
    )
    return bool(rows[0].free)


async def free_one(session: WriteSession, community_id: str, person_id: UUID, *, now: datetime) -> None:
    """Count one task less; the rest after it begins."""
    await session.direct(
        "UPDATE responder SET live_load = live_load - 1, rested_since = %(now)s"
        " WHERE community_id = %(community)s AND person_id = %(person)s AND live_load > 0",
        {"community": community_id, "person": person_id, "now": now},
    )


async def live_offer_cases(session: ReadSession, community_id: str, person_id: UUID) -> list[UUID]:
    """Return the cases that are offered to somebody now."""
    rows = await session.direct(
        "SELECT case_id FROM offer WHERE community_id = %(community)s AND responder_id = %(person)s"
        " AND status = 'live' ORDER BY case_id",
        {"community": community_id, "person": person_id},
    )
    return [row.case_id for row in rows]
