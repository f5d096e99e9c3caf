"""The steps of a delineation in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, TypeAlias

import numpy as np
import shapely

from gis.areas.delineation.check import check_households, checked, moved
from gis.areas.delineation.coverage import united
from gis.areas.delineation.divide import Division, divide
from gis.areas.delineation.graph import Graph, graph_of_cells, graph_of_outlines, graph_of_plots, totals
from gis.areas.delineation.outline import outline_cells, reading_order
from gis.areas.delineation.parts import Parts, cut_buildings
from gis.areas.delineation.quality import report_all, report_level
from gis.areas.delineation.request import (
    Delineation,
    DelineationReport,
    DelineationRequest,
    Floats,
    Geometries,
    Integers,
    LevelReport,
)
from gis.areas.delineation.tessellation import Plots, tessellate
from gis.errors import InvalidInputError

Report: TypeAlias = Callable[[str, float], None]
"""Called with the step under way (``plots, divide, outline, measure``) and how much is done, 0-1."""
LEAST_GRID = 0.5
"""A block with less than this share of a grid's households is joined to a grid over the street."""


def _silent(_step: str, _done: float) -> None:
    """Report nothing."""


def delineate(request: DelineationRequest, *, report: Report = _silent) -> Delineation:
    """Draw micro-grids, and grids of them, with households alike.

    A pure function: equal requests give equal answers on the same versions of the libraries.

    Parameters
    ----------
    request
        The community with its buildings, stairwells, streets and courtyards, and the numbers of cells.
    report
        Told what is under way.

    Returns
    -------
    Delineation
        Cells, the cell of every building part and stairwell, and a report of what was reached.

    Raises
    ------
    InvalidInputError
        With a code ``delineation_...`` if the request can't be met; see :mod:`gis.areas.delineation.check`.
    """
    began = perf_counter()
    request = checked(request)
    origin = np.floor(shapely.get_coordinates(shapely.centroid(request.community))[0])
    request = moved(request, -origin)
    parts = _parts_of(request)
    report("plots", 0.05)
    plots = tessellate(request, parts)
    ground = _Ground(request, parts, plots, *graph_of_plots(request, parts, plots))
    cells = _drawn(ground, report)
    report("measure", 0.9)
    return _answer(ground, cells, origin, began)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is divided: buildings in parts, their plots, and which plots meet; ``joined`` empty places belong to a neighbour."""

    request: DelineationRequest
    parts: Parts
    plots: Plots
    graph: Graph
    joined: int


@dataclass(frozen=True, slots=True)
class _Cells:
    """What was drawn: micro-grids with their atoms, their grids, and the micro-grid of every part of a building."""

    division: Division
    grid_division: Division
    micro_grids: Geometries
    grids: Geometries
    part_cell: Integers


def _parts_of(request: DelineationRequest) -> Parts:
    """Return the buildings in parts, refused where they can't make so many cells."""
    parts = cut_buildings(request)
    if not len(parts.polygons):
        raise InvalidInputError(
            "all buildings lie outside the community",
            code="delineation_buildings_outside",
            buildings=len(request.buildings),
        )
    check_households(float(parts.households.sum()), int((parts.households > 0).sum()), request.micro_grids)
    return parts


def _drawn(ground: _Ground, report: Report) -> _Cells:
    """Return the cells, numbered: atoms divided into micro-grids and outlined, these divided into grids."""
    request, parts, graph = ground.request, ground.parts, ground.graph
    report("divide", 0.2)
    division = divide(graph, request.micro_grids, request.seed)
    report("outline", 0.8)
    plot_of_part = ground.plots.plot_of(parts.polygons)
    outlines = outline_cells(
        ground.plots.polygons, division.cell, parts, division.cell[plot_of_part], request.simplify_m
    )
    # of what was drawn, not of the plots: a border may have been straightened away
    met = graph_of_outlines(graph_of_cells(graph, division.cell, division.block), outlines)
    grid_division = divide(met, request.grids or 1, request.seed, least=LEAST_GRID)
    division, grid_division, order = _numbered(division, grid_division, outlines)
    micro_grids = outlines[order]
    grids = united(micro_grids, grid_division.cell)
    return _Cells(division, grid_division, micro_grids, grids, division.cell[plot_of_part])


def _answer(ground: _Ground, cells: _Cells, origin: Floats, began: float) -> Delineation:
    """Return the cells where they belong, with what was reached."""
    parts, division = ground.parts, cells.division
    micro_graph = graph_of_cells(ground.graph, division.cell, division.block)
    figures = _figures(ground, cells, micro_graph, began)
    community = united(cells.grids, np.zeros(len(cells.grids), dtype=np.int64))[0]
    return Delineation(
        community=_back(community, origin),
        micro_grids=_back(cells.micro_grids, origin),
        micro_grid_households=micro_graph.households,
        micro_grid_grid=cells.grid_division.cell,
        grids=_back(cells.grids, origin),
        grid_households=totals(cells.grid_division.cell, micro_graph.households),
        parts=_back(parts.polygons, origin),
        part_building=parts.building,
        part_households=parts.households,
        part_micro_grid=cells.part_cell,
        stairwell_part=parts.stairwell_part,
        building_micro_grid=_cell_of_buildings(len(ground.request.buildings), parts, cells.part_cell),
        report=figures,
    )


def _figures(ground: _Ground, cells: _Cells, micro_graph: Graph, began: float) -> DelineationReport:
    graph, grids_wanted = ground.graph, ground.request.grids is not None
    micro = report_level(graph, graph.block, cells.division, cells.micro_grids)
    grid: LevelReport | None = None
    if grids_wanted:
        grid = report_level(micro_graph, micro_graph.block, cells.grid_division, cells.grids)
    return report_all(
        ground.request,
        ground.parts,
        graph,
        cells.division,
        micro_grids=cells.micro_grids,
        part_cell=cells.part_cell,
        levels=(micro, grid),
        empty_places_joined=ground.joined,
        seconds=perf_counter() - began,
    )


def _back(geometries: Any, origin: Floats) -> Any:
    return shapely.transform(geometries, lambda xy: xy + origin)


def _numbered(micro: Division, grid: Division, outlines: Geometries) -> tuple[Division, Division, Integers]:
    """Give numbers to grids from the north-west, then micro-grids grid by grid; also the old row of each micro-grid."""
    grid_order = reading_order(united(outlines, grid.cell))
    grid_number = np.argsort(grid_order)
    place = np.argsort(reading_order(outlines))
    order = np.lexsort((place, grid_number[grid.cell]))
    number = np.argsort(order)
    return (
        replace(micro, cell=number[micro.cell], block=micro.block[order]),
        replace(grid, cell=grid_number[grid.cell[order]], block=grid.block[grid_order]),
        order,
    )


def _cell_of_buildings(buildings: int, parts: Parts, part_cell: Integers) -> Integers:
    """Find the cell of each building's largest share of households (of area, where nobody lives)."""
    cell = np.full(buildings, -1, dtype=np.int64)
    best = np.full(buildings, -1.0)
    for building, part, amount in zip(parts.building, part_cell, parts.households, strict=True):
        if amount > best[building]:
            cell[building], best[building] = part, amount
    return cell
