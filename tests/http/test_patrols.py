"""Patrols: streets from ticks or from positions that are forgotten; how often each was passed in a month."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import text

from gis.store.session import Database
from tests.factories import at
from tests.http.conftest import API, Check, Json, Service


def walked(service: Service, *metres: tuple[float, float], **fields) -> Json:
    ended = service.clock.at
    positions = [[*at(*one), 5] for one in metres]
    times = {"started_at": (ended - timedelta(hours=1)).isoformat(), "ended_at": ended.isoformat()}
    return {"id": str(uuid4()), "positions": positions, **times, **fields}


async def test_positions_become_streets_and_are_forgotten(
    service: Service, database: Database, problem: Check
) -> None:
    rider = await service.person("rider1")
    along = [(x, 2.0) for x in range(4, 98, 8)] + [
        (100.0 + 2, y) for y in (3.0, 6.0)
    ]  # round the corner, and back
    body = walked(service, *along)
    assert (await rider.post(f"{API}/patrols", json=body)).status_code == 201
    assert (await rider.post(f"{API}/patrols", json=body)).status_code == 201
    async with database.read() as session:
        names = await session.rows(
            text(
                "SELECT s.name, p.note, to_jsonb(p) AS kept FROM patrol p, unnest(p.segment_ids) AS id"
                " JOIN street_segment s ON s.segment_id = id"
            )
        )
    assert [one.name for one in names] == ["南街"]
    assert set(names[0].kept) == {
        "community_id",
        "patrol_id",
        "person_id",
        "started_at",
        "ended_at",
        "segment_ids",
        "note",
    }
    watcher = await service.person("watcher01-01")
    place = {"building": str(service.community.buildings["01-01"])}
    assert (await watcher.post(f"{API}/visits", json={"id": str(uuid4()), **place})).status_code == 201
    planner = await service.person("planner")
    items = (await planner.get(f"{API}/patrols/coverage")).json()["items"]
    assert (sum(one["patrols"] for one in items), sum(one["visits"] for one in items)) == (1, 1)
    assert (await planner.get(f"{API}/patrols/coverage", params={"month": "2026-05"})).json()["items"] == []
    problem(await planner.get(f"{API}/patrols/coverage", params={"month": "2026-13"}), 400, "month_invalid")
    problem(await rider.get(f"{API}/patrols/coverage"), 403, "not_allowed")
    problem(
        await rider.post(f"{API}/patrols", json=walked(service, positions=[["x", 1, 2]])),
        400,
        "field_not_number",
    )
    problem(
        await rider.post(f"{API}/patrols", json=walked(service, positions=[[41.8, 123.4, 5]])),
        400,
        "position_swapped",
    )


async def test_streets_are_ticked_by_form(service: Service) -> None:
    rider, csrf = await service.browser("rider2")
    page = (await rider.get("/patrols")).text
    assert "南街" in page
    fields = {"csrf": csrf, "id": str(uuid4()), "minutes": "30", "note": "一切正常"}
    wrong = await rider.post("/patrols", data=fields)
    assert "请勾选走过的街路" in wrong.text
    assert "一切正常" in wrong.text
    sent = await rider.post("/patrols", data=fields | {"streets": ["南街", "西街"]})
    assert sent.headers["location"] == "/patrols?notice=patrol_recorded"
    assert "巡逻已记下" in (await rider.get(sent.headers["location"])).text
    items = (await (await service.person("desk")).get(f"{API}/patrols/coverage")).json()["items"]
    assert len(items) == 4
    assert (await (await service.browser("resident"))[0].get("/patrols")).status_code == 403
