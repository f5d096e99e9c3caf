"""Files that people take out: the rows and columns of their role, at once or ordered, and only for who ordered them."""

import asyncio
import csv
import io
from datetime import timedelta
from itertools import product
from uuid import uuid4

import openpyxl
import pytest
from sqlalchemy import text

from api.exporting import SAY
from api.parts import Parts
from gis.flows.exports import jobs
from gis.flows.exports.layers import Source
from gis.store.session import Database
from tests.http.conftest import API, Check, Service

WEST, EAST = (35, 20), (135, 120)


def rows_of(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def run_job(service: Service, export_id: str) -> None:
    parts: Parts = service.app.state.parts
    bound = jobs.bind_exports(parts.work, Source(parts.database.read, parts.streets), SAY)
    await bound["write_export"](community_id="test", export_id=export_id)


async def ordered(client, **fields) -> dict:
    body = {"layer": "cases", "format": "csv", **fields}
    answer = await client.post(f"{API}/exports", json=body)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def test_everybody_takes_out_what_they_see(service: Service, problem: Check) -> None:
    west = await service.report("resident", where=WEST, category="road_damage", description="=1+1")
    east = await service.report("rider2", where=EAST, category="water_leak")
    numbers = {"west": west["number"], "east": east["number"]}
    expected = {
        "desk": {"west", "east"},
        "admin": {"west", "east"},
        "planner": {"west", "east"},
        "grid01": {"west"},
        "grid02": {"east"},
        "water": set(),
    }
    for username, visible in expected.items():
        client = await service.person(username)
        found = rows_of(await client.get(f"{API}/exports/cases.csv"))
        listed = (await client.get(f"{API}/cases")).json()
        assert {one["案件编号"] for one in found} == {numbers[one] for one in visible}, username
        assert len(found) == listed["total"]
        sees_who = username in ("desk", "admin", "grid01", "grid02")
        assert all(("办理人" in one) is sees_who for one in found)
        layer = await client.get(f"{API}/exports/areas.csv?level=micro_grid")
        codes = {one["编码"] for one in rows_of(layer)}
        assert codes == ({f"{username[-2:]}-01", f"{username[-2:]}-02"} if "grid" in username else codes)
    for username in ("resident", "rider1", "watcher01-01"):
        client = await service.person(username)
        problem(await client.get(f"{API}/exports/cases.csv"), 403, "not_allowed")
        problem(
            await client.post(f"{API}/exports", json={"layer": "cases", "format": "csv"}), 403, "not_allowed"
        )
    desk = await service.person("desk")
    (row,) = rows_of(await desk.get(f"{API}/exports/cases.csv?category=road_damage"))
    assert (row["类别"], row["摘要"], row["状态"]) == ("道路破损塌陷", "'=1+1", "待派单")
    (row,) = rows_of(await desk.get(f"{API}/exports/cases.csv?category=road_damage&lang=en"))
    assert row["Category"] == "Road damage"


async def test_what_a_grid_worker_has_only_reported_stays(service: Service) -> None:
    await service.report("grid01", where=EAST)
    client = await service.person("grid01")
    assert (await client.get(f"{API}/cases")).json()["total"] == 1
    assert rows_of(await client.get(f"{API}/exports/cases.csv")) == []


LAYERS = ("cases", "areas", "streets", "stations", "buildings")
BEGINS = {"xlsx": b"PK", "shp.zip": b"PK", "gpkg": b"SQLite", "parquet": b"PAR1", "geojson": b"{"}


async def test_every_layer_in_every_format(service: Service) -> None:
    desk = await service.person("desk")
    for layer, (ending, begins) in product(LAYERS, BEGINS.items()):
        answer = await desk.get(f"{API}/exports/{layer}.{ending}?datum=gcj02")
        assert answer.status_code == 200, answer.text
        assert f'filename="weiwang-{layer}-gcj02-' in answer.headers["content-disposition"]
        assert answer.headers["content-disposition"].endswith(f'.{ending}"')
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.content.startswith(begins)


async def test_hotspot_streets(service: Service) -> None:
    for x_m in (10, 30, 50):
        await service.report(where=(x_m, 3), category="road_damage")
    desk = await service.person("desk")
    first, *_ = rows_of(await desk.get(f"{API}/exports/streets.csv"))
    assert (first["名次"], first["名称"], first["上报次数"]) == ("1", "南街", "3.0")
    assert float(first["下限（90%） (/100 m/a)"]) < float(first["每百米每年 (/100 m/a)"])
    shown = (await desk.get(f"{API}/exports/streets.geojson")).json()["features"][0]
    assert shown["geometry"]["type"] == "MultiLineString"


async def test_an_ordered_file(service: Service, database: Database, problem: Check) -> None:
    await service.report(where=WEST)
    desk = await service.person("desk")
    order = await ordered(desk, format="xlsx", status="live", **{"from": "2026-06-01"})
    assert (order["state"], order["file_url"], order["rows_total"]) == ("waiting", None, None)
    url = f"{API}/exports/{order['id']}"
    problem(await desk.get(f"{url}/file"), 409, "export_not_ready")
    await run_job(service, order["id"])
    done = (await desk.get(url)).json()
    assert (done["state"], done["rows"], done["rows_total"]) == ("done", 1, 1)
    answer = await desk.get(done["file_url"])
    assert len(answer.content) == done["bytes"]
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert page is not None
    assert page.title == "案件"
    assert page.max_row == 2
    for username in ("admin", "grid01"):
        client = await service.person(username)
        problem(await client.get(f"{url}/file"), 404, "export_not_found")
        problem(await client.get(url), 404, "export_not_found")
        problem(await client.post(f"{url}/cancel"), 404, "export_not_found")
        assert (await client.get(f"{API}/exports")).json()["items"] == []
    async with database.read() as session:
        logged = await session.rows(text("SELECT kind, subject_id FROM access ORDER BY access_id"))
    assert [(one.kind, one.subject_id.split()[0]) for one in logged] == [
        ("export", "cases.xlsx"),
        ("export_file", "cases.xlsx"),
    ]


async def test_rights_are_those_of_when_it_is_written(service: Service, database: Database) -> None:
    order = await ordered(await service.person("grid01"))
    async with database.write() as session:
        await session.run(text("UPDATE person SET active = false WHERE username = 'grid01'"))
    await run_job(service, order["id"])
    async with database.read() as session:
        row = await session.row(text("SELECT state, error FROM export"))
    assert tuple(row or ()) == ("failed", "not_allowed")


async def test_a_repeat_orders_nothing_more(service: Service, database: Database, problem: Check) -> None:
    desk, mine = await service.person("desk"), str(uuid4())
    answers = await asyncio.gather(*(ordered(desk, id=mine) for _ in range(2)), return_exceptions=True)
    assert any(isinstance(one, dict) for one in answers)
    assert (await ordered(desk, id=mine))["id"] == mine
    problem(
        await desk.post(f"{API}/exports", json={"id": mine, "layer": "areas", "format": "csv"}),
        409,
        "export_id_reused",
    )
    async with database.read() as session:
        assert await session.value(text("SELECT count(*) FROM export")) == 1
        assert await session.value(text("SELECT count(*) FROM procrastinate_jobs")) == 1
    await ordered(desk)
    await ordered(desk)
    answer = await desk.post(f"{API}/exports", json={"layer": "cases", "format": "csv"})
    problem(answer, 429, "too_many_exports")


async def test_calling_off_and_running_out(service: Service, problem: Check) -> None:
    desk = await service.person("desk")
    parts: Parts = service.app.state.parts
    order = await ordered(desk)
    assert (await desk.post(f"{API}/exports/{order['id']}/cancel")).json()["state"] == "cancelled"
    await run_job(service, order["id"])
    problem(await desk.get(f"{API}/exports/{order['id']}/file"), 409, "export_gone")
    kept = await ordered(desk)
    await run_job(service, kept["id"])
    folder = parts.settings.export_folder / "test"
    assert [one.name for one in folder.iterdir()] == [f"{kept['id']}.csv"]
    service.clock.at += timedelta(hours=25)
    await jobs.sweep_exports(parts.work)
    fresh = await service.sign_in("desk")
    assert (await fresh.get(f"{API}/exports/{kept['id']}")).json()["state"] == "expired"
    assert list(folder.iterdir()) == []


async def test_cancelled_while_it_is_written(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from gis.flows.exports import layers

    monkeypatch.setattr(layers, "BATCH", 1)
    for at in range(3):
        await service.report(where=(10 + 30 * at, 20), category="sewer")
    desk = await service.person("desk")
    order = await ordered(desk)
    parts: Parts = service.app.state.parts
    asked = []

    async def advance(*given) -> bool:
        asked.append(given[-1])
        await desk.post(f"{API}/exports/{order['id']}/cancel")
        return False

    monkeypatch.setattr("gis.store.exports.advance", advance)
    await run_job(service, order["id"])
    assert asked == [1]
    assert (await desk.get(f"{API}/exports/{order['id']}")).json()["state"] == "cancelled"
    assert list((parts.settings.export_folder / "test").iterdir()) == []


BAD = [
    ("exports/people.csv", 404, "layer_unknown"),
    ("exports/cases.pdf", 404, "format_unknown"),
    ("exports/cases.csv?datum=epsg", 400, "field_not_one_of"),
    ("exports/cases.csv?bbox=abc", 400, "bbox_invalid"),
    ("exports/cases.csv?status=lost", 400, "field_not_one_of"),
    ("exports/cases.csv?from=2026-13-01", 400, "date_invalid"),
    ("exports/cases.csv?limit=5", 400, "unknown_parameter"),
    ("exports/areas.csv?level=street", 400, "field_not_one_of"),
    ("exports/nonsense", 400, "field_not_uuid"),
    (f"exports/{uuid4()}", 404, "export_not_found"),
]


async def test_bad_input(service: Service, problem: Check) -> None:
    desk = await service.person("desk")
    for path, status, code in BAD:
        problem(await desk.get(f"{API}/{path}"), status, code)


async def test_large_ones_have_to_be_ordered(service: Service, problem: Check) -> None:
    parts: Parts = service.app.state.parts
    parts.settings.exports.at_once_rows, before = 3, parts.settings.exports.at_once_rows
    try:
        found = problem(
            await (await service.person("desk")).get(f"{API}/exports/areas.csv"), 413, "export_too_large"
        )
    finally:
        parts.settings.exports.at_once_rows = before
    assert "4 行" in found["detail"]


async def test_the_page(service: Service) -> None:
    client, csrf = await service.browser("desk")
    page = await client.get("/exports", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "还没有导出过文件" in page.text
    form = {
        "csrf": csrf,
        "id": str(uuid4()),
        "layer": "cases",
        "format": "xlsx",
        "datum": "wgs84",
        "status": "",
    }
    sent = await client.post("/exports", data=form)
    assert (sent.status_code, sent.headers["location"]) == (303, "/exports?notice=export_ordered")
    page = await client.get("/exports?lang=en", headers={"Accept": "text/html"})
    assert "<progress" in page.text
    await run_job(service, form["id"])
    page = await client.get("/exports", headers={"Accept": "text/html"})
    assert f"/api/v1/exports/{form['id']}/file" in page.text
    bad = await client.post("/exports", data={**form, "id": str(uuid4()), "from": "gestern"})
    assert bad.status_code == 400
    assert "gestern" in bad.text
    assert 'id="error-from"' in bad.text
    refused = await (await service.browser("resident"))[0].get("/exports", headers={"Accept": "text/html"})
    assert refused.status_code == 403
