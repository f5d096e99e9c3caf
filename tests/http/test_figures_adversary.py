"""What an adversary sends to figures, plans, files, OGC API Features, Open311 and hotline files: refused with a reason, never an error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest

from gis.flows.api_keys import make_key
from tests.extent import part_of
from tests.http.conftest import API, Service

NASTY = (
    "",
    "\x00",
    "NaN",
    "1e999",
    "-1",
    "9" * 400,
    "' OR 1=1 --",
    "%00",
    "٣",
    "0001-01-01",
    "9999-12-31T23:59:59+23:59",
    "🏮",
    "1,2,3,4",
    "nan,nan,nan,nan",
    "-180,-90,180,90",
    "[]",
    "../../etc/passwd",
    "=cmd|' /C calc'!A0",
    str(UUID(int=7)),
)
HOT = ("category", "from", "to", "season", "day", "hours", "month", "grid")
PERIOD = ("period", "date", "from", "to", "grid", "micro_grid", "by")
ITEMS = (
    "bbox",
    "bbox-crs",
    "crs",
    "limit",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "cursor",
    "code",
)
READ: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("planner", "/planner", HOT),
    ("planner", "/planner/heatmap", (*HOT, "weigh", "file")),
    ("planner", "/planner/plans/new", ("street", "budget", "amount", "plan", "category")),
    ("planner", f"{API}/hotspots", (*HOT, "limit", "line", "bbox")),
    ("planner", f"{API}/hotspots/curve", ("category", "from", "to")),
    ("planner", f"{API}/heatmap", (*HOT, "weigh")),
    ("desk", f"{API}/indicators", PERIOD),
    ("desk", "/indicators", PERIOD),
    ("desk", "/indicators/report", PERIOD),
    ("desk", "/exports", ("layer", "format", "cursor")),
    ("desk", f"{API}/exports/cases.csv", ("bbox", "status", "category", "from", "to", "grid", "datum", "light", "q")),
    ("desk", f"{API}/exports/areas.geojson", ("level", "datum")),
    ("desk", f"{API}/search", ("q", "limit", "kind")),
    ("desk", "/desk/hotline/answers.csv", ("from", "to")),
    ("", "/ogc/collections/micro_grids/items", ITEMS),
    ("desk", "/ogc/collections/cases/items", ITEMS),
    ("", "/ogc/collections/hotspots/items", ITEMS),
    ("", "/open311/v2/requests.json", ("service_code", "service_request_id", "start_date", "end_date", "status", "page")),
    ("", "/open311/v2/requests.xml", ("jurisdiction_id", "start_date", "page_size")),
)  # fmt: skip
PATHS: tuple[tuple[str, str], ...] = (
    ("planner", "/planner/plans/{}"),
    ("planner", f"/planner/plans/{UUID(int=7)}/{{}}"),
    ("planner", "/planner/streets/{}"),
    ("planner", f"{API}/plans/{{}}"),
    ("desk", f"{API}/exports/{{}}"),
    ("desk", f"{API}/exports/cases.{{}}"),
    ("desk", "/desk/hotline/{}"),
    ("", "/ogc/collections/{}"),
    ("", "/ogc/collections/{}/items"),
    ("", "/ogc/collections/micro_grids/items/{}"),
    ("", "/ogc/at/{}/collections"),
    ("", "/open311/v2/services/{}.json"),
    ("", "/open311/v2/requests/{}.xml"),
    ("", "/heat/{}"),
    ("desk", "/tiles/hotspots/{}/0/0.mvt"),
)
ODD: tuple[Any, ...] = (None, True, -1, 1e308, "\x00", "9" * 5000, [], {}, [None], {"a": 1}, "NaN")
BODIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("POST", f"{API}/plans", ("id", "base", "name", "note", "streets", "budget", "amount", "filters")),
    ("POST", f"{API}/plans/proposals", ("streets", "budget", "amount", "filters")),
    ("PUT", f"{API}/rates", ("rates",)),
    ("POST", f"{API}/exports", ("id", "layer", "format", "language", "from", "bbox", "level")),
)
FILES: tuple[tuple[str, bytes], ...] = (
    ("a.csv", b""),
    ("a.csv", b"\x00" * 3000),
    ("a.csv", "工单号,地址\n".encode() + b"\xff\xfe\x00,\x00\n"),
    ("a.csv", ("工单号,诉求内容,地址\n" + "1," + "长" * 40_000 + ",八经街46号\n").encode()),
    ("a.csv", (",".join(f"c{n}" for n in range(3000)) + "\n").encode()),
    ("a.csv", b'"never closed,\n1,2\n'),
    ("a.xlsx", b"PK\x03\x04" + b"\x00" * 200),
    ("a.xlsx", b"not a workbook"),
    ("../../a.exe", b"MZ"),
    ("a.csv", "工单号,诉求内容,地址,时间\n=1+1,\u202e,'; DROP TABLE report,9999-99-99\n".encode()),
)  # fmt: skip


def queries(names: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Give each nasty text under one name after the other, every third time beside another one."""
    for number, text in enumerate(NASTY):
        name, other = names[number % len(names)], names[(number * 7 + 3) % len(names)]
        yield {name: text} if number % 3 else {name: text, other: NASTY[-number]}


