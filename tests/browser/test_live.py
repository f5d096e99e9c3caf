"""Streams of events: a page that nobody looks at gives its own back, one that must ring keeps it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.running import Site

WATCHED = """(() => {
    const Own = window.EventSource;
    window.streams = [];
    window.EventSource = class extends Own {
        constructor(...given) { super(...given); window.streams.push(this); }
    };
    let hidden = false;
    Object.defineProperty(document, "hidden", { get: () => hidden });
    window.turn = (away) => { hidden = away; document.dispatchEvent(new Event("visibilitychange")); };
})()"""
"""Streams are kept where a test can see them, and somebody may look away."""
STATES = "streams.map((one) => one.readyState)"
OPEN, CLOSED = 1, 2
ALMOST_MS, MORE_MS = 59_000, 2_000


@pytest.mark.parametrize(
    ("username", "path", "keeps"), [("watcher020", "/map", False), ("desk", "/desk", True)]
)
async def test_a_hidden_page_gives_its_stream_back(
    site: Site, visit: Visit, username: str, path: str, *, keeps: bool
) -> None:
    page = (await visit(username, size=DESKTOP)).page
    await page.add_init_script(WATCHED)
    await page.clock.install()
    await page.goto(site.url + path)
    await expect(page.locator("#live")).to_have_attribute("data-state", "on")
    await page.evaluate("turn(true)")
    await page.clock.run_for(ALMOST_MS)
    assert await page.evaluate(STATES) == [OPEN]
    await page.clock.run_for(MORE_MS)
    assert await page.evaluate(STATES) == [OPEN if keeps else CLOSED]
    await page.evaluate("turn(false)")
    await page.wait_for_function("(open) => streams.at(-1).readyState === open", arg=OPEN)
    assert len(await page.evaluate(STATES)) == (1 if keeps else 2)
