"""Writing reports in one statement: evidence, cases, offers, events, explanations, photos and jobs of a whole batch.

Nothing of a report is written when it is there already, when other boundaries are in force than those the position was
snapped on, or when others of the batch have taken the room of the one who was to be asked; then the caller looks again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID, uuid4

import orjson

from gis.store.claims import CLAIM, PICK, Ask, Claimed, claimed_of
from gis.store.jobs import ENQUEUE, Later
from gis.store.moments import MOMENT_COLUMNS, Moments
from gis.store.photo_rows import PhotoRow
from gis.store.session import WriteSession
from gis.store.similar import LINKABLE, NUMBER, Duplicate, duplicate_json
from gis.words import Place, Position

MOST = 16
"""So many reports at most in one statement."""


@dataclass(frozen=True, slots=True)
class NewReport:
    """One person's evidence, with its photos, and the case that it opens or joins."""

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
    fixed_at: datetime | None
    moments: Moments
    body_hash: bytes
    manifest: Sequence[str]
    duplicates: tuple[Duplicate, ...]
    photos: Sequence[PhotoRow] = ()
    recurrence_of: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewCase:
    """A report that opens a case.

    Parameters
    ----------
    report
        The evidence.
    ask
        Whom to offer it to, in order; nobody: it stays open.
    explanation
        Why; stored with whom it came to.
    later
        What is to be done later, enqueued with it.
    offer_id, dispatch_id
        Of the offer and of the explanation.
    """

    report: NewReport
    ask: Ask
    explanation: Mapping[str, Any] | None = None
    later: Sequence[Later] = ()
    offer_id: UUID = field(default_factory=uuid4)
    dispatch_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the case's number, and to whom it was offered."""

    number: str
    claimed: Claimed | None = None

    @property
    def asked(self) -> UUID | None:
        """Who was asked."""
        return self.claimed.responder_id if self.claimed else None


@dataclass(frozen=True, slots=True)
class InForce:
    """Where and when reports are written, and on which version of the boundaries they were snapped."""

    community_id: str
    area_version: int
    now: datetime


