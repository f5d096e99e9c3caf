"""Moving one report of a case into a case of its own again; nothing of a report is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.store.moments import MOMENT_COLUMNS, MOMENT_VALUES, Moments
from gis.store.session import ReadSession, WriteSession
from gis.store.similar import NUMBER
from gis.words import CaseFacts


@dataclass(frozen=True, slots=True)
class LinkedReport:
    """A report of a case, and how many there are in all."""

    report_id: UUID
    category: str
    reports: int


async def report_of_case(
    session: ReadSession, community_id: str, case_id: UUID, report_id: UUID
) -> LinkedReport | None:
    """Return a report if it belongs to a case."""
    rows = await session.direct(
        """
        SELECT r.report_id, r.category, (SELECT count(*) FROM report o
            WHERE o.community_id = r.community_id AND o.case_id = r.case_id) AS reports
        FROM report r
        WHERE r.community_id = %(community)s AND r.case_id = %(case)s AND r.report_id = %(report)s
        """,
        {"community": community_id, "case": case_id, "report": report_id},
    )
    return LinkedReport(*rows[0]) if rows else None


# What a case has from the report that opened it; a building or street that is gone since is left out.
_FROM_REPORT: LiteralString = """
    left(split_part(r.description, E'\\n', 1), 120) AS summary, r.place, coalesce(r.area_version, c.area_version) AS area_version,
    r.place #>> '{grid,code}' AS grid_code, r.place #>> '{micro_grid,code}' AS micro_grid_code,
    (SELECT b.building_id FROM building b WHERE b.community_id = r.community_id
     AND b.building_id = (r.place #>> '{building,id}')::uuid) AS building_id,
    (SELECT s.segment_id FROM street_segment s WHERE s.community_id = r.community_id
     AND s.segment_id = (r.place #>> '{street,id}')::uuid) AS segment_id,
    r.geom, r.reporter_id
"""
_SPLIT: LiteralString = f"""
WITH opened AS (
    INSERT INTO "case" (community_id, case_id, category, status, urgent, summary, place, area_version, grid_code,
        micro_grid_code, building_id, segment_id, geom, reporter_id, opened_at, {MOMENT_COLUMNS})
    SELECT f.community_id, %(new)s, f.category, 'open', %(urgent)s, f.summary, f.place, f.area_version, f.grid_code,
        f.micro_grid_code, f.building_id, f.segment_id, f.geom, f.reporter_id, %(now)s, {MOMENT_VALUES}
    FROM (SELECT r.community_id, r.category, {_FROM_REPORT} FROM report r JOIN "case" c
          ON c.community_id = r.community_id AND c.case_id = r.case_id
          WHERE r.community_id = %(community)s AND r.case_id = %(case)s AND r.report_id = %(report)s) f
    RETURNING community_id, number, opened_at
), told AS (
    INSERT INTO event (community_id, case_id, at, actor_id, verb, from_status, to_status, reason, data)
    SELECT %(community)s, e.case_id, %(now)s, %(actor)s, 'unlink', e.from_status, e.to_status, %(reason)s,
           jsonb_build_object('report_id', %(report)s::uuid, 'from_case', %(case)s::uuid, 'to_case', %(new)s::uuid)
    FROM opened CROSS JOIN (VALUES (1, %(case)s::uuid, %(status)s, %(status)s), (2, %(new)s::uuid, NULL, 'open'))
         AS e(place, case_id, from_status, to_status) ORDER BY e.place
)
SELECT {NUMBER} AS number FROM opened c JOIN community m ON m.community_id = c.community_id
"""  # noqa: S608 - only constants are joined
MOVE: LiteralString = """
WITH moved AS (
    UPDATE report SET case_id = %(to)s, filed_case_id = coalesce(filed_case_id, case_id)
    WHERE community_id = %(community)s AND case_id = %(case)s
    AND (%(report)s::uuid IS NULL OR report_id = %(report)s) RETURNING report_id
), carried AS (
    UPDATE photo SET case_id = %(to)s
    WHERE community_id = %(community)s AND report_id IN (SELECT report_id FROM moved)
)
SELECT report_id FROM moved ORDER BY report_id
"""
# A case stands where the first of its reports puts it: when that one has gone, the next one says where and what.
_STAND: LiteralString = f"""
UPDATE "case" c SET summary = f.summary, place = f.place, area_version = f.area_version, grid_code = f.grid_code,
    micro_grid_code = f.micro_grid_code, building_id = f.building_id, segment_id = f.segment_id, geom = f.geom,
    reporter_id = f.reporter_id
FROM (SELECT {_FROM_REPORT} FROM report r JOIN "case" c ON c.community_id = r.community_id AND c.case_id = r.case_id
      WHERE r.community_id = %(community)s AND r.case_id = %(case)s ORDER BY r.received_at, r.report_id LIMIT 1) f,
     report gone
WHERE c.community_id = %(community)s AND c.case_id = %(case)s
AND gone.community_id = %(community)s AND gone.report_id = %(report)s
AND gone.reporter_id = c.reporter_id AND st_equals(gone.geom, c.geom)
"""  # noqa: S608 - only constants are joined


@dataclass(frozen=True, slots=True)
class Split:
    """A case of its own for a report that was linked to another."""

    case_id: UUID
    urgent: bool
    moments: Moments


async def split(
    session: WriteSession,
    community_id: str,
    facts: CaseFacts,
    report_id: UUID,
    new: Split,
    *,
    actor_id: UUID,
    reason: str,
    now: datetime,
) -> str:
    """Give a report a case of its own where it was snapped to, with its photos, and tell of it on both.

    Parameters
    ----------
    session, community_id
        Where.
    facts, report_id
        The case, which the caller holds, and one of its reports.
    new
        The case to be.
    actor_id, reason, now
        For the events.

    Returns
    -------
    str
        The new case's number.
    """
    parameters: dict[str, Any] = {
        "community": community_id,
        "case": facts.case_id,
        "report": report_id,
        "new": new.case_id,
        "to": new.case_id,
        "urgent": new.urgent,
        **new.moments,
        "status": facts.status.value,
        "actor": actor_id,
        "reason": reason,
        "now": now,
    }
    (opened,) = await session.direct(_SPLIT, parameters)
    await session.direct(MOVE, parameters)
    await session.direct(_STAND, parameters)
    return str(opened.number)


async def case_of_number(session: ReadSession, community_id: str, number: str) -> UUID | None:
    """Return the case that people call by a number, ``20251121-00042``."""
    serial = number.rpartition("-")[2]
    if not serial.isdecimal() or len(serial) > 15:  # noqa: PLR2004 - digits of a bigint
        return None
    rows = await session.direct(
        f"""
        SELECT c.case_id FROM "case" c JOIN community m ON m.community_id = c.community_id
        WHERE c.community_id = %(community)s AND c.number = %(serial)s AND {NUMBER} = %(number)s
        """,  # noqa: S608 - only constants are joined
        {"community": community_id, "serial": int(serial), "number": number},
    )
    return rows[0].case_id if rows else None
