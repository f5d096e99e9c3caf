"""An office's table of households: a CSV file with one building a row."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from pathlib import Path

from gis.errors import InvalidInputError

BUILDING = ("building", "id", "building_id", "楼栋", "楼栋编号", "编号")
ADDRESS = ("address", "地址", "门牌", "楼栋地址")
STREET = ("street", "路名", "街路")
NUMBER = ("housenumber", "门牌号", "楼号")
HOUSEHOLDS = ("households", "户数", "总户数", "住户数")
MOST_HOUSEHOLDS = 100_000


def read_household_table(path: str | Path) -> dict[str, float]:
    """Return households by building, as the table calls it.

    A building is named by a column ``building`` (its id, or its key in OpenStreetMap such as way/12), ``address``
    (八经街46号), or ``street`` and ``housenumber``; ``households`` holds the number. Chinese headings are known too.

    Raises
    ------
    InvalidInputError
        ``file_missing``, ``csv_unreadable``, ``households_table_columns``, ``households_table_value``.
    """
    file = Path(path)
    if not file.is_file():
        raise InvalidInputError(f"no file {file}", code="file_missing", path=str(file))
    rows = _rows(file)
    headings = {str(name).strip().lower(): name for row in rows[:1] for name in row if name}
    ours = [_column(headings, names) for names in (BUILDING, ADDRESS, STREET, NUMBER, HOUSEHOLDS)]
    building, address, street, number, households = ours
    if households is None or not (building or address or (street and number)):
        raise InvalidInputError(
            f"{file.name} needs columns building (or address, or street and housenumber) and households",
            code="households_table_columns",
            file=file.name,
        )
    found: dict[str, float] = {}
    for line, row in enumerate(rows, start=2):
        texts = [(row.get(name) or "").strip() if name else "" for name in ours[:4]]
        name = texts[0] or texts[1] or texts[2] + texts[3]
        if name:
            found[plain_address(name)] = _households(row.get(households), file, line)
    return found


def plain_address(text: str) -> str:
    """Return an address or key in the one form in which they are compared."""
    return "".join(text.split()).removesuffix("号").casefold()


def matched(table: Mapping[str, float], names: list[tuple[str, ...]]) -> list[float]:
    """Return each building's households, NaN where the table doesn't know it.

    Raises
    ------
    InvalidInputError
        ``households_table_unknown`` when it knows none of them.
    """
    values = [
        next((table[plain_address(name)] for name in known if plain_address(name) in table), math.nan)
        for known in names
    ]
    if table and all(math.isnan(value) for value in values):
        raise InvalidInputError(
            "no building of the table is in this community",
            code="households_table_unknown",
            example=next(iter(table)),
        )
    return values


def _rows(file: Path) -> list[dict[str, str]]:
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    try:
        return list(csv.DictReader(text.splitlines()))
    except csv.Error as error:
        raise InvalidInputError(
            f"{file.name} is no CSV: {error}", code="csv_unreadable", path=str(file)
        ) from error


def _column(headings: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((headings[name] for name in names if name in headings), None)


def _households(text: str | None, file: Path, line: int) -> float:
    try:
        value = float(text or "nan")
    except ValueError:
        value = math.nan
    if not 0.0 <= value <= MOST_HOUSEHOLDS:
        raise InvalidInputError(
            f"{file.name}, line {line}: {text!r} is no number of households",
            code="households_table_value",
            file=file.name,
            line=line,
            value=text or "",
        )
    return value
