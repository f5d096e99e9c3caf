"""Writing visits and the problems found on them; entries are appended, a problem changes under its revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class NewVisit:
    """An entry of the watch log that is written."""

    visit_id: UUID
    kind: str
    outcome: str
    person_id: UUID
    visited_at: datetime
    recorded_at: datetime
    building_id: UUID | None
    household_id: UUID | None
    flat: str
    words: str
    checks: Mapping[str, str]
    answers: Mapping[str, str]
    campaign_id: UUID | None
    round_id: UUID | None
    place_text: str
    grid_code: str | None
    micro_grid_code: str | None
    segment_id: UUID | None
    lon: float | None
    lat: float | None
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class NewFinding:
    """A problem that is written down."""

    finding_id: UUID
    visit_id: UUID | None
    n: int
    campaign_id: UUID | None
    item_id: UUID | None
    category: str
    words: str
    state: str
    answer: str
    answered_at: datetime | None
    answered_by: UUID | None
    found_by: UUID
    found_at: datetime
    recorded_at: datetime
    building_id: UUID | None
    flat: str
    place_text: str
    grid_code: str | None
    micro_grid_code: str | None
    lon: float | None
    lat: float | None
    transferred_to: str = ""
    import_key: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is there under the id of a visit."""

    person_id: UUID
    body_hash: bytes


async def kept(session: ReadSession, community_id: str, visit_id: UUID) -> Kept | None:
    """Return what tells a repeat from another visit, or None where there is none."""
    rows = await session.direct(
        "SELECT person_id, body_hash FROM visit WHERE community_id = %(community)s AND visit_id = %(id)s",
        {"community": community_id, "id": visit_id},
    )
    return Kept(rows[0].person_id, bytes(rows[0].body_hash)) if rows else None


async def add_visit(session: WriteSession, community_id: str, new: NewVisit) -> bool:
    """Store a visit; False when its id is there already."""
    values = {name: getattr(new, name) for name in NewVisit.__slots__}
    rows = await session.direct(
        """
        INSERT INTO visit (community_id, visit_id, kind, outcome, person_id, visited_at, recorded_at, building_id,
            household_id, flat, words, checks, answers, campaign_id, round_id, place_text, grid_code, micro_grid_code,
            segment_id, geom, body_hash)
        VALUES (%(community)s, %(visit_id)s, %(kind)s, %(outcome)s, %(person_id)s, %(visited_at)s, %(recorded_at)s,
            %(building_id)s, %(household_id)s, %(flat)s, %(words)s, %(checks)s, %(answers)s, %(campaign_id)s,
            %(round_id)s, %(place_text)s, %(grid_code)s, %(micro_grid_code)s, %(segment_id)s,
            st_setsrid(st_makepoint(%(lon)s, %(lat)s), 4326), %(body_hash)s)
        ON CONFLICT (community_id, visit_id) DO NOTHING RETURNING visit_id
        """,
        values
        | {"community": community_id, "checks": Jsonb(dict(new.checks)), "answers": Jsonb(dict(new.answers))},
    )
    return bool(rows)


