"""What a serving costs: rules by age, from day to day; money is counted in fen, never in fractions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from gis.errors import InvalidInputError
from gis.words.meals import PriceRule

MOST_AGE = 130
MOST_FEN = 100_000
_YUAN = re.compile(r"(\d{1,4})(?:\.(\d{1,2}))?")


def age_on(day: date, birth_year: int | None) -> int:
    """Return how old somebody counts on a day: by the year alone, so that no birthday has to be kept; unknown is 0.

    Parameters
    ----------
    day
        Of the meal.
    birth_year
        Or None.
    """
    return 0 if birth_year is None else max(0, day.year - birth_year)


def rule_for(rules: Iterable[PriceRule], day: date, birth_year: int | None) -> PriceRule | None:
    """Return the rule that prices a serving: of those in force the one of the highest age reached, the newest of these.

    Parameters
    ----------
    rules
        In any order.
    day, birth_year
        Of the meal, and of who eats it.
    """
    age = age_on(day, birth_year)
    fitting = (one for one in rules if one.holds_on(day) and one.from_age <= age)
    return max(fitting, key=lambda one: (one.from_age, one.first_day, one.rule_id), default=None)


def checked_rule(rule: PriceRule) -> PriceRule:
    """Return a rule, or say what is wrong with it.

    Parameters
    ----------
    rule
        As stated.

    Raises
    ------
    InvalidInputError
        ``meal_age``, ``meal_price``, ``meal_days_order``, ``meal_window``.
    """
    if not 0 <= rule.from_age <= MOST_AGE:
        raise InvalidInputError(f"0 to {MOST_AGE}", code="meal_age", field="from_age", limit=MOST_AGE)
    if not 0 <= rule.price_fen <= MOST_FEN:
        raise InvalidInputError("too much", code="meal_price", field="price", limit=MOST_FEN // 100)
    if rule.last_day is not None and rule.last_day < rule.first_day:
        raise InvalidInputError("it ends before it begins", code="meal_days_order", field="last_day")
    if (rule.window_from is None) != (rule.window_to is None):
        raise InvalidInputError("from when until when?", code="meal_window", field="window_to")
    if rule.window_from is not None and rule.window_to is not None and rule.window_to <= rule.window_from:
        raise InvalidInputError("it ends before it begins", code="meal_window", field="window_to")
    return rule


def fen_of(yuan: str) -> int:
    """Return money as it is typed, in fen.

    Parameters
    ----------
    yuan
        At most two digits behind the point.

    Raises
    ------
    InvalidInputError
        ``meal_price``.
    """
    found = _YUAN.fullmatch(yuan.strip().removesuffix("元").strip())
    if found is None or not found.group(0).isascii():
        raise InvalidInputError("no price", code="meal_price", field="price", limit=MOST_FEN // 100)
    return int(found.group(1)) * 100 + int((found.group(2) or "").ljust(2, "0"))


def yuan_of(fen: int) -> str:
    """Return fen as yuan with two digits.

    Parameters
    ----------
    fen
        Not negative.
    """
    return f"{fen // 100}.{fen % 100:02d}"
