"""The areas of an import: read, checked, completed where an office has drawn only some of the levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas import AreaRows, Finding, area_rows, check_coverage, read_vector, tidy
from gis.crs import MetricCrs
from gis.errors import InvalidInputError
from gis.flows.import_request import ImportRequest, SourceFile
from gis.words import Level

Geometries = npt.NDArray[np.object_]

ONLY_GRID = "01"


@dataclass(frozen=True, slots=True)
class DrawnAreas:
    """What the files hold; None for levels that there is no file of."""

    community: AreaRows | None
    grids: AreaRows | None
    micro_grids: AreaRows | None
    courtyards: AreaRows | None


@dataclass(frozen=True, slots=True)
class ImportedAreas:
    """All levels, checked, nested exactly; EPSG:4326."""

    community: AreaRows
    grids: AreaRows
    micro_grids: AreaRows
    courtyards: AreaRows | None

    def levels(self) -> list[AreaRows]:
        """Return the levels there are."""
        return [self.community, self.grids, self.micro_grids, *([self.courtyards] if self.courtyards else [])]


def read_areas(request: ImportRequest) -> DrawnAreas:
    """Read the files of areas."""
    return DrawnAreas(
        community=_read(request.community, Level.COMMUNITY),
        grids=_read(request.grids, Level.GRID),
        micro_grids=_read(request.micro_grids, Level.MICRO_GRID),
        courtyards=_read(request.courtyards, Level.COURTYARD),
    )


def drawn_boundary(drawn: DrawnAreas, request: ImportRequest) -> BaseGeometry | None:
    """Return the community as drawn: its own file, the box, or what the areas cover; None when none is given."""
    if drawn.community is None and request.box is not None:
        return shapely.box(*request.box)
    for rows in (drawn.community, drawn.grids, drawn.micro_grids):
        if rows is not None:
            return shapely.union_all(shapely.make_valid(rows.geometry))
    return None


def complete_areas(
    request: ImportRequest, drawn: DrawnAreas, boundary: BaseGeometry, metric: MetricCrs
) -> ImportedAreas:
    """Return every level, checked: cells tidied, grids and community made of their cells exactly.

    Raises
    ------
    InvalidInputError
        With the code of the largest fault: ``area_invalid``, ``area_overlap``, ``area_gap``, ``area_not_nested``,
        ``area_no_parent``, ``area_stray_part``.
    """
    community = drawn.community or _single(Level.COMMUNITY, request.community_id, request.name, boundary)
    if drawn.community is not None:
        _refuse(check_coverage(drawn.community, metric))
        community = _single(Level.COMMUNITY, request.community_id, request.name, boundary, drawn.community)
    bounded = drawn.community is not None or request.box is not None
    if drawn.grids is not None:
        _refuse(
            check_coverage(
                replace(drawn.grids, parent_code=[None] * len(drawn.grids)),
                metric,
                community if bounded else None,
            )
        )
    cells = drawn.micro_grids or _cells_of_grids(drawn.grids or _single(Level.GRID, ONLY_GRID, "", boundary))
    grids = drawn.grids or _grids_of_cells(cells)
    cells = _with_parents(cells, grids)
    if drawn.micro_grids is not None:
        within = drawn.grids or (community if bounded else None)
        loose = cells if drawn.grids else replace(cells, parent_code=[None] * len(cells))
        _refuse(check_coverage(loose, metric, within))
    if drawn.courtyards is not None:
        _refuse(check_coverage(drawn.courtyards, metric, covering=False))
    cells = replace(cells, geometry=tidy(cells.geometry, metric))
    return _nested(request, community, grids, cells, drawn.courtyards)


def _read(source: SourceFile | None, level: Level) -> AreaRows | None:
    if source is None:
        return None
    return area_rows(read_vector(source.path, source.layer, source.datum), level, source.path.name)


def _refuse(findings: Sequence[Finding]) -> None:
    """Raise for the largest fault, saying how many more there are."""
    if not findings:
        return
    first, more = findings[0], len(findings) - 1
    raise InvalidInputError(
        first.detail + (f" (and {more} more)" if more else ""),
        code=first.fault.value,
        level=first.level,
        area=", ".join(first.codes),
        lon=round(first.lon, 6),
        lat=round(first.lat, 6),
        size_m2=round(first.size_m2, 1),
        more=more,
    )


def _single(
    level: Level, code: str, name: str, shape: BaseGeometry, like: AreaRows | None = None
) -> AreaRows:
    attributes: dict[str, Any] = like.attributes[0] if like and len(like) == 1 else {}
    households = like.households[0] if like and len(like) == 1 else None
    geometry = np.array([shape], dtype=object)
    return AreaRows(level, [code], [name or code], [""], [None], [households], [attributes], geometry)


def _cells_of_grids(grids: AreaRows) -> AreaRows:
    """Return one micro-grid for each grid."""
    return replace(
        grids,
        level=Level.MICRO_GRID,
        code=[f"{code}-01" for code in grids.code],
        name=[f"{name}-01" for name in grids.name],
        parent_code=list(grids.code),
        attributes=[{} for _ in grids.code],
    )


def _grids_of_cells(cells: AreaRows) -> AreaRows:
    """Return the grids that micro-grids name as theirs (by their grid's code, or ``02-05`` by what is before the dash)."""
    parents = [
        parent or (code.rsplit("-", 1)[0] if "-" in code else ONLY_GRID)
        for code, parent in zip(cells.code, cells.parent_code, strict=True)
    ]
    codes = sorted(set(parents))
    nothing: list[Any] = [None] * len(codes)
    return AreaRows(
        level=Level.GRID,
        code=codes,
        name=list(codes),
        name_en=[""] * len(codes),
        parent_code=nothing,
        households=nothing,
        attributes=[{} for _ in codes],
        geometry=np.array([_union(cells, np.array(parents) == code) for code in codes], dtype=object),
    )


def _union(rows: AreaRows, which: npt.NDArray[np.bool_]) -> BaseGeometry:
    return shapely.union_all(rows.geometry[which])


def _with_parents(cells: AreaRows, grids: AreaRows) -> AreaRows:
    """Return micro-grids each with its grid's code: as stated, else where its inner point lies."""
    inner = shapely.point_on_surface(cells.geometry)
    point, grid = shapely.STRtree(grids.geometry).query(inner, predicate="intersects")
    found = {int(row): grids.code[int(column)] for row, column in zip(point[::-1], grid[::-1], strict=True)}
    parents = [parent or found.get(row) for row, parent in enumerate(cells.parent_code)]
    return replace(cells, parent_code=parents)


def _nested(
    request: ImportRequest,
    community: AreaRows,
    grids: AreaRows,
    cells: AreaRows,
    courtyards: AreaRows | None,
) -> ImportedAreas:
    """Return grids as the unions of their micro-grids and the community as the union of all."""
    parents = np.array(cells.parent_code, dtype=object)
    households = [
        _total([count for count, mine in zip(cells.households, parents == code, strict=True) if mine])
        for code in grids.code
    ]
    shapes = [shapely.coverage_union_all(cells.geometry[parents == code]) for code in grids.code]
    whole = shapely.coverage_union_all(cells.geometry)
    own = community.households[0]
    return ImportedAreas(
        community=replace(
            community,
            name_en=[request.name_en],
            households=[own if own is not None else _total(cells.households)],
            geometry=np.array([whole], dtype=object),
        ),
        grids=replace(
            grids,
            parent_code=[request.community_id] * len(grids),
            households=[
                own if own is not None else sum_
                for own, sum_ in zip(grids.households, households, strict=True)
            ],
            geometry=np.array(shapes, dtype=object),
        ),
        micro_grids=cells,
        courtyards=courtyards,
    )


def _total(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
