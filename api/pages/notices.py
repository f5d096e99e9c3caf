"""What one was told, as a page that works without scripts."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from api.deps import ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.language import language_of
from api.pages.frame import back_to, redirect, show
from api.rooms import pages
from api.routes.notices import NoticeQuery, ReadBody, my_notices
from gis.flows.read_notices import read_notices

router = pages()


@router.get("/notices")
async def get_notices(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show what one was told."""
    given = {name: request.query_params.get(name, "") for name in ("unread", "cursor")}
    query = parse(NoticeQuery, given)
    language = language_of(request, reader.actor.language)
    found = await my_notices(session, reader.actor, language, query)
    next_url = None
    if found.next:
        next_url = f"/notices?cursor={found.next}" + ("&unread=1" if query.unread else "")
    return await show(
        request,
        session,
        reader,
        "notices.html",
        page=found.model_dump(),
        next_url=next_url,
        only_unread=query.unread,
    )


@router.post("/notices/read")
async def post_read(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Mark one notice as read and lead to what it is about, or all of them."""
    fields = await body_of(request)
    back = back_to(str(fields.pop("back", "")), "/notices")
    one = fields.pop("id", "")
    given = parse(ReadBody, {"ids": [one]} if one else {})
    await read_notices(work, reader.actor, given.ids)
    return redirect(back, None if one else "notices_read")
