"""A browser over the real service, in which every page is watched: nothing from outside, no error, no policy broken."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    ViewportSize,
    async_playwright,
    expect,
)

from api.printing import browser as chromium
from gis.flows.seed_people import PASSWORD
from tests import server
from tests.browser.running import Site, demo_site

CHROMIUM = chromium() or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PHONE: ViewportSize = {"width": 360, "height": 780}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
expect.set_options(timeout=20_000)  # what is waited for comes at once, but not on a machine with other work
COOKIE = "weiwang_session"
HARMLESS = ("willReadFrequently",)  # a hint on speed from the heat plugin
DROPPED = "net::ERR_NETWORK_CHANGED"
"""Tests with hosts of their own give the machine other networks meanwhile: Chromium drops what it loads, and a page may stand
there without one of its scripts."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
async def site(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """Give the service with the demo community; tests share it, each at places and with people of its own."""
    with server.new_database(f"{worker_id}_browser") as url:
        async with demo_site(url, tmp_path_factory.mktemp("state")) as found:
            yield found


@pytest.fixture(scope="module", autouse=True)
async def no_cases(site: Site) -> None:
    """Clear away what other files filed: their open cases would be offered to whoever goes on duty here."""
    await site.execute(
        'TRUNCATE "case" CASCADE',
        "UPDATE account SET balance = 0",  # hours and points went with the cases
        "UPDATE responder SET live_load = 0, on_duty = false, geom = NULL",
    )


@pytest.fixture(scope="package")
async def browser() -> AsyncIterator[Browser]:
    """Give one browser for all tests."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        await started.close()


@dataclass
class Visitor:
    """Somebody at a page, and what went wrong there."""

    page: Page
    site: Site
    troubles: list[str] = field(default_factory=list)
    dropped: bool = False

    def watch(self) -> None:
        """Note requests to anywhere else, errors and broken policies."""
        self.page.on("request", self._request)
        self.page.on("console", self._console)
        self.page.on("pageerror", self._error)

    async def go(self, path: str) -> None:
        """Open a page of the service."""
        await self.page.goto(self.site.url + path)

    async def come_as(self, username: str) -> None:
        """Be signed in, without the form."""
        token = await self.site.token(username)
        await self.page.context.add_cookies([{"name": COOKIE, "value": token, "url": self.site.url}])

    async def sign_in(self, username: str) -> None:
        """Sign in by the form."""
        await self.go("/login")
        await self.page.fill("[name=username]", username)
        await self.page.fill("[name=password]", PASSWORD)
        await self.page.click("main form[action='/login'] button[type=submit]")
        await self.page.wait_for_url(self.site.url + "/")

    async def kept(self, words: str) -> None:
        """Wait until what was typed is kept on the phone."""
        looked_for = """(words) => [localStorage, sessionStorage].some((kept) => Object.entries(kept)
            .some(([name, value]) => name.startsWith("weiwang-form") && value.includes(words)))"""
        await self.page.wait_for_function(looked_for, arg=words)

    def forget(self, part: str) -> None:
        """Drop the troubles that a test brought about on purpose."""
        self.troubles = [trouble for trouble in self.troubles if part not in trouble]

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "blob:", "data:")):
            self.troubles.append(f"outside: {request.url}")

    def _error(self, error: Error) -> None:
        if not self.dropped:
            self.troubles.append(f"error: {error}")

    def _console(self, message: ConsoleMessage) -> None:
        if DROPPED in message.text:
            self.dropped = True
            return
        if message.type in {"error", "warning"} and not any(hint in message.text for hint in HARMLESS):
            self.troubles.append(f"{message.type}: {message.text} {message.location.get('url', '')}".strip())


Visit = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def visit(browser: Browser, site: Site) -> AsyncIterator[Visit]:
    """Give a way to open a browser as somebody; at the end nothing may have gone wrong in any."""
    visitors: list[Visitor] = []

    async def come(
        username: str | None = None,
        *,
        at: tuple[float, float] | None = None,
        size: ViewportSize = PHONE,
        **options: Any,
    ) -> Visitor:
        context = await browser.new_context(
            viewport=size,
            is_mobile=size is PHONE,
            has_touch=size is PHONE,
            locale="zh-CN",
            geolocation={"longitude": at[0], "latitude": at[1], "accuracy": 8} if at else None,
            permissions=["geolocation"] if at else [],
            **options,
        )  # fmt: skip
        visitor = Visitor(await context.new_page(), site)
        visitor.page.set_default_timeout(15_000)
        visitor.watch()
        visitors.append(visitor)
        if username:
            await visitor.come_as(username)
        return visitor

    yield come
    for visitor in visitors:
        await visitor.page.context.close()
    assert [visitor.troubles for visitor in visitors if visitor.troubles] == []


@pytest.fixture
def photo(tmp_path: Path) -> Callable[..., Path]:
    """Give a way to have a photo on disk: larger than what is sent, or a small one where only their number matters."""

    def taken(seed: int, *, small: bool = False) -> Path:
        pixels = np.random.default_rng(seed).integers(0, 255, (27, 36, 3), dtype=np.uint8)
        file = BytesIO()
        Image.fromarray(pixels).resize((480, 360) if small else (2400, 1800), Image.Resampling.BICUBIC).save(
            file, "JPEG"
        )
        path = tmp_path / f"photo{seed}.jpg"
        path.write_bytes(file.getvalue())
        return path

    return taken
