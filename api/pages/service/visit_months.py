"""A month of visits by place: how many doors somebody was met behind, and which are left; also as a workbook."""

from __future__ import annotations

import asyncio
import io
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from api.deps import PartsDep, ReaderDep, WorkDep
from api.language import language_of
from api.pages.service.files import named_file
from api.pages.service.frame import open_page, show_page
from api.pages.service.visits import KEY, grids_of
from api.rooms import pages
from api.routes.visits.months import building_out, door_out, this_month
from gis.errors import InvalidInputError, WeiwangError
from gis.exports.sheets import write_xlsx
from gis.people.permissions import may
from gis.service.expiry import months_later
from gis.views.visit_coverage import Coverage, coverage_of, doors_left_in
from web.visit_sheets import coverage_sheet

router = pages()
PATH = "/visits/coverage"


def _chosen(found: Coverage, grid: str) -> Coverage:
    return Coverage(tuple(one for one in found.buildings if not grid or one.grid == grid))


def _building(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@router.get(PATH)
async def get_coverage(request: Request, parts: PartsDep, reader: ReaderDep, work: WorkDep) -> Response:
    """Show a month by micro-grid and building, and the doors that are left of one building."""
    session, actor = work.session, reader.actor
    await open_page(session, reader, KEY)
    failure: WeiwangError | None = None
    try:
        month = await this_month(session, parts.clock, actor, request.query_params.get("month"))
    except InvalidInputError as error:
        failure, month = error, await this_month(session, parts.clock, actor, None)
    grid = request.query_params.get("grid", "")
    found = _chosen(await coverage_of(session, actor, month.since, month.until), grid)
    building = _building(request.query_params.get("building", ""))
    left = []
    if building is not None:
        left = await doors_left_in(session, actor, building, month.since, month.until, work.clock.now())
    return await show_page(
        request,
        session,
        reader,
        KEY,
        template="visits_coverage.html",
        failure=failure,
        month=month,
        earlier=f"{months_later(month.first, -1):%Y-%m}",
        later=f"{months_later(month.first, 1):%Y-%m}" if month.last < month.today else None,
        coverage=found,
        buildings=[building_out(one).model_dump() for one in found.buildings],
        grid=grid,
        grids=await grids_of(session, actor),
        building=building,
        doors=[door_out(one).model_dump() for one in left],
        may_plan=may(actor, "plan_rounds"),
    )


@router.get(PATH + ".xlsx")
async def get_file(request: Request, parts: PartsDep, reader: ReaderDep, work: WorkDep) -> Response:
    """Give a month as a workbook: buildings and figures, no doors and no names."""
    session, actor = work.session, reader.actor
    await open_page(session, reader, KEY)
    month = await this_month(session, parts.clock, actor, request.query_params.get("month"))
    found = _chosen(
        await coverage_of(session, actor, month.since, month.until), request.query_params.get("grid", "")
    )
    language = language_of(request, actor.language)
    held = io.BytesIO()
    await asyncio.to_thread(write_xlsx, held, [coverage_sheet(language, found.buildings)])
    name = f"{'Visits' if language == 'en' else '走访覆盖'} {month.first:%Y-%m}"
    return named_file(held.getvalue(), "xlsx", name)
