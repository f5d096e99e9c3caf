"""Filing a report in two statements: one that looks everything up, one that writes everything.

The second writes nothing when the report is there already, or when other boundaries are in force than those the
position was snapped on; then the caller looks again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from gis.store.claims import CLAIM, Ask, Claimed, ask_parameters
from gis.store.jobs import ENQUEUE, Later, enqueue_parameters
from gis.store.moments import MOMENT_COLUMNS, MOMENT_VALUES, Moments
from gis.store.session import WriteSession
from gis.store.similar import (
    LINKABLE,
    NEAR,
    NUMBER,
    Duplicate,
    Likeness,
    Nearby,
    duplicate_json,
    duplicates_of,
    likeness_parameters,
    nearby_of,
)
from gis.store.singles import array_text
from gis.words import Place, Position


@dataclass(frozen=True, slots=True)
class Stored:
    """A report that is there already, as it was answered."""

    reporter_id: UUID
    body_hash: bytes
    case_id: UUID
    number: str
    place: Place
    duplicates: tuple[Duplicate, ...]
    offer: Claimed | None
    link_score: float | None


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known before a report is written."""

    area_version: int
    network_version: int
    stored: Stored | None
    nearby: tuple[Nearby, ...]
    """Open ones of the category and its relatives, those mended lately, and the one that was named."""


_LOOK: LiteralString = f"""
WITH {NEAR}
SELECT m.area_version, m.network_version, r.reporter_id, r.body_hash, c.case_id, {NUMBER} AS number, r.place, r.duplicates,
       r.link_score, o.offer_id, o.responder_id, p.name AS responder_name, o.travel_s, o.distance_m, o.expires_at,
       (SELECT coalesce(json_agg(n), '[]') FROM near n) AS near
FROM community m
LEFT JOIN report r ON r.community_id = m.community_id AND r.report_id = %(report)s
LEFT JOIN "case" c ON c.community_id = r.community_id AND c.case_id = coalesce(r.filed_case_id, r.case_id)
LEFT JOIN offer o ON o.community_id = c.community_id AND o.case_id = c.case_id AND o.offered_at = r.received_at
    AND r.link_score IS NULL
LEFT JOIN person p ON p.community_id = o.community_id AND p.person_id = o.responder_id
WHERE m.community_id = %(community)s
"""  # noqa: S608 - only constants are joined


async def look(
    session: WriteSession,
    community_id: str,
    person_id: UUID,
    report_id: UUID,
    *,
    lon: float,
    lat: float,
    likeness: Likeness,
) -> Looked | None:
    """Return the version of boundaries in force, the report if it is there, and cases like it.

    Parameters
    ----------
    session, community_id
        Where.
    person_id
        The reporter.
    report_id
        Made by the client.
    lon, lat
        The place, degrees, EPSG:4326.
    likeness
        Which cases it is compared with.

    Returns
    -------
    Looked or None
        None when there is no such community.
    """
    parameters = {"community": community_id, "reporters": array_text([person_id]), "report": report_id}
    parameters |= {"lon": lon, "lat": lat, **likeness_parameters(likeness)}
    rows = await session.glance(_LOOK, parameters)
    if not rows:
        return None
    (r,) = rows
    nearby = tuple(nearby_of(one) for one in r.near)
    return Looked(r.area_version, r.network_version, _stored(r), nearby)


@dataclass(frozen=True, slots=True)
class NewReport:
    """One person's evidence, and the case that it opens."""

    community_id: str
    report_id: UUID
    case_id: UUID
    reporter_id: UUID
    category: str
    urgent: bool
    description: str
    summary: str
    source: str
    detail: str
    position: Position
    place: Place
    area_version: int
    fixed_at: datetime | None
    received_at: datetime
    moments: Moments
    body_hash: bytes
    manifest: Sequence[str]
    duplicates: tuple[Duplicate, ...]
    recurrence_of: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewIds:
    """Identifiers of what is written with a report."""

    offer_id: UUID = field(default_factory=uuid4)
    dispatch_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the case's number, and to whom it was offered."""

    number: str
    claimed: Claimed | None


