"""Keeping the robots of chat groups: who is told of what, tried out before it is relied on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from gis.errors import InvalidInputError, NotFoundError
from gis.flows.work import Work
from gis.notices import quiet, robots
from gis.notices.kinds import KINDS
from gis.notices.message import Message, Say
from gis.settings import Settings
from gis.store import notices
from gis.store import robots as rows
from gis.store.robots import Robot

MOST_NAME = 64


@dataclass(frozen=True, slots=True)
class RobotDraft:
    """A robot as somebody wants it; what is None stays as it is, or is the default of a new one."""

    robot_id: UUID
    name: str | None = None
    kind: str | None = None
    address: str | None = field(default=None, repr=False)
    kinds: Sequence[str] | None = None
    language: str | None = None
    enabled: bool | None = None


async def put_robot(work: Work, community_id: str, draft: RobotDraft) -> Robot:
    """Store a new robot, off unless said otherwise, or change one.

    Parameters
    ----------
    work, community_id
        Where.
    draft
        A new one needs a kind and an address.

    Raises
    ------
    InvalidInputError
        ``robot_kind_unknown``, ``robot_address_invalid``, ``robot_host_refused``, ``notice_kind_unknown``.
    """
    known = {one.robot_id: one for one in await rows.robots(work.session, community_id)}
    before = known.get(draft.robot_id) or Robot(
        draft.robot_id, "", "", "", ("escalated", "overdue"), "zh", enabled=False, created_at=work.clock.now()
    )
    given = {
        name: value
        for name in ("name", "kind", "address", "kinds", "language", "enabled")
        if (value := getattr(draft, name)) is not None
    }
    after = replace(before, **given)
    robots.target(after.kind, after.address, work.settings.robots.origins)
    unknown = [kind for kind in after.kinds if kind not in KINDS]
    if unknown:
        raise InvalidInputError(
            "no such kind of notice", code="notice_kind_unknown", field="kinds", kind=unknown[0]
        )
    if after.language not in {"zh", "en"}:
        raise InvalidInputError("no such language", code="language_unknown", field="language")
    after = replace(
        after, name=(after.name or after.kind)[:MOST_NAME], kinds=tuple(dict.fromkeys(after.kinds))
    )
    await rows.put(work.session, community_id, after)
    return after


async def find_robot(work: Work, community_id: str, robot_id: UUID) -> Robot:
    """Return a robot.

    Raises
    ------
    NotFoundError
        ``robot_not_found``.
    """
    for one in await rows.robots(work.session, community_id):
        if one.robot_id == robot_id:
            return one
    raise NotFoundError("no such robot", code="robot_not_found")


async def remove_robot(work: Work, community_id: str, robot_id: UUID) -> None:
    """Remove a robot, and what was on its way to it.

    Raises
    ------
    NotFoundError
        ``robot_not_found``.
    """
    if not await rows.remove(work.session, community_id, robot_id):
        raise NotFoundError("no such robot", code="robot_not_found")


async def try_robot(settings: Settings, robot: Robot, say: Say) -> robots.Outcome:
    """Send a robot one message at once, whether it is on or off, and say what became of it.

    Parameters
    ----------
    settings
        Where messages may go.
    robot
        Which.
    say
        Makes the sentence.
    """
    target = robots.target(robot.kind, robot.address, settings.robots.origins)
    text = say(Message("test", robot.language, url=settings.public_url))
    return await asyncio.to_thread(robots.send, target, text)


async def quiet_hours(work: Work, community_id: str) -> quiet.QuietHours | None:
    """Return a community's quiet hours; None: it has none."""
    return quiet.stored((await notices.around(work.session, community_id, "")).quiet)


async def set_quiet_hours(work: Work, community_id: str, hours: quiet.QuietHours | None) -> None:
    """Remember a community's quiet hours; None: it has none.

    Parameters
    ----------
    work, community_id
        Where.
    hours
        From ``gis.notices.quiet.parse``.
    """
    await rows.set_quiet_hours(work.session, community_id, hours.as_json() if hours else False)
