"""A hotline's file into cases: written order by order, once it was looked at and doubtful addresses were chosen by a person.

Writing may be cut off and begun again at any row: an order that is there already is only compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from gis.addresses import Kind, Match
from gis.errors import WeiwangError
from gis.flows.hotline import HotlineCall, change_call, take_call
from gis.flows.hotline_file import orders_of
from gis.flows.hotline_places import SKIP, Finder
from gis.flows.hotline_rows import INCOMPLETE, MOST_SHOWN, Plan, differs, kept_of, order_id, pieces_of
from gis.flows.work import OpenWork
from gis.hotline.rows import OrderRow, category_of
from gis.store.hotline import Kept
from gis.words import Actor, Position, PositionSource

Report = Callable[[int], Awaitable[None]]


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
    async for piece in pieces_of(orders_of(path, plan.columns, zone), finder):
        async with open_work() as work:
            kept, seen = await kept_of(work, actor.community_id, piece), set[str]()
        for row in piece:
            if row.key in seen:  # the same number twice in a file: the later one counts as a change
                async with open_work() as work:
                    kept |= await kept_of(work, actor.community_id, [row])
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
    if INCOMPLETE & set(row.problems):
        return "incomplete"
    if kept is not None:
        if not differs(kept, row):
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
