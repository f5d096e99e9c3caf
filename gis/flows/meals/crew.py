"""Who works in the kitchen on which day: nobody without a health certificate that holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.meals.kitchen import the_kitchen
from gis.flows.service.booking import Booking, book
from gis.flows.work import Work
from gis.people.permissions import require
from gis.service.hours import MOST_EVENT_H, checked_hours
from gis.store import certificates, meal_crew
from gis.store.meal_crew import CrewRow
from gis.store.served import Served
from gis.words import Actor

HEALTH = "health"
JOBS = ("cook", "pack", "serve")
WARN = timedelta(days=30)
FARTHEST = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Crew:
    """A day's crew, and who may be put on it: who holds a health certificate on that day, and until when."""

    day: date
    members: Sequence[CrewRow]
    holders: Mapping[UUID, date | None]
    names: Mapping[UUID, str]

    def ends_soon(self, person_id: UUID) -> date | None:
        """Return the last day of somebody's certificate where that is near."""
        last = self.holders.get(person_id)
        return last if last is not None and last <= self.day + WARN else None


async def crew_of(work: Work, actor: Actor, day: date) -> Crew:
    """Return a day's crew, for the office.

    Parameters
    ----------
    work, actor, day
        Who looks at which day.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "run_kitchen")
    members = await meal_crew.crew_on(work.session, actor.community_id, day)
    holders = await certificates.holders(work.session, actor.community_id, HEALTH, day)
    names = await meal_crew.names_of(work.session, actor.community_id, list(holders))
    return Crew(day, members, {one: holders[one] for one in names}, names)


async def roster(work: Work, actor: Actor, day: date, person_id: UUID, job: str) -> date | None:
    """Put somebody on a day's crew; again with another job changes that.

    Parameters
    ----------
    work, actor, day, person_id, job
        Who puts whom on which day's crew, as what.

    Returns
    -------
    date or None
        The last day of their certificate where that is near, as a warning.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    InvalidInputError
        ``meal_job``, ``meal_crew_day``.
    ConflictError
        ``health_certificate``: they hold none on that day.
    NotFoundError
        ``meal_crew_missing``: there is no such person.
    """
    require(actor, "run_kitchen")
    if job not in JOBS:
        raise InvalidInputError("cook, pack or serve", code="meal_job", field="job")
    now, kitchen = work.clock.now(), await the_kitchen(work.session, actor.community_id)
    today = now.astimezone(kitchen.days.zone).date()
    if not today <= day <= today + FARTHEST:
        raise InvalidInputError("gone, or far ahead", code="meal_crew_day", field="day", limit=FARTHEST.days)
    held = await certificates.holders(work.session, actor.community_id, HEALTH, day, [person_id])
    if person_id not in held:
        raise ConflictError("no health certificate on that day", code="health_certificate")
    if not await meal_crew.put(
        work.session, actor.community_id, day, person_id, job, by=actor.person_id, at=now
    ):
        raise NotFoundError("no such person", code="meal_crew_missing")
    last = held[person_id]
    return last if last is not None and last <= day + WARN else None


async def unroster(work: Work, actor: Actor, day: date, person_id: UUID) -> None:
    """Take somebody off a day's crew; they see its list no longer.

    Parameters
    ----------
    work, actor, day, person_id
        Who takes whom off which day's crew.

    Raises
    ------
    NotFoundError
        ``meal_crew_missing``: they aren't of it, or their hours are booked.
    """
    require(actor, "run_kitchen")
    if not await meal_crew.remove(work.session, actor.community_id, day, person_id):
        raise NotFoundError("not of the crew", code="meal_crew_missing")


async def book_hours(work: Work, actor: Actor, day: date, person_id: UUID, hours: float) -> None:
    """Book the hours that somebody has worked in the kitchen, once; the points they earn go with them.

    Parameters
    ----------
    work, actor, day, person_id, hours
        Who books whose hours of which day.

    Raises
    ------
    NotAllowedError
        ``not_allowed``; ``meal_own_hours``: one's own are booked by somebody else.
    InvalidInputError
        ``hours_out_of_range``.
    NotFoundError
        ``meal_crew_missing``: they aren't of the crew, or it is done already.
    """
    require(actor, "run_kitchen")
    if person_id == actor.person_id:
        raise NotAllowedError("nobody may book their own work", code="meal_own_hours")
    stated = checked_hours(hours, MOST_EVENT_H)
    kitchen = await the_kitchen(work.session, actor.community_id)
    service_id = uuid5(person_id, f"kitchen/{actor.community_id}/{day}")
    served = Served(service_id, person_id, stated, day, actor.person_id, occasion=kitchen.name)
    await book(work, actor.community_id, [Booking(served, None, kitchen.name)])
    if not await meal_crew.set_hours(
        work.session, actor.community_id, day, person_id, hours=stated, service_id=service_id
    ):
        raise NotFoundError("not of the crew, or done already", code="meal_crew_missing")
