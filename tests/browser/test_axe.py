"""Every page of every role without a serious accessibility finding, in light and in dark, and whole in twice the usual type."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from gis.words import Role
from tests.browser.axe import carry_axe, grave_findings
from tests.browser.conftest import COOKIE, DESKTOP, PHONE
from tests.browser.everywhere import NOBODY, PEOPLE, linked_pages, pages_by_role
from tests.browser.running import API, Site, middle
from tests.browser.scaled import lost_in_double_type
from tests.browser.test_residents import record
from tests.extent import part_of

AT_ONCE = 3
HOUSE = "北五经街6-1号"
"""A door in the grid of the first grid worker."""
PICTURES = os.environ.get("WEIWANG_SCREENSHOTS")
"""A folder for pictures of every page, where somebody wants to look at them; CI keeps it."""
SIZES: dict[str, ViewportSize] = {"phone": PHONE, "desktop": DESKTOP}


@pytest.fixture(scope="module", autouse=True)
async def lived_in(site: Site, no_cases: None) -> None:
    """Have one of each thing that has a page of its own; links lead there."""
    [house] = [one for one in await site.buildings() if one["properties"]["label"] == HOUSE]
    lon, lat = middle(house)
    await record(site, house, "王秀兰")
    await site.report("rider111", house)
    dispute = await site.report("resident", house, category="dispute", separate=True)
    starts, today = datetime.now(UTC) + timedelta(days=2), date.today()  # noqa: DTZ011 - a day of a campaign, not a moment
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
    days = {"starts_on": str(today), "ends_on": str(today + timedelta(days=20))}
    things = {
        "visits": {"building": house["id"], "words": "一切都好"},
        "campaigns": {"id": str(uuid4()), "name": "百日大走访", "questions": "几口人？|数字", **days},
        "teams": {"name": "红骑兵一队", "kind": "riders"},
        "activities": {"title": "清理楼道", "place": "活动室", "places": 2, "hours": 1, **times},
        "musters": {"title": "排水", "people": 2, "lon": lon, "lat": lat},
        "mediations": {"case_id": dispute["case_id"]},
        "missing": {"name": "李大爷", "description": "灰帽子", "lon": lon, "lat": lat, "people": 3},
    }
    for who, wanted in (
        ("desk", things),
        ("grid01", {"rounds": {"id": str(uuid4()), "days": 30, "most": 5}}),
    ):
        async with site.client(who) as client:
            for name, body in wanted.items():
                answer = await client.post(f"{API}/{name}", json=body)
                assert answer.status_code == 201, (name, answer.text)


async def keep_pictures(page: Page, name: str, language: str) -> None:
    """Take pictures of a page that is open, in both widths, where they are wanted."""
    if not PICTURES:
        return
    usual = page.viewport_size
    await page.wait_for_load_state("load")
    for width, size in sorted(SIZES.items(), key=lambda one: one[1] != usual):
        await page.set_viewport_size(size)
        await page.screenshot(path=Path(PICTURES, f"{name}-{width}-{language}.jpg"), type="jpeg", quality=70)
    if usual:
        await page.set_viewport_size(usual)


async def opened(page: Page, url: str) -> None:
    """Open a page and wait until it shows something."""
    answer = await page.goto(url, wait_until="domcontentloaded")
    assert answer is not None and answer.ok, url  # noqa: PT018 - one thing: it was answered well
    await expect(page.locator("h1, #main").first).to_be_visible()


async def looked_at(page: Page, url: str, name: str) -> list[str]:
    """Return what is wrong with a page, in Chinese."""
    await opened(page, url)
    await keep_pictures(page, name, "zh")
    found = [*await grave_findings(page), *await lost_in_double_type(page)]
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("the page scrolls sideways")
    return found


async def looked_at_in_english(page: Page, url: str, name: str) -> list[str]:
    """Return what is lost of a page in English, whose words are longer, where pictures of it are wanted."""
    await opened(page, f"{url}?lang=en")
    await keep_pictures(page, name, "en")
    return [f"in English, {one}" for one in await lost_in_double_type(page)]


@pytest.mark.parametrize("role", PEOPLE)
async def test_nothing_keeps_anybody_out(site: Site, browser: Browser, role: Role) -> None:
    phone = role in {Role.RIDER, Role.WATCHER, Role.RESIDENT, Role.GRID_WORKER}
    token = await site.token(PEOPLE[role])
    context, english = [  # each remembers its language
        await browser.new_context(viewport=PHONE if phone else DESKTOP, locale=locale)
        for locale in ("zh-CN", "en-GB")
    ]
    for one in (context, english):
        await one.add_cookies([{"name": COOKIE, "value": token, "url": site.url}])
    await carry_axe(context)

    async def fetch(path: str) -> str:
        return await (await context.request.get(site.url + path)).text()

    paths = part_of([*pages_by_role()[role], *await linked_pages(role, fetch)])
    found: dict[str, list[str]] = {}

    async def look() -> None:
        page = await context.new_page()
        other = await english.new_page() if PICTURES else None
        while paths:
            path = paths.pop(0)
            name = f"{path.strip('/').replace('/', '-') or 'home'}-{role}"
            findings = await looked_at(page, site.url + path, name)
            if other is not None:
                findings += await looked_at_in_english(other, site.url + path, name)
            if findings:
                found[path] = findings

    await asyncio.gather(*(look() for _ in range(AT_ONCE)))
    await context.close()
    await english.close()
    assert found == {}


@pytest.mark.parametrize("path", NOBODY)
async def test_nothing_keeps_anybody_from_signing_in(site: Site, browser: Browser, path: str) -> None:
    context = await browser.new_context(viewport=PHONE, locale="zh-CN")
    page = await context.new_page()
    await page.goto(site.url + path)
    assert await grave_findings(page) == []
    await context.close()
