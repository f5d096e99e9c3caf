"""What a case went through besides its timeline: referrals, hand-overs, and what each level decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.store.referral_reading import (
    HandOverRow,
    ReferralFilters,
    ReferralRow,
    hand_over_rows,
    referral_rows,
)
from gis.store.session import ReadSession
from gis.store.timeline import EventRow
from gis.words import DecisionLevel, Scope


@dataclass(frozen=True, slots=True)
class LevelState:
    """What one of the three levels last decided: ``settle``, ``raise``, ``refer``; None: nothing yet."""

    level: str
    decision: str | None
    by: str | None = None
    at: datetime | None = None
    reason: str = ""
    agency: str | None = None


async def referrals_of(session: ReadSession, community_id: str, case_id: UUID) -> list[ReferralRow]:
    """Return every referral of a case, in order; who may see the case may see them."""
    filters = ReferralFilters(box="all", case_id=case_id)
    rows = await referral_rows(session, Scope(community_id, everything=True), filters, limit=100)
    return rows[::-1]


async def hand_overs_of(session: ReadSession, community_id: str, case_id: UUID) -> list[HandOverRow]:
    """Return every hand-over of a case, in order."""
    return await hand_over_rows(session, community_id, case_id=case_id)


def levels(timeline: Sequence[EventRow]) -> list[LevelState]:
    """Return what each of the three levels last decided, from the courtyard up.

    Parameters
    ----------
    timeline
        Of the case, in order.
    """
    found: dict[str, LevelState] = {}
    for event in timeline:
        level = event.data.get("level")
        if event.verb not in {"decide", "refer"} or level not in set(DecisionLevel):
            continue
        decision = event.data.get("decision", "refer" if event.verb == "refer" else None)
        found[level] = LevelState(
            level, decision, event.actor_name, event.at, event.reason, event.data.get("agency")
        )
    return [found.get(one.value, LevelState(one.value, None)) for one in DecisionLevel]
