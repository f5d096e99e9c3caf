"""Places of an activity: taken, given back, passed on to who waits; and the reminder of the day before."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import structlog

from gis.errors import NotFoundError, WeiwangError
from gis.flows.notify import notify
from gis.flows.work import OpenWork, Work
from gis.people.permissions import require
from gis.store import activities
from gis.store.activities import Activity
from gis.store.jobs import Task
from gis.teams.activities import REMINDED_BEFORE, require_planned
from gis.words import Actor, Notice

log = structlog.get_logger()
EVERY_MINUTE = ("sweep_activities",)
SWEPT_AT_ONCE = 100


async def held(work: Work, actor: Actor, activity_id: UUID) -> Activity:
    """Return an activity, whose places nobody else takes until the transaction ends.

    Raises
    ------
    NotFoundError
        ``activity_not_found``.
    """
    found = await activities.lock(work.session, actor.community_id, activity_id)
    if found is None:
        raise NotFoundError("no such activity", code="activity_not_found")
    return found


async def sign_up(work: Work, actor: Actor, activity_id: UUID) -> str:
    """Take a place, or wait for one; said again it answers the same.

    Parameters
    ----------
    work, actor, activity_id
        Who signs up for which.

    Returns
    -------
    str
        ``booked`` or ``waiting``.

    Raises
    ------
    ConflictError
        ``activity_cancelled``, ``activity_begun``.
    """
    require(actor, "sign_up")
    activity, now, where = await held(work, actor, activity_id), work.clock.now(), actor.community_id
    before = await activities.seat(work.session, where, activity_id, actor.person_id)
    if before is not None and before.state != "cancelled":
        return before.state
    require_planned(activity.starts_at, activity.cancelled_at, now)
    free = await activities.taken(work.session, where, activity_id) < activity.places
    state = "booked" if free else "waiting"
    await activities.put(work.session, where, activity_id, actor.person_id, state=state, now=now)
    return state


async def leave(work: Work, actor: Actor, activity_id: UUID) -> None:
    """Give one's place back; who has waited longest gets it and is told. Said again it changes nothing.

    Parameters
    ----------
    work, actor, activity_id
        Who leaves which.

    Raises
    ------
    ConflictError
        ``activity_begun``.
    """
    activity = await held(work, actor, activity_id)
    before = await activities.seat(work.session, actor.community_id, activity_id, actor.person_id)
    if before is None or before.state == "cancelled" or activity.cancelled_at is not None:
        return
    require_planned(activity.starts_at, None, work.clock.now())
    await activities.drop(work.session, actor.community_id, activity_id, actor.person_id)
    await fill(work, actor.community_id, activity)


async def fill(work: Work, community_id: str, activity: Activity, free: int = 1) -> None:
    """Give places that are free to who has waited longest, and tell them.

    Parameters
    ----------
    work, community_id, activity
        Which, held.
    free
        How many places.
    """
    people = await activities.promote(work.session, community_id, activity.activity_id, free)
    if people:
        await tell(work, community_id, activity, "activity_place", people=people)


async def tell(
    work: Work, community_id: str, activity: Activity, kind: str, *, people: Sequence[UUID], reason: str = ""
) -> None:
    """Tell people something of an activity.

    Parameters
    ----------
    work, community_id, activity
        Which.
    kind, people, reason
        What whom, and why.
    """
    data = {"activity_id": str(activity.activity_id), "title": activity.title, "reason": reason}
    again = kind in {"activity_place", "activity_moved"}  # may happen several times
    key = f"{activity.activity_id}:{work.clock.now().isoformat() if again else ''}"
    await notify(work, community_id, Notice(kind, people, data=data, key=key))


def bind_activities(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def sweep() -> None:
        async with open_work() as work:
            now = work.clock.now()
            near = await activities.to_remind(work.session, now, now + REMINDED_BEFORE, limit=SWEPT_AT_ONCE)
        for community_id, activity_id in near:
            try:
                async with open_work() as work:
                    await _remind(work, community_id, activity_id)
            except WeiwangError as error:  # the others are reminded all the same, this one again in a minute
                log.warning("activity_not_reminded", activity_id=str(activity_id), code=error.code)

    return {"sweep_activities": sweep}


async def _remind(work: Work, community_id: str, activity_id: UUID) -> None:
    activity = await activities.lock(work.session, community_id, activity_id)
    if activity is None or activity.cancelled_at is not None:
        return
    if await activities.reminded(work.session, community_id, activity_id, work.clock.now()):
        people = await activities.people_in(work.session, community_id, activity_id, "booked")
        await tell(work, community_id, activity, "activity_soon", people=people)
