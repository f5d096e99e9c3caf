"""The role matrix: every route of the live table against every role, on one's own side and the other's."""

import csv
import io
import os
from collections.abc import Iterator
from uuid import uuid4

import pytest

from api.limiting import kind_of
from gis.clock import SettableClock
from gis.settings import Settings
from gis.store.tables import metadata
from tests import server
from tests.abuse.access import (
    ROLES,
    TABLE,
    Bodies,
    Route,
    alike,
    ask,
    both,
    of_one_side,
    routes_of,
    sides,
    stated,
    verdict,
)
from tests.abuse.figures import long_form
from tests.abuse.world import EAST, PLAIN, WEST, Drawer, World
from tests.conftest import KEPT
from tests.factories import Community
from tests.http.conftest import API, Service, running

WRITE = "WEIWANG_ABUSE_MATRIX"
HEAD = """# Who may do what: a line for each method and path of the service, a sign for each role.
# 1 nobody 2 resident 3 rider 4 watcher of 01-01 5 grid worker of 01 6 agency (water) 7 planner 8 desk 9 administrator
# . refused (not signed in, not allowed, or answered as if it weren't there)   + let in
# ~ let in as far as what was sent: asked with nothing to send, or at the wrong moment
# o let in on one's own side (grid 01, own reports, own referrals) and refused on the other; p the same as far as ~
# Drawn and compared by tests/abuse/test_matrix.py; WEIWANG_ABUSE_MATRIX=1 writes it anew, to be read before it is committed.
"""
DRAWN = "drawn"
BRIEFLY = ("nobody", "rider1", "grid01", "desk")
ENDING = (Route(f"{API}/session", "DELETE"), Route("/logout", "POST"))
"""What ends the session that it is asked with."""
COMMON = (  # everybody of a community may know of these, wherever they are
    "/api/v1/nearby",
)


@pytest.fixture
async def world(
    settings: Settings, database_url: str, community: Community, clock: SettableClock
) -> tuple[World, str]:
    """Give a drawn world with two sides, and the name of its database, in which nobody is."""
    quiet = settings.model_copy(update={"run_jobs": False})
    async with running(quiet, database_url, community, clock) as service:
        drawn = await Drawer(service, dict(PLAIN)).draw(database_url)
    return drawn, database_url


def remember(url: str) -> None:
    """Keep the rows that are there in tables beside theirs."""
    connection = server._connection(url)
    connection.execute(f"CREATE SCHEMA {DRAWN}")
    for table in metadata.sorted_tables:
        if table.name not in KEPT:
            connection.execute(f'CREATE TABLE {DRAWN}."{table.name}" AS TABLE "{table.name}"')


def restore(url: str) -> None:
    """Bring the kept rows back, and nothing else: what one role did isn't there for the next."""
    server.clear(url, keep=KEPT)
    names = [table.name for table in metadata.sorted_tables if table.name not in KEPT]
    fill = (f'INSERT INTO "{name}" OVERRIDING SYSTEM VALUE SELECT * FROM {DRAWN}."{name}"' for name in names)
    server._connection(url).execute("; ".join(fill))


@pytest.fixture(autouse=True)
def _tidy(database_url: str) -> Iterator[None]:
    yield
    server._connection(database_url).execute(f"DROP SCHEMA IF EXISTS {DRAWN} CASCADE")


def roles_asked() -> list[int]:
    """Return the places of the roles to ask as: all, or in the short form one each of those that see nothing, own, a side, all."""
    whole = long_form() or bool(os.environ.get(WRITE))
    return [number for number, role in enumerate(ROLES) if whole or role in BRIEFLY]


def wanted(routes: list[Route], role: int) -> list[Route]:
    """Return the routes to ask as a role: in the short form not each page that others before it were let in to, too.

    What changes something is always asked, so that both forms meet with the same world.
    """
    known = stated()
    if long_form() or os.environ.get(WRITE):
        return routes
    before = [number for number in roles_asked() if number < role]
    return [
        one
        for one in routes
        if one.method != "GET"
        or one not in known
        or known[one][role] in ".op!"
        or {known[one][number] for number in before} <= {"."}
    ]


