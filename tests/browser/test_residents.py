"""A watcher's suggestion outlives a closed page and is approved; a search begun from a record is ticked off on two maps."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.running import API, Site, middle
from tests.browser.test_loop import go_on_duty


async def record(site: Site, house: dict[str, Any], name: str) -> str:
    """Record somebody who lives in a building."""
    async with site.client("desk") as desk:
        body = {"building": house["id"], "flat": uuid4().hex[:6], "purpose": "care", "source": "登记"}
        home = (await desk.post(f"{API}/households", json=body)).json()["id"]
        person = {"name": name, "phone": "13800001234", "birth_year": 1940, "flags": ["dementia"], "purpose": "care", "source": "家人"}  # fmt: skip
        return str((await desk.post(f"{API}/households/{home}/residents", json=person)).json()["id"])


async def watcher_of(site: Site, resident: str) -> tuple[str, str]:
    """Return the usernames of the watcher and the grid worker who look after somebody."""
    async with site.client("desk") as desk:
        cell = (await desk.get(f"{API}/residents/{resident}")).json()
    async with site.client("admin") as admin:
        page = (await admin.get("/admin/people", params={"role": "watcher", "q": cell["micro_grid"]})).text
        grid = (await admin.get("/admin/people", params={"role": "grid_worker", "q": cell["grid"]})).text
    return "watcher" + page.split('small">watcher')[1][:3], "grid" + grid.split('small">grid')[1][:2]


async def test_a_suggestion_is_kept_while_it_is_typed_and_approved_with_others(
    site: Site, visit: Visit
) -> None:
    resident = await record(site, (await site.buildings())[30], "冯玉梅")
    watcher_name, worker_name = await watcher_of(site, resident)
    watcher = await visit(watcher_name)
    page = watcher.page
    await watcher.go("/residents?q=fym")
    await page.get_by_role("link", name="冯玉梅").click()
    await page.get_by_role("link", name="建议修改").click()
    await page.fill("[name=phone]", "13900009999")
    await page.check("#flags-mobility")
    await watcher.kept("mobility")
    await watcher.go("/residents")  # the page is left without sending
    await watcher.go(f"/residents/people/{resident}/edit")
    await expect(page.locator(".kept-note")).to_contain_text("已恢复")
    await expect(page.locator("[name=phone]")).to_have_value("13900009999")
    await expect(page.locator("#flags-mobility")).to_be_checked()
    await page.get_by_role("button", name="提交建议").click()
    await expect(page.locator("[data-notice]")).to_contain_text("交给网格员")
    assert (
        await page.evaluate(
            "Object.keys(localStorage).filter((key) => key.startsWith('weiwang-form')).length"
        )
        == 0
    )
    worker = await visit(worker_name)
    await worker.go("/residents/suggestions")
    row = worker.page.locator("[data-suggestion]").filter(has_text="冯玉梅")
    await expect(row).to_contain_text("13900009999")
    await worker.page.get_by_label("全选").check()
    await worker.page.get_by_role("button", name="采纳勾选的").click()
    await expect(worker.page.locator("[data-notice]")).to_contain_text("已处理")
    await worker.go(f"/residents/people/{resident}")
    await expect(worker.page.locator("main")).to_contain_text("行动不便")
    await expect(worker.page.locator(".timeline")).to_contain_text("建议")


async def test_somebody_is_missing_and_streets_are_ticked_off_together(site: Site, visit: Visit) -> None:
    house = (await site.buildings())[25]
    resident = await record(site, house, "魏桂兰")
    lon, lat = middle(house)
    rider = (await visit("rider052", at=(lon + 0.0003, lat))).page
    await go_on_duty(site, rider)
    desk = await visit("desk")
    page = desk.page
    await desk.go(f"/residents/people/{resident}")
    await page.get_by_role("link", name="发起寻人").click()
    await page.fill("[name=description]", "紫色棉衣，灰帽子")
    await page.get_by_role("button", name="马上通知附近的人").click()
    await expect(page.locator("#missing[data-status=searching]")).to_be_visible()
    await expect(page.locator("#search-map[data-streets]")).to_be_visible()
    await rider.goto(page.url)
    await expect(rider.locator("h1")).to_have_text("魏桂兰")
    await rider.get_by_role("button", name="马上来").click()
    await expect(page.locator("[data-seat=person] [data-coming]")).to_have_text("1")
    await rider.locator("[data-street]").first.get_by_role("button", name="搜过了").click()
    await expect(page.locator("#missing-streets [role=status]")).to_contain_text("已搜 1 /")
    await page.fill("[name=words]", "在公园，平安")
    await page.get_by_role("button", name="找到了，通知大家").click()
    await expect(page.locator("#missing[data-status=found]")).to_be_visible()
    await expect(rider.locator("#missing[data-status=found]")).to_be_visible()
    await expect(rider.locator("h1")).to_have_text("走失寻人")
    await expect(rider.locator("#missing-now")).not_to_contain_text("紫色棉衣")
    await rider.goto(f"{site.url}/notices")
    await expect(rider.locator(".told").first).to_contain_text("人找到了")
