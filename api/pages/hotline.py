"""The desk's page for the 12345 hotline: a file of orders in, chosen and settled before it is written; answers out."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import UploadFile
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep
from api.filters import parse_moment
from api.forms import body_of, form_of
from api.language import language_of
from api.pages.frame import Failure, redirect, show
from api.parts import Parts
from api.rooms import pages
from api.routes.figures import timezone_of
from api.uploads import MOST_BYTES
from gis.errors import InvalidInputError, TooLargeError, WeiwangError
from gis.exports.sheets import write_csv, write_xlsx
from gis.flows.hotline_files import begin, discard, settle, start, the_import
from gis.hotline.columns import FIELDS
from gis.people.permissions import require
from gis.store import hotline_imports
from gis.store.hotline_imports import Import
from web.hotline_words import FIELD_NAMES, IMPORT_STATUS_NAMES, OUTCOMES, PROBLEMS, answers_sheet
from web.i18n import translate
from web.messages import error_sentence

router = pages()
LISTED = 10
ASKED_AT_ONCE = 12
WORDS_ASKED = 10
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@router.get("/desk/hotline")
async def get_hotline(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Show the form for a file, the files sent last, and what can be answered."""
    return await _list(request, parts, reader)


async def _list(request: Request, parts: Parts, reader: Reader, failure: Failure | None = None) -> Response:
    require(reader.actor, "hotline")
    language = language_of(request, reader.actor.language)
    async with parts.database.read() as session:
        found = await hotline_imports.latest(session, reader.actor.community_id, LISTED)
        return await show(
            request,
            session,
            reader,
            "hotline.html",
            failure=failure,
            form={"id": str(uuid4())},
            imports=[_shown(language, one) for one in found],
        )


