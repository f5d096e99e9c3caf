"""Travel times over the street network, with its gates and walls. `gis.streets.modes` says who passes where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from gis.streets.arrays import Attached, Floats
from gis.streets.attach import Attacher
from gis.streets.extract import Integers
from gis.streets.modes import WALK_M_S, NetworkArrays, Roads, build_modes
from gis.streets.raster import raster_of
from gis.streets.route import line_of
from gis.streets.search import Arrival, Found, Searcher
from gis.words import Mode

AMONG = 3.0
"""The nearest by travel time are first looked for in a circle that holds about so many times as many people as wanted."""
LEAST_RADIUS_M = 100.0
REMEMBERED = 2048
"""So many places that are travelled to are remembered."""
Start = tuple[list[int], list[float], list[float]]
"""Where one place meets the network: the columns of ``Attached``, by layer."""


class StreetNetwork:
    """The streets of one community, for travel times and routes.

    A question changes nothing but what is remembered of it, so that threads may share a network.

    Parameters
    ----------
    arrays
        Segments, gates and walls, in metres.
    """

    def __init__(self, arrays: NetworkArrays) -> None:
        self.roads = Roads.of(arrays)
        self.modes = build_modes(arrays, self.roads)
        streets, walls = raster_of(arrays.lines), raster_of(arrays.walls)
        joined = {
            id(layer): layer.joined(self.roads) for graph in self.modes.values() for layer in graph.layers
        }
        self.attachers = {
            mode: Attacher(
                streets, walls, np.stack([joined[id(layer)] for layer in graph.layers]), self.roads.length_m
            )
            for mode, graph in self.modes.items()
        }
        self.searchers = {mode: Searcher(graph) for mode, graph in self.modes.items()}
        self._arrivals: dict[tuple[Mode, float, float], Arrival] = {}
        ends = shapely.get_coordinates(arrays.lines)
        self._area_m2 = float(np.prod(np.ptp(ends, axis=0))) if len(ends) else 0.0
        self.warm_up()

    def travel(self, mode: Mode, from_xy: Floats, to_xy: Floats) -> tuple[Floats, Floats]:
        """Return how long and how far it is from each of many places to one.

        Parameters
        ----------
        mode
            How they travel.
        from_xy
            Where they are, metres, shape (n, 2).
        to_xy
            Where they are wanted, metres, shape (2,).

        Returns
        -------
        seconds, metres
            Along the fastest way, including the stretches between places and streets, on foot; inf where there is none.
        """
        here = _places(from_xy)
        attached = self.attachers[mode].attach(np.concatenate([here, _places(to_xy)]))
        starts, case = attached.rows(0, len(here)), attached.rows(len(here), len(here) + 1)
        return self.searchers[mode].to_one(starts, case)

    def travel_from(self, mode: Mode, starts: Sequence[Start], to_xy: Floats) -> tuple[Floats, Floats]:
        """Return how long and how far it is from places that were attached before: as ``travel``, at half its cost.

        Parameters
        ----------
        mode, to_xy
            As for ``travel``.
        starts
            From ``start``, for the same mode.
        """
        segment, along_m, stretch_m = zip(*starts, strict=True)
        here = Attached(np.array(segment), np.array(along_m), np.array(stretch_m))
        return self.searchers[mode].to_arrival(here, self._arrival(mode, to_xy))

    def _arrival(self, mode: Mode, to_xy: Floats) -> Arrival:
        """Return how a place is reached; doors are asked for again and again."""
        key = (mode, *to_xy.tolist())
        found = self._arrivals.get(key)
        if found is None:
            if len(self._arrivals) >= REMEMBERED:
                self._arrivals.clear()
            found = self.searchers[mode].arrival(self.attachers[mode].attach(_places(to_xy)))
            self._arrivals[key] = found
        return found

    def start(self, mode: Mode, x: float, y: float) -> Start:
        """Return where a place meets the network, to be kept and handed to ``travel_from``.

        Parameters
        ----------
        mode
            How they travel.
        x, y
            Metres.
        """
        segment, along_m, stretch_m = self.attachers[mode].attach(np.array([[x, y]]))
        return segment[0].tolist(), along_m[0].tolist(), stretch_m[0].tolist()

    def travel_many(
        self, mode: Mode, from_xy: Floats, to_xy: Floats, *, limit_s: float = np.inf
    ) -> tuple[Floats, Floats]:
        """Return how long and how far it is from each of many places to each of several.

        Parameters
        ----------
        mode
            How they travel.
        from_xy
            Where they are, metres, shape (n, 2).
        to_xy
            Where they are wanted, metres, shape (m, 2).
        limit_s
            Longer ways don't count.

        Returns
        -------
        seconds, metres
            Shape (m, n): a row for each place where they are wanted; inf where there is no way within the limit.
        """
        attacher = self.attachers[mode]
        here, cases = attacher.attach(_places(from_xy)), attacher.attach(_places(to_xy))
        return self.searchers[mode].all_to(here, cases, limit_s)

    def nearest_many(
        self, mode: Mode, from_xy: Floats, to_xy: Floats, wanted: int, *, limit_s: float = np.inf
    ) -> Found:
        """Return for each of several places those of many from which it is reached first.

        Parameters
        ----------
        mode
            How they travel.
        from_xy
            Where they are, metres, shape (n, 2).
        to_xy
            Where they are wanted, metres, shape (m, 2).
        wanted
            How many of them for each.
        limit_s
            Longer ways don't count.
        """
        attacher = self.attachers[mode]
        here, cases = attacher.attach(_places(from_xy)), attacher.attach(_places(to_xy))
        return self.searchers[mode].nearest(here, cases, wanted, limit_s)

    def nearest(
        self, mode: Mode, from_xy: Floats, to_xy: Floats, wanted: int, *, limit_s: float = np.inf
    ) -> Found:
        """Return those of many places from which one is reached first, in the order of their time: one row.

        Nobody is left out for the straight line: it only says whom to look at first. Nobody travels faster than it at the
        speed of the mode, so that whoever is farther off than the last one found takes no less time.

        Parameters
        ----------
        mode
            How they travel.
        from_xy
            Where they are, metres, shape (n, 2).
        to_xy
            Where they are wanted, metres, shape (2,).
        wanted
            How many of them.
        limit_s
            Longer ways don't count.
        """
        here, there = _places(from_xy), _places(to_xy)
        attacher, searcher = self.attachers[mode], self.searchers[mode]
        case, fastest_m_s = attacher.attach(there), self.modes[mode].fastest_m_s
        wanted = min(wanted, len(here))
        radius_m = self._first_radius_m(wanted / max(len(here), 1))
        while True:
            rows = _in_circle(here, there, radius_m)
            everybody = len(rows) == len(here) or radius_m > limit_s * fastest_m_s
            last_s = np.inf
            if everybody or len(rows) >= wanted:
                bound_s = limit_s if everybody else min(2.0 * radius_m / WALK_M_S, limit_s)
                found = searcher.nearest(attacher.attach(here[rows]), case, wanted, bound_s)
                last_s = float(found.seconds[0].max(initial=0.0))
            if everybody or last_s * fastest_m_s <= radius_m:
                return Found(np.append(rows, -1)[found.person], found.seconds, found.metres)
            radius_m = last_s * fastest_m_s if last_s < np.inf else 2.0 * radius_m

    def route(self, mode: Mode, from_xy: Floats, to_xy: Floats) -> Floats:
        """Return the line of the fastest way between two places, metres, shape (k, 2); empty where there is none."""
        both = np.concatenate([_places(from_xy), _places(to_xy)])
        attached = self.attachers[mode].attach(both)
        here, case = attached.rows(0, 1), attached.rows(1, 2)
        traced = self.searchers[mode].trace(here, case)
        if traced is None:
            return np.empty((0, 2))
        parts = line_of(self.roads, self.modes[mode], traced, here, case)
        line = np.concatenate([both[:1], *parts, both[1:]])
        steps = np.hypot(*np.diff(line, axis=0).T)
        return np.asarray(line[np.append(True, steps > 1e-3)])  # noqa: PLR2004

    def _first_radius_m(self, share: float) -> float:
        """Return the radius of a circle that holds some share of people scattered over the network, times `AMONG`."""
        return max(float(np.sqrt(AMONG * share * self._area_m2 / np.pi)), LEAST_RADIUS_M)

    def warm_up(self) -> None:
        """Load or compile everything now, so that no request waits for it."""
        if len(self.roads.lines):
            somewhere = np.asarray(shapely.get_coordinates(self.roads.lines[0])[:1])
            self.travel(Mode.WALK, somewhere, somewhere)
            self.nearest(Mode.WALK, somewhere, somewhere, 1)


def _places(xy: Floats) -> Floats:
    return np.ascontiguousarray(xy, dtype=np.float64).reshape(-1, 2)


def _in_circle(xy: Floats, middle: Floats, radius_m: float) -> Integers:
    from gis.streets.search_kernel import in_circle

    rows = np.empty(len(xy), dtype=np.int64)
    return rows[: in_circle(xy, middle[0, 0], middle[0, 1], radius_m, rows)]
