"""Closing days: when the time to change a day is over, its servings are made, with the prices of then."""

from __future__ import annotations

import structlog

from gis.errors import ConflictError, WeiwangError
from gis.flows.retention.rules import days_in
from gis.flows.work import OpenWork, Work
from gis.recurrence import DAY
from gis.store import kitchens, meals, servings
from gis.store.jobs import Task
from gis.store.kitchens import Kitchen

log = structlog.get_logger()
EVERY_MINUTE = ("sweep_meals",)
FARTHEST_BACK = 31 * DAY
"""After a long pause of the service older days are left without servings: nobody cooked by this list."""


async def close_due(work: Work, community_id: str) -> Kitchen:
    """Make the servings of all days whose cut-off has passed, and return the kitchen, held by this transaction.

    Whoever changes anything of the days to come does this first: then nothing reaches back over a cut-off, even where the
    keeper has not come by yet.

    Parameters
    ----------
    work, community_id
        Where.

    Raises
    ------
    ConflictError
        ``kitchen_missing``.
    """
    kitchen = await kitchens.lock_kitchen(work.session, community_id)
    if kitchen is None:
        raise ConflictError("nobody cooks here yet", code="kitchen_missing")
    last = kitchen.days.last_closed(work.clock.now())
    since = max(kitchen.closed_until or last, last - FARTHEST_BACK)
    days = [since + number * DAY for number in range(1, (last - since).days + 1)]
    if served := [day for day in days if kitchen.days.serves_on(day)]:
        await servings.close_days(work.session, community_id, served)
    await servings.set_closed(work.session, community_id, last)
    return kitchen


def bind_meals(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def sweep() -> None:
        async with open_work() as work:
            cooking = await servings.kitchens_open(work.session)
        for community_id in cooking:
            try:
                async with open_work() as work:
                    kitchen = await close_due(work, community_id)
                    now = work.clock.now()
                    today = now.astimezone(kitchen.days.zone).date()
                    days = await days_in(work.session, work.settings, community_id)
                    await meals.erase(work.session, community_id, today - days["meals"] * DAY, now)
            except WeiwangError as error:  # the others are closed all the same, this one again in a minute
                log.warning("meals_not_closed", community=community_id, code=error.code)

    return {"sweep_meals": sweep}
