"""Looking for residents, and looking at a record: inside one's areas, as much as one needs, each look written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from gis.flows.residents.access import LISTED, TAKEN_OUT, looked, present
from gis.flows.residents.flags import flags_for_watchers
from gis.flows.residents.keeping import sealed_of
from gis.flows.residents.sealed import Sealed
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.residents import resident_scope
from gis.residents.numbers import looks_like_number
from gis.residents.searching import matcher, words_of
from gis.residents.words import AGE_FLAGS, age_flags
from gis.store.access_log import log_access
from gis.store.resident_reading import Listed, Marks, Recorded, count_people, people_in
from gis.words import Actor, Role

LONGEST_WHY = 200


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for.

    Parameters
    ----------
    text
        Names, letters of how they sound, flats, flags, or a whole number.
    flag
        Only who has it.
    flag_words
        What flags are called in the reader's language -> flag.
    """

    text: str = ""
    flag: str = ""
    gone: bool = False
    offset: int = 0
    limit: int = 30
    flag_words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Card:
    """A resident as they stand in a list."""

    resident_id: UUID
    household_id: UUID
    name: str
    address: str
    unit: str
    flat: str
    relation: str
    flags: Sequence[str]
    grid_code: str | None
    micro_grid_code: str | None
    moved_out_on: date | None


@dataclass(frozen=True, slots=True)
class Found:
    """Part of a list; ``next`` is where the next part begins."""

    items: list[Card]
    total: int
    next: int | None


async def find_people(work: Work, actor: Actor, query: Query, *, kind: str = LISTED) -> Found:
    """Return the residents of one's areas that a search means, by their address; each name shown is a look.

    Parameters
    ----------
    work, actor, query
        Who looks for whom.
    kind
        Of look.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    actor = await present(work.session, actor)
    scope = resident_scope(actor)
    sealed = sealed_of(work, actor.community_id)
    year = (await today_in(work.session, work.clock, actor.community_id)).year
    words, marks = _taken_apart(query.text, sealed)
    born_until = year - AGE_FLAGS[query.flag] if query.flag in AGE_FLAGS else None
    allowed = await _allowed(work, actor)
    wanted = [query.flag] if query.flag and born_until is None else []
    if allowed is not None and not set(wanted) <= allowed:
        return Found([], 0, None)
    chosen: dict[str, Any] = {"flags": wanted, "born_until": born_until, "marks": marks, "gone": query.gone}
    if words:
        rows = [
            row
            for row in await people_in(work.session, scope, **chosen)
            if _means(row, words, sealed, query.flag_words, year, allowed)
        ]
        total, shown = len(rows), rows[query.offset : query.offset + query.limit]
    else:  # nothing has to be opened to know who is meant
        total = await count_people(work.session, scope, **chosen)
        shown = await people_in(work.session, scope, **chosen, part=(query.offset, query.limit))
    await looked(work, actor, kind, [one.resident_id for one in shown])
    cards = [card_of(row, sealed.name(row), year, allowed) for row in shown]
    end = query.offset + len(shown)
    return Found(cards, total, end if end < total else None)


async def people_taken_out(work: Work, actor: Actor, query: Query) -> list[Card]:
    """Return the residents that ``find_people`` finds, for a file: a look at each, and one line of how many they were.

    Parameters
    ----------
    work, actor, query
        Who takes out whom.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    found = await find_people(work, actor, query, kind=TAKEN_OUT)
    await log_access(
        work.session,
        actor.community_id,
        at=work.clock.now(),
        person_id=actor.person_id,
        kind="residents_file",
        subject_id=f"file of {len(found.items)}",
    )
    return found.items


async def people_of(work: Work, actor: Actor, household_id: UUID, *, gone: bool = False) -> list[Card]:
    """Return who lives in a household, or has; each name shown is a look.

    Parameters
    ----------
    work, actor, household_id, gone
        Who looks, where.
    """
    actor = await present(work.session, actor)
    scope = resident_scope(actor)
    sealed = sealed_of(work, actor.community_id)
    rows = await people_in(work.session, scope, household_id=household_id, gone=gone)
    await looked(work, actor, LISTED, [one.resident_id for one in rows])
    year = (await today_in(work.session, work.clock, actor.community_id)).year
    allowed = await _allowed(work, actor)
    return [card_of(row, sealed.name(row), year, allowed) for row in rows]


def card_of(row: Listed | Recorded, name: str, year: int, allowed: frozenset[str] | None) -> Card:
    """Return a resident for a list.

    Parameters
    ----------
    row, name
        As stored, and the name opened.
    year, allowed
        This one, and the flags that the reader may see; None: all.
    """
    flags = (*age_flags(row.birth_year, year), *row.flags)
    return Card(
        row.resident_id,
        row.household_id,
        name,
        row.address,
        row.unit,
        row.flat,
        row.relation,
        tuple(flag for flag in flags if allowed is None or flag in allowed),
        row.grid_code,
        row.micro_grid_code,
        row.moved_out_on,
    )


def _taken_apart(text: str, sealed: Sealed) -> tuple[list[str], Marks | None]:
    """Return the words of a search, and the marks of whole numbers among them."""
    words, numbers = [], {}
    for word in words_of(text):
        number = looks_like_number(word)
        if number:
            numbers[number[0]] = number[1]
        else:
            words.append(word)
    return words, sealed.marks(numbers) if numbers else None


async def _allowed(work: Work, actor: Actor) -> frozenset[str] | None:
    if actor.role is not Role.WATCHER:
        return None
    return await flags_for_watchers(work.session, actor.community_id)


def _means(  # noqa: PLR0917 - a row, and all that it is held against
    row: Listed,
    words: Sequence[str],
    sealed: Sealed,
    called: Mapping[str, str],
    year: int,
    allowed: frozenset[str] | None,
) -> bool:
    flags = {*age_flags(row.birth_year, year), *row.flags}
    if allowed is not None:
        flags &= allowed
    place = f"{row.address}{row.unit}单元{row.flat} {row.micro_grid_code or ''}".lower()
    matches = matcher(words, lambda word: called.get(word) in flags)
    return matches(lambda: sealed.name(row), place)


__all__ = [
    "Card",
    "Found",
    "Query",
    "card_of",
    "find_people",
    "people_of",
    "people_taken_out",
]
