"""Short ways to routes: the same route answers as when they are looked through one by one, and in the same words."""

import re

import pytest
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.routing import Match

from api.routes.reports import SubmittedOut
from api.straight import PlainRoute, StraightRoutes, straight
from tests.http.conftest import API, Check, Service, report_fields


async def test_each_path_leads_to_the_route_that_is_found_by_looking(service: Service) -> None:
    first, *others = service.app.router.routes
    assert isinstance(first, StraightRoutes)
    known = straight(others)
    found: dict[tuple[str, str], object] = {}
    for one in others:
        if not isinstance(one, APIRoute):
            continue
        for method, path in known:
            if method in (one.methods or ()) and one.path_regex.match(path):
                found.setdefault((method, path), one)
    assert found == known
    assert ("POST", f"{API}/reports") in known


async def test_each_path_with_parameters_leads_to_the_route_that_is_found_by_looking(
    service: Service,
) -> None:
    first, *others = service.app.router.routes
    assert isinstance(first, StraightRoutes)
    routes = [one for one in others if isinstance(one, APIRoute)]
    samples = {
        (method, re.sub(r"{[^}]*}", sample, one.path))
        for one in routes
        for method in one.methods or ()
        for sample in ("7", "0190f6a0-0000-7000-8000-000000000000", "new")
    }
    short = 0
    for method, path in samples:
        matched, found = first.matches({"type": "http", "method": method, "path": path})
        looked = next(one for one in routes if method in (one.methods or ()) and one.path_regex.match(path))
        if matched is Match.FULL:
            assert found["route"] is looked, path
            assert found["path_params"].keys() == looked.param_convertors.keys()
            short += "{" in (looked.path)
    assert short > 300


async def test_a_route_with_parameters_that_stands_before_is_left_its_requests() -> None:
    from fastapi import APIRouter

    router = APIRouter()

    @router.get("/a/{name}")
    async def named(name: str) -> str:
        return name

    @router.get("/a/fixed")
    @router.post("/a/fixed")
    async def fixed() -> str:
        return "fixed"

    ours = {key for key in straight(router.routes) if key[1] == "/a/fixed"}
    assert ours == {("POST", "/a/fixed")}


async def test_filing_is_as_strict_as_every_other_route(service: Service, problem: Check) -> None:
    nobody, rider = await service.anybody(), await service.person("rider1")
    problem(await nobody.post(f"{API}/reports", json=report_fields()), 401, "not_signed_in")
    problem(await rider.post(f"{API}/reports?colour=red", json=report_fields()), 400, "unknown_parameter")
    problem(await rider.delete(f"{API}/reports"), 405, "method_not_allowed")
    assert (await rider.post(f"{API}/reports?lang=en", json=report_fields())).status_code == 201


async def test_what_is_answered_is_what_the_document_says(service: Service) -> None:
    await service.on_duty("rider1", where=(40, 20))
    rider = await service.person("resident")
    filed = [report_fields(where=(35, 20)), report_fields(where=(37, 21), description="井盖旁污水外溢")]
    filed.append(report_fields(where=(3000, 3000)))
    for fields in (*filed, filed[0]):
        answer = await rider.post(f"{API}/reports", json=fields)
        assert answer.is_success, answer.text
        assert SubmittedOut.model_validate_json(answer.content).model_dump_json() == answer.text


def test_a_plain_route_is_given_the_request_alone() -> None:
    async def wants_more(request: Request, name: str) -> None:
        """Answer nothing."""

    with pytest.raises(TypeError, match="wants_more"):
        PlainRoute("/a", wants_more)