# The version is held against publishing until the reports are committed; who had to wait for a publisher finds the next one
# in force. LIMIT lets the planner expect a few.
_WANTED: LiteralString = f"""
in_force AS (
    SELECT FROM community WHERE community_id = %(community)s AND area_version = %(area_version)s FOR SHARE
), wanted AS MATERIALIZED (
    SELECT w.* FROM in_force CROSS JOIN jsonb_to_recordset(%(wanted)s::jsonb) AS w(
        place int, report_id uuid, case_id uuid, offer_id uuid, dispatch_id uuid, reporter_id uuid, category text,
        urgent boolean, description text, summary text, source text, detail text, stated_datum text, stated_lon float8,
        stated_lat float8, accuracy_m float8, heading_deg float8, position_source text, lon float8, lat float8,
        snapped jsonb, grid_code text, micro_grid_code text, building_id uuid, segment_id uuid, fixed_at timestamptz,
        answer_soon_at timestamptz, answer_due_at timestamptz, on_site_soon_at timestamptz, on_site_due_at timestamptz,
        resolve_soon_at timestamptz, resolve_due_at timestamptz, climb_at timestamptz, starts_at timestamptz,
        ends_at timestamptz, recurrence_of uuid, link_score float8, body_hash bytea, manifest text[], duplicates jsonb,
        photos jsonb, responders uuid[], travel_s float8[], distance_m float8[], expires_at timestamptz,
        explanation jsonb, later jsonb) LIMIT {MOST}
)
"""  # noqa: S608 - only a constant is joined
# In the order of their identifiers: who writes two of the same ids at the same time waits, and doesn't block the other.
_REPORT: LiteralString = """
    INSERT INTO report (community_id, report_id, case_id, reporter_id, category, description, source, detail,
        stated_datum, stated_lon, stated_lat, accuracy_m, heading_deg, position_source, geom, place, fixed_at,
        received_at, body_hash, manifest, duplicates, area_version, link_score)
    SELECT %(community)s, w.report_id, w.case_id, w.reporter_id, w.category, w.description, w.source, w.detail,
        w.stated_datum, w.stated_lon, w.stated_lat, w.accuracy_m, w.heading_deg, w.position_source,
        st_setsrid(st_makepoint(w.lon, w.lat), 4326), w.snapped, w.fixed_at, %(now)s, w.body_hash, w.manifest,
        w.duplicates, %(area_version)s, w.link_score
    FROM wanted w
"""
_ONCE: LiteralString = "ORDER BY w.report_id ON CONFLICT DO NOTHING RETURNING report_id"
_FILED: LiteralString = """
filed AS (SELECT w.* FROM wanted w JOIN stored ON stored.report_id = w.report_id),
shown AS (
    INSERT INTO photo (community_id, photo_id, case_id, report_id, kind, sha256, media_type, bytes, width, height, exif,
        perceptual_hash, added_by, added_at)
    SELECT %(community)s, p.photo_id, f.case_id, f.report_id, 'before', p.sha256, p.media_type, p.bytes, p.width, p.height,
        p.exif, p.perceptual_hash, f.reporter_id, %(now)s
    FROM filed f CROSS JOIN LATERAL jsonb_to_recordset(f.photos) AS p(photo_id uuid, sha256 text, media_type text,
        bytes bigint, width int, height int, exif jsonb, perceptual_hash text)
)
"""
_WRITE: LiteralString = f"""
WITH {_WANTED}, {PICK}, stored AS (
    {_REPORT} LEFT JOIN picked p ON p.case_id = w.case_id WHERE p.nth IS NULL OR p.nth <= p.room {_ONCE}
), {_FILED}, chosen AS (
    SELECT f.case_id, f.offer_id, f.urgent, f.expires_at, p.person_id, p.travel_s, p.distance_m
    FROM filed f JOIN picked p ON p.case_id = f.case_id
), {CLAIM}, {ENQUEUE}, opened AS (
    INSERT INTO "case" (community_id, case_id, category, status, urgent, summary, place, area_version, grid_code,
        micro_grid_code, building_id, segment_id, geom, reporter_id, opened_at, recurrence_of, starts_at, ends_at, {MOMENT_COLUMNS})
    SELECT %(community)s, f.case_id, f.category, CASE WHEN made.offer_id IS NULL THEN 'open' ELSE 'offered' END,
        f.urgent, f.summary, f.snapped, %(area_version)s, f.grid_code, f.micro_grid_code, f.building_id, f.segment_id,
        st_setsrid(st_makepoint(f.lon, f.lat), 4326), f.reporter_id, %(now)s, f.recurrence_of, f.starts_at, f.ends_at,
        {MOMENT_COLUMNS}
    FROM filed f LEFT JOIN made ON made.case_id = f.case_id ORDER BY f.place RETURNING case_id, number, opened_at
), told AS (
    INSERT INTO event (community_id, case_id, at, actor_id, verb, from_status, to_status, data)
    SELECT %(community)s, e.case_id, %(now)s, e.actor_id, e.verb, e.from_status, e.to_status, e.data FROM (
        SELECT 1 AS step, f.place, f.case_id, f.reporter_id AS actor_id, 'submit' AS verb, NULL AS from_status,
               'open' AS to_status, jsonb_strip_nulls(jsonb_build_object(
                   'report_id', f.report_id, 'recurrence_of', f.recurrence_of)) AS data FROM filed f
        UNION ALL
        SELECT 2, 0, case_id, NULL, 'offer', 'open', 'offered',
               jsonb_build_object('responder_id', responder_id, 'offer_id', offer_id) FROM made
    ) e ORDER BY e.step, e.place
), explained AS (
    INSERT INTO dispatch (community_id, dispatch_id, case_id, offer_id, at, explanation)
    SELECT %(community)s, f.dispatch_id, f.case_id, made.offer_id, %(now)s, f.explanation
           || CASE WHEN made.offer_id IS NULL THEN '{{}}'::jsonb
                   ELSE jsonb_build_object('outcome', 'offered', 'chosen', made.responder_id) END
    FROM filed f LEFT JOIN made ON made.case_id = f.case_id WHERE f.explanation IS NOT NULL
)
SELECT f.report_id, {NUMBER} AS number, made.*, p.name AS responder_name, enqueued.jobs FROM filed f
JOIN opened c ON c.case_id = f.case_id
JOIN community m ON m.community_id = %(community)s
LEFT JOIN enqueued ON true
LEFT JOIN made ON made.case_id = f.case_id
LEFT JOIN person p ON p.community_id = %(community)s AND p.person_id = made.responder_id
"""  # noqa: S608 - only constants are joined


