"""Tables that the office sends: CSV as any spreadsheet writes it, or XLSX; rows of text, within limits."""

from __future__ import annotations

import csv
import zipfile
from io import BytesIO, StringIO
from itertools import islice

from gis.errors import InvalidInputError, TooLargeError
from gis.flows.table_files import ENCODINGS

MOST_BYTES = 4_000_000
MOST_UNPACKED = 60_000_000
MOST_ROWS = 5000
MOST_COLUMNS = 60
MOST_SIGNS = 2000


def read_rows(data: bytes) -> list[list[str]]:
    """Return the rows of a table, empty ones left out; the first is its headings.

    Parameters
    ----------
    data
        The file, whose kind is told by its content.

    Raises
    ------
    TooLargeError
        ``table_too_large``.
    InvalidInputError
        ``table_unreadable``, ``table_empty``.
    """
    if len(data) > MOST_BYTES:
        raise _too_large()
    rows = _sheet(data) if data.startswith(b"PK\x03\x04") else _csv(data)
    kept = [row for row in rows if any(row)]
    if len(kept) < 2:  # noqa: PLR2004 - headings and one row
        raise InvalidInputError("no rows", code="table_empty", field="file")
    return kept


def _csv(data: bytes) -> list[list[str]]:
    text = _decoded(data)
    rows: list[list[str]] = []
    first = text.partition("\n")[0]
    sign = max((",", "\t", ";"), key=first.count)
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=sign):
            rows.append([cell.strip()[:MOST_SIGNS] for cell in row[:MOST_COLUMNS]])
            if len(rows) > MOST_ROWS:
                raise _too_large()
    except csv.Error as error:
        raise _unreadable() from error
    return rows


def _decoded(data: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _unreadable()


def _sheet(data: bytes) -> list[list[str]]:
    """Return the first sheet's rows: values as they are shown, formulas as they were worked out."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        rows = _first_sheet(data) if unpacked <= MOST_UNPACKED else None
    except Exception as error:  # whatever a damaged archive or its XML makes the reader raise
        raise _unreadable() from error
    if rows is None or len(rows) > MOST_ROWS:
        raise _too_large()
    return rows


def _first_sheet(data: bytes) -> list[list[str]]:
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    given = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)
    return [[_cell(value) for value in row] for row in islice(given, MOST_ROWS + 1)]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()[:MOST_SIGNS]


def _too_large() -> TooLargeError:
    return TooLargeError(
        "too large", code="table_too_large", field="file", limit_mb=MOST_BYTES // 1_000_000, rows=MOST_ROWS
    )


def _unreadable() -> InvalidInputError:
    return InvalidInputError("neither CSV nor XLSX", code="table_unreadable", field="file")
