"""Files of areas that somebody sends: of a known kind, by their content too, kept for the time of the request only."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from api.forms import form_of, is_form
from gis.errors import InvalidInputError, TooLargeError, UnsupportedMediaError
from gis.words import Level

MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
HEAD = 4096
STARTS = {
    ".geojson": (b"{",),
    ".json": (b"{",),
    ".kml": (b"<",),
    ".gpkg": (b"SQLite format 3\x00",),
    ".zip": (b"PK",),
    ".csv": (b"",),
}
FOREIGN = b"OGRVRTDataSource"  # a file that would make the reader open other files


@asynccontextmanager
async def sent_files(request: Request) -> AsyncIterator[dict[Level, Path]]:
    """Give the files of a form by level, in a folder that is gone afterwards.

    A file is sent under the name of its level (``micro_grid``, ``grid``, ``community``, ``courtyard``), or as ``file``
    with a field ``level``.

    Raises
    ------
    UnsupportedMediaError
        ``upload_kind_unknown``.
    TooLargeError
        ``upload_too_large``.
    InvalidInputError
        ``level_unknown``, ``level_twice``.
    """
    form = await form_of(request) if is_form(request) else FormData()
    with TemporaryDirectory(prefix="weiwang-") as folder:
        found: dict[Level, Path] = {}
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile) or not (value.filename or value.size):
                continue
            level = _level(form, name)
            if level in found:
                raise InvalidInputError(
                    f"two files for {level}", code="level_twice", field=name, level=level.value
                )
            found[level] = await _kept(Path(folder), level, value)
        yield found


def _level(form: FormData, name: str) -> Level:
    wanted = str(form.get("level") or Level.MICRO_GRID.value) if name == "file" else name
    try:
        return Level(wanted)
    except ValueError:
        raise InvalidInputError(
            f"no level {wanted!r}", code="level_unknown", field=name, expected=", ".join(Level)
        ) from None


async def _kept(folder: Path, level: Level, sent: UploadFile) -> Path:
    given = Path(sent.filename or "").name
    ending = Path(given).suffix.lower()
    if ending not in STARTS:
        raise _unknown(given)
    data = await sent.read()
    if len(data) > MOST_BYTES:
        raise _too_large(given)
    _check(data, ending, given)
    stem = re.sub(r"[^\w.-]", "_", Path(given).stem)[:60] or "areas"
    file = folder / level.value / f"{stem}{ending}"
    file.parent.mkdir()
    file.write_bytes(data)
    return file


def _check(data: bytes, ending: str, name: str) -> None:
    """Refuse content that is not what the name says: readers choose by content, and some kinds lead to other files."""
    head = data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if (head or ending != ".csv") and not head.startswith(STARTS[ending]):
        raise _unknown(name)
    if ending != ".zip":
        if FOREIGN in data[:65536]:
            raise _unknown(name)
        return
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
                raise _too_large(name)
            for member in archive.infolist():
                with archive.open(member) as opened:
                    if FOREIGN in opened.read(65536):
                        raise _unknown(name)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, zlib.error) as error:
        raise InvalidInputError(
            f"{name} can't be read: {error}", code="vector_unreadable", file=name, reason=str(error)[:200]
        ) from error


def _unknown(name: str) -> UnsupportedMediaError:
    return UnsupportedMediaError(
        f"{name} is no file of areas",
        code="upload_kind_unknown",
        field="file",
        file=name,
        expected=", ".join(STARTS),
    )


def _too_large(name: str) -> TooLargeError:
    return TooLargeError(
        f"{name} is too large",
        code="upload_too_large",
        field="file",
        file=name,
        limit_mb=MOST_BYTES // 1_000_000,
    )
