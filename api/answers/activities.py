"""Activities as they are answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from api.answers.base import Answer, PersonRef
from gis.views.teams import ActivityItem, Guest


class GuestOut(Answer):
    """One who has signed up."""

    person_id: UUID
    name: str
    role: str
    state: str
    signed_at: datetime
    attended_at: datetime | None
    attended_by: str | None
    hours: float | None


class ActivityOut(BaseModel):
    """An activity as one reader sees it; guests only for who organises it."""

    id: UUID
    kind: str
    status: str = Field(description="planned, under_way, over or cancelled")
    title: str
    about: str
    place: str
    starts_at: datetime
    ends_at: datetime
    places: int
    free: int
    booked: int
    waiting: int
    attended: int
    hours: float
    team: UUID | None
    team_name: str | None
    skill: str | None
    certificate: str | None
    valid_months: int | None
    created_by: PersonRef
    reason: str
    state: str | None = Field(description="one's own: booked, waiting, cancelled, or none")
    ahead: int = Field(description="so many wait before oneself")
    attended_at: datetime | None
    keeps: bool
    doors: bool
    ticks: bool
    guests: list[GuestOut] = Field(default_factory=list)


class ActivityPage(BaseModel):
    """Part of a list of activities."""

    items: list[ActivityOut]
    next: str | None
    total: int


class CodeOut(BaseModel):
    """The code that the organiser shows for a minute."""

    code: str


def activity_out(item: ActivityItem, guests: list[Guest] | None = None) -> ActivityOut:
    """Return an activity as it is shown."""
    row = item.row
    return ActivityOut(
        id=row.activity_id,
        kind=row.kind,
        status=item.status,
        title=row.title,
        about=row.about,
        place=row.place,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        places=row.places,
        free=max(0, row.places - row.booked),
        booked=row.booked,
        waiting=row.waiting,
        attended=row.attended,
        hours=row.hours,
        team=row.team_id,
        team_name=row.team_name,
        skill=row.skill,
        certificate=row.certificate,
        valid_months=row.valid_months,
        created_by=PersonRef(id=row.created_by, name=row.created_by_name),
        reason=row.reason,
        state=row.state,
        ahead=row.ahead,
        attended_at=row.attended_at,
        keeps=item.keeps,
        doors=item.doors,
        ticks=item.ticks,
        guests=[GuestOut.model_validate(one) for one in guests or []],
    )
