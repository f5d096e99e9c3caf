"""The report page as an app: it opens without a network, for whose phone it is and nobody else, and a new version waits."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import Visit, Visitor
from tests.browser.running import Site
from tests.browser.test_queue import AT, BROKEN, Photo, arrived, write
from web.installed import shell_files

OWNER = "caches.match('/owner').then((found) => found?.text())"
KEPT = "caches.match('/report', {cacheName: 'weiwang-private'}).then((found) => Boolean(found))"
COMPLETE = "#report[data-complete]"
GROUND = "caches.match('/api/v1/stations', {ignoreVary: true}).then(Boolean)"


async def until(page: Page, promised: str, wanted: object = True) -> None:
    """Wait until a promise is kept with what is wanted."""
    async with asyncio.timeout(15):
        while await page.evaluate(promised) != wanted:  # noqa: ASYNC110 - a page sends no event
            await asyncio.sleep(0.05)


async def installed(visitor: Visitor) -> Page:
    """Open the report page, and wait until the phone keeps it."""
    page = visitor.page
    await visitor.go("/report")
    await expect(page.locator(COMPLETE)).to_be_visible()
    await until(page, KEPT)
    return page


async def queued(page: Page, count: int) -> None:
    """Send the report in the form, which stays on the phone."""
    await page.click("#send")
    await expect(page.locator("[data-kept][data-state=waiting]")).to_have_count(count)


def forget_breaks(visitor: Visitor) -> None:
    """Drop what a broken network writes into the console."""
    for part in BROKEN:
        visitor.forget(part)


async def test_without_a_network_it_opens_for_its_owner_alone(site: Site, visit: Visit, photo: Photo) -> None:
    visitor = await visit("rider081", at=AT)
    page = await installed(visitor)
    await until(page, GROUND)  # the last layer of the map
    await page.context.set_offline(True)
    await visitor.go("/reports")
    await expect(page.locator("main")).to_contain_text("这一页要有网络才能看")
    await visitor.go("/report")
    await expect(page.locator(COMPLETE)).to_be_visible()
    await write(visitor, "没有信号的地下室", [photo(50)], "sewer")
    await page.click("#open-map")
    await expect(page.locator("#report-map .leaflet-marker-icon")).to_be_visible()
    await queued(page, 1)
    await page.context.set_offline(False)
    await expect(page.locator("[data-kept][data-state=received]")).to_have_count(1, timeout=15_000)
    assert [(count, complete) for _, count, complete in await arrived(site, "没有信号的地下室")] == [
        (1, True)
    ]
    mine = await page.evaluate(OWNER)
    await visitor.go("/report")
    await page.locator(".me summary").click()
    await page.locator("form[action='/logout'] button").click()
    await page.wait_for_url("**/login*")
    await until(page, KEPT, wanted=False)
    await page.context.set_offline(True)
    await visitor.go("/report")
    await expect(page.locator("main")).to_contain_text("没有网络")
    await page.context.set_offline(False)
    await visitor.sign_in("rider082")  # another person on the same phone
    page = await installed(visitor)
    assert await page.evaluate(OWNER) != mine
    await expect(page.locator("#queue")).to_be_hidden()
    forget_breaks(visitor)


async def test_tasks_and_the_map_open_without_a_network(site: Site, visit: Visit) -> None:
    visitor = await visit("watcher008")
    page = visitor.page
    for path, kept in (("/tasks", "/tasks"), ("/map", "/map")):
        await visitor.go(path)
        await until(page, f"caches.match('{kept}', {{cacheName: 'weiwang-private'}}).then(Boolean)")
    await until(page, GROUND)
    await page.context.set_offline(True)
    await visitor.go("/tasks")
    await expect(page.locator("#kept-note")).to_contain_text("没有网络：这是")
    await expect(page.locator("button[role=switch]")).to_be_visible()
    await visitor.go("/map")
    await expect(page.locator("#map[data-usable=true]")).to_be_visible()
    await expect(page.locator("#kept-note")).to_be_visible()
    await expect(page.locator("#cases")).to_contain_text("有网络时这里列出案件")
    await page.context.set_offline(False)
    await page.evaluate("dispatchEvent(new Event('online'))")
    await visitor.go("/map")
    await expect(page.locator("#live[data-state=on]")).to_be_visible()
    await expect(page.locator("#kept-note")).to_have_count(0)
    await page.locator(".me summary").click()
    await page.locator("form[action='/logout'] button").click()
    await page.wait_for_url("**/login*")
    await page.context.set_offline(True)
    await visitor.go("/tasks")
    await expect(page.locator("main")).to_contain_text("这一页要有网络才能看")
    forget_breaks(visitor)


async def test_a_new_version_waits_until_it_is_wanted(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = await visit("rider083", at=AT)
    page = await installed(visitor)
    await page.click("label.category:has(input[value=tree])")
    more = "/static/img/mark.svg"
    monkeypatch.setattr("api.installed.shell_files", lambda assets: [*shell_files(assets), more])
    await page.evaluate("navigator.serviceWorker.ready.then((found) => found.update())")
    await expect(page.locator("#new-version")).to_contain_text("有新版本")
    assert len(await page.evaluate("caches.keys()")) == 3  # the page that is open still has its own files
    async with page.expect_navigation():
        await page.locator("#new-version").get_by_role("button", name="刷新").click()
    await expect(page.locator(COMPLETE)).to_be_visible()
    await expect(page.locator("input[value=tree]")).to_be_checked()
    await expect(page.locator("#new-version")).to_have_count(0)


async def lose_each_step(context: BrowserContext, steps: Counter[str]) -> None:
    """Lose one request of every report: of the first one its first, and so on; every other only once it has arrived."""
    order: list[str] = []

    async def lossy(route: Route) -> None:
        report_id = route.request.url.partition("/reports/")[2][:36]
        if report_id not in order:
            order.append(report_id)
        steps[report_id] += 1
        turn = order.index(report_id)
        if steps[report_id] != turn // 2 + 1:
            await route.continue_()
            return
        if turn % 2:
            await route.fetch()
        await route.abort()

    await context.route("**/api/v1/reports/**", lossy)


async def test_cut_at_each_step_everything_arrives_once(site: Site, visit: Visit, photo: Photo) -> None:
    visitor = await visit("rider084", at=AT)
    page = await installed(visitor)
    await page.context.set_offline(True)
    for number in range(6):
        await write(
            visitor, "每一步都断", [photo(60 + 2 * number + one, small=True) for one in range(2)], "tree"
        )
        await queued(page, number + 1)
    steps: Counter[str] = Counter()
    await lose_each_step(page.context, steps)
    await page.context.set_offline(False)
    for _ in range(200):
        await page.evaluate(
            "dispatchEvent(new Event('online'))"
        )  # instead of waiting until it is tried again
        if not await page.locator("[data-kept]:not([data-state=received])").count():
            break
        await asyncio.sleep(0.1)
    await expect(page.locator("[data-kept]:not([data-state=received])")).to_have_count(0)
    assert [(count, complete) for _, count, complete in await arrived(site, "每一步都断")] == [(2, True)] * 6
    assert min(steps.values()) > 3
    forget_breaks(visitor)


@pytest.mark.parametrize("moment", ["announced", "uploading"])
async def test_killed_while_sending_it_goes_on(site: Site, visit: Visit, photo: Photo, moment: str) -> None:
    visitor = await visit({"announced": "rider085", "uploading": "rider086"}[moment], at=AT)
    detail = f"传到一半：{moment}"
    page = await write(visitor, detail, [photo(80, small=True), photo(81, small=True)], "rubbish")
    hung = asyncio.Event()

    async def hang(route: Route) -> None:
        if hung.is_set():
            await route.continue_()
        elif moment == "announced" or "/photos/" in route.request.url:
            await route.fetch()  # the service has it, its answer never comes
            hung.set()
        else:
            await route.continue_()

    await page.context.route("**/api/v1/reports/**", hang)
    await page.click("#send")
    await hung.wait()
    devtools = await page.context.new_cdp_session(page)
    async with page.expect_event("crash"):
        dying = asyncio.ensure_future(devtools.send("Page.crash"))
    dying.cancel()
    again = visitor.page = await page.context.new_page()
    await visitor.go("/report")
    await expect(again.locator("[data-kept][data-state=received]")).to_have_count(1, timeout=15_000)
    assert [(count, complete) for _, count, complete in await arrived(site, detail)] == [(2, True)]
    forget_breaks(visitor)


RENEW = """async () => {
    const case_js = document.querySelector("script[src*='pages/case.js']").src;
    const { fetchPage, replaceParts } = await import(new URL("../core/fragment.js", case_js));
    replaceParts(await fetchPage(location.pathname), ["#case"]);
}"""


async def closed(site: Site, number: int) -> dict[str, Any]:
    """Return a report of the resident's whose case was taken, done and verified."""
    report = await site.report("resident", (await site.buildings())[number], category="elderly_care")
    grid = f"grid{report['place']['grid']['code']}"
    for username, verb in ((grid, "accept"), (grid, "done"), ("desk", "verify")):
        async with site.client(username) as client:
            answer = await client.post(f"/api/v1/cases/{report['case_id']}/{verb}", json={})
            assert answer.status_code == 200, answer.text
    return report


