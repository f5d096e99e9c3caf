"""Tables that people send: read from the form, and kept for their sender until they are confirmed."""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path

from fastapi import Request
from starlette.datastructures import UploadFile

from api.forms import form_of, is_form
from gis.errors import InvalidInputError, TooLargeError
from gis.flows.office.tables import MOST_BYTES

KEPT_S = 86400
DIGEST = re.compile(r"[0-9a-f]{64}")


async def sent_table(request: Request) -> bytes:
    """Return the table of a form.

    Raises
    ------
    InvalidInputError
        ``file_needed``.
    TooLargeError
        ``table_too_large``.
    """
    found = (await form_of(request)).get("file") if is_form(request) else None
    if not isinstance(found, UploadFile) or not found.size:
        raise InvalidInputError("no file", code="file_needed", field="file")
    if found.size > MOST_BYTES:
        raise TooLargeError(
            "too large", code="table_too_large", field="file", limit_mb=MOST_BYTES // 1_000_000, rows=0
        )
    return await found.read()


def keep_table(folder: Path, data: bytes, digest: str = "") -> str:
    """Keep a table until it is confirmed, a day at most, and return by which name."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT_S:
            old.unlink(missing_ok=True)
    name = digest or hashlib.sha256(data).hexdigest()
    (folder / name).write_bytes(data)
    return name


def kept_table(folder: Path, digest: str) -> Path:
    """Return a table that was kept.

    Raises
    ------
    InvalidInputError
        ``table_gone``.
    """
    file = folder / digest
    if not DIGEST.fullmatch(digest) or not file.is_file():
        raise InvalidInputError("send it again", code="table_gone", field="file")
    return file
