"""Reading the watch log and the problems found, inside what a reader looks after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.store.session import ReadSession
from gis.words import COUNTED_TO


@dataclass(frozen=True, slots=True)
class Reach:
    """Which places somebody looks after: everything, or these grids and micro-grids."""

    community_id: str
    everything: bool = False
    grids: frozenset[str] = field(default_factory=frozenset)
    cells: frozenset[str] = field(default_factory=frozenset)

    @property
    def parameters(self) -> dict[str, Any]:
        """For statements."""
        return {
            "community": self.community_id,
            "everything": self.everything,
            "grids": sorted(self.grids),
            "cells": sorted(self.cells),
        }


@dataclass(frozen=True, slots=True)
class VisitFilters:
    """Which entries of the log; None: whatever."""

    visit_id: UUID | None = None
    person_id: UUID | None = None
    building_id: UUID | None = None
    grid: str | None = None
    campaign_id: UUID | None = None
    kind: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class VisitRow:
    """An entry of the watch log."""

    visit_id: UUID
    kind: str
    outcome: str
    person_id: UUID
    person_name: str
    visited_at: datetime
    building_id: UUID | None
    household_id: UUID | None
    flat: str
    words: str
    checks: Mapping[str, str]
    answers: Mapping[str, str]
    campaign_id: UUID | None
    campaign_name: str | None
    campaign_name_en: str | None
    place_text: str
    grid_code: str | None
    micro_grid_code: str | None
    lon: float
    lat: float


_VISITS: LiteralString = """
    v.community_id = %(community)s
    AND (%(everything)s OR v.grid_code = ANY(%(grids)s::text[]) OR v.micro_grid_code = ANY(%(cells)s::text[]))
    AND (%(visit_id)s::uuid IS NULL OR v.visit_id = %(visit_id)s)
    AND (%(person_id)s::uuid IS NULL OR v.person_id = %(person_id)s)
    AND (%(building_id)s::uuid IS NULL OR v.building_id = %(building_id)s)
    AND (%(grid)s::text IS NULL OR v.grid_code = %(grid)s)
    AND (%(campaign_id)s::uuid IS NULL OR v.campaign_id = %(campaign_id)s)
    AND (%(kind)s::text IS NULL OR v.kind = %(kind)s)
    AND (%(outcome)s::text IS NULL OR v.outcome = %(outcome)s)
    AND (%(since)s::timestamptz IS NULL OR v.visited_at >= %(since)s)
    AND (%(before)s::timestamptz IS NULL OR v.visited_at < %(before)s)
"""


async def visit_rows(
    session: ReadSession,
    reach: Reach,
    filters: VisitFilters,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[VisitRow]:
    """Return entries, the newest first.

    Parameters
    ----------
    session, reach, filters
        Which.
    after
        When the last one already seen was, and which it was.
    limit
        How many at most.
    """
    rows = await session.direct(
        f"""
        SELECT v.visit_id, v.kind, v.outcome, v.person_id, p.name AS person_name, v.visited_at, v.building_id,
               v.household_id, v.flat, v.words, v.checks, v.answers, v.campaign_id, c.name AS campaign_name,
               c.name_en AS campaign_name_en, v.place_text, v.grid_code, v.micro_grid_code, st_x(v.geom) AS lon, st_y(v.geom) AS lat
        FROM visit v JOIN person p ON p.community_id = v.community_id AND p.person_id = v.person_id
        LEFT JOIN campaign c ON c.community_id = v.community_id AND c.campaign_id = v.campaign_id
        WHERE {_VISITS}
          AND (%(at)s::timestamptz IS NULL OR (v.visited_at, v.visit_id) < (%(at)s::timestamptz, %(last)s::uuid))
        ORDER BY v.visited_at DESC, v.visit_id DESC LIMIT %(limit)s
        """,  # noqa: S608 - only constants are joined
        _parameters(reach, filters)
        | {"at": after[0] if after else None, "last": after[1] if after else None, "limit": limit},
    )
    return [VisitRow(*row) for row in rows]


async def visit_count(session: ReadSession, reach: Reach, filters: VisitFilters) -> int:
    """Return how many entries pass, ``COUNTED_TO`` at most."""
    rows = await session.direct(
        f"SELECT count(*) AS n FROM (SELECT 1 FROM visit v WHERE {_VISITS} LIMIT %(most)s) AS first",  # noqa: S608 - only constants are joined
        _parameters(reach, filters) | {"most": COUNTED_TO},
    )
    return int(rows[0].n)


@dataclass(frozen=True, slots=True)
class FindingFilters:
    """Which problems; None: whatever."""

    finding_id: UUID | None = None
    visit_ids: Sequence[UUID] | None = None
    case_id: UUID | None = None
    campaign_id: UUID | None = None
    building_id: UUID | None = None
    grid: str | None = None
    category: str | None = None
    state: str | None = None
    unanswered: bool = False
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A problem with the case that it has become."""

    finding_id: UUID
    visit_id: UUID | None
    n: int
    campaign_id: UUID | None
    campaign_name: str | None
    campaign_name_en: str | None
    item_id: UUID | None
    category: str
    words: str
    state: str
    transferred_to: str
    answer: str
    answered_at: datetime | None
    answered_by_name: str | None
    found_by: UUID
    found_by_name: str
    found_at: datetime
    building_id: UUID | None
    flat: str
    place_text: str
    grid_code: str | None
    micro_grid_code: str | None
    lon: float | None
    lat: float | None
    case_id: UUID | None
    case_status: str | None
    closed_at: datetime | None

    @property
    def is_answered(self) -> bool:
        """Whether it has an answer: one that was given, or a case that is closed."""
        return self.answered_at is not None or self.case_status == "closed"


