"""A household with a resident in each micro-grid of the drawn community."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from gis.flows.residents.households import HouseholdDraft, add_household
from gis.flows.residents.records import add_resident
from gis.residents.records import Contact, Grounds, Person
from tests.loop import Loop

GROUNDS = Grounds("care", "入户登记", date(2026, 6, 1))
ID = "11010519491231002X"
WANG = Person(
    "王秀英", "13800001234", ID, relation="head", flags=("lives_alone", "dementia"), contacts=(Contact("王强", "13900005678", "儿子"),)
)  # fmt: skip
LI = Person("李建国", "13700001111", birth_year=1935, relation="head", flags=("mobility",))


@dataclass
class Homes:
    """Households by micro-grid, and residents by name."""

    households: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)


async def household(loop: Loop, cell: str, flat: str = "301", **fields: Any) -> UUID:
    """Record a household of the building in a micro-grid."""
    values = {"unit": "1", "tenure": "owner", "note": "", "grounds": GROUNDS, **fields}
    draft = HouseholdDraft(uuid4(), loop.community.buildings[cell], flat=flat, **values)
    return await loop.act(add_household, loop.actor("desk"), draft)


async def resident(loop: Loop, home: UUID, person: Person, by: str = "desk") -> UUID:
    """Record somebody who lives in a household."""
    return await loop.act(add_resident, loop.actor(by), uuid4(), home, person, GROUNDS)


async def two_homes(loop: Loop) -> Homes:
    """Record 王秀英 in 01-01 and 李建国 in 02-01."""
    found = Homes()
    for cell, person in (("01-01", WANG), ("02-01", LI)):
        found.households[cell] = await household(loop, cell)
        found.people[person.name] = await resident(loop, found.households[cell], person)
    return found
