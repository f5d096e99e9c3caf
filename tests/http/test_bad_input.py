"""Every bad input of the office's list: the right status and code, in both languages, and nothing half-written."""

import asyncio
from uuid import UUID, uuid4

import httpx
import pytest

from tests.factories import PASSWORD, at
from tests.http.conftest import API, Check, Service, photo_bytes, report_fields

LON, LAT = at(35, 20)


async def nothing_written(service: Service) -> bool:
    desk = await service.person("desk")
    return (await desk.get(f"{API}/cases")).json()["total"] == 0


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"lon": None}, "position_missing", "lon"),
        ({"lat": ""}, "position_missing", "lat"),
        ({"lon": "NaN"}, "position_not_finite", "lon"),
        ({"lon": "Infinity"}, "position_not_finite", "lon"),
        ({"lon": "east"}, "position_not_finite", "lon"),
        ({"lon": LAT, "lat": LON}, "position_swapped", None),
        ({"lon": 523.0}, "position_out_of_range", "lon"),
        ({"lat": -91}, "position_out_of_range", "lat"),
        ({"datum": "mars"}, "datum_unknown", "datum"),
        ({"accuracy_m": -5}, "accuracy_invalid", "accuracy_m"),
        ({"heading_deg": "north"}, "heading_invalid", "heading_deg"),
        ({"source": "guess"}, "source_unknown", "source"),
        ({"category": "dragons"}, "category_unknown", "category"),
        ({"category": None}, "field_not_text", "category"),
        ({"description": "长" * 5000}, "field_too_long", "description"),
        ({"description": "a\x00b"}, "field_not_text", "description"),
        ({"fixed_at": "yesterday"}, "field_not_date", "fixed_at"),
        ({"fixed_at": "2026-06-03T12:00:00"}, "field_not_date", "fixed_at"),
        ({"id": "no-uuid"}, "field_not_uuid", "id"),
        ({"descripton": "misspelt"}, "field_unknown", "descripton"),
        ({"manifest": ["zz"]}, "field_invalid", "manifest.0"),
    ],
)
async def test_a_report_with_a_bad_field(service: Service, problem: Check, fields, code, field) -> None:
    client = await service.person("resident")
    body = {
        name: value
        for name, value in {**report_fields(), **fields}.items()
        if value is not None or name == "category"
    }
    sentences = set()
    for language in ("zh", "en"):
        answer = await client.post(f"{API}/reports", json=body, headers={"Accept-Language": language})
        found = problem(answer, 400, code)
        sentences.add(found["detail"])
        if field is not None:
            assert [one["field"] for one in found["errors"]] == [field]
    assert len(sentences) == 2
    assert await nothing_written(service)


async def test_not_a_number_in_json_itself(service: Service, problem: Check) -> None:
    client = await service.person("resident")
    body = '{"category": "sewer", "lon": NaN, "lat": 41.789}'
    answer = await client.post(f"{API}/reports", content=body, headers={"Content-Type": "application/json"})
    problem(answer, 400, "position_not_finite")


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "json_invalid"),
        (b"[" * 100_000, "application/json", 400, "json_invalid"),
        (b"[]", "application/json", 400, "body_unreadable"),
        (b"\xff\xfe", "application/json", 400, "json_invalid"),
        (b"lon=1", "text/plain", 415, "content_type_unknown"),
        (b"--x", "multipart/form-data; boundary=y", 400, "body_unreadable"),
        (b"x", "multipart/form-data", 400, "body_unreadable"),
    ],
)
async def test_a_body_that_is_no_report(service: Service, body, kind, status, code) -> None:
    client = await service.person("resident")
    answer = await client.post(f"{API}/reports", content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"this is text", 415, None),
        (b"", 400, None),
        (photo_bytes(5, (640, 480))[:4000], 400, None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, None),
    ],
)
async def test_a_photo_that_is_none(service: Service, data, status, code) -> None:
    client = await service.person("resident")
    form = {name: str(value) for name, value in report_fields().items()}
    answer = await client.post(
        f"{API}/reports", data=form, files={"photo": ("street.jpg", data, "image/jpeg")}
    )
    assert answer.status_code in (400, 415), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["errors"][0]["field"] == "photo"
    assert await nothing_written(service)


async def test_too_many_and_too_large_photos(service: Service, problem: Check) -> None:
    client = await service.person("resident")
    form = {name: str(value) for name, value in report_fields().items()}
    many = [("photo", (f"{n}.jpg", photo_bytes(n), "image/jpeg")) for n in range(10)]
    problem(await client.post(f"{API}/reports", data=form, files=many), 400, "too_many_photos")
    huge = b"\xff\xd8" + bytes(25_000_001)
    answer = await client.post(f"{API}/reports", data=form, files={"photo": ("a.jpg", huge, "image/jpeg")})
    assert answer.status_code == 413
    assert answer.json()["code"] == "photo_too_large"
    assert await nothing_written(service)


async def test_bodies_over_the_limit(service: Service, problem: Check) -> None:
    client = await service.person("resident")
    body = b"{" + b" " * 2_000_000
    answer = await client.put(f"{API}/me/duty", content=body, headers={"Content-Type": "application/json"})
    problem(answer, 413, "body_too_large")

    async def chunks():
        for _ in range(30):
            yield bytes(100_000)

    answer = await client.put(
        f"{API}/me/duty", content=chunks(), headers={"Content-Type": "application/json"}
    )
    problem(answer, 413, "body_too_large")


