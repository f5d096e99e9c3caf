"""What somebody may take back: the way back must be in the table, and nothing may have happened since."""

from __future__ import annotations

from datetime import datetime, timedelta

from gis.words import Verb

UNDO_FOR = timedelta(days=1)
BACK_BY_TABLE = frozenset({Verb.REFER, Verb.VERIFY, Verb.REJECT, Verb.CANCEL, Verb.MERGE})
BACK_BY_ITSELF = frozenset({Verb.CLASSIFY, Verb.SET_URGENT})
"""Done once more, with what it was before."""
UNDOABLE = frozenset(one.value for one in BACK_BY_TABLE | BACK_BY_ITSELF)


def undoable(verb: str, at: datetime, now: datetime) -> bool:
    """Tell whether an act can be taken back, as long as it is the last one.

    Parameters
    ----------
    verb, at
        What was done, and when.
    now
        The time.
    """
    return verb in UNDOABLE and now - at <= UNDO_FOR
