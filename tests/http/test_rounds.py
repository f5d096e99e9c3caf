"""Rounds over HTTP and by form: planned over doors that are due, ticked off once, shown to nobody else."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from gis.store.session import Database
from gis.store.visit_erasing import forget_homes
from tests.http.conftest import API, Check, Service


async def test_planned_ticked_off_and_planned_again(service: Service, problem: Check) -> None:
    worker, other, desk = [await service.person(name) for name in ("grid01", "grid02", "desk")]
    body = {"id": str(uuid4()), "days": 30, "most": 15, "name": "周三"}
    made = (await worker.post(f"{API}/rounds", json=body)).json()
    me = {"id": str(service.community.id("grid01")), "name": "测试grid01"}
    assert made["round"] | {"travel_s": 0} == {
        "person": me, "planned_by": me,
        "id": body["id"], "day": "2026-06-03", "name": "周三", "travel_s": 0, "stops": 2, "done": 0, "todo": 2,
    }  # fmt: skip
    assert [(one["n"], one["reason"], one["state"]) for one in made["stops"]] == [
        (1, "never", "todo"),
        (2, "never", "todo"),
    ]
    assert len(made["line"]) > 2
    assert (await worker.post(f"{API}/rounds", json=body)).json() == made
    url = f"{API}/rounds/{body['id']}"
    for client in (other, desk):
        problem(await client.get(url), 404, "round_not_found")
        problem(await client.post(f"{url}/stops/1", json={"state": "done"}), 404, "round_not_found")
    visit = str(uuid4())
    tick = {"state": "done", "visit": visit, "words": "都好"}
    ticked = (await worker.post(f"{url}/stops/1", json=tick)).json()
    assert (ticked["state"], ticked["visit_id"]) == ("done", visit)
    assert (await worker.post(f"{url}/stops/1", json=tick)).json() == ticked
    problem(await worker.post(f"{url}/stops/1", json=tick | {"visit": str(uuid4())}), 409, "stop_done")
    assert (await worker.get(f"{API}/visits/{visit}")).json()["words"] == "都好"
    assert (await worker.post(f"{url}/stops/2", json={"state": "not_home"})).json()["state"] == "not_home"
    assert (await worker.post(f"{url}/stops/2", json={"state": "todo"})).json()["state"] == "todo"
    again = (await worker.post(f"{url}/stops/2", json={"state": "not_home"})).json()
    assert (await worker.get(f"{API}/visits/{again['visit_id']}")).json()["outcome"] == "not_home"
    (left,) = (await worker.post(f"{API}/rounds", json={"days": 7})).json()["stops"]
    assert left["building"] == made["stops"][1]["building"], "who wasn't at home is due again"
    service.clock.at += timedelta(days=8)
    assert len((await worker.post(f"{API}/rounds", json={"days": 7})).json()["stops"]) == 2
    assert len((await worker.get(f"{API}/rounds")).json()["items"]) == 3


async def test_where_households_are_known_their_doors_are_called_at(
    service: Service, database: Database
) -> None:
    async with database.write() as session:
        for number in (1, 2):
            await session.run(
                text(
                    "INSERT INTO household (community_id, household_id, building_id, unit, flat, grid_code, micro_grid_code,"
                    " purpose, source, recorded_on, created_at, changed_at) VALUES ('test', :id, :building, '1', :flat,"
                    " '01', '01-01', 'care', 'visit', '2026-01-01', '2026-01-01', '2026-01-01')"
                ),
                {"id": uuid4(), "building": service.community.buildings["01-01"], "flat": f"10{number}"},
            )
    watcher = await service.person("watcher01-01")
    stops = (await watcher.post(f"{API}/rounds", json={"days": 30, "most": 1})).json()["stops"]
    assert [one["flat"] for one in stops] == ["1-101"]
    household = stops[0]["household"]
    for where in ({"household": household, "flat": "1-101"}, {"flat": "1-101"}, {"flat": "1-102"}):
        entry = {"id": str(uuid4()), "building": str(service.community.buildings["01-01"]), "words": "都好"}
        assert (await watcher.post(f"{API}/visits", json=entry | where)).status_code == 201
    async with database.write() as session:
        assert await forget_homes(session, "test", [UUID(household)]) == 2
    left = (await watcher.get(f"{API}/visits")).json()["items"]
    assert sorted((one["flat"], one["words"]) for one in left) == [("", ""), ("", ""), ("1-102", "都好")]


async def test_by_form_and_bad_input(service: Service, problem: Check) -> None:
    worker, csrf = await service.browser("grid01")
    round_id = str(uuid4())
    wrong = await worker.post(
        "/visits/rounds", data={"csrf": csrf, "id": round_id, "days": "乱写", "name": "早上"}
    )
    assert wrong.status_code == 400
    assert "早上" in wrong.text
    sent = await worker.post("/visits/rounds", data={"csrf": csrf, "id": round_id, "days": "30", "most": "8"})
    assert sent.headers["location"] == f"/visits/rounds/{round_id}"
    page = (await worker.get(f"/visits/rounds/{round_id}")).text
    assert "还没有走访过" in page
    ticked = await worker.post(f"/visits/rounds/{round_id}/stops/1", data={"csrf": csrf, "state": "done"})
    assert ticked.status_code == 303
    assert "走了 1 / 2" in (await worker.get("/visits/rounds")).text
    client = await service.person("grid01")
    for fields, code in (
        ({"days": -1}, "round_days"),
        ({"days": 10**6}, "round_days"),
        ({"most": 0}, "round_stops"),
        ({"most": 999}, "round_stops"),
        ({"days": "x"}, "field_not_integer"),
        ({"lon": "NaN", "lat": "41"}, "position_not_finite"),
    ):
        problem(await client.post(f"{API}/rounds", json=fields), 400, code)
    stops = f"{API}/rounds/{round_id}/stops"
    problem(await client.post(f"{stops}/2", json={"state": "party"}), 400, "stop_state")
    problem(await client.post(f"{stops}/9", json={"state": "done"}), 404, "stop_not_found")
    problem(
        await client.post(f"{API}/rounds/{uuid4()}/stops/1", json={"state": "done"}), 404, "round_not_found"
    )
    problem(await (await service.person("rider1")).post(f"{API}/rounds", json={}), 403, "not_allowed")
    await client.post(f"{stops}/2", json={"state": "done"})
    problem(await client.post(f"{API}/rounds", json={"days": 7}), 409, "nobody_due")
