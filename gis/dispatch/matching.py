"""Who goes to which case when several wait: all of them solved together, on the few candidates that each has.

Pure: costs in, pairs out. The rules:

1. Urgent cases are solved first, by themselves; the others share who is left. An urgent case never waits a second longer
   for the sake of one that isn't.
2. Among each of the two, as many cases as possible are served; among the ways to do so, the one that costs least in sum.
3. Nobody gets more cases than they have room for, and each further one costs something more.
4. Of answers that cost the same, earlier cases are served, and get earlier responders: callers put the case that waits
   longest first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TIE_S = 1e-6
"""What a worse order of equals costs at the most, for each case: far below what travel times can tell apart."""


class _Pairs(NamedTuple):
    """Candidates: who could go to which case, at which cost."""

    case: Integers
    responder: Integers
    cost_s: Floats

    def where(self, which: Flags) -> _Pairs:
        return _Pairs(self.case[which], self.responder[which], self.cost_s[which])


def match(
    case: npt.ArrayLike,
    responder: npt.ArrayLike,
    cost_s: npt.ArrayLike,
    *,
    capacity: npt.ArrayLike,
    urgent: npt.ArrayLike,
    another_s: float = 0.0,
) -> Integers:
    """Return who goes to which case, rows of (case, responder) in the order of the cases; who isn't in it waits.

    Parameters
    ----------
    case, responder, cost_s
        Candidates in parallel: row of a case, row of a responder, and what it costs, in seconds: travel time with the
        penalties of the ranking. Infinite costs are no candidates.
    capacity
        How many more cases each responder may get.
    urgent
        For each case, whether it is.
    another_s
        Added for each further case that a responder gets at once: the penalty for a live task.
    """
    room = np.array(capacity, dtype=np.int64)
    first = np.asarray(urgent, dtype=np.bool_)
    pairs = _Pairs(
        np.asarray(case, dtype=np.int64),
        np.asarray(responder, dtype=np.int64),
        np.asarray(cost_s, dtype=np.float64),
    )
    given = np.zeros(len(room), dtype=np.int64)
    parts = []
    for turn in (first, ~first):
        usable = (
            turn[pairs.case] & np.isfinite(pairs.cost_s) & (room[pairs.responder] > given[pairs.responder])
        )
        chosen = _solve(pairs.where(usable), room, given, another_s)
        np.add.at(given, chosen[:, 1], 1)
        parts.append(chosen)
    both = np.concatenate(parts)
    return both[np.argsort(both[:, 0], kind="stable")]


def _solve(pairs: _Pairs, room: Integers, given: Integers, another_s: float) -> Integers:
    """Return the pairs of one turn: every case has a last resort of its own, nobody, that costs more than all else."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    if len(pairs.case) == 0:
        return np.empty((0, 2), dtype=np.int64)
    cases, row = np.unique(pairs.case, return_inverse=True)
    people, who = np.unique(pairs.responder, return_inverse=True)
    seats = np.minimum(room[people] - given[people], np.bincount(who))
    seat_of = np.cumsum(seats) - seats
    times = seats[who]
    edge = np.arange(len(row)).repeat(times)
    nth = np.arange(len(edge)) - (np.cumsum(times) - times)[edge]
    behind = TIE_S * (len(cases) - np.arange(len(cases))) / len(cases)
    tie_s = behind[row] * who / len(people)
    costs = (pairs.cost_s + tie_s)[edge] + another_s * (given[people][who[edge]] + nth)
    costs += 1.0 - costs.min()  # none may be 0, which would be no edge
    nobody = len(cases) * float(costs.max()) + 1.0
    count, last = len(cases), int(seats.sum())
    rows = np.concatenate([row[edge], np.arange(count)])
    columns = np.concatenate([seat_of[who[edge]] + nth, last + np.arange(count)])
    weights = np.concatenate([costs, nobody + behind])
    order = np.lexsort((weights, columns, rows))  # of a pair named twice the cheaper is kept
    rows, columns, weights = rows[order], columns[order], weights[order]
    kept = np.append(True, (np.diff(rows) != 0) | (np.diff(columns) != 0))
    graph = csr_array((weights[kept], (rows[kept], columns[kept])), shape=(count, last + count))
    matched, seat = min_weight_full_bipartite_matching(graph)
    served = seat < last
    owner = people.repeat(seats)
    return np.column_stack([cases[matched[served]], owner[seat[served]]])
