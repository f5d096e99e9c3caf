"""What programs and pages are told: one shape for both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from gis.store.report_reading import ReportRow
from gis.views.cases import SEES_ASKING, CaseDetail, CaseItem
from gis.views.reports import ReportItem, report_item
from gis.words import Actor, Place


class Answer(BaseModel):
    """Base of answers: made from dataclasses, shown under their public names."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    def shown(self) -> dict[str, Any]:
        """Return a dict for templates, with times as datetimes."""
        return self.model_dump(by_alias=True)


class Ref(Answer):
    """A place, by code and name."""

    code: str
    name: str


class PersonRef(Answer):
    """A person."""

    id: UUID
    name: str


class CasePlace(Answer):
    """Where a case is, in short."""

    grid: Ref | None
    micro_grid: Ref | None
    building: Ref | None
    street: Ref | None


class PhotoLink(Answer):
    """A photo: before or after."""

    id: UUID
    kind: str
    view_url: str
    thumb_url: str


class CaseOut(Answer):
    """A case in a list; ``legal`` names what this reader may do to it now."""

    id: UUID
    number: str = Field(examples=["20251121-00042"])
    category: str
    status: str
    urgent: bool
    summary: str
    lon: float
    lat: float
    place: CasePlace
    opened_at: datetime
    answer_due_at: datetime
    resolve_due_at: datetime
    closed_at: datetime | None
    assignee: PersonRef | None
    agency: str | None
    reports: int
    photos: list[PhotoLink]
    revision: int
    legal: list[str]


class PlaceRefOut(Answer):
    """A place that a position was snapped to."""

    id: UUID
    code: str
    name: str
    distance_m: float
    probability: float


class CandidateOut(Answer):
    """One of the likely places."""

    micro_grid: PlaceRefOut
    building: PlaceRefOut | None


class PlaceOut(Answer):
    """Where a position lies; ``suggestion`` is the datum under which it would lie inside the community.

    ``chosen`` is the building or micro-grid that the reporter named; ``candidates`` is then what was estimated.
    """

    community: PlaceRefOut | None
    grid: PlaceRefOut | None = None
    micro_grid: PlaceRefOut | None = None
    courtyard: PlaceRefOut | None = None
    building: PlaceRefOut | None = None
    street: PlaceRefOut | None = None
    ambiguous: bool = False
    candidates: list[CandidateOut] = Field(default_factory=list)
    suggestion: str | None = None
    chosen: UUID | None = None


class RelatedOut(Answer):
    """Another case: one mended before or that came again, one merged, or a suggestion with its probability."""

    id: UUID = Field(validation_alias="case_id")
    number: str
    status: str
    how: str
    score: float | None


class ReportOut(Answer):
    """One person's evidence."""

    id: UUID
    number: str
    case_id: UUID
    category: str
    description: str
    detail: str
    status: str
    lon: float
    lat: float
    accuracy_m: float | None
    source: str
    received_at: datetime
    complete: bool
    missing: list[str]
    photos: list[PhotoLink]
    place: dict[str, Any]
    mine: bool
    reporter: PersonRef | None
    link_score: float | None = Field(
        None, description="how probably it is about its case; null: it opened a case of its own"
    )


class Performer(Answer):
    """Who did something."""

    id: UUID
    name: str
    role: str


class TimelineEntry(Answer):
    """One thing that happened to a case."""

    id: int
    at: datetime
    verb: str
    from_: str | None = Field(serialization_alias="from", validation_alias="from_status")
    to: str | None = Field(validation_alias="to_status")
    reason: str
    actor: Performer | None
    data: dict[str, Any]


class CaseOfferOut(Answer):
    """One offer of a case."""

    id: UUID
    responder: PersonRef
    status: str
    travel_s: float
    distance_m: float
    offered_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    reason: str


class BookedOut(Answer):
    """Hours and points booked for a case."""

    person: PersonRef
    hours: float
    points: int


class CaseDetailOut(Answer):
    """A case with all that happened to it."""

    id: UUID
    number: str
    category: str
    status: str
    urgent: bool
    summary: str
    lon: float
    lat: float
    place: CasePlace
    opened_at: datetime
    answer_due_at: datetime
    resolve_due_at: datetime
    closed_at: datetime | None
    assignee: PersonRef | None
    agency: str | None
    photos: list[PhotoLink]
    revision: int
    legal: list[str]
    reports: list[ReportOut]
    reports_count: int
    timeline: list[TimelineEntry]
    place_full: dict[str, Any]
    offers: list[CaseOfferOut]
    service: list[BookedOut]
    duplicates: int
    recurrence_of: RelatedOut | None
    merged_into: RelatedOut | None
    recurrences: list[RelatedOut]
    merged: list[RelatedOut]
    suggestions: list[RelatedOut]


class OfferOut(Answer):
    """An offer as answered to a reporter."""

    responder: PersonRef
    travel_s: float
    distance_m: float
    expires_at: datetime


class StateOut(Answer):
    """Where a case stands after an act."""

    id: UUID
    status: str
    revision: int


