"""When things happen: hours of the day, seasons, and rain."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

RAINY_MONTHS = {6: 0.3, 7: 0.45, 8: 0.4, 9: 0.2}
DRY = 0.08

SEASONS: dict[str, dict[int, float]] = {  # how much more of it in a month than in others
    "water_leak": {11: 2.0, 12: 4.0, 1: 4.5, 2: 3.0},
    "sewer": {6: 1.5, 7: 3.0, 8: 2.5},
    "tree": {4: 1.8, 6: 1.5, 7: 2.0, 8: 2.0},
    "power_cut": {7: 2.0, 8: 2.0, 12: 1.6, 1: 1.6},
    "road_damage": {3: 2.2, 4: 2.0, 7: 1.3},
    "street_lamp": {10: 1.3, 11: 1.5, 12: 1.6, 1: 1.5},
    "rubbish": {5: 1.2, 6: 1.3, 7: 1.4, 8: 1.4},
}
IN_RAIN = {"sewer": 4.0, "tree": 2.0, "road_damage": 1.5, "power_cut": 1.5}

DAYTIME = {8: 3, 9: 5, 10: 6, 11: 4, 12: 2, 13: 3, 14: 5, 15: 6, 16: 6, 17: 4, 18: 3, 19: 2, 20: 2}
ROUND_THE_CLOCK = dict.fromkeys(range(6), 1) | dict.fromkeys(range(6, 23), 4) | {23: 2}
HOURS: dict[str, dict[int, int]] = {
    "water_leak": ROUND_THE_CLOCK,
    "power_cut": {**ROUND_THE_CLOCK, 18: 8, 19: 9, 20: 8},
    "gas_smell": {6: 2, 7: 4, 11: 5, 12: 3, 17: 6, 18: 6, 21: 1},
    "missing_person": {8: 1, 10: 2, 14: 3, 16: 4, 18: 4, 20: 2},
    "meal_delivery": {10: 3, 11: 8, 16: 3, 17: 6},
    "noise": {12: 1, 19: 2, 20: 4, 21: 6, 22: 6, 23: 3},
    "street_lamp": {18: 4, 19: 6, 20: 6, 21: 4},
}
PATROLS = {9: 4, 10: 5, 14: 5, 15: 5, 16: 3, 19: 4, 20: 4}


@dataclass(frozen=True, slots=True)
class Weather:
    """Which days it rains; the same seed, the same rain."""

    rainy: frozenset[date]

    def weight(self, category: str, day: date) -> float:
        """Return how likely a category is on a day, against 1 in plain weather out of season."""
        season = SEASONS.get(category, {}).get(day.month, 1.0)
        return season * (IN_RAIN.get(category, 1.0) if day in self.rainy else 1.0)


def weather(first: date, days: int, choose: random.Random) -> Weather:
    """Return the weather of some days.

    Parameters
    ----------
    first, days
        From when, and how long.
    choose
        The seeded choice.
    """
    every = (first + timedelta(days=number) for number in range(days + 1))
    return Weather(frozenset(day for day in every if choose.random() < RAINY_MONTHS.get(day.month, DRY)))


def moment(day: date, hours: dict[int, int], zone: ZoneInfo, choose: random.Random) -> datetime:
    """Return a moment of a day, at one of its likely hours.

    Parameters
    ----------
    day
        In the community's own time zone.
    hours
        Weights by hour.
    zone, choose
        The time zone, and the seeded choice.
    """
    hour = choose.choices(list(hours), weights=list(hours.values()))[0]
    at = time(hour, choose.randrange(60), choose.randrange(60))
    return datetime.combine(day, at, tzinfo=zone)
