"""What somebody may not eat: health data, for the kitchen alone; deliverers see the number of a box."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from gis.errors import InvalidInputError
from gis.meals.menus import ALLERGENS

DIETS = ("low_salt", "low_sugar", "low_fat", "soft", "minced", "vegetarian", "halal")
LONGEST_NOTE = 120


@dataclass(frozen=True, slots=True)
class Diet:
    """How a box is cooked, what must not be in it, and what else the cook has to know."""

    kinds: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    note: str = ""

    @property
    def special(self) -> bool:
        """Whether it differs from what everybody gets."""
        return bool(self.kinds or self.without or self.note)

    def as_text(self) -> str:
        """Return it as it is encrypted and kept."""
        return json.dumps([self.kinds, self.without, self.note], ensure_ascii=False)

    @classmethod
    def from_text(cls, stored: str) -> Diet:
        """Return what ``as_text`` was made from."""
        kinds, without, note = json.loads(stored)
        return cls(tuple(kinds), tuple(without), str(note))


def checked_diet(kinds: Collection[str], without: Collection[str], note: str) -> Diet:
    """Return a diet of known words, in their order.

    Parameters
    ----------
    kinds, without, note
        As stated; the note has been checked as text.

    Raises
    ------
    InvalidInputError
        ``diet_unknown``.
    """
    for given, known, field in ((kinds, DIETS, "diets"), (without, ALLERGENS, "without")):
        for one in given:
            if one not in known:
                raise InvalidInputError("unknown", code="diet_unknown", field=field, word=one[:20])
    return Diet(
        tuple(one for one in DIETS if one in kinds),
        tuple(one for one in ALLERGENS if one in without),
        note,
    )


@dataclass(frozen=True, slots=True)
class Group:
    """Boxes that are cooked alike."""

    diet: Diet
    boxes: tuple[int, ...]
    servings: int


def grouped(portions: Iterable[tuple[int, int, Diet]]) -> list[Group]:
    """Return boxes by how they are cooked: those of everybody first, then the largest group.

    Parameters
    ----------
    portions
        Number of the box, servings in it, and how it is cooked.
    """
    held: dict[Diet, list[tuple[int, int]]] = {}
    for box, servings, diet in portions:
        held.setdefault(diet, []).append((box, servings))
    groups = [
        Group(diet, tuple(sorted(box for box, _ in boxes)), sum(servings for _, servings in boxes))
        for diet, boxes in held.items()
    ]
    return sorted(groups, key=lambda one: (one.diet.special, -one.servings, one.boxes))


def portions_of_dish(groups: Sequence[Group], allergens: Collection[str]) -> tuple[int, int]:
    """Return for how many servings a dish is cooked, and for how many something else is needed in its place.

    Parameters
    ----------
    groups
        Of the day.
    allergens
        What the dish holds.
    """
    instead = sum(one.servings for one in groups if not set(allergens).isdisjoint(one.diet.without))
    return sum(one.servings for one in groups) - instead, instead
