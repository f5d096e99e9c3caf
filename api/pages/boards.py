"""Pages to look at: home, tasks, map, desk, planner and one case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import HTMLResponse, Response

from api.answers import case_out, report_out
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.filters import case_filters, heat_filters, light_filter
from api.forms import parse
from api.heat import heatmap_document
from api.language import language_of
from api.look import look_of
from api.models import CaseListQuery, HeatQuery
from api.pages.case_page import show_case
from api.pages.frame import check_page, show
from api.routes.figures import timezone_of
from api.routes.places import dict_of
from api.routes.session import duty_dict
from gis.errors import WeiwangError
from gis.people.permissions import scope_of
from gis.store.session import ReadSession
from gis.views.boards import (
    Points,
    community_facts,
    duty_of,
    grids,
    late_count,
    live_offers,
    points_of,
    status_counts,
)
from gis.views.cases import case_list
from gis.views.heat import heat_points, hotspots
from gis.views.layers import area_filter
from gis.views.reports import ReportFilters, report_list
from gis.words import Actor, Level, Status

router = APIRouter()
DESK_LIMIT = 50
CASE_NAMES = ("status", "category", "grid", "light", "q", "from", "to", "cursor")
HEAT_NAMES = ("category", "from", "to")


@router.get("/")
async def get_home(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the first page."""
    actor = reader.actor
    scope = scope_of(actor)
    now = parts.clock.now()
    offers = await live_offers(session, actor.community_id, actor.person_id, now)
    return await show(
        request,
        session,
        reader,
        "home.html",
        counts=await status_counts(session, scope),
        late=await late_count(session, scope, now),
        points=await my_points(session, actor),
        reports=await my_reports(session, actor, 5),
        offers=len(offers),
        duty=duty_dict(await duty_of(session, actor.community_id, actor.person_id)),
    )


@router.get("/map")
async def get_map(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the map of one's areas with live cases."""
    check_page(reader, "map")
    counts = await status_counts(session, scope_of(reader.actor))
    return await show(
        request, session, reader, "map.html", grids=await _grids(session, reader.actor), counts=counts
    )


@router.get("/desk")
async def get_desk(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the cases of one's areas, the unfinished ones unless asked otherwise; a filter that can't be read is told."""
    check_page(reader, "desk")
    actor = reader.actor
    filters = {name: request.query_params.get(name, "") for name in CASE_NAMES}
    failure: WeiwangError | RequestValidationError | None = None
    timezone, now = await timezone_of(session, actor.community_id), parts.clock.now()
    try:
        query = _query(CaseListQuery, filters | {"status": filters["status"] or "live"})
        wanted = replace(case_filters(query, timezone, actor), lights=light_filter(query.light, now))
        page = await case_list(session, actor, wanted, now=now, limit=DESK_LIMIT, cursor=query.cursor)
    except (WeiwangError, RequestValidationError) as error:
        failure = error
        wanted = case_filters(CaseListQuery(status="live"), timezone, actor)
        page = await case_list(session, actor, wanted, now=now, limit=DESK_LIMIT)
    scope = scope_of(actor)
    kept = {name: value for name, value in filters.items() if value and name != "cursor"}
    return await show(
        request,
        session,
        reader,
        "desk.html",
        failure=failure,
        grids=await _grids(session, actor),
        page={"items": [case_out(one).shown() for one in page.items], "next": page.next, "total": page.total},
        next_url=f"/desk?{urlencode({**kept, 'cursor': page.next})}" if page.next else None,
        filters=filters,
        statuses=[status.value for status in Status],
        counts=await status_counts(session, scope),
        late=await late_count(session, scope, now),
    )


@router.get("/planner")
async def get_planner(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show where hazards gather: the heatmap in a frame, and the worst streets."""
    check_page(reader, "planner")
    actor = reader.actor
    filters = {name: request.query_params.get(name, "") for name in HEAT_NAMES}
    failure: WeiwangError | RequestValidationError | None = None
    timezone = await timezone_of(session, actor.community_id)
    kept = {name: value for name, value in filters.items() if value}
    try:
        wanted = heat_filters(_query(HeatQuery, filters), timezone)
    except (WeiwangError, RequestValidationError) as error:
        failure, kept = error, {}
        wanted = heat_filters(HeatQuery(), timezone)
    scope = scope_of(actor)
    heat = await heat_points(session, scope, actor.role, wanted)
    streets = await hotspots(session, scope, actor.role, wanted, limit=20)
    return await show(
        request,
        session,
        reader,
        "planner.html",
        failure=failure,
        filters=filters,
        heatmap_url=f"/planner/heatmap?{urlencode(kept)}" if kept else "/planner/heatmap",
        total=heat.total,
        hotspots={"items": [dict_of(one) for one in streets], "total": len(streets)},
    )


@router.get("/planner/heatmap")
async def get_heatmap_page(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the heatmap as a document of its own."""
    check_page(reader, "planner")
    actor = reader.actor
    facts = await community_facts(session, actor.community_id)
    filters = {name: request.query_params.get(name, "") for name in HEAT_NAMES}
    wanted = heat_filters(_query(HeatQuery, filters), facts.timezone if facts else "Asia/Shanghai")
    html = await heatmap_document(
        session,
        actor,
        wanted,
        language=language_of(request, actor.language),
        nonce=request.scope["state"]["nonce"],
        theme=look_of(request)["theme"],
    )
    return HTMLResponse(html)


@router.get("/cases/{case_id}")
async def get_case_page(case_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show one case; the look is recorded."""
    return await show_case(request, work, reader, case_id)


def _query(model: Any, given: dict[str, str]) -> Any:
    return parse(model, given)


async def my_points(session: ReadSession, actor: Actor) -> dict[str, Any]:
    """Return somebody's points for a page."""
    found: Points = await points_of(session, actor.community_id, actor.person_id, limit=20)
    return {
        "balance": found.balance,
        "hours": found.hours,
        "entries": [dict_of(entry) for entry in found.entries],
    }


async def my_reports(session: ReadSession, actor: Actor, limit: int) -> list[dict[str, Any]]:
    """Return somebody's own reports for a page."""
    page = await report_list(session, actor, ReportFilters(reporter_id=actor.person_id), limit=limit)
    return [report_out(actor, one).shown() for one in page.items]


async def my_cases(
    session: ReadSession, actor: Actor, mine: str, now: datetime, limit: int
) -> list[dict[str, Any]]:
    """Return what somebody has in hand, or has done, for a page."""
    filters = case_filters(CaseListQuery(), "UTC", actor, mine)
    page = await case_list(session, actor, filters, now=now, limit=limit)
    return [case_out(one).shown() for one in page.items]


async def _grids(session: ReadSession, actor: Actor) -> list[dict[str, Any]]:
    wanted = area_filter(scope_of(actor), Level.GRID)
    found = await grids(session, actor.community_id)
    return [dict_of(one) for one in found if wanted.everything or one.code in wanted.codes]
