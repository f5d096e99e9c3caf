"""The traffic light of a case: green, yellow when 80% of a deadline's time is used, red when it is missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gis.words import Status

FINISHED = frozenset({Status.DONE, Status.CLOSED, Status.REJECTED, Status.CANCELLED})
UNANSWERED = frozenset({Status.OPEN, Status.OFFERED})


class Light(StrEnum):
    """How a case stands to its deadlines."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Times:
    """What a light is seen by; a case from before lights has no moments at which a deadline is near."""

    status: Status
    answered_at: datetime | None
    answer_soon_at: datetime | None
    answer_due_at: datetime
    on_site_soon_at: datetime | None
    on_site_due_at: datetime | None
    resolve_soon_at: datetime | None
    resolve_due_at: datetime
    paused_at: datetime | None


def light(times: Times, now: datetime) -> Light | None:
    """Return the worst light of the deadlines that still count, None for a case that is finished.

    Parameters
    ----------
    times
        The case's moments. A paused case keeps the light that it had when its clock was stopped.
    now
        The time.
    """
    if times.status in FINISHED:
        return None
    seen = min(now, times.paused_at) if times.paused_at else now
    counting = list(_counting(times))
    if any(due <= seen for _, due in counting):
        return Light.RED
    if any(soon is not None and soon <= seen for soon, _ in counting):
        return Light.YELLOW
    return Light.GREEN


def _counting(times: Times) -> Iterator[tuple[datetime | None, datetime]]:
    """Yield the deadlines that are neither met nor out of the question."""
    if times.answered_at is None and times.status in UNANSWERED:
        yield times.answer_soon_at, times.answer_due_at
    if times.status is Status.ACCEPTED and times.on_site_due_at is not None:
        yield times.on_site_soon_at, times.on_site_due_at
    yield times.resolve_soon_at, times.resolve_due_at
