"""Streets whose neighbourhood has more than chance gives: Gi*, with false discoveries held down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.hotspots.arrays import Flags, Floats
from gis.hotspots.streets import Streets

if TYPE_CHECKING:
    from scipy.sparse import csr_array

DISCOVERIES = 0.1
"""At most this part of the streets that are called hot are so by chance."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """Gi* of each street: its z-score, the p-value adjusted for asking of every street, and which count as hot."""

    z: Floats
    adjusted_p: Floats
    hot: Flags


def clusters(streets: Streets, rate: Floats) -> Clusters:
    """Return where high rates lie together (Ord and Getis 1995, doi:10.1111/j.1538-4632.1995.tb00912.x).

    Parameters
    ----------
    streets
        Those that meet at a crossing are neighbours, and each is its own.
    rate
        Of each street.
    """
    count = len(streets)
    spread = float(np.std(rate, ddof=0)) if count else 0.0
    if count < 3 or spread <= 1e-12 * max(float(np.mean(rate)), 1e-300):  # noqa: PLR2004 - nothing stands out
        return Clusters(np.zeros(count), np.ones(count), np.zeros(count, dtype=np.bool_))
    weights = adjacency(streets)
    many = np.asarray(weights.sum(axis=1)).reshape(-1)
    mean = float(np.mean(rate))
    z: Floats = (weights @ rate - mean * many) / (
        spread * np.sqrt((count * many - many**2) / (count - 1)).clip(1e-12)
    )
    from scipy.special import ndtr
    from scipy.stats import false_discovery_control

    adjusted: Floats = false_discovery_control(ndtr(-z))
    return Clusters(z, adjusted, adjusted < DISCOVERIES)


def adjacency(streets: Streets) -> csr_array:
    """Return 1 where two streets meet, and on the diagonal."""
    from scipy.sparse import coo_array, csr_array, eye_array

    count = len(streets)
    row = np.tile(np.arange(count), 2)
    node = np.concatenate([streets.from_node, streets.to_node])
    at = coo_array((np.ones(2 * count), (row, node)), shape=(count, streets.nodes)).tocsr()
    meets = csr_array(at @ at.T + eye_array(count, format="csr"))
    meets.data[:] = 1.0
    return meets
