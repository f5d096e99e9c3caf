"""Recording a patrol: which streets were walked or ridden, not a track."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import patrols
from gis.words import Actor

LONGEST = timedelta(hours=12)
SLACK = timedelta(minutes=5)
MOST_STREETS = 2000


@dataclass(frozen=True, slots=True)
class PatrolDraft:
    """What somebody says of a patrol; the id is made by the client."""

    id: UUID
    started_at: datetime
    ended_at: datetime
    segment_ids: tuple[UUID, ...] = ()
    note: str = ""


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
    wanted = sorted(set(draft.segment_ids))
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


def _check_times(work: Work, draft: PatrolDraft) -> None:
    spent = draft.ended_at - draft.started_at
    if not timedelta(0) < spent <= LONGEST or draft.ended_at > work.clock.now() + SLACK:
        raise InvalidInputError(
            "a patrol ends after it starts, lasts 12 h at most and is over",
            code="patrol_times",
            field="ended_at",
            most_h=12,
        )
