"""Who was not called on in a month, by place: for those who look after it, and nobody's name in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gis.people.permissions import require
from gis.store.access_log import log_access
from gis.store.session import ReadSession, WriteSession
from gis.store.visit_coverage import BuildingCoverage, DoorLeft, building_coverage, doors_left
from gis.views.visits import reach_of
from gis.words import Actor

LOOKED_BACK = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The buildings of a month, in the order of grids and micro-grids."""

    buildings: tuple[BuildingCoverage, ...]

    @property
    def doors(self) -> int:
        """All doors."""
        return sum(one.doors for one in self.buildings)

    @property
    def met(self) -> int:
        """Doors where somebody was met."""
        return sum(one.met for one in self.buildings)

    @property
    def not_home(self) -> int:
        """Doors where only nobody opened."""
        return sum(one.not_home for one in self.buildings)

    @property
    def left(self) -> int:
        """Doors where nobody called."""
        return sum(one.left for one in self.buildings)


async def coverage_of(session: ReadSession, actor: Actor, since: datetime, until: datetime) -> Coverage:
    """Return how far a month's visits have come in the places that somebody looks after now.

    Parameters
    ----------
    session, actor, since, until
        Whose places, which month.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "visit")
    return Coverage(tuple(await building_coverage(session, reach_of(actor), since, until)))


async def doors_left_in(  # noqa: PLR0917 - whose places, which building, which month, when it is asked
    session: WriteSession, actor: Actor, building_id: UUID, since: datetime, until: datetime, now: datetime
) -> list[DoorLeft]:
    """Return the doors of a building where nobody was met in a month; the look is recorded.

    Parameters
    ----------
    session, actor, building_id, since, until, now
        Whose places, which building, which month, and when it is asked.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "visit")
    found = await doors_left(session, reach_of(actor), building_id, since, until, since - LOOKED_BACK)
    if found:
        await log_access(
            session,
            actor.community_id,
            at=now,
            person_id=actor.person_id,
            kind="visits",
            subject_id=f"coverage {building_id}",
        )
    return found
