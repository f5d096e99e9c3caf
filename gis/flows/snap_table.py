"""Snap a table of positions: CSV or Parquet in, the same rows with their places out, piece by piece."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gis.crs import parse_datum, parse_position, to_wgs84
from gis.errors import InvalidInputError
from gis.flows.table_files import TableWriter, read_pieces
from gis.settings import SnapSettings
from gis.snap import PlaceIndex, Snapped, place_at, snap
from gis.words import Datum

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Report = Callable[[float], None]

PLACES = ("community", "grid", "micro_grid", "courtyard", "building", "street")
ADDED = (*PLACES, "distance_m", "probability", "ambiguous")
BLANK = frozenset({"", "nan", "none", "null", "na"})
USUAL_LON, USUAL_LAT, FULL_TURN = 180.0, 60.0, 360.0
"""Rows beyond these are looked at one by one: out of range, or swapped."""
LOOKED_AT = 50
"""So many positions outside are tried in other datums."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table are called; the last two are used where they are there."""

    lon: str = "lon"
    lat: str = "lat"
    accuracy_m: str = "accuracy_m"
    heading_deg: str = "heading_deg"


@dataclass(frozen=True, slots=True)
class TableSummary:
    """What was snapped."""

    rows: int
    inside: int
    without_position: int
    suggestion: Datum | None  # the datum under which most of what lies outside would lie inside


def snap_table(
    index: PlaceIndex,
    source: Path,
    target: Path,
    *,
    columns: Columns | None = None,
    datum: str = "wgs84",
    settings: SnapSettings | None = None,
    report: Report = lambda _done: None,
) -> TableSummary:
    """Write the rows of a table with their places; the answers are those of `gis.snap.locate`.

    Rows without a position are kept, with no places. The target appears when all of it is written.

    Raises
    ------
    InvalidInputError
        ``file_missing``, ``csv_unreadable``, ``parquet_unreadable``, ``parquet_unavailable``, ``table_kind_unknown``,
        ``columns_missing``, ``datum_unknown``, ``file_unwritable``, and for a row those of `gis.crs.parse_position`.
    """
    named, stated = columns or Columns(), parse_datum(datum)
    rows = inside = without = 0
    votes: list[Datum | None] = []
    with TableWriter(target) as writer, closing(read_pieces(source)) as pieces:
        for piece, done in pieces:
            lon, lat, accuracy_m, heading_deg = _positions(piece, named, datum, rows)
            snapped = snap(index, *to_wgs84(lon, lat, stated), accuracy_m, heading_deg, settings=settings)
            writer.write(_with_places(piece, index, snapped))
            outside = np.flatnonzero((snapped.micro_grid < 0) & ~np.isnan(lon))[: LOOKED_AT - len(votes)]
            votes += [place_at(index, snapped, int(row), stated=stated).suggestion for row in outside]
            rows += len(piece)
            inside += int((snapped.micro_grid >= 0).sum())
            without += int(np.isnan(lon).sum())
            report(done)
    best = max(set(votes), key=votes.count, default=None)
    most = best if votes.count(best) * 2 > len(votes) and rows - without > 2 * inside else None
    return TableSummary(rows, inside, without, most)


def _positions(
    piece: pd.DataFrame, columns: Columns, datum: str, before: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return degrees and what is known of them; where a row is wrong, what `parse_position` says of it."""
    missing = [name for name in (columns.lon, columns.lat) if name not in piece.columns]
    standard = Columns()
    missing += [
        name
        for name, usual in (
            (columns.accuracy_m, standard.accuracy_m),
            (columns.heading_deg, standard.heading_deg),
        )
        if name != usual and name not in piece.columns
    ]
    if missing:
        there = ", ".join(str(name) for name in piece.columns)
        raise InvalidInputError(
            f"no column {', '.join(missing)}; there are {there}",
            code="columns_missing",
            columns=", ".join(missing),
            found=there,
        )
    texts = [
        piece[name] if name in piece.columns else None
        for name in (columns.lon, columns.lat, columns.accuracy_m, columns.heading_deg)
    ]
    (lon, no_lon), (lat, no_lat), (accuracy_m, no_accuracy), (heading_deg, no_heading) = (
        _numbers(each, len(piece)) for each in texts
    )
    nowhere = np.isnan(lon) & ~no_lon | np.isnan(lat) & ~no_lat
    doubtful = ~nowhere & (
        (no_lon | no_lat | no_accuracy | no_heading)
        | (np.abs(lon) > USUAL_LON)
        | (np.abs(lat) > USUAL_LAT)
        | (accuracy_m <= 0.0)
        | (heading_deg < 0.0)
        | (heading_deg >= FULL_TURN)
        | np.isinf(lon + lat)
    )
    for row in np.flatnonzero(doubtful):
        cells = [None if each is None else each.iloc[row] for each in texts]
        try:
            parse_position(cells[0], cells[1], datum, accuracy_m=_cell(cells[2]), heading_deg=_cell(cells[3]))
        except InvalidInputError as error:
            number = before + int(row) + 2  # a header, and rows counted from 1
            raise InvalidInputError(
                f"row {number}: {error.detail}", code=error.code, field=error.field, **error.values
            ) from error
    lon[nowhere], lat[nowhere] = np.nan, np.nan
    return lon, lat, accuracy_m, heading_deg


def _cell(value: Any) -> Any:
    return None if value is None or str(value).strip().lower() in BLANK else value


def _numbers(column: pd.Series | None, count: int) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return numbers, NaN where there is nothing, and where there is something that is no number."""
    import pandas as pd

    if column is None:
        return np.full(count, np.nan), np.zeros(count, dtype=np.bool_)
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, copy=True)
    empty = np.isnan(numbers)
    wrong = np.zeros(count, dtype=np.bool_)
    rows = np.flatnonzero(empty)
    wrong[rows] = [_cell(value) is not None for value in column.iloc[rows]]
    return numbers, wrong


def _with_places(piece: pd.DataFrame, index: PlaceIndex, snapped: Snapped) -> pd.DataFrame:
    """Return a piece with the columns that are added; a column of the same name is replaced."""
    arrays = index.arrays
    kept = piece.drop(columns=[name for name in ADDED if name in piece.columns])
    inside = snapped.micro_grid >= 0
    named = {
        "community": (arrays.community.code, np.where(inside, 0, -1)),
        "grid": (arrays.grids.code, snapped.grid),
        "micro_grid": (arrays.micro_grids.code, snapped.micro_grid),
        "courtyard": (arrays.courtyards.code, snapped.courtyard),
        "building": (arrays.buildings.name, snapped.building),
        "street": (arrays.streets.name, snapped.street),
    }
    added: dict[str, Any] = {
        name: np.array([*values, ""], dtype=object)[row] for name, (values, row) in named.items()
    }
    added["distance_m"] = np.where(inside, np.round(snapped.micro_grid_m, 1), np.nan)
    added["probability"] = np.where(
        inside, np.round(np.minimum(snapped.micro_grid_probability, 1.0), 3), np.nan
    )
    added["ambiguous"] = snapped.ambiguous.astype(np.int8)
    return kept.assign(**added)
