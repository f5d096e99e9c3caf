"""Activities and courses: what may be announced, when one signs up, leaves, and is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gis.categories import SKILLS
from gis.errors import ConflictError, InvalidInputError
from gis.teams.certificates import LONGEST_MONTHS, checked_kind

MOST_PLACES = 500
LONGEST = timedelta(hours=12)
FARTHEST = timedelta(days=366)
LATE = timedelta(minutes=15)
"""Its beginning may be so long ago: who announced it took a while to fill in the form."""
DOORS_BEFORE = timedelta(minutes=30)
DOORS_AFTER = timedelta(hours=1)
TICKED_AFTER = timedelta(days=7)
"""So long after its end the organiser may still say who was there."""
REMINDED_BEFORE = timedelta(hours=24)
KINDS = ("activity", "course")


@dataclass(frozen=True, slots=True)
class Gift:
    """What who was there takes away: hours of service, a skill, a certificate that holds for some months."""

    hours: float = 0.0
    skill: str | None = None
    certificate: str | None = None
    valid_months: int | None = None


def checked_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Refuse times at which nobody could come.

    Parameters
    ----------
    starts_at, ends_at, now
        Of the activity, and the time.

    Raises
    ------
    InvalidInputError
        ``activity_order``, ``activity_long``, ``activity_past``, ``activity_far``.
    """
    if ends_at <= starts_at:
        raise InvalidInputError("it ends before it starts", code="activity_order", field="ends_at")
    if ends_at - starts_at > LONGEST:
        hours = int(LONGEST.total_seconds() // 3600)
        raise InvalidInputError(f"at most {hours} hours", code="activity_long", field="ends_at", limit=hours)
    if starts_at < now - LATE:
        raise InvalidInputError("the time has passed", code="activity_past", field="starts_at")
    if starts_at > now + FARTHEST:
        raise InvalidInputError("at most a year ahead", code="activity_far", field="starts_at")


def checked_places(places: int, taken: int = 0) -> int:
    """Return how many places there are: not fewer than are taken.

    Raises
    ------
    InvalidInputError
        ``activity_places``.
    """
    fewest = max(1, taken)
    if not fewest <= places <= MOST_PLACES:
        raise InvalidInputError(
            f"{fewest} to {MOST_PLACES}",
            code="activity_places",
            field="places",
            least=fewest,
            limit=MOST_PLACES,
        )
    return places


def checked_gift(kind: str, gift: Gift) -> Gift:
    """Return what is given; skills and certificates are for courses.

    Parameters
    ----------
    kind
        ``activity`` or ``course``.
    gift
        As stated; hours are checked by who books them.

    Raises
    ------
    InvalidInputError
        ``activity_kind``, ``skill_unknown``, ``certificate_kind``, ``certificate_months``.
    """
    if kind not in KINDS:
        raise InvalidInputError("an activity or a course", code="activity_kind", field="kind")
    if kind == "activity":
        return Gift(gift.hours)
    if gift.skill and gift.skill not in SKILLS:
        raise InvalidInputError("no such skill", code="skill_unknown", field="skill", skill=gift.skill[:40])
    if gift.certificate:
        checked_kind(gift.certificate)
    months = gift.valid_months if gift.certificate else None
    if months is not None and not 1 <= months <= LONGEST_MONTHS:
        raise InvalidInputError(
            f"1 to {LONGEST_MONTHS}", code="certificate_months", field="valid_months", limit=LONGEST_MONTHS
        )
    return Gift(gift.hours, gift.skill or None, gift.certificate or None, months)


def standing(starts_at: datetime, ends_at: datetime, cancelled_at: datetime | None, now: datetime) -> str:
    """Return how an activity stands: cancelled, over, under_way or planned.

    Parameters
    ----------
    starts_at, ends_at, cancelled_at, now
        Of the activity, and the time.
    """
    if cancelled_at is not None:
        return "cancelled"
    if ends_at <= now:
        return "over"
    return "under_way" if starts_at <= now else "planned"


def require_planned(starts_at: datetime, cancelled_at: datetime | None, now: datetime) -> None:
    """Refuse to sign up or leave once it has begun, or is cancelled.

    Raises
    ------
    ConflictError
        ``activity_cancelled``, ``activity_begun``.
    """
    if cancelled_at is not None:
        raise ConflictError("it is cancelled", code="activity_cancelled")
    if starts_at <= now:
        raise ConflictError("it has begun", code="activity_begun")


def doors_open(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Tell whether the code on the screen is taken now.

    Parameters
    ----------
    starts_at, ends_at, now
        Of the activity, and the time.
    """
    return starts_at - DOORS_BEFORE <= now <= ends_at + DOORS_AFTER


def may_tick(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Tell whether the organiser may say now who was there.

    Parameters
    ----------
    starts_at, ends_at, now
        Of the activity, and the time.
    """
    return starts_at - DOORS_BEFORE <= now <= ends_at + TICKED_AFTER
