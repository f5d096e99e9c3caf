"""Rankings of streets to be compared: ours, and what others use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from gis.hotspots.arrays import Floats
from gis.hotspots.distinct import distinct
from gis.hotspots.evaluation import SHARES, curve, hindsight
from gis.hotspots.kernels import along_streets, over_plane
from gis.hotspots.learning import History, counted, learn
from gis.hotspots.lixels import Lixels, cut
from gis.hotspots.rates import BANDWIDTHS_M, Neighbourhood, neighbourhoods
from gis.hotspots.streets import Streets, attach, summed

NAMES = ("raw count", "planar KDE", "network KDE", "ours")
NETWORK_KDE_M = 40.0


@dataclass(frozen=True)
class Prepared:
    """Streets with everything that is made of them once."""

    streets: Streets
    lixels: Lixels
    distances: csr_array
    around: list[Neighbourhood]


@dataclass
class Score:
    """Hits of each ranking at each share of street length, over all the periods that were foretold."""

    hits: dict[tuple[str, float], float] = field(default_factory=dict)
    best: dict[float, float] = field(default_factory=dict)
    total: float = 0.0

    def rate(self, name: str, share: float) -> float:
        """Return the share of later things that a ranking covered."""
        return self.hits.get((name, share), 0.0) / max(self.total, 1e-9)


def prepare(streets: Streets) -> Prepared:
    """Cut streets and find what is near what."""
    lixels = cut(streets)
    return Prepared(streets, lixels, lixels.near(max(BANDWIDTHS_M)), neighbourhoods(lixels))


def foretell(  # noqa: PLR0917 - three columns and what they are compared with
    ready: Prepared, x: Floats, y: Floats, day: Floats, later: Floats, score: Score
) -> None:
    """Rank streets by reports and add to the score what each ranking covers of what came later.

    Parameters
    ----------
    ready
        The streets.
    x, y, day
        Reports so far.
    later
        Things that happened afterwards, on each street.
    score
        Is added to.
    """
    if not later.sum():
        return
    length_m = ready.streets.length_m
    best = hindsight(length_m, later)
    score.total += float(later.sum())
    for share in SHARES:
        score.best[share] = score.best.get(share, 0.0) + best.at(share) * float(later.sum())
    for name, ranking in zip(NAMES, (_raw, _planar, _network, _ours), strict=True):
        covered = curve(ranking(ready, x, y, day), length_m, later)
        for share in SHARES:
            score.hits[name, share] = score.hits.get((name, share), 0.0) + covered.at(share) * float(
                later.sum()
            )


def table(score: Score) -> list[str]:
    """Return the lines that are printed: hit rate, PAI and PEI* of each ranking."""
    lines = [f"{'':12}" + "".join(f"{share:>8.0%}" for share in SHARES) + f"{'PAI 10%':>9}{'PEI* 10%':>9}"]
    for name in NAMES:
        rates = [score.rate(name, share) for share in SHARES]
        tenth = score.rate(name, 0.10)
        reached = tenth * score.total / max(score.best.get(0.10, 0.0), 1e-9)
        lines.append(
            f"{name:12}" + "".join(f"{rate:8.3f}" for rate in rates) + f"{tenth / 0.10:9.2f}{reached:9.2f}"
        )
    return lines


def _raw(ready: Prepared, x: Floats, y: Floats, day: Floats) -> Floats:
    _ = day
    found = attach(ready.streets, x, y)
    return summed(found.street, found.share, len(ready.streets))


def _planar(ready: Prepared, x: Floats, y: Floats, day: Floats) -> Floats:
    _ = day
    return _mean(ready, over_plane(ready.lixels, x, y))


def _network(ready: Prepared, x: Floats, y: Floats, day: Floats) -> Floats:
    _ = day
    counts, _alone = counted(ready.lixels, attach(ready.streets, x, y), np.ones(len(x)))
    return _mean(ready, along_streets(ready.distances, ready.lixels, counts, NETWORK_KDE_M))


def _ours(ready: Prepared, x: Floats, y: Floats, day: Floats) -> Floats:
    return learn(ready.lixels, ready.around, history(ready.streets, x, y, day))[0].mean


def history(streets: Streets, x: Floats, y: Floats, day: Floats) -> History:
    """Return the distinct things behind reports of one category."""
    first = distinct(x, y, day, np.zeros(len(x), dtype=np.int64))
    return History(attach(streets, x[first.row], y[first.row]), day[first.row], first.reports)


def _mean(ready: Prepared, value: Floats) -> Floats:
    """Return the mean of the pieces of each street."""
    lixels = ready.lixels
    length_m = np.maximum(ready.streets.length_m, 1e-9)
    return summed(lixels.street, value * lixels.length_m, len(ready.streets)) / length_m


Ranking = Callable[[Prepared, Floats, Floats, Floats], Floats]
