"""One case with all that happened to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from api.answers.base import Answer, PersonRef
from api.answers.cases import CaseCore, case_fields
from api.answers.referrals import HandOverOut, LevelOut, ReferralOut, hand_over_out, referral_out
from api.answers.reports import ReportOut, report_out
from gis.store.offer_reading import OfferRow
from gis.store.timeline import EventRow
from gis.views.cases import CaseDetail
from gis.views.reports import report_item
from gis.words import Actor


class RelatedOut(Answer):
    """Another case: one mended before or that came again, one merged, or a suggestion with its probability."""

    id: UUID = Field(validation_alias="case_id")
    number: str
    status: str
    how: str
    score: float | None


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


class CaseDetailOut(CaseCore):
    """A case with all that happened to it."""

    reports: list[ReportOut]
    reports_count: int
    timeline: list[TimelineEntry]
    place_full: dict[str, Any]
    offers: list[CaseOfferOut]
    service: list[BookedOut]
    referrals: list[ReferralOut]
    hand_overs: list[HandOverOut]
    levels: list[LevelOut]
    duplicates: int
    recurrence_of: RelatedOut | None
    merged_into: RelatedOut | None
    recurrences: list[RelatedOut]
    merged: list[RelatedOut]
    suggestions: list[RelatedOut]
    undo: TimelineEntry | None = Field(
        None, description="what one has just done oneself and may take back, by its `id`"
    )


def detail_out(actor: Actor, detail: CaseDetail) -> CaseDetailOut:
    """Return a case with all that the reader may know of it."""
    row = detail.item.row
    related = {
        how: [RelatedOut.model_validate(one) for one in detail.related if one.how == how]
        for how in ("recurrence_of", "recurrence", "merged_into", "merged", "suggestion")
    }
    return CaseDetailOut(
        **case_fields(detail.item),
        reports=[report_out(actor, report_item(actor, report)) for report in detail.reports],
        reports_count=row.reports,
        referrals=[referral_out(one) for one in detail.referrals],
        hand_overs=[hand_over_out(one) for one in detail.hand_overs],
        levels=[LevelOut.model_validate(one) for one in detail.levels],
        duplicates=max(0, row.reports - 1),
        recurrence_of=next(iter(related["recurrence_of"]), None),
        merged_into=next(iter(related["merged_into"]), None),
        recurrences=related["recurrence"],
        merged=related["merged"],
        suggestions=related["suggestion"],
        timeline=[_timeline_entry(event) for event in detail.timeline],
        undo=_timeline_entry(detail.undo) if detail.undo else None,
        place_full=dict(row.place),
        offers=[_offer_out(offer) for offer in detail.offers],
        service=[
            BookedOut(
                person=PersonRef(id=one.person_id, name=one.person_name), hours=one.hours, points=one.points
            )
            for one in detail.service
        ],
    )


def _timeline_entry(event: EventRow) -> TimelineEntry:
    actor = (
        Performer(id=event.actor_id, name=event.actor_name or "", role=event.actor_role or "")
        if event.actor_id
        else None
    )
    return TimelineEntry(
        id=event.event_id,
        at=event.at,
        verb=event.verb,
        from_=event.from_status,
        to=event.to_status,
        reason=event.reason,
        actor=actor,
        data=dict(event.data),
    )


def _offer_out(offer: OfferRow) -> CaseOfferOut:
    return CaseOfferOut(
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
