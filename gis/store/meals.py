"""Who eats when: subscriptions with their pauses. What is sealed is opened by the flows, for those who may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription; ``contact`` and ``diet`` are sealed, the place of the door is in degrees (EPSG:4326)."""

    subscription_id: UUID
    person_id: UUID | None
    resident_id: UUID | None
    contact: bytes
    diet: bytes | None
    birth_year: int | None
    building_id: UUID | None
    lon: float | None
    lat: float | None
    micro_grid_code: str | None
    servings: int
    weekdays: Sequence[int]
    way: str
    first_day: date
    last_day: date | None
    source: str
    consent_version: str | None
    consent_at: datetime | None
    revision: int
    created_by: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """Days of a subscription that were called off."""

    pause_id: UUID
    subscription_id: UUID
    first_day: date
    last_day: date


_COLUMNS: LiteralString = """
    s.subscription_id, s.person_id, s.resident_id, s.contact, s.diet, s.birth_year, s.building_id, st_x(s.geom) AS lon,
    st_y(s.geom) AS lat, s.micro_grid_code, s.servings, s.weekdays, s.way, s.first_day, s.last_day, s.source,
    s.consent_version, s.consent_at, s.revision, s.created_by, s.created_at
"""


def _subscription(row: Any) -> Subscription:
    values = row._asdict()
    values["contact"] = bytes(row.contact)
    values["diet"] = None if row.diet is None else bytes(row.diet)
    return Subscription(**{name: values[name] for name in Subscription.__slots__})


def _values(community_id: str, one: Subscription) -> dict[str, Any]:
    return {
        "community": community_id,
        "id": one.subscription_id,
        "person": one.person_id,
        "resident": one.resident_id,
        "contact": one.contact,
        "diet": one.diet,
        "birth_year": one.birth_year,
        "building": one.building_id,
        "lon": one.lon,
        "lat": one.lat,
        "micro_grid": one.micro_grid_code,
        "servings": one.servings,
        "weekdays": list(one.weekdays),
        "way": one.way,
        "first": one.first_day,
        "last": one.last_day,
        "source": one.source,
        "consent_version": one.consent_version,
        "consent_at": one.consent_at,
        "revision": one.revision,
        "by": one.created_by,
        "at": one.created_at,
    }


async def add(session: WriteSession, community_id: str, new: Subscription) -> bool:
    """Store a subscription; False when its id is there already."""
    rows = await session.direct(
        """
        INSERT INTO meal_subscription (community_id, subscription_id, person_id, resident_id, contact, diet, birth_year,
            building_id, geom, micro_grid_code, servings, weekdays, way, first_day, last_day, source, consent_version,
            consent_at, created_by, created_at)
        VALUES (%(community)s, %(id)s, %(person)s, %(resident)s, %(contact)s, %(diet)s, %(birth_year)s, %(building)s,
            st_setsrid(st_makepoint(%(lon)s, %(lat)s), 4326), %(micro_grid)s, %(servings)s, %(weekdays)s, %(way)s,
            %(first)s, %(last)s, %(source)s, %(consent_version)s, %(consent_at)s, %(by)s, %(at)s)
        ON CONFLICT (community_id, subscription_id) DO NOTHING RETURNING subscription_id
        """,
        _values(community_id, new),
    )
    return bool(rows)


async def change(session: WriteSession, community_id: str, changed: Subscription) -> bool:
    """Store a subscription over the revision that was read; False when somebody was faster."""
    rows = await session.direct(
        """
        UPDATE meal_subscription SET contact = %(contact)s, diet = %(diet)s, birth_year = %(birth_year)s,
            building_id = %(building)s, geom = st_setsrid(st_makepoint(%(lon)s, %(lat)s), 4326),
            micro_grid_code = %(micro_grid)s, servings = %(servings)s, weekdays = %(weekdays)s, way = %(way)s,
            first_day = %(first)s, last_day = %(last)s, consent_version = %(consent_version)s,
            consent_at = %(consent_at)s, revision = revision + 1
        WHERE community_id = %(community)s AND subscription_id = %(id)s AND revision = %(revision)s
          AND erased_at IS NULL RETURNING subscription_id
        """,
        _values(community_id, changed),
    )
    return bool(rows)


