"""Who was there: by the code on the organiser's screen, or as the organiser ticks; hours, skills, certificates follow."""

from __future__ import annotations

import secrets
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from gis.errors import ConflictError, InvalidInputError, NotAllowedError
from gis.flows.service.booking import Booking, book, correct, rates_of
from gis.flows.teams.activities import kept, may_keep
from gis.flows.teams.places import held
from gis.flows.work import Work
from gis.people.permissions import require
from gis.recurrence import local_day
from gis.store import activities, certificates, served
from gis.store.activities import Activity, Seat
from gis.store.certificates import NewCertificate
from gis.store.people import timezone_of
from gis.store.served import Served
from gis.store.signing_keys import ensure_key, keys_in_force
from gis.teams.activities import doors_open, may_tick
from gis.teams.certificates import KINDS, after
from gis.teams.codes import code_at, is_code
from gis.words import Actor

PURPOSE = "attendance"
KEY_BYTES = 32


async def code_on_screen(work: Work, actor: Actor, activity_id: UUID) -> str:
    """Return the code that the organiser shows now.

    Parameters
    ----------
    work, actor, activity_id
        Who shows it, for which activity.

    Raises
    ------
    ConflictError
        ``activity_cancelled``, ``doors_closed``: too early, or long over.
    """
    activity, now = await kept(work, actor, activity_id), work.clock.now()
    _require_doors(work, activity)
    key = await ensure_key(work.session, actor.community_id, PURPOSE, secrets.token_bytes(KEY_BYTES), now)
    return code_at(actor.community_id, activity_id, key, now)


def _require_doors(work: Work, activity: Activity) -> None:
    if activity.cancelled_at is not None:
        raise ConflictError("it is cancelled", code="activity_cancelled")
    if not doors_open(activity.starts_at, activity.ends_at, work.clock.now()):
        raise ConflictError("half an hour before it to an hour after it", code="doors_closed")


async def attend(work: Work, actor: Actor, activity_id: UUID, code: str) -> None:
    """Be there: with the code that is on the screen now. Said again it changes nothing.

    Who hasn't signed up gets a place where there is one left.

    Parameters
    ----------
    work, actor, activity_id, code
        Who is at which, and what they have scanned or typed.

    Raises
    ------
    InvalidInputError
        ``attendance_code``: not the code of now.
    ConflictError
        ``activity_full``, ``activity_cancelled``, ``doors_closed``.
    NotAllowedError
        ``own_screen``: who sees the screen is ticked by another organiser.
    """
    require(actor, "sign_up")
    activity = await held(work, actor, activity_id)
    place = await activities.seat(work.session, actor.community_id, activity_id, actor.person_id)
    if place is not None and place.attended_at is not None:
        return
    _require_doors(work, activity)
    keys = await keys_in_force(work.session, actor.community_id, PURPOSE)
    if not is_code(code, actor.community_id, activity_id, keys, work.clock.now()):
        raise InvalidInputError("not the code of now", code="attendance_code", field="code")
    if await may_keep(work, actor, activity):
        raise NotAllowedError("another organiser says so", code="own_screen")
    await _come(work, actor, activity, actor.person_id, place, how="code")


async def tick(work: Work, actor: Actor, activity_id: UUID, person_id: UUID, *, there: bool) -> None:
    """Say as the organiser that somebody was there, or wasn't after all; said again it changes nothing.

    Parameters
    ----------
    work, actor, activity_id, person_id, there
        Who says what of whom.

    Raises
    ------
    ConflictError
        ``activity_full``, ``activity_cancelled``, ``tick_closed``, ``not_signed_up``.
    NotAllowedError
        ``not_allowed``; ``own_screen``: nobody says so of themselves.
    """
    activity = await kept(work, actor, activity_id)
    if person_id == actor.person_id:
        raise NotAllowedError("another organiser says so", code="own_screen")
    if activity.cancelled_at is not None:
        raise ConflictError("it is cancelled", code="activity_cancelled")
    if not may_tick(activity.starts_at, activity.ends_at, work.clock.now()):
        raise ConflictError("too early, or too late", code="tick_closed")
    place = await activities.seat(work.session, actor.community_id, activity_id, person_id)
    if place is None or place.state == "cancelled":
        raise ConflictError("they haven't signed up", code="not_signed_up")
    if there and place.attended_at is None:
        await _come(work, actor, activity, person_id, place, how="organiser")
    elif not there and place.attended_at is not None:
        await _take_back(work, actor, activity, person_id, place)


