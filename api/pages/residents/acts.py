"""Forms on a record: a call, the whole number, consent, the account, taking everything out, erasing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.language import language_of
from api.models.residents import AccountBody, CallBody, EraseBody, WhyBody
from api.pages.frame import redirect
from api.pages.residents.frame import KEY, show_part
from api.pages.residents.person import OWN, show_record
from api.parts import Parts
from api.personal_file import resident_file
from api.residents import consented
from api.rooms import pages
from gis.errors import NotFoundError, WeiwangError
from gis.flows.residents.accounts import join_account
from gis.flows.residents.erasing import erase
from gis.flows.residents.exporting import export_resident
from gis.flows.residents.opening import call_from, open_record, whole_number
from gis.flows.work import Work
from gis.people.permissions import may
from web.meal_words import meal_names

router = pages()
Fields = dict[str, Any]
Act = Callable[[Work, Reader, UUID, Fields], Awaitable[dict[str, Any] | str]]


async def _call(work: Work, reader: Reader, resident_id: UUID, fields: Fields) -> dict[str, Any]:
    given = parse(CallBody, fields)
    return {"called": await call_from(work, reader.actor, resident_id, given.whom)}


async def _number(work: Work, reader: Reader, resident_id: UUID, fields: Fields) -> dict[str, Any]:
    given = parse(WhyBody, fields)
    return {"revealed": await whole_number(work, reader.actor, resident_id, given.why)}


async def _consent(work: Work, reader: Reader, resident_id: UUID, fields: Fields) -> str:
    await consented(work, reader.actor, resident_id, fields)
    own = not may(reader.actor, "read_residents")
    return (
        "/residents/mine?notice=consent_kept"
        if own
        else f"/residents/people/{resident_id}?notice=consent_kept"
    )


async def _account(work: Work, reader: Reader, resident_id: UUID, fields: Fields) -> str:
    given = parse(AccountBody, fields)
    await join_account(work, reader.actor, resident_id, given.username)
    return f"/residents/people/{resident_id}?notice=account_joined"


async def _erase(work: Work, reader: Reader, resident_id: UUID, fields: Fields) -> str:
    given = parse(EraseBody, fields)
    await erase(work, reader.actor, resident_id, given.reason)
    return "/residents?notice=resident_erased"


ACTS: dict[str, Act] = {
    "call": _call,
    "id_number": _number,
    "consent": _consent,
    "account": _account,
    "erase": _erase,
}
"""What a form does -> what is then shown on the record, or where it leads."""


@router.post("/residents/people/{resident_id}/{act}")
async def post_act(
    resident_id: UUID, act: str, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Act on a record by form; where that fails, the record is shown with the reason."""
    if act not in ACTS:
        raise NotFoundError("no such act", code="route_unknown")
    fields = await body_of(request)
    try:
        async with parts.work() as work:
            done = await ACTS[act](work, reader, resident_id, fields)
            if isinstance(done, dict):
                found = await open_record(work, reader.actor, resident_id)
                return await show_record(request, work, reader, found, **done)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        return await _again(request, parts, reader, resident_id, fields, error)
    return redirect(done)


async def _again(  # noqa: PLR0917 - which record, with what was typed
    request: Request,
    parts: Parts,
    reader: Reader,
    resident_id: UUID,
    fields: Fields,
    error: WeiwangError | RequestValidationError,
) -> Response:
    async with parts.work() as work:
        found = await open_record(work, reader.actor, resident_id)
        return await show_record(request, work, reader, found, error, form=fields)


@router.get("/residents/people/{resident_id}/export")
async def get_export(resident_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show everything that is kept of somebody, to be read or printed."""
    whole = await export_resident(work, reader.actor, resident_id)
    own = not may(reader.actor, "read_residents")
    section, key = ("", OWN) if own else ("people", KEY)
    meals = meal_names(language_of(request, reader.actor.language))
    return await show_part(
        request, work, reader, section, "residents_export.html", key=key, whole=whole, meals=meals
    )


@router.get("/residents/people/{resident_id}/data.zip")
async def get_data_file(resident_id: UUID, reader: ReaderDep, parts: PartsDep) -> Response:
    """Give the office everything that is kept of somebody, to hand to them."""
    return await resident_file(parts, reader.actor, resident_id)


@router.get("/residents/people/{resident_id}/export.json")
async def get_export_file(resident_id: UUID, reader: ReaderDep, work: WorkDep) -> Response:
    """Give everything that is kept of somebody as a file."""
    whole = await export_resident(work, reader.actor, resident_id)
    return Response(
        orjson.dumps(whole, option=orjson.OPT_INDENT_2),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="resident-{resident_id}.json"'},
    )
