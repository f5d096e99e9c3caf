"""The dispatch desk's board: cases in columns by how they stand, and what a shift should know of the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gis.people.permissions import scope_of
from gis.store import desk
from gis.store.case_reading import ENDED, CaseFilters
from gis.store.desk import DeskNote, SavedFilter, Shift
from gis.store.desk_reading import StatusCount, status_lights, with_event
from gis.store.light_reading import FINISHED, LightFilter
from gis.store.session import ReadSession
from gis.views.cases import CaseItem, case_list, cases_by_id
from gis.words import Actor

__all__ = ["BOARD", "Board", "Column", "DeskNote", "HandedOver", "SavedFilter", "Shift", "board", "column_of"]

BOARD: Mapping[str, tuple[str, ...]] = {
    "open": ("open",),
    "offered": ("offered",),
    "in_hand": ("accepted", "on_site"),
    "referred": ("referred",),
    "done": ("done",),
    "ended": ("closed", "rejected", "cancelled"),
}
"""Columns from left to right, each with its statuses; the last is shown only to who asks for it."""
_COLUMN_OF = {status: column for column, statuses in BOARD.items() for status in statuses}
LOOK_BACK = timedelta(days=1)
"""What is shown to who has had no shift yet."""
MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Column:
    """One column with its first cards."""

    key: str
    items: Sequence[CaseItem]
    next: str | None
    total: int
    red: int
    yellow: int


@dataclass(frozen=True, slots=True)
class Board:
    """The columns, and how many cases of all of them have missed a deadline or nearly have."""

    columns: list[Column]
    total: int
    red: int
    yellow: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What somebody finds who comes to the desk."""

    since: datetime
    opened: Sequence[CaseItem]
    late: Sequence[CaseItem]
    reopened: Sequence[CaseItem]
    returned: Sequence[CaseItem]
    notes: Sequence[DeskNote]
    shifts: Sequence[Shift]


def column_of(status: str) -> str:
    """Return the column in which a case of a status stands."""
    return _COLUMN_OF[status]


async def board(
    session: ReadSession, actor: Actor, filters: CaseFilters, now: datetime, *, limit: int = 0
) -> Board:
    """Return the columns of the statuses that are asked for, each with its newest cards; 0: only how many there are."""
    everything = replace(filters, statuses=(), lights=None)
    ended = not filters.statuses or any(one in ENDED for one in filters.statuses)
    known = await status_lights(session, scope_of(actor), everything, now, ended=ended)
    counts = {one.status: one for one in known}
    columns = []
    for key, statuses in BOARD.items():
        wanted = tuple(one for one in statuses if not filters.statuses or one in filters.statuses)
        if not wanted:
            continue
        there = [counts[one] for one in wanted if one in counts]
        total = sum(_lit(one, filters.lights) for one in there)
        items: tuple[CaseItem, ...] = ()
        more = None
        if limit and total:
            page = await case_list(session, actor, replace(filters, statuses=wanted), now=now, limit=limit)
            items, more = tuple(page.items), page.next
        red, yellow = sum(one.red for one in there), sum(one.yellow for one in there)
        columns.append(Column(key, items, more, total, red, yellow))
    return Board(
        columns,
        sum(one.total for one in columns),
        sum(one.red for one in counts.values()),
        sum(one.yellow for one in counts.values()),
    )


def _lit(counted: StatusCount, wanted: LightFilter | None) -> int:
    """Return how many of a status show one of the lights asked for."""
    if wanted is None:
        return counted.cases
    green = 0 if counted.status in FINISHED else counted.cases - counted.red - counted.yellow
    return sum({"red": counted.red, "yellow": counted.yellow, "green": green}[one] for one in wanted.lights)


async def handed_over(session: ReadSession, actor: Actor, now: datetime) -> HandedOver:
    """Return what happened since somebody's last shift: new, late, reopened and returned cases, notes and shifts."""
    community_id = actor.community_id
    since = await desk.last_ended(session, community_id, actor.person_id) or now - LOOK_BACK
    opened = await case_list(session, actor, CaseFilters(since=since), now=now, limit=MOST_LISTED)
    late = await case_list(
        session, actor, CaseFilters(lights=LightFilter(("red",), now)), now=now, limit=MOST_LISTED
    )
    happened = {}
    for verb in ("reopen", "return"):
        ids = await with_event(session, scope_of(actor), verb, since, limit=MOST_LISTED)
        happened[verb] = list((await cases_by_id(session, actor, ids, now=now)).values())
    return HandedOver(
        since,
        opened.items,
        late.items,
        happened["reopen"],
        happened["return"],
        await desk.notes(session, community_id),
        await desk.shifts(session, community_id, limit=10),
    )
