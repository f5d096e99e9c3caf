"""Hours that the office enters for events, confirms for patrols, and corrects."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.datastructures import UploadFile
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import body_of, form_of, is_form, parse
from api.models.fields import Body, Sentence
from api.models.service import CorrectBody
from api.pages.admin.frame import typed
from api.pages.frame import redirect
from api.pages.service.frame import open_page, show_page
from api.parts import Parts
from api.rooms import pages
from gis.clock import Clock
from gis.errors import InvalidInputError, NotFoundError, WeiwangError
from gis.flows.office.tables import read_rows
from gis.flows.service.hours import confirm_patrols, correct_hours, enter_hours
from gis.flows.service.hours_list import Line, check_list, lines_of, people_of
from gis.flows.today import today_in
from gis.store import served
from gis.store.session import ReadSession
from gis.words import Actor

router = pages()
COMMON_H = 2.0
LONGEST_LIST = 30_000


class HoursBody(Body):
    """An event, its day, and whose hours it was."""

    id: UUID = Field(default_factory=uuid4)
    occasion: Sentence = ""
    day: date
    common: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] = COMMON_H
    people: Annotated[str, Field(max_length=LONGEST_LIST)] = ""
    sure: str = ""


@router.get("/service/hours")
async def get_hours(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the form, patrols that wait, and the latest hours."""
    await open_page(session, reader, "hours")
    today = await today_in(session, parts.clock, reader.actor.community_id)
    form = {"id": str(uuid4()), "day": today.isoformat(), "common": f"{COMMON_H:g}"}
    return await show_page(
        request, session, reader, "hours", form=form, **await _lists(session, parts.clock, reader.actor)
    )


async def _lists(session: ReadSession, clock: Clock, actor: Actor) -> dict[str, Any]:
    patrols = await served.patrols_to_confirm(session, actor.community_id)
    hours = await served.standing_hours(session, actor.community_id)
    return {
        "patrols": [asdict(one) for one in patrols],
        "hours": [{**asdict(one), "new_id": str(uuid4())} for one in hours],
        "today": await today_in(session, clock, actor.community_id),
        "lines": [],
        "wrong": 0,
        "which": "",
    }


@router.post("/service/hours")
async def post_hours(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Check a list and show who is meant; book it once that is confirmed. A second press changes nothing."""
    fields = await body_of(request)
    async with parts.database.read() as session:
        await open_page(session, reader, "hours")
    lines: list[Line] = []
    try:
        fields["people"] = "\n".join(
            part for part in (str(fields.get("people", "")), await _sent(request)) if part
        )
        given = parse(HoursBody, fields)
        async with parts.work() as work:
            lines = await check_list(work, reader.actor, given.people, given.common)
            wrong = sum(one.error is not None for one in lines)
            if given.sure == "yes" and not wrong:
                await enter_hours(work, reader.actor, given.id, given.occasion, given.day, people_of(lines))
                return redirect("/service/hours", "hours_entered")
    except (WeiwangError, RequestValidationError) as error:
        return await _again(request, parts, reader, fields, error, lines)
    return await _again(request, parts, reader, fields, None, lines)


async def _sent(request: Request) -> str:
    """Return what a file says, as a list is typed; nothing without one."""
    found = (await form_of(request)).get("file") if is_form(request) else None
    if not isinstance(found, UploadFile) or not found.size:
        return ""
    return lines_of(read_rows(await found.read()))


async def _again(  # noqa: PLR0917 - whose page, with which form, and what was wrong with it
    request: Request,
    parts: Parts,
    reader: Reader,
    fields: dict[str, Any],
    error: WeiwangError | RequestValidationError | None,
    lines: list[Line],
    which: str = "",
) -> Response:
    async with parts.database.read() as session:
        lists = await _lists(session, parts.clock, reader.actor)
        shown = lists | {
            "lines": [asdict(one) | {"error": one.error} for one in lines] if error is None else [],
            "wrong": sum(one.error is not None for one in lines),
            "which": which,
        }
        today = lists["today"].isoformat()
        form = {"id": str(uuid4()), "day": today, "common": f"{COMMON_H:g}", **fields}
        return await show_page(request, session, reader, "hours", failure=error, form=form, **shown)


@router.post("/service/hours/patrols")
async def post_patrols(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Confirm the hours of patrols that are ticked."""
    fields = await typed(request, "patrol")
    async with parts.database.read() as session:
        await open_page(session, reader, "hours")
    try:
        chosen = [_uuid(one) for one in fields.get("patrol", [])]
        if not chosen:
            raise InvalidInputError("none ticked", code="nobody_named", field="patrol")
        async with parts.work() as work:
            await confirm_patrols(work, reader.actor, chosen)
    except WeiwangError as error:
        return await _again(request, parts, reader, {}, error, [])
    return redirect("/service/hours", "patrols_confirmed")


@router.post("/service/hours/{service_id}/correct")
async def post_correct(service_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Correct hours, with a reason; a second press changes nothing."""
    fields = await body_of(request)
    async with parts.database.read() as session:
        await open_page(session, reader, "hours")
    try:
        given = parse(CorrectBody, fields)
        async with parts.work() as work:
            await correct_hours(work, reader.actor, service_id, given.id, given.hours, given.reason)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        return await _again(request, parts, reader, fields, error, [], str(service_id))
    return redirect("/service/hours", "hours_corrected")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInputError("no patrol", code="field_invalid", field="patrol") from None
