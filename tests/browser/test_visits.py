"""A watcher notes a look in a few taps and hands a problem on; behind doors without a network nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.running import API, Site, middle
from tests.browser.test_offline import until


async def test_an_entry_in_a_few_taps_and_a_problem_handed_on(site: Site, visit: Visit) -> None:
    visitor = await visit("grid03")
    page = visitor.page
    await visitor.go("/visits")
    await page.select_option("[name=building]", index=3)
    await page.check("[name=kind][value=check]")
    await page.get_by_text("检查表").first.click()
    await page.get_by_label("灭火器在位，压力正常").check()
    await page.get_by_role("button", name="记下").click()
    await expect(page.locator("[data-notice]")).to_contain_text("记下了")
    await page.get_by_role("button", name="转成案件").click()
    await expect(page.locator("[data-finding] .badge").first).to_contain_text("转办")
    await page.get_by_role("link", name="查看案件").click()
    await expect(page.locator("[data-found-on]")).to_contain_text("走访时发现的问题")


async def test_the_log_opens_and_is_written_without_a_network(
    site: Site, visit: Visit, photo: Callable[[int], Path]
) -> None:
    visitor = await visit("watcher017")
    page = visitor.page
    await visitor.go("/visits")
    await until(page, "caches.match('/visits', {cacheName: 'weiwang-private'}).then(Boolean)")
    await page.context.set_offline(True)
    await visitor.go("/visits")
    await expect(page.locator("#kept-note")).to_contain_text("没有网络：这是")
    for flat in ("2-501", "2-502"):
        await page.select_option("[name=building]", index=1)
        await page.fill("[name=flat]", flat)
        await page.set_input_files("[name=photo]", photo(17))
        await page.get_by_role("button", name="记下").click()
        await expect(page.locator("#kept")).to_contain_text(f"{flat}：已存在这台手机里")
    await expect(page.locator("[name=flat]")).to_have_value("")
    await visitor.go("/visits")  # killed in between
    await expect(page.locator("#kept .kept-work")).to_have_count(2)
    await page.context.set_offline(False)
    await expect(page.locator("#kept .kept-work")).to_have_count(0)
    async with site.client("watcher017") as client:
        found = (await client.get(f"{API}/visits?mine=true")).json()["items"]
    assert sorted((one["flat"], len(one["photos"])) for one in found) == [("2-501", 1), ("2-502", 1)]
    visitor.forget("ERR_INTERNET_DISCONNECTED")


async def test_a_round_is_ticked_off_without_a_network(site: Site, visit: Visit) -> None:
    lon, lat = middle((await site.buildings())[60])
    visitor = await visit("grid05", at=(lon, lat))
    page = visitor.page
    await visitor.go("/visits/rounds")
    await page.get_by_role("button", name="排一条路线").click()
    await expect(page.locator("#round-map .map[data-ready]")).to_be_visible()
    await expect(page.locator(".stop-mark")).to_have_count(await page.locator("[data-stop]").count())
    await page.context.set_offline(True)
    first = page.locator("[data-stop='1']")
    await first.get_by_role("button", name="走访了").click()
    await expect(first.locator(".kept-work")).to_contain_text("已存在这台手机里")
    await expect(first.locator("[data-badge]")).to_have_text("已走访")
    await page.context.set_offline(False)
    await expect(first.locator("a", has_text="走访记录")).to_be_visible()
    await page.locator("[data-stop='2']").get_by_role("button", name="没人在家").click()
    await expect(page.locator("[data-stop='2']").get_by_role("button", name="再去一次")).to_be_visible()
    visitor.forget("ERR_INTERNET_DISCONNECTED")
