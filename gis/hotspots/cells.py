"""Rates of small areas: few households give wild rates, so each is drawn towards what all have together."""

from __future__ import annotations

import numpy as np

from gis.hotspots.arrays import Floats


def smoothed(cases: Floats, exposure: Floats) -> Floats:
    """Return the rate of each area (global empirical Bayes, Marshall 1991, doi:10.2307/2347593).

    Parameters
    ----------
    cases
        Of each area.
    exposure
        What they are related to, for example households times years; areas without any get the rate of all.
    """
    total = float(exposure.sum())
    if not len(cases) or total <= 0.0:
        return np.zeros(len(cases))
    mean = float(cases.sum()) / total
    rate = np.divide(cases, exposure, out=np.full(len(cases), mean), where=exposure > 0.0)
    spread = float((exposure * (rate - mean) ** 2).sum()) / total
    between = max(spread - mean / (total / len(cases)), 0.0)
    chance = np.divide(mean, exposure, out=np.full(len(cases), np.inf), where=exposure > 0.0)
    trust = np.where(np.isfinite(chance), between / np.maximum(between + chance, 1e-300), 0.0)
    found: Floats = trust * rate + (1.0 - trust) * mean
    return found
