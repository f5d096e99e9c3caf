"""Plans of repairs: chosen by hand or under a budget, saved with their figures, taken out as a sheet and on paper."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import HTMLResponse, Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import form_of
from api.language import language_of
from api.pages.frame import Failure, check_page, redirect, show
from api.pages.planner import HOURS, NAMES, seen_of
from api.parts import Parts
from api.printing import pdf_of
from api.routes.places import dict_of
from gis.errors import ConflictError, InvalidInputError, NotFoundError, WeiwangError
from gis.exports.sheets import write_xlsx
from gis.flows.hotspots.current import Ranking
from gis.flows.repairs import (
    BUDGETS,
    HAND,
    PlanDraft,
    Proposal,
    by_hand,
    drop_plan,
    frozen,
    plan_versions,
    save_plan,
    set_rates,
    under_budget,
)
from gis.people.permissions import may
from gis.store import repairs as store
from gis.store.repairs import PlanVersion
from gis.store.session import ReadSession
from gis.views.boards import community_facts
from gis.views.layers import layer_geojson
from web.planning_words import breaks, class_of
from web.plans import plan_report, plan_sheets

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a new plan is to be made from, as it was typed."""

    filters: dict[str, str]
    streets: tuple[str, ...]
    budget: str
    amount: str


@router.get("/planner/plans")
async def get_plans(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the saved plans, and how a new one is begun."""
    check_page(reader, "planner")
    found = await store.plans(session, reader.actor.community_id)
    return await show(
        request,
        session,
        reader,
        "planner_plans.html",
        plans=[plan_out(one) for one in found],
        filters={},
        hours=HOURS,
        may_plan=may(reader.actor, "plan_repairs"),
    )


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


@router.get("/planner/plans/{plan_id}")
async def get_plan(plan_id: UUID, request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show a plan as it was saved."""
    check_page(reader, "planner")
    versions = await plan_versions(session, reader.actor.community_id, plan_id)
    plan = plan_out(_version(versions, request.query_params.get("version")))
    limits = breaks([float(one["rate"]) for one in plan["streets"]])
    return await show(
        request,
        session,
        reader,
        "planner_plan.html",
        plan=plan,
        versions=[plan_out(one) for one in versions],
        drawn=[_drawn(one, limits) for one in plan["streets"]],
        may_plan=may(reader.actor, "plan_repairs"),
    )


@router.post("/planner/plans/{plan_id}/drop")
async def post_drop(plan_id: UUID, reader: ReaderDep, work: WorkDep) -> Response:
    """Take a plan off the list."""
    check_page(reader, "planner")
    await drop_plan(work, reader.actor, plan_id)
    return redirect("/planner/plans", "plan_dropped")


@router.get("/planner/plans/{plan_id}/{kind}")
async def get_file(  # noqa: PLR0917 - what FastAPI gives
    plan_id: UUID, kind: str, request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep
) -> Response:
    """Answer a plan as ``sheet`` (XLSX), ``report`` (to be printed) or ``pdf``."""
    check_page(reader, "planner")
    if kind not in ("sheet", "report", "pdf"):
        raise NotFoundError("no such file", code="route_unknown")
    versions = await plan_versions(session, reader.actor.community_id, plan_id)
    plan = plan_out(_version(versions, request.query_params.get("version")))
    language = language_of(request, reader.actor.language)
    facts = await community_facts(session, reader.actor.community_id)
    place = dict_of(facts) if facts else {"name": "", "name_en": "", "timezone": "UTC"}
    if kind == "sheet":
        held = io.BytesIO()
        write_xlsx(held, plan_sheets(language, plan, place))
        return _file(held.getvalue(), XLSX, f"{plan['name']}.xlsx")
    streets = await layer_geojson(session, reader.actor.community_id, "streets")
    buildings = await layer_geojson(session, reader.actor.community_id, "buildings")
    document = plan_report(
        parts.renderer.environment(language),
        language,
        plan,
        place,
        streets=streets,
        buildings=buildings,
        nonce=request.scope["state"]["nonce"],
    )
    if kind == "pdf" and (paper := await pdf_of(document)) is not None:
        return _file(paper, "application/pdf", f"{plan['name']}.pdf")
    return HTMLResponse(document)


@router.get("/planner/rates")
async def get_rates(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show what a metre of repair costs, by category."""
    check_page(reader, "planner")
    rates = await store.rates(session, reader.actor.community_id)
    form = {code: f"{value:g}" for code, value in rates.items()}
    return await _rates(request, session, reader, form)


@router.post("/planner/rates")
async def post_rates(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Enter rates; an empty field takes one away."""
    check_page(reader, "planner")
    given = await form_of(request)
    form = {name: str(value) for name, value in given.multi_items() if name != "csrf"}
    try:
        async with parts.work() as work:
            await set_rates(work, reader.actor, {code: _rate(text) for code, text in form.items()})
    except WeiwangError as error:
        async with parts.database.read() as session:
            return await _rates(request, session, reader, form, error)
    return redirect("/planner/rates", "rates_saved")


async def _rates(
    request: Request,
    session: ReadSession,
    reader: Reader,
    form: dict[str, str],
    failure: Failure | None = None,
) -> Response:
    allowed = may(reader.actor, "plan_repairs")
    return await show(
        request, session, reader, "planner_rates.html", failure=failure, form=form, may_plan=allowed
    )


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
        proposal = await _proposal(ranking, asked, rates)
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
        drawn=[_drawn(one, limits) for one in streets],
        rates=rates,
        hours=HOURS,
        may_plan=may(reader.actor, "plan_repairs"),
    )


async def _save(parts: Parts, work: Any, reader: Reader, asked: Asked, form: dict[str, str]) -> PlanVersion:
    ranking, rates, problem = await _ranked(parts, work.session, reader, asked)
    if problem is not None:
        raise problem
    by_budget = not asked.streets and bool(asked.amount)
    proposal = await _proposal(ranking, asked, rates)
    budget = {"kind": asked.budget or HAND, "amount": _amount(asked.amount) if asked.amount else None}
    draft = PlanDraft(
        _uuid(form["id"]),
        form["name"],
        form["note"],
        _base(form["base"]),
        {name: value for name, value in asked.filters.items() if value},
        budget | {"best": by_budget},
    )
    return await save_plan(work, reader.actor, draft, proposal, ranking)


async def _ranked(
    parts: Parts, session: ReadSession, reader: Reader, asked: Asked
) -> tuple[Ranking, dict[str, float], Failure | None]:
    seen, problem = await seen_of(session, reader.actor, asked.filters)
    ranking = await parts.streets.ranking(session, seen.scope, seen.filters, parts.clock.now())
    return ranking, await store.rates(session, reader.actor.community_id), problem


async def _proposal(ranking: Ranking, asked: Asked, rates: dict[str, float]) -> Proposal:
    if asked.streets:
        return by_hand(ranking, [_uuid(one) for one in asked.streets], rates)
    if asked.amount or asked.budget in BUDGETS:
        return await under_budget(ranking, asked.budget, _amount(asked.amount), rates)
    return Proposal(())


def plan_out(one: PlanVersion) -> dict[str, Any]:
    """Return a plan as it is shown."""
    return dict_of(one)


def _drawn(one: Any, limits: list[float]) -> dict[str, Any]:
    return {
        **{name: one[name] for name in ("id", "rank", "name", "name_en", "courtyard", "courtyard_en")},
        **{name: one[name] for name in ("rate", "length_m", "line", "cost")},
        "class": class_of(float(one["rate"]), limits),
        "enough": one["enough_data"],
    }


def _asked(given: Any, streets: list[str]) -> Asked:
    return Asked(
        {name: str(given.get(name, "")) for name in NAMES},
        tuple(dict.fromkeys(streets)),
        str(given.get("budget", "")),
        str(given.get("amount", "")).strip(),
    )


def _version(versions: list[PlanVersion], wanted: str | None) -> PlanVersion:
    if not wanted:
        return versions[0]
    for one in versions:
        if str(one.version) == wanted:
            return one
    raise NotFoundError("no such version", code="plan_not_found")


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


def _rate(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return math.nan


def _text(amount: Any) -> str:
    return "" if amount is None else f"{amount:g}"


def _file(data: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(data, media_type=media_type, headers=headers)
