"""How many cases a metre of street has: what was counted, drawn towards what the neighbourhood has.

Gamma-Poisson empirical Bayes (Clayton and Kaldor 1987, doi:10.2307/2532003): a street's rate is a draw from a gamma
distribution around the rate of the streets near it, so that a short street with two cases doesn't beat a long one
with forty. How far to trust the neighbourhood, how wide it is, and how much streets differ are fitted to the counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.hotspots.arrays import Flags, Floats
from gis.hotspots.lixels import Lixels
from gis.hotspots.streets import summed

if TYPE_CHECKING:
    from scipy.sparse import csr_array

BANDWIDTHS_M = (40.0, 70.0, 110.0)
TRUSTS = (0.0, 0.3, 0.6, 0.8, 0.95)
BORROWED_CASES = 20.0
"""A kind of street with so many cases is half believed to differ from the others."""
BORROWED_M = 60.0
"""A neighbourhood of so many metres is worth as much as the whole community's mean."""
INTERVAL = 0.9
ENOUGH = 5.0
"""Less evidence than of so many cases leaves the interval wider than one and a half times the rate."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What surrounds each street: rows are streets, columns pieces of other streets, values kernel weights."""

    bandwidth_m: float
    weights: csr_array


@dataclass(frozen=True, slots=True)
class Fit:
    """What the counts say of the community as a whole.

    Parameters
    ----------
    mean
        Cases a metre over the period.
    shape
        How alike streets are: large where all have about the rate of their neighbourhood.
    bandwidth_m, trust
        How wide the neighbourhood is, and its part in what is expected of a street; trust 0: none.
    """

    mean: float
    shape: float
    bandwidth_m: float
    trust: float


@dataclass(frozen=True, slots=True)
class Rates:
    """Cases a metre over the period for each street, with the 90% interval."""

    expected: Floats
    """By the neighbourhood alone."""
    mean: Floats
    low: Floats
    high: Floats
    enough: Flags
    fit: Fit


def neighbourhoods(lixels: Lixels, bandwidths_m: Sequence[float] = BANDWIDTHS_M) -> list[Neighbourhood]:
    """Return the surroundings of each street for several widths; to be kept for as long as the streets are.

    Parameters
    ----------
    lixels
        The streets in pieces.
    bandwidths_m
        The Epanechnikov kernel's reach along the streets.
    """
    from scipy.sparse import csr_array

    distances = lixels.near(max(bandwidths_m)).tocoo()
    row, column = distances.coords
    foreign = lixels.street[row] != lixels.street[column]
    row, column, metres = row[foreign], column[foreign], distances.data[foreign]
    found = []
    for bandwidth_m in bandwidths_m:
        inside = metres < bandwidth_m
        value = 1.0 - (metres[inside] / bandwidth_m) ** 2
        shape = (len(lixels.streets), len(lixels))
        found.append(
            Neighbourhood(
                bandwidth_m, csr_array((value, (lixels.street[row[inside]], column[inside])), shape=shape)
            )
        )
    return found


def estimate(lixels: Lixels, around: Sequence[Neighbourhood], counts: Floats, alone: Floats) -> Rates:
    """Return the rate of each street.

    Parameters
    ----------
    lixels, around
        The streets, and ``neighbourhoods`` of them.
    counts
        Cases on each piece; shares of cases are counted as such.
    alone
        The same without the cases that streets share at a corner: a street's own cases must not come back to it as
        its neighbourhood's.
    """
    from scipy.special import gammaincinv

    length_m = lixels.streets.length_m
    cases = summed(lixels.street, counts, len(length_m))
    total_m = float(length_m.sum())
    overall = float(cases.sum()) / total_m if total_m else 0.0
    if not overall:
        nothing = np.zeros(len(length_m))
        return Rates(
            nothing, nothing, nothing, nothing, nothing.astype(bool), Fit(0.0, 1.0, BANDWIDTHS_M[0], 0.0)
        )
    usual = float(alone.sum()) / total_m or overall
    base = _by_kind(lixels, cases, overall)
    local = {
        each.bandwidth_m: base * _local(each, lixels, alone, usual * base[lixels.street]) for each in around
    }
    fit = _fit(cases, length_m, overall, base, local)
    expected = overall * _expected(fit.trust, base, local[fit.bandwidth_m])
    shape, rate = fit.shape + cases, fit.shape / expected + length_m
    tail = (1.0 - INTERVAL) / 2.0
    low: Floats = gammaincinv(shape, tail) / rate
    high: Floats = gammaincinv(shape, 1.0 - tail) / rate
    return Rates(expected, shape / rate, low, high, shape >= ENOUGH, fit)


def _by_kind(lixels: Lixels, cases: Floats, overall: float) -> Floats:
    """Return for each street the rate of its kind as a multiple of the overall one."""
    streets = lixels.streets
    if not len(streets.kind):
        return np.ones(len(streets))
    kinds = int(streets.kind.max()) + 1
    found = summed(streets.kind, cases, kinds)
    usual = summed(streets.kind, overall * streets.length_m, kinds)
    factor: Floats = (found + BORROWED_CASES) / (usual + BORROWED_CASES)
    return factor[streets.kind]


def _local(around: Neighbourhood, lixels: Lixels, counts: Floats, usual: Floats) -> Floats:
    """Return what happened around each street, itself left out, as a multiple of what is usual there."""
    pieces = np.maximum(lixels.count, 1)  # weights were added up over the pieces of the street
    cases = around.weights @ counts / pieces
    expected = around.weights @ (usual * lixels.length_m) / pieces
    borrowed = BORROWED_M * float(usual.mean())
    relative: Floats = (cases + borrowed) / (expected + borrowed)
    return relative


def _expected(trust: float, base: Floats, local: Floats) -> Floats:
    return (1.0 - trust) * base + trust * local


def _fit(cases: Floats, length_m: Floats, overall: float, base: Floats, local: Mapping[float, Floats]) -> Fit:
    """Return the parameters under which the counts are most probable (negative binomial, by maximum likelihood)."""
    from scipy.optimize import minimize_scalar

    best, least = Fit(overall, 1.0, next(iter(local), 0.0), 0.0), np.inf
    for bandwidth_m, relative in local.items():
        for trust in TRUSTS if bandwidth_m == next(iter(local)) else TRUSTS[1:]:
            mean = overall * length_m * _expected(trust, base, relative)
            found = minimize_scalar(
                _loss, bounds=(-4.0, 5.0), args=(cases, mean), method="bounded", options={"xatol": 0.02}
            )
            if found.fun < least:
                best, least = Fit(overall, float(np.exp(found.x)), bandwidth_m, trust), float(found.fun)
    return best


def _loss(log_shape: float, cases: Floats, mean: Floats) -> float:
    """Return the negative log-likelihood of counts, up to a constant."""
    from scipy.special import gammaln

    shape = np.exp(log_shape)
    some = mean > 0.0
    n, m = cases[some], mean[some]
    terms = (
        gammaln(n + shape)
        - gammaln(shape)
        + shape * np.log(shape / (shape + m))
        + n * np.log(m / (shape + m))
    )
    return -float(terms.sum())
