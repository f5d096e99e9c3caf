"""Figures of the dispatch desk: how many cases stand where, and what happened since somebody's last shift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select

from gis.store.boards import ended_counts
from gis.store.case_reading import ENDED, CaseFilters, narrowed
from gis.store.light_reading import LightFilter, has_light
from gis.store.reach import reaches
from gis.store.session import ReadSession
from gis.store.tables import case, community, event
from gis.words import Scope


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many cases stand in a status, and how many of them have missed a deadline or nearly have."""

    status: str
    cases: int
    red: int
    yellow: int


async def status_lights(
    session: ReadSession, scope: Scope, filters: CaseFilters, now: datetime, *, ended: bool
) -> list[StatusCount]:
    """Return the counts of a board; the filters' own statuses and lights should be left out.

    Parameters
    ----------
    session, scope, filters, now
        Of what, and when.
    ended
        Also of what has ended, each status up to ``COUNTED_TO``.
    """
    red, yellow = (has_light(LightFilter((light,), now)) for light in ("red", "yellow"))
    rows = await session.rows(
        select(case.c.status, func.count(), func.count().filter(red), func.count().filter(yellow))
        .join(community, community.c.community_id == case.c.community_id)
        .where(narrowed(scope, filters), case.c.status.not_in(ENDED))
        .group_by(case.c.status)
    )
    over = await ended_counts(session, scope, filters) if ended else {}
    return [StatusCount(*row) for row in rows] + [StatusCount(name, n, 0, 0) for name, n in over.items()]


async def with_event(
    session: ReadSession, scope: Scope, verb: str, since: datetime, *, limit: int
) -> list[UUID]:
    """Return the unfinished cases of a scope to which something was done since a moment, the latest opened first."""
    done = exists().where(
        event.c.community_id == case.c.community_id,
        event.c.case_id == case.c.case_id,
        event.c.verb == verb,
        event.c.at > since,
    )
    rows = await session.rows(
        select(case.c.case_id)
        .where(reaches(scope), case.c.status.not_in(ENDED), done)
        .order_by(case.c.opened_at.desc(), case.c.case_id)
        .limit(limit)
    )
    return [row.case_id for row in rows]
