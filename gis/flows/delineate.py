"""Drawing micro-grids and grids for a community: the wish, the drawing, and what it becomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import shapely

from gis.areas.columns import AreaRows
from gis.areas.delineation import (
    Delineation,
    DelineationReport,
    DelineationRequest,
    delineate,
    households_of,
)
from gis.crs import MetricCrs, metric_crs
from gis.errors import InvalidInputError
from gis.flows.delineate_ground import Surroundings
from gis.flows.delineate_names import cell_names, grid_code, grid_names
from gis.flows.household_table import matched
from gis.words import Level

MAIN_STREETS = ("motorway", "trunk", "primary", "secondary", "tertiary")
"""Kinds of streets that no cell crosses, unless others are named; their links are meant too."""
LANES = frozenset({"residential", "living_street", "unclassified", "service", "pedestrian", "road"})
"""Other kinds along which borders run gladly."""
DIGITS = 7
"""Decimals of a degree that are kept: a centimetre."""
MOST_CELLS = 5000
Report = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class DelineationWish:
    """How a community is to be divided.

    Parameters
    ----------
    micro_grids, grids
        How many of each; without grids all micro-grids belong to one.
    seed
        The same wish gives the same answer.
    main_streets
        Kinds of streets that no cell crosses.
    table
        Households by building as an office calls it, for buildings of which nothing else is known.
    assumed_levels
        Levels of residential buildings that state none; buildings of unknown kind then count as residential.
    """

    micro_grids: int
    grids: int | None = None
    seed: int = 0
    main_streets: Sequence[str] = MAIN_STREETS
    table: dict[str, float] = field(default_factory=dict)
    assumed_levels: float | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """Cells that were drawn, as areas, with what was reached."""

    areas: tuple[AreaRows, ...]  # grids, micro-grids; EPSG:4326
    report: DelineationReport

    def report_json(self) -> dict[str, Any]:
        """Return the report for programs."""
        return asdict(self.report)


def _silent(_step: str, _done: float) -> None:
    """Report nothing."""


def draw(ground: Surroundings, wish: DelineationWish, *, report: Report = _silent) -> Drawn:
    """Draw cells: seconds of work, so call it in a thread.

    Parameters
    ----------
    ground
        From ``stored_surroundings`` or ``file_surroundings``.
    wish
        How to divide it.
    report
        Told what is under way.

    Raises
    ------
    InvalidInputError
        ``delineation_...``, ``main_streets_unknown``, ``households_table_unknown``.
    """
    metric = metric_crs(ground.srid)
    found = delineate(_request(ground, wish, metric), report=report)
    return Drawn(tuple(_areas(found, metric, wish.grids or 1)), found.report)


def parse_main_streets(text: str) -> tuple[str, ...]:
    """Return kinds of streets from ``primary,secondary``; raises ``main_streets_unknown``."""
    kinds = tuple(
        dict.fromkeys(part.strip().removesuffix("_link") for part in text.split(",") if part.strip())
    )
    unknown = [kind for kind in kinds if kind not in {*MAIN_STREETS, *LANES}]
    if unknown:
        raise InvalidInputError(
            f"{unknown[0]} is no kind of street",
            code="main_streets_unknown",
            field="main_streets",
            kind=unknown[0],
            expected=", ".join((*MAIN_STREETS, *sorted(LANES))),
        )
    return kinds


def _request(ground: Surroundings, wish: DelineationWish, metric: MetricCrs) -> DelineationRequest:
    if wish.micro_grids > MOST_CELLS:
        raise InvalidInputError(
            f"at most {MOST_CELLS} micro-grids",
            code="delineation_too_many",
            field="micro_grids",
            limit=MOST_CELLS,
        )
    facts = ground.housed.facts
    if not len(facts):
        raise InvalidInputError("there are no buildings", code="delineation_no_buildings")
    shapes = metric.project_geometries(facts.geometry)
    main = {kind + link for kind in wish.main_streets for link in ("", "_link")}
    streets = [row for row, kind in enumerate(ground.street_kind) if kind in main or kind in LANES]
    kinds = [ground.street_kind[row] for row in streets]
    return DelineationRequest(
        community=metric.project_geometries(np.array([ground.community], dtype=object))[0],
        buildings=shapes,
        households=_households(ground, wish, shapely.area(shapes)),
        micro_grids=wish.micro_grids,
        grids=wish.grids or 1,
        stairwell_xy=_points(metric, facts.stairwells),
        stairwell_building=facts.stairwell_building,
        stairwell_flats=ground.housed.unit_flats,
        streets=_metres(metric, ground.streets[streets]),
        street_is_main=np.array([kind in main for kind in kinds], dtype=np.bool_),
        courtyards=_metres(metric, ground.courtyards),
        walls=_metres(metric, ground.walls),
        seed=wish.seed,
    )


def _households(ground: Surroundings, wish: DelineationWish, area_m2: np.ndarray) -> np.ndarray:
    """Return the households of every building; flats that only the doors state count as the building's."""
    housed = ground.housed
    by_door = np.bincount(
        housed.facts.stairwell_building,
        weights=np.nan_to_num(housed.unit_flats),
        minlength=len(housed.facts),
    )
    flats = np.where(np.isnan(housed.flats) & (by_door > 0), by_door, housed.flats)
    return households_of(
        housed.kind,
        flats,
        housed.levels,
        area_m2,
        matched(wish.table, ground.known_as) if wish.table else None,
        unknown_is_residential=wish.assumed_levels is not None,
        assumed_levels=wish.assumed_levels,
    )


