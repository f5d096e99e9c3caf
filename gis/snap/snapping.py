"""From positions to places, with probabilities: one function for one point and for a million."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gis.settings import SnapSettings
from gis.snap.index import PlaceIndex
from gis.snap.loops import snap_columns
from gis.snap.posterior import model_of, sigma_of
from gis.snap.shapes import Floats
from gis.snap.snapped import Snapped

PINNED_M = 3.0
"""68% radius of a pin put on a map by hand."""


def snap(
    index: PlaceIndex,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    accuracy_m: npt.ArrayLike | None = None,
    heading_deg: npt.ArrayLike | None = None,
    *,
    pinned: npt.ArrayLike | None = None,
    settings: SnapSettings | None = None,
) -> Snapped:
    """Return the places of positions; `gis.snap.posterior` holds the model.

    The micro-grid answered is the most probable one, of equals the one with the smallest code. It is `ambiguous` when
    its probability is below the one at which a place is accepted. Positions outside, but within the stated distance,
    are snapped all the same and show their distance; farther ones have no places at all.

    The street is the nearest segment, where a name is worth 10 m and being a street rather than a path 10 m more.

    Parameters
    ----------
    index
        The places of the community.
    lon, lat
        WGS-84 degrees (EPSG:4326), one-dimensional.
    accuracy_m
        Stated 68% radius of each, metres; None or NaN where nothing is stated.
    heading_deg
        Degrees clockwise from north; None or NaN where unknown.
    pinned
        True where a person put a pin on a map: it marks the thing itself, to a few metres.
    settings
        Thresholds; the defaults where None.
    """
    settings = settings or SnapSettings()
    lons, lats = np.atleast_1d(np.asarray(lon, np.float64)), np.atleast_1d(np.asarray(lat, np.float64))
    count = len(lons)
    accuracy = _column(accuracy_m, count)
    heading = _column(heading_deg, count)
    hand = np.full(count, False if pinned is None else pinned, dtype=np.bool_)
    x, y = index.metric.project(lons, lats)
    usual = np.where(hand, PINNED_M, settings.default_accuracy_m)
    sigma_m = sigma_of(np.where(accuracy > 0.0, accuracy, usual))
    look = np.radians(heading)
    fixes = np.empty((count, 5))
    for column, values in enumerate((x, y, sigma_m, np.sin(look), np.cos(look))):
        fixes[:, column] = values
    rows, numbers = snap_columns(index.world, model_of(settings.outside_m), fixes, hand.astype(np.int64))
    containing, courtyard, building, street, *candidates = rows
    outside_m, grid_chance, building_chance, cell_m, yard_m, building_m, street_m, *chances = numbers
    cell = candidates[0]
    inside = cell >= 0
    return Snapped(
        lon=lons,
        lat=lats,
        x=x,
        y=y,
        containing=containing,
        outside_m=outside_m,
        micro_grid=cell,
        micro_grid_probability=chances[0],
        micro_grid_m=cell_m,
        grid=np.where(inside, index.cell_grid[cell], -1) if len(index.cell_grid) else cell,
        grid_probability=grid_chance,
        courtyard=courtyard,
        courtyard_m=yard_m,
        building=building,
        building_probability=building_chance,
        building_m=building_m,
        street=street,
        street_m=street_m,
        ambiguous=inside & (chances[0] < settings.accept_probability),
        candidate=rows[4:7].T,
        candidate_probability=numbers[7:10].T,
        candidate_building=rows[7:10].T,
        candidate_building_probability=numbers[10:13].T,
        likely_building=rows[10:].T,
        likely_building_probability=numbers[13:].T,
    )


def _column(values: npt.ArrayLike | None, count: int) -> Floats:
    if values is None:
        return np.full(count, np.nan)
    array = np.asarray(values, dtype=np.float64)
    return array if array.shape == (count,) else np.full(count, array)
