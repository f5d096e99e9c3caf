"""What may be sent of visits, problems, campaigns and rounds."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from api.models.fields import MOST_ITEMS, SHORT, Body, Number, Sentence, Word

Then = Literal["open", "on_spot", "transferred"]


class FindingBody(Body):
    """A problem that was found, and what becomes of it: `transferred` makes a case of it at once."""

    words: Sentence
    category: Word = "other"
    then: Then = "open"
    answer: Sentence = ""


class VisitBody(Body):
    """An entry of the watch log. A repeat of the same `id` changes nothing."""

    id: UUID | None = None
    kind: Word = Field("look", description="look, check, visit, phone, talk or other")
    outcome: Word = Field("done", description="done or not_home")
    visited_at: AwareDatetime | None = None
    building: UUID | None = Field(None, description="or the position of the place, not of the person")
    lon: Number = None
    lat: Number = None
    datum: Word = "wgs84"
    household: UUID | None = None
    flat: Word = Field("", examples=["2-502"])
    words: Sentence = ""
    checks: dict[UUID, Word] = Field(default_factory=dict, max_length=400, description="item: ok or wrong")
    then: Then = Field("open", description="what becomes of wrong items")
    findings: list[FindingBody] = Field(default_factory=list, max_length=50)
    campaign: UUID | None = None
    answers: dict[Word, Sentence] = Field(default_factory=dict, max_length=40)


class AnswerBody(Body):
    """What was done, or what people were told."""

    answer: Sentence = ""


class VisitQuery(BaseModel):
    """Which entries of the log, and which part of the list."""

    mine: bool = False
    building: UUID | None = None
    grid: Word | None = None
    campaign: UUID | None = None
    kind: Word | None = None
    outcome: Literal["done", "not_home"] | None = None
    since: str | None = Field(None, alias="from", max_length=SHORT, description="a date or a moment")
    before: str | None = Field(None, alias="to", max_length=SHORT)
    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS)] = 50
    cursor: str | None = Field(None, max_length=200)


class FindingQuery(BaseModel):
    """Which problems, and which part of the list."""

    campaign: UUID | None = None
    building: UUID | None = None
    grid: Word | None = None
    category: Word | None = None
    state: Then | None = None
    unanswered: bool = False
    since: str | None = Field(None, alias="from", max_length=SHORT, description="a date or a moment")
    before: str | None = Field(None, alias="to", max_length=SHORT)
    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS)] = 50
    cursor: str | None = Field(None, max_length=200)


class CampaignBody(Body):
    """A campaign of visits. A repeat of the same `id` changes nothing."""

    id: UUID | None = None
    name: Word
    name_en: Word = ""
    purpose: Sentence = ""
    purpose_en: Sentence = ""
    starts_on: date
    ends_on: date
    grids: list[Word] = Field(default_factory=list, max_length=500, description="none: everywhere")
    questions: Sentence = Field(
        "",
        description="one on each line; `text|yes/no`, `text|number`, `text|one|other`, or words",
        examples=["家里有几位老人？|数字\n最想解决什么？|停车|电梯|环境"],
    )


__all__ = [
    "AnswerBody",
    "CampaignBody",
    "FindingBody",
    "FindingQuery",
    "VisitBody",
    "VisitQuery",
]
