"""The desk's pages without scripts: board and list, cards, acts on many, kept filters, handing over."""

import re

import httpx
import pytest

from tests.http.conftest import Service


async def signed_in(service: Service, username: str = "desk") -> tuple[httpx.AsyncClient, str]:
    client, csrf = await service.browser(username)
    client.headers["Accept"] = "text/html"
    return client, csrf


async def test_board_list_and_cards_show_the_same_cases(service: Service) -> None:
    first = (await service.report(where=(35, 20), category="noise"))["case_id"]
    second = (await service.report(where=(150, 150), category="noise"))["case_id"]
    await service.act("desk", second, "refer", agency="water", reason="主管道")
    client, _ = await signed_in(service)
    board = (await client.get("/desk?view=board")).text
    columns = dict(re.findall(r'data-key="(\w+)".*?<ul[^>]*>(.*?)</ul>', board, re.DOTALL))
    assert list(columns) == ["open", "offered", "in_hand", "referred", "done"]
    assert first in columns["open"]
    assert second in columns["referred"]
    rows = (await client.get("/desk?view=list")).text
    assert set(re.findall(r'data-card="([0-9a-f-]+)"', rows)) == {second, first}
    cards = (await client.get(f"/desk/cards?ids={first},{second}&status=referred")).text
    assert re.findall(r'data-card="([0-9a-f-]+)"', cards) == [
        second
    ]  # what no longer passes the filters is left out
    more = (await client.get("/desk/cards?column=open")).text
    assert re.findall(r'data-card="([0-9a-f-]+)"', more) == [first]
    for bad in ("ids=x", "column=nonsense", "cursor=%00", "light=blue"):
        answer = await client.get(
            f"/desk/cards?{bad}&column=open" if "column" not in bad else f"/desk/cards?{bad}"
        )
        assert answer.status_code == 400, (bad, answer.status_code)
    outside, _ = await signed_in(service, "grid02")
    assert first not in (await outside.get("/desk")).text
    assert first not in (await outside.get(f"/desk/cards?ids={first}")).text


async def test_acts_on_many_by_form_tell_of_each(service: Service) -> None:
    cases = [
        (await service.report(where=where, category="noise"))["case_id"] for where in ((35, 20), (150, 150))
    ]
    client, csrf = await signed_in(service)
    body = {
        "csrf": csrf,
        "act": "refer",
        "agency": "water",
        "reason": "主管道",
        "back": "/desk",
        "case": cases,
    }
    answer = await client.post("/desk/bulk", data=body)
    assert answer.status_code == 200, answer.text
    assert answer.text.count('data-status="referred"') == 2
    again = (await client.post("/desk/bulk", data=body)).text
    assert again.count('class="bad-words"') == 2
    nothing = await client.post("/desk/bulk", data={"csrf": csrf, "act": "refer"})
    assert nothing.status_code == 400
    assert "data-problem" in nothing.text


async def test_forms_of_the_desk_come_back_as_they_were_typed(service: Service) -> None:
    case_id = (await service.report(category="noise"))["case_id"]
    client, csrf = await signed_in(service)
    body = {
        "csrf": csrf,
        "act": "merge",
        "reason": "主管道",
        "back": "/desk?view=list&q=%E4%B9%B1",
        "case": [case_id],
    }
    answer = await client.post("/desk/bulk", data=body | {"back": "/desk?view=list"})
    assert answer.status_code == 400
    assert 'id="error-bulk-into"' in answer.text, "beside the field that is missing"
    assert 'id="error-into"' not in answer.text
    assert 'value="主管道"' in answer.text
    assert re.search(rf'value="{case_id}" form="bulk" checked', answer.text), "what was ticked stays so"
    assert 'data-view="list"' in answer.text
    assert case_id not in (await client.post("/desk/bulk", data=body)).text, "the filter stays, too"

    body = {
        "csrf": csrf,
        "name": "长" * 900,
        "query": "light=red",
        "is_default": "true",
        "back": "/desk?light=red",
    }
    answer = await client.post("/desk/filters", data=body)
    assert answer.status_code == 400
    assert 'id="error-keep-name"' in answer.text
    assert f'value="{"长" * 900}"' in answer.text
    assert 'name="is_default" value="true" checked' in answer.text
    assert (await client.get("/desk")).status_code == 200, "nothing was kept"


