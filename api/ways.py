"""The way from a responder to a case: a line on the map, how far and how long, and links that open it in a map app."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np

from gis.crs import from_wgs84
from gis.flows.community_atlas import CommunityAtlas
from gis.settings import MapApp
from gis.store.case_reading import CaseRow
from gis.views.boards import Duty
from gis.words import Datum, Mode

Way = list[tuple[float, float]]
_AMAP_MODES = {Mode.WALK: "walk", Mode.E_BIKE: "ride", Mode.CAR: "car"}
_TENCENT_MODES = {Mode.WALK: "walk", Mode.E_BIKE: "bike", Mode.CAR: "drive"}


@dataclass(frozen=True, slots=True)
class MeasuredWay:
    """A way over the streets, longitude and latitude (EPSG:4326), with its length; nothing where there is none or no start."""

    route: Way
    distance_m: float | None = None
    travel_s: float | None = None


def way_to(atlas: CommunityAtlas, duty: Duty, case: CaseRow) -> Way:
    """Return the way over the streets, longitude and latitude; empty where there is none or no start."""
    if duty.lon is None or duty.lat is None:
        return []
    here = np.array(atlas.metric.project(duty.lon, duty.lat))
    there = atlas.target(case.lon, case.lat, case.building_id)
    line = atlas.network.route(Mode(duty.mode), here, there)
    lon, lat = atlas.metric.unproject(line[:, 0], line[:, 1])
    return [(round(float(x), 6), round(float(y), 6)) for x, y in zip(lon, lat, strict=True)]


def measured_way(atlas: CommunityAtlas, duty: Duty | None, case: CaseRow) -> MeasuredWay:
    """Return the way from where a responder was last to a case, with its length.

    Parameters
    ----------
    atlas, duty, case
        Where, who, and to which case.
    """
    if duty is None or duty.lon is None or duty.lat is None:
        return MeasuredWay([])
    here = np.array([atlas.metric.project(duty.lon, duty.lat)])
    there = atlas.target(case.lon, case.lat, case.building_id)
    seconds, metres = atlas.network.travel(Mode(duty.mode), here, there)
    if not math.isfinite(metres[0]):
        return MeasuredWay([])
    return MeasuredWay(way_to(atlas, duty, case), round(float(metres[0]), 1), round(float(seconds[0]), 1))


def map_links(apps: Sequence[MapApp], lon: float, lat: float, mode: Mode) -> dict[str, str]:
    """Return addresses that show a place in map apps, each in that app's own datum; they carry nothing but the place.

    Parameters
    ----------
    apps
        The apps that the office allows.
    lon, lat
        The place, EPSG:4326.
    mode
        How the responder travels.
    """
    gcj = "{:.6f},{:.6f}".format(*from_wgs84(lon, lat, Datum.GCJ02))
    gcj_lat_first = ",".join(reversed(gcj.split(",")))
    bd_lon, bd_lat = from_wgs84(lon, lat, Datum.BD09)
    amap = {"to": gcj, "mode": _AMAP_MODES[mode], "coordinate": "gaode", "callnative": 1, "src": "weiwang"}
    baidu = {
        "location": f"{bd_lat:.6f},{bd_lon:.6f}",
        "title": "目的地",
        "content": "目的地",
        "coord_type": "bd09ll",
        "output": "html",
        "src": "weiwang",
    }
    tencent = {"type": _TENCENT_MODES[mode], "to": "目的地", "tocoord": gcj_lat_first, "referer": "weiwang"}
    known: dict[MapApp, str] = {
        "amap": f"https://uri.amap.com/navigation?{urlencode(amap)}",
        "baidu": f"https://api.map.baidu.com/marker?{urlencode(baidu)}",
        "tencent": f"https://apis.map.qq.com/uri/v1/routeplan?{urlencode(tencent)}",
    }
    return {app: known[app] for app in apps}
