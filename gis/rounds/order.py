"""In which order the stops of a round are visited, so that it is short.

The heuristic: always the nearest stop first; then stretches of up to three stops are moved, or longer ones turned around, as
long as that shortens the round; then it is shaken a little (two neighbouring stretches are exchanged) and settled again, some
hundred times, and the shortest is kept. The same question has the same answer. See docs/decisions/0038 for what it costs
beside the best rounds known.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from gis.rounds.arrays import Floats

MOST_STOPS = 400
SHAKES = 300
FEWEST_SHAKES = 60
MANY = 100
"""From so many stops on it is shaken less often, so that a round of any size is answered in about a second."""
SEED = 20250101


@dataclass(frozen=True, slots=True)
class Round:
    """A round.

    Parameters
    ----------
    order
        Rows of the matrix in the order of the visits, without start and end.
    travel_s
        All the ways together, from the start to the end (or the last stop).
    arrive_s
        When each stop is reached, from the beginning on.
    unreachable
        Rows that there is no way to, or none back from: they are not in the order.
    """

    order: tuple[int, ...]
    travel_s: float
    arrive_s: tuple[float, ...]
    unreachable: tuple[int, ...] = ()


def order_round(
    seconds: Floats, start: int, end: int | None = None, service_s: float = 0.0, *, shakes: int | None = None
) -> Round:
    """Return a short round over all places of a matrix.

    Parameters
    ----------
    seconds
        How long it takes from each place (row) to each (column); inf where there is no way. Need not be symmetric.
    start
        The row where it begins.
    end
        The row where it ends; the start again for a round trip; None: at the last stop, wherever that is.
    service_s
        How long is stayed at each stop.
    shakes
        How often it is shaken, for measurements; by default by the number of stops.

    Raises
    ------
    ValueError
        The matrix isn't square, holds negative times or none, has more than ``MOST_STOPS`` rows, or no such row.
    """
    found = np.ascontiguousarray(seconds, dtype=np.float64)
    count = _checked(found, start, end)
    stops = [row for row in range(count) if row not in (start, end)]
    lost = [row for row in stops if not _is_reached(found, row, start, end)]
    kept = [row for row in stops if row not in set(lost)]
    ways = np.where(np.isfinite(found), found, _far(found))
    np.fill_diagonal(ways, 0.0)
    order = _ordered(ways, start, end, kept, shakes)
    return _round(found, order, service_s, ended=end is not None, lost=lost)


def _checked(seconds: Floats, start: int, end: int | None) -> int:
    count = len(seconds)
    if seconds.shape != (count, count) or not 0 < count <= MOST_STOPS:
        raise ValueError("no square matrix, or too large")
    if np.isnan(seconds).any() or (seconds < 0).any():
        raise ValueError("times are not negative")
    if not 0 <= start < count or not (end is None or 0 <= end < count):
        raise ValueError("no such row")
    return count


def _is_reached(seconds: Floats, row: int, start: int, end: int | None) -> bool:
    return bool(np.isfinite(seconds[start, row]) and (end is None or np.isfinite(seconds[row, end])))


def _far(seconds: Floats) -> float:
    """Return a time that no round accepts unless there is no other way."""
    finite = seconds[np.isfinite(seconds)]
    return 1000.0 * (1.0 + float(finite.max(initial=0.0))) * len(seconds)


def _ordered(ways: Floats, start: int, end: int | None, stops: list[int], shakes: int | None) -> list[int]:
    """Return the rows from the start to the end as they are visited."""
    from gis.rounds.kernel import improve

    row = np.array([start, *stops, *([] if end is None else [end])], dtype=np.int64)
    often = shakes if shakes is not None else max(FEWEST_SHAKES, SHAKES * MANY // max(MANY, len(stops)))
    improve(ways, row, row.copy(), len(stops), often, SEED)
    return [int(one) for one in row]


def _round(seconds: Floats, row: list[int], service_s: float, *, ended: bool, lost: list[int]) -> Round:
    legs = [float(seconds[here, there]) for here, there in itertools.pairwise(row)]
    arrive, now = [], 0.0
    for number, leg in enumerate(legs[: len(legs) - 1] if ended else legs):
        now += leg + (service_s if number else 0.0)
        arrive.append(now)
    stops = row[1:-1] if ended else row[1:]
    return Round(tuple(stops), sum(legs), tuple(arrive), tuple(lost))
