"""The page of boundaries by clicking: a building changes its cell, is undone, published; faults of a file are shown."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import shapely
from playwright.async_api import Page, ViewportSize, expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.running import API, DEMO, Site

CELLS = DEMO / "micro_grids.geojson"
TABLET: ViewportSize = {"width": 800, "height": 1100}


async def open_draft(site: Site, page: Page, name: str) -> str:
    """Begin a draft of the version in force and return its id."""
    await page.goto(f"{site.url}/grids")
    await expect(page.locator("#main[data-usable=true]")).to_be_visible()
    await page.click("#tabs [data-tab=begin]")
    await page.fill("#begin-version [name=name]", name)
    await page.click("#begin-version button[type=submit]")
    await page.wait_for_url(re.compile(r"/grids\?draft="))
    await expect(page.locator("#main[data-usable=true]")).to_be_visible()
    return page.url.split("draft=")[1].split("&")[0]


def row(page: Page, code: str) -> Any:
    return page.locator(f"#cells tr[data-cell='micro_grid/{code}']")


async def households(page: Page, code: str) -> int:
    return int(await row(page, code).locator(".num").inner_text())


async def press_part(page: Page, site: Site, cell: str, near: str) -> None:
    """Zoom in on a cell and press the part of a building in it that is nearest to another cell."""
    async with site.client("desk") as client:
        cells = (await client.get(f"{API}/areas?level=micro_grid")).json()["features"]
        parts = (await client.get(f"{API}/boundaries/parts")).json()["features"]
    shapes = {one["properties"]["code"]: shapely.from_geojson(json.dumps(one["geometry"])) for one in cells}
    found = [
        shapely.from_geojson(json.dumps(one["geometry"])) for one in parts if one["properties"]["households"]
    ]
    inside = [one for one in found if shapes[cell].contains(one.centroid)]
    part = min(inside, key=lambda one: one.distance(shapes[near]))
    await row(page, cell).locator("td").nth(1).click()
    await page.wait_for_timeout(400)
    await page.click("[data-tool=move]")
    await expect(page.locator("#tool-bar")).to_contain_text("点选要移动的")
    place = part.representative_point()
    box = await page.locator("#map").bounding_box()
    view = json.loads(await page.locator("#map").get_attribute("data-view") or "null")
    assert box is not None
    west, south, east, north = view
    x = box["x"] + (place.x - west) / (east - west) * box["width"]
    y = box["y"] + (north - place.y) / (north - south) * box["height"]
    await page.mouse.click(x, y)
    await expect(page.locator("#tool-target")).to_be_visible()


async def test_a_building_changes_its_cell_is_undone_and_published(site: Site, visit: Visit) -> None:
    visitor = await visit("desk", size=DESKTOP)
    page = visitor.page
    await open_draft(site, page, "东移")
    await expect(page.locator("#banner")).to_contain_text("未发布")
    was = await households(page, "05-03"), await households(page, "05-04")
    await press_part(page, site, "05-03", "05-04")
    await page.select_option("#tool-target", "05-04")
    await page.click("#tool-bar .button.primary")
    await expect(page.locator("#save-state[data-state=saved]")).to_be_visible()
    now = await households(page, "05-03"), await households(page, "05-04")
    assert sum(now) == sum(was)
    assert now[0] < was[0]
    await expect(row(page, "05-03").locator("[data-balance=low2]")).to_be_visible()
    await page.keyboard.press("Control+z")
    await expect(row(page, "05-03").locator(".num")).to_have_text(str(was[0]))
    await page.click("#redo")
    await expect(row(page, "05-03").locator(".num")).to_have_text(str(now[0]))
    await page.click("#publish summary")
    await expect(page.locator("#changes li")).to_have_count(2)
    await page.fill("#note", "单元东移")
    await page.click("#publish button[type=submit]")
    await expect(page.locator("[data-notice]")).to_contain_text("已发布")
    await page.click("#tabs [data-tab=versions]")
    first = page.locator("#versions .version").first
    await expect(first).to_contain_text("单元东移")
    await expect(first).to_contain_text("正在使用")
    await first.locator("[data-compare]").click()
    await expect(page.locator("#comparison li")).to_have_count(2)
    await page.locator("#versions .version").nth(1).locator("summary").click()
    await page.locator("#versions .version").nth(1).locator("[name=reason]").fill("测试完毕")
    await page.locator("#versions .version").nth(1).locator("button[type=submit]").click()
    await expect(page.locator("[data-notice]")).to_contain_text("旧版边界")
    assert visitor.troubles == []


async def test_faults_of_a_file_are_listed_and_repaired(site: Site, visit: Visit, tmp_path: Path) -> None:
    cells = json.loads(CELLS.read_text(encoding="utf-8"))
    ring = cells["features"][0]["geometry"]["coordinates"][0]
    for corner in ring:  # 0.1 m to the east: an overlap there and a gap behind
        corner[0] += 1.2e-6
    file = tmp_path / "cells.geojson"
    file.write_text(json.dumps(cells), encoding="utf-8")
    visitor = await visit("admin", size=DESKTOP)
    page = visitor.page
    await page.goto(f"{site.url}/grids#begin")
    await expect(page.locator("#main[data-usable=true]")).to_be_visible()
    await page.click("#tabs [data-tab=begin]")
    await page.fill("#field-file-name", "测绘文件")
    await page.set_input_files("#field-file-micro_grid", file)
    await page.click("#check-file")
    await expect(page.locator("#check-result [data-kind=overlap]").first).to_be_visible()
    await page.locator("#check-result [data-kind=overlap]").first.click()
    await page.click("#begin-file button[type=submit]")
    await page.wait_for_url(re.compile(r"/grids\?draft="))
    await expect(page.locator("#finding-list [data-kind=overlap]").first).to_contain_text("01-01")
    await page.locator("#finding-list [data-kind=overlap]").first.click()
    await page.click("#ask-repair")
    await expect(page.locator("#repair li").first).to_be_visible()
    await page.click("#apply-repair")
    await expect(page.locator("#finding-list .badge.urgent")).to_have_count(0)
    await page.click("#undo")
    await expect(page.locator("#finding-list .badge.urgent").first).to_be_visible()
    await page.click("#discard summary")
    await page.click("#discard button[type=submit]")
    await expect(page.locator("[data-notice]")).to_contain_text("丢弃")
    assert visitor.troubles == []


async def test_split_merge_and_names_on_a_tablet(site: Site, visit: Visit) -> None:
    visitor = await visit("desk", size=TABLET)
    page = visitor.page
    await open_draft(site, page, "平板")
    await page.click("[data-tool=merge]")
    box = await page.locator("#map").bounding_box()
    assert box is not None
    await page.click("[data-tool=select]")
    await row(page, "01-01").locator("td").nth(1).click()
    await page.click("#rename summary")
    await page.fill("#rename-name", "幸福里")
    await page.click("#rename button[type=submit]")
    await expect(row(page, "01-01")).to_contain_text("幸福里")
    await page.click("#to-grid-form summary")
    await page.fill("#to-grid", "16")
    await page.fill("#to-grid-name", "新网格")
    await page.click("#to-grid-form button[type=submit]")
    await expect(page.locator("#cells tr[data-cell='grid/16']")).to_contain_text("新网格")
    overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0
    assert visitor.troubles == []


async def spot(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Return where a place is on the screen."""
    box = await page.locator("#map").bounding_box()
    west, south, east, north = json.loads(await page.locator("#map").get_attribute("data-view") or "null")
    assert box is not None
    x = box["x"] + (lon - west) / (east - west) * box["width"]
    return x, box["y"] + (north - lat) / (north - south) * box["height"]


