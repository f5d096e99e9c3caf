"""The kitchen over HTTP: menu, subscriptions, the day's list, rounds, statement; who sees what, and bad input."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta
from uuid import uuid4

from openpyxl import load_workbook
from sqlalchemy import text

from gis.meals.subscribing import CONSENT_VERSION
from gis.store.session import Database
from tests.http.conftest import API, Check, Json, Service
from tests.http.test_every_form import KEPT, RUBBISH, TYPED, every_form, post
from tests.http.test_pages import signed_in
from tests.http.test_station_minding import build
from tests.meals import AFTER_CUT_OFF, MORNING, TOMORROW, kitchen_body, somebody

DAY = f"{API}/meals/days/{TOMORROW}"


async def opened(service: Service) -> None:
    desk = await service.person("desk")
    made = await desk.put(f"{API}/meals/kitchen", json=kitchen_body(service.community))
    assert made.status_code == 200, made.text
    for age, fen in ((0, 1200), (80, 500), (90, 0)):
        body = {"name": f"{age}+", "from_age": age, "price_fen": fen, "first_day": str(TOMORROW)}
        assert (await desk.post(f"{API}/meals/prices", json=body)).status_code == 201


async def entered(service: Service, **fields: object) -> Json:
    desk = await service.person("desk")
    made = await desk.post(f"{API}/meals/subscriptions", json=somebody(service.community, **fields))
    assert made.status_code == 201, made.text
    return made.json()


async def test_from_the_menu_to_the_statement(service: Service, database: Database) -> None:
    await opened(service)
    desk, rider, resident = [await service.person(name) for name in ("desk", "rider1", "resident")]
    dishes = [{"name": "红烧带鱼", "allergens": ["fish", "soy"]}, {"name": "米饭"}]
    menu = await desk.put(
        f"{API}/meals/menu/2026-06-01", json={"publish": True, "days": {str(TOMORROW): dishes}}
    )
    assert menu.status_code == 200, menu.text
    first = await entered(service, diets=["low_salt"], without=["fish"], diet_note="糖尿病，米饭少")
    second = await entered(service, name="李玉珍", birth_year=1930, servings=2)
    own = {"id": str(uuid4()), "weekdays": [4], "first_day": str(TOMORROW), "birth_year": 1930}
    mine = (await resident.post(f"{API}/meals/subscriptions", json=own)).json()
    assert (first["next_fen"], second["next_fen"], mine["next_fen"]) == (
        500,
        0,
        1200,
    )  # their word prices nothing
    service.clock.at = MORNING
    found = (await desk.get(DAY)).json()
    assert (found["closed"], found["servings"], found["collect"], found["deliver"]) == (True, 4, 1, 3)
    assert [(one["name"], one["portions"], one["instead"]) for one in found["dishes"]] == [
        ("红烧带鱼", 3, 1),
        ("米饭", 4, 0),
    ]
    assert (found["groups"][1]["diets"], found["groups"][1]["note"]) == (["low_salt"], "糖尿病，米饭少")
    await service.on_duty("rider1", (40, 2))
    made = (await desk.post(f"{DAY}/rounds")).json()
    assert (made["made"], len(made["items"]), made["items"][0]["stops"]) == (1, 1, 2)
    assert (await desk.post(f"{DAY}/rounds")).json()["made"] == 0
    one = made["items"][0]
    url = f"{API}/meals/rounds/{one['id']}"
    assert (await rider.get(url)).status_code == 404  # offered, not yet theirs
    assert (await service.act("rider1", one["case_id"], "accept")).status_code == 200
    browser, _ = await service.browser("rider1")
    assert f'href="/meals/rounds/{one["id"]}"' in (await browser.get("/tasks")).text
    seen = await rider.get(url)
    assert {stop["name"] for stop in seen.json()["items"]} == {"王桂兰", "李玉珍"}
    assert "糖尿病" not in seen.text
    assert "low_salt" not in seen.text
    for subscription, outcome in ((first, "not_home"), (first, "not_home"), (second, "delivered")):
        said = await rider.post(f"{url}/stops/{subscription['id']}", json={"outcome": outcome})
        assert said.status_code == 204, said.text
    check = (await desk.get(f"{API}/cases", params={"category": "elderly_care"})).json()["items"]
    assert [case["urgent"] for case in check] == [True]
    assert "王桂兰" not in str(check)
    case = (await desk.get(f"{API}/cases/{one['case_id']}")).json()
    assert case["status"] == "done"
    assert (
        await rider.get(url)
    ).status_code == 404  # handed in: what was private is theirs to know no longer
    closed = (await desk.post(f"{DAY}/rounds/verify")).json()["items"]
    assert closed[0]["status"] == "closed"
    assert (await rider.get(f"{API}/me/points")).json()["balance"] > 0
    assert (await desk.post(f"{DAY}/collected")).json() == {"collected": 1}
    month = (await desk.get(f"{API}/meals/statement", params={"month": "2026-06"})).json()
    assert (month["servings"], month["fen"]) == (4, 1700)
    assert [(line["rule"]["from_age"], line["servings"], line["fen"]) for line in month["rules"]] == [
        (0, 1, 1200),
        (80, 1, 500),
        (90, 2, 0),
    ]
    assert (await resident.get(f"{API}/meals/mine", params={"month": "2026-06"})).json()["fen"] == 1200
    async with database.read() as session:
        rows = await session.rows(
            text("SELECT DISTINCT kind FROM access WHERE kind LIKE 'meal%' ORDER BY kind")
        )
        stored = await session.rows(text("SELECT contact, diet FROM meal_subscription"))
    assert [row.kind for row in rows] == [
        "meal_diets",
        "meal_round",
        "meal_statement",
        "meal_subscription",
    ]
    assert not any("王桂兰".encode() in bytes(row.contact) for row in stored)


async def test_after_the_cut_off_nothing_reaches_back(service: Service, problem: Check) -> None:
    await opened(service)
    one = await entered(service)
    desk = await service.person("desk")
    service.clock.at = AFTER_CUT_OFF
    url = f"{API}/meals/subscriptions/{one['id']}"
    late = somebody(service.community)
    problem(await desk.post(f"{API}/meals/subscriptions", json=late), 400, "meal_too_late")
    off = {"first_day": str(TOMORROW), "last_day": str(TOMORROW)}
    problem(await desk.post(f"{url}/pauses", json=off), 400, "meal_too_late")
    assert (await desk.post(f"{url}/end")).json()["last_day"] == str(TOMORROW)
    assert (await desk.get(DAY)).json()["servings"] == 1
    problem(await desk.post(f"{url}/erase"), 409, "meal_not_over")
    problem(
        await desk.post(f"{API}/meals/subscriptions", json=late | {"resident_id": str(uuid4())}),
        400,
        "meal_too_late",
    )
    service.clock.at = MORNING + timedelta(days=1)
    assert (await desk.post(f"{url}/erase")).status_code == 204
    assert (await desk.get(url)).status_code == 404
    month = (await desk.get(f"{API}/meals/statement", params={"month": "2026-06"})).json()
    assert [(one["name"], one["servings"]) for one in month["people"]] == [("", 1)]
    assert (await (await service.person("resident")).get(f"{API}/meals/mine?month=2026-06")).json()[
        "items"
    ] == []


async def test_who_sees_what(service: Service, problem: Check) -> None:
    await opened(service)
    one = await entered(service, diets=["low_salt"])
    service.clock.at = MORNING
    for name in ("resident", "rider1", "watcher02-02", "grid02", "planner", "water"):
        client = await service.person(name)
        for path in (f"subscriptions/{one['id']}", f"rounds/{uuid4()}", f"checks/{uuid4()}"):
            answer = await client.get(f"{API}/meals/{path}")
            assert answer.status_code == 404, (name, path)
        for path in (f"days/{TOMORROW}", f"days/{TOMORROW}/counter", f"days/{TOMORROW}/rounds"):
            problem(await client.get(f"{API}/meals/{path}"), 403, "not_allowed")
        problem(await client.get(f"{API}/meals/statement", params={"month": "2026-06"}), 403, "not_allowed")
        problem(await client.get(f"{API}/meals/subscriptions", params={"mine": "false"}), 403, "not_allowed")
    assert (await (await service.person("planner")).get(f"{API}/meals/menu")).status_code == 403
    assert (await (await service.person("rider1")).get(f"{API}/meals/menu")).status_code == 200


async def test_bad_input(service: Service, problem: Check) -> None:
    desk = await service.person("desk")
    subscriptions = f"{API}/meals/subscriptions"
    problem(await desk.get(DAY), 409, "kitchen_missing")
    problem(await desk.post(subscriptions, json=somebody(service.community)), 409, "kitchen_missing")
    await opened(service)
    for fields, code in (
        ({"first_day": "2026-06-03"}, "meal_too_late"),
        ({"first_day": "9999-01-01"}, "meal_too_far"),
        ({"last_day": "2026-06-01"}, "meal_days_order"),
        ({"servings": 0}, "meal_servings"),
        ({"servings": 10**30}, "meal_servings"),
        ({"weekdays": []}, "meal_weekdays"),
        ({"weekdays": [6]}, "meal_weekdays"),
        ({"way": "drone"}, "meal_way"),
        ({"source": "self"}, "meal_source"),
        ({"building": None}, "meal_place_missing"),
        ({"building": str(uuid4())}, "building_unknown"),
        ({"birth_year": 1700}, "meal_birth_year"),
        ({"phone": "call me"}, "phone_invalid"),
        ({"name": " "}, "text_needed"),
        ({"name": "a\x00"}, "field_not_text"),
        ({"diets": ["gold"]}, "diet_unknown"),
        ({"resident_id": str(uuid4())}, "meal_resident"),
        ({"consent_by": ""}, "consent_missing"),
        ({"consent_version": "1999"}, "consent_outdated"),
        ({"first_day": "soon"}, "field_not_date"),
    ):
        answer = await desk.post(subscriptions, json=somebody(service.community, **fields))
        assert answer.status_code == 400, (fields, answer.text)
        assert answer.json()["code"] == code, (fields, answer.text)
    resident = await service.person("resident")
    own = {"weekdays": [4], "first_day": str(TOMORROW), "diets": ["halal"]}
    problem(await resident.post(subscriptions, json=own), 400, "meal_consent")
    agreed = own | {"id": str(uuid4()), "consent_version": CONSENT_VERSION}
    assert (await resident.post(subscriptions, json=agreed)).status_code == 201
    assert (await resident.post(subscriptions, json=agreed)).status_code == 201
    problem(
        await desk.post(subscriptions, json=somebody(service.community, id=agreed["id"])),
        409,
        "meal_id_reused",
    )
    for body, code in (({"from_age": 200}, "meal_age"), ({"price_fen": -1}, "meal_price"),
                       ({"first_day": "2026-06-01"}, "meal_too_late"), ({"window_from": "10:00"}, "meal_window")):  # fmt: skip
        rule = {"name": "x", "from_age": 1, "price_fen": 1, "first_day": str(TOMORROW)} | body
        problem(await desk.post(f"{API}/meals/prices", json=rule), 400, code)
    for path in ("2026-06-02", "2030-01-07"):
        problem(await desk.put(f"{API}/meals/menu/{path}", json={"days": {}}), 400, "menu_week")
    problem(await desk.post(f"{API}/meals/menu/2026-06-08/copy"), 404, "menu_missing")
    problem(await desk.get(f"{API}/meals/statement", params={"month": "2026-13"}), 400, "month_invalid")
    problem(await desk.post(f"{DAY}/rounds"), 409, "meal_day_open")


async def test_a_day_of_an_address_is_written_as_one(service: Service, problem: Check) -> None:
    """A number is no day: seconds since 1970 would be one."""
    desk = await service.person("desk")
    for day in ("0", "1700000000", "2026-11-22T00:00:00", "20261122", "2026-13-01"):
        problem(await desk.get(f"{API}/meals/days/{day}/counter"), 400, "field_not_date")


async def test_the_pages_work_without_scripts(service: Service) -> None:
    client, csrf = await service.browser("desk")
    assert "还没有开厨房" in (await client.get("/meals")).text
    form = {"csrf": csrf, **kitchen_body(service.community)}
    wrong = await client.post("/meals/office", data=form | {"serves_to": "10:00"})
    assert (wrong.status_code, "供餐结束时间要晚于开始时间" in wrong.text) == (400, True)
    assert (await client.post("/meals/office", data=form)).headers[
        "location"
    ] == "/meals/office?notice=kitchen_kept"
    price = {"csrf": csrf, "price_id": str(uuid4()), "price_name": "普通", "from_age": "0", "price": "12.5"}
    assert (
        "meal_price"
        not in (await client.post("/meals/prices", data=price | {"first_day": str(TOMORROW)})).text
    )
    lines = "红烧带鱼 / Hairtail（鱼、大豆）\n米饭"
    menu = {"csrf": csrf, "monday": "2026-06-01", "base": "0", "day_3": lines, "publish": "yes"}
    bad = await client.post("/meals/menu", data=menu | {"day_3": "鱼（石头）"})
    assert "不认识过敏原“石头”" in bad.text
    assert "鱼（石头）" in bad.text
    assert (await client.post("/meals/menu", data=menu)).headers["location"].endswith("menu_published")
    person = somebody(service.community) | {"csrf": csrf, "consent": "yes", "diets": ["low_salt"]}
    del person["own"]
    lost = await client.post("/meals/subscriptions", data=person | {"building": ""})
    assert "送到家要选门牌" in lost.text
    assert "王桂兰" in lost.text
    assert (await client.post("/meals/subscriptions", data=person)).status_code == 303
    assert "王桂兰" in (await client.get("/meals/subscriptions")).text
    one = (await client.get(f"/meals/subscriptions/{person['id']}")).text
    assert 'value="low_salt" checked' in one
    service.clock.at = MORNING
    client, csrf = await service.browser("desk")
    day = (await client.get(f"/meals/day?day={TOMORROW}")).text
    assert "低盐" in day
    assert "王桂兰" not in day
    made = await client.post("/meals/rounds", data={"csrf": csrf, "day": str(TOMORROW), "act": "plan"})
    assert made.headers["location"].endswith("rounds_made"), made.text
    rounds = (await client.get(f"/meals/rounds?day={TOMORROW}")).text
    url = re.findall(r"/meals/rounds/[0-9a-f-]{36}", rounds)[0]
    said = await client.post(f"{url}/stops/{person['id']}", data={"csrf": csrf, "outcome": "not_home"})
    assert said.status_code == 303
    assert "已派人上门看望" in (await client.get(url)).text
    assert "12.50" in (await client.get("/meals/statement?month=2026-06")).text
    sheet = await client.get("/meals/statement/sheet?month=2026-06")
    book = load_workbook(io.BytesIO(sheet.content))
    assert book.worksheets[1]["A2"].value == "王桂兰"
    for path in ("", "/menu", "/subscriptions", f"/day?day={TOMORROW}", "/rounds", "/statement", "/office"):
        english = await client.get(f"/meals{path}", params={"lang": "en"} if "?" not in path else None)
        assert english.status_code == 200, (path, english.text)
    guest, token = await service.browser("resident")
    mine = {"csrf": token, "id": str(uuid4()), "weekdays": ["5"], "first_day": "2026-06-05", "name": "我"}
    assert (await guest.post("/meals/mine", data=mine)).headers["location"] == "/meals?notice=meal_kept"
    own = (await guest.get("/meals?lang=zh")).text
    assert "红烧带鱼" in own
    assert 'href="/meals/office"' not in own


async def test_rubbish_in_every_form_of_the_kitchen_and_the_stations(
    service: Service, database_url: str
) -> None:
    build(database_url, service.community.community_id)
    await opened(service)
    one = await entered(service, way="collect")
    desk = await service.person("desk")
    await desk.post(f"{API}/stations/S1/items", json={"kind": "water", "least": 24})
    await desk.put(f"{API}/stations/S1/keepers/{service.community.id('rider1')}")
    client, csrf = await signed_in(service, "desk")
    paths = ["", "/menu", "/subscriptions", f"/subscriptions/{one['id']}", "/rounds", "/statement", "/office"]
    forms = await every_form(client, [f"/meals{path}" for path in paths] + ["/stations/S1"])
    assert len(forms) > 16
    for same, form in forms.items():
        hidden = {name: form.values[name] for name, kind in form.fields.items() if kind == "hidden"}
        typed = {name: RUBBISH for name, kind in form.fields.items() if kind in TYPED}
        other = {name: "乱写" for name, kind in form.fields.items() if kind not in KEPT | TYPED}
        for fields in ({}, typed | other, dict.fromkeys(hidden, "\x00" * 3) | typed):
            answer = await post(client, form, {**hidden, **fields, "csrf": csrf})
            assert answer.status_code < 500, (same, answer.text)
            if answer.status_code == 400 and fields == typed | other and typed:
                assert RUBBISH in html.unescape(answer.text), same
