"""How smoothly the map pans on a slow phone, and what its layers cost over the wire: whole, or as tiles.

    .venv/bin/python scripts/bench_map.py --url http://127.0.0.1:8000 [--cases 500] [--slower 6] [--seconds 6]

Wants a served demo community that may be filled: reports are filed until the desk has ``--cases`` unfinished cases. Then
Chromium opens /map as the desk on a phone's screen (360 x 780, two device pixels to one), its processor slowed by CDP, and
a finger drags the map to and fro. A frame is what ``requestAnimationFrame`` saw; aim: 30 a second. Since other programs take
frames away, the processor time of the page's own thread for a frame is told first, times ``--slower``.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import math
import statistics
import time

import httpx
from playwright.async_api import CDPSession, Page, async_playwright

from gis.flows.seed_people import PASSWORD
from scripts.bench_pages import ARGUMENTS, CHROMIUM

AIM = 30.0
CLOSER = "document.querySelector('.leaflet-control-zoom-in').click()"
KINDS = ("street_lamp", "sewer", "road_damage", "rubbish", "manhole", "tree", "water_leak", "noise")
LAYERS = (
    "areas?level=community",
    "areas?level=grid",
    "areas?level=micro_grid",
    "buildings",
    "streets",
    "base",
    "gates",
    "stations",
)
TILED = ("community", "grids", "micro_grids", "buildings", "streets", "base", "gates", "stations")
PHONE = (360, 780)
WATCH = """() => { if (window.__frames) { window.__frames = []; return; } window.__frames = []; const look = (at) => { window.__frames.push(at); requestAnimationFrame(look); }; requestAnimationFrame(look); }"""


async def fill(client: httpx.AsyncClient, wanted: int) -> int:
    """File reports at buildings until there are so many unfinished cases; return how many there are."""
    houses = (await client.get("/api/v1/buildings")).json()["features"]
    there = int((await client.get("/api/v1/cases", params={"status": "live", "limit": 1})).json()["total"])
    for number in range(max(0, wanted - there)):
        ring = houses[number * 7 % len(houses)]["geometry"]["coordinates"][0]
        lon, lat = ring[number % (len(ring) - 1)]
        body = {
            "category": KINDS[number % len(KINDS)],
            "lon": lon,
            "lat": lat,
            "source": "pin",
            "separate": True,
            "description": "路况",
        }
        (await client.post("/api/v1/reports", json=body)).raise_for_status()
    return int((await client.get("/api/v1/cases", params={"status": "live", "limit": 1})).json()["total"])


async def pan(page: Page, seconds: float) -> list[float]:
    """Drag the map to and fro and return the times between frames, milliseconds."""
    box = await page.locator("#map").bounding_box()
    assert box is not None  # noqa: S101 - it was waited for
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.evaluate(WATCH)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for turn in (1, -1):
            await page.mouse.move(x - 80 * turn, y)
            await page.mouse.down()
            for step in range(24):
                angle = step / 24 * math.pi
                await page.mouse.move(x - 80 * turn * math.cos(angle), y + 60 * turn * math.sin(angle))
                await asyncio.sleep(0.012)
            await page.mouse.up()
    frames = await page.evaluate("window.__frames")
    return [later - earlier for earlier, later in itertools.pairwise(frames)]


async def processor_ms(page: Page, session: CDPSession, seconds: float) -> float:
    """Return the processor time of the page's main thread for a frame while the map is dragged, at full speed.

    Other programs don't count in it, as they do in frames a second; the dragging itself is in it.
    """

    async def worked() -> float:
        found = (await session.send("Performance.getMetrics"))["metrics"]
        return next(float(one["value"]) for one in found if one["name"] == "TaskDuration")

    before = await worked()
    frames = len(await pan(page, seconds)) + 1
    return (await worked() - before) * 1000 / frames


def aim(rate: float) -> str:
    """Return a word on a rate that is too low."""
    return "" if rate >= AIM else " (MISSED)"


async def wire(client: httpx.AsyncClient, path: str) -> tuple[int, float]:
    """Return compressed bytes of an answer, and milliseconds of its second request."""
    await client.get(path)
    began = time.perf_counter()
    async with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        size = sum([len(part) async for part in answer.aiter_raw()])
    return size, (time.perf_counter() - began) * 1000


def tiles(zoom: int, lon: float, lat: float) -> list[tuple[int, int]]:
    """Return the tiles that a phone's map touches."""
    scale = 2.0**zoom
    x = (lon + 180) / 360 * scale
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * scale
    across, down = PHONE[0] / 256 / 2, PHONE[1] * 0.54 / 256 / 2
    return [
        (column, row)
        for column in range(math.floor(x - across), math.floor(x + across) + 1)
        for row in range(math.floor(y - down), math.floor(y + down) + 1)
    ]


async def costs(client: httpx.AsyncClient) -> None:
    """Print what the layers weigh whole and as the tiles of one phone's view."""
    whole = [await wire(client, f"/api/v1/{layer}") for layer in LAYERS]
    print(
        f"whole GeoJSON layers: {len(whole)} requests, {sum(size for size, _ in whole) / 1000:.0f} kB compressed, once; then 304"
    )
    centre = (await client.get("/tiles/grids.json")).json()["center"]
    for zoom in (15, 16, 17, 18):
        seen = tiles(zoom, *centre[:2])
        found = [await wire(client, f"/tiles/{layer}/{zoom}/{x}/{y}.mvt") for layer in TILED for x, y in seen]
        print(
            f"tiles of one view at zoom {zoom}: {len(found)} requests, {sum(size for size, _ in found) / 1000:.0f} kB compressed"
        )


async def run(options: argparse.Namespace) -> None:
    """Measure and print."""
    async with httpx.AsyncClient(base_url=options.url, timeout=60) as client:
        body = {"username": "desk", "password": PASSWORD, "token": True}
        signed = await client.post("/api/v1/session", json=body)
        client.headers["Authorization"] = f"Bearer {signed.json()['token']}"
        print(f"{await fill(client, options.cases)} unfinished cases")
        await costs(client)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]}, device_scale_factor=2
        )
        page = await context.new_page()
        await page.goto(f"{options.url}/login")
        await page.fill("[name=username]", "desk")
        await page.fill("[name=password]", PASSWORD)
        await page.click("main form[action='/login'] button[type=submit]")
        await page.wait_for_url(f"{options.url}/")
        await page.goto(f"{options.url}/map")
        await page.wait_for_selector("#map[data-usable=true]")
        session = await context.new_cdp_session(page)
        await session.send("Performance.enable", {"timeDomain": "threadTicks"})
        for name in ("whole community", "closer", "closer still"):
            worked = await processor_ms(page, session, options.seconds) * options.slower
            await session.send("Emulation.setCPUThrottlingRate", {"rate": options.slower})
            gaps = sorted(await pan(page, options.seconds))
            await session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            rate = 1000 / statistics.mean(gaps)
            print(
                f"{name}: the page's own work {worked:.1f} ms a frame, so {1000 / worked:.0f} frames/s{aim(1000 / worked)};"
                f" seen on this machine {rate:.0f} frames/s, median {statistics.median(gaps):.0f} ms,"
                f" 95% under {gaps[int(len(gaps) * 0.95)]:.0f} ms, longest {gaps[-1]:.0f} ms"
            )
            await page.evaluate(CLOSER)
            await asyncio.sleep(2)
        await browser.close()


def main() -> None:
    """Read the options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--slower", type=float, default=6.0)
    parser.add_argument("--seconds", type=float, default=6.0)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
