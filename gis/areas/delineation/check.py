"""Refuse what can't be delineated, each with a code and the figures that explain it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from gis.areas.delineation.request import DelineationRequest, Floats, Geometries
from gis.errors import InvalidInputError


def checked(request: DelineationRequest) -> DelineationRequest:
    """Return the request with sound geometries.

    Raises
    ------
    InvalidInputError
        With one of the codes ``delineation_...``.
    """
    community = _community(request.community)
    _numbers(request)
    columns = (
        ("households", request.households, len(request.buildings)),
        ("stairwell_building", request.stairwell_building, len(request.stairwell_xy)),
        ("stairwell_flats", request.stairwell_flats, len(request.stairwell_xy)),
        ("street_is_main", request.street_is_main, len(request.streets)),
    )
    for name, column, expected in columns:
        if len(column) != expected:
            raise InvalidInputError(
                f"{name} has {len(column)} rows instead of {expected}",
                code="delineation_columns_differ",
                name=name,
                found=len(column),
                expected=expected,
            )
    if not len(request.buildings):
        raise InvalidInputError("there are no buildings", code="delineation_no_buildings")
    _values(request)
    return replace(
        request,
        community=community,
        buildings=_polygons(request.buildings),
        streets=_lines(request.streets),
        walls=_lines(request.walls),
        courtyards=_polygons(request.courtyards, "courtyard"),
    )


def moved(request: DelineationRequest, by: Floats) -> DelineationRequest:
    """Shift every coordinate: near the origin the figures keep three more digits than at northings of millions."""

    def shift(geometries: Any) -> Any:
        return shapely.transform(geometries, lambda xy: xy + by)

    return replace(
        request,
        community=shift(request.community),
        buildings=shift(request.buildings),
        stairwell_xy=request.stairwell_xy + by,
        streets=shift(request.streets),
        walls=shift(request.walls),
        courtyards=shift(request.courtyards),
    )


def check_households(households: float, parts: int, micro_grids: int) -> None:
    """Refuse more micro-grids than there are households, or parts of buildings in which somebody lives."""
    if households < micro_grids:
        raise InvalidInputError(
            f"{households:.0f} households can't fill {micro_grids} micro-grids",
            code="delineation_too_few_households",
            households=round(households, 1),
            micro_grids=micro_grids,
        )
    if parts < micro_grids:
        raise InvalidInputError(
            f"{micro_grids} micro-grids are more than the {parts} inhabited buildings and stairwells",
            code="delineation_too_few_parts",
            parts=parts,
            micro_grids=micro_grids,
        )


def _community(community: Any) -> Any:
    parts = [
        part
        for part in shapely.get_parts(shapely.force_2d(shapely.make_valid(community)))
        if part.geom_type == "Polygon" and part.area > 0
    ]
    if not parts:
        raise InvalidInputError("the community has no area", code="delineation_community_invalid")
    if len(parts) > 1:
        raise InvalidInputError(
            f"the community consists of {len(parts)} separate parts: delineate each on its own",
            code="delineation_community_in_parts",
            parts=len(parts),
        )
    west, south, east, north = parts[0].bounds
    if -180 <= west <= east <= 180 and -90 <= south <= north <= 90:  # noqa: PLR2004
        raise InvalidInputError("the coordinates are degrees, not metres", code="delineation_not_metric")
    return parts[0]


def _numbers(request: DelineationRequest) -> None:
    if request.micro_grids < 1:
        raise InvalidInputError(
            "ask for at least one micro-grid", code="delineation_number_invalid", asked=request.micro_grids
        )
    if request.grids is not None and not 1 <= request.grids <= request.micro_grids:
        raise InvalidInputError(
            f"{request.grids} grids can't hold {request.micro_grids} micro-grids",
            code="delineation_grids_invalid",
            grids=request.grids,
            micro_grids=request.micro_grids,
        )


def _values(request: DelineationRequest) -> None:
    bad = np.flatnonzero(~(np.isfinite(request.households) & (request.households >= 0)))
    if len(bad):
        raise InvalidInputError(
            f"households of building {bad[0]} are {request.households[bad[0]]}",
            code="delineation_households_invalid",
            index=int(bad[0]),
            count=len(bad),
        )
    owners, xy = request.stairwell_building, request.stairwell_xy
    if not len(owners):
        return
    bad = np.flatnonzero((owners < 0) | (owners >= len(request.buildings)) | ~np.isfinite(xy).all(axis=1))
    if len(bad):
        raise InvalidInputError(
            f"stairwell {bad[0]} has no place or no building",
            code="delineation_stairwell_invalid",
            index=int(bad[0]),
            count=len(bad),
        )


def _polygons(geometries: Geometries, what: str = "building") -> Geometries:
    """Take the largest sound polygon of each geometry."""
    result = np.empty(len(geometries), dtype=object)
    flat = shapely.force_2d(np.asarray(geometries, dtype=object))
    for index, geometry in enumerate(flat):
        valid = geometry if shapely.is_valid(geometry) else shapely.make_valid(geometry)
        parts = [part for part in shapely.get_parts(valid) if part.geom_type == "Polygon" and part.area > 0]
        if not parts:
            parts = [
                part for each in shapely.get_parts(valid) for part in shapely.get_parts(each) if part.area > 0
            ]
        if not parts:
            raise InvalidInputError(
                f"{what} {index} has no area", code="delineation_polygon_invalid", what=what, index=index
            )
        result[index] = max(parts, key=lambda part: part.area)
    return result


def _lines(geometries: Geometries) -> Geometries:
    if not len(geometries):
        return geometries
    return np.asarray(shapely.force_2d(np.asarray(geometries, dtype=object)), dtype=object)
