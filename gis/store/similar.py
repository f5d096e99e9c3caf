"""Cases that a report may be about: found in a box around it, with all that the two are compared by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import orjson

from gis.store.session import ReadSession

LINKABLE = ["open", "offered", "accepted", "on_site", "referred"]
"""Statuses of a case that is not mended yet: reports may join it."""
_LINKABLE: LiteralString = (
    "('open', 'offered', 'accepted', 'on_site', 'referred')"  # as in the index ix_case_linkable
)

NUMBER: LiteralString = (
    "to_char(timezone(m.timezone, c.opened_at), 'YYYYMMDD') || '-'"
    " || lpad(c.number::text, greatest(5, length(c.number::text)), '0')"
)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A case nearby that may be about the same thing, as answered with a report."""

    case_id: UUID
    number: str
    distance_m: float
    score: float = 0.0
    linked: bool = False
    """Whether the report was linked to it."""
    building: dict[str, str] | None = None
    photo_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Nearby:
    """A case in the box around a report, the nearest first; how near and how alike is the caller's to say."""

    case_id: UUID
    number: str
    category: str
    status: str
    lon: float
    lat: float
    accuracy_m: float | None
    source: str
    opened_at: datetime
    mended_at: datetime | None
    building: dict[str, str] | None
    texts: Sequence[str]
    hashes: Sequence[str]
    photo_id: UUID | None
    mine: bool
    reports: int
    named: bool
    """Whether it is the one that the reporter named, or the one that took its reports over."""


_HERE: LiteralString = """
    c.community_id = %(community)s AND c.category = ANY(q.categories)
    AND c.geom && st_expand(st_setsrid(st_makepoint(q.lon, q.lat), 4326),
                            q.same_m / (100000.0 * cosd(q.lat) + 1), q.same_m / 100000.0)
"""
# Cases that a report is compared with, in the order of distance: all that is compared comes with them. Those that are
# live and those that were mended lately are found by an index each, in which a long history doesn't stand in the way.
# For each row of ``q``, which has the columns of ``NEAR_COLUMNS``.
NEAR: LiteralString = f"""
WITH boxed AS (
    SELECT c.case_id FROM (
        SELECT c.case_id, c.geom FROM "case" c WHERE {_HERE} AND c.status IN {_LINKABLE}
        UNION ALL
        SELECT c.case_id, c.geom FROM "case" c
        WHERE {_HERE} AND c.status IN ('done', 'closed') AND coalesce(c.done_at, c.closed_at) > q.since
    ) c
    ORDER BY power((st_x(c.geom) - q.lon) * cosd(q.lat), 2) + power(st_y(c.geom) - q.lat, 2), c.case_id LIMIT 12
),
named AS (
    SELECT coalesce(n.merged_into, n.case_id) AS case_id FROM "case" n
    WHERE n.community_id = %(community)s AND n.case_id = q.same_as
)
SELECT c.case_id, {NUMBER} AS number, c.category, c.status, st_x(c.geom) AS lon, st_y(c.geom) AS lat, c.opened_at,
       coalesce(c.done_at, c.closed_at) AS mended_at, told.accuracy_m, coalesce(told.source, 'pin') AS source,
       coalesce(told.texts, '{{}}') AS texts, coalesce(told.mine, false) AS mine, told.reports,
       picked.case_id IN (SELECT case_id FROM named) AS named,
       seen.hashes, seen.photo_id,
       CASE WHEN jsonb_typeof(c.place -> 'building') = 'object' THEN jsonb_build_object(
           'code', c.place #>> '{{building,code}}', 'name', c.place #>> '{{building,name}}') END AS building
FROM (SELECT case_id FROM boxed UNION SELECT case_id FROM named) picked
JOIN "case" c ON c.community_id = %(community)s AND c.case_id = picked.case_id
JOIN community m ON m.community_id = c.community_id
CROSS JOIN LATERAL (
    SELECT (array_agg(r.accuracy_m))[1] AS accuracy_m, (array_agg(r.position_source))[1] AS source,
           (array_agg(r.description))[:5] AS texts, bool_or(r.reporter_id = ANY(q.reporters)) AS mine,
           count(*) AS reports
    FROM (SELECT * FROM report r WHERE r.community_id = %(community)s AND r.case_id = c.case_id
          ORDER BY r.received_at, r.link_score NULLS FIRST) r
) told
CROSS JOIN LATERAL (
    SELECT coalesce((array_agg(p.perceptual_hash ORDER BY p.added_at, p.photo_id))[:9], '{{}}') AS hashes,
           (array_agg(p.photo_id ORDER BY p.added_at, p.photo_id))[1] AS photo_id
    FROM photo p WHERE p.community_id = %(community)s AND p.case_id = c.case_id AND p.kind = 'before'
) seen
"""  # noqa: S608 - only constants are joined
NEAR_COLUMNS: LiteralString = "lon float8, lat float8, categories text[], same_m float8, since timestamptz, same_as uuid, reporters uuid[]"
_NEARBY: LiteralString = f"""
SELECT coalesce(json_agg(n), '[]') AS near
FROM jsonb_to_record(%(asked)s::jsonb) AS q({NEAR_COLUMNS}) CROSS JOIN LATERAL ({NEAR}) n
"""  # noqa: S608 - only constants are joined


