"""How closely each role sees where things happen: never a flat, and the public never fewer than several cases together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gis.flows.hotspots.current import HotFilters
from gis.people.permissions import scope_of
from gis.words import Actor, Role, Scope

EXACT_M, PLANNING_M, COARSE_M = 1.0, 20.0, 100.0
FEWEST, FEWEST_PUBLIC = 3, 5
HAZARDS = ("hazard",)
_CELLS_M = {
    Role.ADMIN: EXACT_M,
    Role.DESK: EXACT_M,
    Role.GRID_WORKER: EXACT_M,
    Role.PLANNER: PLANNING_M,
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody is shown.

    Parameters
    ----------
    scope, filters
        Whose cases, and which.
    cell_m
        Places are told to so many metres.
    least
        A cell or street with fewer cases is left out.
    """

    scope: Scope
    filters: HotFilters
    cell_m: float
    least: int


def sight(actor: Actor, filters: HotFilters) -> Sight:
    """Return what a reader is shown.

    Parameters
    ----------
    actor
        The desk and grid workers see cases to the metre inside their scope, planners in cells of 20 m; everybody else
        is shown hazards of the whole community in cells of 100 m: enough to take care, too coarse to point at a home.
    filters
        What they ask for; without categories only hazards are shown.
    """
    cell_m = _CELLS_M.get(actor.role)
    if cell_m is None:
        return Sight(
            Scope(actor.community_id, everything=True), of_hazards(filters, always=True), COARSE_M, FEWEST
        )
    return Sight(scope_of(actor), of_hazards(filters), cell_m, 1)


def public_sight(community_id: str, filters: HotFilters) -> Sight:
    """Return what is shown without signing in, where a community has decided so."""
    return Sight(
        Scope(community_id, everything=True), of_hazards(filters, always=True), COARSE_M, FEWEST_PUBLIC
    )


def of_hazards(filters: HotFilters, *, always: bool = False) -> HotFilters:
    """Return the filters narrowed to hazards, unless certain categories are asked for."""
    cases = filters.cases
    if cases.families or (cases.categories and not always):
        return filters
    return replace(filters, cases=replace(cases, families=HAZARDS))
