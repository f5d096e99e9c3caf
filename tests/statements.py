"""A drawn world that grows, and everything that its lists ask of the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import psycopg

from gis.clock import SettableClock
from gis.settings import Settings
from gis.store.session import Database
from scripts.bench.grown import grow
from scripts.bench.listening import Asked, listening
from scripts.bench.plans import Large, Plans, enlarge, large, look_through
from tests.abuse.access import ROLES, Route, stated
from tests.abuse.world import PLAIN, WEST, Drawer, World
from tests.factories import Community, draw_community
from tests.http.conftest import API, Service, running

CASES = 1_000_000
TIMES = 700
"""How often what was drawn is copied: some thousand cases."""
OFFICE = "desk"
SIDED = ("rider1", "watcher01-01", "grid01", "water")
"""Whose lists are their own."""
HOMES = ("/reports", "/tasks", "/agency", "/desk", "/visits/log", "/visits/findings", "/notices")
OTHERS = ("rider1", "watcher01-01", "grid01", "water", "resident", "admin", "planner")
UNASKED = (
    "/docs",
    "/openapi",
    "/metrics",
    "/healthz",
    "/readyz",
    f"{API}/events",
    "/sw.js",
    "/manifest",
    "/offline",
)
"""What asks nothing of the tables, or never ends."""
WHOLE = {
    "/planner": "reckons with all cases of a period",
    "/indicators": "likewise",
    f"{API}/hotspots": "likewise",
    f"{API}/heatmap": "likewise",
    f"{API}/plans": "likewise",
    f"{API}/indicators": "likewise",
    "/heat": "likewise",
}
"""What reads much by its purpose, and why."""
FILES = (".xlsx", ".pdf", ".zip", ".csv", "{ending}", "books.{kind}", "statement.{kind}")
"""Files hold everything that they are asked for."""
SAMPLES: dict[str, str] = {
    "from": "2026-05-01", "to": "2026-06-04", "q": "八经街", "status": "open", "category": "sewer", "mine": "task",
    "grid": "01", "micro_grid": "01-01", "bbox": "123.40,41.78,123.43,41.80", "limit": "20", "month": "2026-06",
    "family": "hazard", "light": "red",
}  # fmt: skip
"""Values of parameters by which lists are narrowed."""


@dataclass
class Grown:
    """A service over a database of its own whose community can grow."""

    service: Service
    world: World
    superuser_url: str
    asked: dict[str, Asked] = field(default_factory=dict)
    by: dict[str, str] = field(default_factory=dict)
    """Who asked for what when a statement was heard first."""

    async def ask(self, who: str, path: str, query: dict[str, str] | None = None) -> int:
        """Read an address as a page or as data; return how many statements that took."""
        client = await self.service.person(who)
        kind = "application/json" if path.startswith((API, "/ogc", "/open311")) else "text/html"
        known = set(self.asked)
        with listening(self.asked) as heard:
            answer = await client.get(path, params=query or {}, headers={"Accept": kind})
        assert answer.status_code < 500, (who, path, query, answer.text[:500])
        self.by |= dict.fromkeys(self.asked.keys() - known, f"{who} {path} {query or ''}")
        return len(heard)

    def paths(self, who: str) -> list[str]:
        """Return every address that somebody may read, with the identifiers of what was drawn."""
        place = ROLES.index(who)
        return [
            route.at(self.world.ids[WEST])
            for route, cells in sorted(stated().items())
            if route.method == "GET" and cells[place] in "+o" and not self.left_out(route)
        ]

    def is_list(self, path: str) -> bool:
        """Tell whether an address names nothing: what is there is listed."""
        ids = self.world.ids[WEST].values()
        return path.startswith((API, *HOMES)) and not any(one in path for one in ids if len(one) > 8)

    def left_out(self, route: Route) -> bool:
        """Tell whether a route asks nothing, or reads much by its purpose."""
        return route.path.startswith((*UNASKED, *WHOLE)) or any(one in route.path for one in FILES)

    def questions(self) -> list[tuple[str, dict[str, str]]]:
        """Return lists with one narrowing each, as the interface's own description has them."""
        found = []
        for path, methods in self.service.app.openapi()["paths"].items():
            if "{" in path or "get" not in methods or self.left_out(Route(path, "GET")):
                continue
            names = [one["name"] for one in methods["get"].get("parameters", ()) if one["in"] == "query"]
            found += [(path, {name: SAMPLES[name]}) for name in names if name in SAMPLES]
        return found

    async def ask_all(self, *, briefly: bool = False) -> None:
        """Ask for everything that anybody may read.

        Parameters
        ----------
        briefly
            Of what the office may read too, only lists as others see them: their own, and those of their areas.
        """
        office = set(self.paths(OFFICE))
        for who in OTHERS if briefly else (OFFICE, *OTHERS):
            for path in self.paths(who):
                if not briefly or path not in office or (who in SIDED and self.is_list(path)):
                    await self.ask(who, path)
        for path, query in self.questions():
            await self.ask(OFFICE, path, query)

    def grow(self) -> None:
        """Copy what was drawn."""
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            grow(connection, TIMES)

    def plans(self, cases: int = CASES) -> tuple[Plans, dict[str, Large]]:
        """Return the plans of everything that was asked, as they would be among so many cases."""
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            (there,) = connection.execute('SELECT count(*) FROM "case"').fetchone() or (1,)
            big = large(connection, cases / there)
            enlarge(connection, cases / there)
            return look_through(connection, self.asked.values(), big), big


async def drawn(url: str, settings: Settings, clock: SettableClock) -> tuple[Community, World]:
    """Draw a community and what happens in it, and leave nobody connected."""
    database = Database(url)
    async with database.write() as session:
        community = await draw_community(session)
    await database.close()
    async with running(settings, url, community, clock) as service:
        return community, await Drawer(service, dict(PLAIN)).draw(url)


@asynccontextmanager
async def lived(
    url: str, superuser_url: str, settings: Settings, clock: SettableClock
) -> AsyncIterator[Grown]:
    """Give a drawn world in a database of its own, not yet grown."""
    quiet = settings.model_copy(update={"run_jobs": False})
    community, world = await drawn(url, quiet, clock)
    async with running(quiet, url, community, clock) as service:
        yield Grown(service, world, superuser_url)
