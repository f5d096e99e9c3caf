"""Rubbish through every filter: SQL, LIKE, regular expressions, search expressions, CQL2, JSON paths, numbers that are none."""

from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from tests.abuse.access import Route
from tests.abuse.figures import long_form, tell
from tests.abuse.test_forgery import IDS
from tests.http.conftest import API, Service

RUBBISH = [
    "' OR '1'='1", "'; DROP TABLE person; --", "1); SELECT pg_sleep(9); --", "%' UNION SELECT password_hash FROM person --",
    "%", "_", "\\", "%%%%%%%%\\", "((((", "[", "(?P<x>a+)+$", "a" * 5000, "!!&|:*", "'a' <-> 'b':*", "\x00", "a\x00b",
    "\ud83d", "١٢٣", "1e999", "NaN", "-1", "9" * 40, "0x10", "{}", "[1,2", "$.a ? (@ > 1)", "../../x", "${7*7}{{7*7}}",
    "name = 'x' OR 1=1", "S_INTERSECTS(geom,POINT(1 2", "name LIKE '%' AND (SELECT 1)", "POLYGON((0 0,1e999 0))",
    "1,2,3", "1,2,3,4,5,6,7", "181,91,-181,-91", "2026-13-45", "0001-01-01/9999-12-31", "../..", "..;/..", "EPSG:999999",
    "http://www.opengis.net/def/crs/EPSG/0/'", "，", "\u202e", "é" * 300, ",,,,,", "a:b:c", "true", "null",
]  # fmt: skip
AT_ONCE = len(RUBBISH) if long_form() else 4
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
    """Return the query parameters that a route takes."""
    found: set[str] = set()
    for one in dependant.query_params:
        fields: dict[str, Any] | None = getattr(one.field_info.annotation, "model_fields", None)
        found |= {one.alias} if fields is None else {field.alias or name for name, field in fields.items()}
    return found.union(*(names_of(below) for below in dependant.dependencies))


async def test_rubbish_in_every_filter(service: Service) -> None:
    await service.report()
    clients = {name: await service.person(name) for name in ("admin", "desk", "planner")}
    asked, failed = 0, []
    for one in iter_route_contexts(service.app.router.routes):
        route = one.original_route
        if (
            not isinstance(route, APIRoute)
            or "GET" not in (one.methods or ())
            or (one.path or "").endswith("/events")
        ):
            continue
        path = Route(one.path or "", "GET").at(
            IDS
            | {
                "community": "test",
                "community_id": "test",
                "z": "16",
                "x": "1",
                "y": "1",
                "number": "1",
                "monday": "2026-06-08",
                "day": "2026-06-04",
            }
        )
        for name in sorted(
            names_of(route.dependant)
            | (
                {"filter", "bbox", "crs", "datetime", "properties"}
                if path.startswith("/ogc") and "items" in path
                else set()
            )
        ):
            for turn in range(AT_ONCE):
                value = RUBBISH[(asked + turn * 11) % len(RUBBISH)]
                client = list(clients.values())[asked % 3]
                answer = await client.get(path, params={name: value.encode("utf-8", "replace")})
                asked += 1
                if answer.status_code >= 500:
                    failed.append((path, name, value[:60], answer.status_code))
    tell("rubbish through filters", requests=asked, failures=len(failed))
    assert asked > 400
    assert failed == []


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