def thumb_url(photo_id: UUID | None) -> str | None:
    """Return the address of a photo's thumbnail."""
    return f"/api/v1/photos/{photo_id}/thumb" if photo_id else None


def photo_links(photos: Any) -> list[PhotoLink]:
    """Return photos with the addresses of their renditions."""
    return [
        PhotoLink(
            id=one["id"],
            kind=one["kind"],
            view_url=f"/api/v1/photos/{one['id']}/view",
            thumb_url=f"/api/v1/photos/{one['id']}/thumb",
        )
        for one in photos
    ]


def case_place(place: Mapping[str, Any]) -> CasePlace:
    """Return a stored place in short."""

    def ref(level: str) -> Ref | None:
        found = place.get(level)
        return Ref(code=found["code"], name=found["name"]) if found else None

    return CasePlace(
        grid=ref("grid"), micro_grid=ref("micro_grid"), building=ref("building"), street=ref("street")
    )


def case_out(item: CaseItem) -> CaseOut:
    """Return a case for lists."""
    return CaseOut(**_case_fields(item), reports=item.row.reports)


def _case_fields(item: CaseItem) -> dict[str, Any]:
    row = item.row
    assignee = (
        PersonRef(id=row.assignee_id, name=row.assignee_name or "") if row.assignee_id is not None else None
    )
    return {
        "id": row.case_id,
        "number": row.number,
        "category": row.category,
        "status": row.status,
        "urgent": row.urgent,
        "summary": row.summary,
        "lon": row.lon,
        "lat": row.lat,
        "place": case_place(row.place),
        "opened_at": row.opened_at,
        "answer_due_at": row.answer_due_at,
        "resolve_due_at": row.resolve_due_at,
        "closed_at": row.closed_at,
        "assignee": assignee,
        "agency": row.agency_code,
        "photos": photo_links(row.photos),
        "revision": row.revision,
        "legal": list(item.legal),
    }


def report_out(actor: Actor, item: ReportItem) -> ReportOut:
    """Return a report; names of reporters are for the office, and for themselves."""
    return _report_out(actor, item.row, missing=list(item.missing), mine=item.mine)


def _report_out(actor: Actor, row: ReportRow, *, missing: list[str], mine: bool) -> ReportOut:
    named = mine or actor.role in SEES_ASKING
    return ReportOut(
        id=row.report_id,
        number=row.number,
        case_id=row.case_id,
        category=row.category,
        description=row.description,
        detail=row.detail,
        status=row.status,
        lon=row.lon,
        lat=row.lat,
        accuracy_m=row.accuracy_m,
        source=row.position_source,
        received_at=row.received_at,
        complete=not missing,
        missing=missing,
        photos=photo_links(row.photos),
        place=dict(row.place),
        mine=mine,
        reporter=PersonRef(id=row.reporter_id, name=row.reporter_name) if named else None,
        link_score=row.link_score,
    )


def detail_out(actor: Actor, detail: CaseDetail) -> CaseDetailOut:
    """Return a case with all that the reader may know of it."""
    row = detail.item.row
    related = {
        how: [RelatedOut.model_validate(one) for one in detail.related if one.how == how]
        for how in ("recurrence_of", "recurrence", "merged_into", "merged", "suggestion")
    }
    return CaseDetailOut(
        **_case_fields(detail.item),
        reports=[report_out(actor, report_item(actor, report)) for report in detail.reports],
        reports_count=row.reports,
        duplicates=max(0, row.reports - 1),
        recurrence_of=next(iter(related["recurrence_of"]), None),
        merged_into=next(iter(related["merged_into"]), None),
        recurrences=related["recurrence"],
        merged=related["merged"],
        suggestions=related["suggestion"],
        timeline=[
            TimelineEntry.model_validate(
                {
                    "id": event.event_id,
                    "at": event.at,
                    "verb": event.verb,
                    "from_status": event.from_status,
                    "to_status": event.to_status,
                    "reason": event.reason,
                    "data": dict(event.data),
                    "actor": Performer(
                        id=event.actor_id, name=event.actor_name or "", role=event.actor_role or ""
                    )
                    if event.actor_id
                    else None,
                }
            )
            for event in detail.timeline
        ],
        place_full=dict(row.place),
        offers=[
            CaseOfferOut(
                id=offer.offer_id,
                responder=PersonRef(id=offer.responder_id, name=offer.responder_name),
                status=offer.status,
                travel_s=offer.travel_s,
                distance_m=offer.distance_m,
                offered_at=offer.offered_at,
                expires_at=offer.expires_at,
                ended_at=offer.ended_at,
                reason=offer.reason,
            )
            for offer in detail.offers
        ],
        service=[
            BookedOut(
                person=PersonRef(id=one.person_id, name=one.person_name), hours=one.hours, points=one.points
            )
            for one in detail.service
        ],
    )


def place_out(place: Place) -> PlaceOut:
    """Return a place as ``locate`` answers it."""
    return PlaceOut.model_validate(place)
