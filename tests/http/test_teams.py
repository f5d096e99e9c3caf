"""Teams, certificates and activities over HTTP and as pages: who sees what, and forms that lose nothing."""

import html
import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import openpyxl

from gis.teams.codes import LENGTH
from tests.http.conftest import API, Check, Json, Service, photo_bytes
from tests.http.test_pages import signed_in


async def founded(service: Service, **fields) -> Json:
    desk = await service.person("desk")
    answer = await desk.post(
        f"{API}/teams", json={"name": "红骑兵一队", "kind": "riders", "contact": "139"} | fields
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def rows_of(content: bytes) -> list:
    """Return the rows of a workbook's first sheet."""
    book = openpyxl.load_workbook(BytesIO(content))
    return list(book.worksheets[0].iter_rows(values_only=True))


def times(service: Service, hours: float = 24) -> Json:
    starts = service.clock.at + timedelta(hours=hours)
    return {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=2)).isoformat()}


async def announced(service: Service, who: str = "desk", hours: float = 24, **fields) -> Json:
    client = await service.person(who)
    given = {"title": "清理楼道", "place": "活动室", "places": 2, "hours": 1} | times(service, hours) | fields
    answer = await client.post(f"{API}/activities", json=given)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_members_and_contacts_are_for_members_and_the_office(service: Service, problem: Check) -> None:
    team = await founded(service)
    url = f"{API}/teams/{team['id']}"
    desk, rider, other = [await service.person(one) for one in ("desk", "rider1", "rider2")]
    problem(await rider.post(f"{url}/members", json={"person": "rider1"}), 403, "not_allowed")
    await desk.post(f"{url}/members", json={"person": "rider1", "leader": True})
    assert len((await rider.get(url)).json()["members"]) == 1
    seen = (await other.get(url)).json()
    assert (seen["members"], seen["contact"], seen["member_count"]) == ([], "", 1)
    joined = await rider.post(f"{url}/members", json={"person": "rider2"})  # who leads it takes others in
    assert {one["name"] for one in joined.json()["members"]} == {"测试rider1", "测试rider2"}
    problem(await rider.post(f"{url}/members", json={"person": "rider3", "leader": True}), 403, "not_allowed")
    problem(await rider.post(f"{url}/members", json={"person": "water"}), 400, "person_of_agency")
    left = await other.delete(f"{url}/members/{service.community.id('rider2')}")
    assert left.json()["contact"] == ""
    problem(await (await service.person("rider3")).get(f"{API}/teams/{uuid4()}"), 404, "team_not_found")


async def test_a_muster_calls_a_team_only(service: Service) -> None:
    team = await founded(service)
    desk = await service.person("desk")
    for name in ("rider1", "rider2"):
        await service.on_duty(name, (40, 2))
    await desk.post(f"{API}/teams/{team['id']}/members", json={"person": "rider2"})
    lon, lat = 123.4155, 41.7893
    body = {"people": 2, "title": "排水", "lon": lon, "lat": lat, "team": team["id"]}
    muster = (await desk.post(f"{API}/musters", json=body)).json()
    assert [one["name"] for one in muster["calls"]] == ["测试rider2"]
    answer = await desk.post(f"{API}/musters", json=body | {"team": str(uuid4())})
    assert answer.json()["code"] == "team_unknown"


async def test_certificates_are_for_whose_they_are_and_the_office(service: Service, problem: Check) -> None:
    desk, rider, other = [await service.person(one) for one in ("desk", "rider1", "rider2")]
    given = {
        "person": "rider1",
        "kind": "health",
        "number": "A-77",
        "issued_on": "2026-01-05",
        "ends_on": "2026-06-20",
    }
    problem(await rider.post(f"{API}/certificates", json=given), 403, "not_allowed")
    one = (await desk.post(f"{API}/certificates", json=given)).json()
    assert (one["standing"], one["has_number"]) == ("soon", True)
    assert "A-77" not in str(one)
    url = f"{API}/certificates/{one['id']}"
    assert (await rider.get(f"{API}/certificates")).json()["total"] == 1
    assert (await other.get(f"{API}/certificates")).json()["total"] == 0
    assert (await rider.get(f"{url}/number")).json() == {"number": "A-77"}
    problem(await other.get(f"{url}/number"), 403, "not_allowed")
    shot = {"photo": ("a.jpg", photo_bytes(), "image/jpeg")}
    fire = {"person": "rider1", "kind": "fire", "issued_on": "2026-01-05"}
    with_photo = (await desk.post(f"{API}/certificates", data=fire, files=shot)).json()
    view = with_photo["photos"][0]["view_url"]
    assert [(await one.get(view)).status_code for one in (desk, rider, other)] == [200, 200, 404]
    problem(await desk.post(f"{url}/withdraw", json={}), 400, "reason_needed")
    assert (await desk.post(f"{url}/withdraw", json={"reason": "补办"})).json()["standing"] == "withdrawn"
    sheet = await desk.get("/teams/certificates.xlsx")
    rows = rows_of(sheet.content)
    assert ("测试rider1", "健康证") in {row[:2] for row in rows}
    assert (await rider.get("/teams/certificates.xlsx")).status_code == 403