async def test_the_same_id_with_another_body_is_a_conflict(service: Service, problem: Check) -> None:
    client = await service.person("resident")
    fields = report_fields()
    first = await client.post(f"{API}/reports", json=fields)
    again = await client.post(f"{API}/reports", json=fields)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = await client.post(f"{API}/reports", json={**fields, "description": "别的"})
    problem(other, 409, "report_id_reused")
    assert (await client.get(f"{API}/reports")).json()["total"] == 1


async def test_a_second_accept_and_anothers_task(service: Service, problem: Check) -> None:
    await service.on_duty("watcher01-01", (50, 50))
    case_id = (await service.report())["case_id"]
    assert (await service.act("watcher01-01", case_id, "accept")).status_code == 200
    found = problem(await service.act("grid01", case_id, "accept"), 409, "already_taken")
    assert found["title"]
    problem(await service.act("watcher02-02", case_id, "arrive"), 404, "case_not_found")
    problem(await service.act("grid01", case_id, "arrive"), 403, "not_allowed")
    problem(await service.act("watcher01-01", str(uuid4()), "accept"), 404, "case_not_found")
    wrong = problem(await service.act("watcher01-01", case_id, "verify"), 409, "illegal_transition")
    assert "done" in wrong["legal"]


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("bbox=abc", "bbox_invalid", "bbox"),
        ("bbox=1,2,3", "bbox_invalid", "bbox"),
        ("bbox=2,1,1,2", "bbox_invalid", "bbox"),
        ("bbox=nan,1,2,3", "bbox_invalid", "bbox"),
        ("limit=0", "field_too_small", "limit"),
        ("limit=501", "field_too_big", "limit"),
        ("limit=many", "field_not_integer", "limit"),
        ("cursor=%21%21", "cursor_invalid", "cursor"),
        ("cursor=AAAA", "cursor_invalid", "cursor"),
        ("status=lost", "field_not_one_of", "status"),
        ("category=dragons", "field_not_one_of", "category"),
        ("from=soon", "date_invalid", "from"),
        ("to=9999-12-31", "date_invalid", "to"),
        ("from=2026-06-03&to=2026-06-01", "period_backwards", "from"),
        ("q=a%00b", "field_not_text", "q"),
        ("colour=red", "unknown_parameter", "colour"),
        ("mine=yours", "field_not_one_of", "mine"),
    ],
)
async def test_a_list_with_a_bad_filter(service: Service, problem: Check, query, code, field) -> None:
    desk = await service.person("desk")
    found = problem(await desk.get(f"{API}/cases?{query}"), 400, code)
    assert [one["field"] for one in found["errors"]] == [field]


async def test_routes_and_methods_that_there_are_not(service: Service, problem: Check) -> None:
    desk = await service.person("desk")
    problem(await desk.get(f"{API}/dragons"), 404, "route_unknown")
    problem(await desk.delete(f"{API}/cases"), 405, "method_not_allowed")
    problem(await desk.get(f"{API}/cases/not-a-uuid"), 400, "field_not_uuid")
    problem(await desk.get("/static/missing.js"), 404, "route_unknown")
    page = await desk.get("/dragons", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


async def test_sign_in_says_little(service: Service, problem: Check) -> None:
    client = await service.anybody()
    for body in ({"username": "nobody", "password": PASSWORD}, {"username": "desk", "password": "wrong"}):
        problem(await client.post(f"{API}/session", json=body), 401, "sign_in_failed")
    problem(await client.post(f"{API}/session", json={"username": "desk"}), 400, "field_missing")
    for _ in range(8):
        answer = await client.post(f"{API}/session", json={"username": "desk", "password": "wrong"})
    waiting = await client.post(f"{API}/session", json={"username": "desk", "password": PASSWORD})
    problem(waiting, 429, "too_many_sign_ins")
    assert int(waiting.headers["retry-after"]) >= 1
    assert answer.status_code in (401, 429)


async def test_more_photos_than_can_be_worked_on_are_sent_away_and_come_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await service.person("resident")
    turnstile = service.app.state.parts.turnstile
    monkeypatch.setattr(turnstile, "most", 2)
    lon, lat = at(35, 20)

    async def send(number: int) -> httpx.Response:
        form = {"id": str(UUID(int=number)), "category": "sewer", "lon": lon, "lat": lat, "separate": "true"}
        photo = {"photo": ("a.jpg", photo_bytes(number), "image/jpeg")}
        return await client.post(f"{API}/reports", data=form, files=photo)

    answers = await asyncio.gather(*(send(number) for number in range(6)))
    refused = [one for one in answers if one.status_code == 503]
    assert [one.status_code for one in answers].count(201) >= 2
    assert refused
    assert all(one.json()["code"] == "photo_busy" and int(one.headers["Retry-After"]) > 0 for one in refused)
    without = {"category": "sewer", "lon": lon, "lat": lat, "separate": True}
    with monkeypatch.context() as full:
        full.setattr(turnstile, "most", 0)
        assert (await client.post(f"{API}/reports", json=without)).status_code == 201
    again = [await send(number) for number in range(6)]
    assert {one.status_code for one in again} <= {200, 201}
    assert turnstile.inside == 0
