"""What is known before reports are written: the versions in force, those that are there already, and cases like them.

One statement for all reports of a batch. It only reads and takes no lock: whatever it saw is checked again by the
statement that writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import orjson

from gis.store.claims import Claimed, claimed_of
from gis.store.session import WriteSession
from gis.store.similar import (
    NEAR,
    NEAR_COLUMNS,
    NUMBER,
    Duplicate,
    Likeness,
    Nearby,
    duplicates_of,
    likeness_json,
    nearby_of,
)
from gis.words import Place


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked up for one report.

    Parameters
    ----------
    report_id
        Made by the client.
    person_id
        The reporter.
    lon, lat
        The place, degrees, EPSG:4326.
    likeness
        Which cases it is compared with.
    """

    report_id: UUID
    person_id: UUID
    lon: float
    lat: float
    likeness: Likeness


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


# OFFSET 0: the few reports asked about are sought by their keys, whatever number the planner expects.
_LOOK: LiteralString = f"""
SELECT m.area_version, m.network_version, there.*, (SELECT coalesce(json_agg(n), '[]') FROM ({NEAR}) n) AS near
FROM community m
CROSS JOIN jsonb_to_recordset(%(asked)s::jsonb) AS q(place int, report_id uuid, {NEAR_COLUMNS})
LEFT JOIN LATERAL (
    SELECT r.reporter_id, r.body_hash, c.case_id, {NUMBER} AS number, r.place, r.duplicates, r.link_score,
           o.offer_id, o.responder_id, p.name AS responder_name, o.travel_s, o.distance_m, o.expires_at
    FROM report r
    JOIN "case" c ON c.community_id = r.community_id AND c.case_id = coalesce(r.filed_case_id, r.case_id)
    LEFT JOIN offer o ON o.community_id = c.community_id AND o.case_id = c.case_id AND o.offered_at = r.received_at
        AND r.link_score IS NULL
    LEFT JOIN person p ON p.community_id = o.community_id AND p.person_id = o.responder_id
    WHERE r.community_id = %(community)s AND r.report_id = q.report_id OFFSET 0
) there ON true
WHERE m.community_id = %(community)s ORDER BY q.place
"""  # noqa: S608 - only constants are joined


async def look(session: WriteSession, community_id: str, asked: Sequence[Asked]) -> list[Looked]:
    """Return for each report the versions in force, the report if it is there, and cases like it.

    Parameters
    ----------
    session, community_id
        Where.
    asked
        The reports.

    Returns
    -------
    list of Looked
        In the order asked; empty when there is no such community.
    """
    told = [
        {"place": place, "report_id": one.report_id}
        | likeness_json(one.person_id, one.lon, one.lat, one.likeness)
        for place, one in enumerate(asked)
    ]
    parameters = {"community": community_id, "asked": orjson.dumps(told).decode()}
    return [
        Looked(r.area_version, r.network_version, _stored(r), tuple(nearby_of(one) for one in r.near))
        for r in await session.glance(_LOOK, parameters)
    ]


def _stored(r: Any) -> Stored | None:
    if r.case_id is None:
        return None
    place, duplicates = Place.from_json(r.place), duplicates_of(r.duplicates)
    return Stored(
        r.reporter_id, bytes(r.body_hash), r.case_id, r.number, place, duplicates, claimed_of(r), r.link_score
    )
