"""How well a ranking of streets foretells where the next cases happen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.hotspots.arrays import Floats

SHARES = (0.01, 0.05, 0.10, 0.20)


@dataclass(frozen=True, slots=True)
class Curve:
    """The best streets first: metres and later cases covered by the first, the first two, and so on.

    Both begin with 0 and end with everything, as shares of the whole.
    """

    length: Floats
    hits: Floats

    def at(self, share: float) -> float:
        """Return the share of later cases on so much of the street length; the last street counts in part."""
        return float(np.interp(share, self.length, self.hits))


def curve(score: Floats, length_m: Floats, later: Floats) -> Curve:
    """Return what a ranking covers.

    Parameters
    ----------
    score
        Of each street; equal ones in the order of their rows.
    length_m
        Their lengths.
    later
        Cases that happened afterwards.
    """
    order = np.argsort(-score, kind="stable")
    length, hits = np.cumsum(length_m[order]), np.cumsum(later[order])
    whole, all_hits = max(float(length[-1]), 1e-9), max(float(hits[-1]), 1e-9)
    return Curve(np.concatenate([[0.0], length / whole]), np.concatenate([[0.0], hits / all_hits]))


def accuracy_index(found: Curve, share: float) -> float:
    """Return the PAI: how many times as many cases as on as much street chosen blindly (Chainey 2008)."""
    return found.at(share) / share


def efficiency_index(found: Curve, best: Curve, share: float) -> float:
    """Return the PEI*: the part reached of what could have been reached, knowing the future (Hunt 2016)."""
    return found.at(share) / max(best.at(share), 1e-9)


def hindsight(length_m: Floats, later: Floats) -> Curve:
    """Return the best possible curve."""
    return curve(np.divide(later, length_m, out=np.zeros(len(later)), where=length_m > 0.0), length_m, later)
