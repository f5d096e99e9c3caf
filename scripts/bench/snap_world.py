"""Communities to snap in: the demo, and drawn cities of any size."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import numpy as np
import numpy.typing as npt
import shapely

from gis.areas import area_rows, read_vector
from gis.crs import MetricCrs, metric_crs
from gis.snap import Areas, Named, PlaceArrays, PlaceIndex
from gis.streets import read_osm
from gis.words import Level

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "boundaries"
SRID = 4550
ORIGIN = 534_000.0, 4_628_000.0
Geometries = npt.NDArray[np.object_]


def demo_arrays() -> PlaceArrays:
    """Return the demo community, straight from its files."""
    extract = read_osm(DEMO / "heping-demo.osm")
    buildings, segments = extract.buildings, extract.segments
    return PlaceArrays(
        _demo_level("community", Level.COMMUNITY),
        _demo_level("grids", Level.GRID),
        _demo_level("micro_grids", Level.MICRO_GRID),
        _demo_level("courtyards", Level.COURTYARD),
        Named(_ids(len(buildings)), buildings.ref, buildings.name, buildings.geometry),
        Named(_ids(len(segments)), segments.ref, segments.name, segments.geometry),
        segments.kind,
        extract.stairwells.geometry,
        extract.stairwells.building,
    )


def _demo_level(name: str, level: Level) -> Areas:
    rows = area_rows(read_vector(DEMO / f"{name}.geojson"), level, name)
    order = sorted(range(len(rows)), key=lambda row: rows.code[row])
    return Areas(
        _ids(len(order)),
        [rows.code[row] for row in order],
        [rows.name[row] for row in order],
        [rows.parent_code[row] for row in order],
        rows.geometry[order],
    )


def demo_index() -> PlaceIndex:
    """Return the demo community's index."""
    return PlaceIndex(demo_arrays(), metric_crs(SRID))


def city_arrays(blocks: int, *, buildings: int, seed: int) -> PlaceArrays:
    """Return a drawn city: square blocks between streets, each a micro-grid with rows of slabs and small houses.

    Parameters
    ----------
    blocks
        Blocks along each side.
    buildings
        Buildings in each block.
    seed
        Of sizes and places.
    """
    rng = np.random.default_rng(seed)
    across = max(int(buildings**0.5), 1)
    down = -(-buildings // across)
    pitch = np.array([26.0, 22.0])
    side = pitch * (across, down) + 16.0
    corner = np.stack(np.meshgrid(np.arange(blocks), np.arange(blocks)), -1).reshape(-1, 2) * side + ORIGIN
    within = np.stack(np.meshgrid(np.arange(across), np.arange(down)), -1).reshape(-1, 2)[:buildings]
    middle = (corner[:, None] + 8.0 + pitch * (within + 0.5)).reshape(-1, 2)
    half = rng.uniform((5.0, 4.0), (12.0, 6.5), middle.shape)
    middle = middle + rng.uniform(-1.0, 1.0, middle.shape) * (pitch / 2 - half)
    cells = np.asarray(shapely.box(*corner.T, *(corner + side).T), dtype=object)
    footprints = shapely.box(*(middle - half).T, *(middle + half).T)
    ends = np.arange(blocks + 1)[:, None] * side + ORIGIN
    far = blocks * side + ORIGIN
    steps = np.arange(blocks)
    lines = [
        shapely.LineString([(x, ORIGIN[1] + at * side[1]), (x, ORIGIN[1] + (at + 1) * side[1])])
        for x in ends[:, 0]
        for at in steps
    ] + [
        shapely.LineString([(ORIGIN[0] + at * side[0], y), (ORIGIN[0] + (at + 1) * side[0], y)])
        for y in ends[:, 1]
        for at in steps
    ]
    metric = metric_crs(SRID)
    codes = [f"{row:05d}" for row in range(len(cells))]
    whole = Areas(_ids(1), ["city"], ["city"], [None], _degrees(metric, [shapely.box(*ORIGIN, *far)]))
    return PlaceArrays(
        community=whole,
        grids=Areas(_ids(1), ["01"], ["01"], [None], whole.geometry),
        micro_grids=Areas(_ids(len(codes)), codes, codes, ["01"] * len(codes), _degrees(metric, cells)),
        courtyards=Areas([], [], [], [], np.empty(0, dtype=object)),
        buildings=_named(_degrees(metric, footprints)),
        streets=_named(_degrees(metric, lines)),
        street_kind=["residential"] * len(lines),
    )


def _named(geometry: Geometries) -> Named:
    names = [str(row) for row in range(len(geometry))]
    return Named(_ids(len(names)), names, names, geometry)


def _ids(count: int) -> list[UUID]:
    return [UUID(int=row) for row in range(count)]


def _degrees(metric: MetricCrs, shapes: object) -> Geometries:
    return metric.unproject_geometries(np.asarray(shapes, dtype=object))
