"""Deadlines of referrals: at 80 and 100% of the time its people are told, once each, and an event says so.

An agency that doesn't say whether it takes a case is told of that as well, with the desk, and when as much time again has
passed, the sub-district: the case climbs the ladder to where they have it.
"""

from __future__ import annotations

from gis.cases.referrals import SOON_SHARE
from gis.flows.notify import notify
from gis.flows.work import Work
from gis.store import cases, notices, referrals
from gis.store.referrals import Due, Unanswered
from gis.words import SUB_DISTRICT, TOP_LEVEL, Notice

OVERDUE = 2
DESK_LEVEL = TOP_LEVEL - 1


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


async def tell_unanswered(work: Work, late: Unanswered) -> None:
    """Tell of a referral that nobody has taken in time, and bring its case up; twice or late it does no harm.

    Parameters
    ----------
    work, late
        Unit of work, and the referral.
    """
    case = await cases.lock(work.session, late.community_id, late.case_id)
    if case is None or not await referrals.mark_unanswered(work.session, late):
        return
    level = max(case.escalation, DESK_LEVEL if late.stage == 1 else TOP_LEVEL)
    await cases.change(
        work.session,
        late.community_id,
        case.facts,
        "referral_unanswered",
        case.facts.status,
        at=work.clock.now(),
        actor_id=None,
        data={"agency": late.agency_code, "due_at": late.accept_due_at.isoformat(), "level": level},
        columns={"escalation": level},
    )
    people = await notices.people_of(work.session, late.community_id, agency_code=late.agency_code)
    people += await referrals.answerable(work.session, late.community_id, case.facts)
    people.append(late.referred_by)
    if level == TOP_LEVEL:
        people += await notices.people_of(work.session, late.community_id, agency_code=SUB_DISTRICT)
    notice = Notice(
        "referral_unanswered",
        list(dict.fromkeys(people)),
        late.case_id,
        urgent=case.urgent,
        data={"agency": late.agency_code, "level": level},
        key=f"{late.referral_id} {late.accept_due_at.isoformat()} {late.stage}",
    )
    await notify(work, late.community_id, notice)
