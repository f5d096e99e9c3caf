"""Draw the app's icons as PNG from web/static/img/mark.svg, by a Chromium; the results are kept in the repository.

    scripts/draw_app_icons.py

Plain ones with round corners, and ``maskable`` ones that fill their square: the phone cuts its own shape out of them, of
which the middle four fifths are always seen.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import async_playwright

from api.printing import browser as chromium

IMAGES = Path(__file__).parents[1] / "web" / "static" / "img"
SIZES = (192, 512)
SAFE = 0.8
PAGE = """<style>*{{margin:0}}body{{width:{size}px;height:{size}px;background:{ground};display:grid;place-items:center}}
svg{{width:{inner}px;height:{inner}px}}</style>{svg}"""


async def draw() -> None:
    """Write all sizes of both kinds."""
    svg = (IMAGES / "mark.svg").read_text(encoding="utf-8")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium() or "/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for size in SIZES:
            page = await browser.new_page(viewport={"width": size, "height": size})
            for kind, ground, part in (("", "transparent", 1.0), ("maskable-", "#0b5f58", SAFE)):
                await page.set_content(
                    PAGE.format(size=size, inner=round(size * part), ground=ground, svg=svg)
                )
                await page.screenshot(path=IMAGES / f"app-{kind}{size}.png", omit_background=True)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(draw())
