"""From positions to places, with probabilities: one function for one point and for a million."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import numpy.typing as npt
import shapely

from gis.settings import SnapSettings
from gis.snap.index import PlaceIndex, first_hit
from gis.snap.likely import Fixes, likely_places
from gis.snap.posterior import sigma_of
from gis.snap.snapped import Snapped

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]

CHUNK = 2048
PINNED_M = 3.0
"""68% radius of a pin put on a map by hand."""
NAME_WORTH_M = 10.0
"""A named street is answered instead of an unnamed one up to this much nearer, a street instead of a path alike."""
LEAST_BUILDING = 0.1
"""A building less probable than this is not answered."""


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
    fixes = Fixes(
        x, y, np.asarray(shapely.points(np.column_stack([x, y])), dtype=object), sigma_m, heading, hand
    )
    chunks = [
        _snap_chunk(index, lons[rows], lats[rows], fixes.rows(rows), settings)
        for rows in (slice(start, start + CHUNK) for start in range(0, max(count, 1), CHUNK))
    ]
    if len(chunks) == 1:
        return chunks[0]
    return Snapped(
        **{
            each.name: np.concatenate([getattr(chunk, each.name) for chunk in chunks])
            for each in fields(Snapped)
        }
    )


def _column(values: npt.ArrayLike | None, count: int) -> Floats:
    if values is None:
        return np.full(count, np.nan)
    array = np.asarray(values, dtype=np.float64)
    return array if array.shape == (count,) else np.full(count, array)


def _snap_chunk(index: PlaceIndex, lon: Floats, lat: Floats, fixes: Fixes, settings: SnapSettings) -> Snapped:
    points = fixes.points
    likely = likely_places(index, fixes, settings.outside_m)
    cell = likely.cell[:, 0]
    building = np.where(likely.building_probability[:, 0] >= LEAST_BUILDING, likely.building[:, 0], -1)
    inside = cell >= 0
    street, street_m = _streets(index, points)
    courtyard = _courtyards(index, points, building, likely.building_probability[:, 0])
    return Snapped(
        lon=lon,
        lat=lat,
        x=fixes.x,
        y=fixes.y,
        containing=likely.containing,
        outside_m=likely.outside_m,
        micro_grid=cell,
        micro_grid_probability=likely.probability[:, 0],
        micro_grid_m=_distances(points, index.cells, cell),
        grid=np.where(inside, index.cell_grid[cell], -1) if len(index.cell_grid) else cell,
        grid_probability=likely.grid_probability,
        courtyard=np.where(inside, courtyard, -1),
        courtyard_m=_distances(points, index.courtyards, courtyard),
        building=building,
        building_probability=likely.building_probability[:, 0],
        building_m=_distances(points, index.buildings, building),
        street=np.where(inside, street, -1),
        street_m=street_m,
        ambiguous=inside & (likely.probability[:, 0] < settings.accept_probability),
        candidate=likely.cell,
        candidate_probability=likely.probability,
        candidate_building=likely.building,
        candidate_building_probability=likely.building_probability,
    )


def _distances(points: Geometries, shapes: Geometries, row: Integers) -> Floats:
    """Return metres from each point to its shape, NaN where it has none."""
    answer = np.full(len(points), np.nan)
    known = (row >= 0).nonzero()[0]
    if len(known):
        answer[known] = shapely.distance(points[known], shapes[row[known]])
    return answer


def _streets(index: PlaceIndex, points: Geometries) -> tuple[Integers, Floats]:
    """Return the nearest segment of each point, with the worth of a name and of being a street, and its distance."""
    count = len(points)
    best, distance_m = np.full(count, -1, dtype=np.int64), np.full(count, np.nan)
    cost_m = np.full(count, np.inf)
    for rank, group in enumerate(index.street_ranks):
        if len(group.rows) == 0:
            continue
        (_, row), away_m = group.tree.query_nearest(points, return_distance=True, all_matches=False)
        this_m = away_m + rank * NAME_WORTH_M
        better = this_m < cost_m
        best = np.where(better, group.rows[row], best)
        distance_m = np.where(better, away_m, distance_m)
        cost_m = np.where(better, this_m, cost_m)
    return best, distance_m


def _courtyards(index: PlaceIndex, points: Geometries, building: Integers, probability: Floats) -> Integers:
    """Return the courtyard of the building where that is more likely than not, else the one that the point is in."""
    courtyard = first_hit(index.courtyard_tree, points, len(points))
    sure = (building >= 0) & ((probability >= 0.5) | (courtyard < 0))  # noqa: PLR2004
    if len(index.building_courtyard):
        courtyard = np.where(sure, index.building_courtyard[building], courtyard)
    return courtyard
