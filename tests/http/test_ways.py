"""The way to a task: along the streets from where one is, and in map apps where the office allows them."""

from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from api.ways import map_links
from gis.crs import to_wgs84
from gis.settings import Settings
from gis.words import Datum, Mode
from tests.factories import at
from tests.http.conftest import API, Check, Service

PLACE = (123.4153, 41.789)


async def accepted(service: Service) -> str:
    await service.on_duty("rider1", (30, 20))
    case_id = (await service.report())["case_id"]
    assert (await service.act("rider1", case_id, "accept")).status_code == 200
    return case_id


async def test_the_way_starts_where_one_was_last(service: Service, problem: Check) -> None:
    case_id = await accepted(service)
    rider = await service.person("rider1")
    near = (await rider.get(f"{API}/cases/{case_id}/way")).json()
    await service.on_duty("rider1", (140, 150))
    far = (await rider.get(f"{API}/cases/{case_id}/way")).json()
    assert 0 < near["distance_m"] < far["distance_m"]
    assert far["travel_s"] > near["travel_s"]
    assert far["route"][0] == pytest.approx(at(140, 150), abs=1e-5)
    assert far["links"] == {}
    problem(await rider.get(f"{API}/cases/{uuid4()}/way"), 404, "case_not_found")
    problem(await rider.get(f"{API}/cases/nothing/way"), 400, "field_not_uuid")


async def test_who_told_no_position_has_no_way(service: Service) -> None:
    case_id = (await service.report())["case_id"]
    found = (await (await service.person("desk")).get(f"{API}/cases/{case_id}/way")).json()
    assert found == {"route": [], "distance_m": None, "travel_s": None, "links": {}}


async def test_the_page_shows_the_way_and_no_link_unless_chosen(service: Service) -> None:
    case_id = await accepted(service)
    client, _ = await service.browser("rider1")
    page = (await client.get("/tasks")).text
    assert f'data-navigate="{case_id}"' in page
    assert 'data-route="[[' in page
    assert "amap.com" not in page


def test_links_carry_the_place_in_the_datum_of_each_app() -> None:
    found = map_links(("amap", "baidu", "tencent"), *PLACE, Mode.E_BIKE)
    asked = {
        app: {key: one for key, [one] in parse_qs(urlsplit(url).query).items()} for app, url in found.items()
    }
    places = {
        Datum.GCJ02: [asked["amap"]["to"].split(","), asked["tencent"]["tocoord"].split(",")[::-1]],
        Datum.BD09: [asked["baidu"]["location"].split(",")[::-1]],
    }
    for datum, given in places.items():
        for lon, lat in given:
            assert (float(lon), float(lat)) != pytest.approx(PLACE, abs=1e-3)
            assert to_wgs84(float(lon), float(lat), datum) == pytest.approx(PLACE, abs=2e-6)
    assert asked["amap"]["mode"] == "ride"
    assert map_links((), *PLACE, Mode.WALK) == {}


def test_only_known_apps_can_be_chosen() -> None:
    with pytest.raises(ValueError, match="navigation_links"):
        Settings(navigation_links=("google",))
