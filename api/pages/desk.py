"""The dispatch desk: its board or list, the cards that changed, acts on many cases, kept filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.answers import case_out
from api.auth import Reader
from api.bulk import bulk
from api.deps import PartsDep, ReadDep, ReaderDep
from api.desk_models import MOST_AT_ONCE, BulkBody, FilterBody
from api.filters import case_filters, light_filter
from api.forms import body_of, form_of, parse
from api.language import language_of
from api.models import CaseListQuery
from api.pages.boards import grids_of
from api.pages.frame import Failure, back_to, check_page, redirect, show
from api.parts import Parts
from api.rooms import pages
from api.routes.figures import timezone_of
from gis.errors import InvalidInputError, WeiwangError
from gis.flows.desk import drop_filter, keep_filter
from gis.flows.work import Work
from gis.people.permissions import may
from gis.store.desk import SavedFilter, filters_of
from gis.store.session import ReadSession
from gis.views.cases import CaseFilters, CaseItem, case_list, cases_by_id
from gis.views.desk import BOARD, Board, board, column_of
from gis.words import Actor, Status
from web.messages import error_sentence

router = pages()
NAMES = ("status", "category", "grid", "light", "q", "from", "to", "cursor")
VIEWS = ("board", "list")
CARDS = 25
ROWS = 50


@router.get("/desk")
async def get_desk(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the cases of one's areas, the unfinished ones unless asked otherwise; a filter that can't be read is told."""
    check_page(reader, "desk")
    kept = await _kept_filters(session, reader.actor)
    if not set(request.query_params) - {"lang", "notice"}:
        own = next((one for one in kept if one.is_default and one.owner_id == reader.actor.person_id), None)
        if own is not None:
            return redirect(f"/desk?{own.query or 'view=board'}", request.query_params.get("notice"))
    return await _show_desk(request, parts, reader, session, request.query_params, kept_filters=kept)


async def _kept_filters(session: ReadSession, actor: Actor) -> list[SavedFilter]:
    if not may(actor, "keep_filters"):
        return []
    return await filters_of(session, actor.community_id, actor.person_id)


async def _show_desk(  # noqa: PLR0917 - whose page, what it shows, and what was typed
    request: Request,
    parts: Parts,
    reader: Reader,
    session: ReadSession,
    asked: Mapping[str, str],
    failure: Failure | None = None,
    within: str = "",
    form: Mapping[str, Any] | None = None,
    *,
    kept_filters: Sequence[SavedFilter] | None = None,
) -> Response:
    """Answer with the desk as ``asked`` for; after a form that failed, with that form as it was typed."""
    actor = reader.actor
    if kept_filters is None:
        kept_filters = await _kept_filters(session, actor)
    given = {name: asked.get(name, "") for name in NAMES}
    view = asked.get("view", "")
    view = view if view in VIEWS else "list" if given["cursor"] else "board"
    now = parts.clock.now()
    try:
        wanted = await _wanted(session, actor, given, now)
        found = await _shown(session, actor, wanted, view, given["cursor"], now)
    except (WeiwangError, RequestValidationError) as error:
        failure = failure or error
        wanted = await _wanted(session, actor, {}, now)
        found = await _shown(session, actor, wanted, view, "", now)
    kept = {name: value for name, value in given.items() if value and name != "cursor"}
    page = found.pop("page")
    return await show(
        request,
        session,
        reader,
        "desk.html",
        failure=failure,
        within=within,
        form=form or {},
        grids=await grids_of(session, actor),
        page=page,
        next_url=f"/desk?{urlencode({**kept, 'view': 'list', 'cursor': page['next']})}"
        if page["next"]
        else None,
        filters=given,
        statuses=[status.value for status in Status],
        view=view,
        query=urlencode({**kept, "view": view}),
        here={one: f"/desk?{urlencode({**kept, 'view': one})}" for one in VIEWS},
        lights={
            light: f"/desk?{urlencode({**kept, 'view': view, 'light': light})}" for light in ("red", "yellow")
        },
        saved=[asdict(one) | {"mine": one.owner_id == actor.person_id} for one in kept_filters],
        may_bulk=may(actor, "merge"),
        may_desk=may(actor, "desk"),
        **found,
    )


