"""A resident orders a meal in a few taps, a rider takes it, sees the private note, and does it."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.running import Site, middle
from tests.browser.test_loop import go_on_duty


async def test_a_meal_is_ordered_taken_and_brought(site: Site, visit: Visit) -> None:
    house = (await site.buildings())[60]
    lon, lat = middle(house)
    rider = (await visit("rider045", at=(lon + 0.0003, lat))).page
    await go_on_duty(site, rider)
    resident = (await visit("resident")).page
    await resident.goto(site.url)
    await resident.get_by_role("navigation").get_by_role("link", name="点单").click()
    await resident.check("[name=category][value=meal_delivery]")
    await resident.check("[name=day][value='0']")
    now = await resident.evaluate(
        "() => { const at = (m) => new Date(Date.now() + m * 60000)"
        ".toLocaleTimeString('sv', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' });"
        " return [at(0), at(30)]; }"
    )
    await resident.fill("[name=from]", now[0])
    await resident.fill("[name=to]", now[1])
    await expect(resident.locator("[name=hours][value=other]")).to_be_checked()
    await resident.select_option("[name=building]", str(house["id"]))
    await resident.fill("[name=floor]", "6")
    await resident.fill("[name=flat]", "602")
    await resident.fill("[name=note]", "门铃坏了，请敲门")
    await resident.get_by_role("button", name="下单").click()
    await expect(resident.locator("[data-order]")).to_contain_text("派单中")
    await expect(rider.locator("[data-offer]")).to_be_visible()
    await expect(rider.locator("[data-offer] [data-window]")).to_be_visible()
    await expect(rider.locator("[data-offer]")).not_to_contain_text("门铃")
    await rider.locator("[data-offer]").get_by_role("button", name="接单").click()
    task = rider.locator("[data-task]")
    await expect(task.locator("[data-private]")).to_contain_text("门铃坏了")
    await expect(task).to_contain_text("602")
    await task.get_by_role("button", name="我到了").click()
    await expect(rider.locator("[data-task][data-status=on_site]")).to_be_visible()
    await task.get_by_text("办完了").first.click()
    await task.locator("form[action$='/done'] button[type=submit]").click()
    await expect(rider.locator("[data-task]")).to_have_count(0)
    await resident.reload()
    await expect(resident.locator("[data-order]")).to_contain_text("待核验")
