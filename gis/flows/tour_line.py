"""The line of a tour as a map draws it: by the ways of the streets with their gates, from one stop to the next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from gis.flows.community_atlas import CommunityAtlas
from gis.words import Mode


def tour_line(
    atlas: CommunityAtlas, mode: Mode, places: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return the line through places in their order, longitude and latitude: work for a thread.

    Parameters
    ----------
    atlas, mode
        The community, and how its streets are travelled.
    places
        Longitude and latitude (EPSG:4326); a stretch without a way is left out.
    """
    lon, lat = (np.array(each) for each in zip(*places, strict=True))
    xy = np.column_stack(atlas.metric.project(lon, lat))
    line: list[tuple[float, float]] = []
    for here, there in pairwise(xy):
        leg = atlas.network.route(mode, here, there)
        if len(leg):
            lons, lats = atlas.metric.unproject(leg[:, 0], leg[:, 1])
            line += [(round(float(x), 6), round(float(y), 6)) for x, y in zip(lons, lats, strict=True)]
    return line
