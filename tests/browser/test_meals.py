"""A round of the kitchen on the phone, stop by stop; and the nearest open station with the way there."""

from __future__ import annotations

from uuid import uuid4

from playwright.async_api import expect

from gis.meals.subscribing import CONSENT_VERSION
from tests.browser.axe import grave_findings
from tests.browser.conftest import Visit
from tests.browser.running import Site, middle
from tests.browser.test_loop import go_on_duty

API = "/api/v1"
HOURS = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "cut_off_days": 0}


async def cooked_today(site: Site, doors: list[str]) -> str:
    """Have a kitchen whose day is closed, with somebody to be brought a meal behind each door; return its day."""
    async with site.client("desk") as desk:
        body = {"name": "妈妈厨房", "building": doors[0], "cut_off": "23:57", **HOURS}
        late = body | {"serves_from": "23:58", "serves_to": "23:59"}
        today = (await desk.put(f"{API}/meals/kitchen", json=late)).json()["first_open"]
        for number, door in enumerate(doors):
            eats = {
                "id": str(uuid4()),
                "own": False,
                "name": f"王{number}",
                "building": door,
                "way": "deliver",
            }
            eats |= {
                "weekdays": HOURS["weekdays"],
                "first_day": today,
                "flat": f"60{number}",
                "birth_year": 1935,
            }
            eats |= {"consent_by": "本人", "consent_version": CONSENT_VERSION, "diets": ["low_salt"]}
            assert (await desk.post(f"{API}/meals/subscriptions", json=eats)).status_code == 201
        open_all_day = body | {"cut_off": "00:00", "serves_from": "00:01", "serves_to": "23:59"}
        assert (await desk.put(f"{API}/meals/kitchen", json=open_all_day)).status_code == 200
        made = await desk.post(f"{API}/meals/days/{today}/rounds")
        assert made.json()["made"] == 1, made.text
    return str(today)


async def test_a_round_is_brought_stop_by_stop(site: Site, visit: Visit) -> None:
    houses = (await site.buildings())[40:42]
    lon, lat = middle(houses[0])
    visitor = await visit("rider045", at=(lon + 0.0002, lat))
    rider = visitor.page
    await go_on_duty(site, rider)
    day = await cooked_today(site, [str(one["id"]) for one in houses])
    await rider.locator("[data-offer]").get_by_role("button", name="接单").click()
    await rider.locator("[data-task]").get_by_role("link", name="送餐名单").click()
    stops = rider.locator("[data-stop]")
    await expect(stops).to_have_count(2)
    await expect(rider.locator("#round-map .stop-mark")).to_have_count(2)
    await expect(rider.locator("main")).not_to_contain_text("低盐")
    await rider.context.set_offline(True)
    await stops.first.get_by_role("button", name="没人应门").click()
    await expect(stops.first.locator(".kept-work")).to_contain_text("已存在这台手机里")
    await rider.context.set_offline(False)
    await expect(stops.first).to_contain_text("已派人上门看望")
    await stops.last.get_by_role("button", name="送到了").click()
    await expect(rider.locator("[data-notice]")).to_be_visible()
    visitor.forget("ERR_INTERNET_DISCONNECTED")
    desk = (await visit("desk")).page
    await desk.goto(f"{site.url}/meals/rounds?day={day}")
    await expect(desk.locator("[data-round]")).to_contain_text("1 户没人应门")
    await desk.get_by_role("button", name="核验已送完的线").click()
    await expect(desk.locator("[data-round]")).to_contain_text("已办结")
    found = {}
    for path in ("/meals/day", "/meals/subscriptions", "/meals/office", "/meals/menu", "/stations/S01"):
        await desk.goto(site.url + path)
        found[path] = await grave_findings(desk)
    assert {path: one for path, one in found.items() if one} == {}


async def test_the_nearest_open_station_and_the_way_there(site: Site, visit: Visit) -> None:
    lon, lat = middle((await site.buildings())[60])
    page = (await visit("resident", at=(lon, lat))).page
    await page.goto(f"{site.url}/stations")
    await page.get_by_role("button", name="找离我最近的").click()
    await expect(page.locator("[data-station]").first).to_contain_text("步行")
    await page.locator("[data-station]").first.click()
    await expect(page.locator("#way")).to_contain_text("步行")
    await expect(
        page.locator(
            "#station-map .leaflet-container, #station-map.leaflet-container, #station-map .map.leaflet-container"
        ).first
    ).to_be_visible()
