"""Where a visit was: at a building, or at a point; and whether it is the visitor's to look after."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import numpy as np
import shapely

from gis.errors import InvalidInputError, NotAllowedError
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.locate import locate
from gis.flows.work import Work
from gis.words import Actor, Place, Position, PositionSource, Role


@dataclass(frozen=True, slots=True)
class VisitPlace:
    """A place as it is stored with a visit or a problem: never where somebody walked.

    Without a point only its grid is known.
    """

    lon: float | None
    lat: float | None
    building_id: UUID | None
    text: str
    grid_code: str | None
    micro_grid_code: str | None
    segment_id: UUID | None

    @property
    def position(self) -> Position | None:
        """The place as a position."""
        if self.lon is None or self.lat is None:
            return None
        source = PositionSource.PLATE if self.building_id else PositionSource.PIN
        return Position(self.lon, self.lat, source=source)


async def place_of(
    work: Work, actor: Actor, building_id: UUID | None, position: Position | None
) -> VisitPlace:
    """Return where a visit was, in the areas in force.

    A long building may hold two micro-grids: its place is then in that one which the visitor looks after.

    Parameters
    ----------
    work, actor
        On whose behalf.
    building_id, position
        One of them; a building is more exact.

    Raises
    ------
    InvalidInputError
        ``visit_place_missing``, ``building_unknown``, ``position_outside_community``.
    NotAllowedError
        ``visit_outside_area``: somebody else looks after it.
    """
    atlas = await work.atlas.get(work.session, actor.community_id)
    if building_id is not None:
        found, cells = at_building(atlas, work, building_id)
    elif position is not None:
        found = at_point(atlas, work, position)
        cells = [(found.grid_code, found.micro_grid_code)]
    else:
        raise InvalidInputError("where?", code="visit_place_missing", field="building")
    for grid_code, micro_grid_code in cells:
        if looks_after(actor, grid_code, micro_grid_code):
            return VisitPlace(
                found.lon,
                found.lat,
                found.building_id,
                found.text,
                grid_code,
                micro_grid_code,
                found.segment_id,
            )
    raise NotAllowedError("somebody else looks after it", code="visit_outside_area")


def looks_after(actor: Actor, grid_code: str | None, micro_grid_code: str | None) -> bool:
    """Tell whether somebody looks after a place, by their role and areas of now.

    Parameters
    ----------
    actor, grid_code, micro_grid_code
        Who, and where.
    """
    if actor.role is Role.WATCHER:
        return micro_grid_code in actor.micro_grid_codes
    if actor.role is Role.GRID_WORKER:
        return grid_code in actor.grid_codes
    return actor.role in {Role.DESK, Role.ADMIN}


def at_building(
    atlas: CommunityAtlas, work: Work, building_id: UUID
) -> tuple[VisitPlace, list[tuple[str | None, str | None]]]:
    """Return a building's place, and the grids and micro-grids that it and its doors lie in, the place's own first.

    Parameters
    ----------
    atlas, work, building_id
        Which building of which community.

    Raises
    ------
    InvalidInputError
        ``building_unknown``.
    """
    row = atlas.building_rows.get(building_id)
    if row is None:
        raise InvalidInputError("no such building", code="building_unknown", field="building")
    places = atlas.places
    inner = places.buildings[row].representative_point()
    lon, lat = atlas.metric.unproject(inner.x, inner.y)
    at = Position(lon, lat, source=PositionSource.PLATE)
    found = _named(locate(atlas, at, work.settings.snap, chosen_place=str(building_id)), at, building_id)
    cells = [(found.grid_code, found.micro_grid_code)]
    doors = places.stairwell_xy(row)
    for cell in places.containing(doors[:, 0].copy(), doors[:, 1].copy()) if len(doors) else ():
        if cell >= 0:
            grid = int(places.cell_grid[cell])
            code = places.arrays.grids.code[grid] if grid >= 0 else None
            cells.append((code, places.arrays.micro_grids.code[cell]))
    return found, list(dict.fromkeys(cells))


def buildings_of(atlas: CommunityAtlas, actor: Actor) -> set[UUID]:
    """Return the buildings that somebody looks after, all or some doors of which lie in their areas.

    Parameters
    ----------
    atlas, actor
        Who, in which community.
    """
    places = atlas.places
    inner = np.asarray(shapely.point_on_surface(places.buildings), dtype=object).reshape(-1)
    points = np.concatenate([shapely.get_coordinates(places.stairwells), shapely.get_coordinates(inner)])
    rows = np.concatenate([places.arrays.stairwell_building, np.arange(len(inner))])
    if not len(points):
        return set()
    cells = places.containing(points[:, 0].copy(), points[:, 1].copy())
    ids, found = places.arrays.buildings.id, set()
    for row, cell in zip(rows.tolist(), cells.tolist(), strict=True):
        if cell < 0 or ids[row] in found:
            continue
        grid = int(places.cell_grid[cell])
        grid_code = places.arrays.grids.code[grid] if grid >= 0 else None
        if looks_after(actor, grid_code, places.arrays.micro_grids.code[cell]):
            found.add(ids[row])
    return found


def at_point(atlas: CommunityAtlas, work: Work, at: Position) -> VisitPlace:
    """Return the place of a position.

    Parameters
    ----------
    atlas, work, at
        Where in which community.

    Raises
    ------
    InvalidInputError
        ``position_outside_community``.
    """
    return _named(locate(atlas, at, work.settings.snap), at)


def _named(place: Place, at: Position, building_id: UUID | None = None) -> VisitPlace:
    if place.community is None:
        raise InvalidInputError("the place lies outside", code="position_outside_community", field="lon")
    named = (one.name for one in (place.building, place.street, place.micro_grid) if one and one.name)
    return VisitPlace(
        at.lon,
        at.lat,
        building_id or (place.building.id if place.building else None),
        next(named, ""),
        place.grid.code if place.grid else None,
        place.micro_grid.code if place.micro_grid else None,
        place.street.id if place.street else None,
    )
