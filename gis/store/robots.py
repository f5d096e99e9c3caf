"""Group robots and quiet hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Robot:
    """A chat group's robot; its address holds the group's key."""

    robot_id: UUID
    name: str
    kind: str
    address: str = field(repr=False)
    kinds: Sequence[str]
    language: str
    enabled: bool
    created_at: datetime


async def robots(session: ReadSession, community_id: str) -> list[Robot]:
    """Return a community's robots, the oldest first."""
    rows = await session.direct(
        "SELECT robot_id, name, kind, address, kinds, language, enabled, created_at FROM robot"
        " WHERE community_id = %(community)s ORDER BY created_at, robot_id",
        {"community": community_id},
    )
    return [Robot(*row) for row in rows]


async def put(session: WriteSession, community_id: str, robot: Robot) -> bool:
    """Store a robot or what changed of it; return whether it is new."""
    rows = await session.direct(
        """
        INSERT INTO robot (community_id, robot_id, name, kind, address, kinds, language, enabled, created_at)
        VALUES (%(community)s, %(robot)s, %(name)s, %(kind)s, %(address)s, %(kinds)s, %(language)s, %(enabled)s, %(now)s)
        ON CONFLICT (community_id, robot_id) DO UPDATE SET name = excluded.name, kind = excluded.kind,
            address = excluded.address, kinds = excluded.kinds, language = excluded.language, enabled = excluded.enabled
        RETURNING created_at = %(now)s AS new
        """,
        {
            "community": community_id,
            "robot": robot.robot_id,
            "name": robot.name,
            "kind": robot.kind,
            "address": robot.address,
            "kinds": list(robot.kinds),
            "language": robot.language,
            "enabled": robot.enabled,
            "now": robot.created_at,
        },
    )
    return bool(rows[0].new)


async def remove(session: WriteSession, community_id: str, robot_id: UUID) -> bool:
    """Remove a robot with all that was on its way to it; False when there is none."""
    rows = await session.direct(
        "DELETE FROM robot WHERE community_id = %(community)s AND robot_id = %(robot)s RETURNING robot_id",
        {"community": community_id, "robot": robot_id},
    )
    return bool(rows)


async def set_quiet_hours(session: WriteSession, community_id: str, hours: Mapping[str, str] | bool) -> None:
    """Remember a community's quiet hours; False: it has none."""
    value: Any = dict(hours) if isinstance(hours, Mapping) else hours
    await session.direct(
        "UPDATE community SET settings = settings || %(hours)s WHERE community_id = %(community)s",
        {"hours": Jsonb({"quiet_hours": value}), "community": community_id},
    )