_FINDINGS: LiteralString = """
    f.community_id = %(community)s
    AND (%(everything)s OR f.grid_code = ANY(%(grids)s::text[]) OR f.micro_grid_code = ANY(%(cells)s::text[]))
    AND (%(finding_id)s::uuid IS NULL OR f.finding_id = %(finding_id)s)
    AND (%(visit_ids)s::uuid[] IS NULL OR f.visit_id = ANY(%(visit_ids)s))
    AND (%(case_id)s::uuid IS NULL OR f.case_id = %(case_id)s)
    AND (%(campaign_id)s::uuid IS NULL OR f.campaign_id = %(campaign_id)s)
    AND (%(building_id)s::uuid IS NULL OR f.building_id = %(building_id)s)
    AND (%(grid)s::text IS NULL OR f.grid_code = %(grid)s)
    AND (%(category)s::text IS NULL OR f.category = %(category)s)
    AND (%(state)s::text IS NULL OR f.state = %(state)s)
    AND (NOT %(unanswered)s OR (f.answered_at IS NULL AND c.status IS DISTINCT FROM 'closed'))
    AND (%(since)s::timestamptz IS NULL OR f.found_at >= %(since)s)
    AND (%(before)s::timestamptz IS NULL OR f.found_at < %(before)s)
"""


async def finding_rows(
    session: ReadSession,
    reach: Reach,
    filters: FindingFilters,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[FindingRow]:
    """Return problems, the newest first.

    Parameters
    ----------
    session, reach, filters, after, limit
        As for ``visit_rows``.
    """
    rows = await session.direct(
        f"""
        SELECT f.finding_id, f.visit_id, f.n, f.campaign_id, m.name AS campaign_name, m.name_en AS campaign_name_en, f.item_id, f.category,
               f.words, f.state, f.transferred_to, f.answer, f.answered_at, a.name AS answered_by_name, f.found_by, p.name AS found_by_name,
               f.found_at, f.building_id, f.flat, f.place_text, f.grid_code, f.micro_grid_code, st_x(f.geom) AS lon,
               st_y(f.geom) AS lat, f.case_id, c.status AS case_status, c.closed_at
        FROM finding f JOIN person p ON p.community_id = f.community_id AND p.person_id = f.found_by
        LEFT JOIN person a ON a.community_id = f.community_id AND a.person_id = f.answered_by
        LEFT JOIN campaign m ON m.community_id = f.community_id AND m.campaign_id = f.campaign_id
        LEFT JOIN "case" c ON c.community_id = f.community_id AND c.case_id = f.case_id
        WHERE {_FINDINGS}
          AND (%(at)s::timestamptz IS NULL OR (f.found_at, f.finding_id) < (%(at)s::timestamptz, %(last)s::uuid))
        ORDER BY f.found_at DESC, f.finding_id DESC LIMIT %(limit)s
        """,  # noqa: S608 - only constants are joined
        _parameters(reach, filters)
        | {"at": after[0] if after else None, "last": after[1] if after else None, "limit": limit},
    )
    return [FindingRow(*row) for row in rows]


async def finding_count(session: ReadSession, reach: Reach, filters: FindingFilters) -> int:
    """Return how many problems pass, ``COUNTED_TO`` at most."""
    rows = await session.direct(
        f"""
        SELECT count(*) AS n FROM (
            SELECT 1 FROM finding f
            LEFT JOIN "case" c ON c.community_id = f.community_id AND c.case_id = f.case_id
            WHERE {_FINDINGS} LIMIT %(most)s) AS first
        """,  # noqa: S608 - only constants are joined
        _parameters(reach, filters) | {"most": COUNTED_TO},
    )
    return int(rows[0].n)


def _parameters(reach: Reach, filters: VisitFilters | FindingFilters) -> dict[str, Any]:
    own = {name: getattr(filters, name) for name in filters.__slots__}
    if isinstance(filters, FindingFilters) and filters.visit_ids is not None:
        own["visit_ids"] = list(filters.visit_ids)
    return reach.parameters | own
