"""Each person's own calendar of duty: reading it, replacing it, and passing its borders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.errors import InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.duty import switch
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.people.duty import DutyCalendar, Exemption, Kind, Shift
from gis.people.permissions import require
from gis.store import duty
from gis.store.duty import ExceptionRow, ShiftRow, StoredDuty
from gis.store.session import ReadSession
from gis.words import Actor

MOST = 60
"""Shifts, and exceptions, in one calendar."""


@dataclass(frozen=True, slots=True)
class DutyPlan:
    """Somebody's calendar, and what it says of now."""

    person_id: UUID
    calendar: DutyCalendar
    on_duty: bool
    on_shift: bool
    next_border_at: datetime | None


async def read_calendar(session: ReadSession, actor: Actor, person_id: UUID) -> DutyPlan:
    """Return a person's calendar.

    Parameters
    ----------
    session, actor
        Who asks: the person, or somebody of the office.
    person_id
        Whose.

    Raises
    ------
    NotAllowedError
        ``not_allowed``, ``not_a_responder``.
    NotFoundError
        ``responder_not_found``.
    """
    _require(actor, person_id)
    return _plan(person_id, await _stored(session, actor, person_id))


async def replace_calendar(
    work: Work,
    actor: Actor,
    person_id: UUID,
    shifts: Sequence[Shift],
    exemptions: Sequence[Exemption],
) -> DutyPlan:
    """Replace a person's calendar as a whole; sent again, it changes nothing.

    Where the new calendar says something else of this moment than the old one, it holds at once; else what the person
    tapped holds until the calendar's next border.

    Parameters
    ----------
    work, actor, person_id
        As for ``read_calendar``.
    shifts, exemptions
        The whole calendar.

    Raises
    ------
    InvalidInputError
        ``shift_empty``, ``exception_order``, ``too_many_entries``, ``text_too_long``.
    NotAllowedError, NotFoundError
        As ``read_calendar``.
    """
    _require(actor, person_id)
    _check(shifts, exemptions)
    community_id = actor.community_id
    before = await _stored(work.session, actor, person_id)
    await duty.replace(
        work.session,
        community_id,
        person_id,
        [ShiftRow(one.weekday, one.starts, one.ends) for one in dict.fromkeys(shifts)],
        [
            ExceptionRow(one.kind.value, one.starts_at, one.ends_at, plain(one.note, "note", limit=200))
            for one in dict.fromkeys(exemptions)
        ],
    )
    after = await _stored(work.session, actor, person_id)
    await _settle(work, community_id, person_id, after, flip=_says(work, before) != _says(work, after))
    return await read_calendar(work.session, actor, person_id)


async def keep_duty(work: Work, community_id: str, person_id: UUID) -> None:
    """Pass a border of somebody's calendar; late, early, twice or at the same time it does no harm.

    Parameters
    ----------
    work, community_id, person_id
        Whose border has come.
    """
    found = await duty.load(work.session, community_id, person_id)
    if found is None or found.border_at is None:
        return
    if found.border_at > work.clock.now():
        return  # the calendar was replaced, and the job of its new border is on its way
    await _settle(work, community_id, person_id, found, flip=True)


async def _settle(work: Work, community_id: str, person_id: UUID, found: StoredDuty, *, flip: bool) -> None:
    """Store what a calendar says of now, put the person on duty or take them off, and await the next border."""
    now = work.clock.now()
    calendar = _calendar(found)
    on, border_at = calendar.on_at(now), calendar.next_border(now)
    if flip and on != found.on_duty:
        await switch(work, community_id, person_id, on=on)
    settled = await duty.settle(
        work.session, community_id, person_id, on_shift=on, border_at=border_at, seen=found.border_at
    )
    if settled and border_at is not None and border_at != found.border_at:
        await work.jobs.defer(
            work.session, "keep_duty", at=border_at, community_id=community_id, person_id=str(person_id)
        )


def _says(work: Work, found: StoredDuty) -> bool:
    return _calendar(found).on_at(work.clock.now())


def _require(actor: Actor, person_id: UUID) -> None:
    require(actor, "duty" if person_id == actor.person_id else "plan_duty")


def _check(shifts: Sequence[Shift], exemptions: Sequence[Exemption]) -> None:
    for name, entries in (("shifts", shifts), ("exceptions", exemptions)):
        if len(entries) > MOST:
            raise InvalidInputError(f"at most {MOST}", code="too_many_entries", field=name, limit=MOST)
    if any(one.starts == one.ends for one in shifts):
        raise InvalidInputError("a shift of no length", code="shift_empty", field="shifts")
    if any(one.ends_at <= one.starts_at for one in exemptions):
        raise InvalidInputError("it ends before it starts", code="exception_order", field="exceptions")


async def _stored(session: ReadSession, actor: Actor, person_id: UUID) -> StoredDuty:
    found = await duty.load(session, actor.community_id, person_id)
    if found is None and person_id == actor.person_id:
        raise NotAllowedError("this person takes no offers", code="not_a_responder")
    if found is None:
        raise NotFoundError("nobody of that identifier takes offers", code="responder_not_found")
    return found


def _calendar(found: StoredDuty) -> DutyCalendar:
    return DutyCalendar(
        found.timezone,
        tuple(Shift(one.weekday, one.starts, one.ends) for one in found.shifts),
        tuple(Exemption(Kind(one.kind), one.starts_at, one.ends_at, one.note) for one in found.exceptions),
    )


def _plan(person_id: UUID, found: StoredDuty) -> DutyPlan:
    return DutyPlan(person_id, _calendar(found), found.on_duty, found.on_shift, found.border_at)
