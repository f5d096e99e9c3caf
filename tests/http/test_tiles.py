"""Vector tiles: true to the tables, filtered by role, kept for as long as nothing changes."""

import math
from pathlib import Path
from typing import Any

import geopandas
import pytest
from sqlalchemy import text

from gis.store.session import Database
from tests.factories import at
from tests.http.conftest import API, Service

LAYERS = (
    "community",
    "grids",
    "micro_grids",
    "courtyards",
    "buildings",
    "streets",
    "base",
    "gates",
    "stations",
    "hotspots",
)


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int, int]:
    """Return the tile that holds a point."""
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return z, int((lon + 180) / 360 * 2**z), int(y * 2**z)


def url(layer: str, z: int = 15, where: tuple[float, float] = (100, 100)) -> str:
    return "/tiles/{}/{}/{}/{}.mvt".format(layer, *tile_of(*at(*where), z))


def features(content: bytes, path: str, folder: Path) -> geopandas.GeoDataFrame:
    """Return a tile's features, EPSG:4326; GDAL takes the tile's place from the name of the file."""
    file = folder / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return geopandas.read_file(file).to_crs(4326)


async def test_a_tile_holds_what_the_layer_holds(service: Service, tmp_path) -> None:
    desk = await service.person("desk")
    for layer, source in (
        ("buildings", "buildings"),
        ("streets", "streets"),
        ("micro_grids", "areas"),
        ("gates", "gates"),
    ):
        tile = await desk.get(url(layer))
        assert (tile.status_code, tile.headers["content-type"]) == (200, "application/vnd.mapbox-vector-tile")
        drawn = features(tile.content, url(layer), tmp_path)
        whole = geopandas.GeoDataFrame.from_features((await desk.get(f"{API}/{source}")).json(), crs=4326)
        assert len(drawn) == len(whole)
        key = "code" if layer == "micro_grids" else "kind" if layer == "gates" else "id"
        if key != "kind":
            drawn, whole = drawn.set_index(key), whole.set_index(key)
            away = drawn.to_crs(4549).centroid.distance(whole.to_crs(4549).centroid.reindex(drawn.index))
            assert away.max() < 1.0, layer


async def test_a_tile_beside_the_community_is_empty(service: Service) -> None:
    desk = await service.person("desk")
    answer = await desk.get(url("buildings", 15, (5000, 5000)))
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await desk.get("/tiles/buildings/0/0/0.mvt")).status_code == 204


