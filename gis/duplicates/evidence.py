"""What two reports are compared by: how far each position may err, their words, their photos."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import pairwise

RADIUS_68 = 1.515
"""The radius that holds 68% of fixes over the standard deviation on each axis (Rayleigh)."""

DEFAULT_ACCURACY_M = 10.0
MARKED_M = {"pin": 4.0, "plate": 8.0, "exif": 12.0}
"""Standard deviation of positions that state no accuracy; a plate marks a door, and its report is about what is near it."""

SIGMA_M = (1.5, 60.0)
HASH_BITS = 64


def sigma_m(accuracy_m: float | None, source: str) -> float:
    """Return the standard deviation of a position on each axis, metres.

    Parameters
    ----------
    accuracy_m
        The stated 68% radius, if any.
    source
        A ``PositionSource``.
    """
    lowest, highest = SIGMA_M
    if accuracy_m is None:
        return MARKED_M.get(source, DEFAULT_ACCURACY_M / RADIUS_68)
    return min(highest, max(lowest, accuracy_m / RADIUS_68))


def text_similarity(one: str, other: str) -> float | None:
    """Return how much of their pairs of neighbouring characters two texts share, from 0 to 1.

    Parameters
    ----------
    one, other
        As typed; spaces, punctuation and case don't count.

    Returns
    -------
    float or None
        Jaccard's index; None where either says too little to compare.
    """
    first, second = _bigrams(one), _bigrams(other)
    if not first or not second:
        return None
    return len(first & second) / len(first | second)


def hamming(one: str, other: str) -> int | None:
    """Return in how many of 64 bits two perceptual hashes differ.

    Parameters
    ----------
    one, other
        16 hexadecimal digits each.

    Returns
    -------
    int or None
        None where either is no such hash.
    """
    try:
        return (int(one, 16) ^ int(other, 16)).bit_count()
    except ValueError:
        return None


@lru_cache(maxsize=4096)  # a new report is compared with the same words again and again
def _bigrams(text: str) -> frozenset[str]:
    kept = [c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum()]
    return frozenset(a + b for a, b in pairwise(kept))
