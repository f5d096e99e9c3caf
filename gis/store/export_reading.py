"""Rows for files: codes and figures with the geometry as WKB (EPSG:4326), read batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, select, text, tuple_

from gis.store.case_reading import CaseFilters, narrowed, number_text
from gis.store.map_layers import AreaFilter
from gis.store.session import ReadSession
from gis.store.tables import building, case, community, person, report, station, station_care
from gis.words import Scope

Rows = Sequence[Sequence[Any]]
CASE_KEYS = (
    "id",
    "number",
    "category",
    "status",
    "urgent",
    "summary",
    "grid",
    "micro_grid",
    "courtyard",
    "building",
    "street",
    "opened_at",
    "answered_at",
    "arrived_at",
    "done_at",
    "closed_at",
    "answer_due_at",
    "resolve_due_at",
    "escalation",
    "reopened",
    "reports",
    "agency",
    "assignee",
)
AREA_KEYS = ("level", "code", "name", "name_en", "parent", "households")
STREET_KEYS = (
    "rank",
    "name",
    "name_en",
    "between",
    "length_m",
    "cases",
    "reports",
    "cases_per_100m",
    "rate",
    "rate_low",
    "rate_high",
    "enough_data",
    "trend",
    "hot",
)
STATION_KEYS = ("code", "name", "name_en", "amenities", "opening_hours")
BUILDING_KEYS = ("id", "label", "name", "name_en", "kind", "levels", "flats")


async def case_rows_of(
    session: ReadSession,
    scope: Scope,
    filters: CaseFilters,
    *,
    limit: int,
    after: tuple[datetime, UUID] | None = None,
) -> Rows:
    """Return ``CASE_KEYS`` and the geometry of cases, the newest first; ``after`` names the last one already read."""
    c, place = case.c, case.c.place
    reports = (
        select(func.count())
        .where(report.c.community_id == c.community_id, report.c.case_id == c.case_id)
        .scalar_subquery()
    )
    statement = (
        select(
            c.case_id,
            number_text(c.opened_at, c.number),
            c.category,
            c.status,
            c.urgent,
            c.summary,
            c.grid_code,
            c.micro_grid_code,
            place["courtyard"]["name"].astext,
            place["building"]["name"].astext,
            place["street"]["name"].astext,
            c.opened_at,
            c.answered_at,
            c.arrived_at,
            c.done_at,
            c.closed_at,
            c.answer_due_at,
            c.resolve_due_at,
            c.escalation,
            c.reopened,
            reports,
            c.agency_code,
            person.c.name,
            func.st_asbinary(c.geom),
        )
        .join(community, community.c.community_id == c.community_id)
        .outerjoin(person, and_(person.c.community_id == c.community_id, person.c.person_id == c.assignee_id))
        .where(narrowed(scope, filters))
        .order_by(c.opened_at.desc(), c.case_id.desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(tuple_(c.opened_at, c.case_id) < tuple_(*map(literal, after)))
    return await session.rows(statement)


async def area_rows_of(session: ReadSession, community_id: str, level: str, wanted: AreaFilter) -> Rows:
    """Return ``AREA_KEYS`` and the geometry of the areas of one level in the version in force."""
    return await session.rows(
        text(
            """
            SELECT t.level, t.code, t.name, t.name_en, t.parent_code, t.households, st_asbinary(t.geom)
            FROM area t JOIN community c ON c.community_id = t.community_id AND c.area_version = t.version
            WHERE t.community_id = :community AND t.level = :level
              AND (:everything OR t.code = ANY(:codes) OR t.parent_code = ANY(:parents)
                OR t.code IN (SELECT m.parent_code FROM area m WHERE m.community_id = t.community_id
                              AND m.version = t.version AND m.level = 'micro_grid' AND m.code = ANY(:children)))
            ORDER BY t.code
            """
        ),
        {
            "community": community_id,
            "level": level,
            "everything": wanted.everything,
            "codes": list(wanted.codes),
            "parents": list(wanted.parents),
            "children": list(wanted.children),
        },
    )


async def station_rows_of(session: ReadSession, community_id: str) -> Rows:
    """Return ``STATION_KEYS`` and the geometry of the stations."""
    s, k = station.c, station_care.c
    return await session.rows(
        select(
            s.code,
            s.name,
            s.name_en,
            func.array_to_string(func.coalesce(k.amenities, s.amenities), ","),
            func.coalesce(k.opening_hours, s.opening_hours),
            func.st_asbinary(s.geom),
        )
        .select_from(station)
        .outerjoin(station_care, and_(k.community_id == s.community_id, k.code == s.code))
        .where(s.community_id == community_id)
        .order_by(s.code)
    )


async def building_rows_of(session: ReadSession, community_id: str) -> Rows:
    """Return ``BUILDING_KEYS`` and the geometry of the buildings."""
    b = building.c
    return await session.rows(
        select(
            b.building_id,
            func.coalesce(func.nullif(b.street.concat(b.housenumber), ""), b.name),
            b.name,
            b.name_en,
            b.kind,
            b.levels,
            b.flats,
            func.st_asbinary(func.st_multi(b.geom)),
        )
        .where(b.community_id == community_id)
        .order_by(b.building_id)
    )
