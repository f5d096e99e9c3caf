"""A hotline's files as offices have them: GBK and UTF-8, merged titles, empty rows, spreadsheets' dates, wrong kinds."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from gis.errors import InvalidInputError
from gis.flows.hotline_file import header_of, orders_of
from gis.hotline.columns import guess
from gis.hotline.rows import OrderRow, category_of, read_time

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)
TABLE = """12345热线工单导出,,,,,
工单编号,诉求内容,事发地址,受理时间,办结时限,联系电话

SY1,下水堵了,测试街1号,2026-06-03 12:00,2026/6/8 18:00,13912345678
,,,,,
SY2,"路灯不亮,很久了",测试街 2号,2026年6月3日 12时00分,,
SY3,,测试街3号,昨天,2026-06-01,
"""


def read(path: Path) -> list[OrderRow]:
    return list(orders_of(path, guess(header_of(path).titles), ZONE))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_offices(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "工单.csv"
    path.write_text(TABLE, encoding=encoding)
    first, second, third = read(path)
    assert (first.line, first.order_number, first.words, first.address) == (4, "SY1", "下水堵了", "测试街1号")
    assert (first.received_at, first.due_at) == (NOON, datetime(2026, 6, 8, 10, 0, tzinfo=UTC))
    assert first.callback == "13912345678"
    assert (second.words, second.received_at, second.due_at) == ("路灯不亮,很久了", NOON, None)
    assert third.problems == ("received_at_unreadable", "words_missing")


def test_a_workbook_with_merged_titles_and_real_dates(tmp_path: Path) -> None:
    path = tmp_path / "工单.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    rows: list[list[Any]] = [
        ["和平区12345热线工单"],
        ["工单信息", None, "诉求信息", None, "时间", None],
        ["工单编号", "类型", "内容", "地址", "受理时间", "办结时限"],
        [20260603001, "市容环卫", "垃圾没人清", "测试街1号", datetime(2026, 6, 3, 12, 0), 46182.75],  # noqa: DTZ001
        [None] * 6,
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("A2:B2")
    book.save(path)
    (found,) = read(path)
    assert (found.order_number, found.category, found.received_at) == ("20260603001", "市容环卫", NOON)
    assert found.due_at == datetime(2026, 6, 9, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"%PDF-1.7", "hotline_file_kind"),
        ("a.csv", b"\x00\x01\x02", "csv_unreadable"),
        ("a.csv", b"", "hotline_no_titles"),
        ("a.csv", "一,二\n三,四\n".encode(), "hotline_no_titles"),
        ("a.xlsx", b"PK\x03\x04 not a workbook", "hotline_unreadable"),
        ("a.xlsx", TABLE.encode(), "hotline_unreadable"),
    ],
)
def test_what_is_no_file_of_orders_is_said(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InvalidInputError) as refused:
        header_of(path)
    assert refused.value.code == code


def test_columns_are_guessed_and_what_was_used_before_comes_first() -> None:
    titles = ("序号", "热线编号", "诉求类型", "诉求内容", "诉求地址", "来电号码", "来电时间", "反馈时限")
    assert guess(titles) == {
        "order_number": "热线编号",
        "category": "诉求类型",
        "words": "诉求内容",
        "address": "诉求地址",
        "callback": "来电号码",
        "received_at": "来电时间",
        "due_at": "反馈时限",
    }
    assert guess(titles, {"order_number": "序号", "words": "gone"})["order_number"] == "序号"
    path_needed = {"order_number": "热线编号"}
    with pytest.raises(InvalidInputError) as refused:
        list(orders_of(_written(titles), path_needed, ZONE))
    assert refused.value.code == "hotline_column_needed"


def _written(titles: tuple[str, ...]) -> Path:
    import tempfile

    path = Path(tempfile.mkdtemp()) / "a.csv"
    path.write_text(",".join(titles) + "\n1,2,3,4,5,6,7,8\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-06-03", datetime(2026, 6, 2, 16, tzinfo=UTC)),
        ("2026.6.3 12:00:00", NOON),
        ("20260603", datetime(2026, 6, 2, 16, tzinfo=UTC)),
        ("20260603120000", NOON),
        ("46176.5", NOON),
        ("２０２６-06-03 12：00", NOON),
        ("2026-02-30", None),
        ("9999", None),
        ("nan", None),
        ("", None),
    ],
)
def test_times_as_people_write_them(text: str, wanted: datetime | None) -> None:
    assert read_time(text, ZONE) == wanted


def test_categories_by_choice_by_name_and_by_what_is_said() -> None:
    assert category_of("市容", "", {"市容": "rubbish"}) == "rubbish"
    assert category_of("下水堵塞", "", {}) == "sewer"
    assert category_of("城建", "门口路灯坏了", {}) == "street_lamp"
    assert category_of("咨询", "问个事", {"咨询": "no_such"}) == "other"
