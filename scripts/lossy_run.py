"""A phone at the edge of the network: reports with many photos over a slow line that loses much, until all have arrived once.

    scripts/lossy_run.py --url http://127.0.0.1:8000 [--reports 20] [--photos 5] [--kbits 64] [--loss 0.2] [--cut]

A line of our own stands between a browser and a running service: everything goes at so many kbit/s, and of the requests the
stated share is lost by cutting their connection, half of them on the way there and half only when the service has answered.
With ``--cut`` each step of a report is lost besides: of the first two reports the first request (on the way there, and on the
way back), of the next two the second, and so on through announcing it and every photo. The reports are written without a network, then the line is opened. At the end the service is asked what it has.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from PIL import Image
from playwright.async_api import Page, async_playwright, expect

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.bench_pages import ARGUMENTS, CHROMIUM, PLACE, signed_in

CHUNK = 1024
LONGEST_S = 3600
PATIENCE_MS = 30_000
STATES = ("waiting", "sending", "failed")
ABOUT_A_REPORT = re.compile(rb"^(?:PUT|POST) /api/v1/reports/([0-9a-f-]{36})")


@dataclass
class Line:
    """The line between a browser and the service."""

    host: str
    port: int
    bytes_per_s: float
    loss: float
    chance: random.Random
    steps: int = 0  # of a report, each of which is cut; 0: only chance cuts
    lossy: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    asked: Counter[bytes] = field(default_factory=Counter)
    _free_at: float = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until either side or chance ends it."""
        there, back = await asyncio.open_connection(self.host, self.port)
        fate = {"asked": False, "lose": ""}
        carried = [
            asyncio.create_task(self._carry(reader, back, fate, up=True)),
            asyncio.create_task(self._carry(there, writer, fate, up=False)),
        ]
        await asyncio.wait(carried, return_when=asyncio.FIRST_COMPLETED)
        for task in carried:
            task.cancel()
        await asyncio.gather(*carried, return_exceptions=True)
        for one in (writer, back):
            one.close()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fate: dict[str, Any], *, up: bool
    ) -> None:
        while data := await reader.read(CHUNK):
            if up and not fate["asked"]:  # the first bytes of a request decide what becomes of it
                fate |= {"asked": True, "lose": self._drawn(data)}
            if not up:
                fate["asked"] = False
            if fate["lose"] == ("there" if up else "back"):
                self.counts[f"lost on the way {'there' if up else 'back'}"] += 1
                return
            await self._wait_for(len(data))
            writer.write(data)
            await writer.drain()

    def _drawn(self, request: bytes) -> str:
        self.counts["requests"] += 1
        if not self.lossy:
            return ""
        if (cut := self._cut(request)) or self.chance.random() >= self.loss:
            return cut
        return self.chance.choice(("there", "back"))

    def _cut(self, request: bytes) -> str:
        """Return on which way a request about a report is cut, because it is that report's turn at this step."""
        found = ABOUT_A_REPORT.match(request)
        if not self.steps or found is None:
            return ""
        self.asked[found[1]] += 1
        turn = list(self.asked).index(found[1])
        if self.asked[found[1]] != turn // 2 % self.steps + 1:
            return ""
        self.counts["steps cut"] += 1
        return "back" if turn % 2 else "there"

    async def _wait_for(self, size: int) -> None:
        """Take one's turn on the line, which is one for all connections and both ways."""
        if not self.lossy:
            return
        now = time.monotonic()
        self._free_at = max(now, self._free_at) + size / self.bytes_per_s
        await asyncio.sleep(self._free_at - now)


def picture(seed: int) -> bytes:
    """Return a photo of about ten kilobytes: what matters is how many there are."""
    pixels = np.random.default_rng(seed).integers(0, 255, (18, 24, 3), dtype=np.uint8)
    file = BytesIO()
    Image.fromarray(pixels).resize((480, 360), Image.Resampling.BICUBIC).save(file, "JPEG", quality=60)
    return file.getvalue()


async def write_reports(page: Page, options: argparse.Namespace, word: str) -> None:
    """Write reports on a phone without a network, by hand as far as a script can."""
    for number in range(options.reports):
        await page.click("label.category:has(input[value=tree])")
        await page.fill("[name=detail]", word)
        photos: Any = [
            {"name": f"{one}.jpg", "mimeType": "image/jpeg", "buffer": picture(options.photos * number + one)}
            for one in range(options.photos)
        ]
        await page.set_input_files("#gallery", photos)
        await expect(page.locator("#taken img")).to_have_count(options.photos, timeout=PATIENCE_MS)
        await page.click("#send")
        await expect(page.locator("[data-kept][data-state=waiting]")).to_have_count(
            number + 1, timeout=PATIENCE_MS
        )


async def drained(page: Page) -> float:
    """Wait until nothing is left on the phone, and return how long that took."""
    started = time.monotonic()
    left = " , ".join(f"[data-kept][data-state={state}]" for state in STATES)
    while time.monotonic() - started < LONGEST_S:
        if not await page.locator(left).count():
            break
        await asyncio.sleep(1)
    return time.monotonic() - started


async def run(options: argparse.Namespace) -> int:
    """Write, open the line, wait, count."""
    found = urlsplit(options.url)
    line = Line(
        str(found.hostname),
        found.port or 80,
        options.kbits * 1000 / 8,
        options.loss,
        random.Random(options.seed),
        options.photos + 1 if options.cut else 0,
    )
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    word = f"lossy-{time.time_ns()}"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(
            storage_state=await signed_in(browser, url, options.user, options.password),
            geolocation=PLACE,
            permissions=["geolocation"],
        )
        page = await context.new_page()
        await page.goto(f"{url}/report")
        await page.wait_for_selector("#report[data-complete]")
        await context.set_offline(True)
        await write_reports(page, options, word)
        line.lossy = True
        await context.set_offline(False)
        seconds = await drained(page)
        answer = await context.request.get(f"{options.url}/api/v1/reports?mine=true&limit=500")
        mine = [one for one in (await answer.json())["items"] if one["detail"] == word]
        await browser.close()
    server.close()
    photos = sum(len(one["photos"]) for one in mine)
    right = (
        len(mine) == options.reports
        and photos == options.reports * options.photos
        and all(one["complete"] for one in mine)
    )
    print(
        f"{len(mine)} of {options.reports} reports and {photos} of {options.reports * options.photos} photos arrived,"
        f" {'each once' if right else 'NOT as sent'}, in {seconds:.0f} s at {options.kbits} kbit/s; {dict(line.counts)}"
    )
    return 0 if right else 1


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--user", default="rider001")
    parser.add_argument("--password", default="weiwang-demo")
    parser.add_argument("--reports", type=int, default=20)
    parser.add_argument("--photos", type=int, default=5)
    parser.add_argument("--kbits", type=float, default=64)
    parser.add_argument("--loss", type=float, default=0.2)
    parser.add_argument(
        "--cut", action="store_true", help="lose each step of a report once there and once back"
    )
    parser.add_argument("--seed", type=int, default=1)
    raise SystemExit(asyncio.run(run(parser.parse_args())))


if __name__ == "__main__":
    main()
