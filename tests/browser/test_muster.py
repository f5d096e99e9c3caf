"""A muster fills: the desk taps the map once, those who are called answer with one tap, the count moves by itself."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.running import Site, middle
from tests.browser.test_loop import go_on_duty


async def test_a_muster_fills(site: Site, visit: Visit) -> None:
    lon, lat = middle((await site.buildings())[20])
    walker = (await visit("rider041", at=(lon + 0.0003, lat))).page
    driver = (await visit("rider040", at=(lon, lat + 0.0004))).page  # one of those who drive
    for page in (walker, driver):
        await go_on_duty(site, page)
    desk = (await visit("desk")).page
    await desk.goto(f"{site.url}/desk")
    await desk.get_by_role("link", name="集结").click()
    await desk.fill("[name=title]", "六纬路积水，转移老人")
    await desk.fill("[name=people]", "1")
    await desk.fill("[name=vehicles]", "1")
    await expect(desk.locator("#muster-map .map[data-ready=true]")).to_be_visible()
    await desk.locator("#muster-map .map").click()
    await expect(desk.locator("#muster-map .leaflet-marker-icon")).to_be_visible()
    await desk.get_by_role("button", name="发出集结").click()
    await expect(desk.locator("#muster[data-status=calling]")).to_be_visible()
    await expect(desk.locator(".called")).to_have_count(2)
    await expect(walker.locator("[data-muster]")).to_be_visible()
    await expect(walker.locator("[data-unread]")).to_have_text("1")
    for page in (walker, driver):
        await page.locator("[data-muster]").get_by_role("button", name="马上来").click()
        await expect(page.locator("[data-muster]")).to_have_attribute("data-call", "on_the_way")
    await expect(driver.locator("[data-muster]")).to_contain_text("请开车来")
    person, vehicle = (desk.locator(f"[data-seat={seat}]") for seat in ("person", "vehicle"))
    await expect(person.locator("[data-coming]")).to_have_text("1")
    await expect(vehicle.locator("[data-coming]")).to_have_text("1")
    await walker.locator("[data-muster]").get_by_role("button", name="我到了").click()
    await expect(person.locator("[data-arrived]")).to_have_text("1")
    await expect(person.locator("[data-coming]")).to_have_text("0")
    await desk.get_by_role("button", name="解除集结").click()
    await expect(desk.locator("#muster[data-status=stood_down]")).to_be_visible()
    await expect(walker.locator("[data-muster]")).to_have_count(0)
    await walker.get_by_role("link", name="通知").click()
    await expect(walker.locator(".told").first).to_contain_text("集结解除")
