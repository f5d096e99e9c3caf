"""The most that can be known: the posterior under the generator's own model, by summing over drawn people.

Millions of people are drawn as the generator draws them. Given a fix, each counts by how probable the fix and the heading are
from where that person stands. No method can name the right micro-grid more often than the most probable one of these.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from gis.snap import PlaceIndex
from scripts.bench.snap_reports import (
    HEADING_DEG,
    JUNK,
    MISSTATED,
    SIGMA_PER_R68,
    Floats,
    Generator,
    Reports,
    pushed,
)

PEOPLE = 400_000
FACTORS = np.exp(MISSTATED * np.array([-1.5, -0.75, 0.0, 0.75, 1.5]))
WEIGHTS = np.exp(-0.5 * np.array([-1.5, -0.75, 0.0, 0.75, 1.5]) ** 2)


def oracle(
    index: PlaceIndex, generator: Generator, reports: Reports, r68_m: float, seed: int
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the most probable micro-grid of each report and its probability.

    The generator's radius is known to it; sessions (shared errors) are not used.
    """
    rng = np.random.default_rng(seed)
    people = generator.stand(index, PEOPLE, rng)
    xy = people.xy + pushed(index, people.xy, r68_m, rng) if generator.harsh else people.xy
    cell = index.facades.cell[people.part]
    tree = cKDTree(xy)
    sigma = r68_m * SIGMA_PER_R68
    near = tree.query_ball_point(reports.xy, 4.5 * sigma + 6.0)
    best, chance = np.full(len(reports.xy), -1), np.zeros(len(reports.xy))
    for row, rows in enumerate(near):
        if not rows:
            continue
        gap2 = ((xy[rows] - reports.xy[row]) ** 2).sum(axis=1)
        weight = _error(gap2, sigma, generator.wide_share(r68_m), harsh=generator.harsh)
        if not np.isnan(reports.heading_deg[row]):
            off = np.radians(reports.heading_deg[row]) - people.aim[rows]
            weight = weight * _heading((off + np.pi) % (2.0 * np.pi) - np.pi, harsh=generator.harsh)
        sums = np.bincount(cell[rows], weights=weight, minlength=1)
        best[row], chance[row] = sums.argmax(), sums.max() / max(sums.sum(), 1e-300)
    return best, chance


def _error(gap2: Floats, sigma: float, wide: float, *, harsh: bool) -> Floats:
    """Return the density of an error; of a harsh one, half is shared in a session and no outlier."""
    if not harsh:
        return (1.0 - wide) * _normal(gap2, sigma) + wide * _normal(gap2, 3.0 * sigma)
    return (1.0 - wide) * _normal(gap2, sigma) + wide * _normal(gap2, sigma * np.sqrt(5.0))


def _normal(gap2: Floats, sigma: float) -> Floats:
    return np.asarray(np.exp(-0.5 * gap2 / sigma**2) / sigma**2)


def _heading(off: Floats, *, harsh: bool) -> Floats:
    """Return the density of a heading this far off, times 2 pi."""
    spread = np.radians(HEADING_DEG)
    right = np.sqrt(2.0 * np.pi) / spread * np.exp(-0.5 * (off / spread) ** 2)
    if not harsh:
        return np.asarray((1.0 - JUNK) * right + JUNK)
    turns = sum(
        np.exp(-0.5 * ((np.abs(off) - turn) / 0.02) ** 2)
        * np.sqrt(2 * np.pi)
        / 0.02
        / 3.0
        / (1 if turn == np.pi else 2)
        for turn in (np.pi / 2, np.pi)
    )
    return np.asarray(0.85 * right + 0.15 * (0.5 + 0.5 * turns))