async def test_what_is_chosen_stays_when_the_page_is_renewed(site: Site, visit: Visit) -> None:
    report = await closed(site, 43)
    page = (await visit("resident")).page
    await page.goto(f"{site.url}/report/{report['id']}")
    await page.check("input[name=solved][value=false]", force=True)
    await page.check("input[name=stars][value='2']", force=True)
    await page.evaluate(RENEW)
    await expect(page.locator("input[name=solved][value=false]")).to_be_checked()
    await expect(page.locator("input[name=stars][value='2']")).to_be_checked()


async def test_what_is_not_solved_is_said_beside_its_field_and_opened_again(site: Site, visit: Visit) -> None:
    report = await closed(site, 41)
    visitor = await visit("resident")
    page = visitor.page
    await visitor.go("/notices")
    await page.get_by_role("button", name="请评价").first.click()
    await page.wait_for_url(f"{site.url}/report/{report['id']}#rating")
    await page.wait_for_load_state()  # with its scripts
    await page.check("input[name=solved][value=false]", force=True)
    await page.check("input[name=stars][value='2']", force=True)
    await page.click("#rating button[type=submit]")
    await expect(page.locator("#rating #error-words")).to_have_text("请说一说哪里还没有解决。")
    await page.evaluate(RENEW)  # something happens to the case
    await expect(page.locator("#rating #error-words")).to_have_text("请说一说哪里还没有解决。")
    await expect(page.locator("#field-words")).to_have_attribute("aria-describedby", "error-words")
    await expect(page.locator("input[name=stars][value='2']")).to_be_checked()
    await page.get_by_role("button", name="没有人来过").click()
    await expect(page.locator("#field-words")).to_have_value("没有人来过")
    await page.click("#rating button[type=submit]")
    await expect(page.locator("#rating [data-rated]")).to_contain_text("没有解决")
    await expect(page.locator(".steps [aria-current]")).to_have_text("已收到")
    await expect(page.locator(".timeline")).to_contain_text("没有人来过")
    visitor.forget("400")
