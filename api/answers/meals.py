"""Answers of the kitchen."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from pydantic import BaseModel, Field

from api.answers.base import Answer, PersonRef


class DishOut(Answer):
    """A dish and what it may not be eaten with."""

    name: str
    name_en: str
    allergens: list[str]


class MenuDayOut(Answer):
    """One day of a menu."""

    day: date
    serves: bool
    dishes: list[DishOut]


class MenuOut(Answer):
    """The menu of a week; days are empty until it is published."""

    monday: date
    revision: int
    published_at: datetime | None
    days: list[MenuDayOut]


class PriceOut(Answer):
    """A price rule."""

    rule_id: UUID = Field(serialization_alias="id")
    name: str
    name_en: str
    from_age: int
    price_fen: int
    first_day: date
    last_day: date | None
    window_from: time | None
    window_to: time | None
    in_force: bool = False


class KitchenOut(Answer):
    """A kitchen; ``first_open`` is the first day that may still be changed."""

    name: str
    building: UUID
    lon: float
    lat: float
    cut_off: time
    cut_off_days: int
    serves_from: time
    serves_to: time
    weekdays: list[int]
    closed_days: list[date]
    most_stops: int
    most_servings: int
    urgent_age: int
    first_open: date


class PauseOut(Answer):
    """Days that were called off."""

    pause_id: UUID = Field(serialization_alias="id")
    first_day: date
    last_day: date


class SubscriptionOut(Answer):
    """A subscription; what somebody may not eat only where one of them is asked for."""

    id: UUID
    mine: bool
    name: str
    phone: str
    birth_year: int | None
    stated_year: int | None = Field(description="said by themselves, not yet looked at by the office")
    building: UUID | None
    place: str
    unit: str
    floor: str
    flat: str
    door: str
    servings: int
    weekdays: list[int]
    way: str
    first_day: date
    last_day: date | None
    source: str
    special: bool
    diets: list[str] | None = None
    without: list[str] | None = None
    diet_note: str | None = None
    consent_by: str
    consent_at: datetime | None
    resident_id: UUID | None
    revision: int
    next_fen: int | None = Field(description="what one serving costs on its next day")
    pauses: list[PauseOut]


class SubscriptionList(BaseModel):
    """Subscriptions."""

    items: list[SubscriptionOut]


class GroupOut(Answer):
    """Boxes that are cooked alike."""

    diets: list[str]
    without: list[str]
    note: str
    boxes: list[int]
    servings: int


class DishCountOut(Answer):
    """A dish, how many servings of it, and for how many something else goes in its place."""

    name: str
    name_en: str
    allergens: list[str]
    portions: int
    instead: int


class KitchenListOut(Answer):
    """A day as the kitchen sees it."""

    day: date
    serves: bool
    closed: bool
    cut_off_at: datetime
    servings: int
    collect: int
    deliver: int
    dishes: list[DishCountOut]
    groups: list[GroupOut]


class CounterOut(Answer):
    """Somebody who fetches."""

    subscription_id: UUID = Field(serialization_alias="id")
    box: int
    name: str
    servings: int
    fen: int
    state: str


class CounterList(BaseModel):
    """Who fetches on a day."""

    items: list[CounterOut]


class StopOut(Answer):
    """A stop: door and name, number of the box; never what is in it."""

    id: UUID
    stop: int
    box: int
    servings: int
    state: str
    name: str
    phone: str
    place: str
    unit: str
    floor: str
    flat: str
    door: str
    lon: float | None
    lat: float | None
    case_id: UUID | None


class RoundOut(Answer):
    """A round; its stops for who has it in hand, and for the office."""

    id: UUID
    day: date
    number: int
    case_id: UUID | None
    status: str | None
    assignee: PersonRef | None
    stops: int
    servings: int
    answered: int
    not_home: int
    travel_s: float
    distance_m: float
    items: list[StopOut] | None = None


class RoundList(BaseModel):
    """Rounds of a day; ``made``: how many were made just now."""

    items: list[RoundOut]
    made: int = 0


class CrewOut(Answer):
    """Somebody of the crew; ``ends_soon``: the last day of their health certificate, where that is near."""

    person: PersonRef
    job: str
    hours: float | None
    ends_soon: date | None


class HolderOut(Answer):
    """Somebody who may be put on the crew."""

    person: PersonRef
    until: date | None


class CrewList(BaseModel):
    """A day's crew, and who may be put on it."""

    items: list[CrewOut]
    holders: list[HolderOut]


class RuleLineOut(Answer):
    """Servings of one rule."""

    rule: PriceOut | None
    servings: int
    fen: int
    people: int


class PersonLineOut(Answer):
    """What one subscription came to."""

    subscription_id: UUID = Field(serialization_alias="id")
    name: str
    servings: int
    fen: int
    cancelled: int
    rules: list[str]


class StatementOut(Answer):
    """A month."""

    month: date
    servings: int
    fen: int
    rules: list[RuleLineOut]
    ways: dict[str, int]
    states: dict[str, int]
    people: list[PersonLineOut]


class OwnDayOut(Answer):
    """One day of one's own month."""

    day: date
    servings: int
    fen: int
    state: str


class OwnMonthOut(BaseModel):
    """One's own month."""

    items: list[OwnDayOut]
    servings: int
    fen: int
