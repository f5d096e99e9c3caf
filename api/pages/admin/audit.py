"""The audit log: who signed in, looked, changed, took out or erased; searched by person, kind and day, and taken out."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Request
from starlette.responses import Response

from api.auth import Reader
from api.deps import ReaderDep, WorkDep
from api.filters import parse_moment
from api.language import language_of
from api.pages.admin.frame import open_section, show_section
from api.rooms import pages
from api.sheet_answer import sheet_answer
from gis.errors import InvalidInputError, WeiwangError
from gis.flows.work import Work
from gis.store.access_log import log_access
from gis.store.people import timezone_of
from gis.views.audit import Shown, Wanted, audit_log, person_named
from web.audit_sheets import audit_sheet
from web.audit_words import SOURCE_NAMES

router = pages()
FIELDS = ("who", "source", "kind", "from", "to")
MOST_ROWS = 50_000


@router.get("/admin/audit")
async def get_audit(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """List entries, the latest first; what can't be searched for is told."""
    open_section(reader, "audit")
    form = {name: request.query_params.get(name, "") for name in FIELDS}
    failure: WeiwangError | None = None
    try:
        wanted = await _wanted(work, reader, form)
        shown = await audit_log(work.session, reader.actor, wanted, cursor=request.query_params.get("cursor"))
    except WeiwangError as error:
        failure, shown = error, await audit_log(work.session, reader.actor, Wanted())
    await _looked(work, reader)
    asked = {name: value for name, value in form.items() if value}
    return await show_section(
        request,
        work.session,
        reader,
        "audit",
        failure=failure,
        form=form,
        shown=shown,
        file_url=f"/admin/audit.xlsx?{urlencode(asked)}",
        next_url=f"/admin/audit?{urlencode({**asked, 'cursor': shown.page.next})}"
        if shown.page.next
        else None,
    )


@router.get("/admin/audit.xlsx")
async def get_audit_file(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Give the same entries out as a workbook; that is an entry too."""
    open_section(reader, "audit")
    form = {name: request.query_params.get(name, "") for name in FIELDS}
    wanted = await _wanted(work, reader, form)
    shown: Shown = await audit_log(work.session, reader.actor, wanted, limit=MOST_ROWS)
    await _looked(work, reader, "audit_file")
    zone = ZoneInfo(await timezone_of(work.session, reader.actor.community_id))
    language = language_of(request, reader.actor.language)
    return await sheet_answer(audit_sheet(language, shown.page.items, zone), "audit")


async def _wanted(work: Work, reader: Reader, form: dict[str, str]) -> Wanted:
    zone = ZoneInfo(await timezone_of(work.session, reader.actor.community_id))
    source, kind = form["source"], form["kind"]
    if source and source not in SOURCE_NAMES:
        raise InvalidInputError("no such source", code="audit_kind_unknown", field="source")
    found = Wanted()
    if form["who"]:
        named = await person_named(work.session, reader.actor, form["who"])
        if named is None:
            raise InvalidInputError("nobody has this name", code="audit_person_unknown", field="who")
        found = named
    return replace(
        found,
        source=source or None,
        kind=kind if kind and kind.isprintable() else None,
        since=parse_moment(form["from"], "from", zone),
        until=parse_moment(form["to"], "to", zone, end=True),
    )


async def _looked(work: Work, reader: Reader, kind: str = "audit") -> None:
    await log_access(
        work.session,
        reader.actor.community_id,
        at=work.clock.now(),
        person_id=reader.actor.person_id,
        kind=kind,
        subject_id="",
    )
