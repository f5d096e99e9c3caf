"""The areas of an import: read, checked, completed where an office has drawn only some of the levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas import AreaRows, area_rows, read_vector
from gis.areas.checks import Finding, Kind, check_areas, errors_of
from gis.areas.nesting import with_parents
from gis.areas.repair import TOLERANCE_M, propose_repair
from gis.crs import MetricCrs
from gis.errors import InvalidInputError
from gis.flows.import_request import ImportRequest, SourceFile
from gis.words import Level

Geometries = npt.NDArray[np.object_]

ONLY_GRID = "01"
CODES = {
    Kind.OVERLAP: "area_overlap",
    Kind.GAP: "area_gap",
    Kind.MISMATCH: "area_gap",
    Kind.STRAY_PART: "area_stray_part",
    Kind.NO_PARENT: "area_no_parent",
    Kind.OUTSIDE_PARENT: "area_not_nested",
}
"""Codes of refusals; any other fault is of a single area that can't be used."""


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
        With the code of the worst fault that is wider than rounding: ``area_invalid``, ``area_overlap``, ``area_gap``, ``area_not_nested``,
        ``area_no_parent``, ``area_stray_part``.
    """
    community = _single(Level.COMMUNITY, request.community_id, request.name, boundary, drawn.community)
    if drawn.community is not None:
        crossed = check_areas([drawn.community], metric)
        _refuse([one for one in errors_of(crossed) if one.kind is not Kind.NO_COMMUNITY])
    bounded = drawn.community is not None or request.box is not None
    cells = _with_parents(drawn)
    given = (
        community if bounded else None,
        None if drawn.grids is None else replace(drawn.grids, parent_code=[None] * len(drawn.grids)),
        cells
        if drawn.grids is not None or cells is None
        else replace(cells, parent_code=[None] * len(cells)),
        drawn.courtyards,
    )
    levels = [rows for rows in given if rows is not None]
    proposal = propose_repair(levels, metric, tolerance_m=TOLERANCE_M)
    _refuse(_worst(levels, errors_of(proposal.remaining), metric))
    repaired = {rows.level: rows for rows in proposal.areas}
    grids = repaired.get(Level.GRID)
    if cells is not None:
        cells = replace(repaired[Level.MICRO_GRID], parent_code=cells.parent_code)
    else:
        cells = _cells_of_grids(grids or _single(Level.GRID, ONLY_GRID, "", boundary))
    return _nested(request, community, grids or _grids_of_cells(cells), cells, repaired.get(Level.COURTYARD))


def _read(source: SourceFile | None, level: Level) -> AreaRows | None:
    if source is None:
        return None
    return area_rows(read_vector(source.path, source.layer, source.datum), level, source.path.name)


def _worst(levels: Sequence[AreaRows], errors: Sequence[Finding], metric: MetricCrs) -> list[Finding]:
    """Return what could not be repaired, after the self-crossing areas that it comes from."""
    if not errors:
        return []
    concerned = {code for one in errors for code in one.codes}
    crossed = [one for one in check_areas(levels, metric) if one.kind is Kind.INVALID]
    return [*(one for one in crossed if concerned & set(one.codes)), *errors]


def _refuse(errors: Sequence[Finding]) -> None:
    """Raise for the worst fault, saying how many more there are."""
    if not errors:
        return
    first, more = errors[0], len(errors) - 1
    raise InvalidInputError(
        first.detail + (f" (and {more} more)" if more else ""),
        code=CODES.get(first.kind, "area_invalid"),
        level=first.level.value,
        area=", ".join(first.codes),
        lon=None if first.lon is None else round(first.lon, 6),
        lat=None if first.lat is None else round(first.lat, 6),
        size_m2=round(first.size if first.unit == "m2" else 0.0, 1),
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


def _with_parents(drawn: DrawnAreas) -> AreaRows | None:
    """Return micro-grids each with its grid's code: as drawn, else as stated, else (``02-05``) what is before the dash."""
    cells = drawn.micro_grids
    if cells is None:
        return None
    if drawn.grids is not None:
        return with_parents(cells, drawn.grids)
    parents: list[str | None] = [
        parent or (code.rsplit("-", 1)[0] if "-" in code else ONLY_GRID)
        for code, parent in zip(cells.code, cells.parent_code, strict=True)
    ]
    return replace(cells, parent_code=parents)


def _grids_of_cells(cells: AreaRows) -> AreaRows:
    """Return the grids that micro-grids name as theirs."""
    parents = np.array(cells.parent_code, dtype=object)
    codes = sorted({code for code in cells.parent_code if code is not None})
    nothing: list[Any] = [None] * len(codes)
    return AreaRows(
        level=Level.GRID,
        code=codes,
        name=list(codes),
        name_en=[""] * len(codes),
        parent_code=nothing,
        households=nothing,
        attributes=[{} for _ in codes],
        geometry=np.array([_union(cells, parents == code) for code in codes], dtype=object),
    )


def _union(rows: AreaRows, which: npt.NDArray[np.bool_]) -> BaseGeometry:
    return shapely.union_all(rows.geometry[which])


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
