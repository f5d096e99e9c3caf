"""Which pages there are, which of them each role has, and which of those stay in the bar of a phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.words import Role

PATHS = {
    "home": "/",
    "tasks": "/tasks",
    "agency": "/agency",
    "report": "/report",
    "map": "/map",
    "desk": "/desk",
    "planner": "/planner",
    "plates": "/plates",
    "grids": "/grids",
    "orders": "/orders",
    "service": "/service",
    "exports": "/exports",
    "indicators": "/indicators",
    "admin": "/admin",
}
PAGES: Mapping[Role, tuple[str, ...]] = {
    Role.RESIDENT: ("home", "orders", "report", "service"),
    Role.RIDER: ("home", "tasks", "report", "service"),
    Role.WATCHER: ("home", "tasks", "report", "service", "orders", "map"),
    Role.GRID_WORKER: (
        "home",
        "map",
        "desk",
        "report",
        "agency",
        "orders",
        "service",
        "planner",
        "indicators",
        "plates",
        "exports",
    ),
    Role.DESK: (
        "home",
        "desk",
        "map",
        "orders",
        "service",
        "agency",
        "planner",
        "indicators",
        "report",
        "plates",
        "grids",
        "exports",
        "admin",
    ),
    Role.PLANNER: ("home", "planner", "indicators", "map", "exports", "service"),
    Role.AGENCY: ("home", "agency", "desk", "map", "exports", "service"),
    Role.ADMIN: (
        "home",
        "admin",
        "desk",
        "map",
        "orders",
        "service",
        "agency",
        "planner",
        "indicators",
        "report",
        "plates",
        "grids",
        "exports",
    ),
}
AT_HAND = 4
"""Where there are more pages than fit in a row, so many stay in the bar; the others are behind one more."""
MOST_IN_BAR = 5


def menu_of(role: Role) -> dict[str, Any]:
    """Return the pages of a role for its menu: all, those in the bar, and those behind one more.

    Parameters
    ----------
    role
        Of the reader.
    """
    pages = [{"key": key, "path": PATHS[key]} for key in PAGES[role]]
    tabs = pages if len(pages) <= MOST_IN_BAR else pages[:AT_HAND]
    return {"pages": pages, "tabs": tabs, "more": [one for one in pages if one not in tabs]}
