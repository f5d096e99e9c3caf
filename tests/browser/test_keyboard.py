"""Reporting and the watch log without a pointer: each stop is seen, nothing is left out, nothing holds the focus."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page, expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.running import Site

MOST = 120
WAITS = 20
STOP = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const around = [one, one.nextElementSibling, one.closest("label"), one.closest(".button, .chip, .desk-card")].filter(Boolean);
    const ring = around.some((it) => getComputedStyle(it).outlineStyle !== "none" && parseFloat(getComputedStyle(it).outlineWidth) >= 2);
    const shown = one.closest("label") ?? one;
    const box = shown.getBoundingClientRect();
    const over = (part) => document.elementFromPoint(box.x + box.width * part, Math.min(box.y + box.height / 2, innerHeight - 1));
    const seen = [0.1, 0.5, 0.9].map(over).some((at) => at && (shown.contains(at) || at.contains(shown))); // strips of links scroll by a part
    one.dataset.stop ??= String(document.querySelectorAll("[data-stop]").length + 1);
    return { n: one.dataset.stop, name: one.id || one.name || one.textContent.trim().slice(0, 20) || one.localName, ring, seen };
}"""


async def stop_of(page: Page) -> Any:
    """Return where the focus is, None where it has left the page; it is waited for until it is in sight."""
    for _ in range(WAITS):
        stop = await page.evaluate(STOP)
        if stop is None or (stop["ring"] and stop["seen"]):
            return stop
        await page.wait_for_timeout(100)
    return stop


async def stops(page: Page, key: str = "Tab") -> list[dict[str, Any]]:
    """Press a key until the focus has left the page, and return where it was."""
    found: list[dict[str, Any]] = []
    for _ in range(MOST):
        await page.keyboard.press(key)
        stop = await stop_of(page)
        if stop is None or stop["n"] in {one["n"] for one in found}:
            return found
        found.append(stop)
    raise AssertionError(f"the focus never leaves: {found[-5:]}")


def wrong(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return stops that nobody sees."""
    return [one for one in found if not (one["ring"] and one["seen"])]


async def test_a_report_without_a_pointer(site: Site, visit: Visit) -> None:
    page = (await visit("rider075", at=(123.4153, 41.789), size=DESKTOP)).page
    await page.goto(f"{site.url}/report")
    await expect(page.locator("#fix-state")).to_contain_text("误差约")
    await expect(page.locator("#doors button, #doors select, #doors input").first).to_be_visible()
    forward = await stops(page)
    assert wrong(forward) == []
    names = [one["name"] for one in forward]
    wanted = ["camera", "gallery", "category", "locate-again", "open-map", "address", "field-detail", "field-description", "send"]  # fmt: skip
    assert [one for one in names if one in wanted] == wanted
    await page.focus("#send")
    assert wrong(await stops(page, "Shift+Tab")) == []
    await page.focus("input[name=category]")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("input[name=category]:checked")).to_have_count(1)
    await page.focus("#address")
    await page.keyboard.type("bajing")
    await expect(page.locator(".found li").first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator(".found li").first).to_be_hidden()
    await page.focus("#send")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{site.url}/report/*-*")


async def test_an_entry_of_the_watch_log_without_a_pointer(site: Site, visit: Visit) -> None:
    visitor = await visit("grid06")
    page = visitor.page
    await visitor.go("/visits")
    forward = await stops(page)
    assert wrong(forward) == []
    names = [one["name"] for one in forward]
    wanted = ["building", "field-flat", "kind-look", "field-words", "photo"]
    assert [one for one in names if one in wanted] == wanted
    await page.focus("#building")
    await page.keyboard.press("ArrowDown")
    await page.focus("[name=kind]")
    await page.keyboard.press("Space")
    await page.focus("#field-words")
    await page.keyboard.type("一切都好")
    await page.focus("#entry button[type=submit]")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-notice]")).to_contain_text("记下了")
