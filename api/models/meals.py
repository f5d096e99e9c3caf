"""Bodies of the kitchen: menus, prices, subscriptions, what became of servings."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from pydantic import Field

from api.models.fields import Body, Sentence, Word
from gis.meals.diets import DIETS
from gis.meals.menus import ALLERGENS
from gis.meals.subscribing import CONSENT_VERSION

WEEKDAYS = "1 is Monday"


class KitchenBody(Body):
    """Where the kitchen is and when it serves, by the community's clock."""

    name: Word = Field(examples=["妈妈厨房"])
    building: UUID
    cut_off: time = Field(examples=["16:00"])
    cut_off_days: int = Field(1, description="so many days before the meal")
    serves_from: time = Field(examples=["11:00"])
    serves_to: time = Field(examples=["12:30"])
    weekdays: list[int] = Field(max_length=7, description=WEEKDAYS)
    closed_days: list[date] = Field(default_factory=list, max_length=400)
    most_stops: int = Field(12, description="doors of one round")
    most_servings: int = Field(30, description="servings of one round")
    urgent_age: int = Field(80, description="from this age on who doesn't open is looked after as urgent")


class DishBody(Body):
    """A dish."""

    name: Word
    name_en: Word = ""
    allergens: list[Word] = Field(default_factory=list, max_length=20, description=", ".join(ALLERGENS))


class MenuBody(Body):
    """The menu of a week over the revision that was read (0: none)."""

    base: int = Field(0, ge=0, le=1_000_000)
    publish: bool = False
    days: dict[date, list[DishBody]] = Field(max_length=7)


class PriceBody(Body):
    """A price from an age on; a repeat of the same ``id`` changes nothing."""

    id: UUID | None = None
    name: Word
    name_en: Word = ""
    from_age: int
    price_fen: int = Field(examples=[800], description="whole fen")
    first_day: date
    last_day: date | None = None
    window_from: time | None = Field(None, description="their own hours at the counter")
    window_to: time | None = None


class SubscriptionBody(Body):
    """Who eats when; for oneself, or by the office for somebody (``own`` false). The same ``id`` again changes nothing."""

    id: UUID | None = None
    own: bool = True
    name: Word = ""
    phone: Word = ""
    birth_year: int | None = None
    building: UUID | None = None
    unit: Word = ""
    floor: Word = ""
    flat: Word = ""
    door: Sentence = Field("", description="for who brings it")
    servings: int = 1
    weekdays: list[int] = Field(max_length=7, description=WEEKDAYS)
    way: Word = Field("collect", description="collect or deliver")
    first_day: date
    last_day: date | None = None
    diets: list[Word] = Field(default_factory=list, max_length=20, description=", ".join(DIETS))
    without: list[Word] = Field(default_factory=list, max_length=20, description=", ".join(ALLERGENS))
    diet_note: Sentence = ""
    consent_by: Word = ""
    consent_version: Word | None = Field(
        None, description=f"of the text that was agreed to: {CONSENT_VERSION}"
    )
    source: Word = Field("desk", description="desk or phone, where the office enters it")
    resident_id: UUID | None = Field(None, description="whose record it is")
    revision: int = Field(0, ge=0, le=1_000_000, description="that was read, for a change")


class PauseBody(Body):
    """Days that are called off."""

    id: UUID | None = None
    first_day: date
    last_day: date


class ServingBody(Body):
    """What became of a serving."""

    state: Word = Field(description="collected or cancelled")


class StopBody(Body):
    """What became of a stop."""

    outcome: Word = Field(description="delivered or not_home")


class CrewBody(Body):
    """What somebody does in the kitchen."""

    job: Word = Field(description="cook, pack or serve")


class HoursBody(Body):
    """How long somebody worked."""

    hours: float
