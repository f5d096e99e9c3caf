"""People from a table: checked row by row, shown, and written when that is confirmed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import body_of
from api.pages.admin.frame import open_section, show_section
from api.pages.frame import Failure, redirect
from api.pages.table_upload import keep_table, kept_table, sent_table
from api.parts import Parts
from api.rooms import pages
from gis.errors import NotFoundError, WeiwangError
from gis.flows.office.import_people import COLUMNS, Row, check_people, import_people
from gis.flows.office.tables import read_rows
from gis.views.office import agency_rows
from web.office_words import EXAMPLE, headings, meanings

router = pages()
SHOWN = 500


@router.get("/admin/people/import")
async def get_import(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show what a table looks like."""
    open_section(reader, "people")
    return await show_section(request, session, reader, "people", template="admin_import.html", **_nothing())


@router.get("/admin/people/example.csv")
async def get_example(reader: ReaderDep) -> Response:
    """Give a table to fill in."""
    open_section(reader, "people")
    lines = [",".join(row) for row in EXAMPLE]
    return Response(
        ("\ufeff" + "\r\n".join(lines) + "\r\n").encode(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="people.csv"'},
    )


@router.post("/admin/people/import")
async def post_import(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Check a table; nothing is written."""
    open_section(reader, "people")
    try:
        data = await sent_table(request)
        rows = await _checked(parts, reader, data)
        digest = await asyncio.to_thread(keep_table, _folder(parts, reader), data)
    except WeiwangError as error:
        return await _show(request, parts, reader, error)
    return await _show(request, parts, reader, rows=rows, digest=digest)


@router.post("/admin/people/import/confirm")
async def post_confirm(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Write a table that was checked: as it is now, all of it or nothing."""
    open_section(reader, "people")
    digest = str((await body_of(request)).get("digest", ""))
    rows: list[Row] = []
    try:
        file = kept_table(_folder(parts, reader), digest)
        table = await asyncio.to_thread(lambda: read_rows(file.read_bytes()))
        async with parts.work() as work:
            names = await _names(parts, reader)
            rows = await check_people(work.session, reader.actor, table, headings(), names)
            count = await import_people(work, reader.actor, rows)
    except WeiwangError as error:
        return await _show(request, parts, reader, error, rows=rows)
    for row in rows:
        if row.person_id is not None and row.what == "changed":
            parts.sessions.forget_person(row.person_id)
    file.unlink(missing_ok=True)
    return redirect("/admin/people", "people_imported" if count else "nothing_changed")


async def _checked(parts: Parts, reader: Reader, data: bytes) -> list[Row]:
    table = await asyncio.to_thread(read_rows, data)
    names = await _names(parts, reader)
    async with parts.database.read() as session:
        return await check_people(session, reader.actor, table, headings(), names)


async def _names(parts: Parts, reader: Reader) -> dict[str, dict[str, str]]:
    """Return what people may write in cells, the agencies' own names among it."""
    async with parts.database.read() as session:
        agencies = await agency_rows(session, reader.actor.community_id)
    called = {name.lower(): one.code for one in agencies for name in (one.name, one.name_en) if name}
    return {**meanings(), "agency": called}


def _folder(parts: Parts, reader: Reader) -> Path:
    return parts.settings.state / "people-imports" / reader.actor.community_id / str(reader.actor.person_id)


def _nothing() -> dict[str, Any]:
    return {"rows": [], "totals": {}, "digest": "", "columns": COLUMNS, "hidden": 0, "example": EXAMPLE}


async def _show(
    request: Request,
    parts: Parts,
    reader: Reader,
    failure: Failure | None = None,
    *,
    rows: list[Row] | None = None,
    digest: str = "",
) -> Response:
    if isinstance(failure, NotFoundError):
        raise failure
    found = rows or []
    totals = {what: sum(row.what == what for row in found) for what in ("new", "changed", "same", "wrong")}
    shown = sorted(
        (row for row in found if row.what != "same"), key=lambda row: (row.what != "wrong", row.line)
    )
    context = _nothing() | {
        "rows": shown[:SHOWN],
        "hidden": max(0, len(shown) - SHOWN),
        "totals": totals if found else {},
        "digest": digest if not totals["wrong"] else "",
    }
    async with parts.database.read() as session:
        return await show_section(
            request, session, reader, "people", template="admin_import.html", failure=failure, **context
        )
