"""Tables of any size as files: read piece by piece, written whole or not at all."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from gis.errors import InvalidInputError

if TYPE_CHECKING:
    import pandas as pd

Pieces = Generator[tuple["pd.DataFrame", float], None, None]

PIECE = 100_000
ENCODINGS = ("utf-8-sig", "gb18030")
"""UTF-8 with or without a mark, and what Chinese spreadsheets write."""
WIDE = "utf-16"
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""What spreadsheets call Unicode text."""
BLOCK = 1 << 20
SIGNS = ",;\t|"
SAMPLE = 1 << 16


def is_parquet(path: Path) -> bool:
    """Tell the kind of a file by its name; raises ``table_kind_unknown``."""
    kind = path.suffix.lower()
    if kind not in {".csv", ".txt", ".parquet", ".pq"}:
        raise InvalidInputError(
            f"{path.name} is neither .csv nor .parquet", code="table_kind_unknown", path=str(path)
        )
    return kind in {".parquet", ".pq"}


def read_pieces(path: Path) -> Pieces:
    """Yield the rows of a table, and how much of it is read; cells of a CSV are text."""
    if not path.is_file():
        raise InvalidInputError(f"no file {path}", code="file_missing", path=str(path), file=path.name)
    yield from _parquet_pieces(path) if is_parquet(path) else _csv_pieces(path)


def _csv_pieces(path: Path) -> Pieces:
    import pandas as pd

    size, encoding = max(path.stat().st_size, 1), encoding_of(path)
    with path.open("rb") as opened:
        sign = separator_of(opened.read(SAMPLE).decode(encoding, errors="ignore"))
    try:
        with (
            path.open("rb") as opened,
            pd.read_csv(
                opened,
                chunksize=PIECE,
                dtype=str,
                keep_default_na=False,
                skipinitialspace=True,
                encoding=encoding,
                sep=sign,
                index_col=False,  # otherwise a sign at the end of each row moves all columns by one
            ) as pieces,
        ):
            for piece in pieces:
                yield piece.rename(columns=lambda name: str(name).strip()), min(opened.tell() / size, 1.0)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeError) as error:
        raise InvalidInputError(
            f"{path.name} is no CSV: {error}", code="csv_unreadable", path=str(path)
        ) from error


def encoding_of(path: Path) -> str:
    """Return the first encoding in which all of a file can be read."""
    with path.open("rb") as file:
        found = text_encoding(file)
    if found is None:
        raise InvalidInputError(
            f"{path.name} is neither UTF-8 nor GBK text", code="csv_unreadable", path=str(path)
        )
    return found


def text_encoding(file: BinaryIO) -> str | None:
    """Return the first encoding in which all of an opened file can be read; None: it isn't text."""
    file.seek(0)
    for name in (WIDE, *ENCODINGS) if file.read(2) in WIDE_MARKS else ENCODINGS:
        decoder = codecs.getincrementaldecoder(name)()
        file.seek(0)
        try:
            while block := file.read(BLOCK):
                if "\0" in decoder.decode(block):
                    break
            else:
                decoder.decode(b"", final=True)
                return name
        except UnicodeDecodeError:
            continue
    return None


def separator_of(sample: str) -> str:
    """Return the sign that most lines have between cells: a title above a table has none, and a cell may hold another."""
    lines = sample.splitlines()
    return max(SIGNS, key=lambda sign: (sum(sign in line for line in lines), sample.count(sign)))


def _parquet() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise InvalidInputError(
            "Parquet needs the package pyarrow: pip install 'weiwang[parquet]'", code="parquet_unavailable"
        ) from error
    return pyarrow.parquet


def _parquet_pieces(path: Path) -> Pieces:
    parquet = _parquet()
    import pyarrow as pa

    done = 0
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=PIECE):
                done += batch.num_rows
                yield batch.to_pandas(), done / max(file.metadata.num_rows, 1)
    except pa.ArrowInvalid as error:
        raise _no_parquet(path, error) from error


def parquet_columns(path: Path, choose: Callable[[Sequence[str]], Sequence[str]]) -> pd.DataFrame:
    """Return the columns of a Parquet file that are chosen by their names; raises as ``read_pieces``."""
    parquet = _parquet()
    import pyarrow as pa

    try:
        with parquet.ParquetFile(path) as file:
            wanted = list(choose(file.schema_arrow.names))
            frame: pd.DataFrame = file.read(columns=wanted).to_pandas()
            return frame
    except pa.ArrowInvalid as error:
        raise _no_parquet(path, error) from error


def _no_parquet(path: Path, error: Exception) -> InvalidInputError:
    return InvalidInputError(f"{path.name} is no Parquet: {error}", code="parquet_unreadable", path=str(path))


class TableWriter:
    """A table that is written beside its place and moved there when it is complete.

    Parameters
    ----------
    path
        ``.csv`` (UTF-8 with a mark, as spreadsheets want it) or ``.parquet``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._parquet = _parquet() if is_parquet(path) else None
        self._opened: Any = None

    def __enter__(self) -> Self:
        try:
            self._beside.open("wb").close()
        except OSError as error:
            raise self._unwritable(error) from error
        return self

    def write(self, piece: pd.DataFrame) -> None:
        """Add rows."""
        try:
            if self._parquet is not None:
                self._write_parquet(piece)
                return
            first = self._opened is None
            if first:
                self._opened = self._beside.open("w", encoding="utf-8-sig", newline="")
            piece.to_csv(self._opened, index=False, header=first, lineterminator="\r\n")
        except OSError as error:
            raise self._unwritable(error) from error

    def _write_parquet(self, piece: pd.DataFrame) -> None:
        import pyarrow as pa

        assert self._parquet is not None  # noqa: S101 - asked before
        if self._opened is None:
            table = pa.Table.from_pandas(piece, preserve_index=False)
            self._opened = self._parquet.ParquetWriter(self._beside, table.schema)
        else:
            table = pa.Table.from_pandas(piece, schema=self._opened.schema, preserve_index=False)
        self._opened.write_table(table)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened is not None:
            self._opened.close()
        if error is None:
            self._beside.replace(self._path)
        else:
            self._beside.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> InvalidInputError:
        return InvalidInputError(
            f"can't write {self._path}: {error.strerror}", code="file_unwritable", path=str(self._path)
        )
