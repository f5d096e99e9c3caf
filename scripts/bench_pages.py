"""What a page costs a phone: bytes on the wire, and how long until it can be used, on a slow line with a slow processor.

    scripts/bench_pages.py --url http://127.0.0.1:8000 [--user rider001] [/report /tasks ...]

A browser with an empty cache opens each page twice: once unhindered, counting what comes over the wire (Chromium's own
network events, headers included), and once at 400 kbit/s with 80 ms each way to and fro and a processor six times slower.
``ready`` is when the page's script has taken over its form (the mark ``weiwang-ready``, or the document's own event where a page sets none), ``interactive`` when after that
no task has kept the page busy for 50 ms or more. A second visit shows what the cache is good for. On a machine with other
work these times say little: what the page's own thread computes until ``ready`` (processor time, unhindered) and how many
bytes come before it are the same on every machine, and are printed too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Geolocation,
    Page,
    StorageState,
    async_playwright,
)

from api.printing import browser as chromium

CHROMIUM = chromium() or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
BYTES_PER_S = 400_000 / 8
ROUND_TRIP_MS = 80
SLOWER = 6
SETTLED_MS = 1500
PLACE: Geolocation = {
    "longitude": 123.4153,
    "latitude": 41.789,
    "accuracy": 8,
}  # in the demo community: a phone that knows where it is
WATCH = """
window.__long = [];
new PerformanceObserver((list) => list.getEntries().forEach((one) => window.__long.push(one.startTime + one.duration)))
  .observe({ type: "longtask", buffered: true });
"""
TIMES = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const ready = performance.getEntriesByName("weiwang-ready")[0];
  const loaded = performance.getEntriesByType("navigation")[0];
  const usable = ready ? ready.startTime : loaded.domContentLoadedEventEnd;
  return { paint: paint?.startTime ?? 0, ready: usable, interactive: Math.max(usable, ...window.__long), load: loaded.loadEventEnd };
}"""


@dataclass
class Wire:
    """What came over the wire, by kind of file."""

    bytes: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    arrived: list[tuple[float, int]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)

    def listen(self, session: CDPSession) -> None:
        """Count from now on."""
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)

    def _received(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = event["type"]

    def _finished(self, event: dict[str, Any]) -> None:
        self.requests += 1
        self.arrived.append((event["timestamp"], int(event["encodedDataLength"])))
        self.bytes[self.kinds.get(event["requestId"], "Other")] += int(event["encodedDataLength"])


async def signed_in(browser: Browser, url: str, user: str, password: str) -> StorageState:
    """Return the cookies of somebody who has signed in."""
    context = await browser.new_context()
    answer = await context.request.post(
        f"{url}/api/v1/session", data={"username": user, "password": password}
    )
    if not answer.ok:
        message = f"signing in as {user}: {answer.status} {await answer.text()}"
        raise SystemExit(message)
    state = await context.storage_state()
    await context.close()
    return state


async def computed(context: BrowserContext, address: str) -> dict[str, float]:
    """Return the processor time of the page's thread until it is ready, ms, and the bytes that it needed for that."""
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Performance.enable", {"timeDomain": "threadTicks"})
    await session.send("Network.enable")
    wire = Wire()
    wire.listen(session)
    await page.goto(address, wait_until="domcontentloaded", timeout=120_000)
    told = await session.send("Performance.getMetrics")
    before = sum(size for _, size in wire.arrived)
    await page.close()
    metrics = {one["name"]: one["value"] for one in told["metrics"]}
    return {"processor_ms": round(1000 * metrics["TaskDuration"]), "bytes_before": before}


async def opened(context: BrowserContext, address: str, *, slow: bool) -> tuple[Page, Wire]:
    """Open a page until it has come to rest."""
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await page.add_init_script(WATCH)
    wire = Wire()
    wire.listen(session)
    if slow:
        line = {"latency": ROUND_TRIP_MS, "downloadThroughput": BYTES_PER_S, "uploadThroughput": BYTES_PER_S}
        await session.send("Network.emulateNetworkConditions", {"offline": False, **line})
        await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.goto(address, wait_until="load", timeout=120_000)
    await page.wait_for_timeout(SETTLED_MS * (2 if slow else 1))
    return page, wire


async def measure(browser: Browser, state: Any, address: str) -> dict[str, Any]:
    """Return the figures of one page."""
    options: Any = {
        "viewport": {"width": 360, "height": 780},
        "is_mobile": True,
        "has_touch": True,
        "locale": "zh-CN",
        "geolocation": PLACE,
        "permissions": ["geolocation"],
    }
    context = await browser.new_context(storage_state=state, service_workers="block", **options)
    _, wire = await opened(context, address, slow=False)
    _, again = await opened(context, address, slow=False)
    await context.close()
    context = await browser.new_context(storage_state=state, service_workers="block", **options)
    own = await computed(context, address)
    await context.close()
    context = await browser.new_context(storage_state=state, service_workers="block", **options)
    page, _ = await opened(context, address, slow=True)
    times = await page.evaluate(TIMES)
    await context.close()
    return {
        "bytes": sum(wire.bytes.values()),
        "requests": wire.requests,
        "kinds": dict(wire.bytes),
        **own,
        "again_bytes": sum(again.bytes.values()),
        **{f"{name}_ms": round(value) for name, value in times.items()},
    }


async def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure every page that was asked for."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        state = await signed_in(browser, options.url, options.user, options.password)
        found = {path: await measure(browser, state, options.url + path) for path in options.pages}
        await browser.close()
    return found


def shown(path: str, one: dict[str, Any]) -> str:
    """Return the figures of one page in a few lines."""
    kinds = ", ".join(f"{kind.lower()} {size / 1000:.1f}" for kind, size in sorted(one["kinds"].items()))
    return (
        f"{path}: {one['bytes'] / 1000:.1f} KB in {one['requests']} requests ({kinds}); again {one['again_bytes'] / 1000:.1f} KB\n"
        f"  before it is ready: {one['bytes_before'] / 1000:.1f} KB and {one['processor_ms']} ms of processor"
        f" ({one['bytes_before'] / BYTES_PER_S:.2f} s on the line, {SLOWER * one['processor_ms'] / 1000:.2f} s when {SLOWER}x slower)\n"
        f"  at 400 kbit/s, {SLOWER}x slower: first paint {one['paint_ms']} ms, ready {one['ready_ms']} ms,"
        f" interactive {one['interactive_ms']} ms, loaded {one['load_ms']} ms"
    )


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--user", default="rider001")
    parser.add_argument("--password", default="weiwang-demo")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("pages", nargs="*", default=["/report"])
    options = parser.parse_args()
    found = asyncio.run(run(options))
    print(json.dumps(found, indent=1) if options.json else "\n".join(shown(*one) for one in found.items()))


if __name__ == "__main__":
    main()
