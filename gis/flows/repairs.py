"""Plans of repairs, saved with the figures that their blocks were chosen by, and what a metre costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gis.categories import CATEGORIES
from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.hotspots.current import Ranking
from gis.flows.repair_proposals import Choice, Proposal, frozen
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import repairs as store
from gis.store.repairs import PlanVersion
from gis.store.session import ReadSession
from gis.words import Actor

LONGEST_NAME = 80
LONGEST_NOTE = 2000
MOST_YUAN_PER_M = 1_000_000.0
CODES = frozenset(category.code for category in CATEGORIES)


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan to be saved: made by the client's id; ``base`` is the version that it was made from, 0 for a new one."""

    plan_id: UUID
    name: str
    note: str
    base: int
    choice: Choice


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
        "filters": dict(draft.choice.filters),
        "budget": draft.choice.as_budget(),
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
