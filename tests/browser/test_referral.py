"""A day of one referral by clicking: the desk refers, the agency takes it on, tells of progress and finishes, the watcher looks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.running import API, Site, middle

Photo = Callable[[int], Path]


async def watcher_of(site: Site, case_id: str) -> str:
    """Return the username of the watcher of the micro-grid in which a case lies."""
    async with site.client("desk") as client:
        code = (await client.get(f"{API}/cases/{case_id}")).json()["place"]["micro_grid"]["code"]
        areas = (await client.get(f"{API}/areas?level=micro_grid")).json()["features"]
    codes = sorted(one["properties"]["code"] for one in areas)
    return f"watcher{codes.index(code) + 1:03d}"


async def open_form(page: Page, verb: str) -> None:
    await page.locator(f"details[data-verb={verb}] summary").first.click()


async def test_a_day_of_one_referral(site: Site, visit: Visit, photo: Photo) -> None:
    building = (await site.buildings())[20]
    case_id = (await site.report("resident", building, category="sewer", description="下水反上来了"))[
        "case_id"
    ]
    desk = (await visit("desk", size=DESKTOP)).page
    await desk.goto(f"{site.url}/cases/{case_id}")
    await open_form(desk, "refer")
    await desk.select_option("select[name=agency]", "water")
    await desk.locator("details[data-verb=refer] textarea").fill("主管道堵塞")
    await desk.get_by_role("button", name="确定：转办").click()
    await expect(desk.locator("#case")).to_have_attribute("data-status", "referred")
    await expect(desk.locator("#referrals")).to_contain_text("待接收")

    water = (await visit("water")).page
    await water.goto(f"{site.url}/agency")
    card = water.locator(f"[data-referral][data-case='{case_id}']")
    await card.get_by_role("button", name="接收", exact=True).click()
    await expect(card).to_have_attribute("data-state", "accepted")
    await card.locator("details[data-verb=progress] summary").click()
    await card.locator("details[data-verb=progress] textarea").fill("高压车已到")
    await card.get_by_role("button", name="确定：报告进展").click()
    await expect(water.locator("#toasts")).to_contain_text("进展已记下")
    await card.locator("details[data-verb=done] summary").click()
    await card.locator("details[data-verb=done] input[type=file]").set_input_files(photo(31))
    await card.get_by_role("button", name="确定：办完了").click()
    await expect(card).to_have_attribute("data-state", "done")
    await expect(desk.locator("#referrals")).to_contain_text("已办，待核验")  # the desk's page follows

    watcher = (await visit(await watcher_of(site, case_id))).page
    await watcher.goto(f"{site.url}/cases/{case_id}")
    await open_form(watcher, "verify")
    await expect(watcher.locator("input[name=on_site]")).to_be_checked()
    await watcher.get_by_role("button", name="确定：核验办结").click()
    await expect(watcher.locator("#case")).to_have_attribute("data-status", "closed")
    await expect(card).to_have_count(0)
    await water.click("[data-box=ended]")
    await expect(water.locator(f"[data-case='{case_id}']")).to_contain_text("核验通过")


async def test_a_colleague_takes_over_and_leaving_is_asked(site: Site, visit: Visit) -> None:
    building = (await site.buildings())[60]
    lon, lat = middle(building)
    case_id = (await site.report("resident", building, category="rubbish", description="垃圾"))["case_id"]
    leaver = await visit("rider021", at=(lon, lat))
    first = leaver.page
    second = (await visit("rider022", at=(lon + 0.0003, lat))).page
    for page in (first, second):
        await page.goto(f"{site.url}/tasks")
        await page.click("button[role=switch]")
        await expect(page.locator("#position-state")).to_contain_text("位置已更新")
    async with site.client("desk") as client:  # whoever was asked by then, the desk assigns it
        sent = await client.post(f"{API}/cases/{case_id}/hand_over", json={"to": "rider021"})
        assert sent.status_code == 200, sent.text
    await first.locator(f"[data-asked='{case_id}']").get_by_role("button", name="我来接手").click()
    task = first.locator(f"[data-task='{case_id}']")
    await expect(task).to_be_visible()
    await task.locator("details[data-verb=hand_over] summary").click()
    await task.locator("input[name=to]").fill("rider022")
    await task.get_by_role("button", name="确定：请同事接手").click()
    await expect(task).to_contain_text("等他回答")
    await first.click("button[role=switch]")
    await expect(first.locator("#leaving")).to_be_visible()
    await first.check("#leaving input[value=keep]")
    await first.locator("#leaving").get_by_role("button", name="下岗").click()
    await expect(first.locator("button[role=switch][aria-checked=false]")).to_be_visible()
    await second.locator(f"[data-asked='{case_id}']").get_by_role("button", name="我来接手").click()
    await expect(second.locator(f"[data-task='{case_id}']")).to_be_visible()
    await expect(task).to_have_count(0)
    leaver.forget("409")  # the question was an answer of that kind
