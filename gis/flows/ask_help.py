"""Asking for help with a task in hand: the grid's worker and the desk are told; the task stays with who has it."""

from __future__ import annotations

from uuid import UUID

from gis.cases.transitions import transition
from gis.flows.acting import change, hold
from gis.flows.notify import notify, office_of
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.words import Actor, CaseState, Notice, Verb


async def ask_help(work: Work, actor: Actor, case_id: UUID, reason: str = "") -> CaseState:
    """Tell the office that somebody needs help on site.

    Parameters
    ----------
    work, actor, case_id
        Who has which case in hand.
    reason
        What is needed; may be empty where there is no time to type.
    """
    said = plain(reason, "reason")
    case, found = await hold(work, actor, case_id)
    transition(case.facts, Verb.ASK_HELP, found)
    state = await change(work, actor.community_id, case, Verb.ASK_HELP, found, actor=actor, reason=said)
    people = [one for one in await office_of(work, actor.community_id, case) if one != actor.person_id]
    notice = Notice(
        "help_asked",
        people,
        case_id,
        urgent=True,
        data={"name": actor.name, "reason": said},
        key=f"help:{state.revision}",
    )
    await notify(work, actor.community_id, notice)
    return state
