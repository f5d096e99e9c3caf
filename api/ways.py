"""The way from a responder to a case, as a line on the map."""

from __future__ import annotations

import numpy as np

from gis.flows.atlas import CommunityAtlas
from gis.store.case_reading import CaseRow
from gis.views.boards import Duty
from gis.words import Mode

Way = list[tuple[float, float]]


def way_to(atlas: CommunityAtlas, duty: Duty, case: CaseRow) -> Way:
    """Return the way over the streets, longitude and latitude; empty where there is none or no start."""
    if duty.lon is None or duty.lat is None:
        return []
    here = np.array(atlas.metric.project(duty.lon, duty.lat))
    there = atlas.target(case.lon, case.lat, case.building_id)
    line = atlas.network.route(Mode(duty.mode), here, there)
    lon, lat = atlas.metric.unproject(line[:, 0], line[:, 1])
    return [(round(float(x), 6), round(float(y), 6)) for x, y in zip(lon, lat, strict=True)]
