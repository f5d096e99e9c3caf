"""Reading a hotline's file row by row: CSV in UTF-8 or GBK, or XLSX, in bounded memory."""

from __future__ import annotations

import csv
import itertools
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gis.errors import InvalidInputError
from gis.flows.table_files import encoding_of
from gis.hotline.columns import FIELDS, HEADER_WITHIN, MOST_COLUMNS, NEEDED, Header, find_header
from gis.hotline.rows import OrderRow, row_of

MOST_ROWS = 200_000
MOST_UNPACKED = 1_000_000_000
LONGEST_CELL = 20_000
KINDS = (".csv", ".txt", ".xlsx")


def header_of(path: Path) -> Header:
    """Return the titles of a file.

    Raises
    ------
    InvalidInputError
        ``hotline_file_kind``, ``hotline_unreadable``, ``hotline_no_titles``.
    """
    first = list(itertools.islice(_rows(path), HEADER_WITHIN + 1))
    found = find_header(first)
    if found is None:
        raise InvalidInputError("no row looks like titles", code="hotline_no_titles", field="file")
    return found


def orders_of(path: Path, columns: Mapping[str, str], zone: ZoneInfo) -> Iterator[OrderRow]:
    """Yield the orders of a file; rows without anything are passed over.

    Parameters
    ----------
    path
        The file.
    columns
        Field to title.
    zone
        The community's.

    Raises
    ------
    InvalidInputError
        Those of ``header_of``; ``hotline_column_unknown``, ``hotline_column_needed``, ``hotline_too_long``.
    """
    header = header_of(path)
    places = places_of(header, columns)
    for line, cells in enumerate(_rows(path), start=1):
        if line > MOST_ROWS + HEADER_WITHIN:
            raise InvalidInputError("too many rows", code="hotline_too_long", field="file", limit=MOST_ROWS)
        if line > header.row + 1 and (found := row_of(line, cells, places, zone)) is not None:
            yield found


def places_of(header: Header, columns: Mapping[str, str]) -> dict[str, int]:
    """Return in which column each field stands."""
    places: dict[str, int] = {}
    for field, title in columns.items():
        if field not in FIELDS or title not in header.titles or not title:
            raise InvalidInputError(
                f"no column {title!r}", code="hotline_column_unknown", field=f"column-{field}", column=title
            )
        places[field] = header.titles.index(title)
    for field in NEEDED:
        if field not in places:
            raise InvalidInputError(
                f"which column is {field}?",
                code="hotline_column_needed",
                field=f"column-{field}",
                column=field,
            )
    return places


def _rows(path: Path) -> Iterator[Sequence[str]]:
    ending = path.suffix.lower()
    if ending not in KINDS:
        raise InvalidInputError(
            f"{path.name} is neither CSV nor XLSX",
            code="hotline_file_kind",
            field="file",
            expected=", ".join(KINDS),
        )
    return _of_xlsx(path) if ending == ".xlsx" else _of_csv(path)


def _of_csv(path: Path) -> Iterator[Sequence[str]]:
    try:
        with path.open(encoding=encoding_of(path), newline="") as file:
            sample = file.read(8192)
            file.seek(0)
            counts = {sign: sample.count(sign) for sign in (",", "\t", ";")}
            csv.field_size_limit(LONGEST_CELL * 10)
            for row in csv.reader(file, delimiter=max(counts, key=lambda sign: counts[sign])):
                yield [cell[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]]
    except (OSError, csv.Error, UnicodeError) as error:
        raise _unreadable(path, error) from error


def _of_xlsx(path: Path) -> Iterator[Sequence[str]]:
    import openpyxl

    try:
        _check_size(path)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a file says of its own size is often wrong
            for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
                yield [_text(cell) for cell in row]
        finally:
            book.close()
    except InvalidInputError:
        raise
    except Exception as error:  # whatever a damaged workbook makes its reader stumble over
        raise _unreadable(path, error) from error


def _check_size(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
            raise _unreadable(path, "too large")


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat(" ", "seconds") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)[:LONGEST_CELL]


def _unreadable(path: Path, reason: object) -> InvalidInputError:
    return InvalidInputError(
        f"{path.name} can't be read: {reason}", code="hotline_unreadable", field="file", file=path.name
    )
