"""Deadlines of referrals: at 80 and 100% of the time its people are told, once each, and an event says so."""

from __future__ import annotations

from gis.cases.referrals import SOON_SHARE
from gis.flows.notify import notify
from gis.flows.work import Work
from gis.store import cases, notices, referrals
from gis.store.referrals import Due
from gis.words import Notice

OVERDUE = 2


async def falling_due(work: Work, limit: int) -> list[Due]:
    """Return the referrals of all communities whose people are to be told now.

    Parameters
    ----------
    work, limit
        Unit of work, and how many at the most.
    """
    return await referrals.falling_due(work.session, work.clock.now(), SOON_SHARE, limit=limit)


async def tell_due(work: Work, due: Due) -> None:
    """Tell of one deadline; twice or late it does no harm.

    Parameters
    ----------
    work, due
        Unit of work, and the referral.
    """
    case = await cases.lock(work.session, due.community_id, due.case_id)
    if case is None or not await referrals.mark_told(work.session, due):
        return
    overdue = due.stage == OVERDUE
    await cases.change(
        work.session,
        due.community_id,
        case.facts,
        "referral_overdue" if overdue else "referral_due_soon",
        case.facts.status,
        at=work.clock.now(),
        actor_id=None,
        data={"agency": due.agency_code, "due_at": due.due_at.isoformat()},
    )
    people = await notices.people_of(work.session, due.community_id, agency_code=due.agency_code)
    if overdue:
        people += await referrals.answerable(work.session, due.community_id, case.facts)
        people.append(due.referred_by)
    notice = Notice(
        "overdue" if overdue else "due_soon",
        people,
        due.case_id,
        urgent=case.urgent,
        data={"agency": due.agency_code},
        key=f"{due.referral_id} {due.due_at.isoformat()}",
    )
    await notify(work, due.community_id, notice)
