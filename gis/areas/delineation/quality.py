"""How good drawn cells are, measured on the final polygons."""

from __future__ import annotations

import numpy as np
import shapely

from gis.areas.delineation.divide import Division
from gis.areas.delineation.graph import Graph
from gis.areas.delineation.outline import foreign_pieces, polsby_popper
from gis.areas.delineation.parts import Parts
from gis.areas.delineation.request import (
    DelineationReport,
    DelineationRequest,
    Geometries,
    Integers,
    LevelReport,
)

TOLERANCE = 0.2
CUT_M2 = 0.5
"""A building counts as cut if a border takes at least this much of a part that belongs to another cell."""


def report_level(
    graph: Graph, street_block: Integers, division: Division, polygons: Geometries
) -> LevelReport:
    """Figures of one level; ``graph`` holds the atoms of that level, ``street_block`` their block between streets."""
    cells = len(polygons)
    households = np.bincount(division.cell, weights=graph.households, minlength=cells)
    inhabited = np.bincount(division.cell, weights=graph.households > 0, minlength=cells)
    mean = float(households.mean())
    outside = np.abs(households / mean - 1) > TOLERANCE
    fair = np.array(division.block_is_fair, dtype=np.bool_)[division.block]
    too_big = (households > (1 + TOLERANCE) * mean) & (inhabited == 1)
    shape = polsby_popper(polygons)
    lived = graph.households > 0
    crossings = sum(
        len(np.unique(street_block[lived & (division.cell == index)])) > 1 for index in range(cells)
    )
    return LevelReport(
        cells=cells,
        mean_households=mean,
        min_households=float(households.min()),
        max_households=float(households.max()),
        within_20_percent=float(1 - outside.mean()),
        best_within_20_percent=1 - division.least_outside / cells,
        too_big_to_split=int(too_big.sum()),
        bound_by_streets=int((outside & ~fair & ~too_big).sum()),
        otherwise_unbalanced=int((outside & fair & ~too_big).sum()),
        contiguous=bool(np.all(shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON)),
        coverage_valid=bool(shapely.coverage_is_valid(polygons) and shapely.is_valid(polygons).all()),
        main_street_crossings=int(crossings),
        blocks_joined=division.blocks_joined,
        polsby_popper_median=float(np.median(shape)),
        polsby_popper_min=float(shape.min()),
    )


def report_all(
    request: DelineationRequest,
    parts: Parts,
    graph: Graph,
    division: Division,
    *,
    micro_grids: Geometries,
    part_cell: Integers,
    levels: tuple[LevelReport, LevelReport | None],
    empty_places_joined: int,
    seconds: float,
) -> DelineationReport:
    """Every figure of a delineation."""
    cut = {
        int(parts.building[part])
        for part, _, area in foreign_pieces(micro_grids, parts.polygons, part_cell)
        if area > CUT_M2
    }
    pairs = np.unique(np.column_stack([parts.building, part_cell]), axis=0)
    shared = np.bincount(pairs[:, 0], minlength=len(request.buildings)) > 1
    yards, fitting, whole, over = _courtyards(graph, division.cell)
    union = shapely.coverage_union_all(micro_grids)
    return DelineationReport(
        micro_grids=levels[0],
        grids=levels[1],
        households=float(parts.households.sum()),
        buildings=len(parts.building_inside),
        buildings_outside=len(request.buildings) - len(parts.building_inside),
        buildings_shared=int(shared.sum()),
        buildings_cut_elsewhere=len(cut),
        blocks=division.blocks,
        empty_places_joined=empty_places_joined,
        courtyards=yards,
        courtyards_fitting=fitting,
        courtyards_whole=whole,
        cells_over_courtyard_walls=over,
        outside_area_m2=float(shapely.area(shapely.symmetric_difference(union, request.community))),
        seconds=seconds,
    )


def _courtyards(graph: Graph, cell: Integers) -> tuple[int, int, int, int]:
    """Courtyards with households, those fitting into one cell, those of them that lie in one, cells with several."""
    lived = (graph.households > 0) & (graph.compound >= 0)
    if not lived.any():
        return 0, 0, 0, 0
    limit = (1 + TOLERANCE) * graph.households.sum() / (cell.max() + 1)
    amounts = np.bincount(graph.compound[lived], weights=graph.households[lived])
    pairs = np.unique(np.column_stack([graph.compound[lived], cell[lived]]), axis=0)
    cells_of_yard = np.bincount(pairs[:, 0], minlength=len(amounts))
    fitting = (amounts > 0) & (amounts <= limit)
    over = np.bincount(pairs[:, 1]) > 1
    return (
        int((amounts > 0).sum()),
        int(fitting.sum()),
        int((fitting & (cells_of_yard == 1)).sum()),
        int(over.sum()),
    )
