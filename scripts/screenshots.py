#!/usr/bin/env python3
"""Shoot every page of a served demo as a picture: both languages, phone and desk, light and dark; look at them all.

    scripts/run --port 8000 &
    .venv/bin/python scripts/screenshots.py --url http://127.0.0.1:8000 --into var/screenshots

Prints what a page did that it should not: an answer that is an error, words in the console, a page wider than its window.
`seen.txt` in the folder lists what a person has to judge: Chinese words on English pages (names are), and what is lower
than a finger wants. `sheet-*.png` hold many pictures each.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gis.flows.seed_people import PASSWORD  # noqa: E402
from scripts.pictures.sheets import make_sheets  # noqa: E402
from tests.browser.axe import grave_findings  # noqa: E402
from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESKTOP, PHONE  # noqa: E402
from tests.browser.everywhere import NOBODY, PEOPLE, linked_pages, pages_by_role  # noqa: E402
from tests.browser.scaled import DOUBLE_PX, type_size  # noqa: E402

SIZES = {"phone": PHONE, "desktop": DESKTOP}
LANGUAGES = ("zh", "en")
THEMES = ("light", "dark")
SETTLE_MS, SETTLE_MAP_MS = 300, 1500
"""Maps draw after their page has loaded."""
TALLEST = {"phone": 2400, "desktop": 1800}
AT_ONCE = 2
ID_LENGTH = 36
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
TO_JUDGE = (Path(__file__).parent / "pictures" / "to_judge.js").read_text("utf-8")


@dataclass
class Found:
    """What was wrong, and what a person has to judge."""

    wrong: list[str] = field(default_factory=list)
    judge: dict[str, list[str]] = field(default_factory=dict)


async def sign_in(page: Page, url: str, who: str) -> None:
    """Sign in by the form."""
    await page.goto(f"{url}/login")
    await page.fill("[name=username]", who)
    await page.fill("[name=password]", PASSWORD)
    await page.click("main form[action='/login'] button[type=submit]")
    await page.wait_for_url(lambda found: "/login" not in found)


def wanted(path: str, only: list[str] | None) -> bool:
    """Tell whether a page is asked for."""
    return not only or any(path == one or (one != "/" and path.startswith(one + "/")) for one in only)


def name_of(path: str, who: str) -> str:
    """Return what a page's pictures begin with."""
    words = [part for part in path.partition("?")[0].strip("/").split("/") if part]
    return "-".join("id" if len(part) == ID_LENGTH else part for part in words or ["home"]) + f"-{who}"


@dataclass
class Visitor:
    """Somebody with a browser of one size, and what they find."""

    arguments: argparse.Namespace
    who: str
    size: str
    found: Found

    async def look(self, page: Page, path: str) -> None:
        """Take a page's pictures in each language and theme."""
        said: list[str] = []
        page.on("console", lambda one: said.append(one.text) if one.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        for language in self.arguments.lang:
            name = f"{name_of(path, self.who)}-{self.size}-{language}"
            if self.arguments.text == "double":
                await type_size(page, DOUBLE_PX)
            text = "large" if self.arguments.text == "large" else "normal"
            asked = f"lang={language}&theme=auto&text={text}"
            answer = await page.goto(f"{self.arguments.url}{path}{'&' if '?' in path else '?'}{asked}")
            drawn = await page.locator(".map, iframe").count()
            await page.wait_for_timeout(SETTLE_MAP_MS if drawn else SETTLE_MS)
            if answer is None or not answer.ok:
                self.found.wrong.append(
                    f"{name}: answered {answer.status if answer else 'nothing'} at {path}"
                )
            if await page.evaluate(WIDER):
                self.found.wrong.append(f"{name}: wider than its window")
            self.found.wrong += [f"{name}: {one}" for one in said]
            said.clear()
            self.found.judge[name] = await page.evaluate(TO_JUDGE, [language, self.size])
            for theme in self.arguments.theme:
                await self.shoot(page, theme, f"{name}-{theme}")
            if self.arguments.axe:
                self.found.wrong += [f"{name}: {one}" for one in await grave_findings(page)]

    async def shoot(self, page: Page, theme: str, name: str) -> None:
        """Take one picture of a page that is open."""
        await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        size = SIZES[self.size]
        tall = await page.evaluate("document.documentElement.scrollHeight")
        height = min(max(tall, size["height"]), TALLEST[self.size])
        large = "" if self.arguments.text == "normal" else f"-{self.arguments.text}"
        await page.screenshot(
            path=self.arguments.into / f"{name}{large}.png",
            full_page=True,
            clip={"x": 0, "y": 0, "width": size["width"], "height": height},
        )

    async def go_through(self, context: BrowserContext, paths: list[str]) -> None:
        """Look at pages, a few at once."""
        left = list(paths)

        async def some() -> None:
            while left:
                path = left.pop(0)
                page = await context.new_page()
                await self.look(page, path)
                await page.close()

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))


