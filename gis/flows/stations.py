"""The stations nearest to somebody, by the way there over the streets."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gis.clock import Clock
from gis.flows.community_atlas import CommunityAtlas
from gis.stations.hours import Opening, opening_at
from gis.store.session import ReadSession
from gis.store.stations import StationRow, stations_of
from gis.words import Mode

MOST = 20


@dataclass(frozen=True, slots=True)
class NearStation:
    """A station, the way to it on foot, and whether it is open; without a place to start from the way is unknown."""

    station: StationRow
    opening: Opening
    travel_s: float | None = None
    distance_m: float | None = None


async def near_stations(
    session: ReadSession,
    atlas: CommunityAtlas,
    clock: Clock,
    here: tuple[float, float] | None,
    *,
    limit: int = MOST,
) -> list[NearStation]:
    """Return stations, the nearest first; those that are closed now come after those that are open.

    Parameters
    ----------
    session, atlas, clock
        Where, and when.
    here
        Longitude and latitude (EPSG:4326), or None: then they are in the order of their codes.
    limit
        How many at most.
    """
    rows = await stations_of(session, atlas.community_id)
    ways = _ways(atlas, here, rows) if here is not None and rows else [(None, None)] * len(rows)
    now = clock.now()
    found = [
        NearStation(
            row, opening_at(row.opening_hours, now, row.timezone, row.closed_until), travel_s, distance_m
        )
        for row, (travel_s, distance_m) in zip(rows, ways, strict=True)
    ]
    return sorted(found, key=_order)[:limit]


def _ways(
    atlas: CommunityAtlas, here: tuple[float, float], rows: list[StationRow]
) -> list[tuple[float | None, float | None]]:
    start = np.array([atlas.metric.project(*here)])
    targets = np.array([atlas.metric.project(row.lon, row.lat) for row in rows])
    seconds, metres = atlas.network.travel_many(Mode.WALK, start, targets)
    return [
        (s, m) if math.isfinite(s) else (None, None)
        for s, m in zip(seconds[:, 0].tolist(), metres[:, 0].tolist(), strict=True)
    ]


def _order(one: NearStation) -> tuple[bool, float]:
    return one.opening.open is False, math.inf if one.travel_s is None else one.travel_s


def way_to_station(
    atlas: CommunityAtlas, here: tuple[float, float], station: StationRow
) -> tuple[list[tuple[float, float]], float | None, float | None]:
    """Return the way to a station on foot, longitude and latitude (EPSG:4326), its length in metres and its seconds.

    Parameters
    ----------
    atlas, here, station
        From where to which; nothing where there is no way.
    """
    start, there = (
        np.array(atlas.metric.project(*here)),
        np.array(atlas.metric.project(station.lon, station.lat)),
    )
    seconds, metres = atlas.network.travel(Mode.WALK, start, there)
    if not math.isfinite(metres[0]):
        return [], None, None
    line = atlas.network.route(Mode.WALK, start, there)
    lon, lat = atlas.metric.unproject(line[:, 0], line[:, 1])
    route = [(round(float(x), 6), round(float(y), 6)) for x, y in zip(lon, lat, strict=True)]
    return route, round(float(metres[0]), 1), round(float(seconds[0]), 1)
