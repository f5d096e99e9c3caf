"""Pages to look at: map, desk and one case."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from api.answers import case_out, report_out
from api.deps import ReadDep, ReaderDep, WorkDep
from api.filters import case_filters
from api.forms import parse
from api.models import CaseListQuery
from api.pages.case_page import show_case
from api.pages.frame import check_page, show
from api.rooms import pages
from api.routes.places import dict_of
from gis.people.permissions import may, scope_of
from gis.service.ledger import movement
from gis.store.session import ReadSession
from gis.store.statements import Entry
from gis.views.boards import (
    Points,
    grids,
    points_of,
    status_counts,
)
from gis.views.cases import case_list
from gis.views.layers import area_filter
from gis.views.reports import ReportFilters, report_list
from gis.words import Actor, Level

router = pages()
DESK_LIMIT = 50
CASE_NAMES = ("status", "category", "grid", "light", "q", "from", "to", "cursor")


@router.get("/map")
async def get_map(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the map of one's areas with live cases."""
    check_page(reader, "map")
    counts = await status_counts(session, scope_of(reader.actor))
    return await show(
        request,
        session,
        reader,
        "map.html",
        grids=await grids_of(session, reader.actor),
        counts=counts,
        may_see_people=may(reader.actor, "read_on_duty"),
        may_visit=may(reader.actor, "visit"),
    )


@router.get("/cases/{case_id}")
async def get_case_page(case_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show one case; the look is recorded."""
    return await show_case(request, work, reader, case_id)


def _query(model: Any, given: dict[str, str]) -> Any:
    return parse(model, given)


async def my_points(session: ReadSession, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return somebody's points for a page."""
    found: Points = await points_of(session, actor.community_id, actor.person_id, now=now, limit=20)
    return {
        "balance": found.balance,
        "today": found.today,
        "month": found.month,
        "hours": found.hours,
        "debt": found.debt,
        "entries": [shown_entry(entry) for entry in found.entries],
    }


def shown_entry(one: Entry) -> dict[str, Any]:
    """Return a line of points for a page."""
    return {**dict_of(one), "kind": movement(one.from_kind, one.to_kind).value}


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


async def grids_of(session: ReadSession, actor: Actor) -> list[dict[str, Any]]:
    """Return the grids that somebody sees, for a page."""
    wanted = area_filter(scope_of(actor), Level.GRID)
    found = await grids(session, actor.community_id)
    return [dict_of(one) for one in found if wanted.everything or one.code in wanted.codes]
