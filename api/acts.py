"""The acts on a case: which flow carries out which verb, and what it is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from api.desk_models import AcceptBody, AssignBody, ClassifyBody, UndoBody, UrgentBody
from api.filters import parse_moment
from api.forms import parse
from api.models import (
    Body,
    DecideBody,
    DoneBody,
    HandOverBody,
    PauseBody,
    ReasonBody,
    ReferBody,
    VerifyBody,
)
from api.parts import Parts
from api.routes.figures import timezone_of
from gis.errors import InvalidInputError
from gis.flows.accept import accept
from gis.flows.acting import check_revision, hold
from gis.flows.arrive import arrive
from gis.flows.ask_help import ask_help
from gis.flows.assign import assign
from gis.flows.cancel import cancel
from gis.flows.classify import classify
from gis.flows.decide import decide
from gis.flows.decline import decline
from gis.flows.done import done
from gis.flows.hand_over import accept_hand_over, hand_over, refuse_hand_over, withdraw_hand_over
from gis.flows.pause import approve_pause, ask_pause, refuse_pause, resume
from gis.flows.progress import progress
from gis.flows.refer import refer
from gis.flows.reject import reject
from gis.flows.release import release
from gis.flows.reopen import reopen
from gis.flows.return_case import return_case
from gis.flows.undo import undo
from gis.flows.urgency import set_urgent
from gis.flows.verify import verify
from gis.flows.withdraw import withdraw
from gis.flows.work import Work
from gis.intake import CleanPhoto, prepare_photo
from gis.words import Actor, CaseState, Verb


@dataclass(frozen=True, slots=True)
class Deed:
    """One act as it is carried out: by whom, on which case, with which body (checked by the act's model) and photos."""

    work: Work
    actor: Actor
    case_id: UUID
    given: Any
    photos: Sequence[CleanPhoto] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """One verb: its body, whether photos may go with it, how it is carried out, and what it is about."""

    summary: str
    body: type[Body]
    run: Callable[[Deed], Awaitable[CaseState]]
    photos: bool = False


class NoBody(Body):
    """Nothing."""


Flow = Callable[[Work, Actor, UUID], Awaitable[CaseState]]
ReasonedFlow = Callable[[Work, Actor, UUID, str], Awaitable[CaseState]]


def _plain(summary: str, flow: Flow) -> Act:
    """Return an act that needs nothing more."""
    return Act(summary, NoBody, lambda one: flow(one.work, one.actor, one.case_id))


def _reasoned(summary: str, flow: ReasonedFlow) -> Act:
    """Return an act with a reason."""
    return Act(summary, ReasonBody, lambda one: flow(one.work, one.actor, one.case_id, one.given.reason))


async def _pause(one: Deed) -> CaseState:
    zone = await timezone_of(one.work.session, one.actor.community_id)
    until = parse_moment(one.given.until, "until", ZoneInfo(zone))
    if until is None:
        raise InvalidInputError("say until when", code="pause_end_needed", field="until")
    return await ask_pause(one.work, one.actor, one.case_id, one.given.kind, one.given.reason, until)


async def _accept(one: Deed) -> CaseState:
    expected_at = None
    if one.given.expected_at:
        zone = await timezone_of(one.work.session, one.actor.community_id)
        expected_at = parse_moment(one.given.expected_at, "expected_at", ZoneInfo(zone), end=True)
    return await accept(one.work, one.actor, one.case_id, expected_at)


async def _refer(one: Deed) -> CaseState:
    due_at = None
    if one.given.due_at:
        zone = await timezone_of(one.work.session, one.actor.community_id)
        due_at = parse_moment(one.given.due_at, "due_at", ZoneInfo(zone), end=True)
    return await refer(one.work, one.actor, one.case_id, one.given.agency or None, one.given.reason, due_at)


ACTS: Mapping[Verb, Act] = {
    Verb.ACCEPT: Act(
        "Take a case that is offered to one, or an open one in one's own area or near by; of several at once one wins."
        " An agency may say when it expects to be done.",
        AcceptBody,
        _accept,
    ),
    Verb.DECLINE: _reasoned(
        "Turn an offer down, free of consequences; the next responder is asked.", decline
    ),
    Verb.ARRIVE: _plain("Say that one is on site.", arrive),
    Verb.DONE: Act(
        "Report the work done, with an after-photo for hazards.",
        DoneBody,
        lambda one: done(one.work, one.actor, one.case_id, one.given.note, one.photos),
        photos=True,
    ),
    Verb.RELEASE: _reasoned("Give a task back; others are asked.", release),
    Verb.HAND_OVER: Act(
        "Ask a colleague to take a case over; it stays with who has it until they accept.",
        HandOverBody,
        lambda one: hand_over(one.work, one.actor, one.case_id, one.given.to, one.given.reason),
    ),
    Verb.ACCEPT_HAND_OVER: _plain("Take over a case that a colleague asks one to.", accept_hand_over),
    Verb.REFUSE_HAND_OVER: _reasoned(
        "Refuse to take a case over, free of consequences; it stays with who has it.", refuse_hand_over
    ),
    Verb.WITHDRAW_HAND_OVER: _reasoned("Take back the question to a colleague.", withdraw_hand_over),
    Verb.PROGRESS: Act(
        "Tell how work goes on, in words, photos, or both.",
        DoneBody,
        lambda one: progress(one.work, one.actor, one.case_id, one.given.note, one.photos),
        photos=True,
    ),
    Verb.ASK_HELP: _reasoned(
        "Ask the grid's worker and the desk for help; the task stays with who has it.", ask_help
    ),
    Verb.REFER: Act(
        "Refer a case to an agency, with a deadline of its own; without one, to the category's own agency.",
        ReferBody,
        _refer,
    ),
    Verb.RETURN: _reasoned("Return a referred case to the community, with a reason.", return_case),
    Verb.DECIDE: Act(
        "Decide at one of the three levels: settled here, or passed up to the level above.",
        DecideBody,
        lambda one: decide(
            one.work, one.actor, one.case_id, one.given.decision, one.given.reason, one.given.level
        ),
    ),
    Verb.PAUSE: Act(
        "Ask that the clock of a case stands still while it waits for an agency or for materials; the desk's own does"
        " so at once.",
        PauseBody,
        _pause,
    ),
    Verb.APPROVE_PAUSE: _reasoned("Approve a pause: the clock stands still from now on.", approve_pause),
    Verb.REFUSE_PAUSE: _reasoned("Refuse a pause, with a reason: the clock runs on.", refuse_pause),
    Verb.RESUME: _reasoned("Let a paused case go on before its pause ends by itself.", resume),
    Verb.VERIFY: Act(
        "Confirm the work, close the case and book hours and points.",
        VerifyBody,
        lambda one: verify(one.work, one.actor, one.case_id, one.given.hours, on_site=one.given.on_site),
    ),
    Verb.REJECT: _reasoned("Reject a report as nothing to act upon, with a reason.", reject),
    Verb.REOPEN: _reasoned("Open a case again, with a reason.", reopen),
    Verb.CANCEL: _reasoned("Call a case off, with a reason.", cancel),
    Verb.WITHDRAW: _reasoned("Take an offer back.", withdraw),
    Verb.OFFER: Act(
        "Ask somebody whom the office names: an offer where dispatch could ask them, else as a colleague.",
        AssignBody,
        lambda one: assign(one.work, one.actor, one.case_id, one.given.to, one.given.reason),
    ),
    Verb.CLASSIFY: Act(
        "Put a case into another category; its deadlines are those of the new one.",
        ClassifyBody,
        lambda one: classify(one.work, one.actor, one.case_id, one.given.category, one.given.reason),
    ),
    Verb.SET_URGENT: Act(
        "Mark a case as urgent, or no longer.",
        UrgentBody,
        lambda one: set_urgent(
            one.work, one.actor, one.case_id, urgent=one.given.urgent, reason=one.given.reason
        ),
    ),
    Verb.UNDO: Act(
        "Take back what one has just done to a case, as long as nobody has done anything to it since.",
        UndoBody,
        lambda one: undo(one.work, one.actor, one.case_id, one.given.event_id),
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
    revision: int | None = None,
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
    revision
        Of the case as it was looked at; None: whatever it is.
    """
    act = ACTS[verb]
    given = parse(act.body, fields)
    clean = [await prepare_photo(photo, parts.settings.photo) for photo in photos]
    async with parts.work() as work:
        if revision is not None:
            case, _ = await hold(work, actor, case_id)
            check_revision(case, revision)
        return await act.run(Deed(work, actor, case_id, given, clean))
