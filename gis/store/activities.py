"""Writing activities: announced, signed up for, left, attended, cancelled; all under the activity's lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class NewActivity:
    """An activity that is announced."""

    activity_id: UUID
    kind: str
    title: str
    about: str
    place: str
    building_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    places: int
    hours: float
    team_id: UUID | None
    skill: str | None
    certificate: str | None
    valid_months: int | None
    created_by: UUID
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Activity(NewActivity):
    """An activity, held until the transaction ends."""

    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seat:
    """How somebody stands to an activity."""

    state: str
    turn: int
    attended_at: datetime | None
    service_id: UUID | None


_FIELDS = tuple(NewActivity.__dataclass_fields__)


async def add(session: WriteSession, community_id: str, new: NewActivity) -> bool:
    """Store an activity; False when its id is there already."""
    rows = await session.direct(
        """
        INSERT INTO activity (community_id, activity_id, kind, title, about, place, building_id, starts_at, ends_at,
            places, hours, team_id, skill, certificate, valid_months, created_by, created_at)
        VALUES (%(community)s, %(activity_id)s, %(kind)s, %(title)s, %(about)s, %(place)s, %(building_id)s, %(starts_at)s,
            %(ends_at)s, %(places)s, %(hours)s, %(team_id)s, %(skill)s, %(certificate)s, %(valid_months)s, %(created_by)s,
            %(created_at)s)
        ON CONFLICT (community_id, activity_id) DO NOTHING RETURNING activity_id
        """,
        {"community": community_id} | {name: getattr(new, name) for name in _FIELDS},
    )
    return bool(rows)


async def lock(session: WriteSession, community_id: str, activity_id: UUID) -> Activity | None:
    """Return an activity as it is now and keep others from taking its places until the transaction ends."""
    await session.direct(  # first the lock alone: what is read below is then read as it is after waiting for it
        "SELECT FROM activity WHERE community_id = %(community)s AND activity_id = %(activity)s FOR NO KEY UPDATE",
        {"community": community_id, "activity": activity_id},
    )
    rows = await session.direct(
        """
        SELECT activity_id, kind, title, about, place, building_id, starts_at, ends_at, places, hours, team_id, skill,
            certificate, valid_months, created_by, created_at, cancelled_at
        FROM activity WHERE community_id = %(community)s AND activity_id = %(activity)s
        """,
        {"community": community_id, "activity": activity_id},
    )
    return Activity(*rows[0]) if rows else None


async def seat(session: ReadSession, community_id: str, activity_id: UUID, person_id: UUID) -> Seat | None:
    """Return how somebody stands, None for who has never signed up."""
    rows = await session.direct(
        "SELECT state, turn, attended_at, service_id FROM activity_place WHERE community_id = %(community)s"
        " AND activity_id = %(activity)s AND person_id = %(person)s",
        {"community": community_id, "activity": activity_id, "person": person_id},
    )
    return Seat(*rows[0]) if rows else None


async def taken(session: ReadSession, community_id: str, activity_id: UUID) -> int:
    """Return how many places are taken."""
    rows = await session.direct(
        "SELECT count(*) AS n FROM activity_place WHERE community_id = %(community)s AND activity_id = %(activity)s"
        " AND state = 'booked'",
        {"community": community_id, "activity": activity_id},
    )
    return int(rows[0].n)


async def put(
    session: WriteSession,
    community_id: str,
    activity_id: UUID,
    person_id: UUID,
    *,
    state: str,
    now: datetime,
) -> None:
    """Give somebody a place, or one on the waiting list, behind all who came before."""
    await session.direct(
        """
        INSERT INTO activity_place (community_id, activity_id, person_id, state, turn, signed_at)
        SELECT %(community)s, %(activity)s, %(person)s, %(state)s, coalesce(max(p.turn), 0) + 1, %(now)s
        FROM activity_place p WHERE p.community_id = %(community)s AND p.activity_id = %(activity)s
        ON CONFLICT (community_id, activity_id, person_id)
            DO UPDATE SET state = excluded.state, turn = excluded.turn, signed_at = excluded.signed_at
        """,
        {
            "community": community_id,
            "activity": activity_id,
            "person": person_id,
            "state": state,
            "now": now,
        },
    )


async def drop(session: WriteSession, community_id: str, activity_id: UUID, person_id: UUID) -> bool:
    """Take somebody's place away; False when they have none."""
    rows = await session.direct(
        "UPDATE activity_place SET state = 'cancelled' WHERE community_id = %(community)s"
        " AND activity_id = %(activity)s AND person_id = %(person)s AND state <> 'cancelled' AND attended_at IS NULL"
        " RETURNING person_id",
        {"community": community_id, "activity": activity_id, "person": person_id},
    )
    return bool(rows)