async def end(session: WriteSession, community_id: str, subscription_id: UUID, last_day: date) -> bool:
    """Let a subscription end with a day; False when it has ended by then, or there is none."""
    rows = await session.direct(
        "UPDATE meal_subscription SET last_day = greatest(%(last)s::date, first_day - 1), revision = revision + 1"
        " WHERE community_id = %(community)s AND subscription_id = %(id)s"
        " AND (last_day IS NULL OR last_day > %(last)s::date) RETURNING subscription_id",
        {"community": community_id, "id": subscription_id, "last": last_day},
    )
    return bool(rows)


async def erase(
    session: WriteSession, community_id: str, before: date, at: datetime, *, ids: Sequence[UUID] | None = None
) -> int:
    """Erase who ate and where they live of subscriptions that ended before a day; what was eaten stays counted.

    Parameters
    ----------
    session, community_id, before, at
        Which, and when.
    ids
        Only these.
    """
    rows = await session.direct(
        """
        UPDATE meal_subscription SET contact = NULL, diet = NULL, birth_year = NULL, building_id = NULL, geom = NULL,
            micro_grid_code = NULL, way = 'collect', person_id = NULL, resident_id = NULL, erased_at = %(at)s,
            revision = revision + 1
        WHERE community_id = %(community)s AND erased_at IS NULL AND last_day < %(before)s
          AND (%(ids)s::uuid[] IS NULL OR subscription_id = ANY(%(ids)s::uuid[])) RETURNING subscription_id
        """,
        {"community": community_id, "before": before, "at": at, "ids": None if ids is None else list(ids)},
    )
    return len(rows)


async def resident_there(session: ReadSession, community_id: str, resident_id: UUID) -> bool:
    """Tell whether there is a record of a resident that hasn't been erased."""
    rows = await session.direct(
        "SELECT 1 FROM resident WHERE community_id = %(community)s AND resident_id = %(resident)s AND erased_at IS NULL",
        {"community": community_id, "resident": resident_id},
    )
    return bool(rows)


async def find(session: ReadSession, community_id: str, subscription_id: UUID) -> Subscription | None:
    """Return a subscription, or None where there is none, or it was erased."""
    rows = await session.direct(
        f"SELECT {_COLUMNS} FROM meal_subscription s WHERE s.community_id = %(community)s"  # noqa: S608 - constants
        " AND s.subscription_id = %(id)s AND s.erased_at IS NULL",
        {"community": community_id, "id": subscription_id},
    )
    return _subscription(rows[0]) if rows else None


async def subscriptions(
    session: ReadSession,
    community_id: str,
    *,
    since: date,
    person_id: UUID | None = None,
    ids: Sequence[UUID] | None = None,
    limit: int = 1000,
) -> list[Subscription]:
    """Return subscriptions that don't end before a day, the newest first.

    Parameters
    ----------
    session, community_id
        Where.
    since
        Who has ended before is left out.
    person_id, ids
        Only those of an account; only these.
    limit
        How many at most.
    """
    rows = await session.direct(
        f"""
        SELECT {_COLUMNS} FROM meal_subscription s
        WHERE s.community_id = %(community)s AND s.erased_at IS NULL
          AND (s.last_day IS NULL OR s.last_day >= greatest(%(since)s::date, s.first_day))
          AND (%(person)s::uuid IS NULL OR s.person_id = %(person)s)
          AND (%(ids)s::uuid[] IS NULL OR s.subscription_id = ANY(%(ids)s::uuid[]))
        ORDER BY s.created_at DESC, s.subscription_id LIMIT %(limit)s
        """,  # noqa: S608 - only constants are joined
        {
            "community": community_id,
            "since": since,
            "person": person_id,
            "ids": None if ids is None else list(ids),
            "limit": limit,
        },
    )
    return [_subscription(row) for row in rows]