async def test_a_kept_filter_opens_the_desk(service: Service) -> None:
    client, csrf = await signed_in(service)
    body = {
        "csrf": csrf,
        "name": "超时限",
        "query": "light=red&view=list&nonsense=1&cursor=x",
        "is_default": "true",
    }
    assert (await client.post("/desk/filters", data=body)).headers["location"] == "/desk?notice=filter_kept"
    opened = await client.get("/desk")
    assert opened.headers["location"] == "/desk?light=red&view=list"
    page = (await client.get(opened.headers["location"])).text
    (kept,) = re.findall(r'name="drop" value="([0-9a-f-]+)"', page)
    assert (await client.post("/desk/filters", data={"csrf": csrf, "drop": kept})).status_code == 303
    assert (await client.get("/desk")).status_code == 200
    assert (await client.post("/desk/filters", data={"csrf": csrf, "drop": "x"})).status_code == 400


async def test_a_shift_is_handed_over_by_form(service: Service) -> None:
    await service.report(category="noise")
    first, csrf = await signed_in(service)
    second, other = await signed_in(service, "admin")
    refused = await first.post("/desk/shift", data={"csrf": csrf, "end": "1", "words": "还没接班就写的话"})
    assert refused.status_code == 409
    assert "还没接班就写的话" in refused.text  # nothing typed is lost
    assert (await first.post("/desk/shift", data={"csrf": csrf})).headers["location"].endswith("shift_begun")
    assert (await first.post("/desk/notes", data={"csrf": csrf, "words": "等回电"})).status_code == 303
    ended = await first.post("/desk/shift", data={"csrf": csrf, "end": "1", "words": "盯着北五经街"})
    assert ended.headers["location"].endswith("shift_ended")
    page = (await second.get("/desk/shift")).text
    assert "盯着北五经街" in page
    assert "等回电" in page
    assert re.search(r'id="since-opened".*?data-case', page, re.DOTALL)
    (note,) = re.findall(r'action="/desk/notes/([0-9a-f-]+)"', page)
    assert (await second.post(f"/desk/notes/{note}", data={"csrf": other})).status_code == 303
    await second.post("/desk/shift", data={"csrf": other})
    page = (await second.get("/desk/shift")).text
    assert "等回电" not in page
    assert "值班中" in page


@pytest.mark.parametrize("path", ["/desk/shift", "/desk/call"])
async def test_others_have_no_part_in_it(service: Service, path: str) -> None:
    client, _ = await signed_in(service, "grid01")
    assert (await client.get(path)).status_code == 403


async def test_what_one_has_just_done_is_taken_back_by_form(service: Service) -> None:
    case_id = (await service.report(category="noise"))["case_id"]
    client, csrf = await signed_in(service)
    await client.post(f"/cases/{case_id}/refer", data={"csrf": csrf, "agency": "water", "reason": "误点"})
    page = (await client.get(f"/cases/{case_id}")).text
    (event,) = re.findall(r'name="event_id" value="(\d+)"', page)
    back = await client.post(f"/cases/{case_id}/undo", data={"csrf": csrf, "event_id": event})
    assert back.headers["location"] == f"/cases/{case_id}?notice=undone"
    page = (await client.get(f"/cases/{case_id}")).text
    assert 'data-status="open"' in page
    assert "event_id" not in page


async def test_a_call_is_taken_by_form(service: Service) -> None:
    await service.on_duty("watcher01-01", (50, 50))
    client, csrf = await signed_in(service)
    page = (await client.get("/desk/call")).text
    (call_id,) = re.findall(r'name="id" value="([0-9a-f-]+)"', page)
    body = {
        "csrf": csrf,
        "id": call_id,
        "category": "noise",
        "words": "楼上半夜敲墙 13912345678",
        "detail": "2单元 501",
    }
    for more, sentence in (
        ({}, "请写明地址"),
        ({"address": "没有这条街 999号"}, "不能确定"),
        ({"address": "测试街1号", "category": "nonsense"}, "data-problem"),
        ({"address": "测试街1号", "callback": "abc"}, "data-problem"),
        ({"address": "测试街1号", "due_at": "gestern"}, "data-problem"),
        ({"lon": "NaN", "lat": "41"}, "data-problem"),
    ):
        refused = await client.post("/desk/call", data=body | more)
        assert refused.status_code == 400, refused.text[:300]
        assert sentence in refused.text
        assert "楼上半夜敲墙" in refused.text  # nothing typed is lost
    for _ in range(2):  # the button pressed twice
        taken = await client.post("/desk/call", data=body | {"address": "测试街1号"})
        assert taken.status_code == 303, taken.text[:500]
    shown = (await client.get(taken.headers["location"])).text
    assert re.search(r"20260603-\d{5}", shown)
    assert "正在请 测试watcher01-01 去" in shown
    program = await service.person("desk")
    (case,) = (await program.get("/api/v1/cases")).json()["items"]
    assert (case["place"]["building"]["name"], case["reports"]) == ("测试街1号", 1)
    assert "139****5678" in case["summary"]
    assert (await client.get("/desk/call?sent=nonsense")).status_code == 200
