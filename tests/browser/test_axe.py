"""Every page of every role without a serious accessibility finding, in light and in dark."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from api.pages.admin.frame import SECTIONS
from api.pages.menu import PAGES, PATHS
from api.pages.service.frame import paths_of
from gis.words import Role
from tests.browser.axe import grave_findings
from tests.browser.conftest import COOKIE, DESKTOP, PHONE
from tests.browser.running import Site

PEOPLE = {
    Role.ADMIN: "admin",
    Role.DESK: "desk",
    Role.GRID_WORKER: "grid01",
    Role.WATCHER: "watcher002",
    Role.RIDER: "rider111",
    Role.PLANNER: "planner",
    Role.AGENCY: "water",
    Role.RESIDENT: "resident",
}
MORE = {
    Role.ADMIN: (*(f"/admin/{one}" for one in SECTIONS), "/admin/people/new", "/admin/people/import"),
    Role.DESK: ("/musters",),
    Role.RIDER: ("/notices", "/reports"),
}
AT_ONCE = 3
PICTURES = os.environ.get("WEIWANG_SCREENSHOTS")
"""A folder for pictures of every page, where somebody wants to look at them; CI keeps it."""
SIZES: dict[str, ViewportSize] = {"phone": PHONE, "desktop": DESKTOP}


def looked_at() -> dict[Role, list[str]]:
    """Return each page once, with the first role that has it, and every role's home."""
    found: defaultdict[Role, list[str]] = defaultdict(list)
    seen = set()
    for role in PEOPLE:
        for key in PAGES[role]:
            if key != "service" and (key == "home" or key not in seen):
                seen.add(key)
                found[role].append(PATHS[key])
        for path in paths_of(role):
            if path not in seen:
                seen.add(path)
                found[role].append(path)
        found[role] += MORE.get(role, ())
    return found


async def keep_pictures(page: Page, url: str, name: str) -> None:
    """Take a page's pictures in both languages and widths."""
    usual = page.viewport_size
    for language in ("en", "zh"):
        await page.goto(f"{url}?lang={language}", wait_until="load")
        for width, size in SIZES.items():
            await page.set_viewport_size(size)
            target = Path(str(PICTURES), f"{name}-{width}-{language}.jpg")
            await page.screenshot(path=target, type="jpeg", quality=70)
    if usual:
        await page.set_viewport_size(usual)


@pytest.mark.parametrize("role", PEOPLE)
async def test_nothing_keeps_anybody_out(site: Site, browser: Browser, role: Role) -> None:
    phone = role in {Role.RIDER, Role.WATCHER, Role.RESIDENT, Role.GRID_WORKER}
    context = await browser.new_context(viewport=PHONE if phone else DESKTOP, locale="zh-CN")
    await context.add_cookies([{"name": COOKIE, "value": await site.token(PEOPLE[role]), "url": site.url}])
    paths = asyncio.Queue[str]()
    for path in looked_at()[role]:
        paths.put_nowait(path)
    found: dict[str, list[str]] = {}

    async def look() -> None:
        page = await context.new_page()
        while not paths.empty():
            path = paths.get_nowait()
            answer = await page.goto(site.url + path, wait_until="domcontentloaded")
            assert answer is not None and answer.ok, path  # noqa: PT018 - one thing: it was answered well
            await expect(page.locator("h1, #main").first).to_be_visible()
            findings = await grave_findings(page)
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                findings.append("the page scrolls sideways")
            if findings:
                found[path] = findings
            if PICTURES:
                await keep_pictures(
                    page, site.url + path, f"{path.strip('/').replace('/', '-') or 'home'}-{role}"
                )

    await asyncio.gather(*(look() for _ in range(AT_ONCE)))
    await context.close()
    assert found == {}


@pytest.mark.parametrize("path", ["/login", "/login/code"])
async def test_nothing_keeps_anybody_from_signing_in(site: Site, browser: Browser, path: str) -> None:
    context = await browser.new_context(viewport=PHONE, locale="zh-CN")
    page = await context.new_page()
    await page.goto(site.url + path)
    assert await grave_findings(page) == []
    await context.close()
