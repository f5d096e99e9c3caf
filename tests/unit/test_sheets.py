"""Sheets: kinds are kept, formulas are not made, and what Excel can't hold is cut or goes on."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from gis.exports import sheets
from gis.exports.sheets import Column, Sheet, neutral, write_csv, write_xlsx

ZONE = ZoneInfo("Asia/Shanghai")
COLUMNS = (
    Column("name", "名称"),
    Column("length_m", "长度", "number", "m"),
    Column("cases", "案件", "integer"),
    Column("share", "占比", "percent"),
    Column("day", "日期", "date"),
    Column("at", "时间", "moment"),
    Column("urgent", "紧急", "flag"),
)
ROWS = [
    ("八经街46号", 12.5, 3, 0.25, date(2026, 6, 3), datetime(2026, 6, 3, 4, 0, 5, tzinfo=UTC), True),
    ("=1+1", -2.0, None, float("nan"), None, None, None),
]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "＝1", "|cmd", "\x00=1", "-"]


def csv_of(sheet: Sheet) -> tuple[bytes, list[list[str]]]:
    target = io.BytesIO()
    write_csv(target, sheet)
    raw = target.getvalue()
    return raw, list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def book_of(*given: Sheet) -> openpyxl.Workbook:
    target = io.BytesIO()
    write_xlsx(target, given)
    return openpyxl.load_workbook(io.BytesIO(target.getvalue()))


def test_a_sheet_as_csv() -> None:
    raw, rows = csv_of(Sheet("街路", COLUMNS, ROWS, ZONE))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert rows[0] == ["名称", "长度 (m)", "案件", "占比", "日期", "时间", "紧急"]
    assert rows[1] == ["八经街46号", "12.5", "3", "0.25", "2026-06-03", "2026-06-03 12:00:05", "1"]
    assert rows[2] == ["'=1+1", "-2.0", "", "", "", "", ""]


def test_a_sheet_as_xlsx(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert write_xlsx(path, [Sheet("街路", COLUMNS, iter(ROWS), ZONE)]) == 2
    page = openpyxl.load_workbook(path)["街路"]
    assert [cell.value for cell in page[1]][:2] == ["名称", "长度 (m)"]
    assert [cell.value for cell in page[2]] == [
        "八经街46号",
        12.5,
        3,
        0.25,
        datetime(2026, 6, 3),  # noqa: DTZ001 - cells know no zone
        datetime(2026, 6, 3, 12, 0, 5),  # noqa: DTZ001
        True,
    ]
    assert page["D2"].number_format == "0.0%"
    assert page["A3"].value == "=1+1"
    assert page["A3"].data_type == "s"
    assert page["A3"].quotePrefix
    assert page["B3"].value == -2
    assert page.auto_filter.ref == "A1:G3"


@pytest.mark.parametrize("at", range(len(FORMULAS)))
def test_what_looks_like_a_formula_stays_text(at: int) -> None:
    text = FORMULAS[at]
    assert neutral(text) == f"'{text}"
    column = (Column("a", text),)
    page = book_of(Sheet("a", column, [(text,)])).active
    assert page is not None
    assert {cell.data_type for row in page.iter_rows() for cell in row} == {"s"}
    assert all(value.startswith("'") for row in csv_of(Sheet("a", column, [(text,)]))[1] for value in row)


@pytest.mark.parametrize("text", ["八经街46号", "a=b", "1-2", "", "'"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert neutral(text) == text


def test_what_excel_cannot_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    column = (Column("a", "甲"),)
    rows = [("\x01\ud800",), ("长" * 40_000,), ("三",)]
    book = book_of(Sheet("a/b:c" * 20, column, rows), Sheet("", column, []), Sheet("", column, []))
    assert [len(one.title) <= 31 for one in book.worksheets] == [True] * 4
    assert [one.max_row for one in book.worksheets] == [3, 2, 1, 1]
    assert len(book.worksheets[0]["A3"].value) == 32_767
    assert book.worksheets[0]["A2"].value == "\ufffd\ufffd"


def test_a_row_must_fit_its_columns() -> None:
    with pytest.raises(ValueError):
        csv_of(Sheet("a", COLUMNS, [("one",)]))
