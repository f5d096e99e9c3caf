"""How far a run of the tests goes.

``scripts/test`` goes far enough to trust a change in some minutes; with ``WEIWANG_TESTS=whole``, as in CI, whatever is gone
through by turns is gone through whole: every page in every guise, every step of the cascade, three times the examples.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest

Thing = TypeVar("Thing")

WHOLE = os.environ.get("WEIWANG_TESTS") == "whole"
PART = 3
"""Otherwise one in so many."""

only_whole = pytest.mark.skipif(not WHOLE, reason="in the whole form: WEIWANG_TESTS=whole")


def examples(count: int) -> int:
    """Return how many examples of a property are tried."""
    return count if WHOLE else max(5, count // PART)


def steps(first: int, end: int) -> range:
    """Return the steps at which something is cut off: all of them, or every third from one that is told apart by ``first``."""
    return range(1, end) if WHOLE else range(1 + first % PART, end, PART)


def part_of(things: Sequence[Thing]) -> list[Thing]:
    """Return all of some things of a kind, or every third."""
    return [*things] if WHOLE else [*things[::PART]]
