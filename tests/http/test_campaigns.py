"""Campaigns of visits: 614 problems from a sheet, 546 settled on the spot and 68 handed on, every one answered."""

from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import openpyxl

from tests.http.conftest import API, Check, Json, Service

TITLES = "编号,日期,地址,房号,网格,问题,类别,处理方式,转办单位,答复,答复日期"
FOUND, ON_SPOT = 614, 546


def campaign(**fields) -> Json:
    days = {"starts_on": "2026-03-01", "ends_on": "2026-06-08"}
    questions = "家里有老人吗？|是否\n几口人？|数字\n最想解决什么？|停车|电梯|环境\n有什么建议？"
    return {"id": str(uuid4()), "name": "百日大走访", "questions": questions, **days, **fields}


def sheet(lines: int = FOUND, on_spot: int = ON_SPOT) -> bytes:
    rows = [TITLES]
    for number in range(lines):
        day = date(2026, 3, 1) + timedelta(days=number % 90)
        how = ("现场解决", "", "当场处理") if number < on_spot else ("转办", "物业公司", "已修好并回访")
        where = "测试街3号" if number % 2 else ""
        cells = (
            f"{number + 1}",
            f"{day}",
            where,
            f"2-{number % 20}",
            f"{1 + number % 2}",
            f"第{number}个问题",
            "路灯不亮",
        )
        rows.append(",".join((*cells, *how, f"{day + timedelta(days=5)}" if number % 3 else "")))
    return ("\ufeff" + "\r\n".join(rows)).encode()


async def made(service: Service, **fields) -> str:
    answer = await (await service.person("desk")).post(f"{API}/campaigns", json=campaign(**fields))
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def test_a_sheet_of_614_problems_is_checked_written_and_reported(service: Service) -> None:
    desk, csrf = await service.browser("desk")
    path = f"/visits/campaigns/{await made(service)}"

    async def send(data: bytes):
        return await desk.post(f"{path}/import", data={"csrf": csrf}, files={"file": ("a.csv", data)})

    wrong = await send(
        sheet(3).replace("现场解决".encode(), "乱写".encode(), 1).replace(b"2026-03-02", b"2026-33-02")
    )
    assert "不认识处理方式" in wrong.text
    assert "不是日期" in wrong.text
    assert "digest" not in wrong.text
    checked = (await send(sheet())).text
    assert "确认写入 614 个问题" in checked
    assert (await (await service.person("desk")).get(f"{API}/findings")).json()["total"] == 0
    digest = checked.partition('name="digest" value="')[2][:64]
    sent = await desk.post(f"{path}/import/confirm", data={"csrf": csrf, "digest": digest})
    assert sent.headers["location"] == f"{path}?notice=problems_imported", sent.text[:2000]
    found = (await desk.get(f"{API}{path.removeprefix('/visits')}")).json()
    figures = {name: found["campaign"][name] for name in ("findings", "on_spot", "transferred", "unanswered")}
    assert figures == {"findings": FOUND, "on_spot": ON_SPOT, "transferred": FOUND - ON_SPOT, "unanswered": 0}
    assert sum(one["findings"] for one in found["grids"]) == FOUND
    assert [one["code"] for one in found["grids"]] == ["01", "02"]
    assert "都已经在这次活动里了" in (await send(sheet())).text
    report = (await desk.get(f"{path}/report")).text
    assert "发现问题 614 个：现场解决 546 个，转办 68 个。" in report
    assert "每一个都有答复。" in report
    book = openpyxl.load_workbook(BytesIO((await desk.get(f"{path}/report.xlsx")).content), read_only=True)
    rows = list(book["问题清单"].iter_rows(values_only=True))
    part = await desk.get("/visits/findings.xlsx", params={"state": "transferred", "grid": "01"})
    table = openpyxl.load_workbook(BytesIO(part.content), read_only=True).worksheets[0]
    listed = list(table.iter_rows(values_only=True))
    assert 1 < len(listed) < FOUND - ON_SPOT + 1
    assert len(rows) == FOUND + 1
    assert {row[-1] for row in rows[1:]} in ({True}, {"是"}, {1})
    assert not any("2-1" in str(cell) for row in rows for cell in row), "no flats in what is handed on"
    worker, _ = await service.browser("grid01")
    assert "件件有答复" in (await worker.get(path)).text
    assert "import" not in (await worker.get(path)).text.partition("<main")[2]


