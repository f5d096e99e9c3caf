"""A list of people with their hours, as an office types or pastes it: checked line by line before anything is booked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from gis.errors import InvalidInputError, WeiwangError
from gis.flows.naming import person_called
from gis.flows.service.hours import MOST_PEOPLE, Hours
from gis.flows.work import Work
from gis.people.permissions import require
from gis.service.hours import MOST_EVENT_H, checked_hours
from gis.store.people import Called
from gis.words import Actor

_LINE = re.compile(r"(?P<who>.*?)(?:[\t,，;；:：]+\s*|\s+(?=[\d.]+\s*$))(?P<hours>[^\t,，;；:：]*)")
_NUMBER = re.compile(r"\d{1,3}(\.\d{1,4})?")
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: who is meant with how many hours, or what is wrong with it."""

    number: int
    text: str
    person_id: UUID | None = None
    name: str = ""
    hours: float = 0.0
    error: WeiwangError | None = None


async def check_list(work: Work, actor: Actor, text: str, common: float) -> list[Line]:
    """Return the lines of a list; empty ones are left out.

    Parameters
    ----------
    work, actor
        Who enters it.
    text
        A person in each line, by name or username, and perhaps their hours.
    common
        Of who has none of their own.

    Raises
    ------
    InvalidInputError
        ``nobody_named``, ``too_many_people``.
    """
    require(actor, "enter_hours")
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    given = [(number, line) for number, line in lines if line]
    if not given:
        raise InvalidInputError("whose", code="nobody_named", field="people")
    if len(given) > MOST_PEOPLE:
        raise InvalidInputError("too many", code="too_many_people", field="people", most=MOST_PEOPLE)
    found: list[Line] = []
    seen: set[UUID] = set()
    for number, line in given:
        one = await _line(work, actor, number, line, common, seen)
        if one.person_id is not None:
            seen.add(one.person_id)
        found.append(one)
    return found


def people_of(lines: Sequence[Line]) -> list[Hours]:
    """Return the people of a list without errors."""
    return [Hours(one.person_id, one.hours) for one in lines if one.person_id is not None]


def lines_of(rows: Sequence[Sequence[str]]) -> str:
    """Return the rows of a table, its headings left out, as a list is typed.

    Parameters
    ----------
    rows
        The person in the first column, the hours, if any, in the second.
    """
    return "\n".join("\t".join(cell for cell in row[:2] if cell) for row in rows[1:])


async def _line(  # noqa: PLR0917 - which line, with what before it
    work: Work, actor: Actor, number: int, line: str, common: float, seen: set[UUID]
) -> Line:
    match = _LINE.fullmatch(line)
    who, stated = (match["who"].strip(), match["hours"].strip()) if match else (line, "")
    try:
        hours = _hours(number, stated, common)
        person = await person_called(work, actor.community_id, who, "people")
        _check_new(number, person, seen)
    except InvalidInputError as error:
        return Line(number, line[:SHOWN], error=error)
    return Line(number, line[:SHOWN], person.person_id, person.name, hours)


def _hours(number: int, stated: str, common: float) -> float:
    if stated and not _NUMBER.fullmatch(stated):
        raise InvalidInputError(
            "not a number", code="hours_unreadable", field="people", line=number, given=stated[:SHOWN]
        )
    return checked_hours(float(stated) if stated else common, MOST_EVENT_H)


def _check_new(number: int, person: Called, seen: set[UUID]) -> None:
    if person.person_id in seen:
        raise InvalidInputError("twice", code="person_twice", field="people", line=number, name=person.name)
