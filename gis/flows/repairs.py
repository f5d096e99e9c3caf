"""Plans of repairs: streets chosen by hand or under a budget, saved with the figures that they were chosen by."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from gis.categories import CATEGORIES
from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.hotspots.current import HotStreet, Ranking, street
from gis.flows.work import Work
from gis.hotspots.planning import choose_best
from gis.people.permissions import require
from gis.store import repairs as store
from gis.store.repairs import PlanVersion
from gis.store.session import ReadSession
from gis.words import Actor

MOST_STREETS = 500
LONGEST_NAME = 80
LONGEST_NOTE = 2000
MOST_YUAN_PER_M = 1_000_000.0
MOST_BUDGET = 1e12
BUDGETS = ("metres", "yuan")
HAND = "hand"
CODES = frozenset(category.code for category in CATEGORIES)


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


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan to be saved: made by the client's id; ``base`` is the version that it was made from, 0 for a new one."""

    plan_id: UUID
    name: str
    note: str
    base: int
    filters: Mapping[str, Any]
    budget: Mapping[str, Any]


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


async def save_plan(
    work: Work, actor: Actor, draft: PlanDraft, proposal: Proposal, ranking: Ranking
) -> PlanVersion:
    """Save a plan, or a new version of one; a repeat of the same changes nothing.

    Parameters
    ----------
    work, actor
        Who saves.
    draft, proposal, ranking
        What.

    Raises
    ------
    InvalidInputError
        ``plan_empty``, ``field_missing``, ``field_too_long``.
    ConflictError
        ``plan_changed``: somebody has saved another version since.
    """
    require(actor, "plan_repairs")
    name = draft.name.strip()
    if not name:
        raise InvalidInputError("a plan has a name", code="field_missing", field="name")
    for value, limit, named in ((name, LONGEST_NAME, "name"), (draft.note, LONGEST_NOTE, "note")):
        if len(value) > limit:
            raise InvalidInputError("too long", code="field_too_long", field=named, limit=limit)
    if not proposal.streets:
        raise InvalidInputError("a plan without streets", code="plan_empty", field="street")
    figures = {
        "name": name,
        "note": draft.note.strip(),
        "filters": dict(draft.filters),
        "budget": dict(draft.budget),
        "streets": [frozen(one) for one in proposal.streets],
        "totals": proposal.totals(ranking),
    }
    return await _append(work, actor, draft.plan_id, draft.base, figures)


async def drop_plan(work: Work, actor: Actor, plan_id: UUID) -> None:
    """Take a plan off the list; its versions stay."""
    require(actor, "plan_repairs")
    last = (await plan_versions(work.session, actor.community_id, plan_id))[0]
    if not last.dropped:
        kept = {
            name: getattr(last, name) for name in ("name", "note", "filters", "budget", "streets", "totals")
        }
        await _append(work, actor, plan_id, last.version, {**kept, "dropped": True})


async def set_rates(work: Work, actor: Actor, given: Mapping[str, float | None]) -> None:
    """Enter what repairing a metre costs, by category; None takes a rate away.

    Raises
    ------
    InvalidInputError
        ``rate_invalid``, ``category_unknown``.
    """
    require(actor, "plan_repairs")
    for code, value in given.items():
        if code not in CODES:
            raise InvalidInputError(f"no category {code}", code="category_unknown", field=code, category=code)
        if value is not None and not (math.isfinite(value) and 0.0 <= value <= MOST_YUAN_PER_M):
            raise InvalidInputError("no rate", code="rate_invalid", field=code, limit=int(MOST_YUAN_PER_M))
    await store.set_rates(work.session, actor.community_id, actor.person_id, work.clock.now(), given)


async def plan_versions(session: ReadSession, community_id: str, plan_id: UUID) -> list[PlanVersion]:
    """Return a plan's versions, the newest first; raises ``plan_not_found``."""
    found = await store.versions(session, community_id, plan_id)
    if not found:
        raise NotFoundError("no such plan", code="plan_not_found")
    return found


async def _append(
    work: Work, actor: Actor, plan_id: UUID, base: int, figures: Mapping[str, Any]
) -> PlanVersion:
    row = {
        "plan_id": plan_id,
        "version": base + 1,
        "author_id": actor.person_id,
        "saved_at": work.clock.now(),
        **figures,
    }
    before = await store.versions(work.session, actor.community_id, plan_id)
    latest = before[0].version if before else 0
    if latest == base and await store.add_version(work.session, actor.community_id, row):
        return (await store.versions(work.session, actor.community_id, plan_id))[0]
    again = next((one for one in before if one.version == base + 1), None)
    same = again is not None and again.author_id == actor.person_id and again.name == figures["name"]
    if again is not None and same and list(again.streets) == list(figures["streets"]):
        return again
    raise ConflictError("somebody has saved the plan meanwhile", code="plan_changed", version=latest)


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
