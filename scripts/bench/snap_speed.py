"""Time snapping beside geopandas' spatial joins on the same points, in rounds that take turns."""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np
import numpy.typing as npt

from gis.crs import metric_crs
from gis.snap import PlaceIndex, snap
from scripts.bench.snap_world import SRID, city_arrays

POINTS, ROUNDS, ONES = 100_000, 5, 2000
Seconds = npt.NDArray[np.float64]
SIZES = {800: (20, 2), 200_000: (71, 40)}
"""Buildings: blocks along each side, buildings in each."""


def resident_mb() -> float:
    """Return the memory that this process holds."""
    with open("/proc/self/statm") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def frames(index: PlaceIndex) -> tuple[Any, Any]:
    """Return micro-grids and buildings as geopandas keeps them."""
    import geopandas

    cells = geopandas.GeoDataFrame({"row": range(len(index.cells))}, geometry=index.cells, crs=SRID)
    houses = geopandas.GeoDataFrame({"row": range(len(index.buildings))}, geometry=index.buildings, crs=SRID)
    return cells, houses


def joined(cells: Any, houses: Any, lon: Any, lat: Any) -> Seconds:
    """Return seconds of geopandas: of the joins alone, and with making metric points of degrees."""
    import geopandas

    begun = now()
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lon, lat), crs=4326).to_crs(SRID)
    made = now()
    geopandas.sjoin(points, cells, how="left")
    geopandas.sjoin_nearest(points, houses, how="left", distance_col="away_m")
    done = now()
    return np.array([done - made, done - begun])


def now() -> Seconds:
    """Return elapsed seconds, and those of the processor in this process with all its threads."""
    return np.array([time.perf_counter(), time.process_time()])


def _timed(index: PlaceIndex, lon: Any, lat: Any, accuracy: Any, heading: Any) -> Seconds:
    begun = now()
    snap(index, lon, lat, accuracy, heading)
    return now() - begun


def _same_question(index: PlaceIndex, lon: Any, lat: Any) -> Seconds:
    """Return seconds for the containing micro-grid and the nearest building alone, from degrees."""
    begun = now()
    x, y = index.metric.project(lon, lat)
    index.containing(x, y)
    index.nearest_building(x, y)
    return now() - begun


def _ones(index: PlaceIndex, lon: Any, lat: Any) -> npt.NDArray[np.float64]:
    each = []
    for row in range(ONES):
        begun = time.perf_counter()
        snap(index, float(lon[row]), float(lat[row]), 10.0, 90.0)
        each.append(time.perf_counter() - begun)
    return np.percentile(each, [50, 95])


def speed() -> int:
    """Print seconds and ratios; the exit status is 1 where an aim is missed."""
    missed = []
    PlaceIndex(city_arrays(2, buildings=4, seed=0), metric_crs(SRID))  # loads or compiles the loops
    for buildings, (blocks, each) in SIZES.items():
        arrays = city_arrays(blocks, buildings=each, seed=1)
        before_mb, begun, work = resident_mb(), time.perf_counter(), time.process_time()
        index = PlaceIndex(arrays, metric_crs(SRID))
        built_s, work_s = time.perf_counter() - begun, time.process_time() - work
        grown_mb = resident_mb() - before_mb
        print(
            f"\n{len(index.buildings)} buildings, {len(index.cells)} micro-grids, {len(index.streets)} segments: "
            f"index in {built_s:.2f} s ({work_s:.2f} s of processor), {grown_mb:.0f} MB"
        )
        if buildings > 1000 and (work_s > 3.0 or grown_mb > 500.0):  # noqa: PLR2004
            missed.append(f"index of {buildings}: {work_s:.1f} s, {grown_mb:.0f} MB; aims 3 s, 500 MB")
        missed += _compare(index, buildings)
    print("\nAims missed:" if missed else "\nNo aim is missed.")
    for each_missed in missed:
        print(f"  {each_missed}")
    return 1 if missed else 0


def _compare(index: PlaceIndex, buildings: int) -> list[str]:
    """Print the rounds of one size; return the aims missed."""
    rng = np.random.default_rng(7)
    west, south, east, north = index.community[0].bounds
    lon, lat = index.metric.unproject(rng.uniform(west, east, POINTS), rng.uniform(south, north, POINTS))
    accuracy, heading = rng.uniform(4.0, 15.0, POINTS), rng.uniform(0.0, 360.0, POINTS)
    cells, houses = frames(index)
    rounds = []
    for _ in range(ROUNDS):
        same = _same_question(index, lon, lat)
        rounds.append([*joined(cells, houses, lon, lat), _timed(index, lon, lat, accuracy, heading), same])
    joins, whole, ours, plain = np.median(rounds, axis=0)
    by_round = [(each[0] / each[2], each[1] / each[2], each[0] / each[3]) for each in rounds]
    ratios = np.median(by_round, axis=0)
    middle, slow = _ones(index, lon, lat) * 1e6
    print(
        f"  {POINTS} points, medians of {ROUNDS} rounds in turns; seconds elapsed (ratio), of the processor (ratio):"
    )
    print(f"    ours: probabilities, streets, all           {ours[0]:6.3f}         {ours[1]:6.3f}")
    for name, seconds, ratio in (
        ("geopandas from degrees, both joins", whole, ratios[1]),
        ("geopandas, joins alone, points ready", joins, ratios[0]),
    ):
        print(f"    {name:42} {seconds[0]:6.3f} ({ratio[0]:.1f}x)  {seconds[1]:6.3f} ({ratio[1]:.1f}x)")
    print(f"    ours, only what the joins answer           {plain[0]:6.3f}         {plain[1]:6.3f}")
    print(
        f"      beside the joins alone                         ({ratios[2][0]:.1f}x)         ({ratios[2][1]:.1f}x)"
    )
    print(f"  one point: {middle:.0f} µs, 95% under {slow:.0f} µs")
    missed = []
    if max(ratios[1]) < 3.0:  # noqa: PLR2004
        missed.append(f"{buildings} buildings: {max(ratios[1]):.1f}x geopandas, aim 3x")
    if middle > 100.0:  # noqa: PLR2004
        missed.append(f"{buildings} buildings: one point {middle:.0f} µs, aim 100 µs")
    return missed
