"""OGC API Features: what the standards say, what GDAL and OWSLib read of it, and who sees what."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import httpx
import numpy as np
import pytest
import shapely
import uvicorn

from gis.crs import metric_crs
from tests.factories import LAT, LON, at
from tests.http.conftest import API, Check, Service

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
WEST, EAST = (35, 20), (135, 120)
PUBLIC = {
    "communities",
    "grids",
    "micro_grids",
    "courtyards",
    "buildings",
    "streets",
    "stations",
    "hotspots",
    "public_cases",
}


async def items(client: httpx.AsyncClient, collection: str, **given) -> dict:
    answer = await client.get(f"/ogc/collections/{collection}/items", params=given)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    found = answer.json()
    assert found["numberReturned"] == len(found["features"])
    return found


def codes(found: dict) -> list[str]:
    return [one["properties"]["code"] for one in found["features"]]


async def test_documents_lead_to_one_another(service: Service) -> None:
    client = await service.anybody()
    landing = (await client.get("/ogc")).json()
    links = {one["rel"]: one["href"] for one in landing["links"]}
    assert set(links) == {"self", "service-desc", "conformance", "data"}
    for address in links.values():
        assert address.startswith("http://weiwang.test/ogc")
        assert (await client.get(address)).status_code == 200
    conformance = (await client.get(links["conformance"])).json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in conformance
    listed = (await client.get(links["data"])).json()["collections"]
    assert {one["id"] for one in listed} == PUBLIC
    for one in listed:
        assert one["crs"][0] == one["storageCrs"] == CRS84
        assert f"{EPSG}4549" in one["crs"]
        for link in one["links"]:
            assert (await client.get(link["href"])).status_code == 200
    page = (await client.get("/ogc/at/test/collections/grids")).json()
    assert page["links"][1]["href"] == "http://weiwang.test/ogc/at/test/collections/grids/items"


async def test_pages(service: Service) -> None:
    client = await service.anybody()
    seen: list[str] = []
    answer = await items(client, "micro_grids", limit=3)
    assert (answer["numberMatched"], answer["numberReturned"]) == (4, 3)
    while True:
        seen += [one["id"] for one in answer["features"]]
        following = [one["href"] for one in answer["links"] if one["rel"] == "next"]
        if not following:
            break
        answer = (await client.get(following[0])).json()
        assert answer["numberMatched"] == 4
    assert len(seen) == len(set(seen)) == 4
    one = (await client.get(f"/ogc/collections/micro_grids/items/{seen[0]}")).json()
    assert one["id"] == seen[0]
    assert one["type"] == "Feature"
    assert (await items(client, "courtyards"))["features"] == []
    whole = await items(client, "micro_grids", limit=4)
    assert "next" not in {one["rel"] for one in whole["links"]}


async def test_coordinates_in_the_order_of_the_register(service: Service) -> None:
    client = await service.anybody()
    x, y = metric_crs(4549).project(LON, LAT)
    mercator = metric_crs(3857).project(LON, LAT)
    expected = {
        CRS84: (LON, LAT),
        f"{EPSG}4326": (LAT, LON),
        f"{EPSG}4490": (LAT, LON),
        f"{EPSG}4549": (y, x),
        f"{EPSG}3857": mercator,
    }
    for crs, corner in expected.items():
        answer = await client.get("/ogc/collections/communities/items", params={"crs": crs})
        assert answer.headers["content-crs"] == f"<{crs}>"
        shape = shapely.geometry.shape(answer.json()["features"][0]["geometry"])
        assert np.allclose(shape.bounds[:2], corner, rtol=0, atol=12 if abs(corner[0]) > 360 else 1e-5), crs
        low, high = (
            corner,
            (
                corner[0] + (1e-5 if abs(corner[0]) < 360 else 1),
                corner[1] + (1e-5 if abs(corner[0]) < 360 else 1),
            ),
        )
        box = ",".join(map(str, (*low, *high)))
        found = await items(client, "micro_grids", **{"bbox": box, "bbox-crs": crs})
        assert codes(found) == ["01-01"], crs


FILTERS = [
    ("code = '01-01'", ["01-01"]),
    ("code LIKE '01%' AND NOT code = '01-02'", ["01-01"]),
    ("code IN ('02-01','02-02') AND parent_code = '02'", ["02-01", "02-02"]),
    ("code BETWEEN '01-02' AND '02-01'", ["01-02", "02-01"]),
    ("name_en IS NULL", []),
    ("CASEI(code) = '01-01'", ["01-01"]),
    (f"S_INTERSECTS(geometry, POINT({at(10, 10)[0]} {at(10, 10)[1]}))", ["01-01"]),
    (f"S_WITHIN(geometry, POLYGON(({LON - 1} {LAT - 1}, {LON + 1} {LAT - 1}, {LON + 1} {LAT + 1}, {LON - 1} {LAT + 1}, {LON - 1} {LAT - 1})))", ["01-01", "01-02", "02-01", "02-02"]),
    ("code = 'x'' OR 1=1 --'", []),
    ("code = '02-01' OR code = '01-01' AND parent_code = '02'", ["02-01"]),
    ("NOT (parent_code = '01' OR code = '02-02')", ["02-01"]),
]  # fmt: skip


async def test_filters(service: Service) -> None:
    client = await service.anybody()
    for text, expected in FILTERS:
        assert sorted(codes(await items(client, "micro_grids", filter=text))) == expected, text
    stated = {"op": "and", "args": [
        {"op": "=", "args": [{"property": "parent_code"}, "01"]},
        {"op": "like", "args": [{"property": "code"}, "%-02"]},
    ]}  # fmt: skip
    found = await items(client, "micro_grids", **{"filter": json.dumps(stated), "filter-lang": "cql2-json"})
    assert codes(found) == ["01-02"]
    lat_first = f"S_INTERSECTS(geometry, POINT({at(10, 10)[1]} {at(10, 10)[0]}))"
    assert codes(
        await items(client, "micro_grids", **{"filter": lat_first, "filter-crs": f"{EPSG}4326"})
    ) == ["01-01"]
    assert sorted(codes(await items(client, "micro_grids", parent_code="02"))) == ["02-01", "02-02"]
    assert (await items(client, "buildings", levels="6"))["numberMatched"] == 4
    assert (await items(client, "buildings", filter="levels > 6"))["numberMatched"] == 0
    schema = (await client.get("/ogc/collections/buildings/queryables")).json()
    assert schema["properties"]["levels"] == {"type": "integer"}
    assert "flats" not in schema["properties"]


async def test_cases_by_time_and_role(service: Service, problem: Check) -> None:
    await service.report(where=WEST, category="road_damage", description="秘密")
    await service.report(where=EAST, category="water_leak")
    await service.report(where=WEST, category="elderly_care")
    anybody = await service.anybody()
    found = await items(anybody, "public_cases")
    assert sorted(one["properties"]["category"] for one in found["features"]) == ["road_damage", "water_leak"]
    text = json.dumps(found, ensure_ascii=False)
    assert "秘密" not in text
    assert {one["properties"]["opened_on"] for one in found["features"]} == {"2026-06-03"}
    metric = metric_crs(4550)
    for one in found["features"]:
        assert one["id"].startswith("20260603-")
        x, y = metric.project(*one["geometry"]["coordinates"])
        assert max(abs(x / 100 - round(x / 100)), abs(y / 100 - round(y / 100))) < 1e-3
    assert (await items(anybody, "public_cases", datetime="2026-06-03"))["numberMatched"] == 2
    assert (await items(anybody, "public_cases", datetime="../2026-06-02"))["numberMatched"] == 0
    assert (await items(anybody, "public_cases", datetime="2026-06-03/..", category="sewer"))[
        "numberMatched"
    ] == 0
    problem(await anybody.get("/ogc/collections/cases/items"), 404, "collection_unknown")
    expected = {"desk": 3, "grid01": 2, "grid02": 1, "rider1": 0, "resident": 0, "water": 0}
    for username, count in expected.items():
        client = await service.person(username)
        assert (await items(client, "cases"))["numberMatched"] == count, username
        assert (await items(client, "public_cases"))["numberMatched"] == 2
    grid = await service.person("grid01")
    assert sorted(codes(await items(grid, "micro_grids"))) == ["01-01", "01-02"]
    assert "households" in (await items(grid, "micro_grids"))["features"][0]["properties"]
    late = await items(grid, "cases", filter="T_AFTER(opened_at, TIMESTAMP('2026-06-03T03:00:00Z'))")
    assert late["numberMatched"] == 2
    desk = await service.person("desk")
    hot = await items(desk, "hotspots")
    assert hot["numberMatched"] >= 1
    assert {"rank", "rate", "rate_low", "rate_high", "length_m"} <= set(hot["features"][0]["properties"])
    assert (await items(anybody, "hotspots"))["features"] == []  # too few cases to be shown to all
    stranger = await service.anybody(headers={"Authorization": "Bearer test~" + "x" * 43})
    problem(await stranger.get("/ogc/collections"), 401, "session_ended")
    problem(await desk.get("/ogc/at/elsewhere/collections"), 404, "community_not_found")


async def test_the_public_may_be_shut_out(service: Service, problem: Check) -> None:
    interfaces = service.app.state.parts.settings.interfaces
    interfaces.public = False
    try:
        problem(await (await service.anybody()).get("/ogc"), 401, "not_signed_in")
        assert (await (await service.person("desk")).get("/ogc")).status_code == 200
    finally:
        interfaces.public = True


async def test_the_same_is_not_sent_twice(service: Service) -> None:
    client = await service.anybody()
    for path in (
        "/ogc",
        "/ogc/collections",
        "/ogc/collections/buildings/items",
        "/ogc/collections/public_cases/items",
    ):
        answer = await client.get(path)
        again = await client.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path
        head = await client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == answer.headers["etag"]


BAD = [
    ("/ogc/collections/people", 404, "collection_unknown"),
    ("/ogc/collections/people/items", 404, "collection_unknown"),
    ("/ogc/collections/grids/items/none", 404, "feature_unknown"),
    ("/ogc/collections/grids/items/%00", 404, "feature_unknown"),
    ("/ogc/at/nowhere/collections", 404, "community_not_found"),
    ("/ogc/collections/grids/items?bbox=abc", 400, "bbox_invalid"),
    ("/ogc/collections/grids/items?bbox=1,2,3", 400, "bbox_invalid"),
    ("/ogc/collections/grids/items?bbox=1,2,nan,4", 400, "bbox_invalid"),
    ("/ogc/collections/grids/items?bbox=1,4,3,2", 400, "bbox_invalid"),
    ("/ogc/collections/grids/items?limit=0", 400, "limit_invalid"),
    ("/ogc/collections/grids/items?limit=-1", 400, "limit_invalid"),
    ("/ogc/collections/grids/items?limit=many", 400, "limit_invalid"),
    ("/ogc/collections/grids/items?crs=EPSG:9999", 400, "crs_unknown"),
    ("/ogc/collections/grids/items?bbox=1,2,3,4&bbox-crs=EPSG:1", 400, "crs_unknown"),
    ("/ogc/collections/public_cases/items?datetime=yesterday", 400, "datetime_invalid"),
    ("/ogc/collections/public_cases/items?datetime=../..", 400, "datetime_invalid"),
    ("/ogc/collections/public_cases/items?datetime=2026-06-03/2026-06-02", 400, "datetime_invalid"),
    ("/ogc/collections/grids/items?offset=2", 400, "unknown_parameter"),
    ("/ogc/collections/grids/items?code=1&code=2", 400, "parameter_twice"),
    ("/ogc/collections/grids/items?f=html", 400, "ogc_format_unknown"),
    ("/ogc/collections/grids/items?cursor=nonsense", 400, "cursor_invalid"),
    ("/ogc/collections/buildings/items?levels=six", 400, "field_invalid"),
    ("/ogc/collections/grids/items?filter=code", 400, "filter_invalid"),
    ("/ogc/collections/grids/items?filter=code%20%3D", 400, "filter_invalid"),
    ("/ogc/collections/grids/items?filter=password%20%3D%201", 400, "filter_invalid"),
    ("/ogc/collections/grids/items?filter=pg_sleep(9)%20%3D%201", 400, "filter_invalid"),
    ("/ogc/collections/buildings/items?filter=levels%20%3D%20%27six%27", 400, "filter_invalid"),
    ("/ogc/collections/grids/items?filter=%7B%7D&filter-lang=cql2-json", 400, "filter_invalid"),
    ("/ogc/collections/grids/items?filter-lang=sql&filter=1", 400, "field_not_one_of"),
    ("/ogc/collections/grids/items?filter=" + "(" * 3000, 400, "filter_invalid"),
    # what would end the whole process in the library that reads filters
    ("/ogc/collections/grids/items?filter=" + "a%3D" * 3950 + "1", 400, "filter_invalid"),
    ("/ogc/collections/grids/items?filter=a%3D" + "-%09" * 3900 + "1", 400, "filter_invalid"),
    ("/ogc/collections/grids/items?filter=S_INTERSECTS(geometry,POINT(1))", 400, "filter_invalid"),
]


async def test_bad_input(service: Service, problem: Check) -> None:
    client = await service.anybody()
    for path, status, code in BAD:
        found = problem(await client.get(path), status, code)
        assert found["errors"] or status == 404, path


@asynccontextmanager
async def served(service: Service) -> AsyncIterator[str]:
    """Serve the app on a port, for clients that bring their own HTTP."""
    server = uvicorn.Server(uvicorn.Config(service.app, port=0, lifespan="off", log_level="warning"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


CLIENTS = """
import json, sys
import pyogrio
from owslib.ogcapi.features import Features
base, token = sys.argv[1:]
source = f"OAPIF:{base}"
found = {"layers": sorted(pyogrio.list_layers(source)[:, 0].tolist())}
for name in ("micro_grids", "buildings", "streets", "public_cases"):
    frame = pyogrio.read_dataframe(source, layer=name, PAGE_SIZE="3")
    found[name] = [len(frame), *frame.to_crs(4326).total_bounds[:2]]
