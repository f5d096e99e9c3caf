"""The communities of this service as figures."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from fastapi import Request
from starlette.responses import Response

from api.deps import PartsDep, ReadDep, ReaderDep
from api.pages.admin.frame import open_section, show_section
from api.rooms import pages
from gis.views.office import communities_of

router = pages()
LOOK_BACK = timedelta(days=30)


@router.get("/admin/communities")
async def get_communities(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """List communities with what is in force and what happens there."""
    open_section(reader, "communities")
    rows = await communities_of(session, reader.actor, parts.clock.now() - LOOK_BACK)
    return await show_section(request, session, reader, "communities", rows=[asdict(one) for one in rows])
