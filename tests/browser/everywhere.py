"""Every page of the service, each with somebody who has it: those with an id are found by following links."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable

from api.pages.admin.frame import SECTIONS
from api.pages.menu import PAGES, PATHS
from api.pages.service.frame import paths_of
from gis.words import Role

PEOPLE = {
    Role.ADMIN: "admin",
    Role.DESK: "desk",
    Role.GRID_WORKER: "grid01",
    Role.WATCHER: "watcher002",
    Role.RIDER: "rider111",
    Role.PLANNER: "planner",
    Role.AGENCY: "water",
    Role.RESIDENT: "resident",
}
NOBODY = ("/login", "/login/code")
_OFFICE = (
    "/musters",
    "/desk/shift",
    "/desk/call",
    "/desk/hotline",
    "/residents/households/new",
)
_KITCHEN = (
    "/meals/day",
    "/meals/menu",
    "/meals/rounds",
    "/meals/subscriptions",
    "/meals/statement",
    "/meals/office",
)
_VISITS = ("/visits/rounds", "/visits/coverage", "/visits/log", "/visits/findings", "/visits/campaigns")
_PLANS = ("/planner/heat", "/planner/rates", "/planner/plans", "/planner/plans/new", "/indicators/report")
_MORE = {
    Role.ADMIN: (
        *(f"/admin/{one}" for one in SECTIONS),
        "/admin/people/new",
        "/admin/people/import",
        *(f"/residents/{one}" for one in ("import", "flags", "looks", "erasures")),
    ),
    Role.DESK: (*_OFFICE, *_KITCHEN, "/missing/new", "/handbook/new", "/teams/certificates"),
    Role.GRID_WORKER: ("/residents", "/residents/suggestions", "/residents/updates"),
    Role.WATCHER: (*_VISITS, "/meals"),
    Role.RIDER: ("/notices", "/reports", "/service/statement", "/meals", "/me/data"),
    Role.PLANNER: _PLANS,
    Role.RESIDENT: ("/meals", "/service"),
}
"""Pages that no menu holds, and those that look another way to others."""
ID = "([0-9a-f]{8}-[0-9a-f-]{27})"
CODE = r"((?!new\b)[\w-]+)"
_LINKED = {
    Role.ADMIN: (("/admin/people", f"/admin/people/{ID}"), ("/admin/duty", f"/admin/duty/{ID}")),
    Role.DESK: (
        ("/desk", f"/cases/{ID}"),
        ("/desk/hotline", f"/desk/hotline/{ID}"),
        ("/musters", f"/musters/{ID}"),
        ("/stations", f"/stations/{CODE}"),
        (f"/stations/{CODE}", f"/stations/{CODE}/plate"),
        ("/mediation", f"/mediation/{ID}"),
        ("/teams", f"/teams/{ID}"),
        ("/activities", f"/activities/{ID}"),
        (f"/activities/{ID}", f"/activities/{ID}/screen"),
        ("/handbook", f"/handbook/{CODE}/edit"),
        ("/missing", f"/missing/{ID}"),
        ("/meals/rounds", f"/meals/rounds/{ID}"),
        ("/meals/subscriptions", f"/meals/subscriptions/{ID}"),
    ),
    Role.GRID_WORKER: (
        ("/residents?q=w", f"/residents/people/{ID}"),
        (f"/residents/people/{ID}", f"/residents/people/{ID}/edit"),
        (f"/residents/people/{ID}", f"/residents/people/{ID}/export"),
        (f"/residents/people/{ID}", f"/residents/households/{ID}"),
        ("/visits/log", f"/visits/{ID}"),
        ("/visits/rounds", f"/visits/rounds/{ID}"),
        ("/visits/campaigns", f"/visits/campaigns/{ID}"),
        (f"/visits/campaigns/{ID}", f"/visits/campaigns/{ID}/report"),
        ("/activities", f"/activities/{ID}"),
    ),
    Role.RIDER: (
        ("/reports", f"/report/{ID}"),
        ("/service", f"/service/redemptions/{ID}"),
        ("/meals", f"/meals/rounds/{ID}"),
    ),
    Role.PLANNER: (
        ("/planner", f"/planner/streets/{ID}"),
        ("/planner/plans", f"/planner/plans/{ID}"),
        (f"/planner/plans/{ID}", f"/planner/plans/{ID}/report"),
    ),
    Role.RESIDENT: (("/meals", f"/meals/subscriptions/{ID}"), ("/activities", f"/activities/{ID}")),
}
"""Where a link to it stands, and what the link's address looks like; the former may be a page found before."""

Fetch = Callable[[str], Awaitable[str]]
"""Gives the text of a page as somebody sees it."""


def pages_by_role() -> dict[Role, list[str]]:
    """Return each page with the first role that has it, every role's home, and pages that look another way to others."""
    found: defaultdict[Role, list[str]] = defaultdict(list)
    seen = set()
    for role in PEOPLE:
        for key in PAGES[role]:
            if key != "service" and (key == "home" or key not in seen):
                seen.add(key)
                found[role].append(PATHS[key])
        for path in paths_of(role):
            if path not in seen:
                seen.add(path)
                found[role].append(path)
        found[role] += [path for path in _MORE.get(role, ()) if path not in found[role]]
    return found


async def linked_pages(role: Role, fetch: Fetch) -> list[str]:
    """Return one page of each kind that has an id, as far as links of this world lead to one.

    Parameters
    ----------
    role
        Whose links.
    fetch
        Gives a page's text as somebody of this role sees it.
    """
    found: dict[str, str] = {}
    for start, pattern in _LINKED.get(role, ()):
        path = found.get(start, start if start.startswith("/") and "(" not in start else "")
        link = re.search(f'href="({pattern})["?#]', await fetch(path)) if path else None
        if link:
            found[pattern] = link[1]
    return list(found.values())
