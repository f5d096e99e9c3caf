"""Referrals to agencies, tasks handed over, and what the three levels decided."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from api.answers.base import Answer, PersonRef
from gis.store.hand_overs import Colleague
from gis.store.referral_reading import HandOverRow, ReferralRow


class ReferralOut(Answer):
    """One referral of a case; several in its life, at most one of them open."""

    id: UUID = Field(validation_alias="referral_id")
    case_id: UUID
    number: str
    category: str
    agency: str = Field(validation_alias="agency_code")
    from_agency: str | None = Field(description="the sub-district that called this department")
    level: str = Field(description="who decided: courtyard, community or sub_district")
    status: str = Field(description="sent, accepted, done, returned, verified, withdrawn or passed_on")
    reason: str
    referred_by: str = Field(validation_alias="referred_by_name")
    referred_at: datetime
    due_at: datetime
    accepted_by: str | None = Field(validation_alias="accepted_by_name")
    accepted_at: datetime | None
    done_at: datetime | None
    reopened: int
    ended_at: datetime | None
    ended_reason: str
    accept_due_at: datetime | None = Field(
        None, description="until when the agency should say that it takes the case"
    )
    expected_at: datetime | None = Field(
        None, description="when the agency expects to be done, as it has said"
    )


class HandOverOut(Answer):
    """One question to a colleague, and what came of it."""

    id: UUID
    case_id: UUID
    from_: str | None = Field(serialization_alias="from")
    to: PersonRef
    asked_by: PersonRef
    asked_at: datetime
    status: str = Field(description="asked, accepted, refused or withdrawn")
    reason: str
    answer: str
    ended_at: datetime | None


class LevelOut(Answer):
    """What one of the three levels last decided: settle, raise or refer; null: nothing yet."""

    level: str
    decision: str | None
    by: str | None
    at: datetime | None
    reason: str
    agency: str | None


class ColleagueOut(Answer):
    """Somebody who could be asked to take a case over now."""

    id: UUID
    username: str
    name: str
    role: str
    live_load: int
    capacity: int
    straight_m: float | None


def referral_out(row: ReferralRow) -> ReferralOut:
    """Return a referral as answered."""
    return ReferralOut.model_validate(row)


def hand_over_out(row: HandOverRow) -> HandOverOut:
    """Return a hand-over as answered."""
    return HandOverOut(
        id=row.hand_over_id,
        case_id=row.case_id,
        from_=row.from_name,
        to=PersonRef(id=row.to_id, name=row.to_name),
        asked_by=PersonRef(id=row.asked_by, name=row.asked_by_name),
        asked_at=row.asked_at,
        status=row.status,
        reason=row.reason,
        answer=row.answer,
        ended_at=row.ended_at,
    )


def colleague_out(one: Colleague) -> ColleagueOut:
    """Return a colleague as answered; how far off is told to ten metres."""
    return ColleagueOut(
        id=one.person_id,
        username=one.username,
        name=one.name,
        role=one.role,
        live_load=one.live_load,
        capacity=one.capacity,
        straight_m=None if one.straight_m is None else round(one.straight_m, -1),
    )
