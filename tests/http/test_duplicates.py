"""Duplicates over HTTP: what is open nearby, joining it, and who sees what of whom."""

import hashlib
from datetime import timedelta
from typing import Any

from gis.words import Datum
from tests.factories import at
from tests.http.conftest import API, Service, photo_bytes, report_fields

HERE, NEAR = (35, 55), (37, 56)


async def nearby(service: Service, username: str, where=NEAR, **fields) -> list[dict]:
    client = await service.person(username)
    lon, lat = at(*where)
    query = {"lon": lon, "lat": lat, "category": "sewer", "accuracy_m": 5, **fields}
    answer = await client.get(f"{API}/nearby", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def with_photo(service: Service, username: str = "resident", seed: int = 1, **fields) -> dict:
    client = await service.person(username)
    answer = await client.post(
        f"{API}/reports",
        data={name: str(value) for name, value in report_fields(**{"where": HERE, **fields}).items()},
        files={"photo": ("a.jpg", photo_bytes(seed), "image/jpeg")},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_nearby_shows_what_is_open_without_names_or_words(service: Service) -> None:
    filed = await with_photo(service, description="王奶奶家门口")
    (one,) = await nearby(service, "rider1")
    assert one.pop("opened_at").startswith("2026-06-03T04:00:00")
    assert one.pop("distance_m") < 3
    thumb = one.pop("thumb_url")
    assert one == {
        "case_id": filed["case_id"],
        "number": filed["number"],
        "category": "sewer",
        "status": "open",
        "building": {key: one["building"][key] for key in ("code", "name", "name_en")},
        "reports": 1,
        "mine": False,
    }
    stranger = await service.person("rider1")
    assert (await stranger.get(thumb)).headers["content-type"] == "image/jpeg"
    for kind in ("view", "original"):
        assert (await stranger.get(thumb.replace("thumb", kind))).status_code == 404
    assert (await stranger.get(f"{API}/cases/{filed['case_id']}")).status_code == 404


async def test_nearby_ranks_by_how_probably_it_is_the_same(service: Service) -> None:
    """Of two about as near the one in the reporter's own words comes first, though it is a little farther."""
    one = await service.report(where=(HERE[0], HERE[1]), description="井盖旁污水外溢", separate=True)
    other = await service.report(where=(HERE[0] + 3, HERE[1]), description="管道塌陷一大块", separate=True)
    plain = await nearby(service, "rider1", where=HERE)
    assert [each["case_id"] for each in plain] == [one["case_id"], other["case_id"]]
    told = await nearby(service, "rider1", where=HERE, description="管道塌陷一大块")
    assert [each["case_id"] for each in told] == [other["case_id"], one["case_id"]]


async def test_a_photo_that_comes_later_is_a_suggestion_for_the_desk(service: Service) -> None:
    first = await with_photo(service, seed=8)
    client = await service.person("rider1")
    name = hashlib.sha256(photo_bytes(8)).hexdigest()
    fields = report_fields((HERE[0] + 12, HERE[1] + 9), manifest=[name], separate=True, description="")
    report_id = fields.pop("id")
    filed = (await client.put(f"{API}/reports/{report_id}", json=fields)).json()
    assert filed["case_id"] != first["case_id"]
    desk = await service.person("desk")
    before = (await desk.get(f"{API}/cases/{filed['case_id']}")).json()["timeline"]
    assert "suggest" not in {one["verb"] for one in before}
    for _ in range(2):  # a repeat says nothing anew
        sent = await client.put(f"{API}/reports/{report_id}/photos/{name}", content=photo_bytes(8))
        assert sent.status_code in {200, 201}, sent.text
    detail = (await desk.get(f"{API}/cases/{filed['case_id']}")).json()
    (event,) = [one for one in detail["timeline"] if one["verb"] == "suggest"]
    assert (event["data"]["case_id"], event["data"]["bits"]) == (first["case_id"], 0)
    assert [one["id"] for one in detail["suggestions"]] == [first["case_id"]]
    again = (await client.put(f"{API}/reports/{report_id}", json=fields)).json()
    assert again["duplicates"] == filed["duplicates"]  # what was answered stays

    browser, csrf = await service.browser("desk")
    page = (await browser.get(f"/cases/{filed['case_id']}")).text
    assert f'data-merge-into="{first["number"]}"' in page
    assert "后到的照片与附近另一案件很像" in page
    form = {"csrf": csrf, "into": first["number"], "reason": "同一问题", "back": "/"}
    assert (await browser.post(f"/cases/{filed['case_id']}/merge", data=form)).status_code == 303
    assert (await desk.get(f"{API}/cases/{first['case_id']}")).json()["reports_count"] == 2
    undone = await service.act("desk", first["case_id"], "unlink", report_id=report_id, reason="不是一处")
    assert undone.status_code == 200, undone.text
    assert (await desk.get(f"{API}/cases/{first['case_id']}")).json()["reports_count"] == 1


async def test_another_photo_that_comes_later_suggests_nothing(service: Service) -> None:
    await with_photo(service, seed=8)
    client = await service.person("rider1")
    name = hashlib.sha256(photo_bytes(9)).hexdigest()
    fields = report_fields((HERE[0] + 12, HERE[1] + 9), manifest=[name], separate=True, description="")
    report_id = fields.pop("id")
    filed = (await client.put(f"{API}/reports/{report_id}", json=fields)).json()
    await client.put(f"{API}/reports/{report_id}/photos/{name}", content=photo_bytes(9))
    timeline = (await (await service.person("desk")).get(f"{API}/cases/{filed['case_id']}")).json()[
        "timeline"
    ]
    assert "suggest" not in {one["verb"] for one in timeline}


async def test_nearby_keeps_to_category_radius_and_what_is_open(service: Service) -> None:
    filed = [await service.report(where=(HERE[0] + n, HERE[1]), separate=True) for n in (0, 1, 2, 3, 4, 5, 6)]
    await service.report(where=HERE, category="rubbish")
    await service.report(where=(HERE[0], HERE[1] + 40))
    found = await nearby(service, "rider1", where=HERE)
    assert [one["case_id"] for one in found] == [one["case_id"] for one in filed[:5]]
    assert await nearby(service, "rider1", where=(180, 180)) == []
    assert await nearby(service, "rider1", category="tree") == []
    await service.act("desk", filed[0]["case_id"], "reject", reason="误报")
    assert filed[0]["case_id"] not in {one["case_id"] for one in await nearby(service, "rider1", where=HERE)}


async def test_nearby_reads_datums_and_refuses_what_it_can_not_read(service: Service, problem) -> None:
    from gis.crs import from_wgs84

    filed = await service.report(where=HERE)
    lon, lat = from_wgs84(*at(*HERE), Datum.GCJ02)
    (one,) = await nearby(service, "rider1", lon=lon, lat=lat, datum="gcj02")
    assert one["case_id"] == filed["case_id"]
    client = await service.person("rider1")
    problem(await client.get(f"{API}/nearby"), 400, "field_missing")
    problem(await client.get(f"{API}/nearby", params={"category": "sewer"}), 400, "position_missing")
    query: dict[str, Any] = {"lon": lon, "lat": lat, "category": "moon"}
    problem(await client.get(f"{API}/nearby", params=query), 400, "category_unknown")
    query["category"] = "sewer"
    problem(await (await service.person("planner")).get(f"{API}/nearby", params=query), 403, "not_allowed")
    problem(await (await service.anybody()).get(f"{API}/nearby", params=query), 401, "not_signed_in")


async def test_what_is_personal_is_shown_to_nobody_else(service: Service) -> None:
    await with_photo(service, category="elderly_care", seed=4)
    assert await nearby(service, "rider1", category="elderly_care") == []
    (own,) = await nearby(service, "resident", category="elderly_care")
    assert own["mine"]
    assert (await (await service.person("rider1")).get(own["thumb_url"])).status_code == 404
    assert (await (await service.person("resident")).get(own["thumb_url"])).status_code == 200


async def test_thumbs_are_shown_only_while_it_is_open_and_only_the_first(service: Service) -> None:
    filed = await with_photo(service)
    service.clock.at += timedelta(seconds=60)
    await with_photo(service, "rider2", seed=2, where=NEAR, same_as=filed["case_id"])
    detail = (await (await service.person("desk")).get(f"{API}/cases/{filed['case_id']}")).json()
    first, second = (photo["thumb_url"] for photo in detail["photos"])
    stranger = await service.person("rider3")
    assert (await stranger.get(first)).status_code == 200
    assert (await stranger.get(second)).status_code == 404
    joined = await service.person("rider2")
    assert (await joined.get(second.replace("thumb", "view"))).status_code == 200
    assert (await joined.get(first.replace("thumb", "view"))).status_code == 404
    await service.act("desk", filed["case_id"], "reject", reason="误报")
    assert (await stranger.get(first)).status_code == 404
    assert (await joined.get(first)).status_code == 404


async def test_a_report_joins_and_its_reporter_follows_the_shared_case(service: Service, problem) -> None:
    await service.on_duty("watcher01-01", (50, 50))
    first = await with_photo(service, description="下水堵了，王奶奶家")
    second = await service.report("rider1", where=NEAR)
    assert second["linked"]
    assert (second["case_id"], second["number"], second["offer"]) == (
        first["case_id"],
        first["number"],
        None,
    )
    (duplicate,) = second["duplicates"]
    assert duplicate["linked"]
    assert duplicate["score"] >= 0.8
    assert duplicate["building"]["name"].startswith("测试街1")
    rider = await service.person("rider1")
    assert (await rider.get(duplicate["thumb_url"])).status_code == 200
    await service.act("watcher01-01", first["case_id"], "accept")
    detail = (await rider.get(f"{API}/cases/{first['case_id']}")).json()
    assert detail["status"] == "accepted"
    assert detail["summary"] == ""
    assert detail["reports_count"] == 2
    assert [one["id"] for one in detail["reports"]] == [second["id"]]
    assert detail["photos"] == []
    submit = next(one for one in detail["timeline"] if one["verb"] == "submit")
    assert (submit["actor"], submit["data"]) == (None, {})
    assert "王奶奶" not in str(detail)
    assert "测试resident" not in str(detail)
    (listed,) = (await rider.get(f"{API}/cases", params={"mine": "reported"})).json()["items"]
    assert (listed["summary"], listed["photos"]) == ("", [])
    problem(await service.act("rider1", first["case_id"], "cancel", reason="x"), 403, "not_allowed")
    full = (await (await service.person("desk")).get(f"{API}/cases/{first['case_id']}")).json()
    assert [one["link_score"] is None for one in full["reports"]] == [True, False]
    assert full["reports"][1]["reporter"]["name"] == "测试rider1"


async def test_said_before_sending(service: Service, problem) -> None:
    first = await service.report(where=HERE)
    other = await service.report("rider1", where=NEAR, separate=True)
    assert not other["linked"]
    assert other["case_id"] != first["case_id"]
    assert other["duplicates"][0]["case_id"] == first["case_id"]
    client = await service.person("rider2")
    fields = report_fields(where=NEAR, same_as=other["case_id"])
    report_id = fields.pop("id")
    joined = await client.put(f"{API}/reports/{report_id}", json=fields)
    assert joined.status_code == 201, joined.text
    assert (joined.json()["case_id"], joined.json()["linked"]) == (other["case_id"], True)
    replay = await client.put(f"{API}/reports/{report_id}", json=fields)
    assert (replay.status_code, replay.json()) == (200, joined.json())
    far = await client.post(f"{API}/reports", json=report_fields(where=(35, 320), same_as=first["case_id"]))
    problem(far, 400, "same_as_too_far")
    both = await client.post(f"{API}/reports", json=report_fields(same_as=first["case_id"], separate=True))
    problem(both, 400, "same_as_or_separate")
    await service.act("desk", first["case_id"], "reject", reason="误报")
    late = await client.post(f"{API}/reports", json=report_fields(where=NEAR, same_as=first["case_id"]))
    assert problem(late, 409, "same_as_not_open")["detail"]


async def test_undo_and_merge(service: Service, problem) -> None:
    first = await service.report(where=HERE)
    second = await service.report("rider1", where=NEAR)
    undone = await service.act("grid01", first["case_id"], "unlink", report_id=second["id"], reason="另一处")
    assert undone.status_code == 200, undone.text
    new = undone.json()["new_case_id"]
    desk = await service.person("desk")
    report = (await desk.get(f"{API}/reports/{second['id']}")).json()
    assert (report["case_id"], report["number"]) == (new, undone.json()["new_number"])
    suggested = (await desk.get(f"{API}/cases/{new}")).json()["suggestions"]
    assert [one["id"] for one in suggested] == [first["case_id"]]
    problem(await service.act("rider1", new, "merge", into=first["number"], reason="x"), 403, "not_allowed")
    merged = await service.act("desk", new, "merge", into=first["number"], reason="还是同一处")
    assert merged.json()["status"] == "cancelled", merged.text
    emptied = (await desk.get(f"{API}/cases/{new}")).json()
    assert (emptied["merged_into"]["id"], emptied["legal"]) == (first["case_id"], [])
    kept = (await desk.get(f"{API}/cases/{first['case_id']}")).json()
    assert [one["id"] for one in kept["merged"]] == [new]
    assert kept["reports_count"] == 2
    problem(await service.act("desk", new, "reopen", reason="x"), 409, "case_merged")
    problem(
        await service.act("desk", first["case_id"], "unlink", report_id="x", reason="y"),
        400,
        "field_not_uuid",
    )


async def test_again_after_the_repair(service: Service) -> None:
    first = await service.report(where=HERE)
    await service.act("watcher01-01", first["case_id"], "accept")
    client = await service.person("watcher01-01")
    done = await client.post(
        f"{API}/cases/{first['case_id']}/done",
        data={"note": "通了"},
        files={"photo": ("a.jpg", photo_bytes(9), "image/jpeg")},
    )
    assert done.json()["status"] == "done", done.text
    assert await nearby(service, "rider1") == []
    again = await service.report("rider1", where=NEAR)
    assert not again["linked"]
    desk = await service.person("desk")
    detail = (await desk.get(f"{API}/cases/{again['case_id']}")).json()
    assert detail["recurrence_of"]["id"] == first["case_id"]
    old = (await desk.get(f"{API}/cases/{first['case_id']}")).json()
    assert [one["id"] for one in old["recurrences"]] == [again["case_id"]]