async def sealed_of(
    session: ReadSession, community_id: str, ids: Sequence[UUID]
) -> dict[UUID, tuple[bytes, bytes | None]]:
    """Return what is sealed of subscriptions: who and where, and what they may not eat."""
    rows = await session.direct(
        "SELECT subscription_id, contact, diet FROM meal_subscription WHERE community_id = %(community)s"
        " AND subscription_id = ANY(%(ids)s::uuid[]) AND erased_at IS NULL",
        {"community": community_id, "ids": list(ids)},
    )
    return {
        row.subscription_id: (bytes(row.contact), None if row.diet is None else bytes(row.diet))
        for row in rows
    }


async def add_pause(
    session: WriteSession, community_id: str, pause: Pause, *, by: UUID, at: datetime
) -> bool:
    """Call days off; False when the id is there already."""
    rows = await session.direct(
        """
        INSERT INTO meal_pause (community_id, pause_id, subscription_id, first_day, last_day, created_by, created_at)
        VALUES (%(community)s, %(pause)s, %(id)s, %(first)s, %(last)s, %(by)s, %(at)s)
        ON CONFLICT (community_id, pause_id) DO NOTHING RETURNING pause_id
        """,
        {
            "community": community_id,
            "pause": pause.pause_id,
            "id": pause.subscription_id,
            "first": pause.first_day,
            "last": pause.last_day,
            "by": by,
            "at": at,
        },
    )
    return bool(rows)


async def end_pause(
    session: WriteSession, community_id: str, subscription_id: UUID, pause_id: UUID, last_day: date
) -> bool:
    """Let a pause end with a day, or never be where it begins later; False when there is nothing to end."""
    key = {"community": community_id, "id": subscription_id, "pause": pause_id, "last": last_day}
    gone = await session.direct(
        "DELETE FROM meal_pause WHERE community_id = %(community)s AND subscription_id = %(id)s"
        " AND pause_id = %(pause)s AND first_day > %(last)s RETURNING pause_id",
        key,
    )
    cut = await session.direct(
        "UPDATE meal_pause SET last_day = %(last)s WHERE community_id = %(community)s AND subscription_id = %(id)s"
        " AND pause_id = %(pause)s AND first_day <= %(last)s AND last_day > %(last)s RETURNING pause_id",
        key,
    )
    return bool(gone or cut)


async def pauses_of(
    session: ReadSession, community_id: str, ids: Sequence[UUID], *, since: date
) -> list[Pause]:
    """Return what is called off of subscriptions from a day on, in the order of the days."""
    rows = await session.direct(
        "SELECT pause_id, subscription_id, first_day, last_day FROM meal_pause WHERE community_id = %(community)s"
        " AND subscription_id = ANY(%(ids)s::uuid[]) AND last_day >= %(since)s ORDER BY first_day, pause_id",
        {"community": community_id, "ids": list(ids), "since": since},
    )
    return [Pause(*row) for row in rows]


async def door_of(
    session: ReadSession, community_id: str, building_id: UUID, unit: str
) -> tuple[float, float] | None:
    """Return the place of a stairwell's door, of the building where that is unknown; None without such a building."""
    rows = await session.direct(
        """
        SELECT st_x(p.geom) AS lon, st_y(p.geom) AS lat FROM (
            SELECT coalesce((SELECT w.geom FROM stairwell w WHERE w.community_id = b.community_id
                             AND w.building_id = b.building_id AND w.unit = %(unit)s ORDER BY w.stairwell_id LIMIT 1),
                            st_pointonsurface(b.geom)) AS geom
            FROM building b WHERE b.community_id = %(community)s AND b.building_id = %(building)s) p
        """,
        {"community": community_id, "building": building_id, "unit": unit},
    )
    return (rows[0].lon, rows[0].lat) if rows else None
