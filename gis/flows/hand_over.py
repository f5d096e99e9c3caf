"""Handing a task over: a colleague is asked by name, and the case stays with the first until they have accepted."""

from __future__ import annotations

from uuid import UUID

from gis.errors import ConflictError, InvalidInputError
from gis.flows.acting import AT_WORK, change, hold, tell_withdrawn
from gis.flows.notify import notify
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.people.permissions import relations, relations_or_not_found
from gis.store import cases, hand_overs, offers, responders
from gis.store.cases import LockedCase
from gis.store.hand_overs import Asked, Colleague
from gis.words import Actor, CaseState, Notice, Relation, Status, Verb

_OFFICE = frozenset({Relation.DESK, Relation.GRID_WORKER})
_MOST_NAMED = 5


async def hand_over(work: Work, actor: Actor, case_id: UUID, to: str, reason: str = "") -> CaseState:
    """Ask a colleague to take a case over; the same question again answers the same.

    Parameters
    ----------
    work, actor, case_id
        Who asks for which case: who has it in hand, or the office, also for one that nobody has.
    to
        The colleague's name, username or id: a responder on duty or the grid worker; of an agency's case, one of
        the same agency.
    reason
        Optional.

    Raises
    ------
    InvalidInputError
        ``colleague_unknown``, ``colleague_unclear``.
    ConflictError
        ``hand_over_pending`` while another is asked, ``colleague_off_duty``, ``colleague_busy``; unless the office
        asks, ``hand_over_back`` to who had it just before, and ``hand_over_loop`` after too many.
    """
    said = plain(reason, "reason", limit=500)
    case, found = await hold(work, actor, case_id)
    colleague = await colleague_called(work, actor, case_id, to.strip())
    if case.facts.asked_id is not None:
        if case.facts.asked_id == colleague.person_id:
            return CaseState(case_id, case.facts.status, case.facts.revision)
        raise ConflictError("another colleague is asked already", code="hand_over_pending")
    by_office = bool(found & _OFFICE)
    if not by_office:
        await _refuse_loops(work, actor.community_id, case, colleague)
    state = await change(
        work,
        actor.community_id,
        case,
        Verb.HAND_OVER,
        found,
        actor=actor,
        reason=said,
        data={"to": str(colleague.person_id), "name": colleague.name},
    )
    asked = await hand_overs.ask(
        work.session,
        actor.community_id,
        case.facts,
        colleague.person_id,
        actor.person_id,
        said,
        by_office=by_office,
        now=work.clock.now(),
    )
    notice = Notice(
        "hand_over_asked",
        [colleague.person_id],
        case_id,
        urgent=case.urgent,
        data={"reason": said},
        key=str(asked),
    )
    await notify(work, actor.community_id, notice)
    return state


async def accept_hand_over(work: Work, actor: Actor, case_id: UUID) -> CaseState:
    """Take over a case that one is asked to: assignee and loads change in one transaction; again, it answers the same.

    Parameters
    ----------
    work, actor, case_id
        Who takes which case over.

    Raises
    ------
    ConflictError
        ``hand_over_ended`` when one is no longer asked, ``hands_full``.
    """
    case, found, asked = await _asked(work, actor, case_id)
    if asked is None:
        return CaseState(case_id, case.facts.status, case.facts.revision)
    now = work.clock.now()
    columns = {
        "assignee_id": actor.person_id,
        "accepted_at": now,
        "arrived_at": None,
        "answered_at": case.answered_at or now,
    }
    state = await change(
        work, actor.community_id, case, Verb.ACCEPT_HAND_OVER, found, actor=actor, columns=columns
    )
    await _move_load(work, actor, case)
    await hand_overs.end(work.session, actor.community_id, case.facts, "accepted", now=now)
    await _tell(work, actor, case, asked, {asked.asked_by, asked.from_id}, "accepted")
    return state


async def refuse_hand_over(work: Work, actor: Actor, case_id: UUID, reason: str = "") -> CaseState:
    """Refuse to take a case over, free of any penalty; it stays with who has it.

    Parameters
    ----------
    work, actor, case_id, reason
        Who refuses which case; a reason is optional.

    Raises
    ------
    ConflictError
        ``hand_over_ended``.
    """
    said = plain(reason, "reason", limit=500)
    case, found, asked = await _asked(work, actor, case_id)
    if asked is None:
        raise ConflictError("nobody is asked any more", code="hand_over_ended")
    state = await change(
        work, actor.community_id, case, Verb.REFUSE_HAND_OVER, found, actor=actor, reason=said
    )
    now = work.clock.now()
    await hand_overs.end(work.session, actor.community_id, case.facts, "refused", now=now, answer=said)
    await _tell(work, actor, case, asked, {asked.asked_by, asked.from_id}, "refused", said)
    return state


