"""The watch log over HTTP and by form: who writes and reads what, problems that become cases, and bad input."""

from uuid import uuid4

from sqlalchemy import text

from gis.store.session import Database
from gis.visits.checklists import BEGINNING
from tests.factories import at
from tests.http.conftest import API, Check, Json, Service, photo_bytes

GAS = BEGINNING[0]


def entry(service: Service, building: str = "01-01", **fields) -> Json:
    place = {"building": str(service.community.buildings[building])} if building else {}
    return {"id": str(uuid4()), "kind": "look", **place, **fields}


async def test_written_once_and_read_by_those_who_look_after_the_place(
    service: Service, database: Database, problem: Check
) -> None:
    watcher, other, worker, desk, rider = [
        await service.person(name) for name in ("watcher01-01", "watcher01-02", "grid01", "desk", "rider1")
    ]
    body = entry(service, kind="visit", flat="2-502", words="王奶奶精神好")
    made = await watcher.post(f"{API}/visits", json=body)
    assert made.status_code == 201, made.text
    assert (made.json()["micro_grid"], made.json()["grid"], made.json()["mine"]) == ("01-01", "01", True)
    assert (await watcher.post(f"{API}/visits", json=body)).json() == made.json()
    problem(await watcher.post(f"{API}/visits", json=body | {"words": "别的"}), 409, "visit_id_reused")
    problem(await worker.post(f"{API}/visits", json=body), 409, "visit_id_reused")
    problem(await other.post(f"{API}/visits", json=entry(service)), 403, "visit_outside_area")
    problem(await rider.post(f"{API}/visits", json=entry(service)), 403, "not_allowed")
    for client, seen in ((watcher, 1), (other, 0), (worker, 1), (desk, 1)):
        assert (await client.get(f"{API}/visits")).json()["total"] == seen
        answer = await client.get(f"{API}/visits/{body['id']}")
        assert answer.status_code == (200 if seen else 404)
    problem(await rider.get(f"{API}/visits"), 403, "not_allowed")
    async with database.read() as session:
        looks = await session.rows(text("SELECT person_id, subject_id FROM access WHERE kind = 'visits'"))
    assert {one.person_id for one in looks} == {service.community.id(name) for name in ("grid01", "desk")}
    async with database.write() as session:  # who loses the post loses what they wrote as well
        await session.run(
            text("DELETE FROM person_area WHERE person_id = :id"),
            {"id": service.community.id("watcher01-01")},
        )
    again = await service.sign_in("watcher01-01")
    assert (await again.get(f"{API}/visits", params={"mine": "true"})).json()["total"] == 0


async def test_what_is_wrong_becomes_a_case_by_one_tap(service: Service, problem: Check) -> None:
    watcher, worker, other = [
        await service.person(name) for name in ("watcher01-01", "grid01", "watcher02-01")
    ]
    checks = {str(item.item_id): "ok" for item in GAS.items} | {str(GAS.items[1].item_id): "wrong"}
    found = {"words": "楼道堆了纸箱", "category": "blocked_exit"}
    spot = {"words": "灯泡坏了", "category": "street_lamp", "then": "on_spot", "answer": "已换新灯泡"}
    body = entry(service, kind="check", checks=checks, findings=[found, spot])
    made = (await watcher.post(f"{API}/visits", json=body)).json()
    gas, boxes, lamp = made["findings"]
    assert [one["state"] for one in made["findings"]] == ["open", "open", "on_spot"]
    assert (gas["category"], lamp["answered"], lamp["answer"]) == ("gas_smell", True, "已换新灯泡")
    url = f"{API}/findings/{boxes['id']}"
    problem(await other.post(f"{url}/transfer"), 404, "finding_not_found")
    problem(await watcher.post(f"{url}/answer", json={"answer": "好"}), 400, "finding_open")
    handed_on = (await watcher.post(f"{url}/transfer")).json()
    assert (handed_on["state"], handed_on["answered"], handed_on["case_status"]) == (
        "transferred",
        False,
        "open",
    )
    assert (await worker.post(f"{url}/transfer")).json()["case_id"] == handed_on["case_id"]
    case = (await worker.get(f"{API}/cases/{handed_on['case_id']}")).json()
    assert (case["category"], case["reports"][0]["description"]) == ("blocked_exit", "楼道堆了纸箱")
    office, _ = await service.browser("grid01")
    assert f"/visits/{body['id']}" in (await office.get(f"/cases/{handed_on['case_id']}")).text
    problem(await watcher.post(f"{url}/settle", json={"answer": "好"}), 409, "finding_settled")
    left = (await worker.get(f"{API}/findings", params={"unanswered": "true"})).json()
    assert {one["id"] for one in left["items"]} == {gas["id"], boxes["id"]}
    problem(await worker.post(f"{url}/answer", json={}), 400, "text_needed")
    told = (await worker.post(f"{url}/answer", json={"answer": "物业明天清理，已告知住户"})).json()
    assert (told["answered"], told["answered_by"]) == (True, "测试grid01")
    at_once = entry(service, checks={str(GAS.items[0].item_id): "wrong"}, then="transferred")
    (smell,) = (await watcher.post(f"{API}/visits", json=at_once)).json()["findings"]
    assert smell["case_id"]
    assert (await watcher.post(f"{API}/visits", json=at_once)).json()["findings"][0]["case_id"] == smell[
        "case_id"
    ]


