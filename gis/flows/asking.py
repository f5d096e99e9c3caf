"""Asking the reporters of a case that was closed how the work was."""

from __future__ import annotations

from gis.flows.notify import notify
from gis.flows.work import Work
from gis.store import ratings
from gis.store.cases import LockedCase
from gis.words import Actor, Notice


async def ask_reporters(work: Work, actor: Actor, case: LockedCase) -> None:
    """Ask whoever reported a case that was just closed.

    Parameters
    ----------
    work, actor, case
        Who closed which case; whoever did the work is not asked.
    """
    besides = [one for one in (actor.person_id, case.facts.assignee_id) if one is not None]
    asked = await ratings.to_ask(work.session, actor.community_id, case.facts.case_id, besides)
    for person_id, report_id in asked:
        notice = Notice(
            "to_rate",
            [person_id],
            case.facts.case_id,
            data={"report_id": str(report_id)},
            key=f"closed {case.facts.revision}",
        )
        await notify(work, actor.community_id, notice)