@router.get("/desk/cards")
async def get_cards(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Answer with cards: those of certain cases that pass the filters, or the next ones of a column."""
    check_page(reader, "desk")
    given = {name: request.query_params.get(name, "") for name in NAMES}
    actor, now = reader.actor, parts.clock.now()
    wanted = await _wanted(session, actor, given, now)
    column = request.query_params.get("column", "")
    ids = _ids(request.query_params.get("ids", ""))
    if column and column not in BOARD:
        raise InvalidInputError(
            "no such column", code="field_not_one_of", field="column", expected=", ".join(BOARD)
        )
    if column:
        wanted = replace(wanted, statuses=BOARD[column])
    elif ids:
        wanted = replace(wanted, case_ids=ids)
    limit = MOST_AT_ONCE if ids and not column else CARDS
    page = await case_list(session, actor, wanted, now=now, limit=limit, cursor=given["cursor"] or None)
    counted = await board(session, actor, await _wanted(session, actor, given, now), now)
    return await show(
        request,
        session,
        reader,
        "desk_cards.html",
        cards=[_card(one) for one in page.items],
        next_cursor=page.next,
        board=_board(counted),
    )


@router.post("/desk/bulk")
async def post_bulk_form(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Act on the cases that were ticked, by form; each case's own answer is shown."""
    check_page(reader, "desk")
    form = await form_of(request)
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    chosen = [str(one) for one in form.getlist("case")]
    act = fields.get("act", "")
    back = back_to(fields.get("back"), "/desk")
    wanted_fields = {name: fields[name] for name in _FIELDS.get(act, ()) if fields.get(name)}
    try:
        body = parse(BulkBody, {"act": act, "case_ids": chosen, "fields": wanted_fields})
        outcomes = await bulk(parts, reader.actor, body)
    except (WeiwangError, RequestValidationError) as error:
        typed = {**fields, "case": chosen}
        return await _desk_again(request, parts, reader, urlsplit(back).query, error, "bulk-", typed)
    language = language_of(request, reader.actor.language)
    async with parts.database.read() as session:
        known = await cases_by_id(session, reader.actor, [one.case_id for one in outcomes])
        items = [
            {
                "id": one.case_id,
                "status": one.status,
                "problem": error_sentence(language, one.code, one.values) if one.code else "",
                "case": case_out(known[one.case_id]).shown() if one.case_id in known else None,
            }
            for one in outcomes
        ]
        return await show(request, session, reader, "desk_bulk.html", outcomes=items, act=act, back=back)


@router.post("/desk/filters")
async def post_filter_form(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Keep a filter by form, or take one away."""
    check_page(reader, "desk")
    fields = await body_of(request)
    back = back_to(str(fields.get("back", "")), "/desk")
    try:
        async with parts.work() as work:
            if fields.get("drop"):
                await drop_filter(work, reader.actor, parse_id(str(fields["drop"])))
                return redirect(back, "filter_dropped")
            await _keep(work, reader.actor, fields)
    except (WeiwangError, RequestValidationError) as error:
        return await _desk_again(request, parts, reader, urlsplit(back).query, error, "keep-", fields)
    return redirect(back, "filter_kept")


async def _keep(work: Work, actor: Actor, fields: Mapping[str, Any]) -> None:
    """Keep what of a page's address is a filter under the name that was typed."""
    given = parse(
        FilterBody, {name: value for name, value in fields.items() if name in FilterBody.model_fields}
    )
    query = [
        (name, value)
        for name, value in parse_qsl(given.query)
        if name in (*NAMES, "view") and name != "cursor"
    ]
    await keep_filter(work, actor, given.name, urlencode(query), given.shared, given.is_default)


async def _desk_again(  # noqa: PLR0917 - whose page, which, what failed and what was typed
    request: Request,
    parts: Parts,
    reader: Reader,
    query: str,
    failure: Failure,
    within: str,
    form: Mapping[str, Any],
) -> Response:
    """Answer with the desk that a form was sent from, and the form as it was typed."""
    async with parts.database.read() as session:
        return await _show_desk(
            request, parts, reader, session, dict(parse_qsl(query)), failure, within, form
        )


def parse_id(text: str) -> UUID:
    """Return an identifier of a form.

    Raises
    ------
    InvalidInputError
        ``field_not_uuid``.
    """
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInputError("not an identifier", code="field_not_uuid", field="id") from None


_FIELDS: Mapping[str, tuple[str, ...]] = {
    "refer": ("agency", "reason", "due_at"),
    "verify": (),
    "cancel": ("reason",),
    "reject": ("reason",),
    "classify": ("category", "reason"),
    "set_urgent": ("urgent", "reason"),
    "merge": ("into", "reason"),
    "undo": (),
}


def _ids(text: str) -> tuple[UUID, ...]:
    return tuple(parse_id(one) for one in text.split(",")[:MOST_AT_ONCE] if one)


async def _wanted(session: ReadSession, actor: Actor, given: Mapping[str, str], now: datetime) -> CaseFilters:
    status = given.get("status") or "live"
    query = parse(CaseListQuery, {name: value for name, value in given.items() if value} | {"status": status})
    zone = await timezone_of(session, actor.community_id)
    return replace(case_filters(query, zone, actor), lights=light_filter(query.light, now))


async def _shown(  # noqa: PLR0917 - what is asked for, as it comes
    session: ReadSession, actor: Actor, wanted: CaseFilters, view: str, cursor: str, now: datetime
) -> dict[str, Any]:
    """Return the board's columns, or a page of the list; with the counts of all columns either way."""
    found = await board(session, actor, wanted, now, limit=CARDS if view == "board" else 0)
    if view == "board":
        return {"board": _board(found), "page": {"items": [], "next": None, "total": found.total}}
    page = await case_list(session, actor, wanted, now=now, limit=ROWS, cursor=cursor or None)
    cards = [_card(one) for one in page.items]
    return {"board": _board(found), "page": {"items": cards, "next": page.next, "total": page.total}}


def _board(found: Board) -> dict[str, Any]:
    columns = [
        {
            "key": one.key,
            "cards": [_card(item) for item in one.items],
            "next": one.next,
            "total": one.total,
            "red": one.red,
            "yellow": one.yellow,
        }
        for one in found.columns
    ]
    return {"columns": columns, "total": found.total, "red": found.red, "yellow": found.yellow}


def _card(item: CaseItem) -> dict[str, Any]:
    return case_out(item).shown() | {"column": column_of(item.row.status)}
