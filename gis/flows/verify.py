"""Closing a case that is done: hours and points are booked in the same transaction."""

from __future__ import annotations

from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from gis.flows.acting import change, hold
from gis.flows.asking import ask_reporters
from gis.flows.service.booking import Booking, book, rates_of
from gis.flows.work import Work
from gis.recurrence import local_day
from gis.service.hours import Rates, checked_hours, worked_hours
from gis.store.cases import LockedCase
from gis.store.people import timezone_of
from gis.store.served import Served
from gis.words import Actor, CaseState, Role, Verb

_EARN = frozenset({Role.WATCHER.value, Role.RIDER.value})


async def verify(
    work: Work, actor: Actor, case_id: UUID, hours: float | None = None, *, on_site: bool = False
) -> CaseState:
    """Verify work that is done, by somebody else than who did it, and close the case.

    Parameters
    ----------
    work, actor, case_id
        Who verifies which case.
    hours
        To book instead of the time from acceptance to done.
    on_site
        Whether they have looked at the work where it was done.

    Raises
    ------
    InvalidInputError
        ``hours_out_of_range``.
    NotAllowedError
        ``own_work``.
    """
    rates = await rates_of(work, actor.community_id)
    stated = None if hours is None else checked_hours(hours, rates.most_h)
    case, found = await hold(work, actor, case_id)
    now = work.clock.now()
    state = await change(
        work,
        actor.community_id,
        case,
        Verb.VERIFY,
        found,
        actor=actor,
        columns={"closed_at": now},
        data={"on_site": True} if on_site else None,
    )
    await _book(work, actor, case, stated, rates)
    await ask_reporters(work, actor, case)
    return state


async def _book(work: Work, actor: Actor, case: LockedCase, stated: float | None, rates: Rates) -> None:
    worker = case.facts.assignee_id
    if worker is None or case.assignee_role not in _EARN:
        return
    now = work.clock.now()
    began = max(
        case.accepted_at or now, case.starts_at or case.opened_at
    )  # waiting for a window is no service
    ended = case.done_at or now
    hours = stated if stated is not None else worked_hours(began, ended, rates.most_h)
    zone = ZoneInfo(await timezone_of(work.session, actor.community_id))
    done = Served(
        uuid4(),
        worker,
        hours,
        local_day(ended, zone),
        verified_by=actor.person_id,
        case_id=case.facts.case_id,
    )
    booking = Booking(done, case.facts.category, case.facts.category)
    await book(work, actor.community_id, [booking], rates)
