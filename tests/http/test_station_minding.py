"""Minding stations over HTTP and by form: hours, closing, stock that runs low, faults as cases, who may do what."""

from __future__ import annotations

from uuid import uuid4

import psycopg

from tests.factories import at
from tests.http.conftest import API, Check, Service

S1 = f"{API}/stations/S1"


def build(url: str, community_id: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO station (community_id, code, name, amenities, opening_hours, geom)"
            " VALUES (%s, 'S1', '南门驿站', '{charging,karaoke}', 'Mo-Su 07:00-21:00', st_setsrid(st_point(%s, %s), 4326))",
            (community_id, *at(150, 120)),
        )


async def test_minded_counted_closed_and_mended(service: Service, database_url: str, problem: Check) -> None:
    build(database_url, service.community.community_id)
    desk, keeper, other = [await service.person(name) for name in ("desk", "watcher02-02", "rider1")]
    keeper_id = service.community.id("watcher02-02")
    made = (await desk.post(f"{S1}/items", json={"kind": "water", "least": 24})).json()
    counts = {"id": str(uuid4()), "counts": {made["id"]: 30}}
    problem(await keeper.post(f"{S1}/counts", json=counts), 403, "not_allowed")
    assert (await keeper.get(S1)).json()["items"] == []
    assert (await desk.put(f"{S1}/keepers/{keeper_id}")).status_code == 204
    assert (await keeper.post(f"{S1}/counts", json=counts)).json()["items"][0]["low"] is False
    fewer = {"id": str(uuid4()), "counts": {made["id"]: 3}}
    for _ in range(2):
        assert (await keeper.post(f"{S1}/counts", json=fewer)).json()["items"][0]["count"] == 3
    told = [one["kind"] for one in (await desk.get(f"{API}/me/notices")).json()["items"]]
    assert told.count("station_low") == 1
    closed = await keeper.post(f"{S1}/closed", json={"until": "2026-06-03", "reason": "停水"})
    assert (closed.json()["open"], closed.json()["closed_why"]) == (False, "停水")
    assert closed.json()["changes_at"].startswith("2026-06-04T07:00")
    near = (await other.get(f"{API}/me/stations")).json()["items"]
    assert near[0]["open"] is False
    assert (await keeper.post(f"{S1}/closed", json={})).json()["open"] is True
    fault = {"id": str(uuid4()), "category": "power_cut", "words": "插座没电"}
    made_case = (await other.post(f"{S1}/faults", json=fault)).json()["id"]
    assert (await other.post(f"{S1}/faults", json=fault)).json()["id"] == made_case
    case = (await desk.get(f"{API}/cases/{made_case}")).json()
    assert case["summary"] == "南门驿站: 插座没电"
    assert [one["case_id"] for one in (await other.get(S1)).json()["faults"]] == [made_case]
    way = (await other.get(f"{S1}/way", params=dict(zip(("lon", "lat"), at(10, 10), strict=True)))).json()
    assert len(way["route"]) > 1
    assert way["distance_m"] > 100
    assert (await desk.delete(f"{S1}/keepers/{keeper_id}")).status_code == 204
    problem(await keeper.post(f"{S1}/counts", json=fewer), 403, "not_allowed")  # at once, by the same session
    assert (await keeper.get(S1)).json()["items"] == []


async def test_what_the_office_says_is_on_every_map(service: Service, database_url: str) -> None:
    build(database_url, service.community.community_id)
    desk = await service.person("desk")
    before = await desk.get(f"{API}/stations")
    shown = before.json()["features"][0]["properties"]
    assert (shown["opening_hours"], shown["closed_until"]) == ("Mo-Su 07:00-21:00", None)
    care = {"amenities": ["water"], "days": ["09:00-17:00"] * 5 + [""] * 2}
    kept = await desk.put(S1, json=care)
    assert kept.status_code == 200, kept.text
    await desk.post(f"{S1}/closed", json={"until": "2026-06-05", "reason": "停水"})
    after = await desk.get(f"{API}/stations", headers={"If-None-Match": before.headers["etag"]})
    shown = after.json()["features"][0]["properties"]
    assert (shown["amenities"], shown["opening_hours"]) == (["water"], "Mo-Fr 09:00-17:00")
    assert shown["closed_until"] == "2026-06-05"
    ogc = (await desk.get("/ogc/collections/stations/items", params={"f": "json"})).json()
    assert ogc["features"][0]["properties"]["opening_hours"] == "Mo-Fr 09:00-17:00"


