"""What a reporter may say of finished work: one to five stars, and whether the problem is solved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gis.errors import InvalidInputError
from gis.words import Status

RATED_FOR = timedelta(days=30)
"""So long after the work was done its reporters may rate it, and open the case again."""
RATEABLE = frozenset({Status.DONE, Status.CLOSED})
MOST_STARS = 5


@dataclass(frozen=True, slots=True)
class Rating:
    """What is said of the work; ``solved`` is what counts, the stars are for how it was done."""

    stars: int
    solved: bool
    words: str = ""


def checked_rating(given: Rating) -> Rating:
    """Return a rating, or say what is wrong with it.

    Parameters
    ----------
    given
        Its words without control characters; they are needed where nothing is solved: who goes there again must know
        what for.

    Raises
    ------
    InvalidInputError
        ``stars_out_of_range``, ``rating_words_needed``.
    """
    if not 1 <= given.stars <= MOST_STARS:
        raise InvalidInputError("one to five stars", code="stars_out_of_range", field="stars")
    if not given.solved and not given.words:
        raise InvalidInputError("say what is not solved", code="rating_words_needed", field="words")
    return given


def in_time(done_at: datetime | None, now: datetime) -> bool:
    """Tell whether reporters may still rate work, and open its case again.

    Parameters
    ----------
    done_at
        When it was done.
    now
        The time.
    """
    return done_at is not None and now <= done_at + RATED_FOR
