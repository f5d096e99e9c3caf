"""Who is on duty, roughly where: for the office and grid workers, each in their own areas."""

import numpy as np
from pyproj import Geod

from tests.factories import at
from tests.http.conftest import API, Check, Service


async def _seen(service: Service, username: str) -> dict[str, dict]:
    answer = await (await service.person(username)).get(f"{API}/on-duty")
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] == len(answer.json()["items"])
    return {one["name"].removeprefix("测试"): one for one in answer.json()["items"]}


async def test_each_sees_those_of_their_areas(service: Service) -> None:
    await service.on_duty("watcher01-02")
    await service.on_duty("watcher02-01", (150, 50))
    await service.on_duty("rider1", (20, 20))
    await service.on_duty("rider2", (5000, 5000))
    assert set(await _seen(service, "desk")) == {"watcher01-02", "watcher02-01", "rider1", "rider2"}
    assert set(await _seen(service, "grid01")) == {"watcher01-02", "rider1"}
    assert set(await _seen(service, "grid02")) == {"watcher02-01"}


async def test_positions_are_rough_and_only_there_when_sent(service: Service) -> None:
    await service.on_duty("watcher01-02")
    await service.on_duty("rider1", (20, 20))
    seen = await _seen(service, "grid01")
    assert (seen["watcher01-02"]["lon"], seen["watcher01-02"]["position_at"]) == (None, None)
    assert seen["watcher01-02"]["micro_grids"] == ["01-02"]
    rough, true = seen["rider1"], at(20, 20)
    away = Geod(ellps="WGS84").inv(rough["lon"], rough["lat"], *true)[2]
    assert 1.0 < away <= 25.0 * np.sqrt(2) + 0.5


async def test_off_duty_nobody_is_shown(service: Service) -> None:
    await service.on_duty("rider1", (20, 20))
    rider = await service.person("rider1")
    assert (await rider.put(f"{API}/me/duty", json={"on": False})).status_code == 200
    assert await _seen(service, "desk") == {}


async def test_others_are_not_told(service: Service, problem: Check) -> None:
    for username in ("rider1", "resident", "watcher01-01", "planner", "water"):
        problem(await (await service.person(username)).get(f"{API}/on-duty"), 403, "not_allowed")


async def test_the_cases_of_a_building(service: Service, problem: Check) -> None:
    inside = await service.report("resident", where=(45, 66))
    await service.report("rider1", where=(150, 20))
    building = str(service.community.buildings["01-01"])
    for username, expected in (("desk", [inside["case_id"]]), ("grid02", [])):
        answer = await (await service.person(username)).get(f"{API}/cases", params={"building": building})
        assert [one["id"] for one in answer.json()["items"]] == expected
    desk = await service.person("desk")
    problem(await desk.get(f"{API}/cases", params={"building": "八经街46号"}), 400, "field_not_uuid")