async def write(
    session: WriteSession, held: InForce, new: Sequence[NewCase], *, last: bool = False
) -> dict[UUID, Written]:
    """Write reports, their cases, the events, and the offers to the first of the asked who are free.

    Parameters
    ----------
    session
        Where.
    held
        Community, version and time.
    new
        At most ``MOST``, each of another id.
    last
        Nothing else belongs to the unit of work.

    Returns
    -------
    dict of UUID to Written
        By the report's id. Missing are those of which nothing was written.
    """
    rows = [{"place": place, **_report_json(one.report), **_case_json(one)} for place, one in enumerate(new)]
    found = await (session.finish if last else session.direct)(_WRITE, _parameters(held, rows))
    return {r.report_id: Written(r.number, claimed_of(r)) for r in found}


# The case is held against acts (not against other links) until the report is in it: it is still open then.
_LINK: LiteralString = f"""
WITH held AS (
    SELECT community_id, case_id, number, opened_at, status FROM "case"
    WHERE community_id = %(community)s AND case_id = %(case)s AND status = ANY(%(linkable)s) FOR SHARE
), {_WANTED}, stored AS (
    {_REPORT} WHERE EXISTS (SELECT FROM held) {_ONCE}
), {_FILED}, told AS (
    INSERT INTO event (community_id, case_id, at, actor_id, verb, from_status, to_status, data)
    SELECT %(community)s, f.case_id, %(now)s, f.reporter_id, 'link', held.status, held.status,
           jsonb_build_object('report_id', f.report_id, 'score', f.link_score, 'how', %(how)s::text)
    FROM filed f CROSS JOIN held
)
SELECT {NUMBER} AS number FROM filed CROSS JOIN held c JOIN community m ON m.community_id = c.community_id
"""  # noqa: S608 - only constants are joined


async def write_linked(
    session: WriteSession, held: InForce, new: NewReport, link_score: float, how: str, *, last: bool = False
) -> str | None:
    """Write a report into a case that is open already, and the event.

    Parameters
    ----------
    session, held, last
        As for ``write``.
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
    parameters = _parameters(held, [{**_report_json(new), "link_score": link_score}])
    parameters |= {"case": new.case_id, "how": how, "linkable": LINKABLE}
    rows = await (session.finish if last else session.direct)(_LINK, parameters)
    return str(rows[0].number) if rows else None


def _parameters(held: InForce, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "community": held.community_id,
        "area_version": held.area_version,
        "now": held.now,
        "wanted": orjson.dumps(
            rows
        ).decode(),  # one text: parameters one by one take a third of the service's time
    }


def _report_json(new: NewReport) -> dict[str, Any]:
    at, place = new.position, new.place
    return {
        "report_id": new.report_id,
        "case_id": new.case_id,
        "reporter_id": new.reporter_id,
        "category": new.category,
        "urgent": new.urgent,
        "description": new.description,
        "summary": new.summary,
        "source": new.source,
        "detail": new.detail,
        "stated_datum": at.stated_datum,
        "stated_lon": at.lon if at.stated_lon is None else at.stated_lon,
        "stated_lat": at.lat if at.stated_lat is None else at.stated_lat,
        "accuracy_m": at.accuracy_m,
        "heading_deg": at.heading_deg,
        "position_source": at.source,
        "lon": at.lon,
        "lat": at.lat,
        "snapped": place,
        "grid_code": place.grid and place.grid.code,
        "micro_grid_code": place.micro_grid and place.micro_grid.code,
        "building_id": place.building and place.building.id,
        "segment_id": place.street and place.street.id,
        "fixed_at": new.fixed_at,
        **new.moments,
        "starts_at": new.starts_at,
        "ends_at": new.ends_at,
        "recurrence_of": new.recurrence_of,
        "body_hash": f"\\x{new.body_hash.hex()}",
        "manifest": new.manifest,
        "duplicates": [duplicate_json(one) for one in new.duplicates],
        "photos": [{name: getattr(photo, name) for name in _OF_PHOTO} for photo in new.photos],
    }


_OF_PHOTO = ("photo_id", "sha256", "media_type", "bytes", "width", "height", "exif", "perceptual_hash")


def _case_json(new: NewCase) -> dict[str, Any]:
    return {
        "offer_id": new.offer_id,
        "dispatch_id": new.dispatch_id,
        "responders": new.ask.responder_ids,
        "travel_s": new.ask.travel_s,
        "distance_m": new.ask.distance_m,
        "expires_at": new.ask.expires_at,
        "explanation": new.explanation,
        "later": new.later,
    }
