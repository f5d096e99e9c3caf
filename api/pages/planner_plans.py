"""Saved plans of repairs: their list, each with its figures, taken out as a sheet and on paper."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.language import language_of
from api.pages.frame import check_page, redirect, show
from api.pages.planner import HOURS
from api.printing import pdf_of
from api.rooms import pages
from api.routes.places import dict_of
from gis.errors import NotFoundError
from gis.exports.sheets import write_xlsx
from gis.flows.repairs import drop_plan, plan_versions
from gis.people.permissions import may
from gis.store import repairs as store
from gis.store.repairs import PlanVersion
from gis.views.boards import community_facts
from gis.views.layers import layer_geojson
from web.planning_words import breaks, class_of
from web.plans import plan_report, plan_sheets

router = pages()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        drawn=[drawn_street(one, limits) for one in plan["streets"]],
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


def plan_out(one: PlanVersion) -> dict[str, Any]:
    """Return a plan as it is shown."""
    return dict_of(one)


def drawn_street(one: Any, limits: list[float]) -> dict[str, Any]:
    """Return a block of a plan as the map draws it."""
    return {
        **{name: one[name] for name in ("id", "rank", "name", "name_en", "courtyard", "courtyard_en")},
        **{name: one[name] for name in ("rate", "length_m", "line", "cost")},
        "class": class_of(float(one["rate"]), limits),
        "enough": one["enough_data"],
    }


def _version(versions: list[PlanVersion], wanted: str | None) -> PlanVersion:
    if not wanted:
        return versions[0]
    for one in versions:
        if str(one.version) == wanted:
            return one
    raise NotFoundError("no such version", code="plan_not_found")


def _file(data: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(data, media_type=media_type, headers=headers)
