#!/usr/bin/env python3
"""How long a call takes at the desk: written down by keys alone, with what the page makes one wait for.

    scripts/bench_call.py --url http://127.0.0.1:8000 [--user desk] [--calls 5]

Calls are typed into ``/desk/call`` of a running service as a person does who has them at the ear: address until it is offered,
flat, kind of problem, what the caller says, Ctrl+Enter. The keys are counted and the waiting is measured (suggestions of
addresses, the answer with the number); the hand is taken from the keystroke-level model of Card, Moran and Newell: 0.28 s
a key for somebody who doesn't type for a living, three keys a Chinese character, 1.35 s to think before each field. The reports that it makes stay.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.bench_pages import ARGUMENTS, CHROMIUM, signed_in

KEY_S = 0.28
KEYS_A_CHARACTER = 3  # in pinyin, with the choice of the word
THINK_S = 1.35
PATIENCE_MS = 60_000
LIMIT_S = 60.0


@dataclass(frozen=True)
class Call:
    """What a caller says, in the order of the form."""

    address: str
    found: str
    detail: str
    kind: str
    code: str
    words: str


CALLS = (
    Call("bjj46", "八经街46号", "2单元501", "zaosheng", "noise", "楼上半夜装修，电话13912345678"),
    Call("八经街46", "八经街46号", "1单元门口", "ludeng", "street_lamp", "路灯不亮，已经有两天了"),
    Call("bajingjie46", "八经街46号", "3楼", "laoren", "elderly_care", "独居老人两天没出门，家里有老人"),
)


class Typist:
    """Types into a page, and counts what a hand would do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0
        self.thoughts = 0
        self.waited_s = 0.0

    async def think_and_type(self, text: str) -> None:
        """Write one field."""
        self.thoughts += 1
        self.keys += sum(1 if one.isascii() else KEYS_A_CHARACTER for one in text)
        await self.page.keyboard.type(text)

    async def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.keys += key.count("+") + 1
            await self.page.keyboard.press(key)

    async def wait_for(self, selector: str, text: str = "") -> None:
        """Wait until the page shows something, and note how long that took."""
        begun = time.perf_counter()
        await self.page.locator(selector).filter(has_text=text).first.wait_for(timeout=PATIENCE_MS)
        self.waited_s += time.perf_counter() - begun

    @property
    def seconds(self) -> float:
        """What all of it takes a person."""
        return self.keys * KEY_S + self.thoughts * THINK_S + self.waited_s


async def take(page: Page, call: Call) -> Typist:
    """Write one call down."""
    hand = Typist(page)
    await hand.think_and_type(call.address)
    await hand.wait_for("#field-address-found li", call.found)
    await hand.press("Enter")
    await hand.wait_for("#place-now", call.found)
    await hand.think_and_type(call.detail)
    await hand.press("Tab")
    await hand.think_and_type(call.kind)
    await hand.press("Enter")
    await hand.wait_for(f"#kind-{call.code}:checked")
    await hand.think_and_type(call.words)
    await hand.press("Control+Enter")
    await hand.wait_for("#sent", call.found)
    return hand


async def run(options: argparse.Namespace) -> int:
    """Take the calls, print what each cost, and tell whether all were short enough."""
    worst = 0.0
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        state = await signed_in(browser, options.url, options.user, options.password)
        page = await (await browser.new_context(storage_state=state, locale="zh-CN")).new_page()
        for number in range(options.calls):
            call = CALLS[number % len(CALLS)]
            await page.goto(f"{options.url}/desk/call")
            await page.locator("#call[data-usable=true]").wait_for(timeout=PATIENCE_MS)
            hand = await take(page, call)
            worst = max(worst, hand.seconds)
            print(
                f"{call.address}, {call.kind}: {hand.keys} keys, {hand.thoughts} fields,"
                f" {hand.waited_s:.1f} s of waiting: {hand.seconds:.0f} s"
            )
        await browser.close()
    print(f"the longest call takes {worst:.0f} s of {LIMIT_S:.0f}")
    return 0 if worst <= LIMIT_S else 1


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--user", default="desk")
    parser.add_argument("--password", default="weiwang-demo")
    parser.add_argument("--calls", type=int, default=5)
    raise SystemExit(asyncio.run(run(parser.parse_args())))


if __name__ == "__main__":
    main()
