"""What is done with a case, on duty and on a walk."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from api.models.fields import SHORT, Body, Sentence, Word
from gis.words import Decision, DecisionLevel, Leave


class ReasonBody(Body):
    """A reason."""

    reason: Sentence = ""


class RatingBody(Body):
    """What a reporter says of the work that was done."""

    stars: Annotated[int, Field(ge=1, le=5, examples=[5])]
    solved: bool = Field(description="false opens the case again, with the words as the reason")
    words: Sentence = Field("", description="needed where it isn't solved")


class PauseBody(Body):
    """What a case waits for, why, and until when: a moment, or a date and time by the community's own clock."""

    kind: str = Field(
        "other", max_length=20, examples=["materials"], description="agency, materials or other"
    )
    until: str = Field("", max_length=40, examples=["2026-06-05T10:00"])
    reason: Sentence = ""


class DoneBody(Body):
    """What was done; an after-photo goes with it as multipart."""

    note: Sentence = ""


class ReferBody(ReasonBody):
    """To which agency, and why."""

    agency: Word | None = Field(None, examples=["power"], description="by default the category's own")
    due_at: Annotated[str, Field(max_length=SHORT)] | None = Field(
        None,
        examples=["2026-06-05T18:00"],
        description="until when; a date (included) or a moment, in the community's time; by default the category's",
    )


class HandOverBody(ReasonBody):
    """Which colleague is asked, and why."""

    to: Word = Field(examples=["rider002"], description="name, username or id")


class DecideBody(ReasonBody):
    """What is decided, at which level, and why."""

    decision: Decision
    level: DecisionLevel | None = Field(None, description="by default one's own")


class UnlinkBody(ReasonBody):
    """Which report is about something else, and why."""

    report_id: UUID


class MergeBody(ReasonBody):
    """Which case takes the reports over, and why."""

    into: Word = Field(examples=["20251121-00042"], description="number or id of the other case")


class VerifyBody(Body):
    """Hours to book; by default the time from acceptance to completion."""

    hours: Annotated[float, Field(ge=0, le=24, allow_inf_nan=False)] | None = None
    on_site: bool = Field(False, description="one has looked at the work where it was done")


class DutyBody(Body):
    """On duty or off; who has tasks in hand says what becomes of them."""

    on: bool
    tasks: Leave | None = Field(
        None, description="keep, release (others are asked at once) or hand_over (to `to`)"
    )
    to: Word = Field(
        "", description="name, username or id of the colleague who is asked to take the tasks over"
    )


class PatrolBody(Body):
    """A walk through the streets; the streets covered, not a track."""

    id: UUID | None = None
    started_at: AwareDatetime
    ended_at: AwareDatetime
    segment_ids: list[UUID] = Field(default_factory=list, max_length=2000)
    note: Sentence = ""
    positions: list[tuple[float, float, float]] = Field(
        default_factory=list,
        max_length=5000,
        description="longitude, latitude, accuracy in metres: matched to streets, and never stored",
    )
    datum: Word = "wgs84"
