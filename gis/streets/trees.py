"""Ways to a node from everywhere, remembered: on the streets of one community the same corners are asked for again."""

from __future__ import annotations

from collections import OrderedDict
from itertools import count
from threading import Lock

import numpy as np

from gis.streets.arrays import Room, Streets, Tree
from gis.streets.rooms import Rooms

MOST_MB = 64.0
"""Memory that the trees of all networks of a process may take together."""
_numbers = count()


class TreeStore:
    """Trees of many networks; the one not asked for longest goes first.

    Parameters
    ----------
    most_bytes
        What they may take.
    """

    def __init__(self, most_bytes: float = MOST_MB * 1e6) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._kept: OrderedDict[tuple[int, int], Tree] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[int, int]) -> Tree | None:
        """Return a tree that is kept."""
        with self._lock:
            tree = self._kept.get(key)
            if tree is not None:
                self._kept.move_to_end(key)
            return tree

    def put(self, key: tuple[int, int], tree: Tree) -> None:
        """Keep a tree, and let others go when there are too many."""
        with self._lock:
            if key in self._kept:  # another thread was quicker
                return
            self._kept[key] = tree
            self.bytes += tree.nbytes
            while self.bytes > self.most_bytes:
                _, gone = self._kept.popitem(last=False)
                self.bytes -= gone.nbytes


SHARED = TreeStore()


class Trees:
    """Seconds and metres from every node of one mode's graph to a node, one search each.

    Parameters
    ----------
    streets, rooms
        The graph, small enough that a whole search takes less than a millisecond or so; room to search in.
    store
        Where trees are kept.
    """

    def __init__(self, streets: Streets, rooms: Rooms[Room], store: TreeStore = SHARED) -> None:
        self.streets = streets
        self._rooms = rooms
        self._store = store
        self._number = next(_numbers)
        self._shape = len(streets.first) - 1, 2

    def to(self, node: int) -> Tree:
        """Return seconds and metres from every node to one, (nodes, 2); inf where there is no way."""
        key = self._number, node
        tree = self._store.get(key)
        if tree is None:
            tree = self._grow(node)
            self._store.put(key, tree)
        return tree

    def _grow(self, node: int) -> Tree:
        from gis.streets.search_kernel import grow

        tree = np.full(self._shape, np.inf, dtype=np.float32)
        room = self._rooms.take()
        grow(self.streets, node, tree, room)
        self._rooms.give_back(room)
        return tree
