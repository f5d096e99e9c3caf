"""What may be entered of a mediation, and what its outcome makes of the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from gis.errors import ConflictError, InvalidInputError
from gis.words import Verb

OUTCOMES: Mapping[str, Verb] = {
    "agreed": Verb.DONE,
    "failed": Verb.DONE,
    "withdrawn": Verb.CANCEL,
    "passed_on": Verb.REFER,
}
"""How a mediation ends, and the verb that the case takes by its own table."""
KEPT = ("kept", "partly", "broken")
"""What is found of an agreement afterwards."""
SKILL = "mediation"
MOST_PARTIES = 12
MOST_SESSIONS = 40
MOST_FOLLOW_UPS = 20
FARTHEST = timedelta(days=400)
REMINDED_BEFORE = timedelta(hours=24)


def checked_outcome(outcome: str) -> Verb:
    """Return the verb that an outcome stands for.

    Raises
    ------
    InvalidInputError
        ``mediation_outcome``.
    """
    verb = OUTCOMES.get(outcome)
    if verb is None:
        raise InvalidInputError("no such outcome", code="mediation_outcome", field="outcome")
    return verb


def require_open(outcome: str | None) -> None:
    """Refuse to go on writing once there is an outcome.

    Raises
    ------
    ConflictError
        ``mediation_over``.
    """
    if outcome is not None:
        raise ConflictError("it has an outcome", code="mediation_over")


def require_room(count: int, most: int) -> None:
    """Refuse more of something than anybody could oversee.

    Raises
    ------
    ConflictError
        ``mediation_full``.
    """
    if count >= most:
        raise ConflictError(f"at most {most}", code="mediation_full", limit=most)


def checked_moment(starts_at: datetime, now: datetime) -> None:
    """Refuse a session that lies too far off, either way.

    Raises
    ------
    InvalidInputError
        ``mediation_when``.
    """
    if abs(starts_at - now) > FARTHEST:
        raise InvalidInputError("too far off", code="mediation_when", field="starts_at")


def checked_due(due_on: date, today: date) -> None:
    """Refuse a follow-up that is past, or too far off.

    Raises
    ------
    InvalidInputError
        ``mediation_due``.
    """
    if not today <= due_on <= today + FARTHEST:
        raise InvalidInputError("from today on", code="mediation_due", field="due_on")


def checked_signed(signed_on: date | None, today: date) -> None:
    """Refuse an agreement that is signed in the future, or before anybody can remember.

    Raises
    ------
    InvalidInputError
        ``mediation_signed``.
    """
    if signed_on is not None and not today - FARTHEST <= signed_on <= today:
        raise InvalidInputError("not after today", code="mediation_signed", field="signed_on")


def checked_kept(kept: str) -> str:
    """Return what was found of an agreement.

    Raises
    ------
    InvalidInputError
        ``mediation_kept``.
    """
    if kept not in KEPT:
        raise InvalidInputError("kept, partly or broken", code="mediation_kept", field="kept")
    return kept
