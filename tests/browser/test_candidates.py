"""A position in doubt: the likely places are shown, one press picks, none of them leads to the pin."""

from __future__ import annotations

import random
from typing import Any

from playwright.async_api import Page, expect

from gis.crs import from_wgs84
from gis.words import Datum
from tests.browser.conftest import Visit
from tests.browser.running import API, Site, middle

ACCURACY_M = 18


async def doubtful(site: Site, seed: int) -> tuple[float, float, list[dict[str, Any]]]:
    """Return a position of the demo that may be any of three places with buildings."""
    drawn = random.Random(seed)
    buildings = await site.buildings()
    async with site.client("resident") as client:
        for one in drawn.sample(buildings, 60):
            lon, lat = middle(one)
            lon, lat = lon + drawn.uniform(-3e-4, 3e-4), lat + drawn.uniform(-2e-4, 2e-4)
            asked: dict[str, str | float] = {
                "lon": lon,
                "lat": lat,
                "accuracy_m": ACCURACY_M,
                "source": "gnss",
            }
            found = (await client.get(f"{API}/locate", params=asked)).json()
            if len(found["candidates"]) == 3 and all(each["building"] for each in found["candidates"]):
                return lon, lat, found["candidates"]
    raise AssertionError("no doubtful position")


async def begin(site: Site, page: Page, lon: float, lat: float) -> None:
    await page.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": ACCURACY_M})
    await page.goto(f"{site.url}/report")
    await page.click("label.category:has(input[value=noise])")


async def sent(site: Site, page: Page) -> dict[str, Any]:
    await page.click("#send")
    await page.wait_for_url(f"{site.url}/report/*-*")
    report_id = page.url.rpartition("/")[2].partition("?")[0]
    async with site.client("desk") as client:
        return (await client.get(f"{API}/reports/{report_id}")).json()


async def test_one_press_picks_the_place(site: Site, visit: Visit) -> None:
    lon, lat, candidates = await doubtful(site, 1)
    page = (await visit("rider071", at=(lon, lat))).page
    await begin(site, page, lon, lat)
    shown = page.locator("#candidates [data-choice]")
    await expect(shown).to_have_count(3)
    await expect(
        page.locator("#report-map")
    ).to_be_hidden()  # Leaflet and the layers come when they are wanted
    await page.click("#open-map")
    await expect(page.locator(".candidate-mark")).to_have_text(["A", "B", "C"])
    second = candidates[1]
    await expect(shown.nth(1)).to_contain_text(second["building"]["name"])
    await shown.nth(1).click()
    await expect(page.locator("#candidates")).to_have_count(0)
    await expect(page.locator("#place-now")).to_contain_text(second["micro_grid"]["code"])
    await expect(page.locator("#place-now")).to_contain_text("您选的")
    await page.reload()  # the phone may end the page while the camera is open
    await expect(page.locator("#place-now")).to_contain_text("您选的")
    report = await sent(site, page)
    place = report["place"]
    assert place["building"]["id"] == second["building"]["id"]
    assert place["micro_grid"]["code"] == second["micro_grid"]["code"]
    assert (place["ambiguous"], place["chosen"] is not None, report["source"]) == (False, True, "gnss")


async def test_none_of_them_leads_to_the_pin(site: Site, visit: Visit) -> None:
    lon, lat, _ = await doubtful(site, 2)
    page = (await visit("rider072", at=(lon, lat))).page
    await begin(site, page, lon, lat)
    await page.click("#none-of-these")
    await expect(page.locator("#drag-the-pin")).to_be_visible()
    await expect(page.locator("#report-map .pin-icon")).to_be_visible()  # the map hears presses from here on
    await page.locator("#report-map .map.leaflet-container").click(position={"x": 60, "y": 120})
    await expect(page.locator("#fix-state")).to_have_text("手动标注的位置")
    await expect(page.locator("#drag-the-pin")).to_have_count(0)
    report = await sent(site, page)
    assert (report["source"], report["place"]["chosen"]) == ("pin", None)
    assert abs(report["lon"] - lon) + abs(report["lat"] - lat) > 1e-5


async def test_a_device_that_speaks_another_datum(site: Site, visit: Visit) -> None:
    true = middle((await site.buildings())[5])
    lon, lat = from_wgs84(*true, Datum.GCJ02)
    page = (await visit("rider073", at=(lon, lat))).page
    await begin(site, page, lon, lat)
    await expect(page.locator("#suggested-datum")).to_contain_text("GCJ-02")
    await page.click("#use-datum")
    await expect(page.locator("#place-now")).to_contain_text("微网格")
    report = await sent(site, page)
    assert abs(report["lon"] - true[0]) + abs(report["lat"] - true[1]) < 1e-6
    assert report["place"]["community"] is not None