# Held against publishing until the report is committed; who had to wait for a publisher finds the next version in force.
_IN_FORCE: LiteralString = """
in_force AS (
    SELECT FROM community WHERE community_id = %(community)s AND area_version = %(area_version)s FOR SHARE
)
"""
_REPORT: LiteralString = """
    INSERT INTO report (community_id, report_id, case_id, reporter_id, category, description, source, detail,
        stated_datum, stated_lon, stated_lat, accuracy_m, heading_deg, position_source, geom, place, fixed_at,
        received_at, body_hash, manifest, duplicates, area_version, link_score)
    SELECT %(community)s, %(report)s, %(case)s, %(reporter)s, %(category)s, %(description)s, %(source)s, %(detail)s,
        %(datum)s, %(stated_lon)s, %(stated_lat)s, %(accuracy_m)s, %(heading_deg)s, %(position_source)s,
        st_setsrid(st_makepoint(%(lon)s, %(lat)s), 4326), %(place)s, %(fixed_at)s, %(now)s, %(body_hash)s,
        %(manifest)s, %(duplicates)s, %(area_version)s, %(link_score)s::float8
    FROM in_force WHERE true
"""
_WRITE: LiteralString = f"""
WITH {_IN_FORCE}, filed AS (
    {_REPORT}
    ON CONFLICT DO NOTHING RETURNING report_id
), wanted AS (SELECT %(urgent)s::boolean AS urgent FROM filed), {CLAIM}, {ENQUEUE}, opened AS (
    INSERT INTO "case" (community_id, case_id, category, status, urgent, summary, place, area_version, grid_code,
        micro_grid_code, building_id, segment_id, geom, reporter_id, opened_at, recurrence_of, starts_at, ends_at, {MOMENT_COLUMNS})
    SELECT %(community)s, %(case)s, %(category)s, CASE WHEN EXISTS (SELECT FROM made) THEN 'offered' ELSE 'open' END,
        %(urgent)s, %(summary)s, %(place)s, %(area_version)s, %(grid)s, %(micro_grid)s, %(building)s, %(segment)s,
        st_setsrid(st_makepoint(%(lon)s, %(lat)s), 4326), %(reporter)s, %(now)s, %(recurrence_of)s,
        %(starts_at)s::timestamptz, %(ends_at)s::timestamptz, {MOMENT_VALUES}
    FROM filed RETURNING number, opened_at
), told AS (
    INSERT INTO event (community_id, case_id, at, actor_id, verb, from_status, to_status, data)
    SELECT %(community)s, %(case)s, %(now)s, e.actor_id, e.verb, e.from_status, e.to_status, e.data FROM (
        SELECT 1 AS place, %(reporter)s::uuid AS actor_id, 'submit' AS verb, NULL AS from_status,
               'open' AS to_status, jsonb_strip_nulls(jsonb_build_object(
                   'report_id', %(report)s::uuid, 'recurrence_of', %(recurrence_of)s::uuid)) AS data FROM filed
        UNION ALL
        SELECT 2, NULL, 'offer', 'open', 'offered',
               jsonb_build_object('responder_id', responder_id, 'offer_id', offer_id) FROM made
    ) e ORDER BY e.place
), explained AS (
    INSERT INTO dispatch (community_id, dispatch_id, case_id, offer_id, at, explanation)
    SELECT %(community)s, %(dispatch)s, %(case)s, made.offer_id, %(now)s, %(explanation)s::jsonb
           || CASE WHEN made.offer_id IS NULL THEN '{{}}'::jsonb
                   ELSE jsonb_build_object('outcome', 'offered', 'chosen', made.responder_id) END
    FROM filed LEFT JOIN made ON true WHERE %(explanation)s::jsonb IS NOT NULL
)
SELECT {NUMBER} AS number, made.*, p.name AS responder_name, enqueued.jobs FROM opened c
JOIN community m ON m.community_id = %(community)s
LEFT JOIN enqueued ON true
LEFT JOIN made ON true
LEFT JOIN person p ON p.community_id = %(community)s AND p.person_id = made.responder_id
"""  # noqa: S608 - only constants are joined


async def write(  # noqa: PLR0917 - a report, and all that is written with it
    session: WriteSession,
    new: NewReport,
    ask: Ask,
    explanation: dict[str, Any] | None,
    ids: NewIds,
    later: Sequence[Later] = (),
    *,
    last: bool = False,
) -> Written | None:
    """Write a report, its case, the events, and the offer to the first of the asked who is free.

    Parameters
    ----------
    session
        Where.
    new
        The report.
    ask
        Whom to offer it to, in order; nobody: it stays open.
    explanation
        Why; stored with whom it came to.
    ids
        Of the offer and of the explanation.
    later
        What is to be done later, enqueued with it.
    last
        Nothing else belongs to the unit of work.

    Returns
    -------
    Written or None
        None when nothing was written: the report is there already, or the boundaries have changed.
    """
    parameters = _parameters(new) | ask_parameters(ask) | enqueue_parameters(later)
    parameters |= {
        "explanation": None if explanation is None else Jsonb(explanation),
        "dispatch": ids.dispatch_id,
        "offer": ids.offer_id,
    }
    rows = await (session.finish if last else session.direct)(_WRITE, parameters)
    if not rows:
        return None
    (r,) = rows
    return Written(r.number, _claimed(r))


