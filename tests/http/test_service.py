"""Points and rewards over HTTP and as pages: redeemed, handed out, given back, given away, entered, corrected, reconciled."""

from __future__ import annotations

import html
import re
from io import BytesIO
from uuid import uuid4

import openpyxl

from gis.service.neighbours import neighbour_code
from tests.http.conftest import API, Check, Service, photo_bytes
from tests.http.test_pages import signed_in


async def earn(service: Service, *people: str, hours: float = 4) -> None:
    client, csrf = await signed_in(service, "desk")
    fields = {
        "csrf": csrf,
        "id": str(uuid4()),
        "occasion": "大扫除",
        "day": "2026-06-03",
        "common": str(hours),
    }
    fields["people"] = "\n".join(people)
    checked = await client.post("/service/hours", data=fields)
    assert 'name="sure"' in checked.text, checked.text[-3000:]
    done = await client.post("/service/hours", data=fields | {"sure": "yes"})
    assert done.headers["location"] == "/service/hours?notice=hours_entered", done.text[-2000:]


async def offer(service: Service, *, cost: int = 30, stock: int = 5, shop: str = "") -> str:
    client, csrf = await signed_in(service, "desk")
    reward = str(uuid4())
    fields = {
        "csrf": csrf,
        "name": "鸡蛋",
        "name_en": "Eggs",
        "points": str(cost),
        "limit_period": "month",
        "active": "yes",
    }
    kept = await client.post(
        f"/admin/rewards/{reward}",
        data=fields | {"shop": shop},
        files={"picture": ("a.jpg", photo_bytes(3), "image/jpeg")},
    )
    assert kept.headers["location"] == "/admin/rewards?notice=reward_kept", kept.text[-2000:]
    change = {"csrf": csrf, "id": str(uuid4()), "amount": str(stock), "stock_reason": "进货"}
    for _ in range(2):
        put = await client.post(f"/admin/rewards/{reward}/stock", data=change)
        assert put.headers["location"] == "/admin/rewards?notice=stock_kept"
    return reward


async def test_a_reward_by_form_from_the_catalogue_to_the_counter(service: Service) -> None:
    await earn(service, "rider1")
    reward = await offer(service)
    rider, csrf = await signed_in(service, "rider1")
    page = (await rider.get("/service/rewards")).text
    picture = re.findall(rf'src="(/service/rewards/{reward}/picture[^"]+)"', page)[0]
    assert (await rider.get(picture)).headers["content-type"] == "image/jpeg"
    known = re.findall(r'name="id" value="([0-9a-f-]{36})"', page)[0]
    fields = {"csrf": csrf, "id": known, "reward": reward, "points": "30"}
    for _ in range(2):
        done = await rider.post("/service/redemptions", data=fields)
        assert done.headers["location"] == f"/service/redemptions/{known}?notice=redeemed", done.text[-2000:]
    mine = (await rider.get(f"/service/redemptions/{known}")).text
    code = re.findall(r"data-code>([^<]+)<", mine)[0]
    assert "<svg" in mine
    again = await rider.post("/service/redemptions", data=fields | {"id": str(uuid4())})
    assert again.status_code == 409
    assert "积分不够，还差 20 分" in again.text

    shown = (await (await signed_in(service, "desk"))[0].get(f"/service/redemptions/{known}")).text
    assert code not in shown
    desk, csrf = await signed_in(service, "desk")
    seen = (await desk.get("/service/counter", params={"code": f"http://x/service/counter?code={code}"})).text
    assert "测" in seen
    assert "测试rider1" not in seen
    out = await desk.post("/service/counter", data={"csrf": csrf, "code": code})
    assert out.headers["location"] == "/service/counter?notice=handed_out"
    twice = await desk.post("/service/counter", data={"csrf": csrf, "code": code})
    assert twice.status_code == 409
    assert "已经领过" in twice.text
    refused = await desk.post(f"/service/redeemed/{known}/refund", data={"csrf": csrf, "reason": ""})
    assert refused.status_code == 400
    back = await desk.post(
        f"/service/redeemed/{known}/refund", data={"csrf": csrf, "reason": "坏了", "restock": "yes"}
    )
    assert back.headers["location"] == "/service/redeemed?notice=reward_refunded", back.text[-2000:]
    file = await desk.get("/service/redeemed.xlsx?status=refunded")
    [_, row] = openpyxl.load_workbook(BytesIO(file.content)).worksheets[0].iter_rows(values_only=True)
    assert row[1:5] == ("测试rider1", "鸡蛋", 30, "已退货")
    points = (await (await service.person("rider1")).get(f"{API}/me/points")).json()
    kinds = sorted(one["kind"] for one in points["entries"])
    assert (points["balance"], kinds) == (40, ["earned", "redeemed", "returned"])


