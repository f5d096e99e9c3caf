"""The same problem twice: one tap on the report page, and the desk that puts wrong links right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.running import API, Site, middle

Photo = Callable[[int], Path]
DESKTOP = {"width": 1366, "height": 800}


async def begin(site: Site, page: Page, category: str) -> None:
    """Choose a category and wait for the position."""
    await page.goto(f"{site.url}/report")
    await page.click(f"label.category:has(input[value={category}])")
    await expect(page.locator("#fix-state")).to_contain_text("误差约")


async def case_of(site: Site, case_id: str) -> dict:
    async with site.client("desk") as client:
        return (await client.get(f"{API}/cases/{case_id}")).json()


async def test_one_tap_says_that_it_is_the_same(site: Site, visit: Visit, photo: Photo) -> None:
    building = (await site.buildings())[60]
    lon, lat = middle(building)
    first = (await visit("rider061", at=(lon, lat))).page
    await begin(site, first, "fire_equipment")
    await first.set_input_files("#camera", photo(61))
    await expect(first.locator("#taken img")).to_have_count(1)
    await first.click("#send")
    await first.wait_for_url(f"{site.url}/report/*-*")
    await expect(first.locator("[data-linked]")).to_have_count(0)
    case_id = str(await first.locator("#case").get_attribute("data-id"))

    page = (await visit("rider062", at=(lon, lat))).page
    await begin(site, page, "fire_equipment")
    near = page.locator(f"[data-near='{case_id}']")
    await expect(near.locator("img")).to_be_visible()
    await expect(near.locator("img")).to_have_js_property("complete", value=True)
    loaded = "image => image.complete && image.naturalWidth > 0"
    assert await near.locator("img").evaluate(loaded)
    await expect(near).to_contain_text("米")
    await page.fill("[name=description]", "玻璃也碎了")
    await near.get_by_role("button", name="同一问题").click()
    await page.wait_for_url(f"{site.url}/report/*-*")
    await expect(page.locator("[data-linked]")).to_be_visible()
    await expect(page.locator("#case")).to_have_attribute("data-id", case_id)
    detail = await case_of(site, case_id)
    assert detail["reports_count"] == 2
    assert [one["description"] for one in detail["reports"]] == ["", "玻璃也碎了"]
    assert [one["data"].get("how") for one in detail["timeline"] if one["verb"] == "link"] == ["reporter"]


async def test_none_of_these_is_another_problem(site: Site, visit: Visit) -> None:
    building = (await site.buildings())[64]
    lon, lat = middle(building)
    first = await site.report("resident", building, category="blocked_exit", description="楼道堆满了")
    page = (await visit("rider063", at=(lon, lat))).page
    await begin(site, page, "blocked_exit")
    await expect(page.locator(f"[data-near='{first['case_id']}']")).to_be_visible()
    await page.fill("[name=description]", "楼道堆满了")
    another = page.locator("#another")
    await another.click()
    await expect(another).to_have_attribute("aria-pressed", "true")
    await page.click("#send")
    await page.wait_for_url(f"{site.url}/report/*-*")
    await expect(page.locator("#case")).not_to_have_attribute("data-id", first["case_id"])


async def test_what_was_closed_meanwhile_is_said_and_the_report_goes_on(site: Site, visit: Visit) -> None:
    building = (await site.buildings())[66]
    lon, lat = middle(building)
    first = await site.report("resident", building, category="tree", description="树枝断了")
    visitor = await visit("rider064", at=(lon, lat))
    page = visitor.page
    await begin(site, page, "tree")
    near = page.locator(f"[data-near='{first['case_id']}']")
    await expect(near).to_be_visible()
    async with site.client("desk") as client:
        await client.post(f"{API}/cases/{first['case_id']}/reject", json={"reason": "误报"})
    await near.get_by_role("button", name="同一问题").click()
    await expect(page.locator("#toasts")).to_contain_text("已经处理完了")
    visitor.forget("409")
    await expect(near).to_have_count(0)
    await page.click("#send")
    await page.wait_for_url(f"{site.url}/report/*-*")
    await expect(page.locator("#case")).not_to_have_attribute("data-id", first["case_id"])


async def test_the_desk_separates_and_merges(site: Site, visit: Visit) -> None:
    building = (await site.buildings())[70]
    first = await site.report("resident", building, category="sewer", description="下水堵了")
    second = await site.report("rider065", building, category="sewer", description="下水堵了")
    assert second["case_id"] == first["case_id"]
    page = (await visit("desk", size=DESKTOP)).page
    await page.goto(f"{site.url}/desk?category=sewer")
    await expect(page.locator("#main[data-usable=true]")).to_be_visible()
    await page.click(f"#results [data-case='{first['case_id']}']")
    sheet = page.locator("#detail")
    report = sheet.locator(f"[data-report='{second['id']}']")
    await report.locator("summary").click()
    await report.locator("textarea").fill("不是一处")
    await report.get_by_role("button", name="确定：分开，另立案件").click()
    await expect(page.locator("#toasts")).to_contain_text("已分开")
    await expect(sheet.locator("[data-report]")).to_have_count(1)
    async with site.client("desk") as client:
        moved = (await client.get(f"{API}/reports/{second['id']}")).json()
    assert moved["case_id"] != first["case_id"]

    await page.goto(f"{site.url}/cases/{moved['case_id']}")
    await expect(page.locator("dl.facts")).to_contain_text(first["number"])  # perhaps the same as
    merge = page.locator("details[data-verb=merge]")
    await merge.locator("summary").click()
    await merge.locator("input[name=into]").fill(first["number"])
    await merge.locator("textarea").fill("还是一处")
    await merge.get_by_role("button", name="确定").click()
    await expect(page.locator("#case")).to_have_attribute("data-status", "cancelled")
    await expect(page.locator("dl.facts")).to_contain_text("已并入")
    await page.click(f"dl.facts a[href='/cases/{first['case_id']}'] >> nth=0")
    await expect(page.locator("[data-report]")).to_have_count(2)
