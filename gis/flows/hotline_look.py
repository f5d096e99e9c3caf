"""What a hotline's file holds, before anything is written: how many orders are new, and whose addresses are doubtful."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from gis.addresses import Match
from gis.flows.hotline import masked
from gis.flows.hotline_file import orders_of
from gis.flows.hotline_places import SKIP, Finder
from gis.flows.hotline_rows import INCOMPLETE, MOST_SHOWN, Plan, differs, kept_of, pieces_of
from gis.flows.work import Work
from gis.hotline.rows import OrderRow, category_of
from gis.store.hotline import Kept

MOST_DOUBTFUL = 500
SAMPLES = 5
"""Enough to see whether the columns are right."""


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
    async for piece in pieces_of(orders_of(path, plan.columns, zone), finder):
        kept = await kept_of(work, community_id, piece)
        for row in piece:
            looked.rows += 1
            if len(looked.samples) < SAMPLES:
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
    if INCOMPLETE & set(row.problems):
        return
    if kept is not None:
        if differs(kept, row):
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
