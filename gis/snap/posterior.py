"""How probable each building and micro-grid is, given a position: the model behind `gis.snap.snap`.

A report is about a facade (a building) or about the open ground. What is known of it is a fix ``z`` with a stated
accuracy, and perhaps the direction in which the phone was held. All metres of facade are taken as equally likely
beforehand, and a metre of facade as likely as 1 / `GROUND` square metres of ground.

- The fix lies around the true place of the phone with a heavy-tailed density: 80% a normal with ``sigma``, 20% one with
  ``3 sigma``. The stated accuracy is taken as the radius that holds 68% of fixes (Android's meaning). Of this mixture
  that radius is 1.83 sigma, of a single normal 1.515; 1.75 is taken, as phones state too small radii more often than too
  large ones. Phones err by 7-13 m in cities (Merry & Bettinger,
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

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from gis.snap.shapes import Floats
from gis.snap.world import BELOW_STEPS, DECAY_STEPS, STANDS, Model

RADIUS_68 = 1.75
SIGMA_M = (1.0, 100.0)
TAIL_SHARE, TAIL_FACTOR = 0.2, 3.0
GROUND = 0.01
VIEW_DEG = 24.0
JUNK_HEADING = 0.1
REACH_M, REACH_SIGMAS = 15.0, 3.2
"""How far from a fix buildings are looked for."""
BORDER_SIGMAS = 2.0
"""Micro-grids farther away than this get none of the open ground's share."""
BORDER_M = 0.001
"""So near to a micro-grid a point is on its border."""
LEAST_BUILDING = 0.1
"""A building less probable than this is not answered."""

# distance before the wall, the width that one value stands for, and its weight, metres: for a phone's own fix, and for
# a pin put on a map by hand; the rest of the weight is indoors
STAND_OFF = ((1.0, 1.2, 0.14), (6.0, 3.0, 0.48), (14.5, 4.2, 0.26))
PINNED = ((1.0, 1.2, 0.2),)


def sigma_of(accuracy_m: Floats) -> Floats:
    """Return the standard deviation on each axis for stated 68% radii."""
    return np.minimum(np.maximum(accuracy_m / RADIUS_68, SIGMA_M[0]), SIGMA_M[1])


def chords(function: Callable[[Floats], Floats], low: float, high: float, steps: float) -> Floats:
    """Return a function as straight lines, so many a unit: (n, 2), value at 0 and slope of each."""
    at = np.arange(low, high + 0.5 / steps, 1.0 / steps)
    values = function(at)
    slope = np.diff(values) * steps
    return np.column_stack([values[:-1] - slope * at[:-1], slope])


def _below(z: Floats) -> Floats:
    """Return the normal distribution function: by the standard library, for scipy's would be loaded at every start for it."""
    return np.array([0.5 * math.erfc(-one / math.sqrt(2.0)) for one in z.tolist()])


@lru_cache(maxsize=16)
def model_of(outside_m: float) -> Model:
    """Return the numbers of the model.

    Parameters
    ----------
    outside_m
        Positions this close outside the community are snapped.
    """
    stand_off = np.zeros((2, STANDS, 3))
    stand_off[:, :, 1] = 1.0
    stand_off[0] = STAND_OFF
    stand_off[1, : len(PINNED)] = PINNED
    sharpness = 1.0 / np.radians(VIEW_DEG) ** 2
    return Model(
        tail_share=TAIL_SHARE,
        tail_factor=TAIL_FACTOR,
        reach_m=REACH_M,
        reach_sigmas=REACH_SIGMAS,
        border_sigmas=BORDER_SIGMAS,
        border_m=BORDER_M,
        ground=GROUND,
        sharpness=sharpness,
        view_peak=float(
            np.exp(sharpness) / np.i0(sharpness)
        ),  # so that a heading known to be random changes nothing
        junk_heading=JUNK_HEADING,
        stand_off=stand_off,
        indoors=1.0 - stand_off[:, :, 2].sum(axis=1),
        least_building=LEAST_BUILDING,
        outside_m=float(outside_m),
        below=chords(_below, -8.0, 8.0, BELOW_STEPS),
        decay=chords(lambda t: np.exp(-t), 0.0, 32.0, DECAY_STEPS),
    )
