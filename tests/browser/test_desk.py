"""The desk in a browser: a full day of one case, everything by keyboard, a call that is taken without the mouse."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Locator, Page, Route, expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.running import API, Site, middle
from tests.browser.test_referral import open_form, watcher_of

Photo = Callable[[int], Path]


async def at_the_desk(site: Site, visit: Visit, query: str = "view=board") -> Page:
    page = (await visit("desk", size=DESKTOP)).page
    await page.goto(f"{site.url}/desk?{query}")
    await expect(page.locator("#main[data-usable=true]")).to_be_visible()
    await expect(page.locator("#live[data-state=on]")).to_be_visible()
    return page


def card_in(page: Page, column: str, case_id: str) -> Locator:
    return page.locator(f"[data-key={column}] [data-card='{case_id}']")


async def test_everything_by_keyboard(site: Site, visit: Visit) -> None:
    buildings = await site.buildings()
    cases = [
        (await site.report("resident", buildings[one], category="tree", description="枝条"))["case_id"]
        for one in (12, 52, 92)
    ]
    page = await at_the_desk(site, visit, "view=board&category=tree")
    shown = page.locator("[data-key=open] [data-card]")
    await expect(shown).to_have_count(3)
    await page.keyboard.press("/")
    await expect(page.locator("#field-q")).to_be_focused()
    await page.keyboard.type("jxam?")  # nothing fires while somebody types
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await expect(page.locator("#field-q")).to_have_value("jxam?")
    await expect(shown).to_have_count(0)
    await page.fill("#field-q", "")
    await expect(shown).to_have_count(3)
    await page.locator("h1").click()
    await page.keyboard.press("?")
    await expect(page.locator("dialog[open]")).to_contain_text("快捷键")
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.keyboard.press("j")
    await expect(shown.nth(0).locator("a")).to_be_focused()
    await page.keyboard.press("x")
    await shown.nth(1).locator("a").focus()  # a card may be drawn anew between two keys
    await page.keyboard.press("x")
    await expect(page.locator("#chosen")).to_have_text("选中 2 件")
    await page.keyboard.press("m")
    await page.locator("dialog[open] button[type=submit]").press("Enter")
    await expect(shown).to_have_count(2)
    await page.keyboard.press("u")
    await expect(shown).to_have_count(3)
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.locator("#detail #case")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#detail")).to_be_hidden()
    await shown.nth(1).locator("a").focus()
    await page.keyboard.press("g")  # people are called together where the case is
    await expect(page).to_have_url(re.compile(r"/musters\?case=[0-9a-f-]{36}$"))
    await expect(page.locator("#call [name=case_id]")).to_have_count(1)
    async with site.client("desk") as client:
        for case_id in cases:
            assert (await client.get(f"{API}/cases/{case_id}")).json()["status"] in {"open", "offered"}
        body = {
            "act": "cancel",
            "case_ids": cases,
            "fields": {"reason": "演练"},
        }  # nobody else is asked for them
        assert (await client.post(f"{API}/cases/bulk", json=body)).json()["done"] == len(cases)


async def test_what_is_chosen_while_cards_are_fetched_stays_chosen(site: Site, visit: Visit) -> None:
    case_id = (await site.report("resident", (await site.buildings())[25], category="tree"))["case_id"]
    page = await at_the_desk(site, visit, "view=board&category=tree")
    arrived = asyncio.Event()

    async def slow(route: Route) -> None:
        answer = await route.fetch()
        await arrived.wait()
        await route.fulfill(response=answer)

    await page.route(re.compile(r"/desk\?"), slow)
    async with page.expect_request(re.compile(r"/desk\?")):
        await page.locator("#filters").dispatch_event("change")
    box = page.locator(f"[data-card='{case_id}'] input")
    await box.check()
    await box.focus()
    drawn = await box.element_handle()
    arrived.set()
    assert drawn is not None
    await drawn.wait_for_element_state("hidden")  # it is drawn anew
    await expect(box).to_be_checked()
    await expect(page.locator(f"[data-card='{case_id}'] a")).to_be_focused()
    async with site.client("desk") as client:
        answer = await client.post(f"{API}/cases/{case_id}/cancel", json={"reason": "演练"})
        assert answer.status_code == 200


async def test_an_answer_that_comes_late_is_left_aside(site: Site, visit: Visit) -> None:
    case_id = (await site.report("resident", (await site.buildings())[29], category="tree"))["case_id"]
    page = await at_the_desk(site, visit, "view=board&category=tree")
    card = page.locator(f"[data-card='{case_id}']")
    later, answered = asyncio.Event(), asyncio.Event()

    async def slow(route: Route) -> None:
        answer = await route.fetch()
        if "q=" in route.request.url:
            await later.wait()
        await route.fulfill(response=answer)
        if "q=" in route.request.url:
            answered.set()

    await page.route(re.compile(r"/desk\?"), slow)
    async with page.expect_request(re.compile(r"/desk\?.*q=")):
        await page.fill("#field-q", "别处")
    async with page.expect_response(re.compile(r"/desk\?(?!.*q=)")):
        await page.fill("#field-q", "")
    later.set()
    await answered.wait()
    await page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    await expect(card).to_be_visible()
    async with site.client("desk") as client:
        answer = await client.post(f"{API}/cases/{case_id}/cancel", json={"reason": "演练"})
        assert answer.status_code == 200


async def test_a_full_day_of_one_case(site: Site, visit: Visit, photo: Photo) -> None:
    building = (await site.buildings())[33]
    desk = await at_the_desk(site, visit)
    filed = await site.report("rider031", building, category="rubbish", description="垃圾堆到路上")
    case_id = filed["case_id"]
    await expect(card_in(desk, "open", case_id)).to_be_visible()  # nobody is on duty yet
    username = await watcher_of(site, case_id)
    watcher = (await visit(username, at=middle(building))).page
    await take_and_give_back(site, watcher, desk, case_id)
    await refer_from_the_grid(site, visit, case_id)
    await expect(card_in(desk, "referred", case_id)).to_be_visible()
    await take_and_return(site, visit, desk, case_id)
    await assign_by_keyboard(desk, case_id, username)
    await finish(site, watcher, case_id, photo(41))
    await expect(card_in(desk, "done", case_id)).to_be_visible()
    await close(desk, case_id)
    await desk.locator("#toasts .acting button").click()  # taken back
    await expect(card_in(desk, "done", case_id)).to_be_visible()
    await close(desk, case_id)
    async with site.client("desk") as client:
        found = (await client.get(f"{API}/cases/{case_id}")).json()
    assert (found["status"], bool(found["service"])) == ("closed", True)
    verbs = [one["verb"] for one in found["timeline"]]
    wanted = ["release", "refer", "return", "done", "verify", "undo", "verify"]
    assert [one for one in verbs if one in wanted] == wanted


async def take_and_give_back(site: Site, watcher: Page, desk: Page, case_id: str) -> None:
    """Take the case as its watcher, be there, and give it back."""
    await watcher.goto(f"{site.url}/tasks")
    await watcher.click("button[role=switch]")
    await watcher.locator(f"form[action='/cases/{case_id}/accept'] button").first.click()
    await expect(card_in(desk, "in_hand", case_id)).to_be_visible()  # the card moves while one looks at it
    task = watcher.locator(f"[data-task='{case_id}']")
    arrive = task.locator(f"form[action='/cases/{case_id}/arrive'] button")
    await arrive.click()
    await expect(arrive).to_have_count(0)
    await task.locator("details[data-verb=release] summary").click()
    await task.get_by_role("button", name="确定：退回任务").click()
    await expect(card_in(desk, "in_hand", case_id)).to_have_count(0)


async def refer_from_the_grid(site: Site, visit: Visit, case_id: str) -> None:
    """Refer it to the sanitation office as the grid worker."""
    async with site.client("desk") as client:
        grid = (await client.get(f"{API}/cases/{case_id}")).json()["place"]["grid"]["code"]
    worker = (await visit(f"grid{grid}", size=DESKTOP)).page
    await worker.goto(f"{site.url}/cases/{case_id}")
    await open_form(worker, "refer")
    await worker.select_option("select[name=agency]", "sanitation")
    await worker.locator("details[data-verb=refer] textarea").fill("要用车拉")
    await worker.get_by_role("button", name="确定：转办").click()


async def take_and_return(site: Site, visit: Visit, desk: Page, case_id: str) -> None:
    """Take it as the agency, after a deadline that is too far off was refused, and return it."""
    visitor = await visit("sanitation")
    agency = visitor.page
    await agency.goto(f"{site.url}/agency")
    inbox = agency.locator(f"[data-referral][data-case='{case_id}']")
    await inbox.locator("[name=expected_at]").fill("2036-01-01T10:00")
    await inbox.get_by_role("button", name="接收", exact=True).click()
    await expect(agency.locator("#toasts")).to_contain_text("一年")
    visitor.forget("400")
    await inbox.locator("[name=expected_at]").fill("")
    await inbox.get_by_role("button", name="接收", exact=True).click()
    await expect(card_in(desk, "in_hand", case_id)).to_contain_text("环卫")
    await inbox.locator("details[data-verb=return] summary").click()
    await inbox.locator("details[data-verb=return] [name=reason]").fill("不属于我单位职责")
    await inbox.get_by_role("button", name="确定：退回社区").click()
    waiting = desk.locator(f"[data-card='{case_id}']:is([data-column=open], [data-column=offered])")
    await expect(waiting).to_be_visible()


async def assign_by_keyboard(desk: Page, case_id: str, username: str) -> None:
    """Name who is to be asked."""
    await desk.locator(f"[data-case='{case_id}']").focus()
    await desk.keyboard.press("a")
    named = desk.locator("dialog[open] [name=to]")
    await named.fill(username)
    await named.press("Enter")
    await expect(desk.locator("#toasts")).to_contain_text("已指派")


async def finish(site: Site, watcher: Page, case_id: str, after: Path) -> None:
    """Take what was assigned, and do it."""
    await watcher.goto(f"{site.url}/tasks")
    await watcher.locator(f"form[action^='/cases/{case_id}/accept'] button").first.click()
    task = watcher.locator(f"[data-task='{case_id}']")
    await task.locator("details[data-verb=done] summary").click()
    await task.locator("details[data-verb=done] input[type=file]").set_input_files(after)
    await task.get_by_role("button", name="确定：办完了").click()


async def close(desk: Page, case_id: str) -> None:
    """Verify it by keyboard."""
    await desk.locator(f"[data-case='{case_id}']").focus()
    await desk.keyboard.press("x")
    await desk.keyboard.press("v")
    await desk.locator("dialog[open] button[type=submit]").click()
    await expect(card_in(desk, "done", case_id)).to_have_count(0)


async def test_a_call_is_taken_without_the_mouse(site: Site, visit: Visit) -> None:
    visitor = await visit("desk", size=DESKTOP)
    page = visitor.page
    await page.goto(f"{site.url}/desk/call")
    await expect(page.locator("#call[data-usable=true]")).to_be_visible()
    await page.keyboard.type("八经街46")
    await expect(page.locator("#field-address-found li").first).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.locator("#place-now")).to_contain_text("八经街46号")
    await page.keyboard.type("2单元")
    await page.keyboard.press("Tab")
    await page.keyboard.type("zaosheng")
    await page.keyboard.press("Enter")
    await expect(page.locator("#kind-noise")).to_be_checked()
    await page.keyboard.type("半夜装修")
    await expect(page.locator("#draft-state")).to_contain_text("草稿")
    await page.reload()  # the draft is still there
    await expect(page.locator("#field-words")).to_have_value("半夜装修")
    await expect(page.locator("#kind-noise")).to_be_checked()
    await page.locator("#field-words").focus()
    await page.keyboard.press("Control+Enter")
    sent = page.locator("#sent")
    await expect(sent).to_contain_text("八经街46号", timeout=15_000)
    await expect(page.locator("#field-words")).to_have_value("")
    await page.reload()
    await expect(page.locator("#field-words")).to_have_value("")


async def test_the_map_fills_the_room_that_it_gets_until_somebody_moves_it(site: Site, visit: Visit) -> None:
    page = await at_the_desk(site, visit)
    scale = page.locator(".leaflet-control-scale-line")
    narrow = await scale.inner_text()
    await page.click("#view-switch [data-view=list]")
    await expect(scale).not_to_have_text(narrow)
    await page.click(".leaflet-control-zoom-out")
    await expect(scale).to_have_text("100 m")
    await page.set_viewport_size({"width": 1200, "height": 700})
    await page.wait_for_timeout(300)
    await expect(scale).to_have_text("100 m")
    await page.click("#view-switch [data-view=board]")  # as it is kept for who comes next
