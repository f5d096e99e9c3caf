"""A patrol ends where there is no network: its streets wait on the phone, and are sent once."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.running import API, Site, middle
from tests.browser.test_offline import GROUND, until

KEPT = "caches.match('/patrols', {cacheName: 'weiwang-private'}).then(Boolean)"


async def passed(site: Site) -> int:
    """Return how often streets were passed this month."""
    async with site.client("desk") as client:
        items = (await client.get(f"{API}/patrols/coverage")).json()["items"]
    return sum(one["patrols"] for one in items)


async def test_a_patrol_ends_without_a_network(site: Site, visit: Visit) -> None:
    before = await passed(site)
    lon, lat = middle((await site.buildings())[40])
    visitor = await visit("rider070", at=(lon, lat))
    page = visitor.page
    await visitor.go("/patrols")
    await expect(page.locator("#walking .map[data-ready=true]")).to_be_visible()
    await until(page, KEPT)
    await until(page, GROUND)  # the last layer of the map
    await page.fill("[name=note]", "路灯都亮着")
    await visitor.kept("路灯都亮着")
    await page.context.set_offline(True)
    await visitor.go("/patrols")  # killed in between
    await expect(page.locator("[name=note]")).to_have_value("路灯都亮着")
    await expect(page.locator("#walking .map[data-ready=true]")).to_be_visible()
    await page.click("#begin")
    await expect(page.locator("#counted")).to_contain_text("1 个位置")
    await page.context.set_geolocation({"longitude": lon + 0.0004, "latitude": lat, "accuracy": 8})
    await expect(page.locator("#counted")).to_contain_text("2 个位置")
    await page.click("#finish")
    await expect(page.locator("#kept .kept-work")).to_have_count(1)
    await expect(page.locator("#finish")).to_be_disabled()
    street = page.locator("[name=streets]").first
    await street.check()
    await page.get_by_role("button", name="记下", exact=True).click()
    await expect(page.locator("#kept .kept-work")).to_have_count(2)
    await expect(street).not_to_be_checked()
    await page.context.set_offline(False)
    await expect(page.locator("#kept .kept-work")).to_have_count(0)
    await expect(page.locator("[name=note]")).to_have_value("")
    assert await passed(site) > before
    visitor.forget("ERR_INTERNET_DISCONNECTED")
