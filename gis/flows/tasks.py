"""What background jobs do: each name with its flow, in a unit of work of its own.

The service gives ``open_work``; ``sweep`` is run once a minute and finds what a lost job would have left behind.
"""

from __future__ import annotations

from uuid import UUID

from gis.flows.climb import climb
from gis.flows.duty_calendar import keep_duty
from gis.flows.expire_offer import expire_offer
from gis.flows.match_waiting import match_waiting
from gis.flows.offer_case import offer_case
from gis.flows.pause import end_pause
from gis.flows.referral_due import falling_due, tell_due, tell_unanswered
from gis.flows.sweeping import each
from gis.flows.work import OpenWork
from gis.store import cases, duty, offers, referrals
from gis.store.jobs import Task

EVERY_MINUTE = ("sweep",)
SWEPT_AT_ONCE = 200


def bind(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def offer(community_id: str, case_id: str) -> None:
        async with open_work() as work:
            await offer_case(work, community_id, UUID(case_id))

    async def expire(community_id: str, offer_id: str) -> None:
        async with open_work() as work:
            await expire_offer(work, community_id, UUID(offer_id))

    async def climb_one(community_id: str, case_id: str) -> None:
        async with open_work() as work:
            await climb(work, community_id, UUID(case_id))

    async def end_one(community_id: str, case_id: str) -> None:
        async with open_work() as work:
            await end_pause(work, community_id, UUID(case_id))

    async def match_all(community_id: str) -> None:
        async with open_work() as work:
            await match_waiting(work, community_id)

    async def keep_one(community_id: str, person_id: str) -> None:
        async with open_work() as work:
            await keep_duty(work, community_id, UUID(person_id))

    async def sweep_all() -> None:
        await sweep(open_work)

    return {
        "offer_case": offer,
        "expire_offer": expire,
        "climb": climb_one,
        "end_pause": end_one,
        "match_waiting": match_all,
        "keep_duty": keep_one,
        "sweep": sweep_all,
    }


async def sweep(open_work: OpenWork) -> None:
    """End offers past their time, look after open cases and tell of referrals falling due, each in a transaction of its own.

    Parameters
    ----------
    open_work
        As for ``bind``.
    """
    async with open_work() as work:
        past = await offers.overdue(work.session, work.clock.now(), limit=SWEPT_AT_ONCE)
        paused = await cases.to_resume(work.session, work.clock.now(), limit=SWEPT_AT_ONCE)
        climbing = await cases.to_climb(work.session, work.clock.now(), limit=SWEPT_AT_ONCE)
        borders = await duty.due(work.session, work.clock.now(), limit=SWEPT_AT_ONCE)
        waiting = await offers.waiting(work.session, limit=SWEPT_AT_ONCE)
        referred = await falling_due(work, limit=SWEPT_AT_ONCE)
        not_taken = await referrals.unanswered(work.session, work.clock.now(), limit=SWEPT_AT_ONCE)
    await each(open_work, past, expire_offer)
    await each(open_work, paused, end_pause)
    await each(open_work, climbing, climb)
    await each(open_work, borders, keep_duty)
    await each(open_work, sorted({(community_id,) for community_id, _ in waiting}), match_waiting)
    await each(open_work, [(due,) for due in referred], tell_due)
    await each(open_work, [(late,) for late in not_taken], tell_unanswered)
