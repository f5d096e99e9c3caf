"""How many records were updated, by day, grid, person and kind: what an indicator counts, listed without telling whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from gis.store.session import ReadSession
from gis.words import Scope


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """Records that somebody updated in one way on one day in one grid; nobody: an account that is gone."""

    day: date
    grid_code: str | None
    actor: str | None
    verb: str
    records: int


async def record_updates(
    session: ReadSession, scope: Scope, since: datetime, before: datetime, timezone: str, *, limit: int
) -> list[UpdateRow]:
    """Return updates of the records that a scope reaches, the latest day first; a record counts once a day, as last changed.

    Parameters
    ----------
    session, scope
        Whose records.
    since, before, timezone
        From when, until before when, by whose calendar.
    limit
        At most so many.
    """
    rows = await session.direct(
        """
        SELECT u.day, u.grid_code, p.name AS actor, u.verb, count(*) AS records FROM (
            SELECT DISTINCT ON (coalesce(c.resident_id, c.household_id), (c.at AT TIME ZONE %(zone)s)::date)
                   (c.at AT TIME ZONE %(zone)s)::date AS day, h.grid_code, c.actor_id, c.verb
            FROM resident_change c
            JOIN household h ON h.community_id = c.community_id AND h.household_id = c.household_id
            WHERE c.community_id = %(community)s AND c.at >= %(since)s AND c.at < %(before)s
              AND (c.verb IN ('added', 'changed', 'moved_in', 'moved_out') OR c.verb = 'imported' AND c.fields <> '{}')
              AND (%(everything)s OR h.grid_code = ANY(%(grids)s) OR h.micro_grid_code = ANY(%(cells)s))
            ORDER BY coalesce(c.resident_id, c.household_id), (c.at AT TIME ZONE %(zone)s)::date, c.at DESC
        ) u
        LEFT JOIN person p ON p.community_id = %(community)s AND p.person_id = u.actor_id
        GROUP BY u.day, u.grid_code, u.actor_id, p.name, u.verb
        ORDER BY u.day DESC, u.grid_code, p.name, u.verb LIMIT %(limit)s
        """,
        {
            "community": scope.community_id,
            "everything": scope.everything,
            "grids": sorted(scope.grid_codes),
            "cells": sorted(scope.micro_grid_codes),
            "since": since,
            "before": before,
            "zone": timezone,
            "limit": limit,
        },
    )
    return [UpdateRow(*row) for row in rows]
