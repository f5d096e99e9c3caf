"""The questions that a mode's graph answers: arrays for the compiled loops, room for them, and what they wrote."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from gis.streets.arrays import Attached, Floats, Room
from gis.streets.extract import Integers
from gis.streets.modes import ModeGraph
from gis.streets.rooms import Rooms
from gis.streets.trees import Trees

REMEMBERED_BELOW_NODES = 4000
"""In smaller graphs the ways to each corner are remembered."""
LEAST_PEOPLE = 64
"""Room is made for so many."""


@dataclass(frozen=True, slots=True)
class Found:
    """People found for each case, in the order of their time; one row a case.

    Parameters
    ----------
    person
        Rows of the people asked about; -1 where nobody more is in reach.
    seconds, metres
        Of their ways; inf where there is nobody.
    """

    person: Integers
    seconds: Floats
    metres: Floats


@dataclass(frozen=True, slots=True)
class Traced:
    """The fastest way of one person, before another search uses the room.

    Parameters
    ----------
    exit
        The layer of a way straight along one segment as -1 - layer; else the exit taken, 2 layer + end of the segment.
    nodes
        On the way, from the first; none on a straight way.
    """

    exit: int
    nodes: list[int]


@dataclass(frozen=True, slots=True)
class Arrival:
    """How one place is reached: where it meets the network, the nodes next to it, and seconds and metres from those."""

    case: Attached
    nodes: list[int]
    cost: Floats


class Searcher:
    """Searches the graph of one mode.

    Parameters
    ----------
    graph
        The graph.
    """

    def __init__(self, graph: ModeGraph) -> None:
        self._graph = graph
        self.streets = graph.streets
        self.layers = len(graph.layers)
        self.size = graph.size
        self._rooms = Rooms(partial(_room, graph))
        self._trees = Trees(self.streets, self._rooms) if graph.size <= REMEMBERED_BELOW_NODES else None

    def __reduce__(self) -> tuple[type[Searcher], tuple[ModeGraph]]:
        """Be copied without the room to search in and what is remembered."""
        return Searcher, (self._graph,)

    def to_one(self, here: Attached, case: Attached) -> tuple[Floats, Floats]:
        """Return seconds and metres from each place to the one case; inf where there is no way."""
        return self.to_arrival(here, self.arrival(case))

    def all_to(self, here: Attached, cases: Attached, limit_s: float) -> tuple[Floats, Floats]:
        """Return seconds and metres from each place to each case, (cases, places); inf beyond the limit."""
        places, count = len(here.segment), len(cases.segment)
        found = self.nearest(here, cases, places, limit_s)
        seconds, metres = np.full(
            (2, count, places + 1), np.inf
        )  # whoever wasn't found goes to the last column
        rows = np.arange(count)[:, None]
        seconds[rows, found.person], metres[rows, found.person] = found.seconds, found.metres
        return seconds[:, :-1], metres[:, :-1]

    def nearest(self, here: Attached, cases: Attached, wanted: int, limit_s: float) -> Found:
        """Return for each case those of the places from which it is reached first."""
        found = _nobody(len(cases.segment), min(wanted, len(here.segment)))
        self._rooms.give_back(self._find(here, cases, limit_s, found))
        return found

    def trace(self, here: Attached, case: Attached) -> Traced | None:
        """Return the way from one place to the case, None where there is none."""
        found = _nobody(1, 1)
        room = self._find(here, case, np.inf, found)
        traced = self._traced(room, here) if found.person[0, 0] >= 0 else None
        self._rooms.give_back(room)
        return traced

    def _traced(self, room: Room, here: Attached) -> Traced:
        taken = int(room.via[0])
        if taken < 0:
            return Traced(taken, [])
        layer, end = divmod(taken, 2)
        segment = here.segment[0, layer]
        node = int((self.streets.end if end else self.streets.start)[segment]) + layer * self.streets.nodes
        nodes = []
        while node >= 0:
            nodes.append(node)
            node = int(room.after[node])
        return Traced(taken, nodes)

    def arrival(self, case: Attached) -> Arrival:
        """Return how a place is reached, to be kept and handed to ``to_arrival``."""
        from gis.streets.search_kernel import entries

        node, cost = self._entries()
        count = entries(self.streets, case, 0, node, cost)
        return Arrival(case, node[:count].tolist(), cost)

    def to_arrival(self, here: Attached, arrival: Arrival) -> tuple[Floats, Floats]:
        """Return seconds and metres from each place to one; inf where there is no way."""
        if self._trees is None:
            return self.all_to(here, arrival.case, np.inf)
        from gis.streets.search_kernel import look_up

        places = len(here.segment)
        seconds, metres = np.full((2, places), np.inf)
        known = [self._trees.to(each) for each in arrival.nodes] or [np.empty((0, 2), dtype=np.float32)]
        four = known[0], known[1 % len(known)], known[2 % len(known)], known[3 % len(known)]
        count = len(arrival.nodes)
        look_up(self.streets, here, arrival.case, four, count, arrival.cost, seconds, metres)
        return seconds, metres

    def _entries(self) -> tuple[Integers, Floats]:
        return np.empty(2 * self.layers, dtype=np.int64), np.empty((2 * self.layers, 2))

    def _find(self, here: Attached, cases: Attached, limit_s: float, found: Found) -> Room:
        """Fill `found`; return the room in which it was searched."""
        from gis.streets.search_kernel import find

        room = self._rooms.take()
        if len(room.person_s) < len(here.segment):
            room = _room(self._graph, 2 * len(here.segment))
        node, cost = self._entries()
        find(self.streets, here, cases, limit_s, node, cost, found.person, found.seconds, found.metres, room)
        return room


def _nobody(cases: int, people: int) -> Found:
    shape = cases, people
    return Found(np.full(shape, -1, dtype=np.int64), np.full(shape, np.inf), np.full(shape, np.inf))


def _room(graph: ModeGraph, people: int = LEAST_PEOPLE) -> Room:
    """Make room for so many people; it knows no searcher, so that a network that nobody uses is gone at once."""
    exits = 2 * len(graph.layers) * people
    heap = len(graph.streets.there) + exits + len(graph.layers) * people + 2 * len(graph.layers)
    return Room(
        seconds=np.full(graph.size, np.inf),
        metres=np.empty(graph.size),
        after=np.empty(graph.size, dtype=np.int32),
        touched=np.empty(graph.size, dtype=np.int32),
        counts=np.zeros(2, dtype=np.int64),
        key=np.empty(heap),
        who=np.empty(heap, dtype=np.int32),
        out=np.full(graph.size, -1, dtype=np.int32),
        more=np.empty(exits, dtype=np.int32),
        exit_s=np.empty(exits),
        exit_m=np.empty(exits),
        person_s=np.empty(people),
        person_m=np.empty(people),
        via=np.empty(people, dtype=np.int32),
    )