def refused_well(answer: httpx.Response, what: object) -> None:
    """Check that an answer is none of an error of ours, and says why it refuses."""
    assert answer.status_code < 500, (what, answer.text[:500])
    if answer.status_code < 400:
        return
    kind = answer.headers["content-type"]
    assert kind.startswith(
        ("application/problem+json", "text/html", "application/json", "text/xml", "application/xml")
    ), (what, kind)
    if kind.startswith("application/problem+json"):
        assert answer.json()["code"], what


@pytest.mark.parametrize("part", range(4))
async def test_whatever_is_asked(service: Service, part: int) -> None:
    await service.report("resident", where=(2, 20), category="sewer")
    readers = {name: await service.person(name) for name in ("desk", "planner")} | {
        "": await service.anybody()
    }
    for who, path, names in READ[part::4]:
        for query in queries(names):
            refused_well(await readers[who].get(path, params=query), (path, query))
    for who, path in PATHS[part::4]:
        for text in part_of(NASTY[1:]):
            refused_well(await readers[who].get(path.format(quote(text, safe=""))), (path, text))


async def test_whatever_is_sent_as_json(service: Service) -> None:
    planner, desk = await service.person("planner"), await service.person("desk")
    good = {
        "id": str(UUID(int=9)),
        "name": "x",
        "budget": "metres",
        "amount": 100,
        "layer": "cases",
        "format": "csv",
    }
    for method, path, names in BODIES:
        client = desk if path.endswith("exports") else planner
        for name in names:
            for odd in part_of(ODD):
                for body in ({name: odd}, {key: good[key] for key in names if key in good} | {name: odd}):
                    sent = json.dumps(body).encode()
                    answer = await client.request(
                        method, path, content=sent, headers={"Content-Type": "application/json"}
                    )
                    refused_well(answer, (path, body))


async def test_whatever_is_sent_as_a_form(service: Service) -> None:
    planner, csrf = await service.browser("planner")
    for name in ("id", "base", "note", "street", "budget", "amount", "category", "from"):
        for text in part_of(NASTY[::2]):
            given = {
                "csrf": csrf,
                "id": str(UUID(int=9)),
                "base": "0",
                "name": "x",
                "budget": "metres",
                "amount": "9",
            }
            refused_well(await planner.post("/planner/plans", data=given | {name: text}), (name, text))
            if name == "category":
                refused_well(await planner.post("/planner/rates", data={"csrf": csrf, "sewer": text}), text)
    desk, csrf = await service.browser("desk")
    for name, data in FILES:
        answer = await desk.post("/desk/hotline", data={"csrf": csrf}, files={"file": (name, data)})
        refused_well(answer, (name, data[:30]))
        if answer.status_code == 303:
            page = answer.headers["location"]
            refused_well(await desk.get(page), page)
            for text in part_of(NASTY):
                refused_well(
                    await desk.post(page, data={"csrf": csrf, "act": text, "column_number": text}), text
                )


async def test_whatever_is_sent_to_open311(service: Service) -> None:
    async with service.app.state.parts.work() as work:
        key = (await make_key(work, None, "test", "平台", per_minute=1000))[0]
    client, good = await service.anybody(), {"service_code": "sewer", "lat": "41.789", "long": "123.415"}
    for name in (
        "service_code",
        "lat",
        "long",
        "address_string",
        "description",
        "email",
        "media_url",
        "attribute[x]",
    ):
        for text in part_of(NASTY):
            given = {"api_key": key, "description": "x", **good, name: text}
            refused_well(await client.post("/open311/v2/requests.json", data=given), (name, text))
