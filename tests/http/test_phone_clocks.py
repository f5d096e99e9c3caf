"""A phone's clock may be off by years: the server's time rules, the phone's is kept and flagged."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.conftest import NOON
from tests.http.conftest import API, Service

OFF = {
    "ten years ahead": timedelta(days=3653),
    "ten years behind": timedelta(days=-3653),
    "half an hour ahead": timedelta(minutes=30),
}
RIGHT = {
    "right": timedelta(0),
    "a little ahead": timedelta(minutes=2),
    "weeks without a network": timedelta(days=-30),
}


@pytest.mark.parametrize("how", OFF | RIGHT)
async def test_the_servers_time_rules(service: Service, how: str) -> None:
    stated = NOON + (OFF | RIGHT)[how]
    filed = await service.report(fixed_at=stated.isoformat())
    desk = await service.person("desk")
    case = (await desk.get(f"{API}/cases/{filed['case_id']}")).json()
    assert _at(case["opened_at"]) == NOON
    assert NOON < _at(case["answer_due_at"]) < NOON + timedelta(days=3)
    assert filed["number"].startswith(f"{NOON:%Y%m%d}")
    report = (await desk.get(f"{API}/reports/{filed['id']}")).json()
    assert _at(report["received_at"]) == NOON
    assert _at(report["fixed_at"]) == stated
    assert report["clock_off"] is (how in OFF)
    page = (await desk.get(f"/cases/{filed['case_id']}", headers={"accept": "text/html"})).text
    assert ("手机时钟不准" in page) is (how in OFF)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
