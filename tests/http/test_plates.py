"""Plates over HTTP: lists to print, places by plate, reports by plate, and what is refused."""

from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from tests.factories import at
from tests.http.conftest import API, Check, Service, report_fields, running


async def plates(service: Service, username="desk", **query):
    answer = await (await service.person(username)).get(f"{API}/plates", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def forged(code: str) -> str:
    return code[:5] + ("A" if code[5] != "A" else "B") + code[6:]


async def test_the_desk_lists_all_a_grid_worker_their_own(service: Service) -> None:
    found = await plates(service)
    assert (found["total"], len(found["items"]), found["next"]) == (8, 8, None)
    first = found["items"][0]
    assert first["label"] == "测试街1号 1单元 · 微网格 01-01"
    assert first["url"] == f"http://weiwang.test/report?plate={first['code']}"
    assert parse_qs(urlsplit(first["url"]).query) == {"plate": [first["code"]]}
    assert (first["watchers"], first["grid_workers"]) == (["测试watcher01-01"], ["测试grid01"])
    assert "password" not in str(found)
    own = await plates(service, "grid02")
    assert {one["grid"] for one in own["items"]} == {"02"}
    assert (await plates(service, "grid02", grid="01"))["items"] == []
    assert (await plates(service, kind="micro_grid", lang="en"))["items"][0]["label"] == "Micro-grid 01-01"
    assert [one["unit"] for one in (await plates(service, kind="building"))["items"]] == [""] * 4


async def test_a_list_comes_in_parts(service: Service) -> None:
    codes: list[str] = []
    cursor: str | None = "0"
    while cursor is not None:
        part = await plates(service, limit=3, cursor=cursor)
        codes += [one["code"] for one in part["items"]]
        cursor = part["next"]
    assert codes == [one["code"] for one in (await plates(service))["items"]]


@pytest.mark.parametrize("username", ["resident", "rider1", "watcher01-01", "planner", "water"])
async def test_others_print_none(service: Service, problem: Check, username: str) -> None:
    client = await service.person(username)
    problem(await client.get(f"{API}/plates"), 403, "not_allowed")


async def test_a_public_address_goes_onto_the_plates(settings, database_url, community, clock) -> None:
    public = settings.model_copy(update={"run_jobs": False, "public_url": "https://weiwang.example.org/"})
    async with running(public, database_url, community, clock) as service:
        (first, *_) = (await plates(service))["items"]
    assert first["url"] == f"https://weiwang.example.org/report?plate={first['code']}"


async def test_locate_by_plate(service: Service, problem: Check) -> None:
    (door,) = [one for one in (await plates(service, micro_grid="02-01"))["items"] if one["unit"] == "2"]
    client = await service.person("rider1")
    place = (await client.get(f"{API}/locate", params={"plate": door["code"]})).json()
    for level in ("community", "grid", "micro_grid", "building"):
        assert (place[level]["distance_m"], place[level]["probability"]) == (0.0, 1.0)
    assert place["micro_grid"]["code"] == "02-01"
    assert place["building"]["name"] == "测试街3号"
    assert place["ambiguous"] is False
    problem(await client.get(f"{API}/locate", params={"plate": forged(door["code"])}), 400, "plate_forged")
    problem(await client.get(f"{API}/locate", params={"plate": "A" * 401}), 400, "field_too_long")


@pytest.mark.parametrize("way", ["post", "put", "multipart"])
@pytest.mark.parametrize("gps", [False, True])
async def test_a_report_by_plate(service: Service, way: str, gps: bool) -> None:
    await service.on_duty("watcher02-02", (150, 150))
    door = (await plates(service, micro_grid="02-02"))["items"][0]
    client, report_id = await service.person("resident"), str(uuid4())
    fields = {"category": "sewer", "description": "地下室返水", "plate": door["code"]}
    if gps:  # a phone in a basement, far off
        fields |= dict(zip(("lon", "lat"), at(-3000, 500), strict=True)) | {"accuracy_m": 900}
    if way == "put":
        answer = await client.put(f"{API}/reports/{report_id}", json=fields)
    elif way == "post":
        answer = await client.post(f"{API}/reports", json={**fields, "id": report_id})
    else:
        answer = await client.post(f"{API}/reports", data={**fields, "id": report_id}, files={"x": b""})
    assert answer.status_code == 201, answer.text
    filed = answer.json()
    assert (filed["place"]["micro_grid"]["code"], filed["place"]["micro_grid"]["probability"]) == (
        "02-02",
        1.0,
    )
    assert (filed["place"]["building"]["name"], filed["place"]["building"]["distance_m"]) == (
        "测试街4号",
        0.0,
    )
    assert filed["offer"]["responder"]["name"] == "测试watcher02-02"
    again = await client.put(f"{API}/reports/{report_id}", json=fields)
    assert (again.status_code, again.json()["case_id"]) == (200, filed["case_id"])
    report = (await client.get(f"{API}/reports/{report_id}")).json()
    assert (report["lon"], report["lat"]) == pytest.approx((door["lon"], door["lat"]))
    assert report["source"] == "plate"


@pytest.mark.parametrize(("language", "words"), [("zh", "门牌码无效"), ("en", "This plate isn't one that")])
async def test_a_forged_plate_is_refused_and_nothing_is_kept(
    service: Service, problem: Check, language: str, words: str
) -> None:
    code = forged((await plates(service))["items"][0]["code"])
    client = await service.person("resident")
    body = {**report_fields(), "plate": code}
    found = problem(await client.post(f"{API}/reports?lang={language}", json=body), 400, "plate_forged")
    assert words in found["detail"]
    assert [one["field"] for one in found["errors"]] == ["plate"]
    assert (await client.get(f"{API}/reports", params={"mine": True})).json()["total"] == 0


async def test_the_report_page_of_a_plate(service: Service) -> None:
    door = (await plates(service))["items"][2]
    client, csrf = await service.browser("rider1")
    page = await client.get("/report", params={"plate": door["code"]}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert door["label"] in page.text
    assert f'name="plate" value="{door["code"]}"' in page.text
    assert "<select" not in page.text.split('id="field-detail"')[0].split('id="report-map"')[1]
    sent = await client.post(
        "/report",
        data={
            "csrf": csrf,
            "id": str(uuid4()),
            "category": "sewer",
            "plate": door["code"],
            "lon": "",
            "lat": "",
            "datum": "wgs84",
        },
    )
    assert sent.status_code == 303, sent.text
    shown = await client.get(sent.headers["location"], headers={"Accept": "text/html"})
    assert door["address"] in shown.text


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "门牌码无效"), ("en", "This plate isn&#39;t one that")]
)
async def test_a_forged_plate_shows_the_ordinary_form(service: Service, language: str, words: str) -> None:
    code = forged((await plates(service))["items"][0]["code"])
    client, _ = await service.browser("resident")
    page = await client.get(
        "/report", params={"plate": code, "lang": language}, headers={"Accept": "text/html"}
    )
    assert page.status_code == 400
    assert words in page.text
    assert 'id="building"' in page.text
    assert 'name="plate"' not in page.text


async def test_who_is_not_signed_in_comes_back_to_the_plate(service: Service) -> None:
    code = (await plates(service))["items"][0]["code"]
    client = await service.anybody()
    answer = await client.get("/report", params={"plate": code}, headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/login?next=/report%3Fplate%3D{code}"


async def test_the_page_of_plates(service: Service) -> None:
    client, _ = await service.browser("grid01")
    page = await client.get("/plates", headers={"Accept": "text/html"})
    assert page.status_code == 200, page.text
    assert page.text.count('<article class="plate-card"') == 4
    assert page.text.count('<section class="plate-sheet"') == 1
    assert page.text.count('class="qr"') == 4
    assert "扫码随手拍" in page.text
    assert "Scan to report a problem" in page.text
    wrong = await client.get("/plates", params={"kind": "moon"}, headers={"Accept": "text/html"})
    assert wrong.status_code == 400
    rider, _ = await service.browser("rider1")
    assert (await rider.get("/plates", headers={"Accept": "text/html"})).status_code == 403