async def test_a_shop_is_appointed_and_dismissed_and_sees_the_counter_only(service: Service) -> None:
    desk, csrf = await signed_in(service, "desk")
    keeper, keeper_csrf = await signed_in(service, "resident")
    assert (await keeper.get("/service/counter")).status_code == 403
    shop = str(uuid4())
    fields = {"csrf": csrf, "name": "粮油店", "active": "yes", "address": "八经街 1 号"}
    assert (await desk.post(f"/admin/rewards/shops/{shop}", data=fields)).status_code == 303
    wrong = await desk.post(
        f"/admin/rewards/shops/{shop}/keepers", data={"csrf": csrf, "keeper": "没有这个人"}
    )
    assert wrong.status_code == 400
    assert "没有这个人" in html.unescape(wrong.text)
    named = await desk.post(f"/admin/rewards/shops/{shop}/keepers", data={"csrf": csrf, "keeper": "resident"})
    assert named.headers["location"] == "/admin/rewards?notice=keeper_appointed"
    await earn(service, "rider1")
    reward = await offer(service, cost=10, shop=shop)
    other = await offer(service, cost=10)
    rider = await service.person("rider1")
    mine, elsewhere = [
        (await rider.post(f"{API}/redemptions", json={"reward": one})).json() for one in (reward, other)
    ]
    assert "/service/counter" in (await keeper.get("/service")).text
    assert (await keeper.get("/service/counter", params={"code": elsewhere["code"]})).status_code == 404
    given = await keeper.post("/service/counter", data={"csrf": keeper_csrf, "code": mine["code"]})
    assert given.status_code == 303, given.text[-2000:]
    person = str(service.community.id("resident"))
    ended = await desk.post(f"/admin/rewards/shops/{shop}/keepers", data={"csrf": csrf, "person": person})
    assert ended.headers["location"] == "/admin/rewards?notice=keeper_dismissed"
    assert (await keeper.get("/service/counter")).status_code == 403


async def test_points_are_given_after_it_was_said_to_whom(service: Service) -> None:
    await earn(service, "rider1", hours=2)
    rider, csrf = await signed_in(service, "rider1")
    fields = {"csrf": csrf, "id": str(uuid4()), "points": "7", "words": "谢谢您"}
    unknown = await rider.post("/service/give", data=fields | {"to": "测试"})
    assert unknown.status_code == 404
    assert 'value="测试"' in unknown.text
    code = neighbour_code(service.community.id("rider2"))
    asked = await rider.post("/service/give", data=fields | {"to": code})
    assert asked.status_code == 200
    assert "测**" in asked.text
    assert "测试rider2" not in asked.text
    for _ in range(2):
        sent = await rider.post("/service/give", data=fields | {"to": code, "sure": "yes"})
        assert sent.headers["location"] == "/service/give?notice=points_sent"
    other = (await (await service.person("rider2")).get(f"{API}/me/points")).json()
    assert (other["balance"], other["entries"][0]["kind"], other["entries"][0]["memo"]) == (
        7,
        "given",
        "谢谢您",
    )
    [told] = (await (await service.person("rider2")).get(f"{API}/me/notices")).json()["items"]
    assert (told["kind"], told["url"], told["line"]) == (
        "points_given",
        "/service/statement",
        "测试rider1 · 7 分",
    )
    cause = str(uuid4())
    desk, desk_csrf = await signed_in(service, "desk")
    kept = {"csrf": desk_csrf, "name": "助老基金", "active": "yes"}
    assert (await desk.post(f"/admin/rewards/causes/{cause}", data=kept)).status_code == 303
    donated = await rider.post(
        "/service/give", data={"csrf": csrf, "id": str(uuid4()), "cause": cause, "points": "13"}
    )
    assert donated.headers["location"] == "/service/give?notice=points_donated"


