"""Rows of an office's table of residents: each as what it states, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gis.errors import InvalidInputError
from gis.residents.numbers import birth_of, plain_id_number
from gis.residents.records import Contact, Grounds, Person

COLUMNS = (
    "address",
    "unit",
    "flat",
    "name",
    "relation",
    "phone",
    "id_number",
    "birth",
    "flags",
    "contact_name",
    "contact_phone",
    "contact_relation",
    "purpose",
    "source",
    "recorded_on",
)
NEEDED = ("address", "flat", "name")
_BETWEEN = re.compile(r"[,，、;；\s]+")
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
Names = Mapping[str, Mapping[str, str]]
"""For each column that holds words of the service: what people write -> the word."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What one row states."""

    address: str
    unit: str
    flat: str
    person: Person
    grounds: Grounds
    given: frozenset[str]
    """Columns that the table has and the row fills: the others leave what is recorded as it is."""


def stated(cells: Mapping[str, str], names: Names, today: date) -> Stated:
    """Return what a row states.

    Parameters
    ----------
    cells
        Column -> text.
    names, today
        What people write for words of the service; the day that counts where none is stated.

    Raises
    ------
    InvalidInputError
        ``field_missing`` with the column, ``birth_invalid``, ``day_invalid``, ``id_number_invalid``.
    """
    texts = {name: text.strip() for name, text in cells.items()}
    for needed in NEEDED:
        if not texts.get(needed):
            raise InvalidInputError("needed", code="field_missing", field=needed)

    def word(column: str, otherwise: str) -> str:
        text = texts.get(column, "").lower()
        return names.get(column, {}).get(text, text) or otherwise

    year, day = _birth(texts.get("birth", ""), texts.get("id_number", ""))
    contact = Contact(*(texts.get(f"contact_{part}", "") for part in ("name", "phone", "relation")))
    flags = [one for one in _BETWEEN.split(texts.get("flags", "").lower()) if one]
    person = Person(
        name=texts["name"],
        phone=texts.get("phone", ""),
        id_number=texts.get("id_number", ""),
        birth_year=year,
        birth_day=day,
        relation=word("relation", "other"),
        flags=tuple(names.get("flags", {}).get(one, one) for one in flags),
        contacts=(contact,) if contact.name or contact.phone else (),
    )
    grounds = Grounds(word("purpose", "care"), texts.get("source") or "-", _day(texts, today))
    given = frozenset(name for name, text in texts.items() if text)
    return Stated(
        texts["address"],
        _bare(texts.get("unit", ""), "单元"),
        _bare(texts["flat"], "室"),
        person,
        grounds,
        given,
    )


def merged(before: Person, row: Stated) -> Person:
    """Return a recorded person with what a row states; what it doesn't state stays.

    Parameters
    ----------
    before, row
        As recorded, and what the row says.
    """
    after, given = row.person, row.given
    birth = "birth" in given or "id_number" in given
    return Person(
        name=after.name,
        phone=after.phone if "phone" in given else before.phone,
        id_number=after.id_number if "id_number" in given else before.id_number,
        birth_year=after.birth_year if birth else before.birth_year,
        birth_day=after.birth_day if birth else before.birth_day,
        relation=after.relation if "relation" in given else before.relation,
        flags=after.flags if "flags" in given else before.flags,
        contacts=after.contacts if "contact_phone" in given else before.contacts,
        moved_out_on=before.moved_out_on,
    )


def _birth(text: str, id_number: str) -> tuple[int | None, str]:
    """Return year, and month and day: 1946, 1946-03-05, 1946年3月5日; else those of the identity number."""
    if not text:
        found = birth_of(plain_id_number(id_number)) if id_number else None
        return (found.year, f"{found:%m-%d}") if found else (None, "")
    if re.fullmatch(r"\d{4}年?", text):
        return int(text[:4]), ""
    day = _as_day(text)
    if day is None:
        raise InvalidInputError("no day of birth", code="birth_invalid", field="birth")
    return day.year, f"{day:%m-%d}"


def _day(texts: Mapping[str, str], today: date) -> date:
    text = texts.get("recorded_on", "")
    found = _as_day(text) if text else today
    if found is None:
        raise InvalidInputError("no day", code="day_invalid", field="recorded_on")
    return found


def _as_day(text: str) -> date | None:
    found = _DAY.match(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _bare(text: str, ending: str) -> str:
    return text.removesuffix(ending).removesuffix("号").strip()
