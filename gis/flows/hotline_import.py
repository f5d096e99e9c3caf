"""A hotline's file into cases: looked at first, doubtful addresses chosen by a person, then written order by order.

Writing may be cut off and begun again at any row: an order that is there already is only compared.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from gis.addresses import AddressBook, Kind, Match
from gis.errors import WeiwangError
from gis.flows.hotline import HotlineCall, change_call, masked, take_call
from gis.flows.hotline_file import orders_of
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.hotline.rows import OrderRow, category_of
from gis.store import hotline
from gis.store.hotline import Kept
from gis.words import Actor, Position, PositionSource

OpenWork = Callable[[], AbstractAsyncContextManager[Work]]
Report = Callable[[int], Awaitable[None]]
SURE = 0.93
"""From this score on a match is taken without asking."""
CLEAR = 0.03
"""So much better than the next one it must be."""
CANDIDATES = 4
KINDS = (Kind.BUILDING, Kind.STAIRWELL, Kind.COURTYARD)
"""What callers name; a station has the address of its building, a street is no place to go to."""
AT_ONCE = 200
MOST_SHOWN = 50
MOST_DOUBTFUL = 500
MOST_KEPT = 20_000
SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is read.

    Parameters
    ----------
    columns
        Field to title.
    categories
        The file's word to a category.
    choices
        An address of the file to what a person chose: the address of a place, or ``skip``.
    """

    columns: Mapping[str, str]
    categories: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """An address that may mean several places, or none that is known, and how many rows have it."""

    address: str
    candidates: tuple[Match, ...]
    rows: int
    line: int


@dataclass(slots=True)
class Looked:
    """What a file holds, before anything is written."""

    rows: int = 0
    new: int = 0
    unchanged: int = 0
    changed: int = 0
    skipped: int = 0
    doubtful: list[Doubtful] = field(default_factory=list)
    doubtful_rows: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)
    problem_rows: int = 0
    categories: Counter[tuple[str, str]] = field(default_factory=Counter)
    samples: list[OrderRow] = field(default_factory=list)
    changes: list[tuple[int, str]] = field(default_factory=list)
    """Line and number of orders that the hotline has changed."""

    def as_json(self) -> dict[str, object]:
        """Return what is stored with the file and shown."""
        return {
            "rows": self.rows,
            "new": self.new,
            "unchanged": self.unchanged,
            "changed": self.changed,
            "skipped": self.skipped,
            "doubtful_rows": self.doubtful_rows,
            "doubtful_addresses": len(self.doubtful),
            "problem_rows": self.problem_rows,
            "doubtful": [
                {
                    "address": one.address,
                    "rows": one.rows,
                    "line": one.line,
                    "candidates": [match.label for match in one.candidates],
                }
                for one in self.doubtful[:MOST_SHOWN]
            ],
            "problems": [{"line": line, "code": code} for line, code in self.problems],
            "changes": [{"line": line, "order_number": number} for line, number in self.changes],
            "categories": [
                {"word": word, "category": code, "rows": rows}
                for (word, code), rows in self.categories.most_common(MOST_SHOWN)
            ],
            "samples": [
                {
                    "line": one.line,
                    "order_number": one.order_number,
                    "words": masked(one.words)[:80],
                    "address": one.address,
                    "received_at": one.received_at.isoformat() if one.received_at else None,
                    "due_at": one.due_at.isoformat() if one.due_at else None,
                }
                for one in self.samples
            ],
        }


class Finder:
    """Finds the places of a file's addresses; each address is looked up once."""

    def __init__(self, book: AddressBook, choices: Mapping[str, str]) -> None:
        self._book = book
        self._choices = choices
        self._known: dict[str, tuple[Match | None, tuple[Match, ...]]] = {}

    def find(self, address: str) -> tuple[Match | None, tuple[Match, ...]]:
        """Return the place of an address, None where a person has to choose, and the candidates."""
        if address not in self._known:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            self._known[address] = self._look(address)
        return self._known[address]

    def _look(self, address: str) -> tuple[Match | None, tuple[Match, ...]]:
        chosen = self._choices.get(address)
        if chosen == SKIP:
            return None, ()
        found = self._book.search(chosen or address, CANDIDATES, KINDS)
        if chosen:
            return (found[0] if found else None), tuple(found)
        if not found or found[0].score < SURE:
            return None, tuple(found)
        clear = len(found) == 1 or found[0].score - found[1].score >= CLEAR or _same_place(found[0], found[1])
        return (found[0] if clear else None), tuple(found)


def _same_place(one: Match, other: Match) -> bool:
    """Tell whether the second is only a part of the first: a stairwell of the building."""
    return other.kind is Kind.STAIRWELL and other.label.startswith(one.label)


async def look_at(work: Work, community_id: str, path: Path, plan: Plan, zone: ZoneInfo) -> Looked:
    """Return what a file holds and what would become of it; nothing is written.

    Parameters
    ----------
    work, community_id
        Where.
    path, plan, zone
        The file, how it is read, and by whose clock.
    """
    finder = Finder(await work.addresses.get(work.session, community_id), plan.choices)
    looked, unsure = Looked(), dict[str, Doubtful]()
    async for piece in _pieces(orders_of(path, plan.columns, zone), finder):
        kept = await _kept(work, community_id, piece)
        for row in piece:
            looked.rows += 1
            if len(looked.samples) < 5:  # noqa: PLR2004 - enough to see whether the columns are right
                looked.samples.append(row)
            looked.categories[row.category, category_of(row.category, row.words, plan.categories)] += 1
            _sort(looked, unsure, row, kept.get(row.key), finder, plan)
    looked.doubtful = sorted(unsure.values(), key=lambda one: (-one.rows, one.line))
    return looked


