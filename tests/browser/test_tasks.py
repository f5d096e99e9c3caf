"""A task on a phone: the way to it on the whole screen, and work that is done where there is no network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit, Visitor
from tests.browser.running import API, Site, middle
from tests.browser.test_queue import BROKEN

Photo = Callable[[int], Path]


async def with_a_task(
    site: Site, visit: Visit, username: str, nth: int, category: str
) -> tuple[Visitor, str]:
    """Open the tasks of somebody on duty near a building, with a case there in hand."""
    building = (await site.buildings())[nth]
    lon, lat = middle(building)
    at = (lon + 0.0004, lat + 0.0003)
    async with site.client(username) as client:
        assert (await client.put(f"{API}/me/duty", json={"on": True})).status_code == 200
        told = await client.put(f"{API}/me/position", json={"lon": at[0], "lat": at[1]})
        assert told.status_code == 204, told.text
        case_id = (await site.report("resident", building, category=category))["case_id"]
        accepted = await client.post(f"{API}/cases/{case_id}/accept")
        assert accepted.status_code == 200, accepted.text
    visitor = await visit(username, at=at)
    await visitor.go("/tasks")
    await expect(visitor.page.locator(f"[data-task='{case_id}']")).to_have_attribute(
        "data-status", "accepted"
    )
    return visitor, case_id


async def off_duty(site: Site, page: Page, username: str) -> None:
    """Leave the page first: it would go on asking for the way to what is nobody's any more."""
    await page.goto("about:blank")
    async with site.client(username) as client:
        await client.put(f"{API}/me/duty", json={"on": False, "tasks": "release"})


async def hand_in(page: Page, case_id: str, photo: Path) -> None:
    """Say that the task is done, with a photo."""
    task = page.locator(f"[data-task='{case_id}']")
    await task.locator("details[data-verb=done] summary").click()
    await task.locator("details[data-verb=done] input[type=file]").set_input_files(photo)
    await task.locator("details[data-verb=done] textarea[name=note]").fill("地下室的灯换好了")
    await task.get_by_role("button", name="确定：办完了").click()


async def test_the_way_on_the_whole_screen(site: Site, visit: Visit) -> None:
    visitor, case_id = await with_a_task(site, visit, "rider057", 55, "street_lamp")
    page = visitor.page
    await page.click(f"[data-navigate='{case_id}']")
    way = page.locator("dialog.navigate")
    await expect(way.locator(".map[data-ready=true]")).to_be_visible()
    await expect(way.locator(".navigate-left")).to_contain_text("还有")
    place = page.locator(f"[data-task='{case_id}'] .map")
    there = [float(await place.get_attribute(f"data-{name}") or 0) for name in ("lon", "lat")]
    await page.context.set_geolocation({"longitude": there[0], "latitude": there[1], "accuracy": 5})
    await expect(way.locator(".navigate-left")).to_contain_text("快到了")
    await way.get_by_role("button", name="我到了").click()
    await expect(page.locator(f"[data-task='{case_id}']")).to_have_attribute("data-status", "on_site")
    await expect(way).to_have_count(0)
    # what is switched off stays off
    sound = page.locator("[data-switch=sound]")
    await sound.click()
    await page.locator("[data-switch=position]").click()
    await page.reload()
    await expect(sound).to_have_attribute("aria-pressed", "false")
    await expect(page.locator("#position-state")).to_contain_text("已停止发送")
    await off_duty(site, page, "rider057")


async def test_done_without_a_network(site: Site, visit: Visit, photo: Photo) -> None:
    visitor, case_id = await with_a_task(site, visit, "rider058", 60, "street_lamp")
    page = visitor.page
    await page.context.set_offline(True)
    await hand_in(page, case_id, photo(71))
    kept = page.locator(f"[data-finished='{case_id}']")
    await expect(kept).to_contain_text("1 张照片存在这台手机里")
    await page.context.set_offline(False)
    await expect(page.locator("#toasts")).to_contain_text("等待核验")
    await expect(kept).to_have_count(0)
    await expect(page.locator(f"[data-task='{case_id}']")).to_have_count(0)
    async with site.client("desk") as client:
        found = (await client.get(f"{API}/cases/{case_id}")).json()
    assert (found["status"], [one["kind"] for one in found["photos"]]) == ("done", ["after"])
    for part in BROKEN:
        visitor.forget(part)
    await off_duty(site, page, "rider058")
