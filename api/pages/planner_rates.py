"""What a metre of repair costs, by category, as a page."""

from __future__ import annotations

import math

from fastapi import Request
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import form_of
from api.pages.frame import Failure, check_page, redirect, show
from api.rooms import pages
from gis.errors import WeiwangError
from gis.flows.repairs import set_rates
from gis.people.permissions import may
from gis.store import repairs as store
from gis.store.session import ReadSession

router = pages()


@router.get("/planner/rates")
async def get_rates(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show what a metre of repair costs, by category."""
    check_page(reader, "planner")
    rates = await store.rates(session, reader.actor.community_id)
    form = {code: f"{value:g}" for code, value in rates.items()}
    return await _rates(request, session, reader, form)


@router.post("/planner/rates")
async def post_rates(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Enter rates; an empty field takes one away."""
    check_page(reader, "planner")
    given = await form_of(request)
    form = {name: str(value) for name, value in given.multi_items() if name != "csrf"}
    try:
        async with parts.work() as work:
            await set_rates(work, reader.actor, {code: _rate(text) for code, text in form.items()})
    except WeiwangError as error:
        async with parts.database.read() as session:
            return await _rates(request, session, reader, form, error)
    return redirect("/planner/rates", "rates_saved")


async def _rates(
    request: Request,
    session: ReadSession,
    reader: Reader,
    form: dict[str, str],
    failure: Failure | None = None,
) -> Response:
    allowed = may(reader.actor, "plan_repairs")
    return await show(
        request, session, reader, "planner_rates.html", failure=failure, form=form, may_plan=allowed
    )


def _rate(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return math.nan
