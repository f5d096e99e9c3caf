"""Searching a community: places by what people call them, cases by their numbers. Persons are never searched here."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from gis.addresses import AddressBook, Kind, Match
from gis.snap import PlaceIndex
from gis.store.case_reading import CaseFilters
from gis.store.session import ReadSession
from gis.views.cases import CaseItem, case_list
from gis.words import Actor

CASE = "case"
"""Kind of what is found besides places."""
KINDS = (*(kind.value for kind in Kind), CASE)
_NUMBER = re.compile(r"(?P<day>20\d{6})(?:-?(?P<count>\d{1,6}))?")
_SLACK = timedelta(hours=14)
"""No time zone is farther from UTC."""


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place that a text may mean, with the micro-grid that holds its point."""

    match: Match
    micro_grid: str | None


def find_places(
    book: AddressBook, index: PlaceIndex, text: str, limit: int, kinds: Collection[str] = ()
) -> list[PlaceFound]:
    """Return the places that a text may mean, the likeliest first.

    Parameters
    ----------
    book, index
        Of one community.
    text
        What was typed.
    limit
        At most so many.
    kinds
        Only these kinds; all where empty.
    """
    wanted = [kind for kind in Kind if kind.value in kinds]
    if kinds and not wanted:
        return []
    found = book.search(text, limit, wanted)
    return [PlaceFound(one, cell) for one, cell in zip(found, _cells(index, found), strict=True)]


def _cells(index: PlaceIndex, found: Sequence[Match]) -> list[str | None]:
    """Return the code of the micro-grid that holds each match's point; streets run through many."""
    if not found:
        return []
    x, y = index.metric.project(np.array([one.lon for one in found]), np.array([one.lat for one in found]))
    rows = index.containing(x, y).tolist()
    codes = index.arrays.micro_grids.code
    return [
        None if row < 0 or one.kind in {Kind.STREET, Kind.GRID} else codes[row]
        for one, row in zip(found, rows, strict=True)
    ]


async def find_cases(
    session: ReadSession, actor: Actor, text: str, limit: int, *, now: datetime
) -> list[CaseItem]:
    """Return the reader's cases with a number, or those of a day, the newest first; none for any other text.

    Parameters
    ----------
    session, actor
        Who looks; nothing outside their scope is found.
    text
        20251121-00042, or only its beginning.
    limit
        At most so many.
    now
        The time.
    """
    asked = _NUMBER.fullmatch(text.strip())
    if asked is None:
        return []
    try:
        day = datetime.strptime(asked["day"], "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return []
    count = asked["count"] or ""
    number = f"{asked['day']}-{count if count[:1] in {'', '0'} else count.zfill(5)}"
    filters = CaseFilters(words=number, since=day - _SLACK, before=day + timedelta(days=1) + _SLACK)
    return (await case_list(session, actor, filters, now=now, limit=limit)).items
