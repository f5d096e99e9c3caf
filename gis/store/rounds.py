"""Planned rounds and their stops; and when somebody was last met behind each door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A planned round with how far it has come."""

    round_id: UUID
    person_id: UUID
    person_name: str
    campaign_id: UUID | None
    day: date
    name: str
    start_lon: float
    start_lat: float
    travel_s: float
    created_at: datetime
    stops: int
    done: int
    todo: int
    created_by: UUID
    created_by_name: str


@dataclass(frozen=True, slots=True)
class NewStop:
    """A stop that is planned."""

    building_id: UUID
    household_id: UUID | None
    flat: str
    label: str
    reason: str
    lon: float
    lat: float
    arrive_s: float


@dataclass(frozen=True, slots=True)
class StopRow:
    """A stop of a round."""

    n: int
    building_id: UUID | None
    household_id: UUID | None
    flat: str
    label: str
    reason: str
    lon: float
    lat: float
    arrive_s: float
    state: str
    visit_id: UUID | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Goer:
    """Somebody who may be sent round, with the codes of what they look after."""

    person_id: UUID
    username: str
    name: str
    areas: str


async def goers(
    session: ReadSession, community_id: str, grids: Sequence[str] | None, *, but: UUID
) -> list[Goer]:
    """Return the watchers and grid workers of some grids, in the order of their areas; None: of all grids."""
    rows = await session.direct(
        """
        SELECT p.person_id, p.username, p.name, string_agg(a.code, ' ' ORDER BY a.code) AS areas
        FROM person p JOIN person_area a ON a.community_id = p.community_id AND a.person_id = p.person_id
        WHERE p.community_id = %(community)s AND p.active AND p.role IN ('watcher', 'grid_worker')
          AND p.person_id <> %(but)s
          AND (%(grids)s::text[] IS NULL OR (a.level = 'grid' AND a.code = ANY(%(grids)s)) OR EXISTS (
              SELECT FROM area c JOIN community m ON m.community_id = c.community_id AND m.area_version = c.version
              WHERE c.community_id = a.community_id AND c.level = 'micro_grid' AND c.code = a.code
                AND a.level = 'micro_grid' AND c.parent_code = ANY(%(grids)s)))
        GROUP BY p.person_id, p.username, p.name ORDER BY min(a.code), p.username
        """,
        {"community": community_id, "grids": None if grids is None else list(grids), "but": but},
    )
    return [Goer(*row) for row in rows]


async def last_met(
    session: ReadSession, community_id: str, buildings: Sequence[UUID]
) -> list[tuple[UUID, UUID | None, str, datetime]]:
    """Return when somebody was last met behind each door of buildings: building, household, flat, when."""
    rows = await session.direct(
        """
        SELECT building_id, household_id, flat, max(visited_at) AS at FROM visit
        WHERE community_id = %(community)s AND building_id = ANY(%(buildings)s::uuid[]) AND outcome = 'done'
        GROUP BY building_id, household_id, flat
        """,
        {"community": community_id, "buildings": list(buildings)},
    )
    return [(row.building_id, row.household_id, row.flat, row.at) for row in rows]


