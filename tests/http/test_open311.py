"""Open311 GeoReport v2: a small strict client walks all of it, in both forms; the public sees it coarsely."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

import httpx
import pytest
from sqlalchemy import text

from gis.crs import from_wgs84, metric_crs
from gis.flows.api_keys import end_key, make_key
from gis.store.session import Database
from gis.words import Datum
from tests.factories import at
from tests.http.conftest import Service, photo_bytes

ROOT = "/open311/v2"
WHERE = at(35, 20)
MEMBERS = {"services": "service", "service_requests": "request", "errors": "error"}
REQUEST = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime",
    "address", "address_id", "zipcode", "lat", "long", "media_url",
}  # fmt: skip


class Strict:
    """A client that takes nothing but what the specification says."""

    def __init__(self, client: httpx.AsyncClient, kind: str, key: str = "") -> None:
        self.client, self.kind, self.key = client, kind, key

    async def get(self, path: str, expected: Any = 200, **given: Any) -> Any:
        return self.read(await self.client.get(f"{ROOT}/{path}.{self.kind}", params=given), expected)

    async def post(self, status: Any = 201, files: Any = None, **fields: Any) -> Any:
        sent = {"api_key": self.key, **fields}
        answer = await self.client.post(f"{ROOT}/requests.{self.kind}", data=sent, files=files)
        return self.read(answer, status)

    def read(self, answer: httpx.Response, status: int) -> Any:
        assert answer.status_code == status, answer.text
        if self.kind == "json":
            assert answer.headers["content-type"] == "application/json; charset=utf-8"
            found = answer.json()
        else:
            assert answer.headers["content-type"] == "text/xml; charset=utf-8"
            found = self.plain(ET.fromstring(answer.text))
        if status >= 400:
            assert all(set(one) == {"code", "description"} and one["description"] for one in found)
            assert {one["code"] for one in found} == {str(status)}
        return found

    def plain(self, element: ET.Element) -> Any:
        """Return an element as the JSON that it stands for, all texts."""
        lists = MEMBERS | {
            "endpoints": "endpoint",
            "formats": "format",
            "attributes": "attribute",
            "values": "value",
        }
        if element.tag in lists:
            assert {one.tag for one in element} <= {lists[element.tag]}
            return [self.plain(one) for one in element]
        return {one.tag: self.plain(one) for one in element} if len(element) else element.text or ""


@pytest.fixture
async def key(service: Service) -> str:
    async with service.app.state.parts.work() as work:
        return (await make_key(work, None, "test", "市民热线平台", per_minute=20))[0]


@pytest.mark.parametrize("kind", ["xml", "json"])
async def test_a_strict_client_walks_it(service: Service, database: Database, key: str, kind: str) -> None:
    client = Strict(await service.anybody(), kind, key)
    found = await client.get("discovery")
    assert found["endpoints"][0]["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert found["endpoints"][0]["url"] == "http://weiwang.test/open311/v2"
    listed = await client.get("services")
    codes = [one["service_code"] for one in listed]
    assert "sewer" in codes
    assert "elderly_care" not in codes
    assert {tuple(one) for one in listed} == {
        ("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
    }
    definition = await client.get("services/sewer")
    assert [one["code"] for one in definition["attributes"]] == ["detail", "datum", "observed_at"]
    assert definition["attributes"][1]["values"][1]["key"] == "gcj02"
    lon, lat = from_wgs84(*WHERE, Datum.GCJ02)
    fields = {"service_code": "sewer", "lat": str(lat), "long": str(lon), "attribute[datum]": "gcj02"}
    (made,) = await client.post(
        **fields, description="下水 <堵> & 了", phone="13800000000", **{"attribute[detail]": "3单元"}
    )
    number = made["service_request_id"]
    (one,) = await client.get(f"requests/{number}")
    assert set(one) == REQUEST
    assert (one["status"], one["service_code"], one["status_notes"]) == ("open", "sewer", "待派单")
    assert one["requested_datetime"] == "2026-06-03T12:00:00+08:00"
    assert not one["description"]
    x, y = metric_crs(4550).project(float(one["long"]), float(one["lat"]))
    assert max(abs(x / 100 - round(x / 100)), abs(y / 100 - round(y / 100))) < 1e-3
    (own,) = await client.get(f"requests/{number}", api_key=key)
    assert own["description"] == "下水 <堵> & 了"
    assert (float(own["long"]), float(own["lat"])) == pytest.approx(WHERE, abs=1e-6)
    async with database.read() as session:
        row = await session.row(text("SELECT report_id, source, detail, stated_datum FROM report"))
        phones = await session.rows(text("SELECT 1 FROM report WHERE report::text LIKE '%13800000000%'"))
    assert row is not None
    assert tuple(row[1:]) == ("open311", "3单元", "gcj02")
    assert not phones
    (token,) = await client.get(f"tokens/{row.report_id}")
    assert token == {"token": str(row.report_id), "service_request_id": number}


async def test_lists(service: Service, key: str) -> None:
    anybody = await service.anybody()
    client = Strict(anybody, "json", key)
    numbers = []
    for category, where in (("sewer", (20, 20)), ("road_damage", (120, 120)), ("elderly_care", (150, 20))):
        numbers.append((await service.report(where=where, category=category))["number"])
        service.clock.at += timedelta(minutes=1)
    hazards = {numbers[0], numbers[1]}

    async def found(**given: str) -> list[str]:
        return [one["service_request_id"] for one in await client.get("requests", **given)]

    assert await found() == [numbers[1], numbers[0]]
    assert await found(service_code="sewer") == [numbers[0]]
    assert await found(service_request_id=",".join(numbers)) == [numbers[1], numbers[0]]
    assert set(await found(status="open")) == hazards
    assert await found(status="closed") == []
    assert set(await found(start_date="2026-06-03T04:00:00Z", end_date="2026-06-04T00:00:00Z")) == hazards
    assert await found(end_date="2026-06-03T03:00:00Z") == []
    assert await found(start_date="2026-01-01T00:00:00Z") == []  # its 90 days are over by then
    assert await found(page_size="1", page="2") == [numbers[0]]
    service.clock.at += timedelta(days=91)
    assert await found() == []
    assert set(await found(service_request_id=",".join(numbers))) == hazards
    await client.get(f"requests/{numbers[2]}", 404)


async def test_filing(service: Service, database: Database, key: str) -> None:
    anybody = await service.anybody()
    client = Strict(anybody, "json", key)
    lon, lat = WHERE
    where = {"lat": str(lat), "long": str(lon)}
    mine = str(uuid4())
    first = await client.post(service_code="sewer", client_id=mine, **where)
    assert await client.post(service_code="sewer", client_id=mine, **where) == first
    building = str(service.community.buildings["02-02"])
    (by_id,) = await client.post(service_code="tree", address_id=building, description="长" * 4000)
    (by_words,) = await client.post(service_code="rubbish", address_string="测试街1号")
    async with database.read() as session:
        rows = await session.rows(text('SELECT number, micro_grid_code FROM "case" ORDER BY number'))
        longest = await session.value(text("SELECT max(length(description)) FROM report"))
    assert [row.micro_grid_code for row in rows] == ["01-01", "02-02", "01-01"]
    assert longest == 4000
    assert by_id != by_words
    photo = [
        ("media", ("a.jpg", photo_bytes(3), "image/jpeg")),
        ("media[]", ("b.jpg", photo_bytes(4), "image/jpeg")),
    ]
    (with_photos,) = await client.post(
        files=photo, service_code="manhole", media_url="http://127.0.0.1/a.jpg", **where
    )
    assert "media_url" in with_photos["service_notice"]
    async with database.read() as session:
        assert await session.value(text("SELECT count(*) FROM photo")) == 2
    body = {
        "api_key": key,
        "service_code": "tree",
        "lat": lat,
        "long": lon,
        "attribute": {"detail": "树倒了"},
    }
    sent = await anybody.post(f"{ROOT}/requests.json", json=body)
    assert sent.status_code == 201


BAD: list[tuple[str, int]] = [
    ("nothing.json", 404),
    ("services/unknown.json", 404),
    ("services/elderly_care.json", 404),
    ("services.pdf", 404),
    ("requests/20260603-99999.json", 404),
    ("requests/nonsense.json", 404),
    ("tokens/nonsense.json", 404),
    (f"tokens/{uuid4()}.json", 404),
    ("services.json?jurisdiction_id=elsewhere", 404),
    ("requests.json?status=lost", 400),
    ("requests.json?service_code=lost", 404),
    ("requests.json?start_date=yesterday", 400),
    ("requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400),
    ("requests.json?start_date=2026-06-02T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400),
    ("requests.json?page_size=0", 400),
    ("requests.json?page=x", 400),
    ("requests.json?bbox=1,2", 400),
    ("requests.json?sort=up", 400),
    ("requests.json?api_key=wrong", 403),
]
BAD_POSTS: list[tuple[dict[str, str], int, str]] = [
    ({"service_code": ""}, 400, "service_code"),
    ({"service_code": "lost"}, 404, ""),
    ({"lat": ""}, 400, "lat"),
    ({"lat": "", "long": ""}, 400, "lat"),
    ({"lat": "nan"}, 400, "lat"),
    ({"lat": "123.4", "long": "41.7"}, 400, ""),
    ({"attribute[datum]": "mars"}, 400, "datum"),
    ({"attribute[colour]": "red"}, 400, "attribute[colour]"),
    ({"attribute[observed_at]": "noon"}, 400, "attribute[observed_at]"),
    ({"client_id": "1"}, 400, "client_id"),
    ({"description": "长" * 4001}, 400, "description"),
    ({"lat": "", "long": "", "address_string": "月球路1号"}, 400, "address_string"),
    ({"lat": "", "long": "", "address_id": "1"}, 400, "address_id"),
    ({"api_key": ""}, 403, ""),
    ({"api_key": "test~wrong"}, 403, ""),
    ({"api_key": "测"}, 403, ""),
]


async def test_bad_input(service: Service, key: str) -> None:
    anybody = await service.anybody()
    client = Strict(anybody, "json", key)
    for path, status in BAD:
        answer = await anybody.get(f"{ROOT}/{path}")
        assert answer.status_code == status, (path, answer.text)
        if path != "nothing.json" and ".pdf" not in path:
            assert {one["code"] for one in answer.json()} == {str(status)}
    service.app.state.parts.rates.__init__()
    fields = {"service_code": "sewer", "lat": str(WHERE[1]), "long": str(WHERE[0])}
    for changes, status, field in BAD_POSTS:
        found = await client.post(status, **{**fields, **changes})
        assert any(field in one["description"] for one in found), (changes, found)
        service.app.state.parts.rates.__init__()
    text_file = [("media", ("a.jpg", b"not a photo", "image/jpeg"))]
    assert await client.post(415, files=text_file, **fields)
    sent = await anybody.post(
        f"{ROOT}/requests.json", content=b"[1]", headers={"Content-Type": "application/json"}
    )
    assert sent.status_code == 400


async def test_keys_have_a_measure_and_an_end(service: Service, database: Database) -> None:
    parts = service.app.state.parts
    async with parts.work() as work:
        given, made = await make_key(work, None, "test", "小程序", per_minute=2)
    async with database.read() as session:
        stored = (await session.rows(text("SELECT key_hash, name FROM api_key")))[0]
    assert given.encode() not in bytes(stored.key_hash)
    client = Strict(await service.anybody(), "json", given)
    fields = {"service_code": "tree", "lat": str(WHERE[1]), "long": str(WHERE[0])}
    for _ in range(2):
        await client.post(**fields)
    answer = await client.client.post(f"{ROOT}/requests.json", data={"api_key": given, **fields})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "61")
    service.clock.at += timedelta(seconds=61)
    await client.post(**fields)
    async with parts.work() as work:
        await end_key(work, None, "test", made.key_id)
    await client.post(403, **fields)
    assert json.dumps(await client.get("services"))
