"""The whole loop over HTTP: report with a photo, offer, accept, arrive, done, verify, points."""

import asyncio
import hashlib
from datetime import timedelta
from uuid import uuid4

from gis.words import Datum
from tests.factories import at
from tests.http.conftest import API, Check, Service, photo_bytes, report_fields


def form(**fields):
    return {name: str(value) for name, value in report_fields(**fields).items()}


async def test_from_a_photo_to_points(service: Service) -> None:
    await service.on_duty("watcher01-01", (50, 50))
    rider, watcher = await service.person("rider1"), await service.person("watcher01-01")

    answer = await rider.post(
        f"{API}/reports",
        data=form(category="road_damage", where=(50, 58)),
        files=[
            ("photo", ("a.jpg", photo_bytes(1), "image/jpeg")),
            ("photo", ("b.jpg", photo_bytes(2), "image/jpeg")),
        ],
    )
    assert answer.status_code == 201, answer.text
    filed = answer.json()
    assert filed["number"].startswith("20260603-")
    assert filed["place"]["micro_grid"]["code"] == "01-01"
    assert filed["place"]["grid"]["code"] == "01"
    assert filed["place"]["building"]["distance_m"] > 0
    assert filed["offer"]["responder"]["name"] == "测试watcher01-01"
    assert filed["offer"]["travel_s"] > 0

    offers = (await watcher.get(f"{API}/me/offers")).json()["items"]
    assert [one["case"]["id"] for one in offers] == [filed["case_id"]]
    assert offers[0]["case"]["legal"] == ["decline", "accept", "decide"]
    assert len(offers[0]["case"]["photos"]) == 2
    assert len(offers[0]["route"]) >= 2

    accepted = await service.act("watcher01-01", filed["case_id"], "accept")
    assert accepted.json()["status"] == "accepted"
    again = await service.act("watcher01-01", filed["case_id"], "accept")
    assert again.status_code == 200
    assert again.json()["revision"] == accepted.json()["revision"]
    tasks = (await watcher.get(f"{API}/cases", params={"mine": "task"})).json()
    assert [one["id"] for one in tasks["items"]] == [filed["case_id"]]
    assert (await service.act("watcher01-01", filed["case_id"], "arrive")).json()["status"] == "on_site"

    done = await watcher.post(
        f"{API}/cases/{filed['case_id']}/done",
        data={"note": "已填平"},
        files={"photo": ("after.jpg", photo_bytes(3), "image/jpeg")},
    )
    assert done.json()["status"] == "done", done.text
    closed = await service.act("grid01", filed["case_id"], "verify", hours=1.5)
    assert closed.json()["status"] == "closed", closed.text

    points = (await watcher.get(f"{API}/me/points")).json()
    assert (points["balance"], points["hours"]) == (15, 1.5)
    assert (points["today"], points["month"]) == (15, 15)
    service.clock.at += timedelta(days=1)
    points = (await watcher.get(f"{API}/me/points")).json()
    assert (points["today"], points["month"]) == (0, 15)
    detail = (await (await service.person("grid01")).get(f"{API}/cases/{filed['case_id']}")).json()
    verbs = [one["verb"] for one in detail["timeline"]]
    assert verbs[-5:] == ["offer", "accept", "arrive", "done", "verify"]
    assert [photo["kind"] for photo in detail["photos"]].count("after") == 1
    assert detail["service"] == [
        {
            "person": {"id": str(service.community.id("watcher01-01")), "name": "测试watcher01-01"},
            "hours": 1.5,
            "points": 15,
        }
    ]
    assert detail["reports"][0]["reporter"]["name"] == "测试rider1"


async def test_the_resumable_way_gives_the_same_report(service: Service) -> None:
    client = await service.person("rider1")
    photos = [photo_bytes(7), photo_bytes(8)]
    names = [hashlib.sha256(one).hexdigest() for one in photos]
    fields = report_fields(manifest=names)
    report_id = fields.pop("id")
    first = await client.put(f"{API}/reports/{report_id}", json=fields)
    assert first.status_code == 201, first.text
    waiting = (await client.get(f"{API}/reports/{report_id}")).json()
    assert (waiting["complete"], sorted(waiting["missing"])) == (False, sorted(names))
    for name, photo in zip(names, photos, strict=True):
        sent = await client.put(f"{API}/reports/{report_id}/photos/{name}", content=photo)
        assert sent.status_code == 201, sent.text
        again = await client.put(f"{API}/reports/{report_id}/photos/{name}", content=photo)
        assert again.status_code == 200
        assert again.json()["id"] == sent.json()["id"]
    assert (await client.get(f"{API}/reports/{report_id}")).json()["complete"] is True
    replay = await client.put(f"{API}/reports/{report_id}", json=fields)
    assert replay.status_code == 200
    assert replay.json() == first.json()


async def test_the_same_id_at_once_is_one_report(service: Service) -> None:
    client = await service.person("rider1")
    fields = report_fields()
    answers = await asyncio.gather(*(client.post(f"{API}/reports", json=fields) for _ in range(20)))
    assert {one.status_code for one in answers} <= {200, 201}
    assert len({one.json()["case_id"] for one in answers}) == 1
    assert [one.status_code for one in answers].count(201) == 1
    assert (await client.get(f"{API}/reports", params={"mine": "true"})).json()["total"] == 1


