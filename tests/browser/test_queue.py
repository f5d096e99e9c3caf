"""Reports on a phone with bad signal: drafts outlive the page, the queue is honest, everything arrives once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import psycopg
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import Visit, Visitor
from tests.browser.running import Site

Photo = Callable[..., Path]
BROKEN = ("ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION", "ERR_NETWORK", "ERR_ABORTED")
AT = (123.4153, 41.789)


async def write(visitor: Visitor, detail: str, photos: list[Path], category: str = "tree") -> Page:
    """Fill in a report, without sending it."""
    page = visitor.page
    if not page.url.endswith("/report"):
        await visitor.go("/report")
    await page.click(f"label.category:has(input[value={category}])")
    await page.fill("[name=detail]", detail)
    if photos:
        await page.set_input_files("#gallery", photos)
    await expect(page.locator("#taken img")).to_have_count(len(photos))
    await expect(page.locator("#fix-state")).to_contain_text("误差约")
    return page


async def arrived(site: Site, detail: str) -> list[tuple[str, int, bool]]:
    """Return the reports with this detail: their id, photos, and whether they are complete."""
    query = """SELECT r.report_id::text, count(p.photo_id), count(p.photo_id) = cardinality(r.manifest)
               FROM report r LEFT JOIN photo p USING (community_id, report_id)
               WHERE r.detail = %s GROUP BY r.report_id, r.manifest"""
    async with await psycopg.AsyncConnection.connect(site.database_url) as connection:
        return await (await connection.execute(query, (detail,))).fetchall()


async def test_a_draft_outlives_its_renderer(site: Site, visit: Visit, photo: Photo) -> None:
    visitor = await visit("rider105", at=AT)
    page = await write(visitor, "门口的杨树", [photo(21), photo(22)])
    await page.locator("#taken").get_by_role("button").first.click()
    await expect(page.locator("#taken img")).to_have_count(1)
    await expect(page.locator("#draft-state")).to_have_text("草稿已存在这台手机")
    await page.set_input_files("#camera", photo(23))
    await expect(page.locator("#taken img")).to_have_count(2)
    devtools = await page.context.new_cdp_session(page)
    async with page.expect_event("crash"):
        dying = asyncio.ensure_future(devtools.send("Page.crash"))  # its answer dies with the page
    dying.cancel()
    again = await page.context.new_page()
    visitor.page = again
    await visitor.go("/report")
    await expect(again.locator("#taken img")).to_have_count(2)
    await expect(again.locator("[name=detail]")).to_have_value("门口的杨树")
    await expect(again.locator("input[value=tree]")).to_be_checked()
    await again.click("#send")
    await again.wait_for_url(f"{site.url}/report/*-*")
    assert [(count, complete) for _, count, complete in await arrived(site, "门口的杨树")] == [(2, True)]


async def test_all_arrive_once_over_a_lossy_network(site: Site, visit: Visit, photo: Photo) -> None:
    visitor = await visit("rider106", at=AT)
    page = visitor.page
    tries = 0

    async def lossy(route: Route) -> None:
        """Lose every third request, half of them only after the service has it."""
        nonlocal tries
        tries += 1
        if tries % 6 == 0:
            await route.fetch()
        if tries % 3 == 0:
            await route.abort()
        else:
            await route.continue_()

    await visitor.go("/report")
    await expect(page.locator("#report[data-complete]")).to_be_visible()
    await page.context.set_offline(True)
    for number in range(2):
        await write(
            visitor, "井盖旁", [photo(30 + 5 * number + one, small=True) for one in range(5)], "manhole"
        )
        await page.click("#send")
        await expect(page.locator("[data-kept][data-state=waiting]")).to_have_count(number + 1)
    other = await page.context.new_page()
    await page.context.set_offline(False)
    await page.context.route("**/api/v1/reports/**", lossy)
    await other.goto(f"{site.url}/report")  # a second tab: it lists them, and only one of both sends
    await expect(other.locator("[data-kept][data-state=received]")).to_have_count(2, timeout=30_000)
    await expect(page.locator("[data-kept][data-state=received]")).to_have_count(2)
    assert [(count, complete) for _, count, complete in await arrived(site, "井盖旁")] == [
        (5, True),
        (5, True),
    ]
    for part in BROKEN:
        visitor.forget(part)
