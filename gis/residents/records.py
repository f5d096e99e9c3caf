"""A resident as somebody states them: checked field by field, and told as plain values."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gis.errors import InvalidInputError
from gis.residents.numbers import OLDEST_YEAR, birth_of, plain_id_number, plain_phone
from gis.residents.words import MOST_CONTACTS, PURPOSES, RELATIONS

LONGEST_NAME = 60
_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call."""

    name: str
    phone: str
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """What is recorded of a resident, besides why."""

    name: str
    phone: str = ""
    id_number: str = ""
    birth_year: int | None = None
    birth_day: str = ""
    """Month and day, ``MM-DD``."""
    relation: str = "other"
    flags: Sequence[str] = ()
    contacts: Sequence[Contact] = ()
    moved_out_on: date | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why something is recorded: what for, from whom, and when it was said."""

    purpose: str
    source: str
    recorded_on: date


SECRET = ("name", "phone", "id_number", "birth_day", "contacts")
"""Fields that lie sealed."""
FOR_WATCHERS = ("name", "phone", "relation", "flags", "contacts", "moved_out_on", "birth_year")
"""What a watcher may propose to change."""


def told(person: Person) -> dict[str, Any]:
    """Return a person as plain values, field by field.

    Parameters
    ----------
    person
        Checked.
    """
    return {
        "name": person.name,
        "phone": person.phone,
        "id_number": person.id_number,
        "birth_year": person.birth_year,
        "birth_day": person.birth_day,
        "relation": person.relation,
        "flags": sorted(person.flags),
        "contacts": [[one.name, one.phone, one.relation] for one in person.contacts],
        "moved_out_on": person.moved_out_on.isoformat() if person.moved_out_on else None,
    }


def person_of(values: Mapping[str, Any]) -> Person:
    """Return the person that ``told`` was made from.

    Parameters
    ----------
    values
        Plain values; what is missing is empty.
    """
    moved = values.get("moved_out_on")
    return Person(
        name=values.get("name") or "",
        phone=values.get("phone") or "",
        id_number=values.get("id_number") or "",
        birth_year=values.get("birth_year"),
        birth_day=values.get("birth_day") or "",
        relation=values.get("relation") or "other",
        flags=tuple(values.get("flags") or ()),
        contacts=tuple(Contact(*one) for one in values.get("contacts") or ()),
        moved_out_on=date.fromisoformat(moved) if moved else None,
    )


def checked_person(person: Person, today: date, flags: Collection[str]) -> Person:
    """Return a person with every field in its one form; a year and a day of birth follow from the identity number.

    Parameters
    ----------
    person
        As stated.
    today
        By the community's calendar.
    flags
        Those that the office uses.

    Raises
    ------
    InvalidInputError
        ``text_needed``, ``text_too_long``, ``phone_invalid``, ``id_number_invalid``, ``birth_year_invalid``,
        ``birth_day_invalid``, ``birth_differs``, ``relation_unknown``, ``flag_unknown``, ``contact_incomplete``,
        ``contacts_too_many``, ``day_in_future``.
    """
    if person.relation not in RELATIONS:
        raise InvalidInputError("no such relation", code="relation_unknown", field="relation")
    unknown = sorted(set(person.flags) - set(flags))
    if unknown:
        raise InvalidInputError("no such flag", code="flag_unknown", field="flags", flag=unknown[0][:40])
    if person.moved_out_on and person.moved_out_on > today:
        raise InvalidInputError("in the future", code="day_in_future", field="moved_out_on")
    id_number = plain_id_number(person.id_number)
    year, day = _birth(person, id_number, today)
    return replace(
        person,
        name=_name(person.name),
        phone=plain_phone(person.phone),
        id_number=id_number,
        birth_year=year,
        birth_day=day,
        flags=tuple(sorted(set(person.flags))),
        contacts=_contacts(person.contacts),
    )


def checked_grounds(grounds: Grounds, today: date) -> Grounds:
    """Return why something is recorded; raises ``purpose_unknown``, ``text_needed``, ``day_in_future``.

    Parameters
    ----------
    grounds, today
        As stated, and the day.
    """
    if grounds.purpose not in PURPOSES:
        raise InvalidInputError("no such purpose", code="purpose_unknown", field="purpose")
    if grounds.recorded_on > today:
        raise InvalidInputError("in the future", code="day_in_future", field="recorded_on")
    return replace(grounds, source=_text(grounds.source, "source"))


def _name(text: str) -> str:
    return _text(" ".join(text.split()), "name")


def _text(text: str, name: str) -> str:
    found = text.strip()
    if not found:
        raise InvalidInputError(f"{name} is needed", code="text_needed", field=name)
    if len(found) > LONGEST_NAME:
        raise InvalidInputError("too long", code="text_too_long", field=name, limit=LONGEST_NAME)
    return found


def _birth(person: Person, id_number: str, today: date) -> tuple[int | None, str]:
    year, day = person.birth_year, person.birth_day.strip()
    if year is not None and not OLDEST_YEAR <= year <= today.year:
        raise InvalidInputError("no year of birth", code="birth_year_invalid", field="birth_year")
    if day and not _DAY.fullmatch(day):
        raise InvalidInputError("month and day", code="birth_day_invalid", field="birth_day")
    stated = birth_of(id_number) if id_number else None
    if stated is None:
        return year, day
    if stated > today:
        raise InvalidInputError("born in the future", code="id_number_invalid", field="id_number")
    if year not in (None, stated.year) or day not in ("", f"{stated:%m-%d}"):
        raise InvalidInputError("not the day of the number", code="birth_differs", field="birth_year")
    return stated.year, f"{stated:%m-%d}"


def _contacts(contacts: Sequence[Contact]) -> tuple[Contact, ...]:
    kept = []
    for number, one in enumerate(contacts, start=1):
        name, phone, relation = one.name.strip(), one.phone.strip(), one.relation.strip()
        if not (name or phone or relation):
            continue
        at = f"contact{number}_"
        if not phone:
            raise InvalidInputError("whom to call, and how", code="contact_incomplete", field=f"{at}phone")
        kept.append(
            Contact(
                _text(name, f"{at}name"),
                plain_phone(phone, f"{at}phone"),
                _text(relation, f"{at}relation") if relation else "",
            )
        )
    if len(kept) > MOST_CONTACTS:
        raise InvalidInputError("too many", code="contacts_too_many", field="contacts", limit=MOST_CONTACTS)
    return tuple(kept)


__all__ = [
    "FOR_WATCHERS",
    "SECRET",
    "Contact",
    "Grounds",
    "Person",
    "checked_grounds",
    "checked_person",
    "person_of",
    "told",
]
