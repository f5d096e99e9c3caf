"""Hotspot streets and plans of repairs over HTTP: who sees what, what is counted, and what is kept."""

from __future__ import annotations

import io
import json
import re
from typing import Any
from uuid import uuid4

import httpx
import openpyxl
import pytest

from gis.flows.hotspots import curves
from tests.http.conftest import API, Check, Service

LONG = "长" * 81


async def filed(service: Service) -> None:
    """File three cases along the western street, and one in the east."""
    for y_m in (20, 45, 70):
        await service.report(where=(2, y_m), category="sewer")
    await service.report(where=(150, 3), category="road_damage")


async def signed_in(service: Service, username: str = "planner") -> tuple[httpx.AsyncClient, str]:
    return await service.browser(username)


async def test_streets_are_ranked_by_what_happened_on_them(service: Service) -> None:
    await filed(service)
    found = (await (await service.person("planner")).get(f"{API}/hotspots?line=true")).json()
    assert found["cases"] == 4
    assert sum(one["cases"] for one in found["items"]) == pytest.approx(4.0, abs=0.05)
    first = found["items"][0]
    assert first["rank"] == 1
    assert first["low"] <= first["rate"] <= first["high"]
    assert first["categories"] == {"sewer": pytest.approx(3.0)}
    assert first["cases_per_100m"] == pytest.approx(first["cases"] * 100.0 / first["length_m"], rel=0.01)
    assert (first["enough_data"], first["trend"]) == (False, "unknown")
    assert len(first["line"]) >= 2


async def test_a_new_report_is_counted_at_once(service: Service) -> None:
    planner = await service.person("planner")
    assert (await planner.get(f"{API}/hotspots")).json()["items"] == []
    await service.report(where=(2, 20), category="sewer")
    assert (await planner.get(f"{API}/hotspots")).json()["cases"] == 1
    await service.report(where=(150, 3), category="road_damage")
    assert (await planner.get(f"{API}/hotspots")).json()["cases"] == 2


async def test_how_many_reported_it_is_known_also_after_a_heatmap(service: Service) -> None:
    first = await service.report("resident", where=(2, 20), category="sewer")
    await service.report("rider1", where=(2, 21), category="sewer", same_as=first["case_id"])
    desk = await service.person("desk")
    assert (await desk.get(f"{API}/heatmap?category=sewer")).json()["total"] == 1
    (street,) = (await desk.get(f"{API}/hotspots?category=sewer")).json()["items"]
    assert (street["cases"], street["reports"]) == (pytest.approx(1.0), pytest.approx(2.0))


async def test_a_case_at_a_crossing_is_shared(service: Service) -> None:
    await service.report(where=(100, 101), category="sewer")
    items = (await (await service.person("planner")).get(f"{API}/hotspots")).json()["items"]
    assert len(items) >= 3
    assert sum(one["cases"] for one in items) == pytest.approx(1.0, abs=0.05)


async def test_filters_by_category_and_moment(
    service: Service,
) -> None:  # NOON is 12:00 on a Wednesday in June
    await filed(service)
    planner = await service.person("planner")
    for query, cases in {
        "category=sewer": 3,
        "season=summer": 4,
        "season=winter": 0,
        "day=weekday": 4,
        "day=weekend": 0,
        "hours=11-14": 4,
        "hours=22-5": 0,
        "month=6,7": 4,
        "from=2026-06-04": 0,
        "to=2026-06-03": 4,
        "grid=02": 1,
    }.items():
        assert (await planner.get(f"{API}/hotspots?{query}")).json()["cases"] == cases, query
        assert (await planner.get(f"{API}/heatmap?{query}")).json()["total"] == cases, query


async def test_grid_workers_see_their_own_grids(service: Service) -> None:
    await filed(service)
    west = (await (await service.person("grid01")).get(f"{API}/hotspots")).json()
    east = (await (await service.person("grid02")).get(f"{API}/hotspots")).json()
    assert (west["cases"], east["cases"]) == (3, 1)
    assert {one["id"] for one in west["items"]}.isdisjoint(one["id"] for one in east["items"])


async def test_residents_are_told_of_no_single_case(service: Service) -> None:
    await filed(service)
    resident = await service.person("resident")
    assert [one["cases"] for one in (await resident.get(f"{API}/hotspots")).json()["items"]] == [
        pytest.approx(3)
    ]
    assert len((await resident.get(f"{API}/heatmap")).json()["points"]) <= 1


