"""The books of a month (对账): that they balance, as a page, as a workbook and on paper; and what people have redeemed."""

from __future__ import annotations

import asyncio
import io
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import HTMLResponse, Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import body_of, parse
from api.language import language_of
from api.models.service import ReasonBody
from api.pages.frame import Failure, redirect
from api.pages.paper import paper_document
from api.pages.service.files import named_file
from api.pages.service.frame import open_page, show_page
from api.pages.service.rewards import redemption_out
from api.periods import Period, month_asked
from api.printing import pdf_of
from api.rooms import pages
from api.sheet_answer import sheet_answer
from gis.errors import InvalidInputError, NotFoundError, WeiwangError
from gis.exports.sheets import write_xlsx
from gis.flows.service.redeeming import cancel_redemption, refund
from gis.service.books import Flow, books
from gis.service.expiry import months_later
from gis.service.redemptions import RedemptionStatus
from gis.store import books as store
from gis.store import redemptions
from gis.store.people import timezone_of
from gis.store.session import ReadSession
from gis.words import AccountKind, Actor
from web.service_sheets import books_sheets, redeemed_sheet

router = pages()
MOST_EXPORTED = 20_000


@router.get("/service/books")
async def get_books(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show a month's books."""
    await open_page(session, reader, "books")
    failure: WeiwangError | None = None
    try:
        month = await month_asked(session, parts.clock, reader.actor, request.query_params.get("month"))
    except InvalidInputError as error:
        failure, month = error, await month_asked(session, parts.clock, reader.actor, None)
    found = await _books(session, reader.actor, month)
    return await show_page(
        request,
        session,
        reader,
        "books",
        failure=failure,
        month=month,
        earlier=f"{months_later(month.first, -1):%Y-%m}",
        later=f"{months_later(month.first, 1):%Y-%m}" if month.last < month.today else None,
        **found,
    )


async def _books(session: ReadSession, actor: Actor, month: Period) -> dict[str, Any]:
    rows = await store.flows(session, actor.community_id, month.since, month.until)
    flows = [Flow(AccountKind(r.source), AccountKind(r.target), r.before, r.points, r.entries) for r in rows]
    return {
        "books": books(flows),
        "rewards": await store.reward_months(session, actor.community_id, month.since, month.until),
        "findings": await store.findings(session, actor.community_id),
    }


@router.get("/service/books.{kind}")
async def get_file(
    kind: str, request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep
) -> Response:
    """Give a month's books as ``xlsx``, to be printed (``html``) or as ``pdf``."""
    await open_page(session, reader, "books")
    if kind not in {"xlsx", "html", "pdf"}:
        raise NotFoundError("no such file", code="route_unknown")
    month = await month_asked(session, parts.clock, reader.actor, request.query_params.get("month"))
    found = await _books(session, reader.actor, month)
    language = language_of(request, reader.actor.language)
    name = f"{'Points' if language == 'en' else '积分对账'} {month.first:%Y-%m}"
    if kind == "xlsx":
        held = io.BytesIO()
        sheets = books_sheets(language, found["books"], found["rewards"], found["findings"])
        await asyncio.to_thread(write_xlsx, held, sheets)
        return named_file(held.getvalue(), "xlsx", name)
    document = await paper_document(
        request, parts, session, reader, "service_books_paper.html", language, month=month, **found
    )
    if kind == "pdf" and (paper := await pdf_of(document)) is not None:
        return named_file(paper, "pdf", name)
    return HTMLResponse(document)


@router.get("/service/redeemed")
async def get_redeemed(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show what people have redeemed, to cancel it or take it back."""
    await open_page(session, reader, "redeemed")
    return await _redeemed(request, session, reader)


@router.get("/service/redeemed.xlsx")
async def get_redeemed_file(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Give what people have redeemed as a workbook, without the codes."""
    await open_page(session, reader, "redeemed")
    asked = request.query_params.get("status", "")
    status = asked if asked in set(RedemptionStatus) else None
    key = reader.actor.community_id
    found = await redemptions.listed(session, key, status=status, limit=MOST_EXPORTED)
    zone = ZoneInfo(await timezone_of(session, key))
    sheet = redeemed_sheet(language_of(request, reader.actor.language), zone, found)
    return await sheet_answer(sheet, "redeemed")


async def _redeemed(
    request: Request,
    session: ReadSession,
    reader: Reader,
    failure: Failure | None = None,
    form: dict[str, Any] | None = None,
) -> Response:
    asked = request.query_params.get("status", "")
    status = asked if asked in set(RedemptionStatus) else ""
    found = await redemptions.listed(session, reader.actor.community_id, status=status or None)
    return await show_page(
        request,
        session,
        reader,
        "redeemed",
        failure=failure,
        form=form or {},
        status=status,
        statuses=list(RedemptionStatus),
        redemptions=[{**redemption_out(one), "code": "", "written": ""} for one in found],
    )


@router.post("/service/redeemed/{redemption_id}/{verb}")
async def post_redeemed(
    redemption_id: UUID, verb: str, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Cancel a redemption for somebody, or take a reward back."""
    if verb not in {"cancel", "refund"}:
        raise NotFoundError("no such act", code="route_unknown")
    fields = await body_of(request)
    async with parts.database.read() as session:
        await open_page(session, reader, "redeemed")
    try:
        given = parse(ReasonBody, {**fields, "restock": fields.get("restock") == "yes"})
        async with parts.work() as work:
            if verb == "refund":
                await refund(work, reader.actor, redemption_id, given.reason, restock=given.restock)
            else:
                await cancel_redemption(work, reader.actor, redemption_id, given.reason)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            form = {**fields, "which": str(redemption_id)}
            return await _redeemed(request, session, reader, error, form)
    return redirect("/service/redeemed", "reward_refunded" if verb == "refund" else "redemption_cancelled")
