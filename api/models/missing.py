"""What programs and forms may send of a search for somebody who is missing."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.models.fields import SHORT, Body, Number, Sentence, Word


class MissingBody(Body):
    """Somebody who is missing: from a record (`resident`), or told; last seen at `lon`, `lat` or a building. Photos go as multipart."""

    id: UUID | None = None
    resident: UUID | None = Field(None, description="the name and the contact follow from the record")
    name: Word = ""
    description: Sentence = Field("", examples=["紫色棉衣，灰帽子，走路慢"])
    phone: Word = Field("", description="of the family")
    lon: Number = None
    lat: Number = None
    datum: Word = "wgs84"
    building: UUID | None = None
    place_text: Sentence = Field("", examples=["六纬路2号门口"])
    seen_at: Annotated[str, Field(max_length=SHORT)] = Field(
        "", description="a moment, or a date and time by the community's clock; by default now"
    )
    people: Annotated[int, Field(ge=1, le=200)] = 20


class TickBody(Body):
    """Whether a street was searched."""

    searched: bool = True


class EndBody(Body):
    """How the search ended; the words are for the office."""

    outcome: Literal["found", "stood_down"]
    words: Sentence = ""
