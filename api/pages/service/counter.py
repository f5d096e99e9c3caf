"""The counter, where rewards are handed out: the office's desk, or a partner shop."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.service import CodeBody
from api.pages.frame import redirect
from api.pages.service.frame import open_page, show_again, show_page
from api.pages.service.rewards import picture_url
from api.rooms import pages
from gis.errors import WeiwangError
from gis.flows.service.handing_out import CodeLook, hand_out, look_at_code
from gis.service.redemptions import written_code

router = pages()


@router.get("/service/counter")
async def get_counter(request: Request, parts: PartsDep, reader: ReaderDep, work: WorkDep) -> Response:
    """Show where a code is scanned or typed, and what the one in the address stands for."""
    await open_page(work.session, reader, "counter")
    code = request.query_params.get("code", "")
    if not code.strip():
        return await show_page(request, work.session, reader, "counter", seen=None)
    try:
        look = await look_at_code(work, reader.actor, code)
    except WeiwangError as error:
        return await show_again(request, parts, reader, "counter", error, seen=None, form={"code": code})
    return await show_page(request, work.session, reader, "counter", seen=_look(look))


@router.post("/service/counter")
async def post_counter(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Hand out what a code stands for."""
    fields = await body_of(request)
    async with parts.database.read() as session:
        await open_page(session, reader, "counter")
    try:
        given = parse(CodeBody, fields)
        async with parts.work() as work:
            await hand_out(work, reader.actor, given.code)
    except (WeiwangError, RequestValidationError) as error:
        return await show_again(request, parts, reader, "counter", error, seen=None, form=fields)
    return redirect("/service/counter", "handed_out")


def _look(look: CodeLook) -> dict[str, Any]:
    return {
        **asdict(look),
        "written": written_code(look.code),
        "picture": picture_url(look.reward_id, look.picture),
    }
