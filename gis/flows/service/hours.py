"""Hours that the office enters, confirms and corrects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from gis.errors import InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.service.booking import Booking, book, correct, rates_of
from gis.flows.texts import required
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.permissions import require
from gis.recurrence import local_day
from gis.service.hours import MOST_EVENT_H, checked_hours, worked_hours
from gis.store import audit, cases, served
from gis.store.people import timezone_of
from gis.store.served import Served
from gis.words import Actor

LONGEST_OCCASION = 60
LONGEST_REASON = 200
PATROL = "patrol"
PATROL_CATEGORY = "patrol_route"
BACK = timedelta(days=366)
"""How long ago an event may be whose hours are entered."""
MOST_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class Hours:
    """Somebody's hours at an event."""

    person_id: UUID
    hours: float


async def enter_hours(  # noqa: PLR0917 - for what, on which day, whose
    work: Work, actor: Actor, batch_id: UUID, occasion: str, day: date, people: Sequence[Hours]
) -> int:
    """Book hours of an event for one or many; the same batch again changes nothing.

    Parameters
    ----------
    work, actor
        Who enters them.
    batch_id, occasion, day, people
        Made by the client; what for, when, and whose.

    Returns
    -------
    int
        How many were new.

    Raises
    ------
    NotAllowedError
        ``not_allowed``; ``own_work``: nobody enters their own.
    InvalidInputError
        ``text_needed``, ``text_too_long``, ``service_day``, ``hours_out_of_range``, ``too_many_people``, ``nobody_named``.
    """
    require(actor, "enter_hours")
    said = required(occasion, "occasion", limit=LONGEST_OCCASION)
    today = await today_in(work.session, work.clock, actor.community_id)
    if not today - BACK <= day <= today:
        raise InvalidInputError("not in the year before today", code="service_day", field="day")
    if not people:
        raise InvalidInputError("whose", code="nobody_named", field="people")
    if len(people) > MOST_PEOPLE:
        raise InvalidInputError("too many", code="too_many_people", field="people", most=MOST_PEOPLE)
    if any(one.person_id == actor.person_id for one in people):
        raise NotAllowedError("nobody enters their own hours", code="own_work", verb="enter_hours")
    bookings = [
        Booking(
            Served(
                uuid5(batch_id, str(one.person_id)),
                one.person_id,
                checked_hours(one.hours, MOST_EVENT_H),
                day,
                verified_by=actor.person_id,
                occasion=said,
            ),
            memo=said,
        )
        for one in people
    ]
    return await book(work, actor.community_id, bookings)


async def confirm_patrols(work: Work, actor: Actor, patrol_ids: Sequence[UUID]) -> int:
    """Book the hours of patrols that were recorded; each once.

    Parameters
    ----------
    work, actor, patrol_ids
        Who confirms which.

    Raises
    ------
    NotAllowedError
        ``not_allowed``; ``own_work``.
    """
    require(actor, "enter_hours")
    rates = await rates_of(work, actor.community_id)
    zone = ZoneInfo(await timezone_of(work.session, actor.community_id))
    found = await served.patrols_to_confirm(work.session, actor.community_id, only=patrol_ids)
    if any(one.person_id == actor.person_id for one in found):
        raise NotAllowedError("nobody confirms their own hours", code="own_work", verb="enter_hours")
    bookings = [
        Booking(
            Served(
                uuid5(one.patrol_id, "service"),
                one.person_id,
                worked_hours(one.started_at, one.ended_at, rates.most_h),
                local_day(one.ended_at, zone),
                verified_by=actor.person_id,
                patrol_id=one.patrol_id,
            ),
            PATROL_CATEGORY,
            PATROL,
        )
        for one in found
    ]
    return await book(work, actor.community_id, bookings, rates)


async def correct_hours(  # noqa: PLR0917 - which, to what, and why
    work: Work, actor: Actor, service_id: UUID, new_id: UUID, hours: float, reason: str
) -> None:
    """Correct hours that were booked: their points are taken back and others booked; none at all strikes them out.

    Parameters
    ----------
    work, actor, service_id
        Who corrects which.
    new_id, hours, reason
        The id of what takes their place, made by the client; how many they were, and why that is right.

    Raises
    ------
    NotAllowedError
        ``not_allowed``; ``own_work``.
    NotFoundError
        ``service_not_found``.
    InvalidInputError
        ``reason_needed``, ``text_too_long``, ``hours_out_of_range``, ``hours_unchanged``.
    ConflictError
        ``already_corrected``.
    """
    require(actor, "enter_hours")
    said = required(reason, "reason", limit=LONGEST_REASON)
    if (again := await served.get(work.session, actor.community_id, new_id)) is not None and (
        again.corrects == service_id
    ):
        return
    old = await served.get(work.session, actor.community_id, service_id)
    if old is None:
        raise NotFoundError("no such hours", code="service_not_found")
    if old.person_id == actor.person_id:
        raise NotAllowedError("nobody corrects their own hours", code="own_work", verb="correct")
    right = 0.0 if hours == 0 else checked_hours(hours, MOST_EVENT_H)
    if right == old.hours:
        raise InvalidInputError("nothing else", code="hours_unchanged", field="hours")
    category = PATROL_CATEGORY if old.patrol_id else None
    memo = PATROL if old.patrol_id else old.occasion
    if old.case_id is not None:
        case = await cases.lock(work.session, actor.community_id, old.case_id)
        category = memo = case.facts.category if case else ""
    rates = await rates_of(work, actor.community_id)
    new = Served(
        new_id,
        old.person_id,
        right,
        old.served_on,
        verified_by=actor.person_id,
        case_id=old.case_id,
        patrol_id=old.patrol_id,
        occasion=old.occasion,
        corrects=old.service_id,
        reason=said,
    )
    await correct(work, actor.community_id, old, Booking(new, category, memo), rates)
    await audit.note(
        work.session,
        actor.community_id,
        "hours_corrected",
        at=work.clock.now(),
        person_id=actor.person_id,
        subject_id=str(service_id),
        data={"hours": [old.hours, right]},
    )
    if old.case_id is not None:
        await served.tell_case(
            work.session, actor.community_id, new, was=old.hours, at=work.clock.now(), by=actor.person_id
        )
