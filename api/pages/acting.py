"""Forms that act on a case, and the duty switch; each leads back to where it was pressed."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.acts import ACTS, perform
from api.deps import PartsDep, ReaderDep
from api.forms import body_of, parse, photos_of
from api.models import DutyBody
from api.pages.case_page import show_case
from api.pages.frame import back_to, redirect
from api.pages.tasks import show_tasks
from api.rooms import pages
from api.routes.linking import perform_merge, perform_unlink
from api.routes.me import change_duty
from gis.errors import ConflictError, InvalidInputError, NotFoundError, WeiwangError
from gis.words import Verb

router = pages()
LINKING = {"unlink": perform_unlink, "merge": perform_merge}
NOTICES = {
    Verb.ACCEPT: "accepted",
    Verb.DECLINE: "declined",
    Verb.ARRIVE: "arrived",
    Verb.DONE: "done",
    Verb.RELEASE: "released",
    Verb.REFER: "referred",
    Verb.RETURN: "returned",
    Verb.VERIFY: "verified",
    Verb.REJECT: "rejected",
    Verb.REOPEN: "reopened",
    Verb.CANCEL: "cancelled",
    Verb.WITHDRAW: "withdrawn",
    Verb.PAUSE: "pause_asked",
    Verb.APPROVE_PAUSE: "paused",
    Verb.REFUSE_PAUSE: "pause_refused",
    Verb.RESUME: "resumed",
    Verb.PROGRESS: "progressed",
    Verb.ASK_HELP: "help_asked",
    Verb.HAND_OVER: "handed_over",
    Verb.ACCEPT_HAND_OVER: "taken_over",
    Verb.REFUSE_HAND_OVER: "refused_hand_over",
    Verb.WITHDRAW_HAND_OVER: "withdrawn_hand_over",
    Verb.DECIDE: "decided",
    Verb.OFFER: "assigned",
    Verb.CLASSIFY: "classified",
    Verb.SET_URGENT: "urgency_set",
    Verb.UNDO: "undone",
}


@router.post("/cases/{case_id}/{verb}")
async def post_act(
    case_id: UUID, verb: str, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Act on a case by form; where that fails, the case is shown with the reason."""
    known = next((one for one in ACTS if one.value == verb), None)
    if known is None and verb not in LINKING:
        raise NotFoundError("no such act", code="route_unknown")
    fields = await body_of(request)
    back = back_to(str(fields.pop("back", "")), f"/cases/{case_id}")
    try:
        if known is None:
            await LINKING[verb](parts, reader, case_id, fields)
        else:
            photos = await photos_of(request) if ACTS[known].photos else []
            await perform(parts, reader.actor, known, case_id, fields=fields, photos=photos)
    except (WeiwangError, RequestValidationError) as error:
        typed = {name: value for name, value in fields.items() if isinstance(value, str)}
        try:
            async with parts.work() as work:
                return await show_case(request, work, reader, case_id, error, retry={**typed, "verb": verb})
        except NotFoundError:  # never theirs to see, or no longer
            raise error from None
    return redirect(back, NOTICES[known] if known else f"{verb.removesuffix('e')}ed")


@router.post("/me/duty")
async def post_duty(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Go on duty or off by form; with tasks in hand the page of tasks asks what becomes of them."""
    fields = await body_of(request)
    back = back_to(str(fields.pop("back", "")), "/tasks")
    given = parse(DutyBody, fields)
    try:
        async with parts.work() as work:
            await change_duty(work, reader.actor, given)
    except (ConflictError, InvalidInputError) as error:
        form = {name: str(value) for name, value in fields.items()}
        async with parts.database.read() as session:
            return await show_tasks(request, parts, session, reader, error, leaving=True, form=form)
    return redirect(back, "duty_on" if given.on else "duty_off")
