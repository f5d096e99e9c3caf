"""A report, and where it is."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from api.models.fields import Body, Number, PlateCode, Sentence, Word
from gis.words import Datum, PositionSource


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
