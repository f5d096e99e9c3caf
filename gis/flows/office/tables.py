"""Tables that the office sends: CSV as any spreadsheet writes it, or XLSX; rows of text, within limits."""

from __future__ import annotations

from io import BytesIO

from gis.errors import InvalidInputError, TooLargeError
from gis.flows.table_rows import Limits, TableTooLargeError, UnreadableTableError, rows_of

MOST_BYTES = 4_000_000
MOST_ROWS = 5000
LIMITS = Limits(columns=60, signs=2000, unpacked=60_000_000)


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
    kept: list[list[str]] = []
    try:
        for row in rows_of(BytesIO(data), LIMITS, xlsx=data.startswith(b"PK\x03\x04")):
            cells = [cell.strip() for cell in row]
            if any(cells):
                kept.append(cells)
            if len(kept) > MOST_ROWS:
                raise _too_large()
    except TableTooLargeError as error:
        raise _too_large() from error
    except UnreadableTableError as error:
        raise InvalidInputError("neither CSV nor XLSX", code="table_unreadable", field="file") from error
    if len(kept) < 2:  # noqa: PLR2004 - headings and one row
        raise InvalidInputError("no rows", code="table_empty", field="file")
    return kept


def _too_large() -> TooLargeError:
    return TooLargeError(
        "too large", code="table_too_large", field="file", limit_mb=MOST_BYTES // 1_000_000, rows=MOST_ROWS
    )
