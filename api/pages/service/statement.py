"""Statements of one's points: a period as a page, and as a file."""

from __future__ import annotations

import asyncio
import io
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from starlette.responses import Response

from api.deps import PartsDep, ReadDep, ReaderDep
from api.language import language_of
from api.pages.boards import shown_entry
from api.pages.service.files import category_names, named_file
from api.pages.service.frame import open_page, show_page
from api.periods import Period, period_of
from api.rooms import pages
from gis.errors import InvalidInputError, NotFoundError, WeiwangError
from gis.exports.sheets import write_csv, write_xlsx
from gis.store.people import timezone_of
from gis.store.session import ReadSession
from gis.store.statements import statement
from gis.words import Actor
from web.service_sheets import statement_sheet

router = pages()


@router.get("/service/statement")
async def get_statement(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show one's points of a period."""
    await open_page(session, reader, "mine")
    given = {name: request.query_params.get(name, "") for name in ("from", "to")}
    failure: WeiwangError | None = None
    try:
        period = await period_of(session, parts.clock, reader.actor, given)
    except InvalidInputError as error:
        failure, period = error, await period_of(session, parts.clock, reader.actor, {})
    found = await _statement(session, reader.actor, period)
    return await show_page(
        request,
        session,
        reader,
        "mine",
        template="service_statement.html",
        failure=failure,
        period=period,
        form=given if failure else {"from": period.first.isoformat(), "to": period.last.isoformat()},
        statement=found,
    )


@router.get("/service/statement.{kind}")
async def get_statement_file(
    kind: str, request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep
) -> Response:
    """Give one's statement as a file."""
    if kind not in ("csv", "xlsx"):
        raise NotFoundError("no such file", code="route_unknown")
    given = {name: request.query_params.get(name, "") for name in ("from", "to")}
    period = await period_of(session, parts.clock, reader.actor, given)
    found = await _statement(session, reader.actor, period)
    zone = ZoneInfo(await timezone_of(session, reader.actor.community_id))
    language = language_of(request, reader.actor.language)
    categories = await category_names(session, reader.actor.community_id, language)
    sheet = statement_sheet(language, found, zone, categories)
    held = io.BytesIO()
    if kind == "csv":
        await asyncio.to_thread(write_csv, held, sheet)
    else:
        await asyncio.to_thread(write_xlsx, held, [sheet])
    return named_file(held.getvalue(), kind, f"{sheet.title} {period.first} {period.last}")


async def _statement(session: ReadSession, actor: Actor, period: Period) -> dict[str, Any]:
    found = await statement(
        session,
        actor.community_id,
        actor.person_id,
        since=period.since,
        until=period.until,
        days=(period.first, period.last),
    )
    return {
        "opening": found.opening,
        "closing": found.closing,
        "hours": found.hours,
        "entries": [shown_entry(one) for one in found.entries],
    }