async def test_cells_are_merged_and_split_by_clicking_on_the_map(site: Site, visit: Visit) -> None:
    page = (await visit("desk", size=DESKTOP)).page
    shapes = {
        one["properties"]["code"]: shapely.from_geojson(json.dumps(one["geometry"]))
        for one in json.loads(CELLS.read_text(encoding="utf-8"))["features"]
    }
    await open_draft(site, page, "点图")
    was = await households(page, "02-01"), await households(page, "02-04")
    await row(page, "02-01").locator("td").nth(1).click()  # the map looks at it
    await page.wait_for_timeout(400)
    await page.click("[data-tool=merge]")
    for code in ("02-01", "02-04"):
        place = shapes[code].representative_point()
        await page.mouse.click(*await spot(page, place.x, place.y))
    await expect(page.locator("#tool-bar")).to_contain_text("合并 02-01、02-04")
    await page.locator("#tool-bar .button.primary").click()
    await expect(row(page, "02-04")).to_have_count(0)
    assert await households(page, "02-01") == sum(was)

    whole = shapely.union_all([shapes["02-01"], shapes["02-04"]])
    await page.click("[data-tool=split]")
    (west, south, east, north), middle = whole.bounds, whole.centroid
    ends = (
        ((west, middle.y), (east, middle.y))
        if north - south > east - west
        else ((middle.x, south), (middle.x, north))
    )
    for lon, lat in ends:
        await page.mouse.click(*await spot(page, lon, lat))
    await expect(page.locator("#split-cell")).to_have_value("02-01")
    code = await page.input_value("#split-code")
    await page.locator("#tool-bar .button.primary").click()
    await expect(row(page, code)).to_be_visible()
    assert await households(page, "02-01") + await households(page, code) == sum(was)


async def test_a_watcher_is_found_by_typing(site: Site, visit: Visit) -> None:
    page = (await visit("desk", size=DESKTOP)).page
    await open_draft(site, page, "责任人")
    await row(page, "03-02").locator("td").nth(1).click()
    await page.click("#assign summary")
    boxes = page.locator("#assign-people input")
    await expect(boxes.first).to_be_checked()  # who has the cell now comes first
    await page.fill("#assign-search", "watcher077")
    await expect(boxes).to_have_count(1)
    await page.press("#assign-search", "Enter")
    await expect(boxes.first).to_be_checked()
    await page.fill("#assign-search", "nobody-is-called-so")
    await expect(boxes).to_have_count(0)
    await page.click("#assign button[type=submit]")
    await expect(page.locator("#save-state[data-state=saved]")).to_be_visible()
    await expect(row(page, "03-02").locator("td").nth(3)).to_contain_text("、")


async def test_without_scripts_lists_and_forms_work(site: Site, visit: Visit) -> None:
    page = (await visit("desk", size=DESKTOP, java_script_enabled=False)).page
    await page.goto(f"{site.url}/grids?lang=en")
    await expect(page.locator("#cells tr")).to_have_count(157)
    await page.fill("#begin-version [name=name]", "By form")
    await page.click("#begin-version button[type=submit]")
    await expect(page.locator("#banner")).to_contain_text("not published")
    await expect(page.locator("#findings")).to_contain_text("Nothing is wrong")
    await page.click("#discard summary")
    await page.click("#discard button[type=submit]")
    await expect(page.locator("[data-notice]")).to_contain_text("discarded")
    await page.goto(f"{site.url}/grids?lang=zh")
