#!/usr/bin/env python3
"""Shoot every page of a served demo as a picture: both languages, phone and desk, light and dark; look at them all.

    scripts/run --port 8000 &
    .venv/bin/python scripts/screenshots.py --url http://127.0.0.1:8000 --into var/screenshots

Prints what a page did that it should not: an answer that is an error, words in the console, a page wider than its window.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gis.flows.seed_people import PASSWORD  # noqa: E402
from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESKTOP, PHONE  # noqa: E402

SIZES = {"phone": PHONE, "desktop": DESKTOP}
LANGUAGES = ("zh", "en")
THEMES = ("light", "dark")
PAGES: dict[str | None, tuple[str, ...]] = {  # nobody: not signed in
    None: ("/login", "/login/code"),
    "rider001": ("/", "/report", "/reports", "/tasks", "/notices"),
    "watcher001": ("/", "/tasks", "/map"),
    "resident": ("/", "/report", "/orders"),
    "grid01": ("/", "/map", "/desk", "/plates"),
    "desk": ("/", "/desk", "/map", "/orders", "/musters", "/grids", "/agency"),
    "planner": ("/", "/planner", "/indicators", "/exports"),
    "water": ("/", "/agency", "/desk"),
    "admin": (
        "/",
        "/admin/people",
        "/admin/people/new",
        "/admin/people/import",
        "/admin/duty",
        "/admin/agencies",
        "/admin/calendar",
        "/admin/robots",
        "/admin/keys",
        "/admin/branding",
        "/admin/communities",
        "/admin/changes",
    ),
}
SETTLE_MS = 1200
"""Maps draw after their page has loaded."""


@dataclass(frozen=True)
class Shot:
    """One picture to take."""

    who: str | None
    path: str
    language: str
    size: str
    theme: str
    text: str

    @property
    def file(self) -> str:
        """Return the picture's name."""
        page = self.path.strip("/").replace("/", "-").replace("?", "_") or "home"
        large = "-large" if self.text == "large" else ""
        return f"{page}-{self.who or 'nobody'}-{self.size}-{self.language}-{self.theme}{large}.png"


def shots(arguments: argparse.Namespace) -> Iterator[Shot]:
    """Return what is asked for."""
    for who, paths in PAGES.items():
        for path, language, size, theme in product(paths, arguments.lang, arguments.size, arguments.theme):
            if not arguments.page or path in arguments.page:
                yield Shot(who, path, language, size, theme, arguments.text)


async def sign_in(page: Page, url: str, who: str) -> None:
    """Sign in by the form."""
    await page.goto(f"{url}/login")
    await page.fill("[name=username]", who)
    await page.fill("[name=password]", PASSWORD)
    await page.click("main form[action='/login'] button[type=submit]")
    await page.wait_for_url(f"{url}/**")


async def shoot_as(browser: Browser, arguments: argparse.Namespace, who: str | None, size: str) -> list[str]:
    """Take one person's pictures at one size and return what was wrong."""
    phone = size == "phone"
    context = await browser.new_context(
        viewport=SIZES[size], is_mobile=phone, has_touch=phone, locale="zh-CN"
    )
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    wrong = []
    if who:
        await sign_in(page, arguments.url, who)
    for shot in shots(arguments):
        if (shot.who, shot.size) != (who, size):
            continue
        said.clear()
        mark = "&" if "?" in shot.path else "?"
        look = f"lang={shot.language}&theme={shot.theme}&text={shot.text}"
        answer = await page.goto(f"{arguments.url}{shot.path}{mark}{look}")
        await page.wait_for_timeout(SETTLE_MS)
        await page.screenshot(path=str(arguments.into / shot.file), full_page=arguments.whole)
        if answer is None or not answer.ok:
            wrong.append(f"{shot.file}: answered {answer.status if answer else 'nothing'}")
        if await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{shot.file}: wider than its window")
        wrong += [f"{shot.file}: {one}" for one in said]
    await context.close()
    return wrong


async def shoot(arguments: argparse.Namespace) -> list[str]:
    """Take all pictures and return what was wrong."""
    arguments.into.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        wrong = []
        for who, size in product(PAGES, arguments.size):
            if any((one.who, one.size) == (who, size) for one in shots(arguments)):
                wrong += await shoot_as(browser, arguments, who, size)
        await browser.close()
    return wrong


def main() -> int:
    """Take the pictures; exit 1 when a page was wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--into", type=Path, default=ROOT / "var" / "screenshots")
    parser.add_argument("--page", action="append", help="only this path; may be repeated")
    parser.add_argument("--lang", action="append", choices=LANGUAGES)
    parser.add_argument("--size", action="append", choices=list(SIZES))
    parser.add_argument("--theme", action="append", choices=THEMES)
    parser.add_argument("--text", choices=("normal", "large"), default="normal")
    parser.add_argument("--whole", action="store_true", help="the whole page, not only what fits a window")
    arguments = parser.parse_args()
    for name, every in (("lang", LANGUAGES), ("size", tuple(SIZES)), ("theme", THEMES)):
        setattr(arguments, name, getattr(arguments, name) or every)
    wrong = asyncio.run(shoot(arguments))
    print("\n".join(wrong) or "nothing was wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
