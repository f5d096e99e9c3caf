#!/usr/bin/env python3
"""kill -9 under load, round after round: nothing that was acknowledged is lost, nothing is there twice, and it is ready again soon.

    .venv/bin/python scripts/fault.py                          20 rounds at 20 reports with photos a second
    .venv/bin/python scripts/fault.py --rounds 200 --reports 100 --minutes 40

A service of its own on a fresh state folder: one process serves, another carries out jobs, and a private PostgreSQL. In each round one of
them is killed at a random moment (the server with all its clients, one backend, a process that decodes photos), or the
database is paused for four seconds, while phones report, riders take and finish, the desk verifies and points are spent. Phones
try again until they are answered. Then everything promised is looked for: reports, photos by the SHA-256 of their files and
of what is served, acceptances, hours and points, redemptions; nothing may be there twice, and nothing left over after the sweep.
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


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--reports", type=float, default=20.0, help="a second, each with a photo")
    parser.add_argument("--minutes", type=float, default=40.0, help="no round begins later")
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=list(FAULTS))
    options = parser.parse_args()
    faults = [options.faults[number % len(options.faults)] for number in range(options.rounds)]
    with tempfile.TemporaryDirectory(prefix="weiwang-fault-") as folder:
        Path(folder).chmod(0o711)
        rounds = drawn(Stand(Path(folder)), options.reports)
        try:
            wrong = run(rounds, faults, options.minutes)
        finally:
            rounds.end()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
