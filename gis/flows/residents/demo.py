"""The demo community's residents: some 7,000 people behind 3,000 doors, all invented, always the same ones.

Names are drawn from common ones, telephone numbers are of a block that nobody has; identity numbers there are none. Rows are
made and stored set by set, not through the flows: what a year of flows does to them is the simulation's.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from gis.flows.demo_names import FIRST, SECOND, SURNAMES
from gis.flows.residents.keeping import sealed_of
from gis.flows.residents.sealed import Sealed
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.residents.records import Contact, Person
from gis.store import people, residents
from gis.store.resident_doors import Door, doors
from gis.store.residents import NewHousehold, NewResident

SEED = 20_252
RESIDENT = "resident"
"""Username of the demo account of a resident."""
HOUSEHOLDS = 3000
SOURCE = "演示数据（虚构）"
SIZES = ((1, 2, 3, 4), (18, 30, 36, 16))
"""How many live behind a door, and how often."""
ALONE_OLD, SLOW, FORGETFUL, TENANTS = 0.75, 0.22, 0.06, 0.18
OLD, VERY_OLD = 60, 75
OLD_SHARE = 0.265
"""Of doors behind which only old people live: with grandparents elsewhere, 24 in 100 people are 60 and over."""


@dataclass(frozen=True, slots=True)
class ResidentsSeeded:
    """How many of each were stored."""

    households: int
    people: int
    over_60: int


async def seed_residents(work: Work, community_id: str, *, households: int = HOUSEHOLDS) -> ResidentsSeeded:
    """Record who lives in the demo community; where anybody is recorded already, nothing is done.

    Parameters
    ----------
    work, community_id
        A community that was just imported.
    households
        How many; more than there are flats share them.
    """
    if await residents.any_household(work.session, community_id):
        return ResidentsSeeded(0, 0, 0)
    known = await doors(work.session, community_id)
    maker = _Maker(
        sealed_of(work, community_id), await today_in(work.session, work.clock, community_id), work
    )
    flats = _flats(known, households)
    for door, flat in flats:
        maker.move_in(door, flat)
    if maker.people:  # who signs in as a resident has a record of their own
        account = (await people.person_ids(work.session, community_id)).get(RESIDENT)
        maker.people[0] = replace(maker.people[0], account_id=account)
    await residents.copy_in(work.session, community_id, maker.households, maker.people)
    await residents.place_households(work.session, community_id)
    return ResidentsSeeded(len(maker.households), len(maker.people), maker.over_60)


def _flats(known: Sequence[Door], wanted: int) -> list[tuple[Door, str]]:
    """Return flats floor by floor, so that every house is lived in."""
    found = [
        (door, f"{floor}{number:02d}", floor)
        for door in known
        for floor in range(1, max(1, door.levels) + 1)
        for number in range(1, max(1, door.flats // max(1, door.levels)) + 1)
    ]
    found.sort(key=lambda one: one[2])
    flats = [(door, flat) for door, flat, _ in found]
    shared = [
        (door, f"{flat}-{turn}")
        for turn in range(2, 2 + wanted // max(1, len(flats)))
        for door, flat in flats
    ]
    return (flats + shared)[:wanted]


class _Maker:
    """Makes households with invented people."""

    def __init__(self, sealed: Sealed, today: date, work: Work) -> None:
        self.sealed = sealed
        self.today = today
        self.now = work.clock.now()
        self.choose = random.Random(SEED)  # noqa: S311 - not a secret
        self.households: list[NewHousehold] = []
        self.people: list[NewResident] = []
        self.over_60 = 0

    def move_in(self, door: Door, flat: str) -> None:
        """Put a family behind a door."""
        tenant = self.choose.random() < TENANTS
        home = self._id("household", f"{door.building_id}:{door.unit}:{flat}")
        day = self.today - timedelta(days=self.choose.randrange(30, 700))
        self.households.append(
            NewHousehold(
                home, door.building_id, door.unit, flat, "tenant" if tenant else "owner", None, "service",
                SOURCE, day, None, self.now, self.now,
            )
        )  # fmt: skip
        ages = self._ages()
        surname = self.choose.choice(SURNAMES)
        for number, age in enumerate(ages):
            self._person(home, number, surname if number != 1 else self.choose.choice(SURNAMES), age, ages)

    def _ages(self) -> list[int]:
        choose = self.choose
        size = choose.choices(*SIZES)[0]
        if choose.random() < OLD_SHARE:
            first = min(99, int(choose.triangular(60, 97, 70)))
            return [first] if size == 1 else [first, max(58, first - choose.randrange(6))]
        first = choose.randint(24, 59)
        ages = [first, max(22, first + choose.randint(-5, 5))][:size]
        ages += [max(0, first - choose.randint(23, 32))] * (size >= 3)  # noqa: PLR2004 - with a child
        if size > 3:  # noqa: PLR2004 - a grandparent
            ages.append(min(98, first + choose.randint(22, 32)))
        return ages

    def _person(self, home: UUID, number: int, surname: str, age: int, ages: Sequence[int]) -> None:
        choose = self.choose
        resident_id = self._id("resident", f"{home}:{number}")
        alone = len(ages) == 1
        flags = [
            flag
            for flag, share in (
                ("lives_alone", ALONE_OLD if alone and age >= OLD else 0.0),
                ("mobility", SLOW if age >= VERY_OLD else 0.0),
                ("dementia", FORGETFUL if age >= VERY_OLD else 0.0),
            )
            if choose.random() < share
        ]
        contact = (Contact(self._name(surname), self._phone(), "子女"),) if age >= OLD else ()
        person = Person(
            name=self._name(surname),
            phone=self._phone() if age > 15 else "",  # noqa: PLR2004 - children have none
            birth_year=self.today.year - age,
            birth_day=f"{choose.randint(1, 12):02d}-{choose.randint(1, 28):02d}",
            relation=_relation(number, age, ages[0]),
            flags=tuple(flags),
            contacts=contact,
        )
        self.over_60 += age >= OLD
        self.people.append(
            NewResident(
                resident_id=resident_id,
                household_id=home,
                **self.sealed.columns(resident_id, person),
                account_id=None,
                purpose="care" if age >= OLD else "service",
                source=SOURCE,
                recorded_on=self.today - timedelta(days=choose.randrange(30, 700)),
                created_by=None,
                created_at=self.now,
                changed_at=self.now,
            )
        )

    def _name(self, surname: str) -> str:
        return surname + self.choose.choice(FIRST) + self.choose.choice(SECOND)

    def _phone(self) -> str:
        """Return a telephone number of a block that isn't given out."""
        return f"1000{self.choose.randrange(10_000_000):07d}"

    def _id(self, kind: str, key: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"weiwang:{kind}:{self.sealed.community_id}:{key}")


def _relation(number: int, age: int, head: int) -> str:
    if number == 0:
        return "head"
    if number == 1:
        return "spouse"
    return "child" if age < head else "parent"