@dataclass(frozen=True, slots=True)
class Likeness:
    """Which cases a report is compared with: of these categories in a box of about so many metres around it."""

    categories: Sequence[str]
    same_m: float
    mended_since: datetime
    same_as: UUID | None = None


def likeness_json(person_id: UUID, lon: float, lat: float, likeness: Likeness) -> dict[str, Any]:
    """Return what ``NEAR`` is asked, by the names of its columns.

    Parameters
    ----------
    person_id
        Who asks: tells which of the cases they have reported.
    lon, lat
        The place, degrees, EPSG:4326.
    likeness
        Which cases.
    """
    return {
        "lon": lon,
        "lat": lat,
        "categories": likeness.categories,
        "same_m": likeness.same_m,
        "since": likeness.mended_since,
        "same_as": likeness.same_as,
        "reporters": [person_id],
    }


async def nearby_cases(
    session: ReadSession, community_id: str, person_id: UUID, *, lon: float, lat: float, likeness: Likeness
) -> list[Nearby]:
    """Return the cases around a place, without filing anything.

    Parameters
    ----------
    session, community_id
        Where.
    person_id, lon, lat, likeness
        As for ``likeness_json``.
    """
    asked = orjson.dumps(likeness_json(person_id, lon, lat, likeness)).decode()
    rows = await session.direct(_NEARBY, {"community": community_id, "asked": asked})
    return [nearby_of(one) for one in rows[0].near]


def duplicate_json(one: Duplicate) -> dict[str, Any]:
    """Return what is stored of a duplicate with a report."""
    found = {name: getattr(one, name) for name in Duplicate.__slots__}
    return found | {"case_id": str(one.case_id), "photo_id": str(one.photo_id) if one.photo_id else None}


def duplicates_of(stored: list[dict[str, Any]]) -> tuple[Duplicate, ...]:
    """Return the duplicates that were stored."""
    return tuple(
        Duplicate(**one | {"case_id": UUID(one["case_id"]), "photo_id": _uuid(one.get("photo_id"))})
        for one in stored
    )


def nearby_of(row: dict[str, Any]) -> Nearby:
    """Return a row of ``NEAR``."""
    changed = {"case_id": UUID(row["case_id"]), "photo_id": _uuid(row["photo_id"])}
    moments = {
        name: datetime.fromisoformat(row[name]) if row[name] else None for name in ("opened_at", "mended_at")
    }
    return Nearby(**row | changed | moments)


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
