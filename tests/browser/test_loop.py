"""The whole loop by clicking, at phone width: report, offer, accept, arrive, done, verify, points."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.running import Site, middle

Photo = Callable[[int], Path]


async def test_the_loop_by_clicking(site: Site, visit: Visit, photo: Photo) -> None:
    building = (await site.buildings())[3]
    lon, lat = middle(building)
    responder = (await visit("rider001", at=(lon + 0.0006, lat + 0.0004))).page
    reporter = (await visit("rider002", at=(lon, lat))).page
    await go_on_duty(site, responder)
    case_id = await file_a_report(site, reporter, photo(1), street=building["properties"]["street"])
    await accept_and_settle(responder, case_id, photo(2))
    worker = (await visit(f"grid{await grid_of(site, case_id)}")).page
    await verify_on_the_map(site, worker, case_id)
    # the points are there, and the reporter sees the outcome
    await expect(responder.locator("#points")).to_have_text("5")
    await expect(reporter.locator("#case")).to_have_attribute("data-status", "closed")


async def go_on_duty(site: Site, page: Page) -> None:
    """Switch duty on and wait until the position is told and events come in."""
    await page.goto(f"{site.url}/tasks")
    await page.click("button[role=switch]")
    await expect(page.locator("button[role=switch][aria-checked=true]")).to_be_visible()
    await expect(page.locator("#position-state")).to_contain_text("位置已更新")
    await expect(page.locator("#live[data-state=on]")).to_be_visible()


async def file_a_report(site: Site, page: Page, photo: Path, *, street: str) -> str:
    """Report a dark street lamp with a photo, the pin put right by hand; return its case."""
    await page.goto(f"{site.url}/report")
    await page.set_input_files("#camera", photo)
    await expect(page.locator("#taken img")).to_have_count(1)
    await page.click("label.category:has(input[value=street_lamp])")
    await expect(page.locator("#fix-state")).to_contain_text("误差约")
    await expect(page.locator("#place-now b")).to_contain_text(street)
    await page.click("#open-map")
    await drag_the_pin(page)
    await expect(page.locator("#fix-state")).to_have_text("手动标注的位置")
    await page.click("#phrases button:first-child")
    await page.fill("[name=detail]", "2 单元门口")
    await page.click("#send")
    await page.wait_for_url(f"{site.url}/report/*-*")
    await expect(page.locator("h1")).to_contain_text("路灯不亮")
    await expect(page.locator(".photos img")).to_have_count(1)
    return str(await page.locator("#case").get_attribute("data-id"))


async def drag_the_pin(page: Page) -> None:
    """Move the pin a few metres."""
    pin = page.locator(".leaflet-marker-icon")
    await pin.scroll_into_view_if_needed()
    box = await pin.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 12
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 12, y - 6, steps=4)
    await page.mouse.up()


async def accept_and_settle(page: Page, case_id: str, photo: Path) -> None:
    """Take the offer that appears by itself, with its way and countdown, and go through with it."""
    card = page.locator(f"[data-offer][data-case='{case_id}']")
    await expect(card.locator(".map[data-ready=true]")).to_be_visible()
    await expect(card.locator("[data-countdown]")).to_have_text(re.compile(r"[0-2]:\d\d"))
    await expect(card).to_contain_text("分钟")
    await card.get_by_role("button", name="接单", exact=True).click()
    task = page.locator(f"[data-task='{case_id}']")
    await expect(task).to_have_attribute("data-status", "accepted")
    await task.get_by_role("button", name="我到了").click()
    await expect(task).to_have_attribute("data-status", "on_site")
    await task.locator("details[data-verb=done] summary").click()
    await task.locator("details[data-verb=done] input[type=file]").set_input_files(photo)
    await task.locator("details[data-verb=done] textarea[name=note]").fill("换了灯泡")
    await task.get_by_role("button", name="确定：办完了").click()
    await expect(page.locator("#toasts")).to_contain_text("等待核验")
    await expect(task).to_have_count(0)


async def verify_on_the_map(site: Site, page: Page, case_id: str) -> None:
    """Find the case among those of one's grid, look at both photos, and close it."""
    await page.goto(f"{site.url}/map")
    await page.click(f"#cases [data-case='{case_id}']")
    sheet = page.locator("#detail")
    await expect(sheet.locator(".photos img")).to_have_count(2)
    await sheet.locator("details[data-verb=verify] summary").click()
    await sheet.locator("input[name=hours]").fill("0.5")
    await sheet.get_by_role("button", name="确定：核验办结").click()
    await expect(sheet.locator("#case")).to_have_attribute("data-status", "closed")


async def grid_of(site: Site, case_id: str) -> str:
    async with site.client("desk") as client:
        found = (await client.get(f"/api/v1/cases/{case_id}")).json()
    return str(found["place"]["grid"]["code"])


async def test_decline_passes_the_offer_on(site: Site, visit: Visit) -> None:
    building = (await site.buildings())[40]
    lon, lat = middle(building)
    first = (await visit("rider011", at=(lon, lat))).page
    second = (await visit("rider012", at=(lon + 0.001, lat + 0.001))).page
    for page in (first, second):
        await go_on_duty(site, page)
    filed = await site.report("resident", building, category="rubbish")
    offer = f"[data-offer][data-case='{filed['case_id']}']"  # cases of other tests may be offered at the same time
    card = first.locator(offer)
    await card.locator("details[data-verb=decline] summary").click()
    await card.get_by_role("button", name="确定：接不了").click()
    await expect(first.locator(offer)).to_have_count(0)
    await expect(second.locator(offer)).to_have_count(1)
    for page in (first, second):
        await page.click("button[role=switch]")
        await expect(page.locator("button[role=switch][aria-checked=false]")).to_be_visible()
