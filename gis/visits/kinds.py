"""What visits, and problems that were found on them, may be."""

from __future__ import annotations

from enum import StrEnum

PHOTO_SUBJECT = "visit"
"""What photos of a visit belong to; see ``gis.views.subject_photos``."""


class VisitKind(StrEnum):
    """What an entry of the watch log tells of."""

    LOOK = "look"
    """Looked around, all is well (平安巡看)."""
    CHECK = "check"
    """A checklist was gone through (安全检查)."""
    VISIT = "visit"
    """Somebody was called on at home (入户走访)."""
    PHONE = "phone"
    """Somebody was called up (电话问候)."""
    TALK = "talk"
    """People were listened to (听取意见)."""
    OTHER = "other"


AT_HOME = frozenset({VisitKind.VISIT, VisitKind.PHONE})
"""Of these a household counts as looked in on."""


class Outcome(StrEnum):
    """How it went."""

    DONE = "done"
    NOT_HOME = "not_home"
    """Nobody was there: it has to be tried again."""


class Checked(StrEnum):
    """What became of an item of a checklist."""

    OK = "ok"
    WRONG = "wrong"


class FindingState(StrEnum):
    """How a problem stands; what is transferred still needs an answer."""

    OPEN = "open"
    ON_SPOT = "on_spot"
    TRANSFERRED = "transferred"


class StopState(StrEnum):
    """How a stop of a round stands."""

    TODO = "todo"
    DONE = "done"
    NOT_HOME = "not_home"
    SKIPPED = "skipped"
