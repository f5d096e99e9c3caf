"""Kinds of fields that several bodies share."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
)
from pydantic_core import PydanticCustomError

from gis.plates import LONGEST_CODE

SHORT = 64
LINE = 200
LONG = 2000
MOST_ITEMS = 500
MOST_PLATES = 2000
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def storable(text: str) -> str:
    """Refuse text that the database can't hold: NUL and halves of characters."""
    if "\x00" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise PydanticCustomError("string_unicode", "text with characters that can't be stored")
    return text


def _text(value: object) -> object:
    """Take numbers as text: positions are parsed in one place, whatever form they come in."""
    return repr(value) if isinstance(value, float) else str(value) if isinstance(value, int) else value


def _written(value: object) -> object:
    """Refuse what isn't written as the document says: a number would be taken for seconds since 1970."""
    if isinstance(value, str) and not DAY.fullmatch(value):
        raise PydanticCustomError("date_parsing", "a day is written as year-month-day")
    return value


Word = Annotated[str, Field(max_length=SHORT), AfterValidator(storable)]
Sentence = Annotated[str, Field(max_length=LONG), AfterValidator(storable)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LINE), AfterValidator(storable)]
"""What somebody types into a field of one line."""
PlateCode = Annotated[str, Field(max_length=LONGEST_CODE), AfterValidator(storable)]
WrittenDay = Annotated[date, BeforeValidator(_written)]
"""A day in an address, as the document says that it is written."""
Number = Annotated[Word | None, BeforeValidator(_text)]


class Body(BaseModel):
    """A body; unknown fields are refused, so that a misspelt one is noticed, and no text of it is more than can be stored."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _storable(cls, value: object) -> object:
        several = [*value, *value.values()] if isinstance(value, dict) else value
        for one in several if isinstance(several, list) else [several]:
            if isinstance(one, str):
                storable(one)
        return value
