"""What the figure of updated records leads to: a tally by day, grid and person, of one's own areas, without anybody's name."""

from __future__ import annotations

import pytest

from tests.http.conftest import Service
from tests.http.test_residents import record


async def test_a_figure_leads_to_who_updated_how_many(service: Service) -> None:
    await record(service)
    desk = await service.person("desk")
    await record(service, "02-02", name="李建国", id_number="")
    counted = {"desk": ("共 4 份", True), "grid01": ("共 2 份", False), "grid02": ("共 2 份", True)}
    for username, (total, sees_second) in counted.items():
        page = await (await service.person(username)).get("/residents/updates")
        assert page.status_code == 200
        assert total in page.text, username
        assert ('<td data-label="网格">02</td>' in page.text) is sees_second
        assert "王秀英" not in page.text
    one_grid = await desk.get("/residents/updates", params={"grid": "02"})
    assert "共 2 份" in one_grid.text
    for username in ("planner", "rider1"):
        assert (await (await service.person(username)).get("/residents/updates")).status_code in {403, 404}


async def test_the_page_of_figures_leads_there(service: Service) -> None:
    await record(service)
    page = (await (await service.person("desk")).get("/indicators", params={"period": "month"})).text
    assert "/residents/updates?from=" in page
    assert "/meals/statement?from=" in page
    for username in ("planner", "grid01"):
        shown = (await (await service.person(username)).get("/indicators")).text
        assert "/meals/statement" not in shown, username


@pytest.mark.parametrize(
    "query", ["from=soon", "from=2026-06-02&to=2026-06-01", "from=0001-01-01", "grid=%00"]
)
async def test_days_that_are_none_are_told(service: Service, query: str) -> None:
    page = await (await service.person("desk")).get(f"/residents/updates?{query}")
    assert page.status_code in {200, 400, 422}


@pytest.mark.parametrize(
    "query", ["from=2026-06-01&to=2026-06-30", "from=soon", "month=2026-05&from=2026-06-01"]
)
async def test_meals_of_a_figures_month(service: Service, query: str) -> None:
    page = await (await service.person("desk")).get(f"/meals/statement?{query}")
    assert page.status_code == 200