async def test_hours_and_bad_input(service: Service, database_url: str, problem: Check) -> None:
    build(database_url, service.community.community_id)
    desk, rider = [await service.person(name) for name in ("desk", "rider1")]
    week = ["08:00-12:00 13:00-18:00"] * 5 + ["", "9:00-12:00"]
    kept = await desk.put(S1, json={"amenities": ["water", "karaoke"], "days": week})
    assert kept.json()["opening_hours"] == "Mo-Fr 08:00-12:00,13:00-18:00; Su 09:00-12:00"
    assert kept.json()["amenities"] == ["water", "karaoke"]
    assert kept.json()["open"] is False  # it is noon
    problem(await rider.put(S1, json={"amenities": []}), 403, "not_allowed")
    for body, code in (
        ({"amenities": ["gold"]}, "station_amenity"),
        ({"amenities": [], "days": ["always"] + [""] * 6}, "station_hours"),
        ({"amenities": [], "days": ["18:00-08:00"] + [""] * 6}, "station_hours"),
    ):
        problem(await desk.put(S1, json=body), 400, code)
    problem(await desk.post(f"{S1}/items", json={"kind": "gold", "least": 1}), 400, "station_item")
    problem(await desk.post(f"{S1}/items", json={"kind": "water", "least": -1}), 400, "station_amount")
    problem(await desk.post(f"{S1}/counts", json={"counts": {str(uuid4()): 10**12}}), 400, "station_amount")
    problem(
        await desk.post(f"{S1}/closed", json={"until": "2020-01-01", "reason": "x"}),
        400,
        "station_closed_day",
    )
    problem(await desk.post(f"{S1}/closed", json={"until": "2026-06-03"}), 400, "reason_needed")
    problem(
        await rider.post(f"{S1}/faults", json={"category": "dispute", "words": "x"}), 400, "station_fault"
    )
    problem(await rider.get(f"{API}/stations/S9"), 404, "station_missing")
    for code in ("%00", "%F0%9F%8D%9C", "a" * 3000, "' OR 1=1"):
        assert (await rider.get(f"{API}/stations/{code}")).status_code in {400, 404}, code
        assert (await rider.get(f"/stations/{code}")).status_code in {400, 404}, code
    problem(await rider.get(f"{S1}/way", params={"lon": "nan", "lat": "1"}), 400, "position_not_finite")


async def test_the_pages_work_without_scripts(service: Service, database_url: str) -> None:
    build(database_url, service.community.community_id)
    client, csrf = await service.browser("desk")
    assert "南门驿站" in (await client.get("/stations")).text
    page = (await client.get("/stations/S1")).text
    assert 'value="07:00-21:00"' in page
    form = {"csrf": csrf, "amenities": ["water"], **{f"day_{n}": "08:00-18:00" for n in range(1, 8)}}
    wrong = await client.post("/stations/S1/offer", data=form | {"day_3": "整天"})
    assert "看不懂“整天”" in wrong.text
    assert 'value="整天"' in wrong.text
    assert (await client.post("/stations/S1/offer", data=form)).headers["location"].endswith("station_kept")
    assert "Mo-Su 08:00-18:00" in (await client.get("/stations/S1")).text
    for act, fields in (
        ("item", {"kind": "umbrella", "least": "5"}),
        ("keeper", {"person": "rider1"}),
        ("closed", {"reason": "检修"}),
        ("fault", {"id": str(uuid4()), "category": "other", "words": "椅子坏了"}),
    ):
        answer = await client.post(f"/stations/S1/{act}", data={"csrf": csrf, **fields})
        assert answer.status_code == 303, (act, answer.text)
    assert "<svg" in (await client.get("/stations/S1/plate")).text
    english = (await client.get("/stations/S1?lang=en")).text
    assert "Closed up to 2026-06-03: 检修" in english
    keeper, _ = await service.browser("rider1")
    minded = (await keeper.get("/stations/S1")).text
    assert "/stations/S1/count" in minded
    assert "/stations/S1/offer" not in minded
