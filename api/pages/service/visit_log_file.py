"""The watch log as a workbook, by the filters of its page."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fastapi import Request
from starlette.responses import Response

from api.deps import ReaderDep, WorkDep
from api.forms import parse
from api.language import language_of
from api.models.visits import VisitQuery
from api.pages.service.frame import open_page
from api.pages.service.visits import KEY, MOST_EXPORTED, VISIT_FILTERS
from api.rooms import pages
from api.routes.visits.log import visit_filters
from api.sheet_answer import sheet_answer
from gis.store.people import timezone_of
from gis.views.visit_export import visits_taken_out
from web.visit_sheets import log_sheet

router = pages()


@router.get("/visits/log.xlsx")
async def get_log_file(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Give the entries that pass the page's filters; taking them out is recorded as a look."""
    session, actor = work.session, reader.actor
    await open_page(session, reader, KEY)
    given = {name: request.query_params[name] for name in VISIT_FILTERS if request.query_params.get(name)}
    filters = await visit_filters(session, actor, parse(VisitQuery, given))
    rows = await visits_taken_out(session, actor, filters, now=work.clock.now(), limit=MOST_EXPORTED)
    zone = ZoneInfo(await timezone_of(session, actor.community_id))
    return await sheet_answer(log_sheet(language_of(request, actor.language), zone, rows), "visits")
