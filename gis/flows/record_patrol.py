"""Recording a patrol: which streets were walked or ridden, not a track: positions are matched to streets and dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from gis.errors import ConflictError, InvalidInputError
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.people.permissions import require
from gis.rounds.covering import NEAR_M, covered
from gis.store import patrols
from gis.words import Actor, Position

LONGEST = timedelta(hours=12)
SLACK = timedelta(minutes=5)
MOST_STREETS = 2000
MOST_POSITIONS = 5000


@dataclass(frozen=True, slots=True)
class PatrolDraft:
    """What somebody says of a patrol; the id is made by the client.

    Parameters
    ----------
    segment_ids
        Streets that were ticked.
    positions
        Where the device was: matched to streets and never stored.
    """

    id: UUID
    started_at: datetime
    ended_at: datetime
    segment_ids: tuple[UUID, ...] = ()
    note: str = ""
    positions: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True)
class PatrolRecorded:
    """What is answered, the same for every repeat."""

    patrol_id: UUID
    replayed: bool


async def record_patrol(work: Work, actor: Actor, draft: PatrolDraft) -> PatrolRecorded:
    """Record a patrol that has ended.

    Parameters
    ----------
    work, actor
        Who.
    draft
        Times and streets.

    Raises
    ------
    InvalidInputError
        ``patrol_times`` (not in order, longer than 12 h, or in the future), ``segment_unknown``, ``too_many_segments``.
    ConflictError
        ``patrol_id_reused``.
    """
    require(actor, "patrol")
    _check_times(work, draft)
    if len(draft.segment_ids) > MOST_STREETS:
        raise InvalidInputError(
            "too many streets", code="too_many_segments", field="segment_ids", limit=MOST_STREETS
        )
    wanted = sorted({*draft.segment_ids, *await streets_of(work, actor, draft.positions)})
    if await patrols.known_segments(work.session, actor.community_id, wanted) != len(wanted):
        raise InvalidInputError("no such street", code="segment_unknown", field="segment_ids")
    row = patrols.Patrol(
        draft.id, actor.person_id, draft.started_at, draft.ended_at, tuple(wanted), plain(draft.note, "note")
    )
    if await patrols.add(work.session, actor.community_id, row):
        return PatrolRecorded(draft.id, replayed=False)
    if await patrols.get(work.session, actor.community_id, draft.id) != row:
        raise ConflictError("this id stands for another patrol", code="patrol_id_reused")
    return PatrolRecorded(draft.id, replayed=True)


async def streets_of(work: Work, actor: Actor, positions: Sequence[Position]) -> list[UUID]:
    """Return the streets that positions lie along for at least half of their length; nothing is stored.

    Parameters
    ----------
    work, actor, positions
        Who was where.

    Raises
    ------
    InvalidInputError
        ``too_many_positions``.
    """
    if len(positions) > MOST_POSITIONS:
        raise InvalidInputError(
            "too many positions", code="too_many_positions", field="positions", limit=MOST_POSITIONS
        )
    if not positions:
        return []
    atlas = await work.atlas.get(work.session, actor.community_id)
    places = atlas.places
    lon, lat = np.array([one.lon for one in positions]), np.array([one.lat for one in positions])
    x, y = (np.asarray(each, dtype=np.float64) for each in atlas.metric.project(lon, lat))
    rows, metres = places.nearest_street(x, y)
    reach = np.array([max(NEAR_M, one.accuracy_m or 0.0) for one in positions])
    near = np.where(metres <= np.minimum(reach, 2 * NEAR_M), rows, -1)
    ids = places.arrays.streets.id
    return [ids[row] for row in covered(places.streets, np.column_stack((x, y)), near)]


def _check_times(work: Work, draft: PatrolDraft) -> None:
    spent = draft.ended_at - draft.started_at
    if not timedelta(0) < spent <= LONGEST or draft.ended_at > work.clock.now() + SLACK:
        raise InvalidInputError(
            "a patrol ends after it starts, lasts 12 h at most and is over",
            code="patrol_times",
            field="ended_at",
            most_h=12,
        )
