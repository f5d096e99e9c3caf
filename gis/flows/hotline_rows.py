"""A hotline's file in pieces: each with what is there already of its orders, read and looked up in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from uuid import NAMESPACE_URL, UUID, uuid5

from gis.flows.hotline import masked
from gis.flows.hotline_places import Finder
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.hotline.rows import OrderRow
from gis.store import hotline
from gis.store.hotline import Kept

AT_ONCE = 200
MOST_SHOWN = 50
INCOMPLETE = frozenset({"words_missing", "address_missing"})
"""What no order can be filed without."""


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


def order_id(community_id: str, key: str) -> UUID:
    """Return the id of a file's order: the same whenever it is read."""
    return uuid5(NAMESPACE_URL, f"hotline/{community_id}/{key}")


async def pieces_of(rows: Iterator[OrderRow], finder: Finder) -> AsyncIterator[list[OrderRow]]:
    """Yield rows in pieces; they are read, and their addresses looked up, in a thread."""

    def read() -> list[OrderRow]:
        piece = list(islice(rows, AT_ONCE))
        for row in piece:
            if row.address:
                finder.find(row.address)
        return piece

    while piece := await asyncio.to_thread(read):
        yield piece


async def kept_of(work: Work, community_id: str, piece: Sequence[OrderRow]) -> dict[str, Kept]:
    """Return the orders of a piece that are there, by their keys; the same number twice in it is found the second time."""
    found = await hotline.by_numbers(work.session, community_id, [row.order_number for row in piece])
    nameless = {order_id(community_id, row.key): row.key for row in piece if not row.order_number}
    by_id = await hotline.by_ids(work.session, community_id, list(nameless))
    return found | {nameless[each]: one for each, one in by_id.items()}


def differs(kept: Kept, row: OrderRow) -> bool:
    """Tell whether the hotline has changed an order."""
    words = masked(plain(row.words, "words"))
    return words != kept.words or (row.due_at is not None and row.due_at != kept.due_at)
