"""A page for each block: what happened there, what was done, what a repair would cost."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from api.answers import case_out
from api.deps import PartsDep, ReaderDep, RecentDep
from api.language import language_of
from api.pages.frame import check_page, show
from api.pages.planner import NAMES, drawn, seen_of
from api.rooms import pages
from api.routes.hotspots import street_out
from gis.errors import NotFoundError
from gis.flows.hotspots.along import cases_along
from gis.flows.repair_proposals import planned
from gis.store.repairs import rates
from gis.views.cases import cases_by_id
from gis.words import Status
from web.charts import month_chart
from web.i18n import N_, translate
from web.planning_words import breaks

router = pages()
LISTED, PICTURED = 40, 24
MENDED = (Status.DONE.value, Status.CLOSED.value)
YEAR_AND_MONTH = len("2026-06")


@router.get("/planner/streets/{street_id}")
async def get_street(
    street_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep, session: RecentDep
) -> Response:
    """Show one block; any of its segments leads to it."""
    check_page(reader, "planner")
    actor, now = reader.actor, parts.clock.now()
    filters = {name: request.query_params.get(name, "") for name in NAMES}
    seen, failure = await seen_of(session, actor, filters)
    ranking = await parts.streets.ranking(session, seen.scope, seen.filters, now)
    row = ranking.ground.row_of.get(street_id)
    if row is None:
        raise NotFoundError("no such street", code="street_not_found", street=str(street_id))
    along = await cases_along(session, seen.scope, seen.filters, ranking, row)
    cases = await cases_by_id(session, actor, along.case_ids[:LISTED], now=now)
    shown = [case_out(cases[one]).shown() for one in along.case_ids[:LISTED] if one in cases]
    part = planned(ranking, row, await rates(session, actor.community_id))
    limits = breaks([float(rate) * ranking.yearly for rate in ranking.scored.rates.mean[ranking.order]])
    out = street_out(part.street, line=True)
    language = language_of(request, actor.language)
    months = [(name if name.endswith("-01") else "", float(count)) for name, count in along.months]
    return await show(
        request,
        session,
        reader,
        "planner_street.html",
        failure=failure,
        query=urlencode({name: value for name, value in filters.items() if value} if failure is None else {}),
        street=out.model_dump(mode="json"),
        drawn=[drawn(out, limits)],
        cases=shown,
        count=len(along.case_ids),
        mended=sum(one["status"] in MENDED for one in shown),
        photos=[photo for one in shown for photo in one["photos"]][:PICTURED],
        chart=month_chart(
            [(name[:4], count) for name, count in months], translate(language, N_("每月案件数"))
        ),
        costs=dict(part.costs),
        cost=part.cost,
        expected=part.expected,
    )
