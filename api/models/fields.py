"""Kinds of fields that several bodies share."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from gis.plates import LONGEST_CODE

SHORT = 64
LONG = 2000
MOST_ITEMS = 500
MOST_PLATES = 2000


def storable(text: str) -> str:
    """Refuse text that the database can't hold: NUL and halves of characters."""
    if "\x00" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise PydanticCustomError("string_unicode", "text with characters that can't be stored")
    return text


def _text(value: object) -> object:
    """Take numbers as text: positions are parsed in one place, whatever form they come in."""
    return repr(value) if isinstance(value, float) else str(value) if isinstance(value, int) else value


Word = Annotated[str, Field(max_length=SHORT), AfterValidator(storable)]
Sentence = Annotated[str, Field(max_length=LONG), AfterValidator(storable)]
PlateCode = Annotated[str, Field(max_length=LONGEST_CODE), AfterValidator(storable)]
Number = Annotated[Annotated[str, Field(max_length=SHORT)] | None, BeforeValidator(_text)]


class Body(BaseModel):
    """A body; unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid")
