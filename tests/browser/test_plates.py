"""Plates in a browser: printed sheets, QR codes that a camera reads, and the report page that a scan opens."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Locator, expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.running import API, Site

PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
A4_POINTS = (595, 842)


async def some_plates(site: Site, **query: Any) -> list[dict[str, Any]]:
    async with site.client("desk") as client:
        answer = await client.get(f"{API}/plates", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def picture(of: Locator) -> Any:
    return np.asarray(Image.open(BytesIO(await of.screenshot())).convert("RGB"))


@pytest.mark.parametrize("kind", ["stairwell", "micro_grid", "building"])
async def test_a_camera_reads_every_card(site: Site, visit: Visit, kind: str) -> None:
    page = (await visit("grid03", size=DESKTOP)).page
    await page.goto(f"{site.url}/plates?kind={kind}&grid=03")
    cards = page.locator(".plate-card")
    expected = await some_plates(site, kind=kind, grid="03")
    assert await cards.count() == len(expected) > 4
    for number, plate in enumerate(expected[:9]):
        card = cards.nth(number)
        (read,) = zxingcpp.read_barcodes(await picture(card))
        assert read.text == plate["url"] == f"{site.url}/report?plate={plate['code']}"
        assert read.ec_level in {"Q", "H"}
        for person in plate["watchers"] + plate["grid_workers"]:
            await expect(card).to_contain_text(person)
    size = await cards.first.locator("svg.qr").get_attribute("viewBox")
    assert size is not None
    assert int(size.split()[2]) <= 41 + 2 * 4  # version 6 at the most, with its margin


async def test_even_a_damaged_card_is_read(site: Site, visit: Visit) -> None:
    page = (await visit("grid03", size=DESKTOP)).page
    await page.goto(f"{site.url}/plates?kind=stairwell&grid=03")
    code = page.locator("svg.qr").first
    await expect(code).to_be_visible()
    seen = (await picture(code)).copy()
    side = len(seen)
    seen[int(0.45 * side) : int(0.65 * side), int(0.45 * side) : int(0.65 * side)] = (
        200  # a sticker in the middle
    )
    (read,) = zxingcpp.read_barcodes(seen)
    assert read.text == (await some_plates(site, grid="03"))[0]["url"]


async def test_four_cards_on_a_page_of_a4(site: Site, visit: Visit, tmp_path: Path) -> None:
    page = (await visit("desk", size=DESKTOP)).page
    for kind in ("stairwell", "micro_grid"):
        await page.goto(f"{site.url}/plates?kind={kind}&grid=03")
        count = await page.locator(".plate-card").count()
        printed = await page.pdf(prefer_css_page_size=True, print_background=False)
        assert len(PAGE.findall(printed)) == -(-count // 4)
        boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", printed)
        assert {(round(float(width)), round(float(height))) for width, height in boxes} == {A4_POINTS}
    await page.emulate_media(media="print")
    box = await page.locator(".plate-card").nth(3).bounding_box()
    assert box is not None
    millimetre = 96 / 25.4
    assert [round(box[side] / millimetre) for side in ("x", "y", "width", "height")] == [105, 148, 105, 148]
    for hidden in (".header", "#filters"):
        await expect(page.locator(hidden)).to_be_hidden()


async def test_nothing_on_a_card_is_cut_off(site: Site, visit: Visit) -> None:
    page = (await visit("desk", size=DESKTOP)).page
    for kind in ("stairwell", "building", "micro_grid"):
        await page.goto(f"{site.url}/plates?kind={kind}&grid=")
        overfull = await page.locator(".plate-card").evaluate_all(
            "cards => cards.filter(one => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)"
            ".map(one => one.textContent)"
        )
        assert overfull == []


async def test_choosing_an_area(site: Site, visit: Visit) -> None:
    page = (await visit("desk", size=DESKTOP)).page
    await page.goto(f"{site.url}/plates")
    await expect(page.locator("[name=grid]")).to_have_value("01")
    await expect(page.locator("[data-loopback]")).to_be_visible()
    await page.select_option("[name=grid]", "02")
    await page.wait_for_url("**grid=02**")
    micro_grid = await page.locator("[name=micro_grid] option").nth(1).get_attribute("value")
    assert micro_grid
    assert micro_grid.startswith("02")
    await page.select_option("[name=micro_grid]", micro_grid)
    await page.wait_for_url(f"**micro_grid={micro_grid}**")
    expected = await some_plates(site, micro_grid=micro_grid)
    await expect(page.locator(".plate-card")).to_have_count(len(expected))
    await page.goto(f"{site.url}/plates?grid=&lang=en")
    await expect(page.get_by_role("heading", name="Plates")).to_be_visible()
    await expect(page.get_by_role("button", name="Print")).to_be_visible()
    await page.goto(f"{site.url}/plates?lang=zh")


async def test_a_scan_opens_the_report_at_its_place(site: Site, visit: Visit) -> None:
    door = (await some_plates(site, grid="05"))[3]
    page = (await visit("rider110", at=(123.5, 41.9))).page  # the phone believes itself far away
    await page.goto(f"{site.url}/report?plate={door['code']}")
    await expect(page.locator("#report[data-ready=true]")).to_be_visible()
    await expect(page.locator("#plate-now")).to_contain_text(door["label"])
    await expect(page.locator("#fix-state")).to_have_text("按门牌码定位")
    await expect(page.locator("#place-now")).to_contain_text(door["address"])
    await expect(page.locator("#address-field")).to_have_count(0)
    await page.locator("input[value=sewer]").check(force=True)
    await page.click("#send")
    await page.wait_for_url(re.compile(r"/report/[0-9a-f-]{36}"))
    async with site.client("rider110") as client:
        report = (await client.get(f"{API}/reports/{page.url.split('/')[-1].split('?')[0]}")).json()
    assert report["source"] == "plate"
    assert (report["lon"], report["lat"]) == pytest.approx((door["lon"], door["lat"]))
    assert report["place"]["micro_grid"]["code"] == door["micro_grid"]
    assert report["place"]["building"]["distance_m"] == 0.0


async def test_leaving_the_plate(site: Site, visit: Visit) -> None:
    door = (await some_plates(site, grid="06"))[0]
    page = (await visit("rider111", at=(door["lon"], door["lat"]))).page
    await page.goto(f"{site.url}/report?plate={door['code']}")
    await expect(page.locator("#place-now")).to_contain_text(door["address"])
    await page.click("#plate-leave")
    await page.wait_for_url(f"{site.url}/report")
    await expect(page.locator("#fix-state")).to_contain_text("误差约")
    await expect(page.locator("#plate-now")).to_have_count(0)


async def test_a_forged_code_shows_why_and_the_ordinary_form(site: Site, visit: Visit) -> None:
    door = (await some_plates(site, grid="06"))[0]
    visitor = await visit("rider112", at=(door["lon"], door["lat"]))
    await visitor.page.goto(f"{site.url}/report?plate={door['code'][::-1]}")
    await expect(visitor.page.locator("[data-problem]")).to_contain_text("门牌码无效")
    await expect(visitor.page.locator("#address-field")).to_be_visible()
    await expect(visitor.page.locator("#fix-state")).to_contain_text("误差约")
    visitor.forget("400")
