"""How people behave: how long they take, what they decline, what they refer; drawn by a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from gis.cases.categories import category
from gis.categories import Family


class Answer(StrEnum):
    """What somebody does with an offer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    IGNORE = "ignore"


class Outcome(StrEnum):
    """What comes of a case once somebody is on site."""

    DONE = "done"
    REFER = "refer"


MEDIAN_WORK_MIN = {
    "road_damage": 75,
    "street_lamp": 180,
    "water_leak": 60,
    "sewer": 150,
    "power_cut": 90,
    "gas_smell": 30,
    "tree": 80,
    "manhole": 50,
    "dispute": 90,
    "elderly_care": 40,
    "missing_person": 70,
    "meal_delivery": 18,
}
REFERRED = {
    "sewer": 0.35,
    "power_cut": 0.35,
    "water_leak": 0.3,
    "gas_smell": 0.5,
    "street_lamp": 0.3,
    "tree": 0.2,
}


@dataclass(slots=True)
class Behaviour:
    """Draws what people do.

    Parameters
    ----------
    seed
        Of every choice.
    """

    seed: int
    choose: random.Random

    @classmethod
    def of(cls, seed: int) -> Behaviour:
        """Return the behaviour of a seed."""
        return cls(seed, random.Random(f"behaviour-{seed}"))  # noqa: S311 - not a secret

    def answer(self) -> tuple[Answer, timedelta]:
        """Return what somebody does with an offer, and after how long."""
        kind = self.choose.choices(list(Answer), weights=[84, 9, 7])[0]
        return kind, timedelta(seconds=min(55.0, 6 + self.choose.expovariate(1 / 18)))

    def way(self, travel_s: float | None) -> timedelta:
        """Return how long it takes to be on site."""
        return timedelta(seconds=20 + (travel_s or 180) * self.choose.uniform(0.9, 1.5))

    def outcome(self, code: str) -> Outcome:
        """Return whether somebody on site can settle a case."""
        share = REFERRED.get(code, 0.04) if category(code).agency_code else 0.0
        return Outcome.REFER if self.choose.random() < share else Outcome.DONE

    def work(self, code: str) -> timedelta:
        """Return how long the work takes."""
        minutes = MEDIAN_WORK_MIN.get(code, 35) * self.choose.lognormvariate(0, 0.55)
        return timedelta(minutes=min(minutes, 36 * 60))

    def agency_answers(self) -> timedelta:
        """Return after how long an agency takes a referral."""
        return timedelta(minutes=5 + self.choose.expovariate(1 / 35))

    def agency_works(self, code: str) -> timedelta:
        """Return how long an agency takes."""
        return self.work(code) * self.choose.uniform(1.5, 5)

    def verified_after(self) -> timedelta:
        """Return after how long work is looked at."""
        return timedelta(minutes=4 + self.choose.expovariate(1 / 70))

    def rated_after(self) -> timedelta:
        """Return after how long a reporter says how it was."""
        return timedelta(hours=0.2 + self.choose.expovariate(1 / 5))

    def stars(self) -> int:
        """Return how many stars a reporter gives."""
        return self.choose.choices([5, 4, 3, 2, 1], weights=[70, 22, 5, 2, 1])[0]

    def grid_worker_comes(self) -> timedelta:
        """Return after how long a grid worker takes what was handed to them."""
        return timedelta(minutes=2 + self.choose.expovariate(1 / 9))

    def happens(self, share: float) -> bool:
        """Return true in so many of all cases."""
        return self.choose.random() < share

    def photo_number(self, count: int) -> int:
        """Return one of so many pictures."""
        return self.choose.randrange(count)


def needs_photo(code: str) -> bool:
    """Tell whether a case of a category is done only with a photo.

    Parameters
    ----------
    code
        The category.
    """
    return category(code).family is Family.HAZARD