async def test_signing_up_and_being_there(service: Service, problem: Check) -> None:
    one = await announced(service, places=1, hours=0.2)
    url = f"{API}/activities/{one['id']}"
    rider, other, desk = [await service.person(name) for name in ("rider1", "rider2", "desk")]
    assert (await rider.post(f"{url}/sign_up")).json()["state"] == "booked"
    waiting = (await other.post(f"{url}/sign_up")).json()
    assert (waiting["state"], waiting["ahead"], waiting["free"], waiting["guests"]) == ("waiting", 0, 0, [])
    problem(await rider.get(f"{url}/code"), 403, "not_allowed")
    code = (await desk.get(f"{url}/code")).json()["code"]
    problem(await other.post(f"{url}/attend", json={"code": code}), 409, "activity_full")
    assert (await rider.post(f"{url}/attend", json={"code": code})).json()["attended_at"]
    seen = (await desk.get(url)).json()
    assert [(guest["name"], guest["hours"]) for guest in seen["guests"] if guest["attended_at"]] == [
        ("测试rider1", 1.0)
    ]
    guest = f"{url}/guests/{service.community.id('rider1')}"
    problem(await other.put(guest, json={"there": False}), 403, "not_allowed")
    assert (await desk.put(guest, json={"there": False})).json()["attended"] == 0
    problem(await desk.post(f"{url}/cancel", json={"reason": ""}), 400, "reason_needed")
    assert (await desk.post(f"{url}/cancel", json={"reason": "停电"})).json()["status"] == "cancelled"
    problem(await rider.post(f"{url}/dance"), 400, "field_not_one_of")
    agency = await service.person("water")
    problem(await agency.post(f"{url}/sign_up"), 403, "not_allowed")


async def test_pages_of_an_activity_from_the_form_to_the_screen(service: Service) -> None:
    desk, secret = await signed_in(service, "desk")
    rider, own = await signed_in(service, "rider1")
    starts = (service.clock.at + timedelta(hours=8.2)).strftime(
        "%Y-%m-%dT%H:%M"
    )  # by the community's clock: 12 minutes ahead
    ends = (service.clock.at + timedelta(hours=10)).strftime("%Y-%m-%dT%H:%M")
    form = {"csrf": secret, "id": str(uuid4()), "title": "消防演练", "kind": "course", "place": "院里", "places": "5",
            "starts_at": starts, "ends_at": ends, "hours": "1.5", "skill": "fire"}  # fmt: skip
    refused = await desk.post("/activities", data=form | {"ends_at": starts})
    assert refused.status_code == 400
    assert "消防演练" in refused.text
    assert "结束时间应晚于开始时间" in html.unescape(refused.text)
    made = await desk.post("/activities", data=form)
    page = made.headers["location"].partition("?")[0]
    assert (await desk.post("/activities", data=form)).headers["location"].startswith(page)
    assert (await rider.post(f"{page}/sign_up", data={"csrf": own})).status_code == 303
    moved = {
        "csrf": secret,
        "title": "消防演练",
        "places": "5",
        "place": "小广场",
        "starts_at": starts,
        "ends_at": ends,
    }
    wrong = await desk.post(f"{page}/change", data=moved | {"ends_at": ""})
    assert (wrong.status_code, "小广场" in wrong.text) == (400, True)
    assert (await desk.post(f"{page}/change", data=moved)).status_code == 303
    assert "小广场" in (await rider.get(page)).text
    screen = await desk.get(f"{page}/screen")
    (code,) = re.findall(r"data-code>([A-Z2-7]{4}-[A-Z2-7]{4})<", screen.text)
    assert len(code.replace("-", "")) == LENGTH
    assert "<svg" in screen.text
    assert (await rider.get(f"{page}/screen")).status_code == 403
    wrong = await rider.post(f"{page}/attend", data={"csrf": own, "code": "AAAA-AAAA"})
    assert wrong.status_code == 400
    assert "AAAA-AAAA" in wrong.text
    scanned = await rider.get(f"{page}?code={code}")
    assert f'value="{code}"' in scanned.text
    assert (await rider.post(f"{page}/attend", data={"csrf": own, "code": code})).status_code == 303
    assert "已签到" in (await rider.get(page)).text
    sheet = await desk.get(f"{page}/guests.xlsx")
    rows = rows_of(sheet.content)
    assert rows[1][0] == "测试rider1"
    assert rows[1][5] == 1.5
    for client in (desk, rider):
        assert "消防演练" in (await client.get("/activities")).text


async def test_pages_of_teams(service: Service) -> None:
    desk, secret = await signed_in(service, "desk")
    team = await founded(service)
    again = await desk.post(
        "/teams", data={"csrf": secret, "id": str(uuid4()), "name": "红骑兵一队", "kind": "riders"}
    )
    assert again.status_code == 409
    page = f"/teams/{team['id']}"
    nobody = await desk.post(f"{page}/members", data={"csrf": secret, "person": "没有这个人"})
    assert nobody.status_code == 400
    assert "没有这个人" in nobody.text
    assert (await desk.post(f"{page}/members", data={"csrf": secret, "person": "rider1"})).status_code == 303
    drop = f"{page}/members/{service.community.id('rider1')}/drop"
    assert "测试rider1" in (await desk.get(page)).text
    assert rows_of((await desk.get(f"{page}/members.xlsx")).content)[1][0] == "测试rider1"
    assert (await desk.post(drop, data={"csrf": secret})).status_code == 303
    form = {"csrf": secret, "name": "红骑兵二队", "kind": "care"}
    assert (await desk.post(page, data=form)).status_code == 303
    assert "已解散" in (await desk.get("/teams")).text
    rider, own = await signed_in(service, "rider1")
    assert (await rider.post("/teams", data={"csrf": own, "name": "x", "kind": "care"})).status_code == 403
    assert "红骑兵二队" not in (await rider.get("/teams")).text
