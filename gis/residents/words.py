"""The words of residents' records, as keys; what they are called is said by the pages."""

from __future__ import annotations

RELATIONS = ("head", "spouse", "child", "parent", "grandchild", "lodger", "other")
TENURES = ("owner", "tenant", "other", "unknown")
PURPOSES = ("care", "safety", "service")
"""What a record is kept for; each needs a consent of its own but safety, which is the office's duty."""
HOW = ("written", "spoken", "online")
SAID_BY = ("self", "family", "guardian")
CARE_FLAGS = ("lives_alone", "mobility", "dementia")
"""What every office may note; it adds its own."""
AGE_FLAGS = {"age90": 90, "age80": 80}
"""Follow from the year of birth, and are never stored. Who turns 80 this year counts from its first day."""
MOST_CONTACTS = 3


def age_flags(birth_year: int | None, year: int) -> tuple[str, ...]:
    """Return the flags that follow from the year of birth, the oldest alone.

    Parameters
    ----------
    birth_year, year
        The person's, and the one in which they are asked.
    """
    if birth_year is None:
        return ()
    return next(((flag,) for flag, years in AGE_FLAGS.items() if year - birth_year >= years), ())


__all__ = [
    "AGE_FLAGS",
    "CARE_FLAGS",
    "HOW",
    "MOST_CONTACTS",
    "PURPOSES",
    "RELATIONS",
    "SAID_BY",
    "TENURES",
    "age_flags",
]
