"""What happens by itself: codes whose time is over, and points that grow old, announced a month before."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from gis.errors import ConflictError
from gis.flows.notify import notify
from gis.flows.service.redeeming import give_back
from gis.flows.work import OpenWork, Work
from gis.recurrence import local_day
from gis.service.expiry import Announced, due, left_of, month_of
from gis.service.ledger import EXPIRY, person
from gis.service.redemptions import RedemptionVerb
from gis.store import expiry, ledger, point_rules, redemptions
from gis.store.expiry import Run
from gis.store.jobs import Task
from gis.store.people import timezone_of
from gis.words import LedgerEntry, Notice

REMINDED = timedelta(days=3)
"""How long before a code's time is over its owner is reminded; not of one that was made since."""
EVERY_MINUTE = ("keep_rewards",)
SWEPT_AT_ONCE = 200


def bind_rewards(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def keep() -> None:
        await keep_rewards(open_work)

    return {"keep_rewards": keep}


async def keep_rewards(open_work: OpenWork) -> None:
    """Give back what was not collected in time, and have old points expire; each in a transaction of its own.

    Parameters
    ----------
    open_work
        As for ``bind_rewards``.
    """
    async with open_work() as work:
        past = await redemptions.past(work.session, work.clock.now(), limit=SWEPT_AT_ONCE)
        communities = await point_rules.expiring_communities(work.session)
    for community_id, redemption_id in past:
        async with open_work() as work:
            await expire_code(work, community_id, redemption_id)
    async with open_work() as work:
        await remind_of_codes(work)
    for community_id in communities:
        async with open_work() as work:
            await expire_points(work, community_id)


async def remind_of_codes(work: Work) -> int:
    """Remind people once of what they redeemed and haven't collected, shortly before its time is over; return how many.

    Parameters
    ----------
    work
        Of all communities.
    """
    soon = await redemptions.remind(work.session, work.clock.now(), REMINDED, limit=SWEPT_AT_ONCE)
    for one in soon:
        data: dict[str, str | int | float] = {"redemption_id": str(one.redemption_id), "name": one.reward}
        await notify(work, one.community_id, Notice("code_expiring", [one.person_id], data=data))
    return len(soon)


async def expire_code(work: Work, community_id: str, redemption_id: UUID) -> bool:
    """End a redemption whose time is over; False when it was handed out or ended meanwhile.

    Parameters
    ----------
    work, community_id, redemption_id
        Which.
    """
    known = await redemptions.get(work.session, community_id, redemption_id)
    if known is None or known.status != "open" or known.expires_at > work.clock.now():
        return False
    try:
        await give_back(work, community_id, known, RedemptionVerb.EXPIRE)
    except ConflictError:  # it is being handed out at this very moment: nothing has been changed yet
        return False
    return True


async def expire_points(work: Work, community_id: str) -> int:
    """Have a community's old points expire, once a month, and announce those of the next; return how many expired.

    Parameters
    ----------
    work, community_id
        Where.
    """
    rules = await point_rules.point_rules(work.session, community_id)
    zone = ZoneInfo(await timezone_of(work.session, community_id))
    now = work.clock.now()
    today = local_day(now, zone)
    last = await expiry.last_run(work.session, community_id)
    if rules.expire_months is None or (last is not None and last.month >= month_of(today)):
        return 0
    found = due(today, now, rules.expire_months, Announced(last.at, last.announced_before) if last else None)
    run = Run(month_of(today), found.announces_before, now)
    if not await expiry.begin_run(work.session, community_id, run, found.expires_before):
        return 0
    count = 0
    if found.expires_before is not None:
        count = await _expire(work, community_id, run.month, _moment(found.expires_before, zone))
    await _announce(work, community_id, _moment(found.announces_before, zone), found.next_run)
    return count


async def _expire(work: Work, community_id: str, month: date, before: datetime) -> int:
    olds = await expiry.old_points(work.session, community_id, before)
    people = {one.person_id for one in olds if left_of(one.earned_before, one.spent, one.balance)}
    await ledger.hold(work.session, community_id, people)
    entries = [
        LedgerEntry(uuid4(), person(one.person_id), EXPIRY, points)
        for one in await expiry.old_points(work.session, community_id, before, people)
        if (points := left_of(one.earned_before, one.spent, one.balance))
    ]
    await ledger.post(work.session, community_id, entries, at=work.clock.now())
    count = sum(one.points for one in entries)
    await expiry.end_run(work.session, community_id, month, len(entries), count)
    return count


async def _announce(work: Work, community_id: str, before: datetime, on: date) -> None:
    olds = await expiry.old_points(work.session, community_id, before)
    people = [one.person_id for one in olds if left_of(one.earned_before, one.spent, one.balance)]
    if people:
        data = {"day": on.isoformat()}
        await notify(work, community_id, Notice("points_expiring", people, data=data, key=on.isoformat()))


async def expiring(work: Work, community_id: str, person_id: UUID) -> tuple[int, date] | None:
    """Return how many of somebody's points expire next, and when; None where none do.

    Parameters
    ----------
    work, community_id, person_id
        Whose.
    """
    last = await expiry.last_run(work.session, community_id)
    rules = await point_rules.point_rules(work.session, community_id)
    if last is None or rules.expire_months is None:
        return None
    zone = ZoneInfo(await timezone_of(work.session, community_id))
    before = _moment(last.announced_before, zone)
    olds = await expiry.old_points(work.session, community_id, before, [person_id])
    points = sum(left_of(one.earned_before, one.spent, one.balance) for one in olds)
    now = work.clock.now()
    next_run = due(local_day(now, zone), now, rules.expire_months, None).next_run
    return (points, next_run) if points else None


def _moment(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
