"""What becomes of a problem: settled on the spot, handed on as a case, answered. Each has an answer in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.submit import ReportDraft, Submitted, submit
from gis.flows.texts import required
from gis.flows.visits.placing import looks_after
from gis.flows.work import Work
from gis.intake import CleanPhoto
from gis.people.permissions import require
from gis.store import visits
from gis.store.visits import FindingFacts
from gis.visits.kinds import FindingState
from gis.words import Actor, Position, PositionSource


@dataclass(frozen=True, slots=True)
class FindingChanged:
    """How a problem stands after an act; the same for a repeat."""

    finding_id: UUID
    state: str
    case_id: UUID | None = None


async def transfer(
    work: Work, actor: Actor, finding_id: UUID, *, photos: Sequence[CleanPhoto] = ()
) -> FindingChanged:
    """Make a case of a problem, the way that every report goes; done again, it answers the same.

    Parameters
    ----------
    work, actor, finding_id
        Who hands on which.
    photos
        That were taken of it.

    Raises
    ------
    NotFoundError
        ``finding_not_found``.
    ConflictError
        ``finding_settled``: it was settled on the spot. ``finding_without_place``.
    """
    facts = await _held(work, actor, finding_id)
    if facts.case_id is not None:
        return FindingChanged(finding_id, facts.state, facts.case_id)
    if facts.state != FindingState.OPEN and facts.answered_at is not None:
        raise ConflictError("it has been settled", code="finding_settled")
    if facts.lon is None or facts.lat is None:
        raise ConflictError("nobody would know where to go", code="finding_without_place")
    filed = await _file(work, actor, facts, Position(facts.lon, facts.lat, source=_source(facts)), photos)
    changed = {"state": FindingState.TRANSFERRED.value, "case_id": filed.case_id}
    await _change(work, actor, facts, changed)
    return FindingChanged(finding_id, FindingState.TRANSFERRED, filed.case_id)


async def settle_on_spot(work: Work, actor: Actor, finding_id: UUID, answer: str) -> FindingChanged:
    """Say that a problem was settled on the spot, and how.

    Raises
    ------
    NotFoundError
        ``finding_not_found``.
    ConflictError
        ``finding_settled``: it has been handed on, or has an answer.
    """
    facts = await _held(work, actor, finding_id)
    if facts.state != FindingState.OPEN:
        raise ConflictError("it has been settled or handed on", code="finding_settled")
    changed = {"state": FindingState.ON_SPOT.value, **_answered(work, actor, answer)}
    await _change(work, actor, facts, changed)
    return FindingChanged(finding_id, FindingState.ON_SPOT)


async def answer_finding(work: Work, actor: Actor, finding_id: UUID, answer: str) -> FindingChanged:
    """Write down the answer that people were given to a problem that was handed on.

    Raises
    ------
    NotFoundError
        ``finding_not_found``.
    InvalidInputError
        ``finding_open``: first it is settled or handed on; ``text_needed``.
    """
    facts = await _held(work, actor, finding_id)
    if facts.state == FindingState.OPEN:
        raise InvalidInputError("settle it or hand it on first", code="finding_open", field="answer")
    await _change(work, actor, facts, _answered(work, actor, answer))
    return FindingChanged(finding_id, facts.state, facts.case_id)


def _answered(work: Work, actor: Actor, answer: str) -> dict[str, Any]:
    return {
        "answer": required(answer, "answer"),
        "answered_at": work.clock.now(),
        "answered_by": actor.person_id,
    }


async def _held(work: Work, actor: Actor, finding_id: UUID) -> FindingFacts:
    """Return a problem that the actor looks after, held until the transaction ends."""
    require(actor, "visit")
    facts = await visits.lock_finding(work.session, actor.community_id, finding_id)
    if facts is None or not looks_after(actor, facts.grid_code, facts.micro_grid_code):
        raise NotFoundError("no such problem, or not one of yours", code="finding_not_found")
    return facts


async def _change(work: Work, actor: Actor, facts: FindingFacts, columns: dict[str, Any]) -> None:
    if not await visits.change_finding(work.session, actor.community_id, facts, columns):
        raise ConflictError("somebody else changed it first", code="changed_meanwhile")


def _source(facts: FindingFacts) -> PositionSource:
    return PositionSource.PLATE if facts.building_id else PositionSource.PIN


async def _file(
    work: Work, actor: Actor, facts: FindingFacts, at: Position, photos: Sequence[CleanPhoto]
) -> Submitted:
    """File the problem as a report: where the same is reported already, it joins that case."""
    draft = ReportDraft(
        id=facts.finding_id,
        category=facts.category,
        description=facts.words,
        position=at,
        detail=facts.flat,
        source="visit",
        photos=photos,
        chosen_place=str(facts.building_id) if facts.building_id else None,
    )
    return await submit(work, actor, draft)
