"""Another map under the community's own layers: off by default, and where it is chosen the policy names its origin alone."""

import json
import re

import pytest
from pydantic import ValidationError

from gis.crs import from_wgs84
from gis.settings import BaseMapSettings
from gis.words import Datum
from tests.http.conftest import Service, running

AMAP = "https://webrd0{s}.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}"


@pytest.mark.parametrize(
    ("url", "subdomains", "origins"),
    [
        ("", "", ()),
        (AMAP, "12", ("https://webrd01.is.autonavi.com", "https://webrd02.is.autonavi.com")),
        ("http://maps.office.lan:8080/{z}/{x}/{y}.png", "", ("http://maps.office.lan:8080",)),
    ],
)
def test_origins(url, subdomains, origins) -> None:
    assert BaseMapSettings(url=url, subdomains=subdomains).origins == origins


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)//{z}",
        "https://a.example/no-zoom",
        "https://a.example;x/{z}",
        "https://'self'/{z}",
        "/{z}/{x}",
    ],
)
def test_addresses_that_are_none(url) -> None:
    with pytest.raises(ValidationError):
        BaseMapSettings(url=url)


async def _page(service: Service) -> tuple[str, dict]:
    client, _ = await service.browser("desk")
    answer = await client.get("/map")
    found = re.search(r'<script type="application/json" id="page">(.*?)</script>', answer.text, re.DOTALL)
    assert found is not None
    return answer.headers["content-security-policy"], json.loads(found[1])


async def test_by_default_everything_comes_from_here(service: Service) -> None:
    policy, config = await _page(service)
    assert "img-src 'self' data: blob:;" in policy
    assert config["base_map"] is None


async def test_tiles_of_another_datum_are_moved(settings, database_url, community, clock) -> None:
    chosen = BaseMapSettings(url=AMAP, subdomains="1", datum=Datum.GCJ02, attribution="高德")
    changed = settings.model_copy(update={"base_map": chosen, "run_jobs": False})
    async with running(changed, database_url, community, clock) as service:
        policy, config = await _page(service)
    assert "img-src 'self' data: blob: https://webrd01.is.autonavi.com;" in policy
    lon, lat = config["community"]["centre"]
    drawn = from_wgs84(lon, lat, Datum.GCJ02)
    assert config["base_map"]["shift"] == pytest.approx([drawn[0] - lon, drawn[1] - lat], abs=1e-7)
    assert 0.004 < config["base_map"]["shift"][0] < 0.008
