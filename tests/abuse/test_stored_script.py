"""What people typed stays text: every page of every role, in a real browser, in a world whose every word is markup."""

import re
from collections import Counter
from collections.abc import AsyncIterator

import psycopg
import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

from gis.clock import SettableClock
from gis.settings import Settings
from tests.abuse.access import routes_of
from tests.abuse.figures import long_form, tell
from tests.abuse.typed import everywhere, more
from tests.abuse.wire import listening
from tests.abuse.world import EAST, WEST, Drawer, World
from tests.browser.conftest import COOKIE, DESKTOP, browser
from tests.extent import WHOLE
from tests.factories import Community
from tests.http.conftest import API, Service, running

__all__ = ["browser"]
pytestmark = pytest.mark.browser
PAYLOADS = {WEST: "\"><img src=x onerror=xss()>'{{7*7}}", EAST: "</script><svg onload=xss()>${7*7}"}
LEFT = re.compile(r"\.(xlsx|pdf|csv|json|mvt|webmanifest)$|^/(api|tiles|ogc|open311|static|docs|openapi)|^/(sw\.js|metrics|readyz|healthz|branding|offline)")  # fmt: skip
FOUND = """() => [...document.querySelectorAll('img[src="x"], svg[onload], [onerror], [onload]')].map(one => one.outerHTML)"""
TYPED = re.compile(r"(onerror|onload)=xss\(\)")
"""What was typed; names of people, which every page shows to themselves, are another markup."""
FETCHING = {
    "/map",
    "/desk",
    "/tasks",
    "/planner",
    "/planner/heat",
    "/planner/heatmap",
    "/grids",
    "/report",
    "/musters",
}
"""Pages that fetch what they show."""
ROLES = ("desk", "admin", "planner", "grid01", "watcher01-01", "rider1", "water", "resident")
LISTED = "a.item, li > button, summary, [data-case], .leaflet-interactive, tr[tabindex]"
ALTERED = (
    "UPDATE building SET name = %(w)s", "UPDATE area SET name = %(w)s WHERE level <> 'community'", "UPDATE person SET name = '<img src=x onerror=xss(2)>'",
    "UPDATE street_segment SET name = %(w)s", "UPDATE agency SET name = %(w)s", "UPDATE station SET name = %(w)s",
    "UPDATE building SET street = %(w)s",
)  # fmt: skip


@pytest.fixture
async def site(
    settings: Settings, database_url: str, community: Community, clock: SettableClock
) -> AsyncIterator[tuple[Service, World, int]]:
    """Give a service whose every word is markup, on a socket."""
    quiet = settings.model_copy(update={"run_jobs": False})
    async with running(quiet, database_url, community, clock) as service:
        drawer = Drawer(service, dict(PAYLOADS))
        world = await drawer.draw(database_url)
        if long_form():
            await more(drawer)
            held = everywhere(database_url, PAYLOADS[WEST])
            tell("columns of free text with markup", columns=len(held))
            assert len(held) > 60, held
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
            for statement in ALTERED:
                await connection.execute(statement, {"w": PAYLOADS[WEST]})
            await connection.execute("UPDATE community SET network_version = network_version + 1")
    async with running(quiet, database_url, community, clock) as service, listening(service.app) as port:
        yield service, world, port


async def pages_of(service: Service, world: World) -> dict[str, list[str]]:
    """Return each page that shows something typed, or fetches it, by the first role that has it."""
    found: dict[str, list[str]] = {role: [] for role in ROLES}
    seen: Counter[str] = Counter()
    for role in ROLES:
        client = await service.person(role)
        for route in routes_of(service.app):
            if (
                route.method != "GET"
                or LEFT.search(route.path)
                or seen[route.path] >= (3 if route.path in {"/", "/map", "/tasks"} else 1)
            ):
                continue
            if not long_form() and route.path not in FETCHING and len(route.path) % (3 if WHOLE else 9):
                continue  # a part of the pages, always the same
            path = route.at(world.ids[WEST])
            answer = await client.get(path, headers={"Accept": "text/html"})
            assert answer.status_code < 500, path
            typed = route.path in FETCHING or TYPED.search(answer.text)
            if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html") and typed:
                seen[route.path] += 1
                found[role].append(path)
    return found


async def look(page: Page, url: str, path: str) -> list[str]:
    """Open a page, and what it opens at a tap, and return what of the markup became part of it."""
    await page.goto(url + path, wait_until="load")
    await page.wait_for_timeout(60)
    for one in (
        (await page.locator(LISTED).all())[:2] if path in {"/map", "/desk", "/tasks", "/planner"} else []
    ):
        if await one.is_visible() and not await one.get_attribute("href"):
            await one.click(timeout=1000, no_wait_after=True)
    return [f"{path}: {found}" for frame in page.frames for found in await frame.evaluate(FOUND)]


async def visit(context: BrowserContext, url: str, paths: list[str]) -> list[str]:
    """Return what went wrong on pages."""
    page, wrong = await context.new_page(), []

    def said(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Refused to" in message.text:
            wrong.append(f"{page.url}: {message.text[:200]}")

    page.on("console", said)
    page.on(
        "request",
        lambda asked: (
            wrong.append(f"{page.url}: asked for {asked.url}") if asked.url.endswith("/x") else None
        ),
    )
    page.on("dialog", lambda _: wrong.append(f"{page.url}: a dialogue"))
    await page.expose_function("xss", lambda: wrong.append(f"{page.url}: a payload ran"))
    for path in paths:
        wrong += await look(page, url, path)
    await page.close()
    return wrong


async def test_no_page_runs_what_people_typed(site: tuple[Service, World, int], browser: Browser) -> None:
    service, world, port = site
    url, wrong, looked_at = f"http://127.0.0.1:{port}", [], 0
    for role, paths in (await pages_of(service, world)).items():
        context = await browser.new_context(viewport=DESKTOP, service_workers="block")
        token = (await service.person(role)).headers["Authorization"].removeprefix("Bearer ")
        await context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
        wrong += await visit(context, url, paths)
        looked_at += len(paths)
        await context.close()
    tell("pages with markup for words", pages=looked_at, wrong=len(wrong))
    assert looked_at > (60 if long_form() else 20)
    assert "\n".join(dict.fromkeys(wrong)) == ""
    assert (await (await service.person("desk")).get(f"{API}/cases")).json()["total"] >= 4
