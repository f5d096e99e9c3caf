"""Streets cut into short pieces (lixels), and how far these are from one another along the streets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gis.hotspots.arrays import Floats, Integers
from gis.hotspots.reaching import reach
from gis.hotspots.streets import Attached, Streets

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LIXEL_M = 15.0


@dataclass(frozen=True)
class Lixels:
    """Pieces of about 15 m (Xie and Yan 2008, doi:10.1016/j.compenvurbsys.2008.05.001).

    Parameters
    ----------
    streets
        What was cut.
    first, count
        The pieces of each street are ``first`` to ``first + count - 1``, from the start of its line.
    """

    streets: Streets
    first: Integers
    count: Integers

    def __len__(self) -> int:
        """Return how many there are."""
        return int(self.count.sum())

    @cached_property
    def length_m(self) -> Floats:
        """Length of each."""
        return np.repeat(self.streets.length_m / self.count, self.count)

    @cached_property
    def street(self) -> Integers:
        """The street that each is a piece of."""
        return np.repeat(np.arange(len(self.streets)), self.count)

    def of(self, attached: Attached) -> Integers:
        """Return the piece of each row of attached cases."""
        street = attached.street
        piece_m = self.streets.length_m[street] / self.count[street]
        number = np.minimum((attached.along_m / piece_m).astype(np.int64), self.count[street] - 1)
        return self.first[street] + number

    def near(self, limit_m: float) -> csr_array:
        """Return the distances along the streets from piece to piece, up to a limit; a piece to itself is 0.

        Parameters
        ----------
        limit_m
            Pieces farther apart are left out.
        """
        from scipy.sparse import csr_array

        start, to, far_m = _steps(self)
        source, target, metres = reach(start, to, far_m, len(self), limit_m)
        return csr_array((metres, (source, target)), shape=(len(self), len(self)))


def cut(streets: Streets, lixel_m: float = LIXEL_M) -> Lixels:
    """Cut streets into pieces of about the same length; each has at least one."""
    count = np.maximum(np.round(streets.length_m / lixel_m), 1).astype(np.int64)
    return Lixels(streets, np.cumsum(count) - count, count)


def _steps(lixels: Lixels) -> tuple[Integers, Integers, Floats]:
    """Return the graph of pieces and crossings: where the steps of each begin, where they lead, and how far."""
    streets, pieces = lixels.streets, len(lixels)
    piece_m = lixels.length_m
    last = lixels.first + lixels.count - 1
    follows = np.flatnonzero(lixels.street[1:] == lixels.street[:-1]) if pieces else np.empty(0, np.int64)
    a = np.concatenate([follows, lixels.first, last])
    b = np.concatenate([follows + 1, pieces + streets.from_node, pieces + streets.to_node])
    far_m = np.concatenate([piece_m[follows], piece_m[lixels.first] / 2.0, piece_m[last] / 2.0])
    a, b, far_m = np.concatenate([a, b]), np.concatenate([b, a]), np.tile(far_m, 2)
    order = np.argsort(a, kind="stable")
    start = np.searchsorted(a[order], np.arange(pieces + streets.nodes + 1)).astype(np.int64)
    return start, b[order].astype(np.int64), far_m[order]