async def test_of_fifty_accepts_one_wins(service: Service) -> None:
    """Both watchers of a grid's halves and its worker race for an open case, each many times."""
    filed = await service.report(category="sewer", where=(35, 20))
    assert filed["offer"] is None
    racers = ["watcher01-01", "grid01"] * 25
    clients = [await service.sign_in(name) for name in racers]
    answers = await asyncio.gather(*(one.post(f"{API}/cases/{filed['case_id']}/accept") for one in clients))
    won = {name for name, one in zip(racers, answers, strict=True) if one.status_code == 200}
    lost = [one for name, one in zip(racers, answers, strict=True) if name not in won]
    assert len(won) == 1
    assert {one.status_code for one in lost} == {409}
    assert {one.json()["code"] for one in lost} == {"already_taken"}
    desk = await service.person("desk")
    detail = (await desk.get(f"{API}/cases/{filed['case_id']}")).json()
    assert [one["verb"] for one in detail["timeline"]].count("accept") == 1


async def test_declining_asks_the_next(service: Service) -> None:
    await service.on_duty("watcher01-01", (50, 50))
    await service.on_duty("watcher01-02", (50, 150))
    filed = await service.report(category="water_leak")
    assert filed["offer"]["responder"]["name"] == "测试watcher01-01"
    assert (await service.act("watcher01-01", filed["case_id"], "decline")).status_code == 200
    assert (await service.act("watcher01-01", filed["case_id"], "accept")).status_code in (403, 404, 409)
    asked = await (await service.person("desk")).get(f"{API}/cases/{filed['case_id']}/dispatch")
    assert asked.status_code == 200
    assert len(asked.json()["items"]) >= 1


async def test_a_referral_goes_to_the_agency_and_back(service: Service) -> None:
    filed = await service.report(category="sewer")
    case_id = filed["case_id"]
    assert (await service.act("water", case_id, "done")).status_code == 404
    referred = await service.act("desk", case_id, "refer", agency="water", reason="主管道")
    assert referred.json()["status"] == "referred", referred.text
    seen = (await (await service.person("water")).get(f"{API}/cases")).json()
    assert [one["id"] for one in seen["items"]] == [case_id]
    assert "return" in seen["items"][0]["legal"]
    assert (await service.act("water", case_id, "return", reason="不是我们的")).json()["status"] == "open"
    assert (await (await service.person("water")).get(f"{API}/cases")).json()["total"] == 0


async def test_locate_names_every_level(service: Service) -> None:
    lon, lat = at(35, 55)
    client = await service.person("resident")
    found = (await client.get(f"{API}/locate", params={"lon": lon, "lat": lat, "accuracy_m": 3})).json()
    assert found["community"]["code"] == "test"
    assert (found["grid"]["code"], found["micro_grid"]["code"]) == ("01", "01-01")
    assert found["building"]["name"].startswith("测试街1")
    assert found["street"]["distance_m"] > 0
    assert found["ambiguous"] in (True, False)


async def test_a_report_in_bad_datum_lands_far_off(service: Service) -> None:
    """A GCJ-02 position sent as WGS-84 is about 500 m off here: kept for the desk, with a suggestion."""
    from gis.crs import from_wgs84

    lon, lat = from_wgs84(*at(100, 100), Datum.GCJ02)
    client = await service.person("resident")
    found = (await client.get(f"{API}/locate", params={"lon": lon, "lat": lat})).json()
    assert (found["community"], found["suggestion"]) == (None, "gcj02")
    assert (await client.get(f"{API}/locate", params={"lon": lon, "lat": lat, "datum": "gcj02"})).json()[
        "grid"
    ]
    filed = await service.report(id=str(uuid4()), lon=lon, lat=lat)
    assert filed["place"]["community"] is None


async def test_bytes_that_were_not_promised(service: Service, problem) -> None:
    client = await service.person("rider1")
    promised, other = photo_bytes(11), photo_bytes(12)
    name = hashlib.sha256(promised).hexdigest()
    fields = report_fields(manifest=[name])
    report_id = fields.pop("id")
    await client.put(f"{API}/reports/{report_id}", json=fields)
    address = f"{API}/reports/{report_id}/photos"
    problem(await client.put(f"{address}/{name}", content=other), 400, "photo_hash_mismatch")
    problem(await client.put(f"{address}/{name}", content=b"text"), 400, "photo_hash_mismatch")
    unasked = await client.put(f"{address}/{hashlib.sha256(other).hexdigest()}", content=other)
    problem(unasked, 400, "photo_not_in_manifest")
    stranger = await service.person("rider2")
    problem(await stranger.put(f"{address}/{name}", content=promised), 404, "report_not_found")
    assert (await client.get(f"{API}/reports/{report_id}")).json()["missing"] == [name]


async def test_asking_for_help(service: Service, problem: Check) -> None:
    await service.on_duty("rider1", (60, 20))
    case_id = (await service.report(category="sewer"))["case_id"]
    problem(await service.act("rider1", case_id, "ask_help"), 409, "illegal_transition")
    assert (await service.act("rider1", case_id, "accept")).status_code == 200
    answer = await service.act("rider1", case_id, "ask_help", reason="井盖太重，要两个人")
    assert answer.status_code == 200, answer.text
    for username in ("desk", "grid01"):
        told = (await (await service.person(username)).get(f"{API}/me/notices")).json()["items"]
        assert "井盖太重，要两个人" in told[0]["line"]
    case = (await (await service.person("rider1")).get(f"{API}/cases/{case_id}")).json()
    assert (case["status"], case["timeline"][-1]["verb"]) == ("accepted", "ask_help")
    assert (await service.act("resident", case_id, "ask_help")).status_code in {403, 404}
