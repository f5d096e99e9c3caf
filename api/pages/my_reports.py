"""One's own reports: the list, each with what became of it, and what one says of the work."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.answers import detail_out, report_out
from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import body_of
from api.models import LIVE
from api.pages.frame import Failure, check_page, redirect, show
from api.rooms import pages
from api.routes.ratings import perform_rating
from gis.cases.ratings import RATEABLE
from gis.errors import NotFoundError, WeiwangError
from gis.flows.work import Work
from gis.views.cases import case_detail
from gis.views.reports import ReportFilters, find_report, report_list

router = pages()
A_PAGE = 30
DONE = tuple(sorted(status.value for status in RATEABLE))
SHOWN: dict[str, dict[str, Any]] = {
    "": {},
    "live": {"statuses": tuple(one for one in LIVE if one not in DONE)},
    "to_rate": {"statuses": DONE, "unrated": True},
}


@router.get("/reports")
async def get_reports(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """List one's own reports, the newest first: all, those under way, or those that one may rate."""
    check_page(reader, "report")
    shown = request.query_params.get("show", "")
    shown = shown if shown in SHOWN else ""
    filters = ReportFilters(reporter_id=reader.actor.person_id, **SHOWN[shown])
    cursor = request.query_params.get("cursor")
    failure: WeiwangError | None = None
    try:
        page = await report_list(session, reader.actor, filters, limit=A_PAGE, cursor=cursor)
    except WeiwangError as error:  # a cursor that nobody can read: the first page again
        failure = error
        page = await report_list(session, reader.actor, filters, limit=A_PAGE)
    asked = {name: value for name, value in (("show", shown), ("cursor", page.next)) if value}
    return await show(
        request,
        session,
        reader,
        "reports.html",
        failure=failure,
        page={"items": [report_out(reader.actor, one).shown() for one in page.items]},
        shown=shown,
        next_url=f"/reports?{urlencode(asked)}" if page.next else None,
    )


@router.get("/report/{report_id}")
async def get_sent(report_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show a report that was received, and what became of it."""
    return await _show_report(request, work, reader, report_id)


@router.post("/report/{report_id}/rating")
async def post_rating(report_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Say how the work was; what is missing is told beside its field."""
    fields: dict[str, Any] = {}
    try:
        fields = await body_of(request)
        await perform_rating(parts, reader, report_id, fields)
    except (WeiwangError, RequestValidationError) as error:
        if isinstance(error, NotFoundError):
            raise
        form = {name: str(value) for name, value in fields.items()}
        async with parts.work() as work:
            return await _show_report(request, work, reader, report_id, failure=error, form=form)
    return redirect(f"/report/{report_id}", "rated")


async def _show_report(
    request: Request,
    work: Work,
    reader: Reader,
    report_id: UUID,
    *,
    failure: Failure | None = None,
    form: dict[str, str] | None = None,
) -> Response:
    actor = reader.actor
    report = report_out(actor, await find_report(work.session, actor, report_id)).shown()
    try:
        detail = await case_detail(work.session, actor, report["case_id"], work.clock.now())
        case = detail_out(actor, detail).shown()
    except NotFoundError:  # seen by its author, and nobody else's words
        case = None
    own = case is not None and case["assignee"] is not None and case["assignee"]["id"] == actor.person_id
    return await show(
        request,
        work.session,
        reader,
        "report_sent.html",
        failure=failure,
        form=form or {},
        report=report,
        case=case,
        may_rate=report["mine"] and report["status"] in DONE and not own,
    )