async def withdraw_hand_over(work: Work, actor: Actor, case_id: UUID, reason: str = "") -> CaseState:
    """Take the question back: by who has the case in hand, or the office.

    Parameters
    ----------
    work, actor, case_id, reason
        Who withdraws it for which case; a reason is optional.

    Raises
    ------
    ConflictError
        ``hand_over_ended`` when nobody is asked.
    """
    said = plain(reason, "reason", limit=500)
    case, found = await hold(work, actor, case_id)
    asked = await hand_overs.asked_of(work.session, actor.community_id, case.facts)
    if asked is None:
        raise ConflictError("nobody is asked any more", code="hand_over_ended")
    state = await change(
        work, actor.community_id, case, Verb.WITHDRAW_HAND_OVER, found, actor=actor, reason=said
    )
    now = work.clock.now()
    await hand_overs.end(work.session, actor.community_id, case.facts, "withdrawn", now=now, answer=said)
    await _tell(work, actor, case, asked, {asked.to_id}, "withdrawn", said)
    return state


async def colleague_called(work: Work, actor: Actor, case_id: UUID, called: str) -> Colleague:
    """Return the one whom somebody means, who is on duty and has room.

    Parameters
    ----------
    work, actor, case_id
        Who asks, for which case.
    called
        Name, username or id.

    Raises
    ------
    InvalidInputError, ConflictError
        As ``hand_over``.
    """
    refused = InvalidInputError("no such colleague", code="colleague_unknown", field="to", name=called[:40])
    if not called:
        raise refused
    found = await hand_overs.colleagues_called(work.session, actor.community_id, case_id, called)
    others = [one for one in found if one.person_id != actor.person_id]
    if not others:
        raise refused
    if len(others) > 1:
        names = ", ".join(one.username for one in others[:_MOST_NAMED])
        raise InvalidInputError(
            "several have this name", code="colleague_unclear", field="to", usernames=names
        )
    (one,) = others
    if not one.on_duty:
        raise ConflictError("this colleague is off duty", code="colleague_off_duty", name=one.name)
    if one.responder and one.live_load >= one.capacity:
        raise ConflictError("this colleague's hands are full", code="colleague_busy", name=one.name)
    return one


async def _refuse_loops(work: Work, community_id: str, case: LockedCase, colleague: Colleague) -> None:
    """Refuse to pass a case round: so many times, and not straight back; the office may."""
    past = await hand_overs.past(work.session, community_id, case.facts)
    most = work.settings.dispatch.max_hand_overs
    if past.last_from == colleague.person_id:
        raise ConflictError("it came from this colleague", code="hand_over_back", name=colleague.name)
    if past.accepted >= most:
        raise ConflictError("handed over too often", code="hand_over_loop", most=most)


async def _asked(
    work: Work, actor: Actor, case_id: UUID
) -> tuple[LockedCase, frozenset[Relation], Asked | None]:
    """Return the held case and the question to this actor; none: they have taken the case over already."""
    case = await cases.lock(work.session, actor.community_id, case_id, actor.person_id)
    found = relations(actor, case.facts) if case else frozenset()
    if case is not None and Relation.ASKED in found:
        return case, found, await hand_overs.asked_of(work.session, actor.community_id, case.facts)
    last = await hand_overs.last_answer(work.session, actor.community_id, case_id, actor.person_id)
    if (
        case is not None
        and last == "accepted"
        and Relation.ASSIGNEE in found
        and case.facts.status in AT_WORK
    ):
        return case, found, None
    if last is not None:  # perhaps not theirs to see any more, but they were asked
        raise ConflictError("nobody is asked any more", code="hand_over_ended")
    relations_or_not_found(actor, case.facts if case else None)
    raise ConflictError("nobody is asked", code="hand_over_ended")


async def _move_load(work: Work, actor: Actor, case: LockedCase) -> None:
    """Count the task for who takes it instead of who had it, or was offered it."""
    community_id, before, now = actor.community_id, case.facts, work.clock.now()
    first = before.assignee_id if before.status in AT_WORK else before.offeree_id
    await responders.hold_in_order(work.session, community_id, [actor.person_id, first])
    if before.status is Status.OFFERED:
        await offers.end(work.session, community_id, before.case_id, "withdrawn", now=now)
        if first != actor.person_id:
            await tell_withdrawn(work, community_id, case)
    elif before.status in AT_WORK and before.assignee_id is not None:
        await responders.free_one(work.session, community_id, before.assignee_id, now=now)
        await offers.give_back(work.session, community_id, before.case_id, now=now)
    if not await responders.take_one(work.session, community_id, actor.person_id, now=now):
        raise ConflictError("this responder's hands are full", code="hands_full")


async def _tell(  # noqa: PLR0917 - who did what to which question, and who hears of it
    work: Work,
    actor: Actor,
    case: LockedCase,
    asked: Asked,
    people: set[UUID | None],
    answer: str,
    reason: str = "",
) -> None:
    to = [one for one in people if one is not None and one != actor.person_id]
    notice = Notice(
        "hand_over_answered",
        to,
        case.facts.case_id,
        data={"answer": answer, "reason": reason},
        key=f"{asked.hand_over_id} {answer}",
    )
    await notify(work, actor.community_id, notice)