async def add_round(
    session: WriteSession, community_id: str, row: RoundRow, stops: Sequence[NewStop]
) -> bool:
    """Store a round with its stops; False when its id is there already."""
    added = await session.direct(
        """
        INSERT INTO visit_round (community_id, round_id, person_id, campaign_id, day, name, start_lon, start_lat,
            travel_s, created_by, created_at)
        VALUES (%(community)s, %(round)s, %(person)s, %(campaign)s, %(day)s, %(name)s, %(lon)s, %(lat)s, %(travel_s)s,
            %(by)s, %(at)s)
        ON CONFLICT DO NOTHING RETURNING round_id
        """,
        {
            "community": community_id,
            "round": row.round_id,
            "person": row.person_id,
            "campaign": row.campaign_id,
            "day": row.day,
            "name": row.name,
            "lon": row.start_lon,
            "lat": row.start_lat,
            "travel_s": row.travel_s,
            "by": row.created_by,
            "at": row.created_at,
        },
    )
    if not added:
        return False
    await session.direct(
        """
        INSERT INTO round_stop (community_id, round_id, n, building_id, household_id, flat, label, reason, geom, arrive_s)
        SELECT %(community)s, %(round)s, s.n, s.building_id, s.household_id, s.flat, s.label, s.reason,
               st_setsrid(st_makepoint(s.lon, s.lat), 4326), s.arrive_s
        FROM unnest(%(buildings)s::uuid[], %(households)s::uuid[], %(flats)s::text[], %(labels)s::text[],
            %(reasons)s::text[], %(lons)s::float8[], %(lats)s::float8[], %(arrive)s::float8[])
            WITH ORDINALITY AS s(building_id, household_id, flat, label, reason, lon, lat, arrive_s, n)
        RETURNING n
        """,
        {
            "community": community_id,
            "round": row.round_id,
            "buildings": [one.building_id for one in stops],
            "households": [one.household_id for one in stops],
            "flats": [one.flat for one in stops],
            "labels": [one.label for one in stops],
            "reasons": [one.reason for one in stops],
            "lons": [one.lon for one in stops],
            "lats": [one.lat for one in stops],
            "arrive": [one.arrive_s for one in stops],
        },
    )
    return True


async def round_rows(
    session: ReadSession,
    community_id: str,
    person_id: UUID,
    *,
    round_id: UUID | None = None,
    since: date | None = None,
    limit: int = 30,
) -> list[RoundRow]:
    """Return the rounds that are somebody's, or that they planned for others, the latest first."""
    rows = await session.direct(
        """
        SELECT r.round_id, r.person_id, p.name AS person_name, r.campaign_id, r.day, r.name, r.start_lon, r.start_lat,
               r.travel_s, r.created_at, count(s.n) AS stops, count(s.n) FILTER (WHERE s.state = 'done') AS done,
               count(s.n) FILTER (WHERE s.state = 'todo') AS todo, r.created_by, b.name AS created_by_name
        FROM visit_round r JOIN person p ON p.community_id = r.community_id AND p.person_id = r.person_id
        JOIN person b ON b.community_id = r.community_id AND b.person_id = r.created_by
        LEFT JOIN round_stop s ON s.community_id = r.community_id AND s.round_id = r.round_id
        WHERE r.community_id = %(community)s AND %(person)s IN (r.person_id, r.created_by)
          AND (%(round)s::uuid IS NULL OR r.round_id = %(round)s) AND (%(since)s::date IS NULL OR r.day >= %(since)s)
        GROUP BY r.community_id, r.round_id, p.name, b.name ORDER BY r.day DESC, r.created_at DESC LIMIT %(limit)s
        """,
        {"community": community_id, "person": person_id, "round": round_id, "since": since, "limit": limit},
    )
    return [RoundRow(*row) for row in rows]


async def stop_rows(session: ReadSession, community_id: str, round_id: UUID) -> list[StopRow]:
    """Return the stops of a round in their order."""
    rows = await session.direct(
        """
        SELECT n, building_id, household_id, flat, label, reason, st_x(geom) AS lon, st_y(geom) AS lat, arrive_s, state,
               visit_id, at
        FROM round_stop WHERE community_id = %(community)s AND round_id = %(round)s ORDER BY n
        """,
        {"community": community_id, "round": round_id},
    )
    return [StopRow(*row) for row in rows]


async def tick(  # noqa: PLR0917 - which stop, and what became of it
    session: WriteSession,
    community_id: str,
    round_id: UUID,
    n: int,
    state: str,
    visit_id: UUID | None,
    at: datetime | None,
) -> bool:
    """Say what became of a stop; False where somebody was met there already."""
    rows = await session.direct(
        """
        UPDATE round_stop SET state = %(state)s, visit_id = coalesce(%(visit)s, visit_id), at = %(at)s
        WHERE community_id = %(community)s AND round_id = %(round)s AND n = %(n)s
          AND (state <> 'done' OR visit_id = %(visit)s) RETURNING n
        """,
        {"community": community_id, "round": round_id, "n": n, "state": state, "visit": visit_id, "at": at},
    )
    return bool(rows)