def _sort(  # noqa: PLR0917 - a row, and what is known of it
    looked: Looked, unsure: dict[str, Doubtful], row: OrderRow, kept: Kept | None, finder: Finder, plan: Plan
) -> None:
    """Count a row where it belongs."""
    if row.problems:
        looked.problem_rows += 1
        looked.problems += [(row.line, code) for code in row.problems][: MOST_SHOWN - len(looked.problems)]
    if {"words_missing", "address_missing"} & set(row.problems):
        return
    if kept is not None:
        if _differs(kept, row):
            looked.changed += 1
            if len(looked.changes) < MOST_SHOWN:
                looked.changes.append((row.line, row.order_number))
        else:
            looked.unchanged += 1
        return
    if plan.choices.get(row.address) == SKIP:
        looked.skipped += 1
        return
    place, candidates = finder.find(row.address)
    if place is not None:
        looked.new += 1
        return
    looked.doubtful_rows += 1
    before = unsure.get(row.address)
    if before is not None:
        unsure[row.address] = Doubtful(row.address, before.candidates, before.rows + 1, before.line)
    elif len(unsure) < MOST_DOUBTFUL:
        unsure[row.address] = Doubtful(row.address, candidates, 1, row.line)


def _differs(kept: Kept, row: OrderRow) -> bool:
    words = masked(plain(row.words, "words"))
    return words != kept.words or (row.due_at is not None and row.due_at != kept.due_at)


@dataclass(slots=True)
class Written:
    """What became of a file's rows."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Line and code of rows that could not be filed."""

    def as_json(self) -> dict[str, object]:
        """Return what is stored and shown."""
        return {"counts": dict(self.counts), "refused": [list(one) for one in self.refused]}


async def write_orders(  # noqa: PLR0917 - which file, for whom, and who is told how far it is
    open_work: OpenWork,
    actor: Actor,
    path: Path,
    plan: Plan,
    zone: ZoneInfo,
    report: Report | None = None,
) -> Written:
    """Write a file order by order, each in a transaction of its own: new ones are filed, changed ones changed.

    Parameters
    ----------
    open_work, actor
        Opens a unit of work, and on whose behalf.
    path, plan, zone
        The file, how it is read, and by whose clock.
    report
        Told how many rows are done.
    """
    async with open_work() as work:
        finder = Finder(await work.addresses.get(work.session, actor.community_id), plan.choices)
    written, done = Written(), 0
    async for piece in _pieces(orders_of(path, plan.columns, zone), finder):
        async with open_work() as work:
            kept, seen = await _kept(work, actor.community_id, piece), set[str]()
        for row in piece:
            if row.key in seen:  # the same number twice in a file: the later one counts as a change
                async with open_work() as work:
                    kept |= await _kept(work, actor.community_id, [row])
            seen.add(row.key)
            try:
                what = await _write(open_work, actor, row, kept.get(row.key), finder, plan)
            except WeiwangError as error:
                what = "refused"
                if len(written.refused) < MOST_SHOWN:
                    written.refused.append((row.line, error.code))
            written.counts[what] += 1
        done += len(piece)
        if report is not None:
            await report(done)
    return written


async def _write(  # noqa: PLR0917 - a row, and what is known of it
    open_work: OpenWork, actor: Actor, row: OrderRow, kept: Kept | None, finder: Finder, plan: Plan
) -> str:
    """Write one order and return what became of it."""
    if {"words_missing", "address_missing"} & set(row.problems):
        return "incomplete"
    if kept is not None:
        if not _differs(kept, row):
            return "unchanged"
        async with open_work() as work:
            return "changed" if await change_call(work, actor, kept, row.words, row.due_at) else "unchanged"
    place, _ = finder.find(row.address)
    if place is None:
        return "skipped" if plan.choices.get(row.address) == SKIP else "doubtful"
    async with open_work() as work:
        await take_call(work, actor, _call(actor.community_id, row, place, plan, work.clock.now()))
    return "new"


def _call(community_id: str, row: OrderRow, place: Match, plan: Plan, now: datetime) -> HotlineCall:
    received = min(row.received_at or now, now)
    return HotlineCall(
        id=order_id(community_id, row.key),
        category=category_of(row.category, row.words, plan.categories),
        words=row.words,
        position=Position(place.lon, place.lat, source=PositionSource.PLATE),
        received_at=received,
        order_number=row.order_number,
        due_at=row.due_at if row.due_at and row.due_at > received else None,
        callback=row.callback if len(row.callback) >= 3 else "",  # noqa: PLR2004 - the shortest number
        building_id=place.id if place.kind is Kind.BUILDING else None,
        address=row.address,
        detail=row.detail,
    )


def order_id(community_id: str, key: str) -> UUID:
    """Return the id of a file's order: the same whenever it is read."""
    return uuid5(NAMESPACE_URL, f"hotline/{community_id}/{key}")


async def _pieces(rows: Iterator[OrderRow], finder: Finder) -> AsyncIterator[list[OrderRow]]:
    """Yield rows in pieces; they are read, and their addresses looked up, in a thread."""

    def read() -> list[OrderRow]:
        piece = list(islice(rows, AT_ONCE))
        for row in piece:
            if row.address:
                finder.find(row.address)
        return piece

    while piece := await asyncio.to_thread(read):
        yield piece


async def _kept(work: Work, community_id: str, piece: Sequence[OrderRow]) -> dict[str, Kept]:
    """Return the orders of a piece that are there, by their keys; the same number twice in it is found the second time."""
    found = await hotline.by_numbers(work.session, community_id, [row.order_number for row in piece])
    nameless = {order_id(community_id, row.key): row.key for row in piece if not row.order_number}
    by_id = await hotline.by_ids(work.session, community_id, list(nameless))
    return found | {nameless[each]: one for each, one in by_id.items()}
