"""Pausing a case that waits for an agency or for materials (挂起): asked for, decided by the office, and at an end.

While it is paused its clock stands still and the ladder doesn't look at it; what was left of every deadline is left when
it goes on. It goes on when somebody says so, when anything else is done to it, or by itself at the expected end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from gis.cases.pauses import PauseState, check_end, check_state, decides_alone
from gis.cases.transitions import transition
from gis.errors import InvalidInputError, NotAllowedError
from gis.flows.acting import SERVICE, change, hold
from gis.flows.clocks import case_clock, deadlines_of, ended_pause, next_look
from gis.flows.notify import notify, office_of
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.store import cases, pauses
from gis.store.cases import LockedCase
from gis.words import Actor, CaseState, Notice, Relation, Verb

KINDS = ("agency", "materials", "other")


async def ask_pause(  # noqa: PLR0917 - who asks for what, why and until when
    work: Work, actor: Actor, case_id: UUID, kind: str, reason: str, until: datetime
) -> CaseState:
    """Ask for a pause; the desk's own begins at once.

    Parameters
    ----------
    work, actor, case_id
        Who asks for which case.
    kind
        What it waits for: ``agency``, ``materials`` or ``other``.
    reason
        Needed.
    until
        When it should go on, by the server's clock.

    Raises
    ------
    InvalidInputError
        ``pause_kind_unknown``, ``reason_needed``, ``pause_end_past``, ``pause_end_too_far``.
    ConflictError
        ``paused_already``, ``pause_asked_already``.
    """
    said = required(reason, "reason", limit=500)
    if kind not in KINDS:
        raise InvalidInputError("no such kind of pause", code="pause_kind_unknown", field="kind")
    now = work.clock.now()
    check_end(until, now, work.settings.office.longest_pause_days)
    case, found = await _hold(work, actor, case_id, Verb.PAUSE)
    data = {"kind": kind, "until": until.isoformat()}
    state = await change(
        work, actor.community_id, case, Verb.PAUSE, found, actor=actor, reason=said, data=data
    )
    await pauses.ask(
        work.session,
        actor.community_id,
        case_id,
        kind=kind,
        reason=said,
        until=until,
        asked_by=actor.person_id,
        now=now,
    )
    if decides_alone(found):
        return await approve_pause(work, actor, case_id)
    people = await office_of(work, actor.community_id, case)
    await _tell(work, actor.community_id, actor, case, "pause_asked", people, state, {"kind": kind})
    return state


async def approve_pause(work: Work, actor: Actor, case_id: UUID, reason: str = "") -> CaseState:
    """Approve a pause: from now on the clock stands still.

    Parameters
    ----------
    work, actor, case_id, reason
        Who approves, and what they say of it.

    Raises
    ------
    ConflictError
        ``not_paused``: nobody asked; ``paused_already``.
    NotAllowedError
        ``own_pause``: asked for by oneself, unless one is the desk.
    InvalidInputError
        ``pause_end_past``: its end has come before it began.
    """
    said = plain(reason, "reason", limit=500)
    now = work.clock.now()
    case, found = await _hold(work, actor, case_id, Verb.APPROVE_PAUSE)
    wanted = await _asked(work, actor, case_id, found)
    check_end(wanted.until, now, work.settings.office.longest_pause_days)
    columns = {"paused_at": now, "pause_ends_at": wanted.until, "climb_at": None}
    data = {"kind": wanted.kind, "until": wanted.until.isoformat()}
    state = await change(
        work,
        actor.community_id,
        case,
        Verb.APPROVE_PAUSE,
        found,
        actor=actor,
        reason=said,
        data=data,
        columns=columns,
    )
    await pauses.begin(work.session, actor.community_id, case_id, by=actor.person_id, now=now, answer=said)
    await work.jobs.defer(
        work.session,
        "end_pause",
        at=wanted.until,
        community_id=actor.community_id,
        case_id=str(case_id),
    )
    await _tell(
        work,
        actor.community_id,
        actor,
        case,
        "paused",
        [wanted.asked_by, case.facts.assignee_id],
        state,
        data,
    )
    return state


async def refuse_pause(work: Work, actor: Actor, case_id: UUID, reason: str) -> CaseState:
    """Refuse a pause with a reason: the clock runs on.

    Parameters
    ----------
    work, actor, case_id, reason
        Who refuses, and why.

    Raises
    ------
    ConflictError, NotAllowedError
        As ``approve_pause``.
    """
    said = required(reason, "reason", limit=500)
    case, found = await _hold(work, actor, case_id, Verb.REFUSE_PAUSE)
    wanted = await _asked(work, actor, case_id, found)
    state = await change(work, actor.community_id, case, Verb.REFUSE_PAUSE, found, actor=actor, reason=said)
    now = work.clock.now()
    await pauses.refuse(work.session, actor.community_id, case_id, by=actor.person_id, now=now, answer=said)
    await _tell(
        work, actor.community_id, actor, case, "pause_refused", [wanted.asked_by], state, {"reason": said}
    )
    return state


async def resume(work: Work, actor: Actor, case_id: UUID, reason: str = "") -> CaseState:
    """Let a paused case go on before its pause would end by itself.

    Parameters
    ----------
    work, actor, case_id, reason
        Who, and what they say of it.

    Raises
    ------
    ConflictError
        ``not_paused``.
    """
    said = plain(reason, "reason", limit=500)
    case, found = await _hold(work, actor, case_id, Verb.RESUME)
    return await _go_on(work, actor.community_id, case, found, actor=actor, reason=said)


async def end_pause(work: Work, community_id: str, case_id: UUID) -> None:
    """End a pause whose expected end has come; late, early or twice it does no harm.

    Parameters
    ----------
    work, community_id, case_id
        Which case.
    """
    case = await cases.lock(work.session, community_id, case_id)
    if case is None or case.paused_at is None or case.pause_ends_at is None:
        return
    if case.pause_ends_at > work.clock.now():  # the database's clock is ahead of ours, or it was paused again
        await work.jobs.defer(
            work.session,
            "end_pause",
            at=case.pause_ends_at,
            community_id=community_id,
            case_id=str(case_id),
        )
        return
    await _go_on(work, community_id, case, SERVICE, actor=None, reason="pause_over")


async def _hold(
    work: Work, actor: Actor, case_id: UUID, verb: Verb
) -> tuple[LockedCase, frozenset[Relation]]:
    """Hold a case for which the table and its pause allow the verb."""
    case, found = await hold(work, actor, case_id)
    transition(case.facts, verb, found)
    check_state(verb, PauseState(case.pause or PauseState.NONE))
    return case, found


async def _asked(work: Work, actor: Actor, case_id: UUID, relations: frozenset[Relation]) -> pauses.Pause:
    """Return the pause that somebody decides on, which is not their own unless they are the desk."""
    wanted = await pauses.open_pause(work.session, actor.community_id, case_id)
    if wanted is None:
        raise AssertionError  # the caller holds a case for which one is asked
    if wanted.asked_by == actor.person_id and not decides_alone(relations):
        raise NotAllowedError("somebody else decides on one's own pause", code="own_pause")
    return wanted


async def _go_on(
    work: Work,
    community_id: str,
    case: LockedCase,
    relations: frozenset[Relation],
    *,
    actor: Actor | None,
    reason: str,
) -> CaseState:
    kind = await work.atlas.kind(work.session, community_id, case.facts.category)
    clock = await case_clock(work, community_id, kind)
    by = actor.person_id if actor else None
    columns = await ended_pause(work, community_id, case, clock, by=by)
    found = deadlines_of({**case.moments, **columns})
    now = work.clock.now()
    columns["climb_at"] = next_look(case.facts.status, kind, found, clock, now, case.escalation)
    state = await change(
        work,
        community_id,
        case,
        Verb.RESUME,
        relations,
        actor=actor,
        reason=reason,
        columns=columns,
    )
    people = [case.facts.assignee_id, *await office_of(work, community_id, case)]
    await _tell(work, community_id, actor, case, "resumed", people, state, {})
    return state


async def _tell(  # noqa: PLR0917 - who is told what of which act
    work: Work,
    community_id: str,
    actor: Actor | None,
    case: LockedCase,
    kind: str,
    people: Sequence[UUID | None],
    state: CaseState,
    data: Mapping[str, str],
) -> None:
    """Tell those concerned, but not who did it."""
    skipped = {None, actor.person_id if actor else None}
    to = [one for one in dict.fromkeys(people) if one is not None and one not in skipped]
    notice = Notice(
        kind, to, case.facts.case_id, urgent=case.urgent, data=data, key=f"{kind}:{state.revision}"
    )
    await notify(work, community_id, notice)
