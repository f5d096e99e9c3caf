"""Areas of the drawn community, and areas like them with other borders."""

from dataclasses import replace

import shapely

from gis.areas.columns import AreaRows
from gis.flows.boundaries.loading import version_areas
from gis.words import Level
from tests.factories import at
from tests.loop import Loop


async def areas_of(loop: Loop, version: int = 1) -> list[AreaRows]:
    async with loop.database.read() as session:
        return await version_areas(session, loop.community.community_id, version)


def square(x_m: float, y_m: float, width_m: float, height_m: float) -> shapely.Polygon:
    corners = [(x_m, y_m), (x_m + width_m, y_m), (x_m + width_m, y_m + height_m), (x_m, y_m + height_m)]
    return shapely.Polygon([at(*corner) for corner in corners])


def with_cells(areas: list[AreaRows], **cells: shapely.Polygon) -> list[AreaRows]:
    """Return areas in which micro-grids (``c01_01``) have other outlines."""
    result = []
    for rows in areas:
        geometry = rows.geometry.copy()
        if rows.level is Level.MICRO_GRID:
            for name, shape in cells.items():
                geometry[rows.code.index(name[1:].replace("_", "-"))] = shape
        result.append(replace(rows, geometry=geometry))
    return result


def moved_border(areas: list[AreaRows], by_m: float = 20) -> list[AreaRows]:
    """Return areas in which 01-01 reaches farther north, at the cost of 01-02."""
    new = with_cells(
        areas, c01_01=square(0, 0, 100, 100 + by_m), c01_02=square(0, 100 + by_m, 100, 100 - by_m)
    )
    cells = next(rows for rows in new if rows.level is Level.MICRO_GRID)
    for row, code in enumerate(cells.code):  # the eastern neighbours get the vertex on their border
        cells.geometry[row] = (
            _with_vertex(cells.geometry[row], at(100, 100 + by_m)) if code == "02-02" else cells.geometry[row]
        )
    return new


def _with_vertex(shape: shapely.Polygon, place: tuple[float, float]) -> shapely.Polygon:
    ring = list(shape.exterior.coords)
    line = shapely.Point(place)
    where = min(range(len(ring) - 1), key=lambda i: shapely.LineString(ring[i : i + 2]).distance(line))
    return shapely.Polygon([*ring[: where + 1], place, *ring[where + 1 :]])