async def test_by_form_with_a_photo(service: Service) -> None:
    watcher, csrf = await service.browser("watcher01-01")
    page = (await watcher.get("/visits")).text
    assert str(service.community.buildings["01-01"]) in page
    assert str(service.community.buildings["01-02"]) not in page
    fields = {"csrf": csrf, **entry(service, kind="check", words="煤气灶旧了"), "lists": ["gas"],
              "wrong": [str(GAS.items[1].item_id)], "then": "transferred"}  # fmt: skip
    files = {"photo": ("a.jpg", photo_bytes(4), "image/jpeg")}
    wrong = await watcher.post("/visits", data=fields | {"kind": "乱写"}, files=files)
    assert wrong.status_code == 400
    assert "煤气灶旧了" in wrong.text
    assert 'value="gas" checked' in wrong.text
    sent = await watcher.post("/visits", data=fields, files=files)
    assert sent.headers["location"] == f"/visits/{fields['id']}?notice=visit_recorded", sent.text[:3000]
    shown = await watcher.get(sent.headers["location"])
    assert "查看案件" in shown.text
    (photo,) = (await (await service.person("grid01")).get(f"{API}/visits/{fields['id']}")).json()["photos"]
    for username, status in (
        ("watcher01-01", 200),
        ("grid01", 200),
        ("watcher01-02", 404),
        ("rider1", 404),
        ("resident", 404),
    ):
        assert (await (await service.person(username)).get(photo["view_url"])).status_code == status, username
    for path in ("/visits/log", "/visits/log?grid=01&kind=check", "/visits/findings?unanswered=true"):
        assert "测试街1号" in (await watcher.get(path)).text, path
    english = (await watcher.get("/visits/log?lang=en")).text
    assert "Safety check" in english
    assert (await (await service.browser("rider1"))[0].get("/visits")).status_code == 403


async def test_bad_input(service: Service, problem: Check) -> None:
    watcher, desk = await service.person("watcher01-01"), await service.person("desk")
    lon, lat = at(5000, 50)
    for fields, code in (
        ({"kind": "party"}, "visit_kind"),
        ({"outcome": "x"}, "visit_outcome"),
        ({"kind": "other"}, "visit_empty"),
        ({"visited_at": "2030-01-01T00:00:00Z"}, "visit_time"),
        ({"visited_at": "2020-01-01T00:00:00Z"}, "visit_time"),
        ({"building": str(uuid4())}, "building_unknown"),
        ({"building": None}, "visit_place_missing"),
        ({"building": None, "lon": lon, "lat": lat}, "position_outside_community"),
        ({"building": None, "lon": "NaN", "lat": lat}, "position_not_finite"),
        ({"checks": {str(uuid4()): "ok"}}, "check_unknown"),
        ({"checks": {str(GAS.items[0].item_id): "maybe"}}, "check_unknown"),
        ({"findings": [{"words": "x", "category": "nonsense"}]}, "category_unknown"),
        ({"findings": [{"words": "", "category": "other"}]}, "text_needed"),
        ({"answers": {"q1": "x"}}, "answer_unknown"),
        ({"words": "长" * 1999, "flat": "长" * 60}, "text_too_long"),
    ):
        problem(await desk.post(f"{API}/visits", json=entry(service) | fields), 400, code)
    problem(
        await desk.post(f"{API}/visits", json=entry(service, campaign=str(uuid4()))),
        404,
        "campaign_not_found",
    )
    for path in ("visits", "findings"):
        problem(await watcher.get(f"{API}/{path}", params={"cursor": "x"}), 400, "cursor_invalid")
        problem(await watcher.get(f"{API}/{path}", params={"from": "gestern"}), 400, "date_invalid")
    problem(await watcher.post(f"{API}/findings/{uuid4()}/transfer"), 404, "finding_not_found")
    assert (await watcher.get(f"{API}/checklists")).json()["items"][0]["code"] == "gas"


async def test_the_office_changes_its_checklists_and_old_entries_stay(service: Service) -> None:
    watcher = await service.person("watcher01-01")
    old = entry(
        service, kind="check", checks={str(GAS.items[0].item_id): "ok", str(GAS.items[1].item_id): "ok"}
    )
    assert (await watcher.post(f"{API}/visits", json=old)).status_code == 201
    admin, csrf = await service.browser("admin")
    assert GAS.items[1].words in (await admin.get("/admin/checklists")).text
    items = f"{GAS.items[0].words}|No smell|燃气异味\n窗户开着|Windows open|other"
    form = {
        "csrf": csrf,
        "code": "gas",
        "name": "燃气安全",
        "name_en": "Gas",
        "active": "yes",
        "items": items,
    }
    wrong = await admin.post("/admin/checklists/gas", data=form | {"items": "x|y|没有的类别"})
    assert "没有“没有的类别”这个类别" in wrong.text
    assert "x|y|没有的类别" in wrong.text
    sent = await admin.post("/admin/checklists/gas", data=form)
    assert sent.headers["location"] == "/admin/checklists?notice=checklist_kept", sent.text[:1000]
    lists = (await watcher.get(f"{API}/checklists")).json()["items"]
    (gas,) = [one for one in lists if one["code"] == "gas"]
    assert [one["words"] for one in gas["items"]] == [GAS.items[0].words, "窗户开着"]
    assert gas["items"][0]["id"] == str(GAS.items[0].item_id)
    shown = (await (await service.browser("grid01"))[0].get(f"/visits/{old['id']}")).text
    assert GAS.items[1].words in shown
    new = {"csrf": csrf, "code": "pets", "name": "宠物", "items": "牵绳|Leashed|other"}
    assert (await admin.post("/admin/checklists", data=new)).status_code == 303
    assert (await admin.post("/admin/checklists", data=new)).status_code == 400
    assert (await watcher.get(f"{API}/checklists")).json()["items"][-1]["code"] == "pets"
    assert "检查表" in (await admin.get("/admin/changes")).text
