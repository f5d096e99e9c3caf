"""Map layers: GeoJSON that clients keep for as long as nothing changes."""

import gzip

import pytest
from sqlalchemy import text

from gis.store.session import Database
from tests.http.conftest import API, Service

LAYERS = ("areas?level=grid", "areas", "buildings", "streets", "base", "gates", "stations")


@pytest.mark.parametrize("layer", LAYERS)
async def test_a_layer_is_sent_once(service: Service, layer) -> None:
    desk = await service.person("desk")
    answer = await desk.get(f"{API}/{layer}", headers={"Accept-Encoding": "identity"})
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.json()["type"] == "FeatureCollection"
    again = await desk.get(f"{API}/{layer}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_layers_are_compressed(service: Service) -> None:
    desk = await service.person("desk")
    plain = await desk.get(f"{API}/buildings", headers={"Accept-Encoding": "identity"})
    request = desk.build_request("GET", f"{API}/buildings", headers={"Accept-Encoding": "gzip"})
    packed = await desk.send(request, stream=True)
    assert packed.headers["content-encoding"] == "gzip"
    raw = b"".join([part async for part in packed.aiter_raw()])
    assert gzip.decompress(raw) == plain.content


async def test_a_new_version_is_sent_at_once(service: Service, database: Database) -> None:
    desk = await service.person("desk")
    before = await desk.get(f"{API}/buildings")
    async with database.write() as session:
        await session.run(text("UPDATE building SET name = '新名' WHERE housenumber = '1'"))
        await session.run(text("UPDATE community SET network_version = network_version + 1"))
    after = await desk.get(f"{API}/buildings", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert "新名" in {one["properties"]["name"] for one in after.json()["features"]}


async def test_buildings_say_where_they_are(service: Service) -> None:
    layer = (await (await service.person("rider1")).get(f"{API}/buildings")).json()
    properties = layer["features"][0]["properties"]
    assert set(properties) == {
        "id",
        "name",
        "name_en",
        "street",
        "housenumber",
        "label",
        "levels",
        "flats",
        "kind",
    }
    assert "测试街1号" in {one["properties"]["label"] for one in layer["features"]}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("areas?level=street", 400, "field_not_one_of"),
        ("areas?level=", 400, "field_not_one_of"),
        ("areas?limit=5", 400, "unknown_parameter"),
        ("buildings?bbox=123,41,124,42", 400, "unknown_parameter"),
        ("cases?bbox=abc", 400, "bbox_invalid"),
        ("cases?bbox=123,41,124", 400, "bbox_invalid"),
        ("cases?bbox=124,41,123,42", 400, "bbox_invalid"),
        ("cases?bbox=nan,41,124,42", 400, "bbox_invalid"),
        ("cases?limit=0", 400, "field_too_small"),
        ("cases?limit=1e9", 400, "field_not_integer"),
        ("persons", 404, "route_unknown"),
    ],
)
async def test_bad_queries(service: Service, problem, path, status, code) -> None:
    problem(await (await service.person("desk")).get(f"{API}/{path}"), status, code)


async def test_an_empty_layer_is_a_collection(service: Service) -> None:
    answer = await (await service.person("desk")).get(f"{API}/areas?level=courtyard")
    assert answer.json() == {"type": "FeatureCollection", "features": []}
