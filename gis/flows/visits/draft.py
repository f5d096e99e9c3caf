"""What somebody writes into the watch log, and the check of it that needs nothing but itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gis.errors import InvalidInputError
from gis.intake import CleanPhoto
from gis.visits.kinds import Checked, FindingState, Outcome, VisitKind
from gis.words import Position

SLACK = timedelta(minutes=5)
OLDEST = timedelta(days=31)
MOST_FINDINGS = 20
SHORT = 40


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """A problem that was found.

    Parameters
    ----------
    words, category
        What is wrong.
    then
        What becomes of it: settled on the spot, transferred (a case at once), or still open.
    answer
        What was done, where it was settled.
    item_id
        The item of a checklist that is wrong.
    """

    words: str
    category: str
    then: str = FindingState.OPEN
    answer: str = ""
    item_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class VisitDraft:
    """What somebody writes down; the id is made by the client.

    Parameters
    ----------
    building_id, position
        Where; one of them. A position is that of the place, not of the person.
    household_id, flat
        At whose door.
    checks
        Items that were looked at: ``ok`` or ``wrong``.
    then
        What becomes of wrong items.
    findings
        Other problems.
    """

    visit_id: UUID
    kind: str
    outcome: str = Outcome.DONE
    visited_at: datetime | None = None
    building_id: UUID | None = None
    position: Position | None = None
    household_id: UUID | None = None
    flat: str = ""
    words: str = ""
    checks: Mapping[UUID, str] | None = None
    then: str = FindingState.OPEN
    findings: Sequence[FindingDraft] = ()
    campaign_id: UUID | None = None
    answers: Mapping[str, str] | None = None
    round_id: UUID | None = None
    photos: Sequence[CleanPhoto] = ()


def check(draft: VisitDraft, now: datetime) -> None:
    """Refuse what says nothing, or what can't be.

    Parameters
    ----------
    draft, now
        What was written down, and when it is sent.

    Raises
    ------
    InvalidInputError
        ``visit_kind``, ``visit_outcome``, ``visit_time``, ``too_many_findings``, ``finding_then``, ``check_unknown``,
        ``visit_empty``.
    """
    if draft.kind not in set(VisitKind):
        raise InvalidInputError("no such kind", code="visit_kind", field="kind")
    if draft.outcome not in set(Outcome):
        raise InvalidInputError("no such outcome", code="visit_outcome", field="outcome")
    if not now - OLDEST <= (draft.visited_at or now) <= now + SLACK:
        raise InvalidInputError("not in the future, not long ago", code="visit_time", field="visited_at")
    if len(draft.findings) > MOST_FINDINGS:
        raise InvalidInputError("too many", code="too_many_findings", field="findings", limit=MOST_FINDINGS)
    if any(one not in set(FindingState) for one in (draft.then, *(each.then for each in draft.findings))):
        raise InvalidInputError("open, on_spot or transferred", code="finding_then", field="then")
    if any(one not in set(Checked) for one in (draft.checks or {}).values()):
        raise InvalidInputError("ok or wrong", code="check_unknown", field="checks")
    said = draft.words.strip() or draft.checks or draft.findings or draft.answers or draft.photos
    if draft.kind == VisitKind.OTHER and not said:
        raise InvalidInputError("nothing is said", code="visit_empty", field="words")


def digest_of(draft: VisitDraft) -> bytes:
    """Return what tells a repeat from another visit under the same id."""
    at = draft.position
    body = [
        draft.kind,
        draft.outcome,
        draft.visited_at and draft.visited_at.isoformat(),
        draft.building_id and str(draft.building_id),
        draft.household_id and str(draft.household_id),
        at and [at.lon, at.lat],
        draft.flat,
        draft.words,
        sorted((str(each), state) for each, state in (draft.checks or {}).items()),
        draft.then,
        [[one.words, one.category, one.then, one.answer] for one in draft.findings],
        draft.campaign_id and str(draft.campaign_id),
        sorted((draft.answers or {}).items()),
        draft.round_id and str(draft.round_id),
        sorted(one.sha256 for one in draft.photos),
    ]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).digest()
