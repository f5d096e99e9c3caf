"""Approving all that waits in one's areas, as it was shown: some at a time, each time in a transaction of its own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gis.errors import WeiwangError
from gis.flows.residents.access import present
from gis.flows.residents.suggestions import MOST_AT_ONCE, Outcome, decide
from gis.flows.work import OpenWork, Work
from gis.people.residents import resident_scope
from gis.store import resident_suggestions
from gis.words import Actor

MOST_IN_ALL = 1000
"""So many are approved by one press of a button; more by the next."""


async def approve_all(open_work: OpenWork, actor: Actor, before: datetime) -> Outcome:
    """Approve what waited in one's areas at a moment, some at a time, each time in a transaction of its own.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    actor
        Who approves; their role and areas are read anew each time.
    before
        When the list was shown: nothing is approved that nobody has seen.

    Returns
    -------
    Outcome
        At most ``MOST_IN_ALL`` at once; what can't be carried out any more stays open.
    """
    decided, failed, after = 0, dict[UUID, WeiwangError](), None
    for _ in range(MOST_IN_ALL // MOST_AT_ONCE):
        async with open_work() as work:
            scope = resident_scope(await present(work.session, actor))
            ids = await resident_suggestions.open_ids(work.session, scope, before, after, MOST_AT_ONCE)
            if not ids:
                break
            found = await decide(work, actor, ids, approve=True)
        decided, failed, after = decided + found.decided, {**failed, **found.failed}, ids[-1]
    return Outcome(decided, failed)


async def count_open(work: Work, actor: Actor) -> int:
    """Return how many suggestions wait in one's areas.

    Parameters
    ----------
    work, actor
        Who asks.
    """
    scope = resident_scope(await present(work.session, actor))
    return await resident_suggestions.count_open(work.session, scope)