async def test_visits_answer_its_questions(service: Service, problem: Check) -> None:
    days = {"starts_on": "2026-06-01", "ends_on": "2026-09-08"}
    english = {"name_en": "A hundred days", "purpose": "走遍每一户", "purpose_en": "A call at every door"}
    campaign_id = await made(service, grids=["01"], **days, **english)
    watcher, csrf = await service.browser("watcher01-01")
    page = (await watcher.get(f"/visits?campaign={campaign_id}")).text
    assert "最想解决什么？" in page
    fields = {"csrf": csrf, "id": str(uuid4()), "kind": "visit", "campaign": campaign_id, "answer_q1": "yes",
              "building": str(service.community.buildings["01-01"]), "answer_q2": "3", "answer_q4": "多装座椅"}  # fmt: skip
    wrong = await watcher.post("/visits", data=fields | {"answer_q2": "三"})
    assert "请填整数" in wrong.text
    assert "多装座椅" in wrong.text
    assert (await watcher.post("/visits", data=fields)).status_code == 303
    desk = await service.person("desk")
    seen = (await desk.get(f"{API}/visits", params={"campaign": campaign_id})).json()["items"][0]
    assert seen["answers"] == {"q1": "yes", "q2": "3", "q4": "多装座椅"}
    office, csrf = await service.browser("desk")
    shown = (await office.get(f"/visits/campaigns/{campaign_id}")).text
    assert "家里有老人吗？" in shown
    assert "多装座椅" not in shown.partition("问答汇总")[2].partition("</section>")[0]
    assert "走遍每一户" in shown
    for path in (
        f"/visits/campaigns/{campaign_id}",
        f"/visits/{seen['id']}",
        f"/visits/campaigns/{campaign_id}/report",
    ):
        read = (await office.get(path, params={"lang": "en"})).text
        assert "A hundred days" in read, path
        assert "百日大走访</" not in read, path
    assert "A call at every door" in (await office.get(f"/visits/campaigns/{campaign_id}")).text
    elsewhere = {
        "id": str(uuid4()),
        "building": str(service.community.buildings["02-01"]),
        "campaign": campaign_id,
    }
    problem(await desk.post(f"{API}/visits", json=elsewhere), 400, "campaign_elsewhere")
    assert (await desk.post(f"{API}/campaigns/{campaign_id}/end")).json()["ended_at"]
    problem(
        await desk.post(f"{API}/visits", json=elsewhere | {"building": fields["building"]}),
        409,
        "campaign_over",
    )


async def test_bad_input(service: Service, problem: Check) -> None:
    desk, watcher = await service.person("desk"), await service.person("watcher01-01")
    for fields, code in (
        ({"name": ""}, "field_missing"),
        ({"name": " "}, "text_needed"),
        ({"name_en": "x" * 61}, "text_too_long"),
        ({"ends_on": "2026-02-01"}, "campaign_days"),
        ({"ends_on": "9999-01-01"}, "campaign_days"),
        ({"grids": ["99"]}, "campaign_grid"),
        ({"questions": "停车？|一个"}, "question_options"),
        ({"questions": "?\n" * 21}, "too_many_questions"),
        ({"starts_on": "gestern"}, "field_not_date"),
    ):
        problem(await desk.post(f"{API}/campaigns", json=campaign(**fields)), 400, code)
    problem(await watcher.post(f"{API}/campaigns", json=campaign()), 403, "not_allowed")
    problem(await desk.get(f"{API}/campaigns/{uuid4()}"), 404, "campaign_not_found")
    problem(await (await service.person("rider1")).get(f"{API}/campaigns"), 403, "not_allowed")
    client, csrf = await service.browser("desk")
    path = f"/visits/campaigns/{await made(service)}/import"
    for data in (b"", b"\x00" * 50, b"PK\x03\x04junk", "别的,列\n1,2".encode()):
        answer = await client.post(path, data={"csrf": csrf}, files={"file": ("a.csv", data)})
        assert answer.status_code == 400, (data, answer.text[:500])
        assert "data-problem" in answer.text
    gone = await client.post(f"{path}/confirm", data={"csrf": csrf, "digest": "0" * 64})
    assert gone.status_code == 400
    assert (await (await service.browser("grid01"))[0].get("/visits/campaigns")).status_code == 200
