"""The orders of a hotline's file, row by row in bounded memory."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from gis.errors import InvalidInputError
from gis.flows.table_rows import Limits, NotTextError, UnreadableTableError, rows_of
from gis.hotline.columns import FIELDS, HEADER_WITHIN, MOST_COLUMNS, NEEDED, Header, find_header
from gis.hotline.rows import OrderRow, row_of

MOST_ROWS = 200_000
LIMITS = Limits(columns=MOST_COLUMNS, signs=20_000, unpacked=1_000_000_000)
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
    return _read(path, xlsx=ending == ".xlsx")


def _read(path: Path, *, xlsx: bool) -> Iterator[Sequence[str]]:
    try:
        with path.open("rb") as file:
            yield from rows_of(file, LIMITS, xlsx=xlsx)
    except NotTextError as error:
        raise InvalidInputError(str(error), code="csv_unreadable", field="file", path=path.name) from error
    except (OSError, UnreadableTableError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, reason: object) -> InvalidInputError:
    return InvalidInputError(
        f"{path.name} can't be read: {reason}", code="hotline_unreadable", field="file", file=path.name
    )
