"""Teams, certificates and activities as people read them: members for members, contacts too, guests for the organiser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gis.clock import Clock
from gis.errors import NotFoundError
from gis.people.permissions import may
from gis.store import activity_reading, certificates, teams
from gis.store.activity_reading import ActivityRow, Guest, led_by
from gis.store.certificates import Certificate
from gis.store.session import ReadSession
from gis.store.sessions import actor_of
from gis.store.teams import Member, Team
from gis.teams.activities import doors_open, may_tick, standing
from gis.views.paging import Page, decode_cursor, encode_cursor
from gis.views.subject_photos import SEEN_BY
from gis.words import Actor

__all__ = [
    "ActivityItem",
    "ActivityRow",
    "Certificate",
    "Guest",
    "Member",
    "Team",
    "activity_detail",
    "announcing",
    "certificate_list",
    "member_list",
    "past_activities",
    "team_detail",
    "team_list",
    "upcoming_activities",
]


async def team_list(session: ReadSession, actor: Actor) -> list[Team]:
    """Return all teams, those that are over only for the office; contacts for members and the office."""
    office = may(actor, "manage_teams")
    found = await teams.teams(session, actor.community_id, actor.person_id)
    return [one if office or one.mine else replace(one, contact="") for one in found if one.active or office]


async def team_detail(session: ReadSession, actor: Actor, team_id: UUID) -> Team:
    """Return a team.

    Raises
    ------
    NotFoundError
        ``team_not_found``.
    """
    found = next((one for one in await team_list(session, actor) if one.team_id == team_id), None)
    if found is None:
        raise NotFoundError("no such team", code="team_not_found")
    return found


async def member_list(session: ReadSession, actor: Actor, team: Team, now: datetime) -> list[Member]:
    """Return who belongs to a team, to its members and the office; to others nobody.

    Parameters
    ----------
    session, actor, team, now
        Who looks at which, when: skills are those that count then.
    """
    if not team.mine and not may(actor, "manage_teams"):
        return []
    return await teams.members(session, actor.community_id, team.team_id, now)


async def certificate_list(session: ReadSession, actor: Actor, *, mine: bool = False) -> list[Certificate]:
    """Return certificates: all for the office, else one's own.

    Parameters
    ----------
    session, actor
        Who looks.
    mine
        Only one's own, for the office too.
    """
    everybody = may(actor, "record_certificates") and not mine
    return await certificates.certificates_of(
        session, actor.community_id, None if everybody else [actor.person_id]
    )


async def _sees_document(session: ReadSession, actor: Actor, certificate_id: UUID) -> bool:
    """Tell whether somebody sees the photo of a certificate: the office, and whose it is."""
    now = await actor_of(session, actor.community_id, actor.person_id)
    found = await certificates.find(session, actor.community_id, certificate_id)
    if now is None or found is None:
        return False
    return found.person_id == now.person_id or may(now, "record_certificates")


SEEN_BY["certificate"] = _sees_document


@dataclass(frozen=True, slots=True)
class ActivityItem:
    """An activity, and what the reader may do with it now."""

    row: ActivityRow
    status: str
    keeps: bool
    """Whether the reader organises it."""
    doors: bool
    """Whether the code on the screen is taken now."""
    ticks: bool
    """Whether the organiser may say now who was there."""


def _item(actor: Actor, row: ActivityRow, now: datetime) -> ActivityItem:
    keeps = row.created_by == actor.person_id or may(actor, "keep_activities") or row.leads
    on = row.cancelled_at is None
    return ActivityItem(
        row,
        standing(row.starts_at, row.ends_at, row.cancelled_at, now),
        keeps,
        on and doors_open(row.starts_at, row.ends_at, now),
        on and keeps and may_tick(row.starts_at, row.ends_at, now),
    )


async def upcoming_activities(session: ReadSession, actor: Actor, clock: Clock) -> list[ActivityItem]:
    """Return what is announced or under way, the next one first."""
    now = clock.now()
    rows = await activity_reading.upcoming(session, actor.community_id, actor.person_id, since=now)
    return [_item(actor, one, now) for one in rows]


async def past_activities(
    session: ReadSession, actor: Actor, clock: Clock, *, limit: int = 20, cursor: str | None = None
) -> Page[ActivityItem]:
    """Return what is over, the latest first."""
    now, after = clock.now(), decode_cursor(cursor)
    rows = await activity_reading.past(
        session, actor.community_id, actor.person_id, until=now, after=after, limit=limit + 1
    )
    shown = rows[:limit]
    more = encode_cursor(shown[-1].starts_at, shown[-1].activity_id) if len(rows) > limit else None
    return Page([_item(actor, one, now) for one in shown], more, len(shown))


async def activity_detail(
    session: ReadSession, actor: Actor, activity_id: UUID, now: datetime
) -> tuple[ActivityItem, list[Guest]]:
    """Return an activity, and to who organises it its guests.

    Raises
    ------
    NotFoundError
        ``activity_not_found``.
    """
    row = await activity_reading.find(session, actor.community_id, activity_id, actor.person_id)
    if row is None:
        raise NotFoundError("no such activity", code="activity_not_found")
    item = _item(actor, row, now)
    guests = await activity_reading.guests(session, actor.community_id, activity_id) if item.keeps else []
    return item, guests


async def announcing(session: ReadSession, actor: Actor) -> tuple[bool, Sequence[tuple[UUID, str]]]:
    """Return whether somebody may announce activities, and for which teams (all for the office)."""
    if may(actor, "announce"):
        found = await teams.teams(session, actor.community_id, actor.person_id)
        return True, [(one.team_id, one.name) for one in found if one.active]
    led = await led_by(session, actor.community_id, actor.person_id)
    return bool(led), led
