#!/usr/bin/env python3
"""A working day at once: riders, watchers, desk, planners and open pages, at the pilots' pace or many times of it.

    .venv/bin/python scripts/load.py                      the pilots' busiest hour, then ten and a hundred times of it
    .venv/bin/python scripts/load.py --reports 100 --seconds 300    so many reports with photos of 200 KB a second, beside that hour
    .venv/bin/python scripts/load.py --soak 30            half an hour at ten times the pilots' pace: memory
    .venv/bin/python scripts/load.py --short              twenty seconds, on the small community of the tests

Everything runs on this machine: service, database and phones share its processors. Requests begin when they are due, whether or
not those before were answered, and what waits for its turn counts as waiting. Before the run everything has been looked at a few
times, as on any day but the first: each process has loaded and compiled what it needs for it. Also before it, in the same
database and on the same disk, a bare "FastAPI + fsync + INSERT" is driven as fast as it answers: the yardstick. Afterwards
every acknowledged report is looked for, with its photo's bytes. While it runs, cases older than some seconds are called off,
as an office would: a community with ten thousand open cases is no place.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gis.store.photos import PhotoStore
from scripts.bench.service import call
from scripts.faults.stand import Stand
from scripts.working_day.afterwards import losses
from scripts.working_day.alone import Cost, costs, table
from scripts.working_day.day import PAGES, PILOTS, Day, Pace
from scripts.working_day.machine import Machine
from scripts.working_day.phones import Figures, Phones
from scripts.working_day.yardstick import yardsticks

OPEN_S = 20
TIDY_S = 1.0
LOOKS = 4
SMALL = (123.4150, 41.7890, 123.4174, 41.7908)
DEMO = (123.4120, 41.7868, 123.4180, 41.7912)
CALL_OFF = """
WITH old AS (
    UPDATE "case" SET status = 'cancelled', closed_at = now(), climb_at = NULL WHERE community_id = %(community)s
    AND closed_at IS NULL AND status IN ('open', 'offered') AND opened_at < now() - make_interval(secs => %(age)s)
    RETURNING case_id
), ended AS (
    UPDATE offer o SET status = 'withdrawn' FROM old WHERE o.community_id = %(community)s
    AND o.case_id = old.case_id AND o.status = 'live' RETURNING o.offer_id, o.responder_id
), jobs AS (
    DELETE FROM procrastinate_jobs j USING ended WHERE j.status = 'todo' AND j.args ->> 'offer_id' = ended.offer_id::text
)
UPDATE responder r SET live_load = live_load - n FROM (SELECT responder_id, count(*) AS n FROM ended GROUP BY 1) e
WHERE r.community_id = %(community)s AND r.person_id = e.responder_id
"""


async def tidy(stand: Stand, seconds: float) -> None:
    """Call old cases off, a few at a time, until cancelled."""
    while True:
        await asyncio.sleep(min(seconds, TIDY_S))
        given = {"community": stand.community_id, "age": OPEN_S}
        with stand.connect() as connection:
            await asyncio.to_thread(connection.execute, CALL_OFF, given)


async def live(day: Day, stand: Stand, pace: Pace, seconds: float, machine: Machine) -> float:
    """Live a day beside whoever tidies up and whoever watches the machine."""
    beside = [
        asyncio.create_task(tidy(stand, seconds)),
        asyncio.create_task(machine.watch()),
    ]
    try:
        return await day.run(pace, seconds)
    finally:
        for one in beside:
            one.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        day.phones.close()


def one_run(
    stand: Stand,
    people: tuple[dict[str, str], dict[str, str]],
    pace: Pace,
    seconds: float,
    *,
    then_alone: bool,
) -> bool:
    """Run one pace, print what was found, and return whether nothing was lost and nobody refused."""
    figures = Figures()
    phones = Phones(stand.port, figures)
    box = SMALL if stand.community_id == "test" else DEMO
    day = Day(phones, *people, box=box)
    machine = Machine(stand, seconds)
    # the phones take of the same processors
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        taken_s = runner.run(live(day, stand, pace, seconds, machine))
        dearest = table(runner.run(alone(day, stand, pace))) if then_alone else ""
    with stand.connect() as connection:
        lost = losses(connection, PhotoStore(stand.state / "photos"), stand.community_id, day.reported)
    asked = sum(map(len, figures.seconds.values()))
    print(
        f"\n{len(day.reported)} reports in {taken_s:.1f} s: {len(day.reported) / taken_s:.1f} a second"
        f" (wanted {pace.reports:g}); {asked / taken_s:.0f} answers a second in all; {day.hearing.open} streams,"
        f" {day.hearing.refused} refused\n{lost}\n{machine}\n{figures.table()}\n{figures.tenths('POST report')}\n{dearest}",
        flush=True,
    )
    return lost.none and not figures.failures


async def alone(day: Day, stand: Stand, pace: Pace) -> list[Cost]:
    """Ask for everything once more, one after the other."""
    day.phones = Phones(stand.port, Figures())
    try:
        return await costs(day, stand, pace)
    finally:
        day.phones.close()


@contextmanager
def stood(options: argparse.Namespace) -> Iterator[Stand]:
    """Give a stand with a service that runs."""
    with tempfile.TemporaryDirectory(prefix="weiwang-load-") as folder:
        Path(folder).chmod(0o711)
        stand = Stand(options.state or Path(folder))
        try:
            if options.short:
                stand.draw()
            else:
                stand.demo()
            stand.serve(*options.serve)
            yield stand
        finally:
            stand.stop()


def people_of(stand: Stand) -> tuple[dict[str, str], dict[str, str]]:
    """Sign in who reports and takes offers, by id, and the office, by name."""
    names = [f"rider{100 + n}" for n in range(16)]
    names = names if stand.community_id == "test" else [f"rider{n:03d}" for n in range(1, 41)]
    tokens = [stand.sign_in(name) for name in names]
    riders = {
        str(call(stand.port, "GET", "/api/v1/me", token=token)["person"]["id"]): token for token in tokens
    }
    for token in tokens:
        call(stand.port, "PUT", "/api/v1/me/duty", {"on": True}, token)
    return riders, {name: stand.sign_in(name) for name in ("desk", "planner")}


def look_round(stand: Stand, tokens: dict[str, str]) -> None:
    """Have everything that is looked at asked for a few times, over a connection of its own each time, which any process takes."""
    asked = [(who, path) for who, paths in PAGES.items() for path in paths]
    for _ in range(LOOKS):
        for who, path in [*asked, ("planner", "/api/v1/hotspots"), ("planner", "/indicators")]:
            headers = {"Authorization": f"Bearer {tokens[who]}"}
            httpx.get(f"http://127.0.0.1:{stand.port}{path}", headers=headers, timeout=60).raise_for_status()


def paces(options: argparse.Namespace) -> list[tuple[Pace, float]]:
    """Return what is to be run, each for how long."""
    if options.reports:
        return [(replace(PILOTS, reports=options.reports, acts=0.05), options.seconds)]
    if options.short:
        return [(replace(PILOTS.times(5), reports=4.0, streams=5), min(options.seconds, 8.0))]
    if options.soak:
        return [(replace(PILOTS.times(10), reports=2.0), options.soak * 60.0)]
    return [(PILOTS.times(scale), options.seconds) for scale in options.scales]


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--scales", type=float, nargs="+", default=[1, 10, 100], help="times the pilots' pace"
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="length of each run")
    parser.add_argument("--reports", type=float, default=0.0, help="so many reports with photos a second")
    parser.add_argument("--soak", type=float, default=0.0, help="minutes of a soak")
    parser.add_argument(
        "--alone", action="store_true", help="afterwards each kind of request alone: the ten that cost most"
    )
    parser.add_argument("--short", action="store_true", help="a few seconds on a small community")
    parser.add_argument("--state", type=Path, help="a state folder that is kept (default: a temporary one)")
    parser.add_argument(
        "--serve", type=str.split, default=[], help="more options of `weiwang serve`: --serve='--processes 2'"
    )
    options = parser.parse_args()
    begun = time.monotonic()
    with stood(options) as stand:
        people = people_of(stand)
        print(
            f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, ready after {time.monotonic() - begun:.0f} s"
        )
        print(yardsticks(stand, seconds=2.0 if options.short else 10.0), flush=True)
        look_round(stand, {**people[1], "rider": next(iter(people[0].values()))})
        found = [
            one_run(stand, people, pace, seconds, then_alone=options.alone)
            for pace, seconds in paces(options)
        ]
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main())
