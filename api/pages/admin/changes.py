"""Who changed what."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import ReadDep, ReaderDep
from api.pages.admin.frame import open_section, show_section
from gis.errors import WeiwangError
from gis.views.office import changes
from web.office_words import SUBJECT_NAMES

router = APIRouter()


@router.get("/admin/changes")
async def get_changes(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """List changes, the newest first; a cursor that can't be read is told."""
    open_section(reader, "changes")
    subject = request.query_params.get("subject", "")
    wanted = subject if subject in SUBJECT_NAMES else None
    failure: WeiwangError | None = None
    try:
        page = await changes(session, reader.actor, wanted, cursor=request.query_params.get("cursor"))
    except WeiwangError as error:
        failure = error
        page = await changes(session, reader.actor, wanted)
    more = {**({"subject": wanted} if wanted else {}), "cursor": page.next}
    return await show_section(
        request,
        session,
        reader,
        "changes",
        failure=failure,
        changes=page.items,
        subject=wanted or "",
        next_url=f"/admin/changes?{urlencode(more)}" if page.next else None,
    )
