"""The watch log: an entry in a few taps, the log of a building or a grid, problems and what became of them."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.answers.visits import campaign_out, checklist_out, finding_out, visit_out
from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import body_of, form_of, is_form, parse
from api.language import language_of
from api.models.visits import AnswerBody, FindingQuery, VisitQuery
from api.pages.frame import Failure, redirect
from api.pages.service.frame import open_page, show_page
from api.parts import Parts
from api.rooms import pages
from api.routes.places import dict_of
from api.routes.visits.findings import ACTS, finding_filters
from api.routes.visits.log import visit_filters, visit_from
from gis.errors import NotFoundError, WeiwangError
from gis.exports.sheets import write_xlsx
from gis.flows.today import today_in
from gis.flows.visits.placing import buildings_of
from gis.flows.work import Work
from gis.store.people import timezone_of
from gis.store.session import ReadSession
from gis.views.boards import addresses, categories, grids
from gis.views.visits import (
    VisitItem,
    campaign_list,
    checklists_of,
    finding_list,
    visit_detail,
    visit_list,
)
from gis.visits.checklists import used
from gis.visits.kinds import FindingState, VisitKind
from gis.visits.questions import Question
from gis.words import Actor
from web.campaign_words import answers_shown, problems_sheet

router = pages()
KEY = "visits"
LISTED = 30
MOST_EXPORTED = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MINE = 8
VISIT_FILTERS = ("building", "grid", "campaign", "kind", "from", "to", "mine")
FINDING_FILTERS = ("campaign", "grid", "category", "state", "unanswered", "from", "to", "building")


@router.get("/visits")
async def get_visits(request: Request, parts: PartsDep, reader: ReaderDep, work: WorkDep) -> Response:
    """Show the form for an entry, and one's own of late."""
    await open_page(work.session, reader, KEY)
    form = {"id": str(uuid4()), "kind": "look", "building": request.query_params.get("building", "")}
    form["campaign"] = request.query_params.get("campaign", "")
    return await _show(request, parts, work, reader, form)