async def _come(
    work: Work, actor: Actor, activity: Activity, person_id: UUID, place: Seat | None, *, how: str
) -> None:
    """Give somebody a place if they have none, write down that they are there, and give what it gives."""
    where, activity_id, now = actor.community_id, activity.activity_id, work.clock.now()
    if place is None or place.state != "booked":
        if await activities.taken(work.session, where, activity_id) >= activity.places:
            raise ConflictError("all places are taken", code="activity_full")
        await activities.put(work.session, where, activity_id, person_id, state="booked", now=now)
    attested = actor.person_id if how == "organiser" else activity.created_by
    service_id = await _book(work, activity, where, person_id, attested)
    await activities.attend(
        work.session,
        where,
        activity_id,
        person_id,
        how=how,
        attested_by=attested,
        service_id=service_id,
        now=now,
    )
    await _teach(work, where, activity, person_id, attested)


async def _book(
    work: Work, activity: Activity, community_id: str, person_id: UUID, attested: UUID
) -> UUID | None:
    """Book an activity's hours; each time that somebody is written down is an entry of its own."""
    if not activity.hours:
        return None
    zone = ZoneInfo(await timezone_of(work.session, community_id))
    service_id = uuid5(activity.activity_id, f"{person_id}/{work.clock.now().isoformat()}")
    hours = Served(
        service_id,
        person_id,
        activity.hours,
        local_day(activity.starts_at, zone),
        occasion=activity.title,
        verified_by=attested,
    )
    await book(work, community_id, [Booking(hours, memo=activity.title)])
    return service_id


async def _teach(work: Work, community_id: str, activity: Activity, person_id: UUID, attested: UUID) -> None:
    if activity.certificate:
        zone = ZoneInfo(await timezone_of(work.session, community_id))
        day = local_day(activity.ends_at, zone)
        months = activity.valid_months
        now = work.clock.now()
        new = NewCertificate(
            uuid5(activity.activity_id, f"certificate/{person_id}/{now.isoformat()}"),
            person_id,
            activity.certificate,
            KINDS[activity.certificate],
            None,
            day,
            after(day, months) if months else None,
            activity.activity_id,
            attested,
            now,
        )
        await certificates.add(work.session, community_id, new)
    if activity.skill:
        await certificates.learn(work.session, community_id, [person_id], activity.skill)
    if activity.skill or activity.certificate:
        work.rosters.forget(community_id)


async def _take_back(work: Work, actor: Actor, activity: Activity, person_id: UUID, place: Seat) -> None:
    """Take back that somebody was there, with the hours and the certificate; what they have learnt the office decides."""
    where, reason = actor.community_id, "attendance_taken_back"
    if place.service_id is not None:
        old = await served.get(work.session, where, place.service_id)
        if old is not None:
            nothing = Served(
                uuid5(place.service_id, reason),
                person_id,
                0.0,
                old.served_on,
                occasion=activity.title,
                verified_by=actor.person_id,
                corrects=old.service_id,
                reason=reason,
            )
            await correct(
                work, where, old, Booking(nothing, memo=activity.title), await rates_of(work, where)
            )
    await activities.unattend(work.session, where, activity.activity_id, person_id)
    await certificates.withdraw_given(
        work.session,
        where,
        activity.activity_id,
        person_id,
        by=actor.person_id,
        reason=reason,
        now=work.clock.now(),
    )
    work.rosters.forget(where)
