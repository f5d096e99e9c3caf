"""What the kitchen's pages share: their strip, the day and month in the address, and how a form is carried out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.forms import form_of
from api.pages.frame import Failure, redirect
from api.pages.service.frame import open_page, show_page
from api.parts import Parts
from gis.errors import NotAllowedError, NotFoundError, WeiwangError
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.permissions import may
from gis.store import meal_crew

KEY = "meals"
MENU = ("/meals", "menu")
OFFICE = (
    MENU,
    ("/meals/subscriptions", "subscriptions"),
    ("/meals/day", "day"),
    ("/meals/rounds", "rounds"),
    ("/meals/statement", "statement"),
    ("/meals/office", "office"),
)
"""The parts of the matter for the office; others have the menu, and the day's list when they work in the kitchen."""
LISTS = ("weekdays", "diets", "without")
"""Fields of forms that may be there several times."""


async def show_meals(  # noqa: PLR0917 - whose page, which part of it, and what was wrong with its form
    request: Request,
    work: Work,
    reader: Reader,
    part: str,
    template: str,
    failure: Failure | None = None,
    **context: Any,
) -> Response:
    """Answer with a page of the kitchen.

    Parameters
    ----------
    request, work, reader, part
        Whose page, and which part is marked.
    template, failure, **context
        As for ``show_page``.
    """
    await open_page(work.session, reader, KEY)
    shown = OFFICE if may(reader.actor, "run_kitchen") else await _few(work, reader)
    return await show_page(
        request,
        work.session,
        reader,
        KEY,
        template=template,
        failure=failure,
        meal_part=part,
        meal_parts=shown,
        runs_kitchen=may(reader.actor, "run_kitchen"),
        **context,
    )


async def _few(work: Work, reader: Reader) -> tuple[tuple[str, str], ...]:
    actor = reader.actor
    today = await today_in(work.session, work.clock, actor.community_id)
    days = await meal_crew.days_of(work.session, actor.community_id, actor.person_id, today)
    return (MENU, (f"/meals/day?day={days[0]}", "day")) if days else (MENU,)


async def day_of(request: Request, work: Work, reader: Reader, name: str = "day") -> date:
    """Return the day that the address names, else today."""
    return day_or(
        request.query_params.get(name, ""),
        await today_in(work.session, work.clock, reader.actor.community_id),
    )


def day_or(text: str, otherwise: date) -> date:
    """Return a day as it is written, else another."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if abs((found - otherwise).days) <= 4000 else otherwise  # noqa: PLR2004 - days that have pages


async def typed(request: Request) -> dict[str, Any]:
    """Return the fields of a form as they were typed; those of several boxes as lists."""
    form = await form_of(request)
    found: dict[str, Any] = {
        name: value for name, value in form.items() if isinstance(value, str) and name != "csrf"
    }
    for name in LISTS:
        if name in form:
            found[name] = [str(one) for one in form.getlist(name)]
    return found


async def acted(
    parts: Parts,
    act: Callable[[Work], Awaitable[str]],
    path: str,
    again: Callable[[Work, Failure], Awaitable[Response]],
) -> Response:
    """Carry a form out and lead on, or show its page again with what was wrong.

    Parameters
    ----------
    parts
        Of the service.
    act
        Does it in a transaction and returns the key of the note.
    path
        Where to go afterwards.
    again
        Answers with the page, in a transaction of its own.
    """
    try:
        async with parts.work() as work:
            notice = await act(work)
    except (NotFoundError, NotAllowedError):
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            return await again(work, error)
    return redirect(path, notice)
