"""Who eats when, how many, and how it gets to them: checked before it is stored."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from gis.errors import InvalidInputError
from gis.meals.diets import Diet

CONSENT_VERSION = "2026-11"
"""Of the text that is agreed to; changed whenever the text is."""
WAYS = ("collect", "deliver")
MOST_SERVINGS = 20
FARTHEST = timedelta(days=366)
OLDEST = 130
_PHONE = re.compile(r"[0-9+()\- ]{3,30}")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who eats and where they live: sealed; for the office, and for who brings the box on the day."""

    name: str
    phone: str = ""
    unit: str = ""
    floor: str = ""
    flat: str = ""
    door: str = ""
    """What the deliverer has to know of the door."""
    consent_by: str = ""
    birth_year: int | None = None
    """As somebody says of themselves; it prices nothing until the office has looked."""

    def as_text(self) -> str:
        """Return it as it is sealed and kept."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, stored: str) -> Contact:
        """Return what ``as_text`` was made from."""
        return cls(**json.loads(stored))


def checked_dates(first: date, last: date | None, first_open: date) -> None:
    """Refuse days that are closed already, in disorder, or far away.

    Raises
    ------
    InvalidInputError
        ``meal_too_late`` with the first day that is open, ``meal_days_order``, ``meal_too_far``.
    """
    if first < first_open:
        raise InvalidInputError(
            "closed already", code="meal_too_late", field="first_day", day=first_open.isoformat()
        )
    if last is not None and last < first:
        raise InvalidInputError("it ends before it begins", code="meal_days_order", field="last_day")
    for day, field in ((first, "first_day"), (last, "last_day")):
        if day is not None and day > first_open + FARTHEST:
            raise InvalidInputError("too far ahead", code="meal_too_far", field=field, limit=FARTHEST.days)


def checked_amount(servings: int, weekdays: Collection[int], served: Collection[int]) -> tuple[int, ...]:
    """Return the weekdays on which somebody eats, in their order.

    Parameters
    ----------
    servings, weekdays
        As stated.
    served
        On which the kitchen cooks.

    Raises
    ------
    InvalidInputError
        ``meal_servings``, ``meal_weekdays``.
    """
    if not 1 <= servings <= MOST_SERVINGS:
        raise InvalidInputError(
            f"1 to {MOST_SERVINGS}", code="meal_servings", field="servings", limit=MOST_SERVINGS
        )
    if not weekdays or not set(weekdays) <= set(served):
        raise InvalidInputError("the kitchen doesn't cook then", code="meal_weekdays", field="weekdays")
    return tuple(sorted(set(weekdays)))


def checked_birth_year(year: int | None, today: date) -> int | None:
    """Return a year of birth that somebody alive may have.

    Raises
    ------
    InvalidInputError
        ``meal_birth_year``.
    """
    if year is not None and not today.year - OLDEST <= year <= today.year:
        raise InvalidInputError("nobody is so old", code="meal_birth_year", field="birth_year")
    return year


def checked_phone(given: str) -> str:
    """Return a telephone number, empty where there is none.

    Raises
    ------
    InvalidInputError
        ``phone_invalid``.
    """
    phone = given.strip()
    if phone and not _PHONE.fullmatch(phone):
        raise InvalidInputError("not a telephone number", code="phone_invalid", field="phone")
    return phone


def checked_consent(diet: Diet, consent_by: str, version: str | None, *, others: bool) -> str | None:
    """Return the version of the text that was agreed to; None where nothing has to be agreed to.

    Parameters
    ----------
    diet
        Health data are kept only with consent.
    consent_by, version
        Who has agreed to which text.
    others
        Whether it is entered for somebody else: then what is kept of them needs their word.

    Raises
    ------
    InvalidInputError
        ``consent_missing``, ``meal_consent``, ``consent_outdated``.
    """
    if not (diet.special or others):
        return None
    if not version or (others and not consent_by):
        if others:
            raise InvalidInputError("who has agreed?", code="consent_missing", field="consent_by")
        raise InvalidInputError("health data need consent", code="meal_consent", field="consent")
    if version != CONSENT_VERSION:
        raise InvalidInputError("the text has changed", code="consent_outdated", field="consent_version")
    return version
