"""What programs may send: every field with its type and limits."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from gis.plates import LONGEST_CODE, PlateKind
from gis.words import Datum, Decision, DecisionLevel, Leave, Level, PositionSource, Status

SHORT = 64
LONG = 2000
MOST_ITEMS = 500
MOST_PLATES = 2000


def _storable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise PydanticCustomError("string_unicode", "text with characters that can't be stored")
    return text


def _text(value: object) -> object:
    """Take numbers as text: positions are parsed in one place, whatever form they come in."""
    return repr(value) if isinstance(value, float) else str(value) if isinstance(value, int) else value


Word = Annotated[str, Field(max_length=SHORT), AfterValidator(_storable)]
Sentence = Annotated[str, Field(max_length=LONG), AfterValidator(_storable)]
PlateCode = Annotated[str, Field(max_length=LONGEST_CODE), AfterValidator(_storable)]
Number = Annotated[Annotated[str, Field(max_length=SHORT)] | None, BeforeValidator(_text)]


class Body(BaseModel):
    """A body; unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid")


class SignInBody(Body):
    """Name and password."""

    username: Annotated[
        str, Field(min_length=1, max_length=SHORT, examples=["rider001"]), AfterValidator(_storable)
    ]
    password: Annotated[
        str, Field(min_length=1, max_length=200, examples=["weiwang-demo"]), AfterValidator(_storable)
    ]
    community_id: Word | None = None
    token: bool = Field(
        False, description="true for programs: a bearer token that lives for weeks, and no cookie"
    )


class CodeBody(Body):
    """A code that was given out, and the password chosen with it."""

    username: Annotated[str, Field(min_length=1, max_length=SHORT), AfterValidator(_storable)]
    code: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_storable)]
    password: Annotated[str, Field(min_length=8, max_length=200), AfterValidator(_storable)]
    again: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_storable)]
    community_id: Word | None = None


class PositionBody(Body):
    """A position as a device or a map states it."""

    lon: Number = Field(None, examples=["123.4152"], description="degrees east in `datum`")
    lat: Number = Field(None, examples=["41.7891"], description="degrees north in `datum`")
    datum: Word = Field(Datum.WGS84.value, description="wgs84, gcj02, bd09 or cgcs2000")
    accuracy_m: Number = Field(None, examples=["8"], description="68% radius, metres")
    heading_deg: Number = Field(None, description="where the device points, degrees clockwise from north")
    source: Word = Field(PositionSource.GNSS.value, description="gnss, pin, exif or plate")


class ReportBody(PositionBody):
    """A report: what, where (a position, or a plate), and in which words."""

    plate: PlateCode | None = Field(
        None, description="code of a scanned plate: the place is exactly its own, whatever the position says"
    )
    id: UUID | None = Field(None, description="made by the client; the same id again changes nothing")
    category: Word = Field(examples=["road_damage"])
    description: Sentence = Field("", examples=["路面塌陷约半米"])
    detail: Sentence = Field("", description="floor, unit, landmark")
    fixed_at: AwareDatetime | None = Field(None, description="the device's own time; kept, not trusted")
    same_as: UUID | None = Field(
        None, description="an open case nearby that this is about: the report joins it"
    )
    separate: bool = Field(False, description="another problem than those nearby: never joined automatically")
    chosen_place: Word | None = Field(
        None,
        description="where the reporter says it is: id of a building, or id or code of a micro-grid, one of the candidates"
        " or nearby",
    )
    manifest: list[Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")]] = Field(
        default_factory=list, max_length=20, description="SHA-256 of the photos that follow one by one"
    )


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


class DelineationBody(Body):
    """How micro-grids are to be drawn."""

    micro_grids: Annotated[int, Field(ge=1, le=5000)]
    grids: Annotated[int, Field(ge=1, le=5000)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**31)] = 0
    main_streets: Word | None = Field(None, description="kinds of streets, separated by commas")
    assumed_levels: Annotated[float, Field(ge=1, le=100)] | None = None


class DraftBody(DelineationBody):
    """A new draft: of the version in force, of files, or of a delineation (then with its numbers)."""

    micro_grids: Annotated[int, Field(ge=1, le=5000)] | None = None  # type: ignore[assignment]
    name: Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_storable)]
    source: Literal["version", "file", "delineation"] = "version"
    datum: Datum = Datum.WGS84
    level: Level = Field(Level.MICRO_GRID, description="of a file that is sent as `file`")


class CheckBody(Body):
    """Files to be checked."""

    datum: Datum = Datum.WGS84
    level: Level = Field(Level.MICRO_GRID, description="of a file that is sent as `file`")
    tolerance_m: Annotated[float, Field(gt=0, le=20)] = 0.2


class PositionedBody(Body):
    """An act on a draft."""

    position: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = Field(
        None, description="the edit that was in force when this was thought of; `If-Match` says the same"
    )


class RepairBody(PositionedBody):
    """The repair that was shown."""

    tolerance_m: Annotated[float, Field(gt=0, le=20)] = 0.2


class RenewBody(PositionedBody):
    """How a draft of an older version is begun again on the one in force."""

    way: Literal["merge", "keep", "names"] = Field(
        description="both sides' changes; the draft over what was published; only its names and people"
    )


class PublishBody(PositionedBody):
    """A draft to be put in force."""

    note: Annotated[str, Field(max_length=200), AfterValidator(_storable)] = ""


class RollBackBody(Body):
    """An older version to be published anew."""

    reason: Annotated[str, Field(min_length=1, max_length=180), AfterValidator(_storable)]
    expected_version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        None, description="the version in force; refused when it is another"
    )


class ReassignBody(Body):
    """Open cases that get their place in the version in force."""

    reason: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_storable)]
    case_ids: Annotated[list[UUID], Field(max_length=1000)] = []
    grid: Word | None = None
    every: bool = Field(False, description="all open cases of older versions, a thousand at once")
    expected_version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        None, description="the version that was looked at; refused when another is in force"
    )
