"""Rubbish through every filter: SQL, LIKE, regular expressions, search expressions, CQL2, JSON paths, numbers that are none."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.datastructures import QueryParams

from tests.abuse.access import ENDLESS, Route
from tests.abuse.figures import long_form, tell
from tests.abuse.test_forgery import IDS
from tests.abuse.world import PLAIN, WEST, Drawer
from tests.extent import WHOLE, part_of
from tests.http.conftest import API, Service

RUBBISH = [
    "' OR '1'='1", "'; DROP TABLE person; --", "1); SELECT pg_sleep(9); --", "%' UNION SELECT password_hash FROM person --",
    "%", "_", "\\", "%%%%%%%%\\", "((((", "[", "(?P<x>a+)+$", "a" * 5000, "!!&|:*", "'a' <-> 'b':*", "\x00", "a\x00b",
    "\ud83d", "١٢٣", "1e999", "NaN", "-1", "9" * 40, "0x10", "{}", "[1,2", "$.a ? (@ > 1)", "../../x", "${7*7}{{7*7}}",
    "name = 'x' OR 1=1", "S_INTERSECTS(geom,POINT(1 2", "name LIKE '%' AND (SELECT 1)", "POLYGON((0 0,1e999 0))",
    "1,2,3", "1,2,3,4,5,6,7", "181,91,-181,-91", "2026-13-45", "0001-01-01/9999-12-31", "../..", "..;/..", "EPSG:999999",
    "http://www.opengis.net/def/crs/EPSG/0/'", "，", "\u202e", "é" * 300, ",,,,,", "a:b:c", "true", "null",
]  # fmt: skip
BREAKING = "'\"(\\"
"""Breaks any statement, pattern or expression that it gets into as it is."""
ROLES = ("admin", "desk", "planner", "grid01", "watcher01-01", "rider1", "water", "resident")
NOT_THEIRS = {401, 403, 404} if long_form() else {401, 403}
EVERYWHERE = {"lang", "theme", "size", "notice"}
"""Read by every page: asked of one."""
ELSE = {"community": "test", "community_id": "test", "z": "16", "x": "1", "y": "1", "number": "1"}
COUNTED = (
    "cases",
    "reports",
    "residents",
    "visits",
    "findings",
    "referrals",
    "orders",
    "teams",
    "certificates",
)


def names_of(dependant: Dependant) -> set[str]:
    """Return the query parameters that a route declares."""
    found: set[str] = set()
    for one in dependant.query_params:
        fields: dict[str, Any] | None = getattr(one.field_info.annotation, "model_fields", None)
        found |= {one.alias} if fields is None else {field.alias or name for name, field in fields.items()}
    return found.union(*(names_of(below) for below in dependant.dependencies))


@pytest.fixture
def looked_for(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Note which query parameters are looked for: many pages read theirs without declaring them."""
    found: set[str] = set()

    def noting(name: str) -> Callable[..., Any]:
        read = getattr(QueryParams, name)

        def noted(query: QueryParams, key: str) -> Any:
            found.add(key)
            return read(query, key)

        return noted

    for name in ("__getitem__", "__contains__", "getlist"):
        monkeypatch.setattr(QueryParams, name, noting(name))
    return found


async def readers(service: Service) -> list[httpx.AsyncClient]:
    """Return somebody of each role, who sees most first."""
    return [await service.person(name) for name in ROLES]


def filtered(service: Service) -> list[tuple[str, set[str]]]:
    """Return the routes that may be filtered, with what they declare."""
    found = []
    for route in service.app.router.routes:
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and route.path not in ENDLESS:
            declared = names_of(route.dependant)
            if route.path.startswith("/ogc") and "items" in route.path:
                declared |= {"filter", "bbox", "crs", "datetime", "properties"}
            found.append((route.path, declared))
    return found


async def its_reader(clients: list[httpx.AsyncClient], path: str) -> httpx.AsyncClient:
    """Return the first who may read a page."""
    for client in clients:
        answer = await client.get(path)
        if answer.status_code not in NOT_THEIRS:
            return client
    return clients[0]


async def test_rubbish_in_every_filter(service: Service, database_url: str, looked_for: set[str]) -> None:
    world = await Drawer(service, dict(PLAIN)).draw(database_url) if long_form() else None
    ids = world.ids[WEST] if world else IDS | ELSE
    clients, asked, failed, known = await readers(service), 0, [], 0
    once: set[str] = set()
    for declared, names in part_of(filtered(service)):
        path = Route(declared, "GET").at(ids)
        looked_for.clear()
        client, done = await its_reader(clients, path), set[str]()
        while left := sorted((names | looked_for) - done - once):
            done |= {left[0]}
            once |= {left[0]} & EVERYWHERE
            known += 1
            third = RUBBISH[known % (3 * len(RUBBISH)) :][:1]  # one for every third filter
            more = RUBBISH if long_form() else third
            for value in [BREAKING, *more]:
                answer = await client.get(path, params={left[0]: value.encode("utf-8", "replace")})
                asked += 1
                if answer.status_code >= 500:
                    failed.append((path, left[0], value[:60], answer.status_code))
    tell("rubbish through filters", filters=known, requests=asked, failures=len(failed))
    assert failed == []
    assert known > (350 if WHOLE else 100)


async def test_no_filter_shows_more_than_there_is(service: Service) -> None:
    await service.report()
    desk, rider = await service.person("desk"), await service.person("rider3")
    for name in COUNTED:
        for client in (desk, rider):
            whole = await client.get(f"{API}/{name}")
            if whole.status_code != 200:
                continue
            for value in ("' OR '1'='1", "%", "_", "%' OR 1=1 --", "\\", "!!&|:*"):
                for field in ("q", "grid", "status", "category"):
                    answer = await client.get(f"{API}/{name}", params={field: value})
                    if answer.status_code == 200:
                        assert answer.json()["total"] <= whole.json()["total"], (name, field, value)
                        assert field != "grid" or answer.json()["total"] == 0, (name, field, value)
