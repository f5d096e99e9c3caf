"""What becomes of a case that nobody has taken: the next is asked, or it climbs the ladder."""

from __future__ import annotations

from uuid import UUID

from gis.flows.offer_case import offer_case
from gis.flows.work import Work
from gis.store import cases, offers
from gis.store.cases import LockedCase
from gis.words import Status


async def ask_next(work: Work, community_id: str, case_id: UUID) -> None:
    """Offer a case that was declined or ran out to the next, or hand it to the grid worker after too many.

    Parameters
    ----------
    work, community_id, case_id
        Which case; it is open again.
    """
    if await offers.lapsed(work.session, community_id, case_id) < work.settings.dispatch.max_offers:
        await offer_case(work, community_id, case_id)
        return
    case = await cases.lock(work.session, community_id, case_id)
    if case is not None:
        await escalate(work, community_id, case, "offers_lapsed")


async def escalate(work: Work, community_id: str, case: LockedCase, reason: str) -> None:
    """Hand an open case to the grid worker: nobody is asked any more, and an event says why.

    Parameters
    ----------
    work, community_id, case
        The case, held.
    reason
        ``offers_lapsed`` or ``not_answered``.
    """
    if case.facts.status is not Status.OPEN or case.escalation:
        return
    await cases.change(
        work.session,
        community_id,
        case.facts,
        "escalate",
        Status.OPEN,
        at=work.clock.now(),
        actor_id=None,
        reason=reason,
        data={"level": 1},
        columns={"escalation": 1},
    )


async def look_after(work: Work, community_id: str, case_id: UUID) -> None:
    """Offer a waiting case, or hand it to the grid worker when its time for an answer has passed.

    Parameters
    ----------
    work, community_id, case_id
        Which case.
    """
    case = await cases.lock(work.session, community_id, case_id)
    if case is None:
        return
    if case.answer_due_at <= work.clock.now():
        await escalate(work, community_id, case, "not_answered")
    else:
        await offer_case(work, community_id, case_id)
