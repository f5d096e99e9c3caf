"""Tables that people send, row by row in bounded memory: CSV as any spreadsheet writes it, or the first sheet of XLSX."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import TextIOWrapper
from typing import Any, BinaryIO

from gis.flows.table_files import separator_of, text_encoding

SAMPLE = 8192


class UnreadableTableError(Exception):
    """A file that is no table, or a damaged one."""


class NotTextError(UnreadableTableError):
    """A CSV in none of the encodings that spreadsheets write."""


class TableTooLargeError(UnreadableTableError):
    """A small file that holds more than it may."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a table is read."""

    columns: int
    signs: int
    """Of a cell; the rest is cut off."""
    unpacked: int
    """Bytes of an XLSX when it is unpacked."""


def rows_of(file: BinaryIO, limits: Limits, *, xlsx: bool) -> Iterator[list[str]]:
    """Yield the rows of a table as texts: values as they were worked out, times as ISO 8601, whole numbers without a point.

    Parameters
    ----------
    file
        Opened, at its beginning.
    limits
        What is read of it.
    xlsx
        Whether it is a workbook; else text.

    Raises
    ------
    UnreadableTableError
        It isn't what it should be; ``NotTextError``, ``TableTooLargeError``: in a way that may be told apart.
    """
    try:
        yield from _of_sheet(file, limits) if xlsx else _of_text(file, limits)
    except UnreadableTableError:
        raise
    except Exception as error:  # whatever a damaged archive or its XML makes a reader stumble over
        raise UnreadableTableError(str(error)) from error


def _of_text(file: BinaryIO, limits: Limits) -> Iterator[list[str]]:
    encoding = text_encoding(file)
    if encoding is None:
        raise NotTextError("neither UTF-8 nor GBK text")
    file.seek(0)
    text = TextIOWrapper(file, encoding=encoding, newline="")
    try:
        sign = separator_of(text.read(SAMPLE))
        text.seek(0)
        csv.field_size_limit(max(csv.field_size_limit(), limits.signs * 10))
        for row in csv.reader(text, delimiter=sign):
            yield [cell[: limits.signs] for cell in row[: limits.columns]]
    finally:
        text.detach()  # the file is closed by who opened it


def _of_sheet(file: BinaryIO, limits: Limits) -> Iterator[list[str]]:
    import openpyxl

    with zipfile.ZipFile(file) as archive:
        if sum(member.file_size for member in archive.infolist()) > limits.unpacked:
            raise TableTooLargeError("too large when unpacked")
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size is often wrong
        for row in sheet.iter_rows(values_only=True, max_col=limits.columns):
            yield [_text(cell)[: limits.signs] for cell in row]
    finally:
        book.close()


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


__all__ = ["Limits", "NotTextError", "TableTooLargeError", "UnreadableTableError", "rows_of"]
