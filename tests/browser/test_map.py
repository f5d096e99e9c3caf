"""The map of a grid worker's areas: finding, filters in the address, buildings, who is on duty, measuring, paper."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.running import API, Site, middle

READY = "#map[data-usable=true]"


@pytest.fixture
async def page(site: Site, visit: Visit) -> Page:
    """Give the desk's map."""
    opened = (await visit("desk", size=DESKTOP)).page
    await opened.goto(f"{site.url}/map")
    await expect(opened.locator(READY)).to_be_attached()
    return opened


async def test_a_building_is_found_by_keys_and_opened(site: Site, page: Page) -> None:
    field = page.get_by_role("combobox", name="找地方")
    await field.fill("bjj46")
    await expect(field).to_have_attribute("aria-expanded", "true", timeout=15_000)  # the book is made first
    options = page.get_by_role("option")
    await expect(options.first).to_contain_text("八经街46号")
    await field.press("ArrowDown")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await expect(field).to_have_attribute("aria-activedescendant", "field-find-found-0")
    await field.press("Enter")
    sheet = page.locator("#building")
    await expect(sheet.locator("h2")).to_have_text("八经街46号")
    await expect(sheet.locator(".facts")).to_contain_text("最近走访还没有走访过")
    await expect(sheet).to_contain_text("没有记录的案件。")
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()

    [building] = [one for one in await site.buildings() if one["properties"]["label"] == "八经街46号"]
    long_ago = (datetime.now(UTC) - timedelta(days=3, hours=1)).isoformat()
    async with site.client("desk") as desk:
        for outcome, at in (("done", long_ago), ("not_home", datetime.now(UTC).isoformat())):
            body = {"building": building["id"], "outcome": outcome, "visited_at": at}
            assert (await desk.post(f"{API}/visits", json=body)).status_code == 201
    await field.fill("bjj46")
    await expect(options.first).to_be_visible()
    await field.press("Enter")
    await expect(sheet.locator(".last-visit")).to_have_text(re.compile(r"月.+ · 我 3 天没有走访$"))


async def test_when_a_building_was_visited_is_for_who_looks_in_there(site: Site, visit: Visit) -> None:
    page = (await visit("planner", size=DESKTOP)).page
    await page.goto(f"{site.url}/map?lang=en")
    await expect(page.locator(READY)).to_be_attached()
    field = page.get_by_role("combobox", name="Find a place")
    await field.fill("bjj46")
    await expect(page.get_by_role("option").first).to_contain_text("46 Bajing")
    await field.press("Enter")
    await expect(page.locator("#building h2")).to_contain_text("46 Bajing")
    await expect(page.locator("#building .facts")).not_to_contain_text("Last visit")


async def test_the_list_closes_by_escape_and_says_when_nothing_is_found(page: Page) -> None:
    field = page.get_by_role("combobox", name="找地方")
    await field.fill("没有这个地方呀")
    await expect(page.locator(".found")).to_contain_text("没有找到", timeout=15_000)
    await field.press("Escape")
    await expect(page.locator(".found")).to_be_hidden()
    await expect(field).to_have_attribute("aria-expanded", "false")


async def test_filters_stay_in_the_address(site: Site, page: Page) -> None:
    building = (await site.buildings())[40]
    await site.report("resident", building, category="manhole", description="井盖响")
    await expect(page.locator("#cases [data-case]")).to_have_count(1)
    await expect(page.locator("#cases [data-case]")).to_contain_text(
        re.compile(r"月\d+日 \d\d:\d\d 前应有人接")
    )
    await page.select_option("[name=category]", "sewer")
    await expect(page).to_have_url(re.compile(r"/map\?category=sewer$"))
    await expect(page.locator("#cases [data-case]")).to_have_count(0)
    await page.goto(f"{site.url}/map?category=manhole&status=nonsense&follow=1")
    await expect(page.locator("#cases [data-case]")).to_have_count(1)
    await expect(page.locator("[name=category]")).to_have_value("manhole")
    await expect(page.locator("[name=status]")).to_have_value("")
    await expect(page.locator("#filter-count")).to_have_text("1")
    await expect(page.get_by_role("button", name="跟随")).to_have_attribute("aria-pressed", "true")
    await page.locator("#cases [data-case]").click()
    await expect(page.locator("#detail h1")).to_contain_text("井盖")
    await page.goto(f"{site.url}/map?category=manhole&lang=en")
    title = page.locator("#cases [data-case] .title")
    await expect(title).to_have_text(re.compile(r"^Manhole cover · \d\S* [A-Z][a-z]+ (Street|Road|Lane)$"))


async def test_lengths_and_areas_are_measured(page: Page) -> None:
    await page.get_by_role("button", name="量测").click()
    box = await page.locator("#map").bounding_box()
    assert box is not None
    for east, north in ((0.3, 0.3), (0.6, 0.3), (0.6, 0.6)):
        await page.mouse.click(box["x"] + box["width"] * east, box["y"] + box["height"] * north)
    await expect(page.locator("#measured")).to_have_text(re.compile(r"^长 [\d,.]+米 · 面积 .+(m²|公顷)$"))
    await page.get_by_role("button", name="退一点").click()
    await expect(page.locator("#measured")).to_have_text(re.compile(r"^长 [\d,.]+米$"))
    await page.keyboard.press("Escape")
    await expect(page.locator("#measuring")).to_be_hidden()


async def test_who_is_on_duty_is_shown_roughly(site: Site, visit: Visit) -> None:
    lon, lat = middle((await site.buildings())[60])
    async with site.client("rider070") as rider:
        await rider.put(f"{API}/me/duty", json={"on": True})
        await rider.put(f"{API}/me/position", json={"lon": lon, "lat": lat})
    page = (await visit("desk", size=PHONE)).page
    await page.goto(f"{site.url}/map")
    await expect(page.locator("#duty-count")).to_contain_text("在岗 1 人")
    await page.locator("#fold summary").click()
    await page.uncheck("#field-people")
    await expect(page.locator("#duty-count")).to_be_empty()


async def test_paper_has_a_title_a_legend_and_a_scale(page: Page) -> None:
    await page.evaluate("window.print = () => document.body.setAttribute('data-printed', '1')")
    await page.get_by_role("button", name="打印").click()
    await expect(page.locator("body[data-printed]")).to_be_attached()
    await page.emulate_media(media="print")
    for part in (".print-head h1", ".legend", ".leaflet-control-scale"):
        await expect(page.locator(part)).to_be_visible()
    for part in (".map-tools", ".header", "#cases"):
        await expect(page.locator(part)).to_be_hidden()
    await expect(page.locator("#printed-at")).to_contain_text("打印于")
