"""The compiled loops, called with arrays. They are loaded with the first index: not every command needs them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from gis.snap.posterior import model_of
from gis.snap.shapes import Floats, Integers, Shapes
from gis.snap.world import STANDS, Model, Scratch, World

MANY = 20_000
"""From here on fixes are shared out among threads; the loops hold no lock of the interpreter."""
CHUNK = 10_000
MOST_THREADS = 4
SQUARE_M = 100.0
CACHED = 50_000
"""Up to so many edges a community lies in the processor's cache whole: then sorting costs more than it brings."""


def snap_columns(world: World, model: Model, fixes: Floats, kinds: Integers) -> tuple[Integers, Floats]:
    """Return rows of places and numbers of fixes, (columns, n) over arrays (n, columns); the kernel names the columns.

    Parameters
    ----------
    fixes
        (n, 5): x, y, sigma, and where the phone looks, east and north; NaN where that is unknown.
    kinds
        0 a phone's own fix, 1 a pin put on a map.
    """
    from gis.snap import kernel

    rows = np.full((len(fixes), kernel.ROWS), -1, dtype=np.int64)
    numbers = np.zeros((len(fixes), kernel.NUMBERS))

    def run(which: Integers) -> None:
        kernel.snap_all(world, model, fixes, kinds, which, rows, numbers, _scratch(world))

    if len(fixes) < MANY:
        run(np.arange(len(fixes)))
    else:
        order = _by_place(fixes) if len(world.parts.edges) > CACHED else np.arange(len(fixes))
        with ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, MOST_THREADS)) as threads:
            list(threads.map(run, (order[start : start + CHUNK] for start in range(0, len(order), CHUNK))))
    return rows.T, numbers.T


def all_holding(shapes: Shapes, x: Floats, y: Floats, border_m: float) -> Integers:
    """Return the first shape that holds each point or is within `border_m`, -1 where there is none."""
    from gis.snap import kernel

    answer = np.empty(len(x), dtype=np.int64)
    kernel.all_holding(shapes, _plain(x), _plain(y), border_m, answer)
    return answer


def all_nearest(shapes: Shapes, cost_m: Floats, x: Floats, y: Floats) -> tuple[Integers, Floats]:
    """Return the nearest shape of each point, distance and cost added up, and its distance."""
    from gis.snap import kernel

    answer, distance_m = np.empty(len(x), dtype=np.int64), np.empty(len(x))
    kernel.all_nearest(shapes, cost_m, _plain(x), _plain(y), answer, distance_m)
    return answer, distance_m


def warm_up(world: World) -> None:
    """Load or compile everything now, so that no request waits for it."""
    nowhere = np.zeros(1)
    snap_columns(world, model_of(0.0), np.zeros((1, 5)), np.zeros(1, dtype=np.int64))
    all_holding(world.cells, nowhere, nowhere, 0.0)
    all_nearest(world.streets, world.street_cost_m, nowhere, nowhere)


def _by_place(fixes: Floats) -> Integers:
    """Return the fixes square by square, so that what is near one is in the processor's cache for the next."""
    square = np.floor(fixes[:, :2] / SQUARE_M)
    finite = np.isfinite(square).all(axis=1)
    square[~finite] = 0.0
    key = square[:, 1] * 1e6 + square[:, 0]
    return np.argsort(key).astype(np.int64, copy=False)


def _plain(values: Floats) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float64)


def _scratch(world: World) -> Scratch:
    cells, parts = len(world.cells.boxes), len(world.parts.boxes)
    room = cells + 1
    return Scratch(
        slot=np.full(room, -1, dtype=np.int64),
        cells=np.empty(room, dtype=np.int64),
        away_m=np.empty(room),
        mass=np.empty(room),
        best=np.empty(room, dtype=np.int64),
        best_mass=np.empty(room),
        houses=np.empty(parts + 1, dtype=np.int64),
        house_mass=np.empty(parts + 1),
        found=np.empty(parts + 1, dtype=np.int64),
        chosen=np.empty(3, dtype=np.int64),
        terms=np.empty((2, STANDS, 4)),
    )