@pytest.mark.parametrize("layer", LAYERS)
async def test_a_tile_is_sent_once(service: Service, layer) -> None:
    desk = await service.person("desk")
    answer = await desk.get(url(layer))
    again = await desk.get(url(layer), headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_new_version_makes_new_tiles(service: Service, database: Database, tmp_path) -> None:
    desk = await service.person("desk")
    before = await desk.get(url("buildings"))
    async with database.write() as session:
        await session.run(text("UPDATE building SET name = '新名' WHERE housenumber = '1'"))
        await session.run(text("UPDATE community SET network_version = network_version + 1"))
    after = await desk.get(url("buildings"), headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert "新名" in set(features(after.content, url("buildings"), tmp_path)["name"])


async def test_areas_are_the_readers_own(service: Service, tmp_path) -> None:
    for username, codes in (("grid01", {"01-01", "01-02"}), ("watcher02-01", {"02-01"}), ("desk", None)):
        reader = await service.person(username)
        tile = await reader.get(url("micro_grids"))
        found = set(features(tile.content, url("micro_grids"), tmp_path / username)["code"])
        assert codes is None or found == codes, username


async def test_cases_are_the_readers_own_and_numbers_for_the_public(service: Service, tmp_path) -> None:
    for _ in range(3):
        await service.report("resident", where=(150, 150), separate=True)
    seen: dict[str, Any] = {}
    for username in ("desk", "grid02", "grid01", "resident", "rider3"):
        tile = await (await service.person(username)).get(url("cases"))
        seen[username] = features(tile.content, url("cases"), tmp_path / username) if tile.content else None
    assert len(seen["desk"]) == len(seen["grid02"]) == len(seen["resident"]) == 3
    assert seen["grid01"] is None
    told = seen["rider3"]  # neither which nor where exactly
    assert told["cases"].tolist() == [3]
    assert not {"id", "number", "category", "status"} & set(told.dropna(axis=1).columns)


async def test_streets_are_ranked_as_everywhere_and_anew_after_a_report(service: Service, tmp_path) -> None:
    planner, rider = await service.person("planner"), await service.person("rider3")
    assert (await planner.get(url("hotspots"))).status_code == 204
    for y_m in (20, 45, 70):
        await service.report("resident", where=(2, y_m), category="sewer", separate=True)
    tile = await planner.get(url("hotspots"))
    drawn = features(tile.content, url("hotspots"), tmp_path).set_index("id").sort_values("rank")
    listed = (await planner.get(f"{API}/hotspots?line=true")).json()["items"]
    assert drawn.index.tolist() == [one["id"] for one in listed]
    assert drawn["rate"].tolist() == pytest.approx([one["rate"] for one in listed])
    there = drawn.to_crs(4549).length.iloc[0]
    assert there == pytest.approx(listed[0]["length_m"], abs=1.0)
    assert (await planner.get(url("hotspots", 15, (5000, 5000)))).status_code == 204
    public = await rider.get(url("hotspots"))
    seen = features(public.content, url("hotspots"), tmp_path / "rider") if public.content else ()
    assert len(seen) == sum(one["cases"] >= 3 for one in listed)
    kept = {"If-None-Match": tile.headers["etag"]}
    assert (await planner.get(url("hotspots"), headers=kept)).status_code == 304
    await service.report("resident", where=(150, 3), category="sewer")
    assert (await planner.get(url("hotspots"), headers=kept)).status_code == 200


async def test_few_cases_are_not_told_to_the_public(service: Service) -> None:
    await service.report("resident", where=(150, 150))
    assert (await (await service.person("rider3")).get(url("cases"))).status_code == 204


async def test_a_case_that_moves_on_changes_its_tile(service: Service) -> None:
    case_id = (await service.report("resident", where=(150, 150)))["case_id"]
    desk = await service.person("desk")
    before = await desk.get(url("cases"))
    kept = {"If-None-Match": before.headers["etag"]}
    assert (await desk.get(url("cases"), headers=kept)).status_code == 304
    assert (await service.act("desk", case_id, "reject", reason="重复")).status_code == 200
    assert (await desk.get(url("cases"), headers=kept)).status_code == 204


async def test_a_layer_is_described(service: Service) -> None:
    desk = await service.person("desk")
    for layer in (*LAYERS, "cases"):
        described = (await desk.get(f"/tiles/{layer}.json")).json()
        assert described["tilejson"] == "3.0.0"
        assert described["tiles"] == [f"http://weiwang.test/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt"]
        assert [one["id"] for one in described["vector_layers"]] == [layer]
        assert len(described["bounds"]) == 4


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("persons/15/1/1.mvt", 404, "tile_layer_unknown"),
        ("persons.json", 404, "tile_layer_unknown"),
        ("buildings/23/1/1.mvt", 400, "tile_invalid"),
        ("buildings/-1/0/0.mvt", 400, "tile_invalid"),
        ("buildings/2/4/0.mvt", 400, "tile_invalid"),
        ("buildings/2/0/4.mvt", 400, "tile_invalid"),
        ("buildings/a/0/0.mvt", 400, "tile_invalid"),
        ("buildings/NaN/0/0.mvt", 400, "tile_invalid"),
        ("buildings/1/0/1e0.mvt", 400, "tile_invalid"),
        ("buildings/22/٣/0.mvt", 400, "tile_invalid"),
        ("buildings/2/99999999999999999999/0.mvt", 400, "tile_invalid"),
        ("buildings/2/0/0.mvt?bbox=1", 400, "unknown_parameter"),
        ("buildings/2/0/0.png", 404, "route_unknown"),
    ],
)
async def test_bad_addresses(service: Service, problem, path, status, code) -> None:
    desk = await service.person("desk")
    problem(await desk.get(f"/tiles/{path}"), status, code)


async def test_tiles_need_a_sign_in(service: Service, problem) -> None:
    nobody = await service.anybody()
    problem(await nobody.get(url("buildings")), 401, "not_signed_in")
    problem(await nobody.get("/tiles/buildings.json"), 401, "not_signed_in")
