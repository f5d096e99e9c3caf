"""A month of visits by place, and rounds that the office plans for a watcher."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from gis.store.session import Database
from tests.http.conftest import API, Check, Service
from tests.http.test_teams import rows_of

MONTH = {"month": "2026-06"}


@pytest.fixture
async def doors(service: Service, database: Database) -> dict[str, UUID]:
    """Have three households behind doors of micro-grid 01-01, and one of another grid."""
    found = {flat: uuid4() for flat in ("101", "102", "103", "201")}
    cells = sorted(service.community.buildings)
    async with database.write() as session:
        for flat, household in found.items():
            cell = "01-01" if flat < "2" else next(one for one in cells if not one.startswith("01"))
            await session.run(
                text(
                    "INSERT INTO household (community_id, household_id, building_id, unit, flat, grid_code, micro_grid_code,"
                    " purpose, source, recorded_on, created_at, changed_at) VALUES ('test', :id, :building, '1', :flat,"
                    " :grid, :cell, 'care', 'visit', '2026-01-01', '2026-01-01', '2026-01-01')"
                ),
                {
                    "id": household,
                    "building": service.community.buildings[cell],
                    "flat": flat,
                    "grid": cell[:2],
                    "cell": cell,
                },
            )
    return found


async def call(service: Service, flat: str, outcome: str) -> None:
    watcher = await service.person("watcher01-01")
    entry = {"id": str(uuid4()), "kind": "visit", "outcome": outcome, "flat": f"1-{flat}"}
    entry["building"] = str(service.community.buildings["01-01"])
    answer = await watcher.post(f"{API}/visits", json=entry)
    assert answer.status_code == 201, answer.text


async def test_who_was_called_on_is_told_by_place(
    service: Service, doors: dict[str, UUID], problem: Check
) -> None:
    await call(service, "101", "not_home")
    await call(service, "101", "done")
    await call(service, "102", "not_home")
    building = str(service.community.buildings["01-01"])
    watcher, worker, desk = [await service.person(one) for one in ("watcher01-01", "grid01", "desk")]
    for reader in (watcher, worker):
        found = (await reader.get(f"{API}/visits/coverage", params=MONTH | {"building": building})).json()
        (row,) = found["items"]
        assert (row["micro_grid"], row["doors"], row["met"], row["not_home"], row["left"]) == (
            "01-01",
            3,
            1,
            1,
            1,
        )
        left = [(one["flat"], one["tried"], one["last_met"]) for one in found["doors_left"]]
        assert left == [("1-102", True, None), ("1-103", False, None)]
    all_of_it = (await desk.get(f"{API}/visits/coverage")).json()
    assert (all_of_it["month"], all_of_it["doors"], all_of_it["left"]) == ("2026-06", 4, 2)
    july = (
        await desk.get(f"{API}/visits/coverage", params={"month": "2026-07", "building": building})
    ).json()
    assert (july["met"], july["left"]) == (0, 4)
    assert [one["last_met"] is not None for one in july["doors_left"]] == [True, False, False]
    other = await service.person("grid02")
    strange = (await other.get(f"{API}/visits/coverage", params=MONTH | {"building": building})).json()
    assert (strange["doors_left"], [one["grid"] for one in strange["items"] if one["grid"] == "01"]) == (
        [],
        [],
    )
    for month in ("2026-13", "x", "0000-01"):
        problem(await desk.get(f"{API}/visits/coverage", params={"month": month}), 400, "month_invalid")
    problem(await (await service.person("rider1")).get(f"{API}/visits/coverage"), 403, "not_allowed")


async def test_its_page_and_its_workbook(service: Service, doors: dict[str, UUID]) -> None:
    await call(service, "101", "done")
    client, _ = await service.browser("grid01")
    building = service.community.buildings["01-01"]
    page = (await client.get(f"/visits/coverage?month=2026-06&building={building}")).text
    assert page.count("data-door=") == 2
    assert "一年里没有走访过" in page
    assert (await client.get("/visits/coverage?month=rubbish&building=x&grid=zz")).status_code == 400
    empty = await client.get("/visits/coverage?grid=zz")
    assert "还没有登记住户" in empty.text
    english = (await client.get("/visits/coverage?lang=en")).text.partition("<main")[2]
    assert "Not called at" in english
    file = await client.get("/visits/coverage.xlsx?month=2026-06")
    assert file.content.startswith(b"PK")
    assert "/visits/log.xlsx" in (await client.get("/visits/log")).text
    [titles, row] = rows_of((await client.get("/visits/log.xlsx?kind=visit&lang=zh")).content)
    assert (titles[0], row[3:6], row[7]) == ("时间", ("01-01", "测试街1号", "1-101"), "测试watcher01-01")
    assert (await client.get("/visits/log.xlsx?from=rubbish")).status_code == 400
    assert len(rows_of((await (await service.browser("grid02"))[0].get("/visits/log.xlsx")).content)) == 1


async def test_the_office_plans_a_round_for_a_watcher(service: Service, problem: Check) -> None:
    desk, watcher, worker = [await service.person(one) for one in ("desk", "watcher01-01", "grid01")]
    body = {"id": str(uuid4()), "days": 30, "person": "watcher01-01", "name": "月底前"}
    made = (await desk.post(f"{API}/rounds", json=body)).json()
    assert (made["round"]["person"]["name"], made["round"]["planned_by"]["name"]) == (
        "测试watcher01-01",
        "测试desk",
    )
    assert {one["building"] for one in made["stops"]} == {str(service.community.buildings["01-01"])}
    url = f"{API}/rounds/{body['id']}"
    problem(await desk.post(f"{url}/stops/1", json={"state": "done"}), 404, "round_not_found")
    problem(await worker.get(url), 404, "round_not_found")
    told = (await watcher.get(f"{API}/me/notices")).json()["items"]
    assert [(one["kind"], one["url"]) for one in told] == [("round_planned", f"/visits/rounds/{body['id']}")]
    assert (await watcher.post(f"{url}/stops/1", json={"state": "done"})).json()["state"] == "done"
    assert (await desk.get(url)).json()["round"]["done"] == 1
    page = (await (await service.browser("desk"))[0].get("/visits/rounds")).text
    assert "测试watcher01-01去走" in page
    assert 'name="person"' in page
    assert (
        'name="person"' not in (await (await service.browser("watcher01-01"))[0].get("/visits/rounds")).text
    )
    for planner, whom, status, code in (
        (worker, "watcher02-01", 400, "round_person"),
        (desk, "rider1", 400, "round_person"),
        (desk, "nobody", 400, "person_not_called"),
        (watcher, "grid01", 403, "not_allowed"),
    ):
        problem(await planner.post(f"{API}/rounds", json={"person": whom, "days": 0}), status, code)