async def cells_of(service: Service, number: int, drawn: World, told: list[str]) -> dict[Route, str]:
    """Return the cells of a role, and tell of what no role may meet with."""
    role, found = ROLES[number], {}
    bodies = Bodies(service.app.openapi())
    client = await (service.anybody() if role == "nobody" else service.person(role))
    for route in wanted(routes_of(service.app), number):
        body = bodies.of(route)
        asking = await service.sign_in(role) if route in ENDING and role != "nobody" else client
        answers = [await ask(asking, route, drawn.ids[side], body) for side in sides(role, route)]
        signs = [verdict(one.status) for one in answers]
        found[route] = both(signs[-1], signs[0])
        for one in answers:
            told += [f"{role} {route.method} {route.path} {one.status}"] if one.status >= 500 else []
            if one.handed_out and kind_of(route.method, route.at(drawn.ids[WEST])) != "exports":
                told.append(
                    f"{route.method} {route.path} hands out a file that isn't counted (api/limiting.py)"
                )
            if of_one_side(role) and route.path not in COMMON and one.status < 300:
                told += [
                    f"{role} reads {secret!r} at {route.method} {route.path}"
                    for secret in drawn.secret(EAST)
                    if secret in one.body
                ]
    return found


async def unlike_nothing(service: Service, drawn: World) -> list[str]:
    """Return where what is another's is answered otherwise than what is not there: it would tell that it exists."""
    nothing = {name: str(uuid4()) if len(value) == 36 else value for name, value in drawn.ids[EAST].items()}
    told = []
    bodies = Bodies(service.app.openapi())
    for role in ("grid01", "rider1", "watcher01-01"):
        client = await service.person(role)
        for route in (one for one in routes_of(service.app) if one.sided and one.method == "GET"):
            theirs, none = [
                await ask(client, route, ids, bodies.of(route)) for ids in (drawn.ids[EAST], nothing)
            ]
            if (theirs.status, theirs.code) != (none.status, none.code) and theirs.status >= 300:
                told.append(f"{role} {route.path}: {theirs.status} {theirs.code}, {none.status} {none.code}")
    return told


async def counted(service: Service, drawn: World) -> dict[str, int]:
    """Return how many cases each of some people is told of: in the list, its counts, on the heat map, in a file and in a tile."""
    totals, tile = {}, Route("/tiles/{layer}/{z}/{x}/{y}.mvt", "GET").at(drawn.ids[WEST])
    everything: set[bytes] = set()
    for name in ("desk", "grid01", "grid02", "rider1", "watcher01-01", "watcher02-02", "rider3", "roads"):
        client = await service.person(name)
        listed = (await client.get(f"{API}/cases?limit=100")).json()
        counts = sum((await client.get(f"{API}/counts")).json()["counts"].values())
        own = {one["id"].encode() for one in listed["items"]}
        everything |= own  # the desk's, who comes first
        assert len(own) == listed["total"] == counts, name
        if name.startswith(("desk", "grid")):
            assert (await client.get(f"{API}/heatmap")).json()["total"] <= counts, name
            file = await client.get(f"{API}/exports/cases.csv")
            assert len(list(csv.reader(io.StringIO(file.text)))) == counts + 1, name
        drawn_there = await client.get(tile, headers={"Accept-Encoding": "identity"})
        assert {one for one in everything if one in drawn_there.content} == own, name
        totals[name] = counts
    return totals


@pytest.mark.timeout(1800)  # thousands of requests; on a busy machine they take their time
async def test_who_may_do_what(
    world: tuple[World, str], settings: Settings, community: Community, clock: SettableClock
) -> None:
    drawn, url = world
    remember(url)
    found: dict[Route, dict[int, str]] = {}
    told: list[str] = []
    for number in roles_asked():
        restore(url)
        async with running(settings.model_copy(update={"run_jobs": False}), url, community, clock) as service:
            routes = set(routes_of(service.app))
            for route, sign in (await cells_of(service, number, drawn, told)).items():
                found.setdefault(route, {})[number] = sign
    if os.environ.get(WRITE):
        rows = sorted(
            ("".join(cells[number] for number in sorted(cells)), route) for route, cells in found.items()
        )
        TABLE.write_text(
            HEAD
            + "".join(
                f"{cells} {one.method:6} {one.path}\n" for cells, one in sorted(rows, key=lambda row: row[1])
            )
        )
    assert "\n".join(told) == ""
    known = stated()
    assert sorted(routes - known.keys()) == [], "routes that tests/abuse/matrix.txt says nothing of"
    assert sorted(known.keys() - routes) == [], "routes that are no more"
    same = (lambda sign: sign) if long_form() else alike
    changed = [
        f"{route.method} {route.path}: {ROLES[number]} {sign}, stated {known[route]}"
        for route, cells in found.items()
        for number, sign in cells.items()
        if same(sign) != same(known[route][number])
    ]
    assert "\n".join(changed) == ""
    restore(url)
    async with running(settings.model_copy(update={"run_jobs": False}), url, community, clock) as service:
        assert await unlike_nothing(service, drawn) == []
        totals = await counted(service, drawn)
    west, east = totals["grid01"], totals["grid02"]
    assert min(west, east, totals["watcher01-01"], totals["rider1"]) > 0
    assert totals["desk"] >= west + east
    assert (totals["rider3"], totals["roads"]) == (0, 1)
