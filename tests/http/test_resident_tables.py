"""Residents from a table: checked row by row, kept sealed meanwhile, written as a whole, the same again changes nothing."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import text

from gis.store.session import Database
from tests.http.conftest import API, Service
from tests.http.test_pages import signed_in
from tests.http.test_residents import record

TABLE = "地址,单元,房号,姓名,与户主关系,手机,出生日期,关怀标记\n测试街1号,1单元,301室,王秀英,户主,13800001234,1949-12-31,独居\n测试街1号,1,302,李建国,户主,,1935,行动不便、独居\n"


async def test_a_table_is_checked_then_written_and_again_changes_nothing(
    service: Service, database: Database
) -> None:
    await record(service, id_number="", birth_year=1949, birth_day="12-31", phone="")
    client, csrf = await signed_in(service, "grid01")
    checked = await client.post(
        "/residents/import",
        data={"csrf": csrf},
        files={"file": ("a.csv", io.BytesIO(TABLE.encode("gb18030")))},
    )
    assert checked.status_code == 200
    assert "确认写入 2 人" in checked.text
    state = service.app.state.parts.settings.state
    (kept,) = [one for one in (state / "resident-imports").rglob("*") if one.is_file()]
    assert "王秀英".encode("gb18030") not in kept.read_bytes()
    sent = await client.post("/residents/import/confirm", data={"csrf": csrf, "digest": kept.name})
    assert sent.headers["location"] == "/residents?notice=residents_imported"
    assert [one for one in (state / "resident-imports").rglob("*") if one.is_file()] == []
    found = (await client.get(f"{API}/residents")).json()["items"]
    assert [(one["name"], one["flat"], one["flags"]) for one in found] == [
        ("王秀英", "301", ["lives_alone"]),
        ("李建国", "302", ["age90", "lives_alone", "mobility"]),
    ]
    again = await client.post(
        "/residents/import", data={"csrf": csrf}, files={"file": ("a.csv", io.BytesIO(TABLE.encode()))}
    )
    assert "完全一样" in again.text
    async with database.read() as session:
        verbs = await session.rows(text("SELECT verb FROM resident_change WHERE verb = 'imported'"))
    assert len(verbs) == 2


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("没有街9号,1,301,王秀英,户主,,,", "没有这个地址"), ("测试街1号,1,301,,户主,,,", "还缺"), ("测试街1号,1,301,王秀英,户主,x,,", "电话"),
        ("测试街3号,1,301,王秀英,户主,,,", "不在您负责的范围内"), ("测试街1号,1,301,王秀英,户主,,昨天,", "出生日期"), ("测试街1号,1,301,王秀英,户主,,,富有", "富有"),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_a_row_is_told(service: Service, line: str, why: str) -> None:
    await record(service, "02-01")
    client, csrf = await signed_in(service, "grid01")
    table = TABLE.splitlines()[0] + "\n" + line + "\n"
    checked = await client.post(
        "/residents/import", data={"csrf": csrf}, files={"file": ("a.csv", io.BytesIO(table.encode()))}
    )
    assert 'data-row="wrong"' in checked.text
    assert why in checked.text