async def promote(session: WriteSession, community_id: str, activity_id: UUID, places: int) -> list[UUID]:
    """Give who has waited longest the places that are free now, and return who they are."""
    if places <= 0:
        return []
    rows = await session.direct(
        """
        UPDATE activity_place p SET state = 'booked' FROM (
            SELECT person_id FROM activity_place WHERE community_id = %(community)s AND activity_id = %(activity)s
            AND state = 'waiting' ORDER BY turn LIMIT %(places)s) first
        WHERE p.community_id = %(community)s AND p.activity_id = %(activity)s AND p.person_id = first.person_id
        RETURNING p.person_id
        """,
        {"community": community_id, "activity": activity_id, "places": places},
    )
    return [row.person_id for row in rows]


async def attend(
    session: WriteSession,
    community_id: str,
    activity_id: UUID,
    person_id: UUID,
    *,
    how: str,
    attested_by: UUID,
    service_id: UUID | None,
    now: datetime,
) -> None:
    """Write down that somebody with a place was there."""
    await session.direct(
        "UPDATE activity_place SET attended_at = %(now)s, attended_by = %(how)s, attested_by = %(by)s,"
        " service_id = %(service)s WHERE community_id = %(community)s AND activity_id = %(activity)s"
        " AND person_id = %(person)s AND state = 'booked'",
        {
            "community": community_id,
            "activity": activity_id,
            "person": person_id,
            "how": how,
            "by": attested_by,
            "service": service_id,
            "now": now,
        },
    )


async def unattend(session: WriteSession, community_id: str, activity_id: UUID, person_id: UUID) -> None:
    """Take back that somebody was there; they keep their place."""
    await session.direct(
        "UPDATE activity_place SET attended_at = NULL, attended_by = NULL, attested_by = NULL, service_id = NULL"
        " WHERE community_id = %(community)s AND activity_id = %(activity)s AND person_id = %(person)s",
        {"community": community_id, "activity": activity_id, "person": person_id},
    )


async def change(
    session: WriteSession, community_id: str, activity_id: UUID, *, title: str, about: str, places: int
) -> None:
    """Change what an activity is called, says of itself, and how many places it has."""
    await session.direct(
        "UPDATE activity SET title = %(title)s, about = %(about)s, places = %(places)s"
        " WHERE community_id = %(community)s AND activity_id = %(activity)s",
        {
            "community": community_id,
            "activity": activity_id,
            "title": title,
            "about": about,
            "places": places,
        },
    )


async def move(
    session: WriteSession,
    community_id: str,
    activity_id: UUID,
    *,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
) -> None:
    """Have an activity held elsewhere or at another time; whoever was reminded of it will be once more."""
    await session.direct(
        "UPDATE activity SET place = %(place)s, starts_at = %(starts)s, ends_at = %(ends)s, building_id = NULL"
        " WHERE community_id = %(community)s AND activity_id = %(activity)s",
        {
            "community": community_id,
            "activity": activity_id,
            "place": place,
            "starts": starts_at,
            "ends": ends_at,
        },
    )


async def cancel(
    session: WriteSession, community_id: str, activity_id: UUID, *, by: UUID, reason: str, now: datetime
) -> None:
    """Cancel an activity."""
    await session.direct(
        "UPDATE activity SET cancelled_at = %(now)s, cancelled_by = %(by)s, reason = %(reason)s"
        " WHERE community_id = %(community)s AND activity_id = %(activity)s AND cancelled_at IS NULL",
        {"community": community_id, "activity": activity_id, "by": by, "reason": reason, "now": now},
    )


async def people_in(session: ReadSession, community_id: str, activity_id: UUID, *states: str) -> list[UUID]:
    """Return who has a place of certain states."""
    rows = await session.direct(
        "SELECT person_id FROM activity_place WHERE community_id = %(community)s AND activity_id = %(activity)s"
        " AND state = ANY(%(states)s::text[]) ORDER BY turn",
        {"community": community_id, "activity": activity_id, "states": list(states)},
    )
    return [row.person_id for row in rows]


async def to_remind(
    session: ReadSession, now: datetime, until: datetime, *, limit: int
) -> list[tuple[str, UUID]]:
    """Return activities of all communities that begin up to a moment and whose people haven't been reminded."""
    rows = await session.direct(
        "SELECT community_id, activity_id FROM activity WHERE reminded_at IS NULL AND cancelled_at IS NULL"
        " AND starts_at > %(now)s AND starts_at <= %(until)s ORDER BY starts_at LIMIT %(limit)s",
        {"now": now, "until": until, "limit": limit},
    )
    return [(row.community_id, row.activity_id) for row in rows]


async def reminded(session: WriteSession, community_id: str, activity_id: UUID, now: datetime) -> bool:
    """Remember that people were reminded; False when somebody else has done so."""
    rows = await session.direct(
        "UPDATE activity SET reminded_at = %(now)s WHERE community_id = %(community)s AND activity_id = %(activity)s"
        " AND reminded_at IS NULL RETURNING activity_id",
        {"community": community_id, "activity": activity_id, "now": now},
    )
    return bool(rows)