async def add_findings(session: WriteSession, community_id: str, found: Sequence[NewFinding]) -> int:
    """Store problems that aren't there yet; return how many were new."""
    if not found:
        return 0
    columns = {name: [getattr(one, name) for one in found] for name in NewFinding.__slots__}
    rows = await session.direct(
        """
        INSERT INTO finding (community_id, finding_id, visit_id, n, campaign_id, item_id, category, words, state, answer,
            answered_at, answered_by, found_by, found_at, recorded_at, building_id, flat, place_text, grid_code,
            micro_grid_code, geom, transferred_to, import_key)
        SELECT %(community)s, f.finding_id, f.visit_id, f.n, f.campaign_id, f.item_id, f.category, f.words, f.state, f.answer,
               f.answered_at, f.answered_by, f.found_by, f.found_at, f.recorded_at, f.building_id, f.flat, f.place_text,
               f.grid_code, f.micro_grid_code, st_setsrid(st_makepoint(f.lon, f.lat), 4326), f.transferred_to,
               f.import_key
        FROM unnest(%(finding_id)s::uuid[], %(visit_id)s::uuid[], %(n)s::smallint[], %(campaign_id)s::uuid[], %(item_id)s::uuid[],
            %(category)s::text[], %(words)s::text[], %(state)s::text[], %(answer)s::text[],
            %(answered_at)s::timestamptz[], %(answered_by)s::uuid[], %(found_by)s::uuid[], %(found_at)s::timestamptz[],
            %(recorded_at)s::timestamptz[], %(building_id)s::uuid[], %(flat)s::text[], %(place_text)s::text[],
            %(grid_code)s::text[], %(micro_grid_code)s::text[], %(lon)s::float8[], %(lat)s::float8[],
            %(transferred_to)s::text[], %(import_key)s::text[])
            AS f(finding_id, visit_id, n, campaign_id, item_id, category, words, state, answer, answered_at, answered_by,
                 found_by, found_at, recorded_at, building_id, flat, place_text, grid_code, micro_grid_code, lon, lat,
                 transferred_to, import_key)
        ON CONFLICT DO NOTHING RETURNING finding_id
        """,
        columns | {"community": community_id},
    )
    return len(rows)


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """A problem as it is acted on."""

    finding_id: UUID
    visit_id: UUID | None
    campaign_id: UUID | None
    category: str
    words: str
    state: str
    answered_at: datetime | None
    case_id: UUID | None
    building_id: UUID | None
    flat: str
    grid_code: str | None
    micro_grid_code: str | None
    lon: float | None
    lat: float | None
    revision: int


async def lock_finding(session: WriteSession, community_id: str, finding_id: UUID) -> FindingFacts | None:
    """Return a problem and keep others from acting on it until the transaction ends."""
    rows = await session.direct(
        """
        SELECT finding_id, visit_id, campaign_id, category, words, state, answered_at, case_id, building_id, flat,
               grid_code, micro_grid_code, st_x(geom) AS lon, st_y(geom) AS lat, revision
        FROM finding WHERE community_id = %(community)s AND finding_id = %(id)s FOR NO KEY UPDATE
        """,
        {"community": community_id, "id": finding_id},
    )
    return FindingFacts(*rows[0]) if rows else None


async def change_finding(
    session: WriteSession, community_id: str, facts: FindingFacts, columns: Mapping[str, Any]
) -> bool:
    """Change a problem as it was read; False when somebody else was first.

    Parameters
    ----------
    session, community_id, facts
        Which, as it was read.
    columns
        Some of state, answer, answered_at, answered_by, case_id, transferred_to.
    """
    given = {
        name: columns.get(name)
        for name in ("state", "answer", "answered_at", "answered_by", "case_id", "transferred_to")
    }
    rows = await session.direct(
        """
        UPDATE finding SET state = coalesce(%(state)s, state), answer = coalesce(%(answer)s, answer),
            answered_at = coalesce(%(answered_at)s, answered_at), answered_by = coalesce(%(answered_by)s, answered_by),
            case_id = coalesce(%(case_id)s, case_id), transferred_to = coalesce(%(transferred_to)s, transferred_to),
            revision = revision + 1
        WHERE community_id = %(community)s AND finding_id = %(id)s AND revision = %(revision)s RETURNING finding_id
        """,
        given | {"community": community_id, "id": facts.finding_id, "revision": facts.revision},
    )
    return bool(rows)


async def import_keys(session: ReadSession, community_id: str, campaign_id: UUID) -> frozenset[str]:
    """Return the lines of sheets that a campaign has already."""
    rows = await session.direct(
        "SELECT import_key FROM finding WHERE community_id = %(community)s AND campaign_id = %(campaign)s"
        " AND import_key IS NOT NULL",
        {"community": community_id, "campaign": campaign_id},
    )
    return frozenset(row.import_key for row in rows)


async def visited_segments(
    session: ReadSession, community_id: str, since: datetime, before: datetime | None = None
) -> dict[UUID, int]:
    """Return how many visits there were at each street in a time; those without any are missing."""
    rows = await session.direct(
        "SELECT segment_id, count(*) AS n FROM visit WHERE community_id = %(community)s AND segment_id IS NOT NULL"
        " AND visited_at >= %(since)s AND (%(before)s::timestamptz IS NULL OR visited_at < %(before)s)"
        " GROUP BY segment_id",
        {"community": community_id, "since": since, "before": before},
    )
    return {row.segment_id: int(row.n) for row in rows}
