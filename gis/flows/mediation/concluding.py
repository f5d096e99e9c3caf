"""How a mediation ends: the outcome is stored, and the case takes its own verb, if it still can."""

from __future__ import annotations

from uuid import UUID

from gis.cases.transitions import FINAL
from gis.errors import ConflictError
from gis.flows.acting import AT_WORK, hold
from gis.flows.cancel import cancel
from gis.flows.done import done
from gis.flows.mediation.holding import held
from gis.flows.refer import refer
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.mediation.rules import checked_outcome
from gis.store import mediation
from gis.words import Actor, Status, Verb

NOTE = 200


async def conclude(
    work: Work, actor: Actor, case_id: UUID, outcome: str, *, note: str = "", agency: str | None = None
) -> None:
    """Say how a mediation ended; said again it changes nothing.

    Agreed or failed, the mediator reports the case as done; withdrawn, the desk cancels it; passed on, the office refers
    it. All by the table that every case goes by, with whoever may do it there.

    Parameters
    ----------
    work, actor, case_id, outcome
        Who says what of which.
    note
        Goes with the case, where others read it: no names.
    agency
        To which it is passed on; None: the category's own.

    Raises
    ------
    InvalidInputError
        ``mediation_outcome``, ``reason_needed``, ``text_too_long``.
    ConflictError
        ``mediation_over``: it ended otherwise; ``agreement_missing``; ``mediation_untaken``: nobody has the case in hand.
    NotAllowedError, IllegalTransitionError
        As the case's verbs.
    """
    verb = checked_outcome(outcome)
    one = await held(work, actor, case_id)
    if one.outcome == outcome:
        return
    if one.outcome is not None:
        raise ConflictError("it ended otherwise", code="mediation_over")
    if outcome == "agreed" and not one.has_agreement:
        raise ConflictError("write down what was agreed first", code="agreement_missing")
    await _follow(work, actor, case_id, verb, note=note, agency=agency)
    await mediation.end(
        work.session, actor.community_id, case_id, outcome, by=actor.person_id, now=work.clock.now()
    )


async def _follow(
    work: Work, actor: Actor, case_id: UUID, verb: Verb, *, note: str, agency: str | None
) -> None:
    """Have the case take its verb; one that is done or over already stays as it is."""
    case, _ = await hold(work, actor, case_id)
    status = case.facts.status
    if status in FINAL or status is Status.DONE:
        return
    if verb is Verb.CANCEL:
        await cancel(work, actor, case_id, required(note, "reason", limit=NOTE))
    elif verb is Verb.REFER:
        await refer(work, actor, case_id, agency or None, required(note, "reason", limit=NOTE))
    elif status in AT_WORK:
        await done(work, actor, case_id, plain(note, "note", limit=NOTE))
    else:
        raise ConflictError("nobody has the case in hand", code="mediation_untaken")
