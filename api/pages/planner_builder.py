"""A plan of repairs being made: blocks chosen by hand or under a budget, shown with their figures, saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import form_of
from api.pages.frame import Failure, check_page, redirect, show
from api.pages.planner import HOURS, NAMES, seen_of
from api.pages.planner_plans import drawn_street
from api.parts import Parts
from api.rooms import pages
from gis.errors import ConflictError, InvalidInputError, NotFoundError, WeiwangError
from gis.flows.hotspots.current import Ranking
from gis.flows.repair_proposals import (
    BUDGETS,
    HAND,
    Choice,
    Proposal,
    frozen,
    proposed,
)
from gis.flows.repairs import PlanDraft, plan_versions, save_plan
from gis.people.permissions import may
from gis.store import repairs as store
from gis.store.repairs import PlanVersion
from gis.store.session import ReadSession
from web.planning_words import breaks

router = pages()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a new plan is to be made from, as it was typed."""

    filters: dict[str, str]
    streets: tuple[str, ...]
    budget: str
    amount: str

    def choice(self) -> Choice:
        """Return what was typed as it is meant; raises ``budget_amount`` and ``plan_not_found``."""
        kept = {name: value for name, value in self.filters.items() if value}
        wanted = self.amount or (self.budget in BUDGETS and not self.streets)
        amount = _amount(self.amount) if wanted else None
        return Choice(tuple(_uuid(one) for one in self.streets), self.budget, amount, kept)


@router.get("/planner/plans/new")
async def get_new(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show what a plan would be: the streets chosen by hand, the best under a budget, or those of a saved plan."""
    check_page(reader, "planner")
    query = request.query_params
    asked = _asked(query, [str(one) for one in query.getlist("street")])
    form = {"id": str(uuid4()), "base": "0", "name": "", "note": ""}
    if plan := query.get("plan"):
        last = (await plan_versions(session, reader.actor.community_id, _uuid(plan)))[0]
        form = {"id": str(last.plan_id), "base": str(last.version), "name": last.name, "note": last.note}
        if not asked.streets and not asked.amount:
            chosen = tuple(str(one["id"]) for one in last.streets)
            kept = {name: str(last.filters.get(name, "")) for name in NAMES}
            asked = Asked(kept, chosen, str(last.budget.get("kind", HAND)), _text(last.budget.get("amount")))
    return await _builder(request, parts, session, reader, asked, form)


@router.post("/planner/plans")
async def post_plan(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Save a plan, or a new version of it; a second press of the button changes nothing."""
    check_page(reader, "planner")
    given = await form_of(request)
    asked = _asked(given, [str(one) for one in given.getlist("street")])
    form = {name: str(given.get(name, "")) for name in ("id", "base", "name", "note")}
    try:
        async with parts.work() as work:
            saved = await _save(parts, work, reader, asked, form)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _builder(request, parts, session, reader, asked, form, error)
    return redirect(f"/planner/plans/{saved.plan_id}", "plan_saved")


async def _builder(  # noqa: PLR0917 - whose page, with which form, and what was wrong with it
    request: Request,
    parts: Parts,
    session: ReadSession,
    reader: Reader,
    asked: Asked,
    form: dict[str, str],
    failure: Failure | None = None,
) -> Response:
    ranking, rates, problem = await _ranked(parts, session, reader, asked)
    proposal = Proposal(())
    try:
        proposal = await proposed(ranking, asked.choice(), rates)
    except (InvalidInputError, NotFoundError) as error:
        problem = problem or error
    streets = [frozen(one) for one in proposal.streets]
    limits = breaks([float(one["rate"]) for one in streets])
    return await show(
        request,
        session,
        reader,
        "planner_builder.html",
        failure=failure or problem,
        filters=asked.filters,
        query=urlencode({name: value for name, value in asked.filters.items() if value}),
        budget=asked.budget,
        amount=asked.amount,
        budgets=BUDGETS,
        form=form,
        streets=streets,
        totals=proposal.totals(ranking),
        drawn=[drawn_street(one, limits) for one in streets],
        rates=rates,
        hours=HOURS,
        may_plan=may(reader.actor, "plan_repairs"),
    )


async def _save(parts: Parts, work: Any, reader: Reader, asked: Asked, form: dict[str, str]) -> PlanVersion:
    ranking, rates, problem = await _ranked(parts, work.session, reader, asked)
    if problem is not None:
        raise problem
    choice = asked.choice()
    proposal = await proposed(ranking, choice, rates)
    draft = PlanDraft(_uuid(form["id"]), form["name"], form["note"], _base(form["base"]), choice)
    return await save_plan(work, reader.actor, draft, proposal, ranking)


async def _ranked(
    parts: Parts, session: ReadSession, reader: Reader, asked: Asked
) -> tuple[Ranking, dict[str, float], Failure | None]:
    seen, problem = await seen_of(session, reader.actor, asked.filters)
    ranking = await parts.streets.ranking(session, seen.scope, seen.filters, parts.clock.now())
    return ranking, await store.rates(session, reader.actor.community_id), problem


def _asked(given: Any, streets: list[str]) -> Asked:
    return Asked(
        {name: str(given.get(name, "")) for name in NAMES},
        tuple(dict.fromkeys(streets)),
        str(given.get("budget", "")),
        str(given.get("amount", "")).strip(),
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError(f"no street or plan {text!r}", code="plan_not_found") from None


def _base(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 9:  # noqa: PLR2004 - far more than anybody saves
        return int(text)
    raise ConflictError("no such version", code="plan_changed", version=0)


def _amount(text: str) -> float:
    try:
        return float(text.replace(",", "").replace("，", ""))
    except ValueError:
        raise InvalidInputError("no amount", code="budget_amount", field="amount") from None


def _text(amount: Any) -> str:
    return "" if amount is None else f"{amount:g}"
