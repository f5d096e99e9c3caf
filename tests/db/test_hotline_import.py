"""A hotline's file into cases: by their numbers only once, doubtful addresses asked for, changes told, begun again after a crash."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.cli import run
from gis.errors import ConflictError, InvalidInputError, NotAllowedError, WeiwangError
from gis.flows.hotline_files import begin, bind_hotline_files, discard, settle, start, the_import
from gis.store import hotline_imports
from tests.loop import Loop

TITLES = "工单编号,诉求内容,事发地址,诉求类型,受理时间,办结时限,联系电话"
ROWS = """
S1,下水堵了,测试街1号,下水堵塞,2026-06-03 09:00,2026-06-08 18:00,13912345678
S2,路灯不亮,测试街2号,城建,2026-06-03 09:10,,
S3,邻居吵架,天涯路99号,纠纷,2026-06-03 09:20,2026-06-10,
,没有编号的噪声,测试街3号,,2026-06-03 09:30,,
S5,,测试街1号,,,,
"""


def table(rows: str = ROWS) -> bytes:
    return (TITLES + rows).encode("gb18030")


def files(loop: Loop) -> str:
    return " ".join(path.name for path in loop.settings.state.glob("hotline/*"))


async def sent(loop: Loop, data: bytes) -> tuple[UUID, dict[str, Any]]:
    import_id = uuid4()
    await loop.act(begin, loop.actor("desk"), import_id, "工单.csv", data)
    found = await loop.act(the_import, loop.actor("desk"), import_id)
    return import_id, dict(found.summary)


async def written(loop: Loop, data: bytes, choices: dict[str, str] | None = None) -> dict[str, Any]:
    import_id, _ = await sent(loop, data)
    desk = loop.actor("desk")
    if choices:
        found = await loop.act(the_import, desk, import_id)
        await loop.act(settle, desk, import_id, found.columns, {}, choices)
    await loop.act(start, desk, import_id)
    await bind_hotline_files(loop.work)["write_hotline"]("test", str(import_id))
    found = await loop.act(the_import, desk, import_id)
    assert found.status == "written"
    assert str(import_id) not in files(loop)
    return dict(found.summary["written"]["counts"])


async def test_a_file_is_looked_at_before_anything_is_written(loop: Loop) -> None:
    _, looked = await sent(loop, table())
    assert {key: looked[key] for key in ("rows", "new", "unchanged", "doubtful_rows", "problem_rows")} == {
        "rows": 5,
        "new": 3,
        "unchanged": 0,
        "doubtful_rows": 1,
        "problem_rows": 1,
    }
    assert [one["address"] for one in looked["doubtful"]] == ["天涯路99号"]
    assert {one["category"] for one in looked["categories"]} >= {"sewer", "street_lamp", "noise"}
    assert await loop.value("SELECT count(*) FROM report") == 0


async def test_orders_become_cases_and_again_nothing_changes(loop: Loop) -> None:
    assert await written(loop, table()) == {"new": 3, "doubtful": 1, "incomplete": 1}
    assert await loop.value("SELECT count(*) FROM report WHERE source = 'hotline'") == 3
    due = await loop.value(
        'SELECT c.resolve_due_at FROM "case" c WHERE category = :category', category="sewer"
    )
    assert due.isoformat() == "2026-06-08T10:00:00+00:00"
    events = await loop.value("SELECT count(*) FROM event")
    assert await written(loop, table()) == {"unchanged": 3, "doubtful": 1, "incomplete": 1}
    assert await loop.value("SELECT count(*) FROM event") == events
    changed = ROWS.replace("2026-06-08 18:00", "2026-06-12 18:00")
    _, looked = await sent(loop, table(changed))
    assert (looked["changed"], looked["changes"]) == (1, [{"line": 2, "order_number": "S1"}])
    assert (await written(loop, table(changed)))["changed"] == 1
    assert (await written(loop, table(changed)))["unchanged"] == 3


async def test_a_person_chooses_where_doubtful_ones_are(loop: Loop) -> None:
    counts = await written(loop, table(), {"天涯路99号": "测试街4号"})
    assert counts == {"new": 4, "incomplete": 1}
    place = await loop.value("SELECT place->'building'->>'name' FROM \"case\" WHERE category = 'dispute'")
    assert place == "测试街4号"
    assert (await written(loop, table("\nS9,漏水,天涯路100号,,,,\n"), {"天涯路100号": "skip"})) == {
        "skipped": 1
    }


async def test_the_same_number_twice_in_a_file_is_one_order(loop: Loop) -> None:
    rows = "\nS1,下水堵了,测试街1号,,,,\nS1,下水堵了,测试街1号,,,,\nS1,下水又堵了,测试街1号,,,,\n"
    assert await written(loop, table(rows)) == {"new": 1, "unchanged": 1, "changed": 1}
    assert await loop.value("SELECT count(*) FROM hotline_order") == 1


async def test_columns_are_remembered_and_can_be_stated(loop: Loop) -> None:
    desk = loop.actor("desk")
    data = "甲,乙,工单号,地址\n1,下水堵了,T1,测试街1号\n".encode()
    import_id, looked = await sent(loop, data)
    assert looked["needed"] == "words"
    columns = {"words": "乙", "order_number": "工单号", "address": "地址"}
    await loop.act(settle, desk, import_id, columns, {"": "sewer"}, {})
    await loop.act(start, desk, import_id)
    with pytest.raises(ConflictError):
        await loop.act(settle, desk, import_id, columns, {}, {})
    _, again = await sent(loop, data.replace(b"T1", b"T2"))
    assert again["new"] == 1
    async with loop.database.read() as session:
        assert (await hotline_imports.remembered(session, "test"))[0] == columns


async def test_bad_files_leave_nothing_and_only_the_desk_sends_any(loop: Loop) -> None:
    for name, data, code in (
        ("a.exe", b"MZ", "hotline_file_kind"),
        ("a.csv", b"\xff\xfe\x00", "csv_unreadable"),
        ("a.xlsx", b"PK", "hotline_unreadable"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            await loop.act(begin, loop.actor("desk"), uuid4(), name, data)
        assert refused.value.code == code
    assert files(loop) == ""
    with pytest.raises(NotAllowedError):
        await loop.act(begin, loop.actor("grid01"), uuid4(), "a.csv", table())
    import_id, _ = await sent(loop, table())
    with pytest.raises(WeiwangError):
        await loop.act(settle, loop.actor("desk"), import_id, {"words": "没有这列"}, {}, {})
    await loop.act(discard, loop.actor("desk"), import_id)
    assert files(loop) == ""


async def test_answers_for_the_hotline(loop: Loop) -> None:
    from gis.flows.reject import reject

    await written(loop, table())
    case_id = await loop.value("SELECT case_id FROM \"case\" WHERE category = 'sewer'")
    await loop.act(reject, loop.actor("desk"), case_id, "已由物业处理")
    async with loop.database.read() as session:
        rows = await hotline_imports.answers(session, "test")
        ended = await hotline_imports.answers(session, "test", ended=True)
    assert [row.order_number for row in rows] == ["S1", "S2"]
    assert [(row.order_number, row.result, row.status) for row in ended] == [
        ("S1", "已由物业处理", "rejected")
    ]


def test_the_command_looks_writes_once_and_answers(
    loop: Loop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, book = tmp_path / "工单.csv", tmp_path / "答复.csv"
    file.write_bytes(table())
    monkeypatch.setenv("DATABASE_URL", loop.database.engine.url.render_as_string(hide_password=False))
    said: list[object] = []
    for arguments in (
        ["import", str(file), "--look"],
        ["import", str(file), "--place", "天涯路99号=测试街4号"],
        ["import", str(file)],
    ):
        code = run(["hotline", *arguments, "--json"])
        found = json.loads(capsys.readouterr().out)
        assert code == 0
        said.append(found.get("written", {}).get("counts"))
    assert said == [None, {"new": 4, "incomplete": 1}, {"unchanged": 4, "incomplete": 1}]
    assert run(["hotline", "answers", str(book)]) == 0
    assert book.read_text("utf-8-sig").count("S") >= 3
    for arguments in (
        ["import", str(tmp_path / "none.csv")],
        ["import", str(file), "--column", "words"],
        ["import", str(file), "--as", "nobody"],
        ["answers", "a.pdf"],
    ):
        assert run(["hotline", *arguments]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