@router.post("/desk/hotline")
async def post_file(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Take a file and look at it; the same page sent twice is one file."""
    require(reader.actor, "hotline")
    try:
        form = await form_of(request)
        sent = form.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise InvalidInputError("no file", code="file_needed", field="file")
        if (sent.size or 0) > MOST_BYTES:
            raise TooLargeError(
                "too large", code="hotline_file_too_large", field="file", limit_mb=MOST_BYTES // 1_000_000
            )
        import_id = _uuid(str(form.get("id", "")))
        async with parts.work() as work:
            await begin(work, reader.actor, import_id, sent.filename, await sent.read())
    except (WeiwangError, RequestValidationError) as error:
        return await _list(request, parts, reader, error)
    return redirect(f"/desk/hotline/{import_id}")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


@router.get("/desk/hotline/answers.{ending}")
async def get_answers(ending: str, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Give what the hotline is told of its orders, as a sheet."""
    require(reader.actor, "hotline")
    if ending not in TYPES:
        raise InvalidInputError("csv or xlsx", code="field_not_one_of", field="format", expected="csv, xlsx")
    language = language_of(request, reader.actor.language)
    async with parts.database.read() as session:
        zone = ZoneInfo(await timezone_of(session, reader.actor.community_id))
        given = request.query_params
        rows = await hotline_imports.answers(
            session,
            reader.actor.community_id,
            since=parse_moment(given.get("from"), "from", zone),
            before=parse_moment(given.get("to"), "to", zone, end=True),
            ended=given.get("ended") == "1",
        )
    file, sheet = BytesIO(), answers_sheet(language, rows, zone)
    if ending == "csv":
        await asyncio.to_thread(write_csv, file, sheet)
    else:
        await asyncio.to_thread(write_xlsx, file, [sheet])
    name = quote(f"{sheet.title}.{ending}")
    header = f"attachment; filename=\"answers.{ending}\"; filename*=UTF-8''{name}"
    return Response(file.getvalue(), media_type=TYPES[ending], headers={"content-disposition": header})


@router.get("/desk/hotline/{import_id}")
async def get_file(import_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Show what a file holds, and what has to be settled before it is written."""
    return await _file(request, parts, reader, import_id)


async def _file(
    request: Request, parts: Parts, reader: Reader, import_id: UUID, failure: Failure | None = None
) -> Response:
    language = language_of(request, reader.actor.language)
    async with parts.work() as work:
        found = await the_import(work, reader.actor, import_id)
    shown = _shown(language, found)
    doubtful = shown["summary"].get("doubtful", [])
    async with parts.database.read() as session:
        return await show(
            request,
            session,
            reader,
            "hotline_file.html",
            failure=failure,
            file=shown,
            fields=[(field, translate(language, FIELD_NAMES[field])) for field in FIELDS],
            doubtful=[one | {"key": address_key(one["address"])} for one in doubtful[:ASKED_AT_ONCE]],
            kinds=[one | {"key": address_key(one["word"])} for one in _words(shown)],
        )


@router.post("/desk/hotline/{import_id}")
async def post_settled(import_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Settle columns, categories or doubtful addresses, write the file, or discard it."""
    fields = await body_of(request)
    try:
        async with parts.work() as work:
            found = await the_import(work, reader.actor, import_id)
            if fields.get("act") == "discard":
                await discard(work, reader.actor, import_id)
                return redirect("/desk/hotline", "hotline_discarded")
            if fields.get("act") == "write":
                await start(work, reader.actor, import_id)
                return redirect(f"/desk/hotline/{import_id}", "hotline_writing")
            columns, categories, choices = _settled(found, fields)
            await settle(work, reader.actor, import_id, columns, categories, choices)
    except (WeiwangError, RequestValidationError) as error:
        return await _file(request, parts, reader, import_id, error)
    return redirect(f"/desk/hotline/{import_id}")


def _settled(
    found: Import, fields: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return what a form says of columns, categories and addresses; what it doesn't name stays as it is."""
    columns = dict(found.columns)
    for field in FIELDS:
        if f"column-{field}" in fields:
            columns[field] = str(fields[f"column-{field}"])
    words = {address_key(one["word"]): one["word"] for one in found.summary.get("categories", ())}
    categories = {
        words[key]: str(fields[f"category-{key}"]) for key in words if fields.get(f"category-{key}")
    }
    addresses = {address_key(one["address"]): one["address"] for one in found.summary.get("doubtful", ())}
    choices = {
        address: str(fields.get(f"typed-{key}") or fields.get(f"place-{key}") or "")[:200]
        for key, address in addresses.items()
    }
    return columns, categories, choices


def address_key(text: str) -> str:
    """Return the name of a form's field for a text of the file."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _words(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the file's words for kinds of orders, each once, with the category it is taken for most often."""
    found: dict[str, dict[str, Any]] = {}
    for one in shown["summary"].get("categories", ()):
        known = found.setdefault(one["word"], dict(one) | {"rows": 0})
        known["rows"] += one["rows"]
    return [one for one in found.values() if one["word"]][:WORDS_ASKED]


def _shown(language: str, one: Import) -> dict[str, Any]:
    summary = dict(one.summary)
    written = summary.get("written") or {}
    return {
        "id": str(one.import_id),
        "name": one.file_name,
        "status": one.status,
        "status_name": translate(language, IMPORT_STATUS_NAMES[one.status]),
        "columns": dict(one.columns),
        "title_choices": [(title, title) for title in summary.get("titles", []) if title],
        "rows": one.rows or summary.get("rows", 0),
        "done": one.done,
        "created_at": one.created_at,
        "summary": summary,
        "needed": summary.get("needed"),
        "problems": [
            {"line": found["line"], "text": translate(language, PROBLEMS[found["code"]])}
            for found in summary.get("problems", ())
        ],
        "outcomes": [
            {"key": key, "name": translate(language, OUTCOMES[key]), "n": n}
            for key, n in (written.get("counts") or {}).items()
        ],
        "refused": [
            {"line": line, "text": error_sentence(language, code, {}, fallback=code)}
            for line, code in written.get("refused", ())
        ],
        "error": error_sentence(language, summary["error"], {}, fallback="") if summary.get("error") else "",
    }
