"""Activities and courses: announced, changed and cancelled by who organises them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotAllowedError
from gis.flows.teams.places import fill, held, tell
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.people.permissions import may
from gis.store import activities, teams
from gis.store.activities import Activity, NewActivity
from gis.teams.activities import (
    Gift,
    checked_gift,
    checked_places,
    checked_times,
    require_planned,
)
from gis.words import Actor

MOST_H = 8.0
"""Hours of service that one activity may be worth."""


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """An activity as it is announced."""

    activity_id: UUID
    kind: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    places: int
    about: str = ""
    building_id: UUID | None = None
    team_id: UUID | None = None
    gift: Gift = field(default_factory=Gift)


@dataclass(frozen=True, slots=True)
class Moved:
    """Where and when an activity is from now on."""

    place: str
    starts_at: datetime
    ends_at: datetime


async def announce(work: Work, actor: Actor, draft: ActivityDraft) -> UUID:
    """Announce an activity; a repeat of the same id changes nothing.

    Parameters
    ----------
    work, actor, draft
        Who announces what: the office and grid workers, and leaders for their team.

    Raises
    ------
    InvalidInputError
        As ``gis.teams.activities``; ``team_unknown``, ``hours_out_of_range``.
    NotAllowedError
        ``not_allowed``.
    ConflictError
        ``activity_id_reused``.
    """
    if not may(actor, "announce") and not await teams.leads(
        work.session, actor.community_id, draft.team_id, actor.person_id
    ):
        raise NotAllowedError("for the office and who leads the team", verb="announce")
    new = await _checked(work, actor, draft)
    if not await activities.add(work.session, actor.community_id, new):
        before = await activities.lock(work.session, actor.community_id, draft.activity_id)
        if before is None or before.created_by != actor.person_id:
            raise ConflictError("this id stands for another activity", code="activity_id_reused")
    return draft.activity_id


async def _checked(work: Work, actor: Actor, draft: ActivityDraft) -> NewActivity:
    now = work.clock.now()
    gift = checked_gift(draft.kind, draft.gift)
    title = required(draft.title, "title", limit=60)
    place = required(draft.place, "place", limit=60)
    checked_times(draft.starts_at, draft.ends_at, now)
    if not 0 <= gift.hours <= MOST_H:
        raise InvalidInputError(
            f"0 to {MOST_H} hours", code="activity_hours", field="hours", limit=int(MOST_H)
        )
    if draft.team_id is not None and not await teams.active(work.session, actor.community_id, draft.team_id):
        raise InvalidInputError("no such team", code="team_unknown", field="team")
    return NewActivity(
        draft.activity_id,
        draft.kind,
        title,
        plain(draft.about, "about", limit=1000),
        place,
        draft.building_id,
        draft.starts_at,
        draft.ends_at,
        checked_places(draft.places),
        round(gift.hours, 2),
        draft.team_id,
        gift.skill,
        gift.certificate,
        gift.valid_months,
        actor.person_id,
        now,
    )


async def may_keep(work: Work, actor: Actor, activity: Activity) -> bool:
    """Tell whether somebody organises an activity: who announced it, the office, and who leads its team.

    Parameters
    ----------
    work, actor, activity
        Who, and which.
    """
    if actor.person_id == activity.created_by or may(actor, "keep_activities"):
        return True
    return await teams.leads(work.session, actor.community_id, activity.team_id, actor.person_id)


async def kept(work: Work, actor: Actor, activity_id: UUID) -> Activity:
    """Return an activity, held, to who organises it.

    Raises
    ------
    NotFoundError, NotAllowedError
        ``activity_not_found``, ``not_allowed``.
    """
    activity = await held(work, actor, activity_id)
    if not await may_keep(work, actor, activity):
        raise NotAllowedError("for who organises it", verb="keep_activity")
    return activity


async def change(
    work: Work,
    actor: Actor,
    activity_id: UUID,
    *,
    title: str,
    about: str,
    places: int,
    moved: Moved | None = None,
) -> None:
    """Change what an activity is called, says of itself, how many places it has, and, until it begins, when and where it is.

    Parameters
    ----------
    work, actor, activity_id
        Who changes which.
    title, about, places
        As they are from now on; not fewer places than are taken.
    moved
        Where and when it is from now on; everybody who has signed up is told. None: as it was.

    Raises
    ------
    ConflictError
        ``activity_begun``: it can't be moved any more.
    InvalidInputError
        As ``announce``.
    """
    activity = await kept(work, actor, activity_id)
    taken = await activities.taken(work.session, actor.community_id, activity_id)
    if moved is not None:
        await _move(work, actor, activity, moved)
    await activities.change(
        work.session,
        actor.community_id,
        activity_id,
        title=required(title, "title", limit=60),
        about=plain(about, "about", limit=1000),
        places=checked_places(places, taken),
    )
    if activity.cancelled_at is None and activity.starts_at > work.clock.now():
        await fill(work, actor.community_id, activity, places - taken)


async def _move(work: Work, actor: Actor, activity: Activity, moved: Moved) -> None:
    """Have an activity held elsewhere or at another time, and tell who comes; as it was, nothing changes."""
    place = required(moved.place, "place", limit=60)
    before = (activity.place, _to_minute(activity.starts_at), _to_minute(activity.ends_at))
    if (place, _to_minute(moved.starts_at), _to_minute(moved.ends_at)) == before:
        return
    now = work.clock.now()
    require_planned(activity.starts_at, activity.cancelled_at, now)
    checked_times(moved.starts_at, moved.ends_at, now)
    await activities.move(
        work.session,
        actor.community_id,
        activity.activity_id,
        place=place,
        starts_at=moved.starts_at,
        ends_at=moved.ends_at,
    )
    people = await activities.people_in(
        work.session, actor.community_id, activity.activity_id, "booked", "waiting"
    )
    await tell(work, actor.community_id, activity, "activity_moved", people=people)


def _to_minute(at: datetime) -> datetime:
    """Return a moment as forms know it."""
    return at.replace(second=0, microsecond=0)


async def cancel(work: Work, actor: Actor, activity_id: UUID, reason: str) -> None:
    """Cancel an activity that hasn't begun; everybody who has signed up is told. Said again it changes nothing.

    Parameters
    ----------
    work, actor, activity_id, reason
        Who cancels which, and why.

    Raises
    ------
    ConflictError
        ``activity_begun``.
    """
    said = required(reason, "reason", limit=200)
    activity, now = await kept(work, actor, activity_id), work.clock.now()
    if activity.cancelled_at is not None:
        return
    require_planned(activity.starts_at, None, now)
    people = await activities.people_in(work.session, actor.community_id, activity_id, "booked", "waiting")
    await activities.cancel(
        work.session, actor.community_id, activity_id, by=actor.person_id, reason=said, now=now
    )
    await tell(work, actor.community_id, activity, "activity_cancelled", people=people, reason=said)
