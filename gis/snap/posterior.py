"""How probable each building and micro-grid is, given a position: the model behind `gis.snap.snap`.

A report is about a facade (a building) or about the open ground. What is known of it is a fix ``z`` with a stated
accuracy, and perhaps the direction in which the phone was held. All metres of facade are taken as equally likely
beforehand, and a metre of facade as likely as 1 / `GROUND` square metres of ground.

- The fix lies around the true place of the phone with a heavy-tailed density: 80% a normal with ``sigma``, 20% one with
  ``3 sigma``. The stated accuracy is taken as the radius that holds 68% of fixes (Android's meaning); of this mixture
  that radius is 1.83 sigma (of a single normal it would be 1.515). Phones err by 7-13 m in cities (Merry & Bettinger,
  PLOS ONE 2019); a tail is needed because reflected signals make outliers.
- Who reports on a facade stands before it, mostly 2-20 m away: `STAND_OFF`. They stand on its outer side; nobody stands
  in the next house, whose facades have their own outer sides. Correcting for buildings cuts wrong-side-of-street errors
  by 50-90% (Google in Inside GNSS). One in eight reports from indoors, anywhere in the building. A pin put on a map by
  hand marks the thing itself: mostly the footprint, or just before its wall.
- Held with a known heading, the phone looks at the facade: the heading spreads by `VIEW_DEG` around the direction onto the
  wall, and in 10% of cases says nothing (compass errors are 5-7 degrees on average, 13-25 at times).

For one straight edge and one stand-off the outdoor part integrates in closed form: a normal across the wall times the difference of
two normal distribution functions along it. Summed over stand-offs, both normals and a building's edges in a micro-grid,
this is the density of the fix given that part; over a micro-grid it is summed over the parts in it. The open ground
counts for the micro-grid where the fix is and, near a border, for its neighbours, by the chance that the true place lies
across; so every fix inside a community has a most probable micro-grid however far from buildings it lies.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from scipy.special import ndtr

from gis.snap.facades import Facades

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

RADIUS_68 = 1.83
SIGMA_M = (1.0, 100.0)
TAIL_SHARE, TAIL_FACTOR = 0.2, 3.0
GROUND = 0.015
VIEW_DEG = 35.0
JUNK_HEADING = 0.1

# distance before the wall, the width that one value stands for, and its weight, metres: for a phone's own fix, and for
# a pin put on a map by hand; the rest of the weight is indoors
STAND_OFF = np.array([1.0, 4.0, 8.0, 13.0, 19.0])
STAND_OFF_WIDTH = np.array([1.2, 1.8, 2.3, 2.8, 3.3])
STAND_OFF_WEIGHT = np.array([0.14, 0.28, 0.26, 0.14, 0.06])
PINNED_WEIGHT = np.array([0.2, 0.0, 0.0, 0.0, 0.0])
INDOORS = 1.0 - STAND_OFF_WEIGHT.sum()
PINNED_INDOORS = 1.0 - PINNED_WEIGHT.sum()

_FLOOR = np.sqrt(2.0 * np.pi)
_FACTORS = np.array([[1.0], [TAIL_FACTOR]])
_SHARES = np.array([1.0 - TAIL_SHARE, TAIL_SHARE])
_CORNERS = np.pi / 2.0 * (1.0 - TAIL_SHARE + TAIL_SHARE * TAIL_FACTOR**2)
_VIEW_PEAK = 360.0 / (VIEW_DEG * _FLOOR)  # so that a heading known to be random changes nothing


def sigma_of(accuracy_m: Floats) -> Floats:
    """Return the standard deviation on each axis for stated 68% radii."""
    return np.minimum(np.maximum(accuracy_m / RADIUS_68, SIGMA_M[0]), SIGMA_M[1])


def reach_of(sigma_m: Floats) -> Floats:
    """Return how far from a fix buildings are looked for."""
    return np.minimum(15.0 + 3.2 * sigma_m, 150.0)


def tail(distance_m: Floats, sigma_m: Floats) -> Floats:
    """Return the chance that the true place lies farther than this in one direction."""
    near = ndtr(-distance_m / sigma_m)
    far = ndtr(-distance_m / (TAIL_FACTOR * sigma_m))
    return np.asarray((1.0 - TAIL_SHARE) * near + TAIL_SHARE * far)


def facade_density(
    facades: Facades,
    point: Integers,
    part: Integers,
    *,
    x: Floats,
    y: Floats,
    sigma_m: Floats,
    heading_deg: Floats,
    pinned: Flags,
) -> Floats:
    """Return the density of a fix given a part of a building, for pairs of both, per metre of facade.

    Parameters
    ----------
    point, part
        Rows of the pairs.
    x, y, sigma_m, heading_deg, pinned
        Columns of the points; a heading is NaN where unknown.
    """
    if len(point) == 0:
        return np.empty(0)
    first = facades.first[part]
    count = facades.first[part + 1] - first
    pair = np.arange(len(part)).repeat(count)
    edge = np.arange(len(pair)) + (first - np.cumsum(count) + count)[pair]
    row = point[pair]
    along_x, along_y = facades.along_x[edge], facades.along_y[edge]
    dx, dy = x[row] - facades.x[edge], y[row] - facades.y[edge]
    density = _around(
        dx * along_x + dy * along_y,
        dx * along_y - dy * along_x,  # outward
        facades.length_m[edge],
        sigma_m[row],
        np.where(pinned[row][:, None], PINNED_WEIGHT, STAND_OFF_WEIGHT),
    )
    heading = heading_deg[row]
    known = (~np.isnan(heading)).nonzero()[0]
    if len(known):
        # looking onto the wall is looking against its outward normal (along_y, -along_x)
        onto = np.degrees(np.arctan2(-along_y[known], along_x[known]))
        off = (heading[known] - onto + 180.0) % 360.0 - 180.0
        density[known] *= JUNK_HEADING + (1.0 - JUNK_HEADING) * _VIEW_PEAK * np.exp(
            -0.5 * (off / VIEW_DEG) ** 2
        )
    per_m2 = facades.facade_m[part] / facades.area_m2[part]
    indoors = np.where(pinned[point], PINNED_INDOORS, INDOORS)
    chance = inside_chance(facades, point, part, x=x, y=y, sigma_m=sigma_m)
    return np.asarray(sums(pair, density, len(part)) + indoors * per_m2 * chance)


def inside_chance(
    facades: Facades, point: Integers, part: Integers, *, x: Floats, y: Floats, sigma_m: Floats
) -> Floats:
    """Return the chance that the true place of a fix is in the footprint.

    As if its nearest wall were endless, made less by what is counted twice at corners, so that over the whole plane it
    adds up to the footprint's area.
    """
    points = np.asarray(shapely.points(np.column_stack([x[point], y[point]])), dtype=object)
    sigma = sigma_m[point]
    outside_m = np.asarray(shapely.distance(facades.parts[part], points))
    chance = tail(outside_m, sigma)
    within = (outside_m == 0.0).nonzero()[0]
    if len(within):
        depth_m = np.asarray(shapely.distance(facades.outlines[part[within]], points[within]))
        chance[within] = 1.0 - tail(depth_m, sigma[within])
    area_m2 = facades.area_m2[part]
    return np.asarray(chance * area_m2 / (area_m2 + _CORNERS * sigma * sigma))


def _around(along: Floats, across: Floats, length_m: Floats, sigma: Floats, weight: Floats) -> Floats:
    """Return the density for edges, summed over stand-offs and both normals.

    Columns of `weight` are the stand-offs; the two normals are the rows of the arrays within.
    """
    wide = sigma * _FACTORS
    beside = ndtr((length_m - along) / wide) - ndtr(-along / wide)
    width2 = (wide * wide)[:, :, None] + STAND_OFF_WIDTH**2
    off = across[:, None] - STAND_OFF
    before = np.exp((off * off) / (-2.0 * width2)) / np.sqrt(width2)
    return np.asarray(np.einsum("ke,kes,es,k->e", beside, before, weight, _SHARES) / _FLOOR)


def sums(row: Integers, weights: Floats, count: int) -> Floats:
    """Return the sum of the weights of each row."""
    return np.bincount(row, weights=weights, minlength=count).astype(np.float64, copy=False)
