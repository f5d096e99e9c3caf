"""The acts on a case: which flow carries out which verb, and what it is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.forms import parse
from api.models import Body, DoneBody, ReasonBody, ReferBody, VerifyBody
from api.parts import Parts
from gis.flows.accept import accept
from gis.flows.arrive import arrive
from gis.flows.cancel import cancel
from gis.flows.decline import decline
from gis.flows.done import done
from gis.flows.refer import refer
from gis.flows.reject import reject
from gis.flows.release import release
from gis.flows.reopen import reopen
from gis.flows.return_case import return_case
from gis.flows.verify import verify
from gis.flows.withdraw import withdraw
from gis.flows.work import Work
from gis.intake import CleanPhoto, prepare_photo
from gis.words import Actor, CaseState, Verb

Perform = Callable[[Work, Actor, UUID, Any, Sequence[CleanPhoto]], Awaitable[CaseState]]


@dataclass(frozen=True, slots=True)
class Act:
    """One verb: its body, whether photos may go with it, how it is carried out, and what it is about."""

    summary: str
    body: type[Body]
    run: Perform
    photos: bool = False


class NoBody(Body):
    """Nothing."""


ACTS: Mapping[Verb, Act] = {
    Verb.ACCEPT: Act(
        "Take a case that is offered to one, or an open one in one's own area; of several at once one wins.",
        NoBody,
        lambda work, actor, case_id, _, __: accept(work, actor, case_id),
    ),
    Verb.DECLINE: Act(
        "Turn an offer down, free of consequences; the next responder is asked.",
        ReasonBody,
        lambda work, actor, case_id, given, _: decline(work, actor, case_id, given.reason),
    ),
    Verb.ARRIVE: Act(
        "Say that one is on site.",
        NoBody,
        lambda work, actor, case_id, _, __: arrive(work, actor, case_id),
    ),
    Verb.DONE: Act(
        "Report the work done, with an after-photo for hazards.",
        DoneBody,
        lambda work, actor, case_id, given, photos: done(work, actor, case_id, given.note, photos),
        photos=True,
    ),
    Verb.RELEASE: Act(
        "Give a task back; others are asked.",
        ReasonBody,
        lambda work, actor, case_id, given, _: release(work, actor, case_id, given.reason),
    ),
    Verb.REFER: Act(
        "Refer a case to an agency; without one, to the category's own.",
        ReferBody,
        lambda work, actor, case_id, given, _: refer(
            work, actor, case_id, given.agency or None, given.reason
        ),
    ),
    Verb.RETURN: Act(
        "Return a referred case to the community, with a reason.",
        ReasonBody,
        lambda work, actor, case_id, given, _: return_case(work, actor, case_id, given.reason),
    ),
    Verb.VERIFY: Act(
        "Confirm the work, close the case and book hours and points.",
        VerifyBody,
        lambda work, actor, case_id, given, _: verify(work, actor, case_id, given.hours),
    ),
    Verb.REJECT: Act(
        "Reject a report as nothing to act upon, with a reason.",
        ReasonBody,
        lambda work, actor, case_id, given, _: reject(work, actor, case_id, given.reason),
    ),
    Verb.REOPEN: Act(
        "Open a case again, with a reason.",
        ReasonBody,
        lambda work, actor, case_id, given, _: reopen(work, actor, case_id, given.reason),
    ),
    Verb.CANCEL: Act(
        "Call a case off, with a reason.",
        ReasonBody,
        lambda work, actor, case_id, given, _: cancel(work, actor, case_id, given.reason),
    ),
    Verb.WITHDRAW: Act(
        "Take an offer back.",
        ReasonBody,
        lambda work, actor, case_id, given, _: withdraw(work, actor, case_id, given.reason),
    ),
}


async def perform(
    parts: Parts,
    actor: Actor,
    verb: Verb,
    case_id: UUID,
    *,
    fields: dict[str, Any],
    photos: Sequence[bytes] = (),
) -> CaseState:
    """Carry out an act in a transaction of its own; photos are decoded before it begins.

    Parameters
    ----------
    parts, actor
        Where, and on whose behalf.
    verb, case_id
        What is done to which case.
    fields
        The body, not yet checked.
    photos
        Bytes of after-photos.
    """
    act = ACTS[verb]
    given = parse(act.body, fields)
    clean = [await prepare_photo(photo, parts.settings.photo) for photo in photos]
    async with parts.work() as work:
        return await act.run(work, actor, case_id, given, clean)
