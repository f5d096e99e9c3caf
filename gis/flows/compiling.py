"""Compiling beforehand what is otherwise compiled on its first call: half a minute of a processor on a new machine.

``python -m gis.flows.compiling`` does it once; beside a first start it goes on in a process of its own, on the other
processor, while the database is made and the community is loaded.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

GIS = Path(__file__).resolve().parents[1]
KEPT = Path(os.environ.get("NUMBA_CACHE_DIR") or GIS / "__pycache__")
"""Where what is compiled lies, and so who has done it: a service that may not write among its sources has a folder of its own."""
LOCK, MARK = KEPT / "compiling.lock", KEPT / "compiled.mark"
SIDE_M = 40.0
SRID, ORIGIN = 4550, (534_000.0, 4_628_000.0)


def compile_all() -> None:
    """Compile everything on a community of one house and one street."""
    import numpy as np
    import shapely

    from gis.crs import metric_crs
    from gis.flows.hotspots.score import prepare
    from gis.hotspots.arrays import Geometries
    from gis.hotspots.streets import attach, streets_of
    from gis.snap import Areas, Named, PlaceArrays, PlaceIndex
    from gis.streets import NetworkArrays, StreetNetwork

    def shapes(*each: object) -> Geometries:
        found = np.empty(len(each), dtype=object)
        found[:] = each
        return found

    metric, (x, y) = metric_crs(SRID), ORIGIN
    street = shapely.LineString([(x, y), (x + SIDE_M, y)])
    whole = shapely.box(x - SIDE_M, y - SIDE_M, x + 2.0 * SIDE_M, y + SIDE_M)
    house = shapely.box(x + 5.0, y + 5.0, x + 25.0, y + 15.0)
    ids, degrees = [UUID(int=1)], metric.unproject_geometries
    cell = Areas(ids, ["01"], [""], [None], degrees(shapes(whole)))
    named = Named(ids, ["1"], ["1"], degrees(shapes(house)))
    way = Named(ids, ["1"], ["1"], degrees(shapes(street)))
    places = PlaceArrays(
        cell, cell, cell, cell, named, way, ["residential"],
        degrees(shapes(shapely.Point(x + 5.0, y + 10.0))), np.zeros(1, dtype=np.int64),
    )  # fmt: skip
    PlaceIndex(places, metric)
    one, none = np.ones(1, dtype=np.int8), np.empty(0, dtype=np.int64)
    ends = np.array([1]), np.array([2])
    nobody = none.astype(np.bool_)
    wall = shapes(shapely.LineString([(x, y + 2.0), (x + SIDE_M, y + 2.0)]))
    StreetNetwork(
        NetworkArrays(
            shapes(street), *ends, ["residential"], one, one, one, none, nobody, nobody, nobody, wall
        )
    )
    onward = shapely.LineString([(x + SIDE_M, y), (x + 2.0 * SIDE_M, y)])
    ready = prepare(streets_of([street, onward], ["1", "2"], ["", ""]))
    attach(ready.streets, np.array([x]), np.array([y]))


def begin_beside() -> subprocess.Popen[bytes] | None:
    """Begin compiling in a process of its own; None where that was done or is under way."""
    if is_compiled():
        return None
    try:
        with _held(wait=False):
            pass  # nobody has begun
    except OSError:
        return None
    command = [sys.executable, "-m", "gis.flows.compiling"]
    return subprocess.Popen(command, cwd=GIS.parent, stdin=subprocess.DEVNULL)


def wait_until_done(begun: subprocess.Popen[bytes] | None) -> None:
    """Wait for who compiles, ourselves or another: what it has done need not be done again.

    Parameters
    ----------
    begun
        From ``begin_beside``.
    """
    if begun is not None:
        begun.wait()
    with suppress(OSError), _held(wait=True):
        return


def is_compiled() -> bool:
    """Tell whether these sources were compiled here."""
    with suppress(OSError):
        return MARK.read_text(encoding="ascii") == _digest()
    return False


def _digest() -> str:
    """Return what compiled functions depend on: their sources, the compiler, the machine."""
    kept = os.environ.get("NUMBA_CACHE_DIR", "")
    found = hashlib.sha256(f"{version('numba')} {sys.version} {platform.machine()} {kept}".encode())
    for path in sorted(GIS.rglob("*.py")):
        text = path.read_bytes()
        if b"\n@compiled" in text:
            found.update(text)
    return found.hexdigest()


@contextmanager
def _held(*, wait: bool) -> Iterator[None]:
    """Hold the lock of who compiles; OSError where somebody else has it and it isn't waited for."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with LOCK.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield


def main() -> None:
    """Compile, unless somebody else does."""
    if is_compiled():
        return
    with suppress(OSError), _held(wait=False):
        compile_all()
        MARK.write_text(_digest(), encoding="ascii")


if __name__ == "__main__":
    main()
