"""Sheets as XLSX and CSV, row by row in bounded memory; no cell can become a formula.

Titles and words are the caller's, in the reader's language. Numbers and times keep their kind, so that sums and sorting
work in an office's programs. Times are shown by the sheet's own clock, for cells know no time zone.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import IO, Any, Literal

Kind = Literal["text", "integer", "number", "percent", "money", "date", "moment", "flag"]
Target = Path | IO[bytes]

MOST_ROWS = 1_048_575
"""Below the line of titles; a longer sheet goes on in the next one."""
MOST_CHARACTERS = 32_767
WIDTHS: dict[Kind, int] = {"text": 18, "integer": 10, "number": 12, "percent": 10, "money": 14, "date": 12}
FORMATS: dict[Kind, str] = {
    "integer": "0",
    "number": "General",
    "percent": "0.0%",
    "money": "#,##0.00",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm:ss",
}
# what spreadsheets take for the beginning of a formula, also in full width or behind blanks
_FORMULA = re.compile(r"[\s\x00]*[=+\-@|＝＋－＠]|[\t\r\n\x00]")
_TITLE_LENGTH = 31
_DAY_0 = date(1899, 12, 30).toordinal()
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    Parameters
    ----------
    key
        Its name for programs.
    title
        Its title for people.
    kind
        What its values are: ``percent`` is a share of one, ``moment`` an aware datetime, ``flag`` a truth value.
    unit
        Shown behind the title, for example ``m``.
    """

    key: str
    title: str
    kind: Kind = "text"
    unit: str = ""

    @property
    def heading(self) -> str:
        """The title with its unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows are taken once, as they come, each with a value (or None) for every column."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    zone: tzinfo = field(default=UTC)


def write_xlsx(target: Target, sheets: Sequence[Sheet]) -> int:
    """Write a workbook and return how many rows it has below the titles.

    Parameters
    ----------
    target
        A path, or a binary file.
    sheets
        At least one; those of the same title are numbered.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(target) if isinstance(target, Path) else target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    taken: set[str] = set()
    with book:
        formats = {kind: book.add_format({"num_format": shown}) for kind, shown in FORMATS.items()}
        quoted = book.add_format({"quote_prefix": True})
        bold = book.add_format({"bold": True, "bottom": 1})
        writer = _BookWriter(book, formats, quoted, bold, taken)
        return sum([writer.write(sheet) for sheet in sheets])


def write_csv(target: Target, sheet: Sheet) -> int:
    """Write a sheet as CSV in UTF-8 with a byte-order mark, and return how many rows it has below the titles.

    Parameters
    ----------
    target
        A path, or a binary file; the file stays open.
    sheet
        Its title is not written.
    """
    count = 0
    with _binary(target) as raw:
        lines = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")
        writer = csv.writer(lines, lineterminator="\r\n")
        writer.writerow([neutral(column.heading) for column in sheet.columns])
        for count, row in enumerate(sheet.rows, start=1):  # noqa: B007 - counted
            writer.writerow(
                [
                    _plain(column, _local(value, sheet.zone))
                    for column, value in zip(sheet.columns, row, strict=True)
                ]
            )
        lines.flush()
        lines.detach()
    return count


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe goes before what looks like one.

    Parameters
    ----------
    text
        What somebody typed.
    """
    return f"'{text}" if _FORMULA.match(text) else text


class _BookWriter:
    """Writes sheets into an open workbook."""

    def __init__(self, book: Any, formats: dict[Kind, Any], quoted: Any, bold: Any, taken: set[str]) -> None:
        self._book = book
        self._formats = formats
        self._quoted = quoted
        self._bold = bold
        self._taken = taken

    def write(self, sheet: Sheet) -> int:
        page, line, count = self._begin(sheet), 0, 0
        for row in sheet.rows:
            if line == MOST_ROWS:
                self._end(page, sheet, line)
                page, line = self._begin(sheet), 0
            line += 1
            count += 1
            for at, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
                if value is not None:
                    self._cell(page, (line, at), column, _local(value, sheet.zone))
        self._end(page, sheet, line)
        return count

    def _begin(self, sheet: Sheet) -> Any:
        page = self._book.add_worksheet(self._title(sheet.title))
        page.freeze_panes(1, 0)
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, max(WIDTHS.get(column.kind, 20), 2 * len(column.title) + 2))
        for at, column in enumerate(sheet.columns):
            page.write_string(0, at, column.heading, self._bold)
        return page

    def _end(self, page: Any, sheet: Sheet, line: int) -> None:
        if sheet.columns:
            page.autofilter(0, 0, line, len(sheet.columns) - 1)

    def _title(self, wanted: str) -> str:
        """Return a title that Excel allows and that no sheet has yet."""
        plain = _NOT_IN_TITLE.sub(" ", wanted).strip(" '")[:_TITLE_LENGTH] or "1"
        title, number = plain, 1
        while title.casefold() in self._taken:
            number += 1
            title = f"{plain[: _TITLE_LENGTH - len(str(number)) - 1]} {number}"
        self._taken.add(title.casefold())
        return title

    def _cell(self, page: Any, at: tuple[int, int], column: Column, value: Any) -> None:
        shape = self._formats.get(column.kind)
        if isinstance(value, bool):
            page.write_boolean(*at, value)
        elif column.kind == "text" or isinstance(value, str):
            text = str(value)[:MOST_CHARACTERS]
            if not text.isprintable():
                text = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
            page.write_string(*at, text, self._quoted if _FORMULA.match(text) else None)
        elif isinstance(value, date):
            page.write_number(*at, _serial(value), shape)
        elif math.isfinite(value):
            page.write_number(*at, float(value), shape)


def _plain(column: Column, value: Any) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if column.kind == "text" or isinstance(value, str):
        return neutral(str(value))
    if isinstance(value, date):
        return value.isoformat(" ", "seconds") if isinstance(value, datetime) else str(value)
    number = float(value)
    if not math.isfinite(number):
        return ""
    return int(value) if column.kind == "integer" else value


def _serial(value: date) -> float:
    """Return days since 30 December 1899: what Excel keeps of a date or moment."""
    if not isinstance(value, datetime):
        return float(value.toordinal() - _DAY_0)
    seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    return value.toordinal() - _DAY_0 + seconds / 86_400


def _local(value: Any, zone: tzinfo) -> Any:
    """Return a moment by the sheet's clock, without its zone; anything else as it is."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(zone).replace(tzinfo=None)
    return value


@contextmanager
def _binary(target: Target) -> Iterator[IO[bytes]]:
    if isinstance(target, Path):
        with target.open("wb") as opened:
            yield opened
    else:
        yield target
