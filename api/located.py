"""Where a position lies, with what a page needs to show it: the position itself, and the outline of every candidate."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import shapely
from pydantic import Field

from api.answers import CandidateOut, PlaceOut, place_out
from gis.flows.community_atlas import CommunityAtlas
from gis.words import Candidate, Place

DIGITS = 6
"""Of a degree: a decimetre is fine enough to draw."""


class LocatedCandidate(CandidateOut):
    """One of the likely places, to be shown and chosen; ``choice`` is what a report names it by."""

    choice: str
    outline: dict[str, Any] = Field(description="GeoJSON geometry of the building, else of the micro-grid")


class LocatedOut(PlaceOut):
    """Where a position lies; ``lon`` and ``lat`` are the position itself, EPSG:4326."""

    lon: float
    lat: float
    candidates: list[LocatedCandidate] = Field(default_factory=list)  # type: ignore[assignment]


def located_out(atlas: CommunityAtlas, place: Place, lon: float, lat: float) -> LocatedOut:
    """Return a place with its candidates' outlines.

    Parameters
    ----------
    atlas, place
        The community, and what was found in it.
    lon, lat
        The position, EPSG:4326.
    """
    plain = place_out(place).model_dump() | {"lon": lon, "lat": lat}
    houses = [one.building.id for one in place.candidates if one.building]
    shared = {one for one in houses if houses.count(one) > 1}
    plain["candidates"] = [
        {**shown, "choice": _choice(one, shared), "outline": _outline(atlas, one, shared)}
        for shown, one in zip(plain["candidates"], place.candidates, strict=True)
    ]
    return LocatedOut.model_validate(plain)


def _choice(one: Candidate, shared: set[UUID]) -> str:
    """Return the building's id; where two micro-grids share it, or there is none, the micro-grid's code."""
    alone = one.building is not None and one.building.id not in shared
    return str(one.building.id) if one.building is not None and alone else one.micro_grid.code


def _outline(atlas: CommunityAtlas, one: Candidate, shared: set[UUID]) -> dict[str, Any]:
    """Return the building, or the part of it in the micro-grid where another candidate is the rest."""
    arrays = atlas.places.arrays
    shape = cell = arrays.micro_grids.geometry[arrays.micro_grids.code.index(one.micro_grid.code)]
    if one.building is not None:
        shape = arrays.buildings.geometry[atlas.building_rows[one.building.id]]
        part = shapely.intersection(shape, cell)
        shape = part if one.building.id in shared and part.area > 0.0 else shape
    rounded = shapely.transform(shape, lambda at: at.round(DIGITS))
    found: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return found
