"""The heatmap's pages: for planners with a month to slide through, and a coarse one for everybody where that is allowed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from api.deps import PartsDep, ReaderDep, RecentDep, WorkDep
from api.filters import hot_filters
from api.forms import body_of, parse
from api.heat import Heating, Look, heatmap_document
from api.language import language_of
from api.look import look_of
from api.models import HeatQuery, SurfaceQuery
from api.pages.frame import check_page, redirect, show
from api.pages.planner import HOURS, NAMES, seen_of
from api.parts import Parts
from api.rooms import pages
from api.routes.figures import timezone_of
from gis.errors import NotFoundError
from gis.flows.hotspots.heat import Weigh
from gis.flows.hotspots.seen import public_sight, sight
from gis.people.permissions import may, require
from gis.store.publishing import public_heat, set_public_heat
from web.i18n import translate
from web.planning_words import WEIGH_NAMES, month_names

router = pages()
HEAT_NAMES = (*NAMES, "month", "weigh")


@router.get("/planner/heat")
async def get_heat(request: Request, parts: PartsDep, reader: ReaderDep, session: RecentDep) -> Response:
    """Show where hazards gather: the heatmap in a frame, with the month to slide through."""
    check_page(reader, "planner")
    actor = reader.actor
    filters = {name: request.query_params.get(name, "") for name in HEAT_NAMES}
    asked = {name: value for name, value in filters.items() if name != "weigh"}
    seen, failure = await seen_of(session, actor, asked)
    kept = {} if failure else {name: value for name, value in filters.items() if value}
    found = await parts.heat.map(session, seen, parts.clock.now())
    language = language_of(request, actor.language)
    return await show(
        request,
        session,
        reader,
        "planner_heat.html",
        failure=failure,
        filters=filters if failure is None else {**filters, "month": ""},
        query=urlencode(kept),
        total=found.total,
        cell_m=found.cell_m,
        months=month_names(language),
        month=int(filters["month"]) if failure is None and filters["month"].isdigit() else 0,
        hours=HOURS,
        weighs=[(code, translate(language, text)) for code, text in WEIGH_NAMES.items()],
        may_publish=may(actor, "publish_heat"),
        public=await public_heat(session, actor.community_id),
    )


@router.get("/planner/heatmap")
async def get_heatmap_page(
    request: Request, parts: PartsDep, reader: ReaderDep, session: RecentDep
) -> Response:
    """Show the heatmap as a document of its own; ``file=html`` gives it with everything inside, to be kept."""
    check_page(reader, "planner")
    actor = reader.actor
    given: dict[str, Any] = {name: request.query_params.get(name, "") for name in HEAT_NAMES}
    query = parse(SurfaceQuery, {**given, "weigh": given["weigh"] or Weigh.SEVERITY})
    seen = sight(actor, hot_filters(query, await timezone_of(session, actor.community_id)))
    entire = request.query_params.get("file") == "html"
    look = Look(language_of(request, actor.language), look_of(request)["theme"], entire)
    html = await heatmap_document(
        session,
        _heating(parts),
        seen,
        parts.clock.now(),
        look,
        weigh=Weigh(query.weigh),
        nonce=_nonce(request),
    )
    headers = {"Content-Disposition": 'attachment; filename="weiwang-heatmap.html"'} if entire else {}
    return HTMLResponse(html, headers=headers)


@router.post("/planner/heat/public")
async def post_public(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show the coarse heatmap to everybody, or no longer."""
    require(reader.actor, "publish_heat")
    fields = await body_of(request)
    await set_public_heat(work.session, reader.actor.community_id, on=fields.get("on") == "1")
    return redirect("/planner/heat", "heat_published" if fields.get("on") == "1" else "heat_withdrawn")


@router.get("/heat/{community_id}")
async def get_public_heat(community_id: str, request: Request, parts: PartsDep) -> Response:
    """Show everybody a coarse heatmap of hazards, where the community has decided so; else there is nothing here."""
    async with parts.database.read() as session:
        if "\x00" in community_id or not await public_heat(session, community_id):
            raise NotFoundError("nothing is published here", code="route_unknown")
        seen = public_sight(community_id, hot_filters(HeatQuery(), "UTC"))
        look = Look(language_of(request, None), look_of(request)["theme"])
        html = await heatmap_document(
            session, _heating(parts), seen, parts.clock.now(), look, weigh=Weigh.CASES, nonce=_nonce(request)
        )
    return HTMLResponse(html, headers={"Cache-Control": "public, max-age=300"})


def _heating(parts: Parts) -> Heating:
    return Heating(parts.streets, parts.heat, parts.heat_documents)


def _nonce(request: Request) -> str:
    return str(request.scope["state"]["nonce"])