async def context_of(browser: Browser, url: str, who: str, size: str) -> BrowserContext:
    """Return a browser that somebody is signed in with."""
    phone = size == "phone"
    context = await browser.new_context(
        viewport=SIZES[size], is_mobile=phone, has_touch=phone, locale="zh-CN"
    )
    if who != "nobody":
        page = await context.new_page()
        await sign_in(page, url, who)
        await page.close()
    return context


async def people_and_pages(browser: Browser, arguments: argparse.Namespace) -> dict[str, list[str]]:
    """Return whose pages are asked for, those behind links too."""
    asked = {"nobody": [path for path in NOBODY if wanted(path, arguments.page)]}
    for role, paths in pages_by_role().items():
        who = PEOPLE[role]
        if arguments.who and who not in arguments.who:
            continue
        context = await context_of(browser, arguments.url, who, "desktop")

        async def fetch(path: str, context: BrowserContext = context) -> str:
            return await (await context.request.get(arguments.url + path)).text()

        every = [*paths, *await linked_pages(role, fetch)]
        asked[who] = [path for path in every if wanted(path, arguments.page)]
        await context.close()
    return asked


async def shoot_all(arguments: argparse.Namespace) -> Found:
    """Take all pictures and return what was found."""
    arguments.into.mkdir(parents=True, exist_ok=True)
    found = Found()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for (who, paths), size in product(
            (await people_and_pages(browser, arguments)).items(), arguments.size
        ):
            if paths:
                context = await context_of(browser, arguments.url, who, size)
                await Visitor(arguments, who, size, found).go_through(context, paths)
                await context.close()
        await browser.close()
    return found


def lines_of(judge: dict[str, list[str]]) -> Iterator[str]:
    """Return what a person has to judge, by page."""
    for name, items in judge.items():
        if items:
            yield f"{name}: " + " | ".join(items)


def main() -> int:
    """Take the pictures; exit 1 when a page was wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--into", type=Path, default=ROOT / "var" / "screenshots")
    parser.add_argument("--page", action="append", help="only this path and those below it; may be repeated")
    parser.add_argument("--who", action="append", help="only this sign-in's pages; may be repeated")
    parser.add_argument("--lang", action="append", choices=LANGUAGES)
    parser.add_argument("--size", action="append", choices=list(SIZES))
    parser.add_argument("--theme", action="append", choices=THEMES)
    parser.add_argument("--text", choices=("normal", "large", "double"), default="normal")
    parser.add_argument(
        "--axe", action="store_true", help="also look for what keeps people out, with axe-core"
    )
    arguments = parser.parse_args()
    for name, every in (("lang", LANGUAGES), ("size", tuple(SIZES)), ("theme", THEMES)):
        setattr(arguments, name, getattr(arguments, name) or every)
    found = asyncio.run(shoot_all(arguments))
    (arguments.into / "seen.txt").write_text("\n".join(lines_of(found.judge)) + "\n", "utf-8")
    make_sheets(arguments.into)
    print("\n".join(found.wrong) or "nothing was wrong")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
