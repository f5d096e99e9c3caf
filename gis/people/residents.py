"""The one check of who sees what of a resident's record, and who may change it.

Whoever calls this has asked the database for the actor a moment ago (``gis.flows.residents.access``): a post that was
given up, or areas that were taken away, hold no longer, whatever a session remembers.
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from gis.errors import NotAllowedError, NotFoundError
from gis.people.permissions import require
from gis.words import Actor, Role, Scope


class Sight(StrEnum):
    """How much somebody sees of a resident's record."""

    NOTHING = "nothing"
    NEEDED = "needed"
    """Name, flat, what care they need, and how to call them: the watcher of their micro-grid."""
    FULL = "full"
    """The grid worker of their grid, and the office."""
    OWN = "own"
    """Their own record."""


_OFFICE = frozenset({Role.ADMIN, Role.DESK})


def resident_scope(actor: Actor) -> Scope:
    """Return whose records an actor may look for: the office all, grid workers and watchers those of their areas.

    Parameters
    ----------
    actor
        As they are now. Everybody else reaches their own record only.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "read_residents")
    return Scope(
        actor.community_id,
        everything=actor.role in _OFFICE,
        grid_codes=actor.grid_codes if actor.role is Role.GRID_WORKER else frozenset(),
        micro_grid_codes=actor.micro_grid_codes if actor.role is Role.WATCHER else frozenset(),
    )


def sight_of(
    actor: Actor, grid_code: str | None, micro_grid_code: str | None, account_id: UUID | None = None
) -> Sight:
    """Return how much an actor sees of a record.

    Parameters
    ----------
    actor
        As they are now.
    grid_code, micro_grid_code
        Where the resident lives, in the areas in force.
    account_id
        With which the resident signs in.
    """
    if actor.role in _OFFICE or (actor.role is Role.GRID_WORKER and grid_code in actor.grid_codes):
        return Sight.FULL
    if actor.role is Role.WATCHER and micro_grid_code in actor.micro_grid_codes:
        return Sight.NEEDED
    return Sight.OWN if account_id == actor.person_id else Sight.NOTHING


def require_sight(sight: Sight, *, full: bool = False) -> None:
    """Refuse who sees nothing, as if there were nothing; and who sees too little for what they want to do.

    Parameters
    ----------
    sight
        From ``sight_of``.
    full
        Whether the whole record is needed.

    Raises
    ------
    NotFoundError
        ``resident_not_found``.
    NotAllowedError
        ``not_allowed``.
    """
    if sight is Sight.NOTHING:
        raise NotFoundError("no such record, or not one of yours", code="resident_not_found")
    if full and sight is not Sight.FULL:
        raise NotAllowedError("only who answers for the whole record", verb="keep_residents")
