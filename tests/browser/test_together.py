"""What people do together: an activity from its announcement to the hours, a mediation, the handbook without a network."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Page, expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.running import Site
from tests.browser.test_offline import forget_breaks, until

SHENYANG = ZoneInfo("Asia/Shanghai")
HANDBOOK = "caches.match('/handbook', {cacheName: 'weiwang-private', ignoreVary: true}).then(Boolean)"


def local(minutes: int) -> str:
    """Return a time as its field takes it, so many minutes ahead by the community's clock."""
    return (datetime.now(UTC) + timedelta(minutes=minutes)).astimezone(SHENYANG).strftime("%Y-%m-%dT%H:%M")


async def narrow(page: Page) -> None:
    """See that nothing sticks out of the window."""
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


async def test_an_activity_from_the_form_to_the_hours(site: Site, visit: Visit) -> None:
    desk = (await visit("desk", size=DESKTOP)).page
    await desk.goto(site.url + "/activities")
    form = desk.locator("#new-activity")
    if not await form.locator("[name=title]").is_visible():
        await desk.get_by_text("发布活动").first.click()
    await form.locator("[name=title]").fill("清理楼道杂物")
    await form.locator("[name=place]").fill("八经街活动室")
    await form.locator("[name=starts_at]").fill(local(12))
    await form.locator("[name=ends_at]").fill(local(132))
    await form.locator("[name=places]").fill("1")
    await form.locator("[name=hours]").fill("1.5")
    await form.get_by_role("button", name="发布").click()
    await expect(desk.locator("[data-notice]")).to_contain_text("活动已发布")
    page = desk.url.partition("?")[0]
    rider, visitor = (await visit("rider071")).page, await visit("rider072")
    late = visitor.page
    for one, text in ((rider, "已报名"), (late, "前面 0 人")):
        await one.goto(page)
        await narrow(one)
        await one.locator("form[action$='/sign_up'] button").click()
        await expect(one.locator("[data-activity]")).to_contain_text(text)
    await desk.reload()
    await desk.get_by_role("link", name="打开签到屏幕").click()
    await expect(desk.locator(".attendance-code svg")).to_be_visible()
    code = await desk.locator("[data-code]").inner_text()
    await rider.goto(f"{page}?code={code}")
    await rider.get_by_role("button", name="我到了").click()
    await expect(rider.locator("[data-activity]")).to_contain_text("已签到")
    await late.goto(f"{page}?code={code}")
    await late.get_by_role("button", name="我到了").click()
    await expect(late.locator("[data-problem]")).to_contain_text("名额已满")
    visitor.forget("409")
    await desk.goto(page)
    await expect(desk.locator("[data-guest]").first).to_contain_text("1.5 小时")
    await rider.goto(site.url + "/service")
    await expect(rider.locator("main")).to_contain_text("15")


async def test_a_dispute_is_mediated(site: Site, visit: Visit) -> None:
    filed = await site.report(
        "resident", (await site.buildings())[33], category="dispute", description="车位争执"
    )
    desk = (await visit("desk", size=DESKTOP)).page
    await desk.goto(site.url + "/mediation")
    await desk.locator(f"[data-waiting='{filed['case_id']}'] button").click()
    await expect(desk.locator("[data-notice]")).to_contain_text("只有您和调解员")
    mediator = desk.locator("select[name=mediator]")
    await mediator.select_option(index=0)
    await desk.get_by_role("button", name="请这位调解").click()
    await expect(desk.locator("main")).not_to_contain_text("还没有调解员")
    party = desk.locator("form[action$='/parties']").last
    await party.locator("[name=name]").fill("演示当事人")
    await party.locator("[name=words]").fill("希望车位轮着停")
    await party.get_by_role("button", name="保存").click()
    await expect(desk.locator("[data-party]")).to_contain_text("演示当事人")
    await desk.fill("#agreement-words", "单双日轮流停车")
    await desk.get_by_role("button", name="保存协议").click()
    await expect(desk.locator("[data-agreement]")).to_contain_text("单双日轮流停车")
    await desk.goto(f"{site.url}/cases/{filed['case_id']}")
    await expect(desk.locator("main")).not_to_contain_text("演示当事人")
    phone = await visit("desk")
    await phone.go(f"/mediation/{filed['case_id']}")
    await narrow(phone.page)
    other = await visit("grid01")
    await other.go(f"/mediation/{filed['case_id']}")
    await expect(other.page.locator("main")).to_contain_text("没有这件调解")
    other.forget("404")


async def test_the_handbook_opens_without_a_network(site: Site, visit: Visit) -> None:
    visitor = await visit("watcher077")
    page = visitor.page
    await visitor.go("/handbook")
    await narrow(page)
    await page.fill("#q", "阀门 燃气")
    await expect(page.locator("[data-article]:visible")).to_have_count(1)
    await page.fill("#q", "")
    await until(page, HANDBOOK)
    await page.context.set_offline(True)
    await visitor.go("/handbook")
    await page.fill("#q", "燃气味")
    shown = page.locator("[data-article]:visible")
    await expect(shown).to_have_count(1)
    await shown.locator("summary").click()
    await expect(shown).to_contain_text(re.compile("马上关掉灶具"))
    await page.context.set_offline(False)
    forget_breaks(visitor)
