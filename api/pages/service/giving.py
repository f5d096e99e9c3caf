"""Giving points to a neighbour or a cause: first who that is, then for good."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import body_of, parse
from api.models.service import GiftBody
from api.pages.frame import Failure, redirect
from api.pages.service.frame import open_page, show_page
from api.rooms import pages
from api.routes.places import dict_of
from gis.errors import WeiwangError
from gis.flows.service.donating import donate, give, neighbour
from gis.service.neighbours import neighbour_code
from gis.service.redemptions import first_letters
from gis.store import causes, ledger
from gis.store.session import ReadSession

router = pages()


@router.get("/service/give")
async def get_give(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show how points are given."""
    await open_page(session, reader, "give")
    return await _show(request, session, reader, {"id": str(uuid4())})


@router.post("/service/give")
async def post_give(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Say to whom they would go, and give them once that is confirmed; a second press changes nothing."""
    fields = {name: str(value) for name, value in (await body_of(request)).items()}
    sure = fields.pop("sure", "")
    try:
        given = parse(GiftBody, fields)
        async with parts.work() as work:
            if given.cause is not None:
                await donate(work, reader.actor, given.id, given.cause, given.points, given.words)
                return redirect("/service/give", "points_donated")
            to = await neighbour(work, reader.actor, given.to)
            if sure == "yes":
                await give(work, reader.actor, given.id, to.person_id, given.points, given.words)
                return redirect("/service/give", "points_sent")
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show(request, session, reader, {"id": str(uuid4()), **fields}, failure=error)
    async with parts.database.read() as session:
        return await _show(request, session, reader, fields, to=first_letters(to.name))


async def _show(
    request: Request,
    session: ReadSession,
    reader: Reader,
    form: dict[str, Any],
    *,
    to: str = "",
    failure: Failure | None = None,
) -> Response:
    actor = reader.actor
    held = await ledger.held_by(session, actor.community_id, actor.person_id)
    known = await causes.causes(session, actor.community_id)
    return await show_page(
        request,
        session,
        reader,
        "give",
        failure=failure,
        form=form,
        to=to,
        balance=held.balance,
        my_code=neighbour_code(actor.person_id),
        causes=[{**dict_of(one), "code": str(one.cause_id)} for one in known if one.active],
    )
