"""Ranked streets as rows of features and of vector tiles, each as its reader may see it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from datetime import datetime

import numpy as np
import shapely

from gis.flows.hotspots.current import HotFilters, HotStreets, Ranking, street
from gis.flows.hotspots.seen import Sight, sight
from gis.store.case_reading import CaseFilters
from gis.store.feature_sources import HotRow
from gis.store.hot_tiles import street_tile
from gis.store.session import ReadSession
from gis.store.tiles import EXTENT, MARGIN, TileAddress
from gis.words import Actor

MOST_STREETS = 20_000


def hot_rows(found: Ranking, least: int, places: Iterable[int] | None = None) -> list[HotRow]:
    """Return streets as rows, the worst first.

    Parameters
    ----------
    found
        All of them.
    least
        Streets with fewer cases are left out.
    places
        Only those at these places of the ranking, from 0 on.
    """
    wanted = range(min(len(found.order), MOST_STREETS)) if places is None else places
    ranked = (street(found, int(found.order[place]), place + 1) for place in wanted)
    return [
        HotRow(
            one.block.id,
            shapely.to_wkb(shapely.LineString(one.block.line)),
            {
                "rank": one.rank,
                "name": one.block.name,
                "name_en": one.block.name_en,
                "length_m": round(one.block.length_m, 2),
                "cases": one.cases,
                "cases_per_100m": one.cases_per_100m,
                "rate": one.rate,
                "rate_low": one.low,
                "rate_high": one.high,
                "enough_data": one.enough_data,
                "trend": one.trend,
                "hot": one.hot,
            },
        )
        for one in ranked
        if one.cases >= least
    ]


async def reader_streets(
    session: ReadSession, actor: Actor, streets: HotStreets, now: datetime
) -> tuple[Ranking, Sight]:
    """Return the ranking of a reader's streets by hazards, and how closely they see it."""
    seen = sight(actor, HotFilters(CaseFilters()))
    return await streets.ranking(session, seen.scope, seen.filters, now), seen


def hot_tag(found: Ranking, seen: Sight, at: TileAddress) -> str:
    """Return a key that changes when the ranking has been made anew."""
    text = f"hot {seen.scope.community_id} {found.made_ns} {seen.least} {at}"
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


async def hot_tile(session: ReadSession, found: Ranking, seen: Sight, at: TileAddress) -> bytes:
    """Return the streets in a tile; nothing at all where none is in it."""
    west, south, east, north = _around(at)
    lowest_x, lowest_y, highest_x, highest_y = found.ground.bounds[found.order].T
    inside = (lowest_x <= east) & (highest_x >= west) & (lowest_y <= north) & (highest_y >= south)
    rows = hot_rows(found, seen.least, np.flatnonzero(inside).tolist())
    return await street_tile(session, rows, at) if rows else b""


def _around(at: TileAddress) -> tuple[float, float, float, float]:
    """Return the bounds of a tile with its margin, degrees."""
    more, tiles = MARGIN / EXTENT, 2**at.z
    west, east = ((x / tiles) * 360 - 180 for x in (at.x - more, at.x + 1 + more))
    south, north = (
        math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / tiles))))
        for y in (at.y + 1 + more, at.y - more)
    )
    return west, south, east, north
