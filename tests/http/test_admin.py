"""The office's own pages: people and their posts, lists of people, duty, agencies, calendar, robots, how it looks."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

from gis.store.session import Database
from tests.factories import PASSWORD
from tests.http.conftest import API, Service, photo_bytes, report_fields
from tests.http.test_pages import HTML, secret_of, signed_in

PERSON = {"username": "wang", "name": "王秀兰", "role": "watcher", "micro_grid": "01-02、02-01", "capacity": "3",
          "skills": ["first_aid"], "languages": ["zh"]}  # fmt: skip
TABLE = "用户名,姓名,角色,微网格,交通,技能\r\nnew1,赵一,守望员,01-01 01-02,步行,急救\r\nrider1,测试rider1,骑手,,电动车,\r\n"


async def admin(service: Service) -> tuple:
    return await signed_in(service, "admin")


async def test_each_part_opens_and_is_for_the_office(service: Service) -> None:
    client, _ = await admin(service)
    sections = re.findall(r'<a href="(/admin/[a-z]+)"', (await client.get("/admin/people")).text)
    assert len(sections) >= 8
    for path in [
        *sections,
        "/admin/people/new",
        "/admin/people/import",
        f"/admin/duty/{service.community.id('rider1')}",
    ]:
        for language in ("zh", "en"):
            answer = await client.get(f"{path}?lang={language}")
            assert answer.status_code == 200, (path, answer.text[:300])
    assert (await client.get("/admin")).headers["location"] == "/admin/people"
    desk, _ = await signed_in(service, "desk")
    assert (await desk.get("/admin")).headers["location"] == "/admin/duty"
    assert (await desk.get("/admin/people")).status_code == 403
    for username in ("grid01", "rider1", "resident", "planner", "water"):
        other, csrf = await signed_in(service, username)
        for path in ("/admin", *sections):
            assert (await other.get(path)).status_code == 403, (username, path)
        assert (await other.post("/admin/people", data=PERSON | {"csrf": csrf})).status_code == 403


async def test_a_person_is_added_and_chooses_a_password(service: Service) -> None:
    client, csrf = await admin(service)
    answer = await client.post("/admin/people", data=PERSON | {"csrf": csrf})
    assert answer.status_code == 200, answer.text[:500]
    code = re.findall(r'code-now">([^<]+)<', answer.text)[0]
    person_id = re.findall(r'action="/admin/people/([0-9a-f-]{36})"', answer.text)[0]
    assert "急救" in answer.text
    guest = await service.anybody(headers=HTML)
    fields = {
        "username": "wang",
        "code": code.lower().replace("-", " "),
        "password": "new-password",
        "again": "new-password",
    }
    assert (await guest.post("/login", data={"username": "wang", "password": "!"})).status_code == 401
    wrong = await guest.post("/login/code", data=fields | {"code": "AAAA-BBBB-CCCC"})
    assert wrong.status_code == 401
    assert 'value="wang"' in wrong.text
    assert 'value="new-password"' not in wrong.text
    differing = await guest.post("/login/code", data=fields | {"again": "another"})
    assert (differing.status_code, 'id="error-again"' in differing.text) == (400, True)
    assert (await guest.post("/login/code", data=fields)).headers[
        "location"
    ] == "/login?notice=password_chosen"
    assert (await guest.post("/login/code", data=fields)).status_code == 401  # once
    answer = await guest.post("/login", data={"username": "wang", "password": "new-password"})
    assert answer.status_code == 303
    shown = (await client.get(f"/admin/people/{person_id}")).text
    assert "发放一次性密码" in shown
    assert "新增" in shown


async def test_guessing_a_code_ends_it(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gis.flows.office.codes.CODE_ATTEMPTS", 5)
    client, csrf = await admin(service)
    page = await client.post(f"/admin/people/{service.community.id('rider3')}/code", data={"csrf": csrf})
    code = re.findall(r'code-now">([^<]+)<', page.text)[0]
    guest = await service.anybody(headers=HTML)
    fields = {"username": "rider3", "password": "new-password", "again": "new-password"}
    for _ in range(5):
        assert (await guest.post("/login/code", data=fields | {"code": "AAAA-BBBB-CCCC"})).status_code == 401
    assert (await guest.post("/login/code", data=fields | {"code": code})).status_code == 401


async def test_who_leaves_a_post_is_out_at_once_and_their_tasks_go_on(service: Service) -> None:
    await service.on_duty("watcher01-01", (50, 50))
    filed = await service.report(where=(50, 58))
    assert (await service.act("watcher01-01", filed["case_id"], "accept")).status_code == 200
    phone, _ = await signed_in(service, "watcher01-01")
    client, csrf = await admin(service)
    person_id = service.community.id("watcher01-01")
    answer = await client.post(f"/admin/people/{person_id}/deactivate", data={"csrf": csrf})
    assert answer.headers["location"].endswith("notice=person_deactivated")
    assert (await phone.get("/tasks")).headers["location"].startswith("/login")
    case = (await (await service.person("desk")).get(f"{API}/cases/{filed['case_id']}")).json()
    assert case["status"] in {"open", "offered"}
    assert case["assignee"] is None
    assert (
        await client.post(f"/admin/people/{person_id}/deactivate", data={"csrf": csrf})
    ).status_code == 303
    await client.post(f"/admin/people/{person_id}/activate", data={"csrf": csrf})
    assert (await service.anybody(headers=HTML)).cookies is not None
    again = await (await service.anybody(headers=HTML)).post(
        "/login", data={"username": "watcher01-01", "password": PASSWORD}
    )
    assert again.status_code == 303


async def test_another_role_counts_at_once(service: Service) -> None:
    client, csrf = await admin(service)
    worker, _ = await signed_in(service, "grid01")
    fields = {"csrf": csrf, "name": "傅平", "role": "grid_worker", "grid": "02"}
    answer = await client.post(f"/admin/people/{service.community.id('grid01')}", data=fields)
    assert answer.headers["location"].endswith("notice=person_kept")
    assert (await worker.get("/")).headers["location"].startswith("/login")
    again = await client.post(f"/admin/people/{service.community.id('grid01')}", data=fields)
    assert again.headers["location"].endswith("notice=nothing_changed")
    own = await client.post(
        f"/admin/people/{service.community.id('admin')}", data={"csrf": csrf, "name": "我", "role": "desk"}
    )
    assert own.status_code == 409
    assert "最后一位管理员" in own.text
    changes = (await client.get("/admin/changes?subject=person")).text
    assert "<s>01</s> → 02" in changes


@pytest.mark.parametrize("kind", ["csv", "gbk", "xlsx"])
async def test_a_list_is_checked_then_written_and_the_same_again_changes_nothing(
    service: Service, database: Database, kind: str
) -> None:
    client, csrf = await admin(service)
    data = TABLE.encode("gb18030" if kind == "gbk" else "utf-8-sig")
    if kind == "xlsx":
        book = openpyxl.Workbook()
        sheet: Any = book.active
        for line in TABLE.split("\r\n")[:-1]:
            sheet.append(line.split(","))
        file = BytesIO()
        book.save(file)
        data = file.getvalue()

    async def check() -> str:
        sent = {"file": (f"people.{kind}", data, "application/octet-stream")}
        answer = await client.post("/admin/people/import", data={"csrf": csrf}, files=sent)
        assert answer.status_code == 200, answer.text[:500]
        return answer.text

    checked = await check()
    assert "赵一" in checked
    async with database.read() as session:
        assert await session.value(text("SELECT count(*) FROM person WHERE username = 'new1'")) == 0
    digest = re.findall(r'name="digest" value="([0-9a-f]{64})"', checked)[0]
    confirmed = await client.post("/admin/people/import/confirm", data={"csrf": csrf, "digest": digest})
    assert confirmed.headers["location"] == "/admin/people?notice=people_imported"
    async with database.read() as session:
        row = await session.row(
            text("SELECT p.name, r.mode, r.skills FROM person p JOIN responder r USING (community_id, person_id)"
                 " WHERE username = 'new1'")
        )  # fmt: skip
        assert row is not None
        assert tuple(row) == ("赵一", "walk", ["first_aid"])
    assert "完全一样" in await check()
    gone = await client.post("/admin/people/import/confirm", data={"csrf": csrf, "digest": "0" * 64})
    assert gone.status_code == 400


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("NEW!,赵一,守望员,01-01", "用户名为"),
        ("new1,,守望员,01-01", "请填写"),
        ("new1,赵一,国王,01-01", "国王"),
        ("new1,赵一,,01-01", "role"),
        ("new1,赵一,守望员,99-99", "99-99"),
        ("new1,赵一,责任单位,", "单位"),
        ("new1,赵一,守望员,01-01\r\nnew1,赵一,守望员,01-01", "两个 new1"),
    ],
)
async def test_a_wrong_row_stops_the_whole_list(service: Service, row: str, words: str) -> None:
    client, csrf = await admin(service)
    data = f"用户名,姓名,角色,微网格\r\ngood,好人,骑手,\r\n{row}\r\n".encode()
    answer = await client.post(
        "/admin/people/import", data={"csrf": csrf}, files={"file": ("a.csv", data, "text/csv")}
    )
    assert answer.status_code == 200
    assert words in answer.text
    assert 'name="digest"' not in answer.text


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\xff\xfe", b"PK\x03\x04broken", b"a,b\r\n", b"name,role\r\nx,rider\r\n", b"\xff" * 4_100_000],
)
async def test_a_file_that_is_no_list(service: Service, data: bytes) -> None:
    client, csrf = await admin(service)
    answer = await client.post(
        "/admin/people/import", data={"csrf": csrf}, files={"file": ("a.csv", data, "text/csv")}
    )
    assert answer.status_code in {400, 413}
    assert 'id="error-file"' in answer.text or answer.status_code == 413


async def test_the_week_of_duty(service: Service) -> None:
    client, csrf = await signed_in(service, "desk")
    person = f"/admin/duty/{service.community.id('rider1')}"
    kept = await client.post(f"{person}/shifts", data={"csrf": csrf, "starts_3": "08:00", "ends_3": "16:00"})
    assert kept.headers["location"] == f"{person}?notice=duty_kept"
    assert "08:00–16:00" in (await client.get("/admin/duty?q=rider1")).text
    half = await client.post(
        f"{person}/shifts", data={"csrf": csrf, "starts_3": "08:00", "starts_5": "09:00"}
    )
    assert (half.status_code, 'id="error-ends_3"' in half.text, 'value="09:00"' in half.text) == (
        400,
        True,
        True,
    )
    swap = {"csrf": csrf, "day": "2026-06-10", "other": "rider2"}
    assert (await client.post(f"{person}/swap", data=swap)).status_code == 303
    week = (await client.get("/admin/duty?week=2026-06-10&q=rider")).text
    assert "请假" in week
    assert "加班 08:00–16:00" in week
    assert (await client.post(f"{person}/swap", data=swap | {"day": "2026-06-11"})).status_code == 409
    nobody = await client.post(f"{person}/swap", data=swap | {"other": "nobody"})
    assert (nobody.status_code, 'id="error-other"' in nobody.text) == (400, True)
    leave = {"csrf": csrf, "kind": "leave", "from_day": "2026-06-20", "to_day": "2026-06-19"}
    backwards = await client.post(f"{person}/leave", data=leave)
    assert (backwards.status_code, 'value="2026-06-20"' in backwards.text) == (400, True)
    assert (await client.post(f"{person}/leave", data=leave | {"to_day": "2026-06-21"})).status_code == 303
    page = (await client.get(person)).text
    starts = re.findall(r'name="starts_at" value="(2026-06-19T16[^"]+|2026-06-20T00[^"]+)"', page)[0]
    assert (await client.post(f"{person}/drop", data={"csrf": csrf, "starts_at": starts})).status_code == 303
    assert starts not in (await client.get(person)).text


async def test_agencies(service: Service) -> None:
    client, csrf = await admin(service)
    fields = {"csrf": csrf, "code": "heating", "name": "供热公司", "name_en": "Heating"}
    assert (await client.post("/admin/agencies", data=fields)).status_code == 303
    taken = await client.post("/admin/agencies", data=fields)
    assert taken.status_code == 409
    bad = await client.post("/admin/agencies", data=fields | {"code": "供热"})
    assert (bad.status_code, 'id="error-code"' in bad.text, 'value="供热"' in bad.text) == (400, True, True)
    assert (
        await client.post("/admin/agencies/heating", data={"csrf": csrf, "name": "供热公司"})
    ).status_code == 303
    assert "已停用" in (await client.get("/admin/agencies")).text
    filed = await service.report()
    desk, _ = await signed_in(service, "desk")
    page = (await desk.get(f"/cases/{filed['case_id']}")).text
    assert ('<option value="water">' in page, '<option value="heating">' in page) == (True, False)
    refused = await service.act("desk", filed["case_id"], "refer", agency="heating", reason="暖气")
    assert refused.json()["code"] == "agency_unknown"
    always = await client.post("/admin/agencies/sub_district", data={"csrf": csrf, "name": "街道"})
    assert always.status_code == 409


async def test_how_the_community_shows_itself(service: Service) -> None:
    client, csrf = await admin(service)
    fields = {"csrf": csrf, "name": "和平新村", "name_en": "Heping", "colour": "#7a1f5c", "phone": "024-2345 6789",
              "icp": "辽ICP备1号"}  # fmt: skip
    photo = {"logo": ("logo.png", photo_bytes(3, (90, 90), "PNG"), "image/png")}
    answer = await client.post("/admin/branding", data=fields, files=photo)
    assert answer.headers.get("location") == "/admin/branding?notice=branding_kept", answer.text[:800]
    home = (await client.get("/")).text
    for word in ("#7a1f5c", "024-2345 6789", "tel:02423456789", "辽ICP备1号", "/branding/logo?v="):
        assert word in home, word
    logo = await client.get("/branding/logo")
    assert (logo.headers["content-type"], logo.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    for bad, field in (({"colour": "#ffee00"}, "colour"), ({"colour": "red"}, "colour"), ({"phone": "x"}, "phone"), ({"name": ""}, "name")):  # fmt: skip
        answer = await client.post("/admin/branding", data=fields | bad)
        assert (answer.status_code, f'id="error-{field}"' in answer.text) == (400, True), bad
    answer = await client.post(
        "/admin/branding", data=fields, files={"logo": ("a.png", b"<svg/>", "image/png")}
    )
    assert answer.status_code == 400
    assert 'id="error-logo"' in answer.text
    assert (await client.post("/admin/branding", data=fields | {"drop_logo": "yes"})).status_code == 303
    assert (await client.get("/branding/logo")).status_code == 404


async def test_keys_of_programs_are_shown_once_and_ended(service: Service) -> None:
    client, csrf = await admin(service)
    bad = await client.post("/admin/keys", data={"csrf": csrf, "name": "热线平台", "per_minute": "0"})
    assert (bad.status_code, 'id="error-per_minute"' in bad.text, 'value="热线平台"' in bad.text) == (
        400,
        True,
        True,
    )
    made = await client.post("/admin/keys", data={"csrf": csrf, "name": "热线平台", "per_minute": "20"})
    assert (made.status_code, made.headers["cache-control"]) == (200, "no-store")
    (given,) = re.findall(r'class="key-now">([^<]+)<', made.text)
    page = (await client.get("/admin/keys")).text
    assert ("热线平台" in page, given in page) == (True, False)
    (key_id,) = re.findall(r"/admin/keys/([0-9a-f-]{36})/end", page)
    assert (await client.post(f"/admin/keys/{key_id}/end", data={"csrf": csrf})).status_code == 303
    assert "已停用" in (await client.get("/admin/keys")).text
    twice = await client.post(f"/admin/keys/{key_id}/end", data={"csrf": csrf})
    assert (twice.status_code, "data-problem" in twice.text) == (404, True)
    assert "热线平台" in (await client.get("/admin/changes")).text
    desk, _ = await signed_in(service, "desk")
    assert (await desk.get("/admin/keys")).status_code == 403


async def test_calendar_and_robots_have_their_pages(service: Service) -> None:
    client, csrf = await admin(service)
    day = {"csrf": csrf, "day": "2026-06-08", "kind": "holiday", "name": "社区日"}
    assert (await client.post("/admin/calendar/day", data=day)).headers[
        "location"
    ] == "/admin/calendar?year=2026&notice=calendar_kept"
    assert "社区日" in (await client.get("/admin/calendar?year=2026")).text
    bad = await client.post("/admin/calendar/day", data=day | {"day": "soon"})
    assert (bad.status_code, 'id="error-day"' in bad.text) == (400, True)
    assert (
        await client.post("/admin/calendar/hours", data={"csrf": csrf, "hours_1": "99"})
    ).status_code == 400
    table = {
        "file": ("days.csv", "日期,类型,名称\r\n2026-06-09,放假,第二天\r\n".encode("gb18030"), "text/csv")
    }
    assert (await client.post("/admin/calendar/import", data={"csrf": csrf}, files=table)).status_code == 303
    robot = {"csrf": csrf, "name": "工作群", "kind": "wecom", "kinds": ["overdue"], "enabled": "yes",
             "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789abcdef"}  # fmt: skip
    assert (await client.post("/admin/robots", data=robot)).status_code == 303
    page = (await client.get("/admin/robots")).text
    assert "工作群" in page
    assert "0123456789abcdef" not in page
    for address in ("http://127.0.0.1/x", "https://evil.example/send?key=1", "file:///etc/passwd"):
        refused = await client.post("/admin/robots", data=robot | {"address": address})
        assert (refused.status_code, 'id="error-address"' in refused.text, "工作群" in refused.text) == (
            400,
            True,
            True,
        )
    robot_id = re.findall(r"/admin/robots/([0-9a-f-]{36})/remove", page)[0]
    assert (await client.post(f"/admin/robots/{robot_id}/remove", data={"csrf": csrf})).status_code == 303
    assert (
        await client.post("/admin/robots/quiet", data={"csrf": csrf, "from": "22:00", "to": "22:00"})
    ).status_code == 400
    changes = (await client.get("/admin/changes")).text
    assert "0123456789abcdef" not in changes
    assert "社区日" in changes


async def test_nobody_edits_by_link_alone(service: Service) -> None:
    client, _ = await admin(service)
    assert (await client.post("/admin/people", data=PERSON)).status_code == 403
    assert secret_of((await client.get("/admin/people/new")).text)


async def test_a_category_is_as_the_community_has_it(service: Service) -> None:
    client, csrf = await admin(service)
    before = await service.report(category="street_lamp")
    fields = {"csrf": csrf, "name": "路灯坏了", "name_en": "Lamp", "active": "yes", "answer_s": "5", "on_site_s": "10",
              "resolve_s": "30", "counting": "wall", "agency": "roads", "skills": ["electrical"]}  # fmt: skip
    kept = await client.post("/admin/categories/street_lamp", data=fields)
    assert kept.headers["location"] == "/admin/categories?notice=category_kept", kept.text[:500]
    again = await client.post("/admin/categories/street_lamp", data=fields)
    assert again.headers["location"].endswith("nothing_changed")
    after = await service.report(category="street_lamp", where=(150, 150))
    desk = await service.person("desk")
    cases = [(await desk.get(f"{API}/cases/{one['case_id']}")).json() for one in (before, after)]
    assert cases[0]["answer_due_at"] > cases[1]["answer_due_at"]
    assert cases[1]["answer_due_at"].startswith("2026-06-03T04:05")
    referred = await service.act("desk", after["case_id"], "refer", reason="灯杆歪了")
    assert referred.status_code == 200, referred.text
    assert (await desk.get(f"{API}/cases/{after['case_id']}")).json()["agency"] == "roads"
    assert "路灯坏了" in (await client.get("/report")).text
    unused = {name: value for name, value in fields.items() if name != "active"}
    assert (await client.post("/admin/categories/street_lamp", data=unused)).status_code == 303
    rider = await service.person("rider1")
    refused = await rider.post(f"{API}/reports", json=report_fields((35, 20), category="street_lamp"))
    assert refused.json()["code"] == "category_unused"
    assert 'value="street_lamp"' not in (await client.get("/report")).text
    for bad, field in (({"answer_s": "0"}, "answer_s"), ({"resolve_s": "1"}, "resolve_s"), ({"name": ""}, "name"),
                       ({"counting": "moon"}, "counting"), ({"skills": [], "skill_required": "yes"}, "skills")):  # fmt: skip
        answer = await client.post("/admin/categories/street_lamp", data=fields | bad)
        assert answer.status_code == 400, bad
        assert f'id="error-{field}"' in answer.text, bad
        assert 'value="Lamp"' in answer.text
