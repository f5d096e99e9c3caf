"""Writing musters: who is called, what each answers; the muster's row is held, so that answers are counted one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from gis.store.certificates import SKILLS
from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class NewMuster:
    """A muster to be stored."""

    muster_id: UUID
    title: str
    case_id: UUID | None
    people: int
    vehicles: int
    skills: tuple[str, ...]
    off_duty: bool
    lon: float
    lat: float
    building_id: UUID | None
    place: Mapping[str, Any]
    place_text: str
    grid_code: str | None
    created_by: UUID
    created_at: datetime
    team_id: UUID | None = None
    """Only its members are called."""
    radius_m: float | None = None
    """How far off the first wave calls; None: everybody."""


@dataclass(frozen=True, slots=True)
class MusterFacts:
    """What is called for, and how far the calling has come."""

    muster_id: UUID
    title: str
    case_id: UUID | None
    people: int
    vehicles: int
    skills: Sequence[str]
    off_duty: bool
    status: str
    wave: int
    next_wave_at: datetime | None
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Muster(MusterFacts):
    """A muster, held until the transaction ends."""

    building_id: UUID | None
    grid_code: str | None
    created_by: UUID
    created_at: datetime
    team_id: UUID | None
    radius_m: float | None

    @property
    def wanted(self) -> dict[str, int]:
        """Return how many are wanted of each seat."""
        return {"person": self.people, "vehicle": self.vehicles}


@dataclass(frozen=True, slots=True)
class CallRow:
    """How one who was called stands."""

    person_id: UUID
    seat: str
    wave: int
    status: str


@dataclass(frozen=True, slots=True)
class Able:
    """Somebody who could be called, with their place."""

    person_id: UUID
    mode: str
    lon: float
    lat: float


async def add(session: WriteSession, community_id: str, new: NewMuster) -> bool:
    """Store a muster; False when there is one of this id."""
    rows = await session.direct(
        """
        INSERT INTO muster (community_id, muster_id, title, case_id, people, vehicles, skills, off_duty, geom,
                            building_id, place, place_text, grid_code, created_by, created_at, team_id, radius_m)
        VALUES (%(community)s, %(muster)s, %(title)s, %(case)s, %(people)s, %(vehicles)s, %(skills)s, %(off_duty)s,
                st_setsrid(st_makepoint(%(lon)s, %(lat)s), 4326), %(building)s, %(place)s, %(place_text)s, %(grid)s,
                %(by)s, %(now)s, %(team)s, %(radius)s)
        ON CONFLICT (community_id, muster_id) DO NOTHING RETURNING muster_id
        """,
        {
            "community": community_id,
            "muster": new.muster_id,
            "title": new.title,
            "case": new.case_id,
            "people": new.people,
            "vehicles": new.vehicles,
            "skills": list(new.skills),
            "off_duty": new.off_duty,
            "lon": new.lon,
            "lat": new.lat,
            "building": new.building_id,
            "place": Jsonb(dict(new.place)),
            "place_text": new.place_text,
            "grid": new.grid_code,
            "by": new.created_by,
            "now": new.created_at,
            "team": new.team_id,
            "radius": new.radius_m,
        },
    )
    return bool(rows)


async def lock(session: WriteSession, community_id: str, muster_id: UUID) -> Muster | None:
    """Return a muster and keep others from changing it, or its calls, until the transaction ends."""
    rows = await session.direct(
        """
        SELECT muster_id, title, case_id, people, vehicles, skills, off_duty, status, wave, next_wave_at,
               st_x(geom) AS lon, st_y(geom) AS lat, building_id, grid_code, created_by, created_at, team_id,
               radius_m
        FROM muster WHERE community_id = %(community)s AND muster_id = %(muster)s FOR NO KEY UPDATE
        """,
        {"community": community_id, "muster": muster_id},
    )
    return Muster(*rows[0]) if rows else None


async def calls(session: ReadSession, community_id: str, muster_id: UUID) -> list[CallRow]:
    """Return everybody who was called."""
    rows = await session.direct(
        "SELECT person_id, seat, wave, status FROM muster_call"
        " WHERE community_id = %(community)s AND muster_id = %(muster)s ORDER BY called_at, person_id",
        {"community": community_id, "muster": muster_id},
    )
    return [CallRow(*row) for row in rows]


async def hold_calling(session: WriteSession, community_id: str) -> None:
    """Keep other musters of a community from calling anybody until the transaction ends."""
    await session.direct(
        "SELECT FROM community WHERE community_id = %(community)s FOR NO KEY UPDATE",
        {"community": community_id},
    )


async def able(
    session: WriteSession, community_id: str, muster: Muster, *, now: datetime, fresh_s: float
) -> list[Able]:
    """Return who could be called, and keep other musters of the community from calling until the transaction ends.

    Parameters
    ----------
    session, community_id, muster
        For which muster: who is of its team, has one of its skills, is on duty (or is a watcher at home, where it calls those too),
        has a place, and is at no other muster.
    now, fresh_s
        Positions older than this aren't used.
    """
    await (
        session.direct(  # first the lock alone: what is read below is then read as it is after waiting for it
            "SELECT FROM community WHERE community_id = %(community)s FOR NO KEY UPDATE",
            {"community": community_id},
        )
    )
    rows = await session.direct(
        f"""
        SELECT r.person_id, r.mode, st_x(w.here) AS lon, st_y(w.here) AS lat
        FROM responder r
        JOIN person p ON p.community_id = r.community_id AND p.person_id = r.person_id AND p.active
        CROSS JOIN LATERAL (
            SELECT CASE WHEN r.position_at >= %(now)s - make_interval(secs => %(fresh)s) THEN r.geom ELSE r.home END AS here
        ) w
        WHERE r.community_id = %(community)s AND (r.on_duty OR %(off_duty)s) AND w.here IS NOT NULL
          AND (cardinality(%(skills)s::text[]) = 0 OR {SKILLS} && %(skills)s::text[])
          AND (%(team)s::uuid IS NULL OR EXISTS (
              SELECT FROM team_member t WHERE t.community_id = r.community_id AND t.team_id = %(team)s
              AND t.person_id = r.person_id))
          AND NOT EXISTS (
              SELECT FROM muster_call c WHERE c.community_id = r.community_id AND c.person_id = r.person_id
              AND c.status IN ('called', 'on_the_way', 'arrived'))
        ORDER BY r.person_id
        """,  # noqa: S608 - only constants are joined
        {
            "community": community_id,
            "now": now,
            "fresh": fresh_s,
            "off_duty": muster.off_duty,
            "skills": list(muster.skills),
            "team": muster.team_id,
        },
    )
    return [Able(*row) for row in rows]


async def call(
    session: WriteSession,
    community_id: str,
    muster_id: UUID,
    wave: int,
    people: Sequence[tuple[UUID, str, float, float]],
    *,
    now: datetime,
) -> None:
    """Store calls (person, seat, seconds, metres); who was stood down because there were enough is called again."""
    await session.direct(
        """
        INSERT INTO muster_call (community_id, muster_id, person_id, seat, wave, travel_s, distance_m, called_at)
        SELECT %(community)s, %(muster)s, c.person_id, c.seat, %(wave)s, c.travel_s, c.distance_m, %(now)s
        FROM unnest(%(people)s::uuid[], %(seats)s::text[], %(seconds)s::float8[], %(metres)s::float8[])
            AS c(person_id, seat, travel_s, distance_m)
        ON CONFLICT (community_id, muster_id, person_id) DO UPDATE SET seat = excluded.seat, wave = excluded.wave,
            status = 'called', travel_s = excluded.travel_s, distance_m = excluded.distance_m,
            called_at = excluded.called_at, answered_at = NULL, ended_at = NULL
        WHERE muster_call.status = 'stood_down'
        """,
        {
            "community": community_id,
            "muster": muster_id,
            "wave": wave,
            "now": now,
            "people": [one[0] for one in people],
            "seats": [one[1] for one in people],
            "seconds": [one[2] for one in people],
            "metres": [one[3] for one in people],
        },
    )


async def set_calls(
    session: WriteSession,
    community_id: str,
    muster_id: UUID,
    people: Sequence[UUID],
    status: str,
    *,
    now: datetime,
) -> None:
    """Change how some of those who were called stand; the muster is held by the caller."""
    await session.direct(
        """
        UPDATE muster_call SET status = %(status)s,
            answered_at = CASE WHEN %(status)s IN ('on_the_way', 'declined', 'arrived')
                               THEN coalesce(answered_at, %(now)s::timestamptz) ELSE answered_at END,
            arrived_at = CASE WHEN %(status)s = 'arrived' THEN %(now)s::timestamptz ELSE arrived_at END,
            ended_at = CASE WHEN %(status)s IN ('declined', 'stood_down', 'no_answer') THEN %(now)s::timestamptz END
        WHERE community_id = %(community)s AND muster_id = %(muster)s AND person_id = ANY(%(people)s::uuid[])
        """,
        {
            "community": community_id,
            "muster": muster_id,
            "people": list(people),
            "status": status,
            "now": now,
        },
    )


async def set_wave(
    session: WriteSession, community_id: str, muster_id: UUID, wave: int, next_wave_at: datetime | None
) -> None:
    """Remember which wave was called, and when more may be needed."""
    await session.direct(
        "UPDATE muster SET wave = %(wave)s, next_wave_at = %(next)s"
        " WHERE community_id = %(community)s AND muster_id = %(muster)s",
        {"community": community_id, "muster": muster_id, "wave": wave, "next": next_wave_at},
    )


async def end(session: WriteSession, community_id: str, muster_id: UUID, now: datetime) -> None:
    """Stand a muster down."""
    await session.direct(
        "UPDATE muster SET status = 'stood_down', stood_down_at = %(now)s, next_wave_at = NULL"
        " WHERE community_id = %(community)s AND muster_id = %(muster)s",
        {"community": community_id, "muster": muster_id, "now": now},
    )


async def tell(
    session: WriteSession,
    community_id: str,
    muster_id: UUID,
    verb: str,
    *,
    at: datetime,
    actor_id: UUID | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append what happened."""
    await session.direct(
        "INSERT INTO muster_event (community_id, muster_id, at, actor_id, verb, data)"
        " VALUES (%(community)s, %(muster)s, %(at)s, %(actor)s, %(verb)s, %(data)s)",
        {
            "community": community_id,
            "muster": muster_id,
            "at": at,
            "actor": actor_id,
            "verb": verb,
            "data": Jsonb(dict(data or {})),
        },
    )


async def late(session: ReadSession, before: datetime, limit: int) -> list[tuple[str, UUID]]:
    """Return musters whose next wave was due before a moment: its job was lost."""
    rows = await session.direct(
        "SELECT community_id, muster_id FROM muster WHERE status = 'calling' AND next_wave_at < %(before)s"
        " ORDER BY next_wave_at LIMIT %(limit)s",
        {"before": before, "limit": limit},
    )
    return [(row.community_id, row.muster_id) for row in rows]


async def elsewhere(session: WriteSession, community_id: str, person_id: UUID, muster_id: UUID) -> bool:
    """Tell whether somebody is called to, or at, another muster; none calls them until the transaction ends."""
    await hold_calling(session, community_id)
    rows = await session.direct(
        "SELECT 1 FROM muster_call WHERE community_id = %(community)s AND person_id = %(person)s"
        " AND muster_id <> %(muster)s AND status IN ('called', 'on_the_way', 'arrived') LIMIT 1",
        {"community": community_id, "person": person_id, "muster": muster_id},
    )
    return bool(rows)
