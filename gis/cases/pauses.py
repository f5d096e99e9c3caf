"""Pauses (挂起): the clock of a case stands still while it waits for an agency or for materials.

Which statuses allow it, and who may ask and decide, is in the transition table; here is what the pause itself allows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from gis.errors import ConflictError, InvalidInputError
from gis.words import Relation, Verb


class PauseState(StrEnum):
    """How a case stands to being paused."""

    NONE = "none"
    ASKED = "asked"
    RUNNING = "running"


POSSIBLE: Mapping[Verb, PauseState] = {
    Verb.PAUSE: PauseState.NONE,
    Verb.APPROVE_PAUSE: PauseState.ASKED,
    Verb.REFUSE_PAUSE: PauseState.ASKED,
    Verb.RESUME: PauseState.RUNNING,
}
_REFUSED = {
    PauseState.NONE: ("not_paused", "nobody has asked for a pause"),
    PauseState.ASKED: ("pause_asked_already", "a pause was asked for and not yet decided"),
    PauseState.RUNNING: ("paused_already", "the case is paused"),
}


def possible(verbs: Collection[Verb], state: PauseState) -> tuple[Verb, ...]:
    """Return the verbs without those that the pause doesn't allow now."""
    return tuple(verb for verb in verbs if POSSIBLE.get(verb, state) is state)


def check_state(verb: Verb, state: PauseState) -> None:
    """Refuse what the pause doesn't allow now.

    Raises
    ------
    ConflictError
        ``not_paused``, ``pause_asked_already``, ``paused_already``.
    """
    if POSSIBLE[verb] is not state:
        code, detail = _REFUSED[state]
        raise ConflictError(detail, code=code)


def decides_alone(relations: Collection[Relation]) -> bool:
    """Tell whether somebody's pause needs nobody else's approval."""
    return Relation.DESK in relations


def check_end(until: datetime, now: datetime, longest_days: float) -> None:
    """Refuse an end that has passed or is too far off, by the server's clock.

    Parameters
    ----------
    until
        When the pause should end.
    now
        The server's time; a phone's clock may be wrong, so the error says it.
    longest_days
        How far off it may be.

    Raises
    ------
    InvalidInputError
        ``pause_end_past``, ``pause_end_too_far``.
    """
    if until <= now:
        raise InvalidInputError(
            "the pause would end before it begins",
            code="pause_end_past",
            field="until",
            now=f"{now:%Y-%m-%dT%H:%MZ}",
        )
    if until > now + timedelta(days=longest_days):
        raise InvalidInputError(
            f"a pause lasts {longest_days:g} days at most",
            code="pause_end_too_far",
            field="until",
            days=f"{longest_days:g}",
        )
