"""Being on site."""

from __future__ import annotations

from uuid import UUID

from gis.flows.acting import change, hold
from gis.flows.work import Work
from gis.words import Actor, CaseState, Relation, Status, Verb


async def arrive(work: Work, actor: Actor, case_id: UUID) -> CaseState:
    """Say that one is on site; said again, it answers the same.

    Parameters
    ----------
    work, actor, case_id
        Who has arrived for which case.
    """
    case, found = await hold(work, actor, case_id)
    if Relation.ASSIGNEE in found and case.facts.status is Status.ON_SITE:
        return CaseState(case_id, case.facts.status, case.facts.revision)
    columns = {"arrived_at": work.clock.now()}
    return await change(work, actor.community_id, case, Verb.ARRIVE, found, actor=actor, columns=columns)
