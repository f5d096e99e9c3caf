"""Finding the one person whom a giver means, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from gis.store.session import ReadSession


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody who can be given points."""

    person_id: UUID
    name: str


async def between(session: ReadSession, community_id: str, first: UUID, last: UUID) -> Neighbour | None:
    """Return the only active person whose id lies between two."""
    rows = await session.direct(
        "SELECT person_id, name FROM person WHERE community_id = %(community)s"
        " AND person_id BETWEEN %(first)s AND %(last)s AND active LIMIT 2",
        {"community": community_id, "first": first, "last": last},
    )
    return Neighbour(*rows[0]) if len(rows) == 1 else None


async def named(session: ReadSession, community_id: str, name: str) -> Neighbour | None:
    """Return the only active person of a whole name."""
    rows = await session.direct(
        "SELECT person_id, name FROM person WHERE community_id = %(community)s AND name = %(name)s AND active LIMIT 2",
        {"community": community_id, "name": name},
    )
    return Neighbour(*rows[0]) if len(rows) == 1 else None
