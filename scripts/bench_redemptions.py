"""Redeem 1,000 rewards at once on a database of its own, with real commits, and prove that the books balance.

    .venv/bin/python scripts/bench_redemptions.py [--redemptions 1000] [--clients 16] [--stock 600]

First everybody wants the one reward that there is, which is the worst there can be: each waits for its stock. Then the same
wishes spread over twenty rewards. Each person has points for three and tries four times; a tenth of what was got is given
back at once. Ends with status 1 when a balance or a stock is below zero, points come from nowhere, or anything fails.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gis.store.session import Database  # noqa: E402
from scripts.bench.redemptions_storm import TRIES, draw, rush, wrong  # noqa: E402
from scripts.bench_claims import own_database  # noqa: E402


async def measure(url: str, redemptions: int, clients: int, stock: int, rewards: int) -> int:
    """Carry out one rush, print its figures, and return 1 when anything is wrong."""
    database = Database(url, pool_size=clients, pool_wait_s=120.0)
    try:
        market = await draw(
            database, people=redemptions // TRIES, rewards=rewards, stock=max(1, stock // rewards)
        )
        with tempfile.TemporaryDirectory() as folder:
            ours = time.process_time()
            tally = await rush(database, market, Path(folder))
            ours = time.process_time() - ours
        bad = await wrong(database, market, tally)
    finally:
        await database.close()
    count = sum(tally.outcomes.values())
    print(
        f"{count:,} redemptions at once over {clients} connections, {rewards} reward{'s' if rewards > 1 else ''}:"
        f" {tally.elapsed_s:.1f} s, {count / tally.elapsed_s:,.0f} /s, the last after {tally.worst_ms:,.0f} ms,"
        f" {1000 * ours / count:.1f} ms of the processor here each"
    )
    outcomes = ", ".join(f"{code} {n}" for code, n in tally.outcomes.most_common())
    print(f"  {outcomes}; given back {tally.cancelled}; wrong: {len(bad) + len(tally.unexpected)}")
    for trouble in [*bad, *tally.unexpected.items()]:
        print(f"  {trouble}")
    return int(bool(bad or tally.unexpected))


def main() -> int:
    """Run both rushes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--redemptions", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--stock", type=int, default=600)
    given = parser.parse_args()
    status = 0
    for rewards in (1, 20):
        with own_database() as url:
            status |= asyncio.run(measure(url, given.redemptions, given.clients, given.stock, rewards))
    return status


if __name__ == "__main__":
    sys.exit(main())
