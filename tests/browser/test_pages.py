"""Pages for the desk, the planner and everybody: filters, heat, languages, no scripts, accessibility, speed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.running import Site


@pytest.fixture(scope="module")
async def cases(site: Site) -> list[str]:
    """File some reports that nobody takes."""
    buildings = await site.buildings()
    kinds = ["street_lamp", "sewer", "road_damage", "dispute", "sewer", "manhole"]
    filed = [
        await site.report("resident", buildings[10 + 9 * number], category=kind, description=f"第{number}件")
        for number, kind in enumerate(kinds)
    ]
    return [report["case_id"] for report in filed]


async def test_desk_filters_and_shows_a_case(site: Site, visit: Visit, cases: list[str]) -> None:
    page = (await visit("desk", size=DESKTOP)).page
    await page.goto(f"{site.url}/desk")
    await expect(page.locator("#main[data-usable=true]")).to_be_visible()
    await page.select_option("[name=category]", "manhole")
    await expect(page.locator("#results [data-case]")).to_have_count(1)
    await expect(page).to_have_url(f"{site.url}/desk?view=board&category=manhole")
    await page.select_option("[name=category]", "")
    await page.fill("[name=q]", "第3件")
    await expect(page.locator("#results [data-case]")).to_have_count(1)
    await expect(page.locator("#results [data-case]")).to_contain_text("第3件")
    await page.click("#results [data-case]")
    sheet = page.locator("#detail")
    await expect(sheet.locator("h1")).to_contain_text("矛盾纠纷")
    await expect(sheet.locator("#dispatch")).to_contain_text("第 1 轮")
    await sheet.locator("details[data-verb=reject] summary").click()
    await sheet.locator("details[data-verb=reject] textarea").fill("不属于社区")
    await sheet.get_by_role("button", name="确定：不予受理").click()
    await expect(sheet.locator("#case")).to_have_attribute("data-status", "rejected")
    await expect(sheet.locator(".timeline")).to_contain_text("不属于社区")
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()


async def test_a_new_case_appears_on_an_open_desk(site: Site, visit: Visit, cases: list[str]) -> None:
    page = (await visit("desk", size=DESKTOP)).page
    await page.goto(f"{site.url}/desk?category=elevator")
    await expect(page.locator("#live[data-state=on]")).to_be_visible()
    await expect(page.locator("#results [data-case]")).to_have_count(0)
    await site.report("resident", (await site.buildings())[77], category="elevator")
    await expect(page.locator("#results [data-case]")).to_have_count(1)


async def test_planner_ranks_streets(site: Site, visit: Visit, cases: list[str]) -> None:
    page = (await visit("planner", size=DESKTOP)).page
    await page.goto(f"{site.url}/planner")
    await expect(page.locator("#street-map[data-ready] path.leaflet-interactive").first).to_be_visible()
    first = page.locator("tr[data-street]").first
    await first.hover()
    await expect(page.locator(".rate-legend")).to_contain_text("每百米每年的案件数")
    await page.locator("#street-map path.leaflet-interactive").last.click(force=True)
    await expect(first).to_have_attribute("data-marked", "")
    await page.select_option("[name=category]", "sewer")
    await page.wait_for_url("**category=sewer**")
    await expect(page.locator("main")).to_contain_text("共 2 件")


async def test_planner_shows_heat(site: Site, visit: Visit, cases: list[str]) -> None:
    page = (await visit("planner", size=DESKTOP)).page
    await page.goto(f"{site.url}/planner/heat")
    heat = page.frame_locator("#heat")
    await expect(heat.locator("canvas.leaflet-heatmap-layer")).to_be_visible()
    painted = await heat.locator("canvas.leaflet-heatmap-layer").evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0)"
    )
    assert painted
    await expect(heat.locator(".heat-legend")).to_contain_text("件")
    await heat.get_by_text("案件数（圆圈）").click()
    await expect(heat.locator("path.heat-circle").first).to_be_visible()
    async with page.expect_download() as kept:
        await page.click("#picture")
    picture = await asyncio.to_thread(Image.open, await (await kept.value).path())
    assert len(picture.convert("L").resize((64, 36)).getcolors(4096) or []) > 20
    await page.fill("#month", "1")
    await page.wait_for_url("**month=1")
    await expect(page.locator("#month-name")).to_have_text("1 月")
    await page.goto(f"{site.url}/planner/heat?category=sewer")
    await expect(page.locator("main")).to_contain_text("共 2 件")


async def test_language_switch(site: Site, visit: Visit) -> None:
    page = (await visit("desk", size=DESKTOP)).page
    await page.goto(f"{site.url}/desk")
    await page.click("a[hreflang=en]")
    await expect(page.locator("h1")).to_have_text("Dispatch desk")
    await page.goto(f"{site.url}/planner/heat")
    await expect(page.frame_locator("#heat").locator(".heat-legend h1")).to_have_text("Heat map of hazards")
    await page.click("a[hreflang=zh]")
    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


async def test_report_without_scripts(site: Site, visit: Visit, photo: Callable[[int], Path]) -> None:
    visitor = await visit("resident", java_script_enabled=False)
    page = visitor.page
    await page.goto(f"{site.url}/report")
    await page.check("input[value=rubbish]", force=True)
    await page.fill("[name=description]", "垃圾没人收")
    await page.click("#send")
    await expect(page.locator(".note.bad")).to_be_visible()
    await expect(page.locator("[name=description]")).to_have_value("垃圾没人收")
    visitor.forget("400")
    await page.select_option(
        "[name=building]", index=5
    )  # the list comes with the answer: nobody chose a place
    await page.set_input_files("#camera", photo(7))
    await page.click("#send")
    await page.wait_for_url(f"{site.url}/report/*-*")
    await expect(page.locator("[data-notice]")).to_have_text("上报已收到，谢谢您。")
    await expect(page.locator(".photos img")).to_have_count(1)


async def test_a_draft_survives_the_page(site: Site, visit: Visit, photo: Callable[[int], Path]) -> None:
    page = (await visit("rider103", at=(123.4153, 41.789))).page
    await page.goto(f"{site.url}/report")
    await page.click("label.category:has(input[value=tree])")
    await page.fill("[name=detail]", "门口的杨树")
    await page.set_input_files("#gallery", photo(9))
    await expect(page.locator("#taken img")).to_have_count(1)
    await expect(page.locator("#draft-state")).to_have_text("草稿已存在这台手机")
    await page.reload()
    await expect(page.locator("#taken img")).to_have_count(1)
    await expect(page.locator("[name=detail]")).to_have_value("门口的杨树")
    await expect(page.locator("input[value=tree]")).to_be_checked()
    await expect(page.locator("#fix-state")).to_contain_text("误差约")
    await page.click("#send")
    await page.wait_for_url(f"{site.url}/report/*-*")


async def test_a_broken_connection_keeps_the_report(site: Site, visit: Visit) -> None:
    visitor = await visit("rider104", at=(123.4153, 41.7893))
    page = visitor.page
    await page.goto(f"{site.url}/report")
    await page.click("label.category:has(input[value=noise])")
    await expect(page.locator("#fix-state")).to_contain_text("误差约")
    await page.route("**/api/v1/reports/*", lambda route: route.abort())
    await page.click("#send")
    await expect(page.locator("#toasts")).to_contain_text("还没有传出去")
    await expect(page.locator("[data-kept][data-state=waiting]")).to_have_count(1)
    await expect(page.locator("#queue-count")).to_have_text("待传 1")
    await page.unroute("**/api/v1/reports/*")
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.locator("[data-kept][data-state=received]")).to_have_count(1)
    visitor.forget("ERR_FAILED")


async def test_wrong_password_is_said(site: Site, visit: Visit) -> None:
    visitor = await visit()
    await visitor.go("/login")
    await visitor.page.fill("[name=username]", "rider105")
    await visitor.page.fill("[name=password]", "no")
    await visitor.page.click("main form[action='/login'] button[type=submit]")
    await expect(visitor.page.locator("[data-problem]")).to_have_text("用户名或密码不对。")
    await expect(visitor.page.locator("[name=username]")).to_have_value("rider105")
    visitor.forget("401")


async def test_the_map_lists_live_cases_and_follows_them(site: Site, visit: Visit, cases: list[str]) -> None:
    page = (await visit("admin", size=DESKTOP)).page
    await page.goto(f"{site.url}/map")
    await expect(page.locator(f"#cases [data-case='{cases[1]}']")).to_be_visible()
    await expect(page.locator("#live[data-state=on]")).to_be_visible()
    report = await site.report("resident", (await site.buildings())[63], category="noise")
    await expect(page.locator(f"#cases [data-case='{report['case_id']}']")).to_be_visible()
    await page.select_option("[name=category]", "noise")
    await expect(page.locator(f"#cases [data-case='{cases[1]}']")).to_have_count(0)


async def test_the_desk_on_a_phone_switches_to_its_map(site: Site, visit: Visit, cases: list[str]) -> None:
    page = (await visit("desk")).page
    await page.goto(f"{site.url}/desk")
    await expect(page.locator("#main[data-usable=true]")).to_be_visible()
    await page.click("[data-view=map]")
    await expect(page.locator(".leaflet-control-scale")).to_contain_text(re.compile("[12]00 m"))
    await expect(page.locator("#results")).to_be_hidden()


async def test_a_second_look_at_the_map_fetches_little(site: Site, visit: Visit) -> None:
    """How long it takes is measured by ``scripts/bench_intake.py``: a machine may have other things to do."""
    page = (await visit("admin", size=DESKTOP)).page
    fetched = (
        "performance.getEntriesByType('resource').map(one => [new URL(one.name).pathname, one.transferSize])"
    )
    first, second = 0, 0
    for _ in range(2):
        await page.goto(f"{site.url}/map")
        await page.wait_for_selector("#map[data-usable=true]")
        found = await page.evaluate(fetched)
        first, second = second, sum(size for path, size in found if not path.startswith("/api/v1/events"))
        assert found
    assert not [path for path, size in found if path.startswith("/static/") and size > 0]
    assert second < first / 4
