"""A reward is redeemed on a phone, and handed out at the desk by the code that the phone shows."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from playwright.async_api import expect

from gis.service.neighbours import neighbour_code
from tests.browser.conftest import DESKTOP, Visit
from tests.browser.running import API, Site


async def test_a_reward_is_redeemed_on_the_phone_and_handed_out_at_the_desk(site: Site, visit: Visit) -> None:
    desk = (await visit("desk", size=DESKTOP)).page
    await desk.goto(f"{site.url}/admin/rewards")
    await desk.get_by_text("添加兑换品").click()
    form = desk.locator("details[open] form[enctype]").last
    await form.locator("[name=name]").fill("鸡蛋一板")
    await form.locator("[name=name_en]").fill("Eggs")
    await form.locator("[name=points]").fill("30")
    await form.get_by_role("button", name="保存").click()
    await desk.get_by_text("鸡蛋一板").first.click()
    stock = desk.locator("form[action$='/stock']")
    await stock.locator("[name=amount]").fill("3")
    await stock.locator("[name=stock_reason]").fill("进货")
    await stock.get_by_role("button", name="记下").click()
    await expect(desk.locator("[data-notice]")).to_contain_text("库存已记下")
    await desk.goto(f"{site.url}/service/hours")
    await desk.fill("[name=occasion]", "大扫除")
    await desk.fill("[name=common]", "4")
    await desk.fill("[name=people]", "rider077")
    await desk.get_by_role("button", name="核对名单").click()
    await desk.get_by_role("button", name="登记 1 人").click()
    await expect(desk.locator("[data-notice]")).to_contain_text("时长已登记")

    rider = (await visit("rider077")).page
    await rider.goto(f"{site.url}/service")
    await expect(rider.locator("[data-balance]")).to_have_text("40")
    await rider.get_by_role("link", name="去兑换").click()
    await rider.get_by_role("button", name="用 30 分兑换").click()
    await expect(rider.locator(".code-qr svg")).to_be_visible()
    code = await rider.locator("[data-code]").inner_text()

    await desk.goto(f"{site.url}/service/counter")
    await desk.fill("[name=code]", code.lower())
    await desk.get_by_role("button", name="查看").click()
    await expect(desk.locator("[data-look=open]")).to_contain_text("鸡蛋一板")
    await desk.locator("[data-look] button[type=submit]").click()
    await expect(desk.locator("[data-notice]")).to_contain_text("已发放")
    await rider.reload()
    await expect(rider.locator("[data-redemption=handed_out]")).to_contain_text("已领取")
    await expect(rider.locator(".code-qr")).to_have_count(0)
    await desk.goto(f"{site.url}/service/books?month={datetime.now(UTC):%Y-%m}")
    await expect(desk.locator("[data-balanced]")).to_be_visible()

    async with site.client("rider078") as other:
        mine = (await other.get(f"{API}/me")).json()
    await rider.goto(f"{site.url}/service/give")
    await rider.fill("[name=to]", neighbour_code(UUID(mine["person"]["id"])))
    await rider.locator("form").filter(has_text="送给邻居").locator("[name=points]").fill("4")
    await rider.get_by_role("button", name="下一步").click()
    await rider.get_by_role("button", name="确认送出").click()
    await expect(rider.locator("[data-notice]")).to_contain_text("积分已送到")