# The case is held against acts (not against other links) until the report is in it: it is still open then.
_LINK: LiteralString = f"""
WITH held AS (
    SELECT community_id, case_id, number, opened_at, status FROM "case"
    WHERE community_id = %(community)s AND case_id = %(case)s AND status = ANY(%(linkable)s) FOR SHARE
), {_IN_FORCE}, filed AS (
    {_REPORT} AND EXISTS (SELECT FROM held)
    ON CONFLICT DO NOTHING RETURNING report_id
), told AS (
    INSERT INTO event (community_id, case_id, at, actor_id, verb, from_status, to_status, data)
    SELECT %(community)s, %(case)s, %(now)s, %(reporter)s, 'link', held.status, held.status,
           jsonb_build_object('report_id', %(report)s::uuid, 'score', %(link_score)s::float8, 'how', %(how)s::text)
    FROM filed CROSS JOIN held
)
SELECT {NUMBER} AS number FROM filed CROSS JOIN held c JOIN community m ON m.community_id = c.community_id
"""  # noqa: S608 - only constants are joined


async def write_linked(session: WriteSession, new: NewReport, link_score: float, how: str) -> str | None:
    """Write a report into a case that is open already, and the event.

    Parameters
    ----------
    session
        Where.
    new
        The report; ``case_id`` is the open case's.
    link_score, how
        How probable it is that it is about the same, and who says so: ``score`` or ``reporter``.

    Returns
    -------
    str or None
        The case's number; None when nothing was written: the report is there already, the boundaries have changed, or
        the case isn't open any more.
    """
    parameters = _parameters(new) | {"link_score": link_score, "how": how, "linkable": LINKABLE}
    rows = await session.direct(_LINK, parameters)
    return str(rows[0].number) if rows else None


def _parameters(new: NewReport) -> dict[str, Any]:
    at, place = new.position, new.place
    return {
        "community": new.community_id,
        "report": new.report_id,
        "case": new.case_id,
        "reporter": new.reporter_id,
        "category": new.category,
        "urgent": new.urgent,
        "description": new.description,
        "summary": new.summary,
        "source": new.source,
        "detail": new.detail,
        "datum": at.stated_datum.value,
        "stated_lon": at.lon if at.stated_lon is None else at.stated_lon,
        "stated_lat": at.lat if at.stated_lat is None else at.stated_lat,
        "accuracy_m": at.accuracy_m,
        "heading_deg": at.heading_deg,
        "position_source": at.source.value,
        "lon": at.lon,
        "lat": at.lat,
        "place": Jsonb(place.as_json()),
        "area_version": new.area_version,
        "grid": place.grid.code if place.grid else None,
        "micro_grid": place.micro_grid.code if place.micro_grid else None,
        "building": place.building.id if place.building else None,
        "segment": place.street.id if place.street else None,
        "fixed_at": new.fixed_at,
        "now": new.received_at,
        **new.moments,
        "body_hash": new.body_hash,
        "manifest": list(new.manifest) or "{}",  # a list is told at ten times the cost
        "duplicates": Jsonb([duplicate_json(one) for one in new.duplicates]),
        "recurrence_of": new.recurrence_of,
        "starts_at": new.starts_at,
        "ends_at": new.ends_at,
        "link_score": None,
    }


def _stored(r: Any) -> Stored | None:
    if r.case_id is None:
        return None
    return Stored(
        r.reporter_id,
        bytes(r.body_hash),
        r.case_id,
        r.number,
        Place.from_json(r.place),
        duplicates_of(r.duplicates),
        _claimed(r),
        r.link_score,
    )


def _claimed(r: Any) -> Claimed | None:
    if r.offer_id is None:
        return None
    return Claimed(r.offer_id, r.responder_id, r.responder_name, r.travel_s, r.distance_m, r.expires_at)