async def test_hours_are_checked_line_by_line_and_corrected_with_a_reason(service: Service) -> None:
    desk, csrf = await signed_in(service, "desk")
    fields = {"csrf": csrf, "id": str(uuid4()), "occasion": "义诊", "day": "2026-06-02", "common": "2"}
    people = "rider1 1.5\n测试rider2，3\n没有的人\nrider1\nrider3 很久"
    checked = await desk.post("/service/hours", data=fields | {"people": people})
    assert checked.status_code == 200
    assert len(re.findall(r'data-line="wrong"', checked.text)) == 3
    assert 'name="sure"' not in checked.text
    book = openpyxl.Workbook()
    for row in (("姓名", "小时"), ("rider1", 1.5), ("测试rider2", None)):
        book.worksheets[0].append(row)
    file = BytesIO()
    book.save(file)
    files = {"file": ("list.xlsx", file.getvalue())}
    checked = await desk.post("/service/hours", data=fields, files=files)
    typed = re.findall(r'<textarea[^>]*name="people"[^>]*>([^<]*)<', checked.text)[0]
    done = await desk.post("/service/hours", data=fields | {"people": typed, "sure": "yes"})
    assert done.headers["location"] == "/service/hours?notice=hours_entered", done.text[-3000:]
    page = (await desk.get("/service/hours")).text
    action = re.findall(r'action="(/service/hours/[0-9a-f-]{36}/correct)"', page)[0]
    silent = await desk.post(action, data={"csrf": csrf, "id": str(uuid4()), "hours": "1", "reason": ""})
    assert silent.status_code == 400
    right = await desk.post(action, data={"csrf": csrf, "id": str(uuid4()), "hours": "1", "reason": "早退"})
    assert right.headers["location"] == "/service/hours?notice=hours_corrected"
    rider, csrf = await signed_in(service, "rider1")
    assert (await rider.get("/service/hours")).status_code == 403
    assert (await rider.get("/service/stars?year=2025&lang=en")).status_code == 200
    assert (await rider.get("/service/stars?year=20x5")).status_code == 400
    assert (await desk.get("/service/stars.xlsx")).status_code == 200
    assert (await rider.get("/service/stars.xlsx")).status_code == 403
    named = await rider.post("/service/stars", data={"csrf": csrf, "public": "yes"})
    assert named.headers["location"] == "/service/stars?notice=star_named"


async def test_hours_of_a_case_are_corrected_in_its_timeline(service: Service, problem: Check) -> None:
    await service.on_duty("watcher01-01", (50, 50))
    filed = await service.report("rider1", category="elderly_care")
    for verb in ("accept", "arrive", "done"):
        answer = await service.act("watcher01-01", filed["case_id"], verb)
        assert answer.status_code == 200, answer.text
    assert (await service.act("desk", filed["case_id"], "verify", hours=3)).status_code == 200
    desk = await service.person("desk")
    page, _ = await signed_in(service, "desk")
    service_id = re.findall(
        r"/service/hours/([0-9a-f-]{36})/correct", (await page.get("/service/hours")).text
    )[0]
    watcher = await service.person("watcher01-01")
    given = {"hours": 1, "reason": "只做了一小时"}
    problem(await watcher.post(f"{API}/hours/{service_id}/correct", json=given), 403, "not_allowed")
    assert (await desk.post(f"{API}/hours/{service_id}/correct", json=given)).status_code == 204
    problem(await desk.post(f"{API}/hours/{service_id}/correct", json=given), 409, "already_corrected")
    detail = (await desk.get(f"{API}/cases/{filed['case_id']}")).json()
    assert detail["timeline"][-1]["verb"] == "correct_hours"
    assert [(one["hours"], one["points"]) for one in detail["service"]] == [(1.0, 10)]
    assert "更正" in (await page.get(f"/cases/{filed['case_id']}")).text
    assert (await watcher.get(f"{API}/me/points")).json()["balance"] == 10


async def test_the_books_of_a_month_on_the_page_as_a_workbook_and_on_paper(service: Service) -> None:
    await earn(service, "rider1", "rider2")
    reward = await offer(service)
    rider = await service.person("rider1")
    made = (await rider.post(f"{API}/redemptions", json={"reward": reward})).json()
    await (await service.person("desk")).post(f"{API}/counter", json={"code": made["code"]})
    desk, _ = await signed_in(service, "desk")
    page = await desk.get("/service/books?month=2026-06")
    assert "data-balanced" in page.text
    assert re.findall(r"data-zero>([^<]*)<", page.text) == ["0", "0"]
    assert (await desk.get("/service/books?month=2026-6x")).status_code == 400
    book = openpyxl.load_workbook(BytesIO((await desk.get("/service/books.xlsx?month=2026-06")).content))
    assert [one.title for one in book.worksheets] == ["账户", "变动", "兑换品", "对不上的"]
    assert [cell.value for cell in book.worksheets[0][book.worksheets[0].max_row]] == ["合计", 0, 110, 110, 0]
    assert book.worksheets[3].max_row == 1
    paper = await desk.get("/service/books.html?month=2026-06&lang=en")
    assert "The books balance" in paper.text
    mine, _ = await signed_in(service, "rider1")
    assert (await mine.get("/service/books")).status_code == 403
    file = BytesIO((await mine.get("/service/statement.xlsx")).content)
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert [row[4].value for row in sheet.iter_rows(min_row=2)] == [40, -30]
    text = (await mine.get("/service/statement.csv?from=2026-06-01&to=2026-06-30&lang=en")).content.decode(
        "utf-8-sig"
    )
    assert "Earned by service" in text
    assert (await mine.get("/service/statement?from=2026-06-30&to=2026-06-01")).status_code == 400
