"""What the compiled loops read and write: streets and walls, the graph of a mode, places on it, and room for sums."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gis.streets.extract import Flags, Integers
from gis.streets.raster import Raster

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int32]
Tree = npt.NDArray[np.float32]


class Ground(NamedTuple):
    """Streets and walls, and by which streets each layer is entered."""

    streets: Raster
    walls: Raster
    enters: Flags  # (layers, segments)
    length_m: Floats
    further_m: (
        float  # segments this much farther than the nearest are considered when a wall stands before that
    )
    wall_m: float  # what a wall counts for


class AttachRoom(NamedTuple):
    """Room for one place's search, used again for the next."""

    gap_m: Floats  # of every segment; inf between searches
    edge: Integers
    near: Integers  # segments within reach
    stamp: Integers  # of every wall: the last way that met it
    way: Integers  # (1,): the number of the way


class Streets(NamedTuple):
    """The graph of one mode, turned around, and its segments. A node of layer l is `l * nodes + node`."""

    first: Integers  # edges out of node n are first[n]:first[n + 1]
    there: Rows  # where one may have come from
    seconds: Floats
    metres: Floats
    start: Integers  # of each segment
    end: Integers
    length_m: Floats
    along: Floats  # (layers, segments): seconds a metre, inf where closed
    against: Floats
    closed: Flags  # (layers, nodes)
    nodes: int
    on_foot: float  # seconds a metre
    ride_up_to_m: float


class Attached(NamedTuple):
    """Places on the network: one row a place, one column a layer."""

    segment: Integers  # -1: none may be entered
    along_m: Floats  # from the segment's first node
    stretch_m: Floats  # between the place and the street, on foot

    def rows(self, begin: int, end: int) -> Attached:
        """Return some of the places."""
        return Attached(self.segment[begin:end], self.along_m[begin:end], self.stretch_m[begin:end])


class Room(NamedTuple):
    """Room for a search, used again for the next: all of it as at the beginning when a search is over."""

    seconds: Floats  # from a node to the case; inf between searches
    metres: Floats
    after: Rows  # the node that follows on the way to the case; -1 and less: the case, by this entry
    touched: Rows
    counts: Integers  # waiting on the heap, touched
    key: Floats  # a heap of seconds and nodes, then people
    who: Rows
    out: Rows  # of a node: the first exit that leads to it, -1
    more: Rows  # of an exit: the next that leads to the same node
    exit_s: Floats
    exit_m: Floats
    person_s: Floats
    person_m: Floats
    via: Rows  # of a person: the exit taken, or STRAIGHT - layer
