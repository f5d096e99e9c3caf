#!/usr/bin/env python3
"""kill -9 under load, round after round: nothing that was acknowledged is lost, nothing is there twice, and it is ready again soon.

    .venv/bin/python scripts/fault.py                          20 rounds at 20 reports with photos a second
    .venv/bin/python scripts/fault.py --rounds 200 --reports 100 --served 0.1 --minutes 90
    .venv/bin/python scripts/fault.py --steps                  killed at every step of reporting, taking, closing and redeeming

A service of its own on a fresh state folder: one process serves, another carries out jobs, and a private PostgreSQL. In each round one of
them is killed at a random moment (the server with all its clients, one backend, a process that decodes photos), or the
database is paused for four seconds, while phones report, riders take and finish, the desk verifies and points are spent. Phones
try again until they are answered. Then everything promised is looked for: reports, photos by the SHA-256 of their files and
of what is served, acceptances, hours and points, redemptions; nothing may be there twice, and nothing left over after the sweep.
With ``--steps`` nothing is left to chance: the service ends itself at the first step of an act, at the second, and so on.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.faults.rounds import FAULTS, Rounds, drawn
from scripts.faults.stand import Stand
from scripts.faults.step_kills import StepKills

EMPTIED_EACH = 10


def run(rounds: Rounds, faults: list[str], minutes: float) -> int:
    """Run rounds until there were enough or time is over; return how many went wrong."""
    begun, wrong, done = time.monotonic(), 0, 0
    for number, fault in enumerate(faults, start=1):
        if time.monotonic() - begun > minutes * 60:
            break
        found = rounds.run(fault)
        done, wrong = number, wrong + bool(found)
        promised = rounds.crowd.promised
        print(
            f"{number:3d} {fault:12} ready after {rounds.healed_s[fault][-1]:4.1f} s; {len(promised.reports)} reports,"
            f" {len(promised.accepted)} accepted, {len(promised.closed)} closed, {len(promised.redeemed)} redeemed"
            f" {'; '.join(found[:5]) if found else 'all there, once'}",
            flush=True,
        )
        if number % EMPTIED_EACH == 0:
            rounds.forget()
    print(
        f"{done} rounds in {(time.monotonic() - begun) / 60:.1f} min, {wrong} with something wrong; answers {dict(rounds.crowd.tries)}"
    )
    for fault, healed_s in rounds.healed_s.items():
        ordered = sorted(healed_s)
        print(
            f"  {fault:12} {len(ordered):3d} times, ready after {ordered[len(ordered) // 2]:.1f} s (median), {ordered[-1]:.1f} s at most"
        )
    return wrong


def at_every_step(stand: Stand) -> int:
    """Kill at every step of every act; return how many things were wrong."""
    stand.draw()
    kills = StepKills(stand)
    try:
        wrong = kills.run()
    finally:
        kills.end()
        stand.stop()
    print(*wrong, sep="\n")
    return len(wrong)


def at_random(stand: Stand, options: argparse.Namespace) -> int:
    """Run rounds of one fault each; return how many went wrong."""
    faults = [options.faults[number % len(options.faults)] for number in range(options.rounds)]
    rounds = drawn(stand, options.reports, options.served)
    try:
        return run(rounds, faults, options.minutes)
    finally:
        rounds.end()


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--reports", type=float, default=20.0, help="a second, each with a photo")
    parser.add_argument(
        "--served", type=float, default=1.0, help="share of them that somebody takes to their end"
    )
    parser.add_argument("--minutes", type=float, default=40.0, help="no round begins later")
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=list(FAULTS))
    parser.add_argument("--steps", action="store_true", help="killed at every step, instead of at random")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="weiwang-fault-") as folder:
        Path(folder).chmod(0o711)
        stand = Stand(Path(folder))
        return int((at_every_step(stand) if options.steps else at_random(stand, options)) > 0)


if __name__ == "__main__":
    sys.exit(main())
