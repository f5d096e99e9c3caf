"""The probability that two reports are about the same thing: a logistic function of distance, time, category, photos, words.

Distances count in standard deviations: both positions may err, and a thing has an extent. The coefficients were fitted by
``scripts/bench_duplicates.py --fit`` on reports of drawn hazards, whose errors are not those assumed here (errors shared
along a street, outliers, accuracies that are stated wrongly), and judged on others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

AUTOMATIC, ASK = 0.8, 0.3
"""From here on a report is linked by itself; from here on it is asked about."""

BLOCK_SIGMA, BLOCK_M = 3.0, 50.0
"""Pairs farther apart than both of these are not compared: they score 0."""

FAR_SIGMA, LONG_H, UNLIKE_BITS = 6.0, 240.0, 20.0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of reports, one row each.

    Parameters
    ----------
    distance_m
        Between the two positions.
    sigma_m
        Of that distance: both positions' errors and the thing's extent, root of the sum of squares.
    hours
        Between the two.
    related
        1 where the categories are only related, 0 where they are the same.
    hamming
        Bits in which the most alike of their photos differ; NaN where either has none.
    text
        Similarity of their words, 0 to 1; NaN where either has none.
    """

    distance_m: Floats
    sigma_m: Floats
    hours: Floats
    related: Floats
    hamming: Floats
    text: Floats


NAMES = ("base", "z", "z_squared", "log_sigma", "log_hours", "related", "photo", "words_known", "words")
COEFFICIENTS: Floats = np.array([3.78, -1.51, 0.0, -1.94, -0.65, -1.78, 6.06, -0.36, 1.7])
"""In the order of ``NAMES``, of eight drawn histories (seeds 1-8); a wrong link weighs as much as four missed ones."""


def features(pairs: Pairs) -> Floats:
    """Return what the coefficients are applied to, one row a pair.

    Parameters
    ----------
    pairs
        What is compared.
    """
    z = np.minimum(np.abs(pairs.distance_m) / pairs.sigma_m, FAR_SIGMA)
    known = np.isfinite(pairs.text)
    alike = np.where(np.isfinite(pairs.hamming), 1.0 - pairs.hamming / UNLIKE_BITS, 0.0)
    return np.column_stack(
        [
            np.ones_like(z),
            z,
            z**2,
            np.log(pairs.sigma_m / 10.0),
            np.log1p(np.minimum(np.abs(pairs.hours), LONG_H)),
            pairs.related,
            np.maximum(alike, 0.0),
            known.astype(np.float64),
            np.where(known, pairs.text, 0.0),
        ]
    )


def score(pairs: Pairs) -> Floats:
    """Return for every pair the probability that it is about one thing.

    Parameters
    ----------
    pairs
        What is compared. Swapping the two of a pair changes nothing, and farther apart is never more probable.
    """
    linear = features(pairs) @ COEFFICIENTS
    apart = np.abs(pairs.distance_m) > np.maximum(BLOCK_SIGMA * pairs.sigma_m, BLOCK_M)
    found = 1.0 / (1.0 + np.exp(-np.clip(linear, -40.0, 40.0)))
    return np.where(apart, 0.0, found)
