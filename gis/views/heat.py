"""Where cases gather: heat points, coarsened by who asks, and streets by cases per metre."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gis.store.boards import HeatPoint, HotStreet, heat_rows, hot_streets
from gis.store.case_reading import CaseFilters
from gis.store.session import ReadSession
from gis.words import Role, Scope

__all__ = ["HeatMap", "HeatPoint", "HotStreet", "heat_points", "hotspots"]

EXACT_M = 1.0
PLANNING_M = 20.0
PUBLIC_M = 100.0
HAZARDS = ("hazard",)
_CELLS_M = {Role.ADMIN: EXACT_M, Role.DESK: EXACT_M, Role.GRID_WORKER: EXACT_M, Role.PLANNER: PLANNING_M}


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Points of a heatmap (EPSG:4326), the size of the cells they were gathered in, and how many cases there are."""

    points: list[HeatPoint]
    cell_m: float
    total: int


async def heat_points(session: ReadSession, scope: Scope, role: Role, filters: CaseFilters) -> HeatMap:
    """Return where cases happened.

    The desk and grid workers see them to the metre inside their scope, planners in cells of 20 m. Anybody else is
    shown hazards of the whole community in cells of 100 m: enough to take care, too coarse to point at a home.
    """
    cell_m = _CELLS_M.get(role, PUBLIC_M)
    if cell_m == PUBLIC_M:
        scope = Scope(scope.community_id, everything=True)
    points = await heat_rows(session, scope, of_hazards(filters, role), cell_m=cell_m)
    return HeatMap(points, cell_m, sum(point.cases for point in points))


async def hotspots(
    session: ReadSession, scope: Scope, role: Role, filters: CaseFilters, *, limit: int = 50
) -> list[HotStreet]:
    """Return named streets by cases per metre of street, the worst first."""
    if role not in _CELLS_M:
        scope = Scope(scope.community_id, everything=True)
    return await hot_streets(session, scope, of_hazards(filters, role), limit=limit)


def of_hazards(filters: CaseFilters, role: Role) -> CaseFilters:
    """Return the filters narrowed to hazards, unless a role that sees more asks for certain categories."""
    if filters.families or (filters.categories and role in _CELLS_M):
        return filters
    return replace(filters, families=HAZARDS)