def _metres(metric: MetricCrs, shapes: Any) -> Any:
    return metric.project_geometries(shapes) if len(shapes) else shapes


def _points(metric: MetricCrs, shapes: Any) -> np.ndarray:
    return shapely.get_coordinates(_metres(metric, shapes)).reshape(-1, 2)


def _areas(found: Delineation, metric: MetricCrs, grids: int) -> list[AreaRows]:
    """Return the drawn cells in degrees, grids and community as unions of the micro-grids exactly."""
    back = metric.unproject_geometries(found.micro_grids)
    cells = shapely.transform(back, lambda places: np.round(places, DIGITS))
    owner = found.micro_grid_grid
    united = np.array(
        [shapely.coverage_union_all(cells[owner == row]) for row in range(len(found.grids))], dtype=object
    )
    codes = [grid_code(row, grids) for row in range(len(united))]
    within = [int(np.sum(owner[:row] == grid)) for row, grid in enumerate(owner.tolist())]
    digits = max(2, len(str(int(np.bincount(owner).max()))))
    micro_codes = [
        f"{codes[grid]}-{str(place + 1).zfill(digits)}"
        for grid, place in zip(owner.tolist(), within, strict=True)
    ]
    names = [cell_names(*each) for each in zip(owner.tolist(), within, micro_codes, strict=True)]
    counts = np.round(found.micro_grid_households).astype(int)
    grid_counts = [int(counts[owner == row].sum()) for row in range(len(codes))]
    own_names = [grid_names(row) for row in range(len(codes))]
    return [
        _level(Level.GRID, united, codes, own_names, grid_counts),
        replace(
            _level(Level.MICRO_GRID, cells, micro_codes, names, counts.tolist()),
            parent_code=[codes[row] for row in owner.tolist()],
        ),
    ]


def _level(
    level: Level, shapes: Any, codes: list[str], names: list[tuple[str, str]], households: list[int]
) -> AreaRows:
    return AreaRows(
        level=level,
        code=codes,
        name=[name for name, _ in names],
        name_en=[english for _, english in names],
        parent_code=[None] * len(codes),
        households=list(households),
        attributes=[{} for _ in codes],
        geometry=shapes,
    )


def community_of(drawn: Sequence[AreaRows], code: str, name: str, name_en: str) -> AreaRows:
    """Return the community that drawn grids cover exactly, with the vertices where their borders meet its own."""
    grids = next(rows for rows in drawn if rows.level is Level.GRID)
    whole = np.array([shapely.coverage_union_all(grids.geometry)], dtype=object)
    total = sum(count or 0 for count in grids.households)
    return _level(Level.COMMUNITY, whole, [code], [(name, name_en)], [total])
