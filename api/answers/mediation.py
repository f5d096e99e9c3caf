"""Mediations as they are answered."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from api.answers.base import Answer, PersonRef, PhotoLink, photo_links
from gis.flows.mediation.reading import Opened
from gis.store.mediation_reading import MediationRow
from gis.store.session import ReadSession
from gis.views.mediation import SUBJECT
from gis.views.subject_photos import photos_shown
from gis.words import Actor


class WaitingOut(Answer):
    """A dispute that nobody mediates yet."""

    case_id: UUID
    number: str
    category: str
    case_status: str
    grid_code: str | None
    opened_at: datetime


class ListedOut(BaseModel):
    """A mediation in a list: nothing of those who quarrel."""

    case_id: UUID
    number: str
    category: str
    case_status: str
    grid: str | None
    keeper: PersonRef
    mediator: PersonRef | None
    opened_at: datetime
    outcome: str | None
    outcome_at: datetime | None
    sessions: int
    next_session_at: datetime | None
    next_follow_up: date | None
    mine: bool = Field(description="whether one keeps or mediates it")


class MediationList(BaseModel):
    """Mediations, those without an outcome first."""

    items: list[ListedOut]
    total: int


class PartyOut(Answer):
    """One of those who quarrel."""

    id: UUID
    name: str
    contact: str
    words: str


class SessionOut(Answer):
    """A session, planned or written up."""

    id: UUID
    starts_at: datetime
    place: str
    present: list[UUID]
    words: str


class FollowUpOut(Answer):
    """A follow-up, planned or done."""

    id: UUID
    due_on: date
    done_at: datetime | None
    kept: str | None
    words: str


class MediationOut(ListedOut):
    """A mediation with every word of it."""

    parties: list[PartyOut]
    held: list[SessionOut]
    follow_ups: list[FollowUpOut]
    agreement: str
    signed_by: str
    signed_on: date | None
    photos: list[PhotoLink]


def list_out(row: MediationRow, actor: Actor) -> ListedOut:
    """Return a mediation as a list shows it."""
    mediator = PersonRef(id=row.mediator_id, name=row.mediator_name or "") if row.mediator_id else None
    return ListedOut(
        case_id=row.case_id,
        number=row.number,
        category=row.category,
        case_status=row.case_status,
        grid=row.grid_code,
        keeper=PersonRef(id=row.keeper_id, name=row.keeper_name),
        mediator=mediator,
        opened_at=row.opened_at,
        outcome=row.outcome,
        outcome_at=row.outcome_at,
        sessions=row.sessions,
        next_session_at=row.next_session_at,
        next_follow_up=row.next_follow_up,
        mine=actor.person_id in {row.keeper_id, row.mediator_id},
    )


async def opened_out(session: ReadSession, actor: Actor, found: Opened) -> MediationOut:
    """Return a mediation with every word of it, and links to the photos of its agreement."""
    shown = await photos_shown(session, actor.community_id, SUBJECT, [found.row.case_id])
    return MediationOut(
        **list_out(found.row, actor).model_dump(),
        parties=[PartyOut.model_validate(one) for one in found.parties],
        held=[SessionOut.model_validate(one) for one in found.sessions],
        follow_ups=[FollowUpOut.model_validate(one) for one in found.follow_ups],
        agreement=found.agreement,
        signed_by=found.signed_by,
        signed_on=found.signed_on,
        photos=photo_links(shown.get(found.row.case_id, [])),
    )