@router.post("/visits")
async def post_visit(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Write an entry by form; a second press of the button changes nothing."""
    fields = await body_of(request)
    try:
        recorded = await visit_from(request, parts, reader.actor)
    except (WeiwangError, RequestValidationError) as error:
        form = {"id": str(uuid4()), "kind": "look", **fields}
        if is_form(request):
            sent = await form_of(request)
            form |= {name: [str(one) for one in sent.getlist(name)] for name in ("lists", "wrong")}
        async with parts.work() as work:
            await open_page(work.session, reader, KEY)
            return await _show(request, parts, work, reader, form, error)
    return redirect(f"/visits/{recorded.visit_id}", "visit_recorded")


async def _show(  # noqa: PLR0917 - whose page, with which form, and what was wrong with it
    request: Request,
    parts: Parts,
    work: Work,
    reader: Reader,
    form: dict[str, Any],
    failure: Failure | None = None,
) -> Response:
    actor, session, now = reader.actor, work.session, parts.clock.now()
    mine = await visit_list(
        session, actor, await visit_filters(session, actor, VisitQuery(mine=True)), now=now, limit=MINE
    )
    today = await today_in(session, parts.clock, actor.community_id)
    lists = used(await checklists_of(session, actor.community_id))
    running = [
        one
        for one in await campaign_list(session, actor)
        if one.ended_at is None and one.starts_on <= today <= one.ends_on
    ]
    return await show_page(
        request,
        session,
        reader,
        KEY,
        template="visits.html",
        failure=failure,
        form=form,
        kinds=[one.value for one in VisitKind],
        lists=[checklist_out(one).model_dump(mode="json") for one in lists],
        campaigns=[campaign_out(one).model_dump() for one in running],
        mine=[visit_out(one).model_dump() for one in mine.items],
        addresses=await own_addresses(work, actor),
    )


async def own_addresses(work: Work, actor: Actor) -> list[dict[str, Any]]:
    """Return the buildings that somebody looks after, by street and number."""
    atlas = await work.atlas.get(work.session, actor.community_id)
    mine = buildings_of(atlas, actor)
    return [dict_of(one) for one in await addresses(work.session, actor.community_id) if one.id in mine]


@router.get("/visits/log")
async def get_log(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show the log of a building, a grid, or all that one looks after."""
    await open_page(work.session, reader, KEY)
    actor, failure = reader.actor, None
    given = _given(request, VISIT_FILTERS)
    try:
        filters = await visit_filters(work.session, actor, parse(VisitQuery, given))
    except (WeiwangError, RequestValidationError) as error:
        failure, filters = error, await visit_filters(work.session, actor, VisitQuery.model_validate({}))
    cursor = request.query_params.get("cursor")
    page = await visit_list(work.session, actor, filters, now=work.clock.now(), limit=LISTED, cursor=cursor)
    return await show_page(
        request,
        work.session,
        reader,
        KEY,
        template="visits_log.html",
        failure=failure,
        filters=given,
        visits=[visit_out(one).model_dump() for one in page.items],
        total=page.total,
        next_url=_next("/visits/log", given, page.next),
        kinds=[one.value for one in VisitKind],
        items=await item_names(work.session, actor),
        grids=await grids_of(work.session, actor),
        campaigns=[campaign_out(one).model_dump() for one in await campaign_list(work.session, actor)],
        addresses=await own_addresses(work, actor),
    )


@router.get("/visits/findings")
async def get_findings(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show problems: each with what became of it, and what is still open (件件有落实)."""
    await open_page(work.session, reader, KEY)
    return await _show_findings(request, work, reader)


@router.get("/visits/findings.xlsx")
async def get_findings_file(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Give the problems that pass the page's filters as a workbook; taking them out is recorded as a look."""
    await open_page(work.session, reader, KEY)
    actor, session = reader.actor, work.session
    filters = await finding_filters(session, actor, parse(FindingQuery, _given(request, FINDING_FILTERS)))
    page = await finding_list(session, actor, filters, now=work.clock.now(), limit=MOST_EXPORTED)
    language = language_of(request, actor.language)
    zone = ZoneInfo(await timezone_of(session, actor.community_id))
    called = {
        one.code: one.name_en if language == "en" else one.name
        for one in await categories(session, actor.community_id)
    }
    file = BytesIO()
    await asyncio.to_thread(write_xlsx, file, [problems_sheet(language, zone, page.items, called)])
    headers = {"content-disposition": 'attachment; filename="problems.xlsx"'}
    return Response(file.getvalue(), media_type=XLSX, headers=headers)


async def _show_findings(
    request: Request, work: Work, reader: Reader, failure: Failure | None = None, **context: Any
) -> Response:
    actor = reader.actor
    given = _given(request, FINDING_FILTERS)
    try:
        filters = await finding_filters(work.session, actor, parse(FindingQuery, given))
    except (WeiwangError, RequestValidationError) as error:
        failure = failure or error
        filters = await finding_filters(work.session, actor, FindingQuery.model_validate({}))
    cursor = request.query_params.get("cursor")
    page = await finding_list(work.session, actor, filters, now=work.clock.now(), limit=LISTED, cursor=cursor)
    return await show_page(
        request,
        work.session,
        reader,
        KEY,
        template="visits_findings.html",
        failure=failure,
        filters=given,
        findings=[finding_out(one).model_dump() for one in page.items],
        total=page.total,
        next_url=_next("/visits/findings", given, page.next),
        export_url="/visits/findings.xlsx" + (f"?{urlencode(given)}" if given else ""),
        states=[one.value for one in FindingState],
        grids=await grids_of(work.session, actor),
        campaigns=[campaign_out(one).model_dump() for one in await campaign_list(work.session, actor)],
        **context,
    )


@router.post("/visits/findings/{finding_id}/{act}")
async def post_finding(
    finding_id: UUID, act: str, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Hand a problem on, settle it, or write down its answer; by one tap."""
    if act not in ACTS:
        raise NotFoundError("no such act", code="route_unknown")
    fields = await body_of(request)
    back = str(fields.pop("back", ""))
    try:
        given = parse(AnswerBody, fields)
        async with parts.work() as work:
            await ACTS[act](work, reader.actor, finding_id, given.answer)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            await open_page(work.session, reader, KEY)
            form = {name: value for name, value in fields.items() if isinstance(value, str)}
            return await _show_findings(
                request, work, reader, error, form=form | {"finding": str(finding_id), "act": act}
            )
    return redirect(back if back.startswith("/visits") else "/visits/findings", f"finding_{act}")


@router.get("/visits/{visit_id}")
async def get_visit(visit_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show one entry; the look is recorded."""
    await open_page(work.session, reader, KEY)
    item = await visit_detail(work.session, reader.actor, visit_id, work.clock.now())
    return await show_page(
        request,
        work.session,
        reader,
        KEY,
        template="visits_entry.html",
        visit=visit_out(item).model_dump(),
        items=await item_names(work.session, reader.actor),
        answers=await _answers(work.session, reader.actor, item, language_of(request, reader.actor.language)),
    )


async def item_names(session: ReadSession, actor: Actor) -> dict[str, dict[str, str]]:
    """Return what items of checklists are called, also those that are out of use."""
    lists = await checklists_of(session, actor.community_id)
    return {
        str(item.item_id): {"name": item.words, "name_en": item.words_en}
        for one in lists
        for item in one.items
    }


async def _answers(
    session: ReadSession, actor: Actor, item: VisitItem, language: str
) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return what was asked and answered there, as it is read."""
    given = item.row.answers
    found = [one for one in await campaign_list(session, actor) if one.campaign_id == item.row.campaign_id]
    asked = [Question.from_json(each) for one in found for each in one.questions]
    return answers_shown(language, [(one, [(given[one.key], 1)]) for one in asked if one.key in given])


async def grids_of(session: ReadSession, actor: Actor) -> list[dict[str, Any]]:
    """Return the grids that a reader may choose among."""
    own = actor.grid_codes
    return [dict_of(one) for one in await grids(session, actor.community_id) if not own or one.code in own]


def _given(request: Request, names: tuple[str, ...]) -> dict[str, str]:
    return {name: request.query_params[name] for name in names if request.query_params.get(name)}


def _next(path: str, given: dict[str, str], cursor: str | None) -> str | None:
    return f"{path}?{urlencode({**given, 'cursor': cursor})}" if cursor else None
