"""A table of reports as cities publish them: any usual encoding and separator, ragged rows, only the columns that matter."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gis.errors import InvalidInputError
from gis.flows.table_files import is_parquet, parquet_columns, separator_of, text_encoding

if TYPE_CHECKING:
    import pandas as pd

LAST_RESORT = "latin-1"
"""Reads whatever isn't UTF-8, UTF-16 or GBK: only names may come out wrong, and nobody counts by these."""
SAMPLE = 1 << 16
HEADER_WITHIN = 20
"""Titles and empty lines may stand above the columns' names."""
_STATED = re.compile(r"sep=(.)\s*", re.IGNORECASE)

Choose = Callable[[Sequence[str]], Sequence[str]]
"""Names of all columns to those that are wanted; may refuse them."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a text is written: its encoding, the sign between cells, lines above the columns' names."""

    encoding: str
    separator: str
    above: int


def read_reports(path: Path, choose: Choose) -> pd.DataFrame:
    """Return the columns of a table that matter; cells of a text are text, rows too long or too short are cut or filled.

    Parameters
    ----------
    path
        CSV, however its cells are separated, or Parquet.
    choose
        Names to those wanted.

    Raises
    ------
    InvalidInputError
        ``file_missing``, ``table_kind_unknown``, ``csv_unreadable``, ``parquet_...``, and what ``choose`` raises.
    """
    if not path.is_file():
        raise InvalidInputError(f"no file {path}", code="file_missing", path=str(path), file=path.name)
    if is_parquet(path):
        return parquet_columns(path, choose)
    return _text_columns(path, choose)


def _text_columns(path: Path, choose: Choose) -> pd.DataFrame:
    import pandas as pd

    layout = _layout(path)
    try:
        wanted = choose([str(name) for name in _read(path, layout, rows=0).columns])
        try:
            return _read(path, layout, only=wanted)
        except pd.errors.ParserError:  # a quote that is never closed would take the rest of the file with it
            return _read(path, layout, only=wanted, quoted=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeError) as error:
        raise InvalidInputError(
            f"{path.name} is no CSV: {error}", code="csv_unreadable", path=str(path)
        ) from error


def _read(
    path: Path,
    layout: _Layout,
    *,
    rows: int | None = None,
    only: Sequence[str] | None = None,
    quoted: bool = True,
) -> pd.DataFrame:
    import pandas as pd

    wanted = None if only is None else set(only)
    frame = pd.read_csv(
        path,
        sep=layout.separator,
        encoding=layout.encoding,
        skiprows=layout.above,
        nrows=rows,
        usecols=None if wanted is None else lambda name: _plain(name) in wanted,
        dtype=str,
        keep_default_na=False,
        skipinitialspace=True,
        index_col=False,  # otherwise a sign at the end of each row moves all columns by one
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
    )
    return frame.rename(columns=_plain)


def _plain(name: object) -> str:
    return str(name).strip().strip('"').strip()


def _layout(path: Path) -> _Layout:
    """Return how a text is written, by its beginning."""
    with path.open("rb") as file:
        encoding = text_encoding(file)
        file.seek(0)
        beginning = file.read(SAMPLE)
    if encoding is None:
        if b"\0" in beginning:
            raise InvalidInputError(
                f"{path.name} is no text", code="csv_unreadable", path=str(path), file=path.name
            )
        encoding = LAST_RESORT
    lines = beginning.decode(encoding, errors="ignore").splitlines()[:HEADER_WITHIN] or [""]
    if stated := _STATED.fullmatch(lines[0].strip('" ')):  # a spreadsheet's own way of telling
        return _Layout(encoding, stated[1], 1)
    sign = separator_of("\n".join(lines))
    named = (row for row, line in enumerate(lines) if len(line.strip(f'{sign} "')) and sign in line)
    return _Layout(encoding, sign, next(named, 0))
