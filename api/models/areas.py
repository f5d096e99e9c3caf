"""Drafts of boundaries, their checks and their publishing."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from api.models.fields import Body, Word, storable
from gis.words import Datum, Level


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
    name: Annotated[str, Field(min_length=1, max_length=80), AfterValidator(storable)]
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

    note: Annotated[str, Field(max_length=200), AfterValidator(storable)] = ""


class RollBackBody(Body):
    """An older version to be published anew."""

    reason: Annotated[str, Field(min_length=1, max_length=180), AfterValidator(storable)]
    expected_version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        None, description="the version in force; refused when it is another"
    )


class ReassignBody(Body):
    """Open cases that get their place in the version in force."""

    reason: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(storable)]
    case_ids: Annotated[list[UUID], Field(default_factory=list, max_length=1000)]
    grid: Word | None = None
    every: bool = Field(False, description="all open cases of older versions, a thousand at once")
    expected_version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        None, description="the version that was looked at; refused when another is in force"
    )
