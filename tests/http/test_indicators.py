"""Indicators over HTTP: who may see what, periods that make no sense, and figures that are those of the cases."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
import openpyxl
import pytest

from tests.http.conftest import API, Json, Service, photo_bytes

Check = Callable[[httpx.Response, int, str], Json]
OWN = {"period": "own", "from": "2026-06-01", "to": "2026-06-08"}


async def lived(service: Service) -> None:
    """Have one case closed in time, one rejected and one open, then let two days pass."""
    await service.on_duty("rider1", (60, 0))
    made = await service.report("resident", category="rubbish")
    service.clock.at += timedelta(seconds=40)
    assert (await service.act("rider1", made["case_id"], "accept")).status_code == 200
    client = await service.person("rider1")
    service.clock.at += timedelta(minutes=20)
    done = await client.post(
        f"{API}/cases/{made['case_id']}/done", files={"photo": ("a.jpg", photo_bytes(), "image/jpeg")}
    )
    assert done.status_code == 200, done.text
    assert (await service.act("desk", made["case_id"], "verify")).status_code == 200
    other = await service.report("resident", category="dispute", where=(35, 160))
    service.clock.at += timedelta(seconds=45)
    assert (await service.act("desk", other["case_id"], "reject", reason="没有")).status_code == 200
    await service.report("desk", category="street_lamp", where=(150, 150))
    service.clock.at += timedelta(days=2)


async def read(service: Service, who: str = "desk", **query: Any) -> Json:
    given = query if query.get("period", "own") != "own" else OWN | query
    answer = await (await service.person(who)).get(f"{API}/indicators", params=given)
    assert answer.status_code == 200, answer.text
    return answer.json()


def figures(answer: Json) -> dict[str, Any]:
    return {one["key"]: one for one in answer["items"]}


async def test_figures_are_those_of_the_cases(service: Service) -> None:
    await lived(service)
    found = figures(await read(service))
    assert {key: found[key]["value"] for key in ("reports", "cases", "closed", "points")} == {
        "reports": 3,
        "cases": 3,
        "closed": 1,
        "points": 3,
    }
    assert (found["on_time"]["numerator"], found["on_time"]["denominator"]) == (1, 2)
    assert found["response_median"]["value"] == pytest.approx(40, rel=0.1)
    assert found["dispute_success"]["value"] == 0
    assert (found["visits"]["value"], found["problems_answered"]["value"]) == (0, None)
    assert found["satisfaction"]["value"] is None
    assert all(one["definition"] for one in found.values())
    assert len(found["reports"]["trend"]) == 6
    assert found["reports"]["before"] == 0
    whole = await read(service, by="grid")
    assert [one["key"] for one in whole["cells"]] == ["01", "02"]
    assert sum(one["figures"]["cases"]["value"] for one in whole["cells"]) == 3
    assert {one["figures"]["on_time"]["verdict"] for one in whole["cells"]} == {"few"}
    assert {one["key"]: one["reports"] for one in whole["by_source"]} == {"app": 3}


async def test_the_same_figures_whatever_was_counted_before(service: Service) -> None:
    await lived(service)
    assert (await read(service))["items"] == (await read(service))["items"]


async def test_who_sees_what(service: Service, problem: Check) -> None:
    await lived(service)
    for name in ("resident", "rider1", "watcher01-01", "water"):
        answer = await (await service.person(name)).get(f"{API}/indicators")
        problem(answer, 403, "not_allowed")
    worker = await read(service, "grid01", by="micro_grid")
    assert (worker["kind"], worker["key"]) == ("grid", "01")
    assert [one["key"] for one in worker["cells"]] == ["01-01", "01-02"]
    assert worker["by_source"] == []
    client = await service.person("grid01")
    for query in ({"grid": "02"}, {"micro_grid": "02-01"}, {"grid": "99"}):
        problem(await client.get(f"{API}/indicators", params=query), 404, "area_not_found")
    team = await read(service, "grid01", by="person")
    assert {one["name_en"] for one in team["cells"]} == {"grid01", "watcher01-01", "watcher01-02"}
    assert (await read(service, "desk", by="person"))["cells"] == []
    planner = await service.person("planner")
    problem(
        await planner.get(f"{API}/indicators", params=OWN | {"grid": "01", "by": "person"}),
        403,
        "not_allowed",
    )


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"period": "own", "from": "2026-06-05", "to": "2026-06-01"}, "period_backwards"),
        ({"period": "own", "from": "2027-01-01", "to": "2027-02-01"}, "period_in_future"),
        ({"period": "month", "date": "2027-01-01"}, "period_in_future"),
        ({"period": "own", "from": "2020-01-01", "to": "2026-01-01"}, "period_too_long"),
        ({"period": "week", "date": "1999-01-01"}, "period_too_early"),
        ({"period": "week", "date": "yesterday"}, "date_invalid"),
        ({"period": "week", "date": "9999-12-31"}, "period_in_future"),
        ({"period": "own", "from": "0001-01-01"}, "period_too_early"),
        ({"period": "year"}, "field_not_one_of"),
        ({"by": "age"}, "field_not_one_of"),
        ({"grid": "01", "micro_grid": "01-01"}, "grid_or_micro_grid"),
        ({"perod": "week"}, "unknown_parameter"),
    ],
    ids=lambda one: one if isinstance(one, str) else "-".join(one),
)
async def test_what_makes_no_sense_is_said(
    service: Service, problem: Check, query: dict[str, str], code: str
) -> None:
    answer = await (await service.person("desk")).get(f"{API}/indicators", params=query)
    body = problem(answer, 400, answer.json()["code"])
    assert code in {body["code"], *(one["code"] for one in body["errors"])}


async def test_a_period_without_cases_is_well_formed(service: Service) -> None:
    found = await read(service, **{"from": "2024-02-01", "to": "2024-02-29"}, by="grid")
    assert {one["value"] for one in found["items"]} <= {None, 0}
    assert found["by_category"] == []


async def test_the_page_and_the_report_show_the_same_figures(service: Service) -> None:
    await lived(service)
    client, _ = await service.browser("desk")
    query = {"period": "own", "from": "2026-06-01", "to": "2026-06-08"}
    for lang, word in (("zh", "按期结案率"), ("en", "On-time closure")):
        for path in ("/indicators", "/indicators/report"):
            page = await client.get(path, params=query | {"lang": lang})
            assert page.status_code == 200, page.text
            assert word in page.text
            assert "50.0%" in page.text
    book = await client.get("/indicators/report.xlsx", params=query | {"lang": "zh"})
    assert book.status_code == 200
    found = openpyxl.load_workbook(BytesIO(book.content), read_only=True)
    rows = {row[1]: row[2] for row in found["指标"].iter_rows(values_only=True)}
    assert (rows["上报数"], rows["按期结案率"]) == (3, 50)
    assert "按网格" in found.sheetnames
    tables = {}
    for period in ("month", "quarter"):
        page = await client.get("/indicators/report", params={"period": period, "lang": "zh"})
        tables[period] = "按网格" in page.text, "按微网格" in page.text
    assert tables == {"month": (True, False), "quarter": (True, True)}


async def test_figures_lead_to_what_they_are_made_of(service: Service) -> None:
    await lived(service)
    led = {}
    for username in ("desk", "grid01", "planner"):
        client, _ = await service.browser(username)
        page = (await client.get("/indicators", params={"period": "month"})).text
        links = {html.unescape(one) for one in re.findall(r'<b class="figures"><a href="([^"]+)"', page)}
        for link in links:
            assert (await client.get(link)).status_code == 200, (username, link)
        led[username] = {link.partition("?")[0] for link in links}
    assert led["desk"] >= {"/desk", "/visits/log", "/visits/findings"}
    assert "/visits/log" not in led["planner"]


async def test_a_wrong_question_on_the_page_is_told_and_figures_are_shown_all_the_same(
    service: Service,
) -> None:
    client, _ = await service.browser("desk")
    page = await client.get("/indicators", params={"period": "own", "from": "2026-06-08", "to": "2026-06-01"})
    assert page.status_code == 400
    assert "开始日期晚于结束日期" in page.text
    assert "立案数" in page.text
    assert (await client.get("/indicators/report", params={"date": "soon"})).status_code == 400
    worker, _ = await service.browser("grid01")
    assert (await worker.get("/indicators", params={"grid": "02"})).status_code == 404
    assert (await worker.get("/indicators/report.xlsx")).status_code == 200
    rider, _ = await service.browser("rider1")
    assert (await rider.get("/indicators")).status_code == 403


async def test_without_a_browser_on_the_machine_the_page_is_printed(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.printing.browser", lambda: None)
    client, _ = await service.browser("desk")
    answer = await client.get("/indicators/report.pdf", params={"period": "month"})
    assert answer.status_code == 303
    shown = await client.get(answer.headers["location"])
    assert shown.status_code == 200
    assert "打印" in shown.text


async def test_a_month_that_is_over_is_the_sum_of_its_days(service: Service) -> None:
    await lived(service)
    service.clock.at += timedelta(days=40)
    days = await read(service, **{"from": "2026-06-01", "to": "2026-06-30"}, by="grid")
    month = await read(service, period="month", date="2026-06-10", by="grid")
    quarter = await read(service, period="quarter", date="2026-06-10", by="grid")
    assert figures(days)["cases"]["value"] == 3
    for other in (month, quarter):
        for key, one in figures(days).items():
            assert figures(other)[key]["value"] == one["value"], key
        assert other["cells"] == days["cells"]
