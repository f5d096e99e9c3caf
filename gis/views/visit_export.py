"""The watch log as a file: entries of the places that somebody looks after; taking them out is a look."""

from __future__ import annotations

from datetime import datetime

from gis.people.permissions import require
from gis.store.access_log import log_access
from gis.store.session import WriteSession
from gis.store.visit_reading import VisitFilters, VisitRow, visit_rows
from gis.views.visits import reach_of
from gis.words import Actor


async def visits_taken_out(
    session: WriteSession, actor: Actor, filters: VisitFilters, *, now: datetime, limit: int
) -> list[VisitRow]:
    """Return entries of the log, the newest first, without photos; the look is recorded.

    Parameters
    ----------
    session, actor, filters, now, limit
        Who takes out what, when, and how many at most.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "visit")
    rows = await visit_rows(session, reach_of(actor), filters, limit=limit)
    await log_access(
        session,
        actor.community_id,
        at=now,
        person_id=actor.person_id,
        kind="visits",
        subject_id=f"file of {len(rows)}",
    )
    return rows
