"""Calendars of duty as the office keeps them: shifts of the week, leave and extra duty, one shift taken over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from gis.errors import ConflictError, InvalidInputError
from gis.flows.duty_calendar import DutyPlan, read_calendar, replace_calendar
from gis.flows.office.record import differences, record
from gis.flows.work import Work
from gis.people.duty import Exemption, Kind, Shift
from gis.people.permissions import require
from gis.store.posts import find_post
from gis.words import Actor


async def set_shifts(work: Work, actor: Actor, person_id: UUID, shifts: Sequence[Shift]) -> DutyPlan:
    """Replace somebody's shifts of the week; leave and extra duty stay.

    Parameters
    ----------
    work, actor, person_id, shifts
        Who sets whose.

    Raises
    ------
    InvalidInputError, NotAllowedError, NotFoundError
        As ``replace_calendar``.
    """
    require(actor, "plan_duty")
    plan = await read_calendar(work.session, actor, person_id)
    return await _replace(work, actor, plan, shifts, plan.calendar.exemptions)


async def add_exemption(work: Work, actor: Actor, person_id: UUID, one: Exemption) -> DutyPlan:
    """Add leave or extra duty; the same again changes nothing.

    Parameters
    ----------
    work, actor, person_id, one
        Who adds what for whom.

    Raises
    ------
    InvalidInputError, NotAllowedError, NotFoundError
        As ``replace_calendar``.
    """
    require(actor, "plan_duty")
    plan = await read_calendar(work.session, actor, person_id)
    return await _replace(work, actor, plan, plan.calendar.shifts, (*plan.calendar.exemptions, one))


async def drop_exemption(work: Work, actor: Actor, person_id: UUID, starts_at: datetime) -> DutyPlan:
    """Take leave or extra duty back.

    Parameters
    ----------
    work, actor, person_id, starts_at
        Who takes back what begins then of whom.

    Raises
    ------
    InvalidInputError, NotAllowedError, NotFoundError
        As ``replace_calendar``.
    """
    require(actor, "plan_duty")
    plan = await read_calendar(work.session, actor, person_id)
    kept = [one for one in plan.calendar.exemptions if one.starts_at != starts_at]
    return await _replace(work, actor, plan, plan.calendar.shifts, kept)


async def take_over_shift(work: Work, actor: Actor, person_id: UUID, day: date, other_id: UUID) -> None:
    """Have somebody else do the shifts that a person's week has on a day: leave for the one, extra duty for the other.

    Parameters
    ----------
    work, actor
        Who decides.
    person_id, day, other_id
        Whose shifts of which day, in the community's own time, and who does them.

    Raises
    ------
    InvalidInputError
        ``swap_with_oneself``.
    ConflictError
        ``no_shift_that_day`` where the week has none on that day.
    """
    require(actor, "plan_duty")
    if person_id == other_id:
        raise InvalidInputError("somebody else", code="swap_with_oneself", field="other")
    plan = await read_calendar(work.session, actor, person_id)
    other = await read_calendar(work.session, actor, other_id)
    zone = ZoneInfo(plan.calendar.timezone)
    spans = [shift.span(day, zone) for shift in plan.calendar.shifts if shift.weekday == day.isoweekday()]
    if not spans:
        raise ConflictError("no shift on that day", code="no_shift_that_day", day=day.isoformat())
    for kind, one in ((Kind.LEAVE, plan), (Kind.EXTRA, other)):
        added = [Exemption(kind, starts_at, ends_at, "swap") for starts_at, ends_at in spans]
        await _replace(work, actor, one, one.calendar.shifts, (*one.calendar.exemptions, *added))


async def _replace(
    work: Work, actor: Actor, before: DutyPlan, shifts: Sequence[Shift], exemptions: Sequence[Exemption]
) -> DutyPlan:
    after = await replace_calendar(work, actor, before.person_id, shifts, exemptions)
    changed = differences(_told(before), _told(after))
    if changed:
        post = await find_post(work.session, actor.community_id, before.person_id)
        name = post.name if post else ""
        await record(work, actor, "duty", str(before.person_id), "changed", name=name, data=changed)
        work.rosters.forget(actor.community_id)
    return after


def _told(plan: DutyPlan) -> dict[str, Any]:
    zone = ZoneInfo(plan.calendar.timezone)
    return {
        "shifts": sorted(
            f"{one.weekday} {one.starts:%H:%M}-{one.ends:%H:%M}" for one in plan.calendar.shifts
        ),
        "exceptions": sorted(
            f"{one.kind} {one.starts_at.astimezone(zone):%Y-%m-%d %H:%M} - {one.ends_at.astimezone(zone):%Y-%m-%d %H:%M}"
            for one in plan.calendar.exemptions
        ),
    }
