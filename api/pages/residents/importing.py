"""Residents from a table: checked row by row, shown, and written when that is confirmed; the table is kept sealed."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from pathlib import Path
from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import body_of
from api.pages.frame import Failure, redirect
from api.pages.residents.frame import KEY, searched_words, show_part
from api.pages.service.frame import open_page
from api.pages.table_upload import keep_table, kept_table, sent_table
from api.parts import Parts
from api.rooms import pages
from gis.errors import WeiwangError
from gis.flows.office.tables import read_rows
from gis.flows.residents.importing import Row, check_residents, import_residents
from gis.flows.sealing import vault_of
from gis.flows.work import Work
from gis.people.permissions import require
from web.resident_words import EXAMPLE, headings, meanings

router = pages()
SHOWN = 500
PLACE = "resident_table"


@router.get("/residents/import")
async def get_import(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show what a table looks like."""
    return await _show(request, work, reader)


@router.get("/residents/example.csv")
async def get_example(reader: ReaderDep) -> Response:
    """Give a table to fill in."""
    require(reader.actor, "import_residents")
    lines = [",".join(row) for row in EXAMPLE]
    return Response(
        ("\ufeff" + "\r\n".join(lines) + "\r\n").encode(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="residents.csv"'},
    )


@router.post("/residents/import")
async def post_import(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Check a table; nothing is written."""
    require(reader.actor, "import_residents")
    rows: list[Row] = []
    digest, failure = "", None
    try:
        data = await sent_table(request)
        table = await asyncio.to_thread(read_rows, data)
        async with parts.work() as work:
            rows = await _checked(work, reader, table)
        digest = await asyncio.to_thread(_keep, parts, reader, data)
    except WeiwangError as error:
        failure = error
    async with parts.work() as work:
        return await _show(request, work, reader, failure, rows=rows, digest=digest)


@router.post("/residents/import/confirm")
async def post_confirm(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Write a table that was checked: as it is now, all of it or nothing."""
    require(reader.actor, "import_residents")
    digest = str((await body_of(request)).get("digest", ""))
    rows: list[Row] = []
    try:
        file = kept_table(_folder(parts, reader), digest)
        table = await asyncio.to_thread(lambda: read_rows(_opened(parts, reader, file)))
        async with parts.work() as work:
            rows = await _checked(work, reader, table)
            count = await import_residents(work, reader.actor, rows)
    except WeiwangError as error:
        async with parts.work() as work:
            return await _show(request, work, reader, error, rows=rows)
    file.unlink(missing_ok=True)
    return redirect("/residents", "residents_imported" if count else "resident_same")


async def _checked(work: Work, reader: Reader, table: list[list[str]]) -> list[Row]:
    names = meanings() | {"flags": await searched_words(work, reader.actor.community_id)}
    return await check_residents(work, reader.actor, table, headings(), names)


def _folder(parts: Parts, reader: Reader) -> Path:
    return parts.settings.state / "resident-imports" / reader.actor.community_id / str(reader.actor.person_id)


def _keep(parts: Parts, reader: Reader, data: bytes) -> str:
    """Keep a table for its sender alone, sealed, for it holds what the records hold."""
    digest = hashlib.sha256(data).hexdigest()
    vault = vault_of(parts.settings)
    text = base64.b64encode(data).decode()
    sealed = vault.seal(reader.actor.community_id, f"{PLACE}:{digest}", text)
    return keep_table(_folder(parts, reader), sealed, digest)


def _opened(parts: Parts, reader: Reader, file: Path) -> bytes:
    vault = vault_of(parts.settings)
    text = vault.open(reader.actor.community_id, f"{PLACE}:{file.name}", file.read_bytes())
    return base64.b64decode(text)


async def _show(
    request: Request,
    work: Work,
    reader: Reader,
    failure: Failure | None = None,
    *,
    rows: list[Row] | None = None,
    digest: str = "",
) -> Response:
    await open_page(work.session, reader, KEY)
    require(reader.actor, "import_residents")
    found = rows or []
    totals = {what: sum(row.what == what for row in found) for what in ("new", "changed", "same", "wrong")}
    shown = sorted(
        (row for row in found if row.what != "same"), key=lambda row: (row.what != "wrong", row.line)
    )
    context: dict[str, Any] = {
        "rows": shown[:SHOWN],
        "hidden": max(0, len(shown) - SHOWN),
        "totals": totals if found else {},
        "digest": digest if not totals["wrong"] else "",
        "example": EXAMPLE,
    }
    return await show_part(
        request, work, reader, "import", "residents_import.html", failure=failure, **context
    )