frame = pyogrio.read_dataframe(source, layer="micro_grids", where="code = '01-01'", CRS="EPSG:4550")
found["one"] = [frame.code.tolist(), frame.crs.to_epsg(), frame.geometry[0].bounds[0]]
known = Features(base, headers={"Authorization": token})
found["collections"] = known.feature_collections()
found["cases"] = known.collection_items("cases", limit=5)["numberMatched"]
found["queryable"] = known.collection_queryables("cases")["properties"]["opened_at"]
found["type"] = known.collection("cases")["itemType"]
print(json.dumps(found))
"""


async def test_gdal_and_owslib_read_everything(service: Service) -> None:
    await service.report(where=WEST, category="road_damage")
    token = (await service.person("desk")).headers["Authorization"]
    async with served(service) as base:  # in a process of their own: GDAL waits without letting others run
        clients = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CLIENTS, f"{base}/ogc", token, stdout=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(50):
            told, _ = await clients.communicate()
    found = json.loads(told)
    assert set(found["layers"]) == PUBLIC
    for name, count in {"micro_grids": 4, "buildings": 4, "streets": 14, "public_cases": 1}.items():
        assert found[name][0] == count, name
        assert np.allclose(found[name][1:], (LON, LAT), atol=2e-3), name
    names, epsg, west = found["one"]
    assert (names, epsg) == (["01-01"], 4550)
    assert west == pytest.approx(metric_crs(4550).project(LON, LAT)[0], abs=1)
    assert set(found["collections"]) == PUBLIC | {"cases"}
    assert (found["cases"], found["type"]) == (1, "feature")
    assert found["queryable"] == {"type": "string", "format": "date-time"}


async def test_lists_and_layers_agree(service: Service) -> None:
    desk = await service.person("desk")
    layer = (await desk.get(f"{API}/buildings")).json()
    found = await items(desk, "buildings", limit=1000)
    key = quote(found["features"][0]["id"])
    assert {one["id"] for one in layer["features"]} == {one["id"] for one in found["features"]}
    assert {one["properties"]["label"] for one in layer["features"]} == {
        one["properties"]["label"] for one in found["features"]
    }
    assert (await desk.get(f"/ogc/collections/buildings/items/{key}")).json()["properties"]["flats"] == 24
