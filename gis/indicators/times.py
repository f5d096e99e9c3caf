"""Durations kept as counts in buckets: eight to an octave from one second on, so a quantile is right to within 5%."""

from __future__ import annotations

from collections.abc import Mapping

PER_OCTAVE = 8
LAST_BUCKET = 200
"""More than a year."""


def bounds_s(bucket: int) -> tuple[float, float]:
    """Return from and until how many seconds a bucket reaches; the first is 1."""
    return 2.0 ** ((bucket - 1) / PER_OCTAVE), 2.0 ** (bucket / PER_OCTAVE)


def quantile_s(counts: Mapping[int, int], share: float) -> float | None:
    """Return the duration that a share of all stay below, seconds; None where nothing was counted.

    Parameters
    ----------
    counts
        How many lie in each bucket.
    share
        0.5 for the median.
    """
    total = sum(counts.values())
    if total <= 0:
        return None
    wanted, below = share * total, 0
    for bucket in sorted(counts):
        here = counts[bucket]
        if here > 0 and below + here >= wanted:
            start, end = bounds_s(bucket)
            return float(start * (end / start) ** min(1.0, max(0.0, (wanted - below) / here)))
        below += here
    return bounds_s(max(counts))[1]
