"""Comparing shares of cells of different size: drawn towards the whole by how little is known, and judged by a funnel.

A micro-grid with three cases that were all late is not the worst of the community: it says little. Its share is drawn
towards that of all cells together by a beta prior whose strength is fitted to how much the cells really differ; and a
cell stands out only where its own share lies outside the limits that chance alone would keep it in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

FEWEST = 5
"""Below this a share isn't shown as a judgement at all."""
LIMIT_Z = 3.0
"""Limits of the funnel: three in a thousand lie outside by chance."""
WEAKEST, STRONGEST = 2.0, 200.0


@dataclass(frozen=True, slots=True)
class Share:
    """A cell's share, how it compares with the whole, and whether there is enough to say so."""

    value: float | None
    """As counted; None where nothing was."""
    fair: float | None
    """Drawn towards the whole."""
    low: float | None
    """Within these limits it would lie by chance."""
    high: float | None
    verdict: str
    """``few``, ``usual``, ``above`` or ``below``."""


def compared(counts: Sequence[tuple[int, int]]) -> list[Share]:
    """Return the shares of cells, in order.

    Parameters
    ----------
    counts
        Numerator and denominator of each.
    """
    hits, total = sum(k for k, _ in counts), sum(n for _, n in counts)
    if total <= 0:
        return [Share(None, None, None, None, "few") for _ in counts]
    mean = hits / total
    strength = _strength(counts, mean)
    return [_share(k, n, mean, strength) for k, n in counts]


def _share(hits: int, n: int, mean: float, strength: float) -> Share:
    if n <= 0:
        return Share(None, None, None, None, "few")
    value = hits / n
    fair = (hits + strength * mean) / (n + strength)
    width = LIMIT_Z * sqrt(mean * (1 - mean) / n)
    low, high = max(0.0, mean - width), min(1.0, mean + width)
    if n < FEWEST:
        return Share(value, fair, low, high, "few")
    verdict = "below" if value < low else "above" if value > high else "usual"
    return Share(value, fair, low, high, verdict)


def _strength(counts: Sequence[tuple[int, int]], mean: float) -> float:
    """Return the weight of the prior in cases, by the method of moments over cells with enough of them."""
    known = [(k, n) for k, n in counts if n >= FEWEST]
    chance = mean * (1 - mean)
    if len(known) < 3 or chance <= 0:  # noqa: PLR2004 - of fewer no variance is known
        return STRONGEST
    weight = sum(n for _, n in known)
    spread = sum(n * (k / n - mean) ** 2 for k, n in known) / weight
    by_chance = chance * len(known) / weight
    between = spread - by_chance
    if between <= 0:
        return STRONGEST
    return min(STRONGEST, max(WEAKEST, chance / between - 1))
