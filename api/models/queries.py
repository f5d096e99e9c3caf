"""Filters and paging of lists and maps."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.models.fields import MOST_ITEMS, MOST_PLATES, SHORT, Word
from gis.plates import PlateKind
from gis.words import Status


class CaseQuery(BaseModel):
    """Filters of lists."""

    bbox: Word | None = Field(
        None, description="west,south,east,north in degrees", examples=["123.41,41.78,123.42,41.79"]
    )
    grid: Word | None = None
    micro_grid: Word | None = None
    status: str | None = Field(
        None, max_length=200, description="one or several, separated by commas; `live` for all unfinished"
    )
    category: str | None = Field(None, max_length=400, description="one or several, separated by commas")
    since: str | None = Field(
        None, alias="from", max_length=SHORT, description="a date (in the community's time) or a moment"
    )
    before: str | None = Field(
        None, alias="to", max_length=SHORT, description="a date (included) or a moment (excluded)"
    )
    q: Word | None = Field(None, description="words in the summary, the number or the place")


class CaseListQuery(CaseQuery):
    """Filters and paging of cases."""

    mine: Literal["task", "done", "reported", "offered"] | None = None
    light: str | None = Field(
        None,
        max_length=40,
        description="green, yellow or red, or several separated by commas",
        examples=["yellow,red"],
    )
    building: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS)] = 50
    cursor: str | None = Field(None, max_length=200)


class ReferralQuery(BaseModel):
    """Which part of an inbox of referrals."""

    status: Literal["new", "accepted", "due_soon", "overdue", "done", "returned", "ended", "open", "all"] = (
        "open"
    )
    agency: Word | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS)] = 50
    cursor: str | None = Field(None, max_length=200)


class ReportListQuery(CaseQuery):
    """Filters and paging of reports."""

    mine: bool = False
    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS)] = 50
    cursor: str | None = Field(None, max_length=200)


class PlateQuery(BaseModel):
    """Which plates, and which part of the list."""

    kind: PlateKind = PlateKind.STAIRWELL
    grid: Word | None = None
    micro_grid: Word | None = None
    courtyard: Word | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_PLATES)] = 200
    cursor: Annotated[int, Field(ge=0, le=10_000_000)] = 0


class HeatQuery(BaseModel):
    """Filters of the heatmap and of hotspot streets."""

    bbox: Word | None = None
    grid: Word | None = None
    category: str | None = Field(None, max_length=400)
    since: str | None = Field(None, alias="from", max_length=SHORT)
    before: str | None = Field(None, alias="to", max_length=SHORT)
    season: Word | None = Field(None, description="spring, summer, autumn, winter")
    month: Word | None = Field(None, description="1 to 12, several with commas", examples=["6,7,8"])
    day: Word | None = Field(None, description="weekday or weekend")
    hours: Word | None = Field(None, description="by the wall clock, until before", examples=["22-5"])


class SurfaceQuery(HeatQuery):
    """Filters of a heatmap, and what makes a place hot."""

    weigh: Literal["cases", "severity", "recent"] = "severity"


class HotspotQuery(HeatQuery):
    """Filters of hotspot streets and how many."""

    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS)] = 50
    line: bool = Field(False, description="with the lines of the blocks, longitude and latitude")


LIVE = tuple(
    status.value for status in Status if status not in (Status.CLOSED, Status.REJECTED, Status.CANCELLED)
)
