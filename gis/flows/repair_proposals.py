"""What a plan of repairs would be: blocks chosen by hand, or the best under a budget, with what they cost and bring."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from gis.errors import InvalidInputError, NotFoundError
from gis.flows.hotspots.current import HotStreet, Ranking, street
from gis.hotspots.planning import choose_best

MOST_STREETS = 500
MOST_BUDGET = 1e12
BUDGETS = ("metres", "yuan")
HAND = "hand"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a plan is made from: blocks chosen by hand, or else a budget; and by which cases they are ranked."""

    streets: tuple[UUID, ...] = ()
    budget: str = ""
    amount: float | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)

    def as_budget(self) -> dict[str, Any]:
        """Return the budget as it is kept with a plan; ``best``: the blocks were found, not chosen."""
        best = not self.streets and self.amount is not None
        return {"kind": self.budget or HAND, "amount": self.amount, "best": best}


@dataclass(frozen=True, slots=True)
class PlanStreet:
    """A block in a plan: what is known of it, what it should bring, and what it costs (None: no rate was entered)."""

    street: HotStreet
    expected: float
    cost: float | None
    costs: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Blocks to repair, with their sums; ``exact`` tells that no other choice under the budget covers more."""

    streets: tuple[PlanStreet, ...]
    exact: bool = False

    def totals(self, ranking: Ranking) -> dict[str, Any]:
        """Return length, cost, cases expected in a year, and their part of all."""
        all_expected = float((ranking.scored.rates.mean * ranking.scored.streets.length_m).sum())
        expected = sum(one.expected for one in self.streets)
        year = 365.25 / ranking.scored.period_days
        known = [one.cost for one in self.streets if one.cost is not None]
        return {
            "streets": len(self.streets),
            "length_m": round(sum(one.street.block.length_m for one in self.streets), 1),
            "cost": round(sum(known), 2) if known else None,
            "without_cost": len(self.streets) - len(known),
            "expected": round(expected, 2),
            "share": round(expected / max(all_expected * year, 1e-9), 4),
            "cases": round(sum(one.street.cases for one in self.streets), 2),
            "exact": self.exact,
        }


def costs_of(ranking: Ranking, row: int, rates: Mapping[str, float]) -> dict[str, float]:
    """Return what repairing a block costs: its length by the rate of each category that happened there."""
    length_m = float(ranking.scored.streets.length_m[row])
    return {
        code: round(length_m * rates[code], 2)
        for code, count in zip(ranking.codes, ranking.by_category[row], strict=True)
        if count > 0.0 and code in rates
    }


def planned(ranking: Ranking, row: int, rates: Mapping[str, float]) -> PlanStreet:
    """Return a block as a part of a plan."""
    place = np.flatnonzero(ranking.order == row)
    shown = street(ranking, row, int(place[0]) + 1 if len(place) else 0)
    costs = costs_of(ranking, row, rates)
    cost = round(sum(costs.values()), 2) if costs else None
    return PlanStreet(shown, round(shown.rate * shown.block.length_m / 100.0, 3), cost, costs)


def by_hand(ranking: Ranking, ids: Sequence[UUID], rates: Mapping[str, float]) -> Proposal:
    """Return the blocks that somebody has chosen, the worst first.

    Raises
    ------
    InvalidInputError
        ``plan_too_long``.
    NotFoundError
        ``street_not_found``.
    """
    if len(ids) > MOST_STREETS:
        raise InvalidInputError("too many streets", code="plan_too_long", field="street", limit=MOST_STREETS)
    unknown = [one for one in ids if one not in ranking.ground.row_of]
    if unknown:
        raise NotFoundError(f"no street {unknown[0]}", code="street_not_found", street=str(unknown[0]))
    rows = sorted(
        {ranking.ground.row_of[one] for one in ids}, key=lambda row: -ranking.scored.rates.mean[row]
    )
    return Proposal(tuple(planned(ranking, row, rates) for row in rows))


async def under_budget(ranking: Ranking, kind: str, amount: float, rates: Mapping[str, float]) -> Proposal:
    """Return the blocks that cover most of what is to be expected under a budget.

    Parameters
    ----------
    ranking, rates
        What is known, and what a metre costs.
    kind, amount
        ``metres`` or ``yuan``, and how many.

    Raises
    ------
    InvalidInputError
        ``budget_kind``, ``budget_amount``, ``rates_missing``.
    """
    if kind not in BUDGETS:
        raise InvalidInputError("metres or yuan", code="budget_kind", field="budget")
    if not math.isfinite(amount) or not 0.0 < amount <= MOST_BUDGET:
        raise InvalidInputError("no amount", code="budget_amount", field="amount")
    length_m = ranking.scored.streets.length_m
    cost = length_m
    if kind == "yuan":
        if not rates:
            raise InvalidInputError("no rates yet", code="rates_missing", field="amount")
        per_m = np.array([rates.get(code, 0.0) for code in ranking.codes])
        cost = length_m * ((ranking.by_category > 0.0) @ per_m)
    chosen = await asyncio.to_thread(choose_best, ranking.scored.rates.mean * length_m, cost, amount)
    rows = chosen.street[:MOST_STREETS].tolist()
    return Proposal(tuple(planned(ranking, row, rates) for row in rows), chosen.exact)


async def proposed(ranking: Ranking, choice: Choice, rates: Mapping[str, float]) -> Proposal:
    """Return the blocks that a choice means; none where nothing was chosen yet.

    Parameters
    ----------
    ranking, rates
        What is known, and what a metre costs.
    choice
        Blocks or a budget; raises what ``by_hand`` and ``under_budget`` raise.
    """
    if choice.streets:
        return by_hand(ranking, choice.streets, rates)
    if choice.amount is None:
        return Proposal(())
    return await under_budget(ranking, choice.budget, choice.amount, rates)


def frozen(one: PlanStreet) -> dict[str, Any]:
    """Return a block as it is kept in a plan, with its figures at the time."""
    shown, block = one.street, one.street.block
    return {
        "id": str(block.id),
        "rank": shown.rank,
        "name": block.name,
        "name_en": block.name_en,
        "between": list(block.ends),
        "between_en": list(block.ends_en),
        "courtyard": block.courtyard,
        "courtyard_en": block.courtyard_en,
        "length_m": round(block.length_m, 1),
        "cases": shown.cases,
        "rate": shown.rate,
        "low": shown.low,
        "high": shown.high,
        "enough_data": shown.enough_data,
        "trend": shown.trend,
        "hot": shown.hot,
        "categories": dict(shown.categories),
        "expected": one.expected,
        "cost": one.cost,
        "line": [list(point) for point in block.line],
    }
