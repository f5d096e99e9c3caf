"""Redemptions by many at once: scripts/bench_redemptions.py does the same a thousand times."""

from pathlib import Path

from gis.store.session import Database
from scripts.bench.redemptions_storm import draw, rush, wrong


async def test_a_rush_leaves_no_balance_and_no_stock_below_zero(database: Database, tmp_path: Path) -> None:
    market = await draw(database, people=30, rewards=2, stock=30)
    tally = await rush(database, market, tmp_path)
    assert tally.unexpected == {}
    assert tally.outcomes["reward_sold_out"] > 10
    assert tally.outcomes["got"] >= 60
    assert await wrong(database, market, tally) == []