@pytest.mark.parametrize(
    "query",
    [
        "hours=9",
        "hours=9-9",
        "hours=25-3",
        "hours=x",
        "month=13",
        "season=monsoon",
        "day=today",
        "from=2026-07-01&to=2026-06-01",
        "limit=0",
        "limit=501",
        "nothing=1",
        "category=none",
    ],
)
async def test_filters_that_make_no_sense(service: Service, query: str) -> None:
    planner = await service.person("planner")
    assert (await planner.get(f"{API}/hotspots?{query}")).status_code == 400
    page, _ = await signed_in(service)
    assert (await page.get(f"/planner?{query}")).status_code in {200, 400}


async def test_too_little_history_is_said(service: Service) -> None:
    await filed(service)
    curve = (await (await service.person("planner")).get(f"{API}/hotspots/curve")).json()
    assert curve["enough"] is False
    client, _ = await signed_in(service)
    assert "历史太短" in (await client.get("/planner")).text


async def test_the_page_does_not_wait_for_a_slow_curve(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filed(service)
    client, _ = await signed_in(service)
    monkeypatch.setattr(curves, "PATIENCE_S", 0.0)
    soon = (await client.get("/planner")).text
    assert 'aria-busy="true"' in soon
    assert "历史太短" not in soon
    monkeypatch.undo()
    page = (await client.get("/planner")).text
    assert "历史太短" in page
    assert 'id="curve" aria-labelledby="curve-head">' in page


async def test_a_page_for_each_street(service: Service, problem: Check) -> None:
    await filed(service)
    street = (await (await service.person("planner")).get(f"{API}/hotspots")).json()["items"][0]
    client, _ = await signed_in(service)
    page = await client.get(f"/planner/streets/{street['id']}")
    assert page.status_code == 200
    assert page.text.count("data-case=") == 3
    assert (await client.get(f"/planner/streets/{uuid4()}")).status_code == 404
    assert (await client.get("/planner/streets/x")).status_code == 400
    elsewhere, _ = await signed_in(service, "resident")
    assert (await elsewhere.get(f"/planner/streets/{street['id']}")).status_code == 403


async def test_everybody_sees_a_coarse_heatmap_where_that_is_allowed(
    service: Service, problem: Check
) -> None:
    for category in ("sewer", "manhole", "rubbish", "tree"):
        await service.report(where=(50, 50), category=category)
    visitor = await service.anybody()
    problem(await visitor.get(f"/heat/{service.community.community_id}"), 404, "route_unknown")
    planner, secret = await signed_in(service)
    assert (await planner.post("/planner/heat/public", data={"csrf": secret, "on": "1"})).status_code == 403
    admin, csrf = await signed_in(service, "admin")
    assert (await admin.post("/planner/heat/public", data={"csrf": csrf, "on": "1"})).status_code == 303
    shown = await visitor.get(f"/heat/{service.community.community_id}")
    assert shown.status_code == 200
    assert "模糊到 100 米" in shown.text
    assert "heat-cell" not in shown.text.split("<script")[-1]
    assert drawn_points(shown.text) == 0  # four cases are too few to be shown to everybody
    await service.report(where=(50, 50), category="street_lamp")
    assert drawn_points((await visitor.get(f"/heat/{service.community.community_id}")).text) == 1
    await admin.post("/planner/heat/public", data={"csrf": csrf, "on": "0"})
    assert (await visitor.get(f"/heat/{service.community.community_id}")).status_code == 404
    assert (await visitor.get("/heat/%00")).status_code == 404


def drawn_points(html: str) -> int:
    found = re.search(r"L\.heatLayer\(\s*(\[.*?\]),\s*\{", html, re.DOTALL)
    assert found
    return len(json.loads(found[1]))


async def test_a_heatmap_as_a_file_asks_nobody_for_anything(service: Service) -> None:
    await filed(service)
    client, _ = await signed_in(service)
    plain = await client.get("/planner/heatmap?weigh=recent&month=6")
    assert drawn_points(plain.text) == 4
    answer = await client.get("/planner/heatmap?file=html")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert not re.findall(r"<(?:script|link)[^>]*(?:src|href)=", answer.text)
    assert not re.findall(r"url\((?!['\"]?(?:data:|#))", answer.text)
    assert (await client.get("/planner/heatmap?weigh=elephants")).status_code == 400
    assert (await client.get("/planner/heat?month=x")).status_code == 400


async def with_rates(service: Service) -> tuple[httpx.AsyncClient, str]:
    client, csrf = await signed_in(service)
    rates = {"csrf": csrf, "sewer": "800", "road_damage": "1,200"}
    assert (await client.post("/planner/rates", data=rates)).status_code == 303
    return client, csrf


async def proposed(client: httpx.AsyncClient, query: str) -> dict[str, Any]:
    page = (await client.get(f"/planner/plans/new?{query}")).text
    fields = dict(re.findall(r'<input type="hidden" name="(id|base)" value="([^"]*)"', page))
    return {**fields, "street": re.findall(r'name="street" value="([^"]+)"', page)}


async def test_a_plan_is_kept_with_its_figures(service: Service) -> None:
    await filed(service)
    client, csrf = await with_rates(service)
    form = await proposed(client, "budget=metres&amount=120") | {
        "csrf": csrf,
        "name": "第一批",
        "budget": "metres",
    }
    assert form["street"]
    for _ in range(2):  # a second press changes nothing
        answer = await client.post("/planner/plans", data=form)
        assert answer.status_code == 303, answer.text
    plan = answer.headers["location"].partition("?")[0]
    before = (await client.get(plan)).text
    await service.report(where=(2, 30), category="manhole")
    assert re.findall(r"<td class=\"num\">(.*?)</td>", before) == re.findall(
        r"<td class=\"num\">(.*?)</td>", (await client.get(plan)).text
    )
    sheet = await client.get(f"{plan}/sheet")
    book = openpyxl.load_workbook(io.BytesIO(sheet.content))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(form["street"])
    assert rows[0][10] == pytest.approx(800 * float(str(rows[0][3])), rel=0.01)
    report = await client.get(f"{plan}/report")
    assert "第一批" in report.text
    assert report.text.count("<circle") == len(rows)
    assert (await client.get(f"{plan}/elephant")).status_code == 404


async def test_two_people_change_a_plan(service: Service) -> None:
    await filed(service)
    client, csrf = await with_rates(service)
    form = await proposed(client, "budget=metres&amount=300") | {"csrf": csrf, "name": "第一批"}
    plan = (await client.post("/planner/plans", data=form)).headers["location"].partition("?")[0]
    other, others = await signed_in(service, "desk")
    mine = await proposed(client, f"plan={form['id']}")
    theirs = await proposed(other, f"plan={form['id']}")
    assert mine["base"] == theirs["base"] == "1"
    kept = {"name": "第二版", "street": theirs["street"][:1]}
    assert (await other.post("/planner/plans", data=theirs | kept | {"csrf": others})).status_code == 303
    late = await client.post("/planner/plans", data=mine | {"csrf": csrf, "name": "我的版本"})
    assert late.status_code == 409
    assert "我的版本" in late.text
    assert "第一批" in (await client.get(f"{plan}?version=1")).text
    assert "第二版" in (await client.get("/planner/plans")).text
    assert (await client.post(f"{plan}/drop", data={"csrf": csrf})).status_code == 303
    assert "第二版" not in (await client.get("/planner/plans")).text
    assert (await client.get(plan)).status_code == 200


async def test_plans_that_make_no_sense(service: Service) -> None:
    await filed(service)
    client, csrf = await with_rates(service)
    form = await proposed(client, "budget=metres&amount=300") | {"csrf": csrf, "name": "第一批"}
    for change, status in (
        ({"name": ""}, 400),
        ({"name": LONG}, 400),
        ({"street": []}, 400),
        ({"street": [str(uuid4())]}, 404),
        ({"street": ["x"]}, 404),
        ({"id": "x"}, 404),
        ({"base": "7"}, 409),
        ({"base": "-1"}, 409),
        ({"from": "x"}, 400),
    ):
        answer = await client.post("/planner/plans", data=form | change)
        assert answer.status_code == status, (change, answer.text[:300])
    for query in (
        "budget=metres&amount=0",
        "budget=metres&amount=nan",
        "budget=elephants&amount=5",
        "amount=x",
    ):
        assert (await client.get(f"/planner/plans/new?{query}")).status_code == 400, query
    for rates in ({"sewer": "-1"}, {"sewer": "x"}, {"sewer": "1e99"}, {"elephants": "5"}):
        assert (await client.post("/planner/rates", data=rates | {"csrf": csrf})).status_code == 400, rates
    assert (await client.post("/planner/rates", data={"csrf": csrf, "sewer": ""})).status_code == 303
    worker, theirs = await signed_in(service, "grid01")
    assert (await worker.post("/planner/plans", data=form | {"csrf": theirs})).status_code == 403
