"""Where a place meets the network: the nearest passable segment, not through a wall."""

from __future__ import annotations

from functools import partial

import numpy as np

from gis.streets.arrays import Attached, AttachRoom, Floats, Ground
from gis.streets.extract import Flags
from gis.streets.raster import Raster
from gis.streets.rooms import Rooms

LOOK_FURTHER_M = 40.0
"""Segments this much farther than the nearest are considered when a wall stands before the nearest."""
WALL_M = 150.0
"""What a wall in between counts for: a way around it is taken when it is shorter than this."""


class Attacher:
    """Finds for places the segments where they enter the network of one mode.

    Parameters
    ----------
    streets
        All segments.
    walls
        Lines that nobody walks through.
    enters
        The segments by which each layer may be entered, (layers, segments).
    length_m
        Of the segments.
    """

    def __init__(self, streets: Raster, walls: Raster, enters: Flags, length_m: Floats) -> None:
        self.ground = Ground(streets, walls, enters, length_m, LOOK_FURTHER_M, WALL_M)
        self._rooms = Rooms(partial(_room, self.ground))

    def __reduce__(self) -> tuple[type[Attacher], tuple[Raster, Raster, Flags, Floats]]:
        """Be copied without the room to look in."""
        return Attacher, (self.ground.streets, self.ground.walls, self.ground.enters, self.ground.length_m)

    def attach(self, xy: Floats) -> Attached:
        """Return where places enter each layer: the nearest segment, of equally near ones the first.

        Where a wall stands before it, the one to which it is shortest when every wall counts for 150 m.

        Parameters
        ----------
        xy
            Metres, shape (n, 2).
        """
        from gis.streets.attach_kernel import attach_all

        shape = len(xy), len(self.ground.enters)
        attached = Attached(np.full(shape, -1, dtype=np.int64), np.zeros(shape), np.full(shape, np.inf))
        room = self._rooms.take()
        attach_all(self.ground, xy, *attached, room)
        self._rooms.give_back(room)
        return attached


def _room(ground: Ground) -> AttachRoom:
    segments = len(ground.length_m)
    walls = int(ground.walls.line.max(initial=-1)) + 1
    return AttachRoom(
        gap_m=np.full(segments, np.inf),
        edge=np.empty(segments, dtype=np.int64),
        near=np.empty(segments, dtype=np.int64),
        stamp=np.zeros(walls, dtype=np.int64),
        way=np.zeros(1, dtype=np.int64),
    )
