"""Plans of repairs and rates as JSON: the loop of a planner's program, and input that makes no sense."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.http.conftest import API, Check, Service

JSON = {"Content-Type": "application/json"}


async def filed(service: Service) -> None:
    for y_m in (20, 45, 70):
        await service.report(where=(2, y_m), category="sewer")


async def test_a_plan_from_rates_to_its_versions(service: Service, problem: Check) -> None:
    await filed(service)
    planner = await service.person("planner")
    entered = await planner.put(f"{API}/rates", json={"rates": {"sewer": 800, "road_damage": 5}})
    assert entered.json() == {"rates": {"sewer": 800, "road_damage": 5}}
    kept = await planner.put(f"{API}/rates", json={"rates": {"road_damage": None}})
    assert kept.json() == (await planner.get(f"{API}/rates")).json() == {"rates": {"sewer": 800}}
    asked = {"budget": "metres", "amount": 120, "filters": {"category": "sewer"}}
    proposal = (await planner.post(f"{API}/plans/proposals", json=asked)).json()
    assert 0 < proposal["totals"]["length_m"] <= 120
    body = {"id": str(uuid4()), "name": "第一批", **asked}
    saved, again = [await planner.post(f"{API}/plans", json=body) for _ in range(2)]
    assert (saved.status_code, saved.json()) == (201, again.json())
    plan = saved.json()
    assert plan["streets"] == proposal["streets"]
    assert plan["streets"][0]["cost"] == pytest.approx(800 * plan["streets"][0]["length_m"], rel=0.01)
    assert (plan["version"], plan["versions"], plan["filters"]) == (1, [1], {"category": "sewer"})
    by_hand = {"id": body["id"], "base": 1, "name": "第二版", "streets": [plan["streets"][0]["id"]]}
    assert (await planner.post(f"{API}/plans", json=by_hand)).json()["versions"] == [2, 1]
    problem(await planner.post(f"{API}/plans", json={**by_hand, "name": "迟了"}), 409, "plan_changed")
    first = await planner.get(f"{API}/plans/{body['id']}?version=1")
    assert first.json()["streets"] == plan["streets"]
    problem(await planner.get(f"{API}/plans/{body['id']}?version=9"), 404, "plan_not_found")
    assert [one["name"] for one in (await planner.get(f"{API}/plans")).json()["items"]] == ["第二版"]
    assert (await planner.delete(f"{API}/plans/{body['id']}")).status_code == 204
    assert (await planner.get(f"{API}/plans")).json() == {"items": [], "total": 0}
    assert (await planner.get(f"{API}/plans/{body['id']}")).json()["dropped"] is True


async def test_of_two_who_save_at_once_one_is_told(service: Service) -> None:
    await filed(service)
    body = {"id": str(uuid4()), "budget": "metres", "amount": 300}
    people = [await service.person(one) for one in ("planner", "desk")]
    answers = await asyncio.gather(
        *(one.post(f"{API}/plans", json={**body, "name": f"方案{n}"}) for n, one in enumerate(people))
    )
    assert sorted(one.status_code for one in answers) == [201, 409]


async def test_who_may(service: Service, problem: Check) -> None:
    await filed(service)
    body = {"id": str(uuid4()), "name": "第一批", "budget": "metres", "amount": 300}
    worker, resident = await service.person("grid01"), await service.person("resident")
    assert (await worker.get(f"{API}/plans")).status_code == 200
    assert (await worker.get(f"{API}/rates")).status_code == 200
    for path in ("plans", "rates", f"plans/{uuid4()}"):
        problem(await resident.get(f"{API}/{path}"), 403, "not_allowed")
    for answer in (
        await worker.post(f"{API}/plans", json=body),
        await worker.post(f"{API}/plans/proposals", json={"budget": "metres", "amount": 9}),
        await worker.put(f"{API}/rates", json={"rates": {"sewer": 1}}),
        await worker.delete(f"{API}/plans/{uuid4()}"),
    ):
        problem(answer, 403, "not_allowed")
    assert (await (await service.anybody()).get(f"{API}/plans")).status_code == 401


async def test_bodies_that_make_no_sense(service: Service, problem: Check) -> None:
    await filed(service)
    planner = await service.person("planner")
    good: dict[str, Any] = {"id": str(uuid4()), "name": "第一批", "budget": "metres", "amount": 300}
    for change, status, code in (
        ({"name": " "}, 400, "field_missing"),
        ({"id": "x"}, 400, None),
        ({"base": 7}, 409, "plan_changed"),
        ({"base": -1}, 400, None),
        ({"note": "长" * 2001}, 400, None),
        ({"amount": 0}, 400, "budget_amount"),
        ({"amount": 1e13}, 400, "budget_amount"),
        ({"amount": "many"}, 400, None),
        ({"amount": None}, 400, "plan_empty"),
        ({"amount": 0.001}, 400, "plan_empty"),
        ({"budget": "elephants"}, 400, "budget_kind"),
        ({"budget": "yuan"}, 400, "rates_missing"),
        ({"streets": [str(uuid4())]}, 404, "street_not_found"),
        ({"streets": [str(uuid4())] * 501}, 400, "plan_too_long"),
        ({"streets": "x"}, 400, None),
        ({"filters": {"hours": "25-3"}}, 400, "heat_hours_invalid"),
        ({"filters": {"elephants": "1"}}, 400, None),
        ({"filters": {"category": "none"}}, 400, "field_not_one_of"),
        ({"colour": "red"}, 400, None),
    ):
        answer = await planner.post(f"{API}/plans", json=good | change)
        problem(answer, status, code or answer.json()["code"])
    nan = b'{"budget": "metres", "amount": NaN}'
    problem(await planner.post(f"{API}/plans/proposals", content=nan, headers=JSON), 400, "budget_amount")
    problem(await planner.post(f"{API}/plans", content=b"[1", headers=JSON), 400, "json_invalid")
    for rates, code in (
        ({"sewer": -1}, "rate_invalid"),
        ({"sewer": 1e99}, "rate_invalid"),
        ({"elephants": 5}, "category_unknown"),
    ):
        problem(await planner.put(f"{API}/rates", json={"rates": rates}), 400, code)
    for raw in (b'{"rates": {"sewer": NaN}}', b'{"rates": {"sewer": "x"}}', b'{"rates": []}', b"{}"):
        assert (await planner.put(f"{API}/rates", content=raw, headers=JSON)).status_code == 400, raw
    assert (await planner.get(f"{API}/plans/x")).status_code == 400
    problem(await planner.get(f"{API}/plans/{uuid4()}"), 404, "plan_not_found")
    problem(await planner.get(f"{API}/plans?colour=1"), 400, "unknown_parameter")
    assert (await planner.get(f"{API}/plans")).json()["items"] == []
    assert (await planner.get(f"{API}/rates")).json() == {"rates": {}}
