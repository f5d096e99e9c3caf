"""Records of residents over HTTP: pages and interface, for those responsible, with forms that lose nothing."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import text

from gis.store.session import Database
from tests.http.conftest import API, Check, Service
from tests.http.test_pages import signed_in

ID = "11010519491231002X"
WANG = {
    "name": "王秀英", "phone": "138-0000-1234", "id_number": ID, "relation": "head", "flags": ["lives_alone"],
    "contacts": [{"name": "王强", "phone": "13900005678", "relation": "儿子"}], "purpose": "care", "source": "本人",
}  # fmt: skip


async def record(service: Service, cell: str = "01-01", **fields: object) -> tuple[str, str]:
    """Record a household with 王秀英."""
    desk = await service.person("desk")
    body = {
        "building": str(service.community.buildings[cell]),
        "unit": "1",
        "flat": "301",
        "purpose": "care",
        "source": "登记",
    }
    home = (await desk.post(f"{API}/households", json=body)).json()["id"]
    made = await desk.post(f"{API}/households/{home}/residents", json=WANG | fields)
    assert made.status_code == 201, made.text
    return home, made.json()["id"]


async def test_only_those_responsible_see_a_record(service: Service, problem: Check) -> None:
    home, resident = await record(service)
    seen = {
        "desk": 200,
        "admin": 200,
        "grid01": 200,
        "watcher01-01": 200,
        "grid02": 404,
        "watcher02-01": 404,
        "rider1": 404,
        "planner": 404,
        "water": 404,
        "resident": 404,
    }
    for username, status in seen.items():
        client = await service.person(username)
        for path in (f"{API}/residents/{resident}", f"/residents/people/{resident}"):
            assert (await client.get(path)).status_code == status, (username, path)
        listed = await client.get(f"{API}/residents", params={"q": "wxy"})
        if username in {"rider1", "planner", "water", "resident"}:
            problem(listed, 403, "not_allowed")
        else:
            assert listed.json()["total"] == (status == 200)
        call = await client.post(f"{API}/residents/{resident}/call", json={"whom": 1})
        assert call.status_code == status
    anybody = await service.anybody()
    assert (await anybody.get(f"{API}/residents/{resident}")).status_code == 401
    assert (await (await service.person("grid02")).get(f"{API}/households/{home}")).status_code == 404


async def test_meals_are_ordered_from_a_record(service: Service) -> None:
    _, resident = await record(service, flags=["mobility"])
    kitchen: dict[str, object] = {
        "name": "妈妈厨房",
        "building": str(service.community.buildings["01-01"]),
        "weekdays": [1, 2, 3],
    }
    kitchen |= {"cut_off": "16:00", "cut_off_days": 1, "serves_from": "11:00", "serves_to": "12:30"}
    opened = await (await service.person("desk")).put(f"{API}/meals/kitchen", json=kitchen)
    assert opened.status_code == 200, opened.text
    desk, _ = await signed_in(service, "desk")
    assert (
        f"/meals/subscriptions?resident={resident}" in (await desk.get(f"/residents/people/{resident}")).text
    )
    form = (await desk.get(f"/meals/subscriptions?resident={resident}")).text
    for value in ("王秀英", "13800001234", "1949", "301", resident):
        assert f'value="{value}"' in form, value
    assert 'value="deliver" checked' in form
    looks = (await (await service.person("admin")).get("/residents/looks")).text
    assert "测试desk" in looks
    assert (await desk.get(f"/meals/subscriptions?resident={uuid4()}")).status_code == 404
    assert (await desk.get("/meals/subscriptions?resident=x")).status_code == 404
    worker, _ = await signed_in(service, "grid01")
    assert "/meals/subscriptions?resident" not in (await worker.get(f"/residents/people/{resident}")).text


async def test_who_is_sent_home_sees_nothing_a_moment_later(service: Service, database: Database) -> None:
    _, resident = await record(service)
    grid = await service.person("grid01")
    assert (await grid.get(f"{API}/residents/{resident}")).status_code == 200
    async with database.write() as session:  # by another process: what this one remembers of sessions stays
        await session.run(
            text("DELETE FROM person_area WHERE person_id = :id"), {"id": service.community.id("grid01")}
        )
    assert (await grid.get(f"{API}/residents/{resident}")).status_code == 404
    async with database.write() as session:
        await session.run(
            text("UPDATE person SET active = false WHERE person_id = :id"),
            {"id": service.community.id("grid01")},
        )
    assert (await grid.get(f"{API}/residents/{resident}")).status_code == 401


async def test_numbers_are_never_whole_in_answers(service: Service) -> None:
    _, resident = await record(service)
    desk = await service.person("desk")
    page = (await desk.get(f"/residents/people/{resident}")).text
    answer = (await desk.get(f"{API}/residents/{resident}")).text
    for shown in (page, answer):
        assert "王秀英" in shown
        assert "1380000****"[:3] in shown
        for whole in ("13800001234", "13900005678", ID):
            assert whole not in shown
    told = await desk.post(f"{API}/residents/{resident}/id_number", json={"why": "办高龄补贴"})
    assert told.json() == {"number": ID}


async def test_bad_input_is_told_field_by_field(service: Service, problem: Check) -> None:
    home, resident = await record(service)
    desk = await service.person("desk")
    for fields, code, field in (
        ({"phone": "12ab"}, "phone_invalid", "phone"),
        ({"id_number": "123"}, "id_number_invalid", "id_number"),
        ({"birth_year": 1800}, "birth_year_invalid", "birth_year"),
        ({"relation": "boss"}, "relation_unknown", "relation"),
        ({"flags": ["rich"]}, "flag_unknown", "flags"),
        ({"purpose": "ads"}, "purpose_unknown", "purpose"),
        ({"name": "\x00"}, "field_not_text", "name"),
        ({"birth_year": "x"}, "field_not_integer", "birth_year"),
        ({"surprise": 1}, "field_unknown", "surprise"),
        ({"contacts": [{"name": "李"}]}, "contact_incomplete", "contact1_phone"),
    ):
        answer = await desk.post(f"{API}/households/{home}/residents", json=WANG | {"id_number": ""} | fields)
        found = problem(answer, 400, code)
        assert [one["field"] for one in found["errors"]] == [field]
    problem(await desk.post(f"{API}/households/{home}/residents", json=WANG), 409, "id_number_recorded")
    problem(await desk.post(f"{API}/households/{uuid4()}/residents", json=WANG), 404, "household_not_found")
    problem(
        await desk.put(f"{API}/residents/{resident}", json=WANG | {"revision": 7}), 409, "changed_meanwhile"
    )
    problem(await desk.post(f"{API}/residents/{resident}/call", json={"whom": 3}), 400, "no_number")
    for path in (
        "residents?flag=%00",
        "residents?offset=-1",
        "residents?limit=9999",
        f"residents/{resident}/looks?before=0",
    ):
        assert (await desk.get(f"{API}/{path}")).status_code in {200, 400}, path


async def test_a_form_loses_nothing(service: Service) -> None:
    home, resident = await record(service)
    client, csrf = await signed_in(service, "grid01")
    typed = {
        "csrf": csrf,
        "name": "赵梅",
        "phone": "不知道",
        "birth_year": "1950",
        "relation": "spouse",
        "flags": "mobility",
        "purpose": "care",
        "source": "家人",
        "contact1_name": "赵刚",
        "contact1_phone": "139",
    }
    answer = await client.post(f"/residents/households/{home}/people", data=typed)
    assert answer.status_code == 400
    for kept in ("赵梅", "不知道", "1950", "赵刚"):
        assert f'value="{kept}"' in answer.text
    assert 'id="error-phone"' in answer.text
    sent = await client.post(f"/residents/households/{home}/people", data=typed | {"phone": "13700001111"})
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        f"/residents/households/{home}?notice=resident_kept",
    )
    edit = await client.get(f"/residents/people/{resident}/edit")
    assert "110***********002X" in edit.text
    same = await client.post(
        f"/residents/people/{resident}/edit",
        data={
            "csrf": csrf,
            "name": "王秀英",
            "phone": "13800001234",
            "birth_year": "1949",
            "birth_day": "12-31",
            "relation": "head",
            "flags": "lives_alone",
            "contact1_name": "王强",
            "contact1_phone": "13900005678",
            "contact1_relation": "儿子",
        },
    )
    assert same.headers["location"].endswith("notice=resident_same")


async def test_a_watcher_suggests_and_many_are_approved_at_once(service: Service) -> None:
    _, resident = await record(service)
    watcher, csrf = await signed_in(service, "watcher01-01")
    page = await watcher.get(f"/residents/people/{resident}/edit")
    assert "身份证" not in page.text
    for phone in ("13811112222", "13833334444"):
        sent = await watcher.post(
            f"/residents/people/{resident}/edit",
            data={
                "csrf": csrf,
                "id": str(uuid4()),
                "name": "王秀英",
                "phone": phone,
                "relation": "head",
                "flags": "lives_alone",
                "contact1_name": "王强",
                "contact1_phone": "13900005678",
                "contact1_relation": "儿子",
            },
        )
        assert sent.headers["location"].endswith("notice=suggestion_sent")
    assert "13811112222" in (await watcher.get("/residents/suggestions")).text
    client, csrf = await signed_in(service, "grid01")
    waiting = (await client.get(f"{API}/residents/suggestions")).json()["items"]
    waiting.sort(key=lambda one: str(one["changes"]))  # both are of one instant
    assert [one["changes"] for one in waiting] == [
        {"phone": ["13800001234", "13811112222"]},
        {"phone": ["13800001234", "13833334444"]},
    ]
    nothing = await client.post("/residents/suggestions", data={"csrf": csrf, "act": "approve"})
    assert (nothing.status_code, "请先勾选" in nothing.text) == (400, True)
    # the second can't be carried out once the first is: it stays, with the reason beside it
    both = await client.post(
        "/residents/suggestions", data={"csrf": csrf, "act": "approve", "ids": [one["id"] for one in waiting]}
    )
    assert both.status_code == 409
    left = (await client.get(f"{API}/residents/suggestions")).json()["items"]
    assert [one["changed_since"] for one in left] == [True]
    done = await client.post(
        "/residents/suggestions",
        data={"csrf": csrf, "act": "decline", "reason": "号码不对", "ids": [left[0]["id"]]},
    )
    assert done.status_code == 303
    many = [("csrf", csrf), ("act", "approve"), *(("ids", str(uuid4())) for _ in range(150))]
    body = "&".join(f"{name}={value}" for name, value in many)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    ticked = await client.post("/residents/suggestions", content=body, headers=headers)
    assert ticked.status_code == 404, "a hundred and fifty ticks are read"


async def test_pages_of_the_administrator(service: Service, problem: Check) -> None:
    _, resident = await record(service)
    admin, csrf = await signed_in(service, "admin")
    await (await service.person("grid01")).get(f"/residents/people/{resident}")
    looks = await admin.get("/residents/looks")
    assert "测试grid01" in looks.text
    assert "王秀英" in looks.text
    added = await admin.post(
        "/residents/flags", data={"csrf": csrf, "code": "chronic", "name": "慢性病", "active": "true"}
    )
    assert added.status_code == 303
    joined = await admin.post(
        f"/residents/people/{resident}/account", data={"csrf": csrf, "username": "resident"}
    )
    assert joined.status_code == 303
    own, own_csrf = await signed_in(service, "resident")
    mine = await own.get("/residents/mine")
    assert "测试grid01" in mine.text
    assert ID not in mine.text
    assert (await own.get(f"/residents/people/{resident}/export.json")).json()["person"]["id_number"] == ID
    said = await own.post(
        f"/residents/people/{resident}/consent",
        data={"csrf": own_csrf, "purpose": "care", "given": "false", "how": "online", "said_by": "self"},
    )
    assert said.headers["location"] == "/residents/mine?notice=consent_kept"
    assert "撤回同意" in (await own.get("/residents/mine")).text
    empty = await admin.post(f"/residents/people/{resident}/erase", data={"csrf": csrf, "reason": ""})
    assert empty.status_code == 400
    erased = await admin.post(
        f"/residents/people/{resident}/erase", data={"csrf": csrf, "reason": "本人要求"}
    )
    assert erased.headers["location"] == "/residents?notice=resident_erased"
    assert "本人要求" in (await admin.get("/residents/erasures")).text
    assert (await admin.get(f"/residents/people/{resident}")).status_code == 404
    for path in ("/residents/looks", "/residents/erasures", "/residents/flags"):
        assert (await (await service.person("grid01")).get(path)).status_code == 403
