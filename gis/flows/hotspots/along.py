"""The cases along one block."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
import shapely

from gis.flows.hotspots.current import HotFilters, Ranking
from gis.hotspots.streets import REACH_M, attach
from gis.store.hotspot_reading import PlacedCase, placed_cases
from gis.store.session import ReadSession
from gis.words import Scope

MONTHS = 24
_MARGIN_M = REACH_M + 5.0


@dataclass(frozen=True, slots=True)
class Along:
    """Cases on a block, the newest first, and how many there were in each of the last months, the oldest first."""

    case_ids: list[UUID]
    months: list[tuple[str, int]]


async def cases_along(
    session: ReadSession, scope: Scope, filters: HotFilters, ranking: Ranking, row: int
) -> Along:
    """Return the cases that the ranking counts on a block.

    Parameters
    ----------
    session, scope, filters
        Whose cases, and which.
    ranking, row
        The block.
    """
    line = shapely.buffer(ranking.scored.streets.lines[row], _MARGIN_M)
    west, south, east, north = shapely.bounds(line).tolist()
    metric = ranking.ground.metric
    corners = [
        metric.unproject(x, y) for x, y in ((west, south), (east, north), (west, north), (east, south))
    ]
    lon, lat = [one[0] for one in corners], [one[1] for one in corners]
    box = (min(lon), min(lat), max(lon), max(lat))
    near = await placed_cases(session, scope, replace(filters.cases, box=box))
    return await asyncio.to_thread(_along, ranking, row, near, filters)


def _along(ranking: Ranking, row: int, near: list[PlacedCase], filters: HotFilters) -> Along:
    if not near:
        return Along([], [])
    local_s = np.array([one.local_s for one in near])
    x, y = ranking.ground.metric.project(
        np.array([one.lon for one in near]), np.array([one.lat for one in near])
    )
    found = attach(ranking.ground.ready.streets, x, y)
    here = np.zeros(len(near), dtype=np.bool_)
    here[found.case[found.street == row]] = True
    here &= filters.moments.keep(local_s)
    kept = np.flatnonzero(here)
    order = kept[np.argsort(-local_s[kept], kind="stable")]
    month = local_s[kept].astype("datetime64[s]").astype("datetime64[M]")
    last = np.datetime64(int(ranking.end * 86_400.0), "s").astype("datetime64[M]")
    shown = [last - np.timedelta64(back, "M") for back in range(MONTHS - 1, -1, -1)]
    return Along(
        [near[one].case_id for one in order], [(str(one), int((month == one).sum())) for one in shown]
    )
