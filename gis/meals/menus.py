"""Dishes as a cook types them: a line each, what it may not be eaten with in brackets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gis.errors import InvalidInputError
from gis.words.meals import Dish

ALLERGENS = (
    "gluten",
    "crustaceans",
    "egg",
    "fish",
    "peanut",
    "soy",
    "milk",
    "nuts",
    "sesame",
    "pork",
    "spicy",
)
"""What a dish may hold that somebody doesn't take: the eight of GB 7718, sesame, and two that many leave out."""
MOST_DISHES = 8
LONGEST_DISH = 60
_LINE = re.compile(r"(?P<names>[^()（）]*?)\s*(?:[(（](?P<holds>[^()（）]*)[)）])?\s*")
_BETWEEN = re.compile(r"[\s,，、;；]+")


def dishes_of(text: str, words: Mapping[str, str], field: str) -> list[Dish]:
    """Return the dishes of a day, one of each line: ``红烧带鱼 / Braised hairtail（鱼、大豆）``.

    Parameters
    ----------
    text
        As typed; empty lines count for nothing.
    words
        What an allergen is called, in small letters -> its code.
    field
        Of the form.

    Raises
    ------
    InvalidInputError
        ``menu_too_long``, ``dish_too_long``, ``dish_unreadable``, ``allergen_unknown``.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_DISHES:
        raise InvalidInputError("too many dishes", code="menu_too_long", field=field, limit=MOST_DISHES)
    return [_dish(line, words, field) for line in lines]


def _dish(line: str, words: Mapping[str, str], field: str) -> Dish:
    found = _LINE.fullmatch(line)
    name, _, name_en = (part.strip() for part in (found["names"] if found else "").partition("/"))
    if found is None or not name:
        raise InvalidInputError("no dish", code="dish_unreadable", field=field, line=line[:40])
    if max(len(name), len(name_en)) > LONGEST_DISH:
        raise InvalidInputError("too long", code="dish_too_long", field=field, limit=LONGEST_DISH)
    return Dish(name, name_en, allergens_of(found["holds"] or "", words, field))


def allergens_of(text: str, words: Mapping[str, str], field: str) -> tuple[str, ...]:
    """Return allergens by their names, in the order of ``ALLERGENS``.

    Parameters
    ----------
    text, words, field
        As for ``dishes_of``; names stand between blanks or commas.

    Raises
    ------
    InvalidInputError
        ``allergen_unknown`` with the word.
    """
    found = set()
    for word in filter(None, _BETWEEN.split(text.strip())):
        code = words.get(word.casefold())
        if code is None:
            raise InvalidInputError("unknown", code="allergen_unknown", field=field, word=word[:20])
        found.add(code)
    return tuple(code for code in ALLERGENS if code in found)


def text_of(dishes: Sequence[Dish], names: Mapping[str, str]) -> str:
    """Return dishes as lines that ``dishes_of`` reads.

    Parameters
    ----------
    dishes, names
        The dishes, and what an allergen's code is called.
    """
    return "\n".join(
        one.name
        + (f" / {one.name_en}" if one.name_en else "")
        + (f"（{'、'.join(names[code] for code in one.allergens)}）" if one.allergens else "")
        for one in dishes
    )
