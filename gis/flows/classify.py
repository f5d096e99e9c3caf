"""Putting a case into another category: its deadlines are those of the new one, counted from when it was opened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from gis.cases.categories import Category, category
from gis.cases.deadlines import deadlines, due
from gis.cases.transitions import transition
from gis.errors import ConflictError
from gis.flows.acting import change, hold
from gis.flows.clocks import case_clock
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.store.cases import LockedCase
from gis.words import Actor, CaseState, Status, Verb


async def classify(
    work: Work, actor: Actor, case_id: UUID, code: str, reason: str = "", *, undoes: int | None = None
) -> CaseState:
    """Put a case into another category; what its reporters chose stays with their reports.

    Parameters
    ----------
    work, actor, case_id
        Who decides on which case.
    code
        Of the category; the one that it has changes nothing.
    reason
        Optional.
    undoes
        The event that is taken back by this.

    Raises
    ------
    InvalidInputError
        ``category_unknown``.
    ConflictError
        ``paused_already``: its clock stands still; ``ordered_service``: it was ordered as what it is.
    """
    said = plain(reason, "reason", limit=500)
    category(code)  # before anything is held
    kind = await work.atlas.kind(work.session, actor.community_id, code)
    case, found = await hold(work, actor, case_id)
    transition(case.facts, Verb.CLASSIFY, found)
    old = await work.atlas.kind(work.session, actor.community_id, case.facts.category)
    if old.code == kind.code:
        return CaseState(case_id, case.facts.status, case.facts.revision)
    if case.pause is not None:
        raise ConflictError("its clock stands still", code="paused_already")
    if case.starts_at is not None:
        raise ConflictError("it was ordered as what it is", code="ordered_service")
    data: dict[str, Any] = {"from": old.code, "to": kind.code}
    return await change(
        work,
        actor.community_id,
        replace(case, facts=replace(case.facts, category=kind.code)),  # what follows goes by the new one
        Verb.CLASSIFY,
        found,
        actor=actor,
        reason=said,
        data=data if undoes is None else data | {"undoes": undoes},
        columns=await _columns(work, actor.community_id, case, old, kind),
    )


async def _columns(
    work: Work, community_id: str, case: LockedCase, old: Category, kind: Category
) -> dict[str, Any]:
    clock = await case_clock(work, community_id, kind)
    columns: dict[str, Any] = dict(deadlines(kind, case.opened_at, clock).columns())
    if case.facts.status is Status.ACCEPTED and case.accepted_at is not None:
        here = due(clock, case.accepted_at, kind.on_site_s)
        columns |= {"on_site_soon_at": here.soon_at, "on_site_due_at": here.at}
    marked = case.urgent and not old.urgent  # somebody of the office had said so
    return columns | {"category": kind.code, "urgent": kind.urgent or marked}
