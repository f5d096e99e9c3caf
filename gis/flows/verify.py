"""Closing a case that is done: hours and points are booked in the same transaction."""

from __future__ import annotations

from uuid import UUID

from gis.flows.acting import change, hold
from gis.flows.asking import ask_reporters
from gis.flows.work import Work
from gis.service.hours import checked_hours, points, worked_hours
from gis.service.ledger import earned
from gis.store import ledger
from gis.store.cases import LockedCase
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
    stated = None if hours is None else checked_hours(hours)
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
    await _book(work, actor, case, stated)
    await ask_reporters(work, actor, case)
    return state


async def _book(work: Work, actor: Actor, case: LockedCase, stated: float | None) -> None:
    worker = case.facts.assignee_id
    if worker is None or case.assignee_role not in _EARN:
        return
    now = work.clock.now()
    began = max(
        case.accepted_at or now, case.starts_at or case.opened_at
    )  # waiting for a window is no service
    hours = stated if stated is not None else worked_hours(began, case.done_at or now)
    entry = earned(actor.community_id, worker, points(hours), case.facts.category)
    await ledger.book_service(
        work.session,
        actor.community_id,
        entry,
        person_id=worker,
        case_id=case.facts.case_id,
        hours=hours,
        verified_by=actor.person_id,
        at=now,
    )
