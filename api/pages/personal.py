"""One's own data: what the service keeps of the reader, for how long, and all of it as a file."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from api.deps import PartsDep, ReadDep, ReaderDep
from api.pages.frame import show
from api.personal_file import personal_file
from api.rooms import pages
from gis.flows.retention.rules import days_in
from gis.store import person_data

router = pages()
COUNTED = (
    "reports",
    "photos",
    "ratings",
    "orders",
    "service",
    "redemptions",
    "certificates",
    "notices",
    "looks",
)


@router.get("/me/data")
async def get_data(request: Request, reader: ReaderDep, parts: PartsDep, session: ReadDep) -> Response:
    """Show how much is kept of the reader, for how long, and how to get it or have it erased."""
    actor = reader.actor
    counts = await person_data.own_counts(session, actor.community_id, actor.person_id, COUNTED)
    return await show(
        request,
        session,
        reader,
        "me_data.html",
        counts={name: counts[name] for name in COUNTED},
        days=await days_in(session, parts.settings, actor.community_id),
    )


@router.get("/me/data.zip")
async def get_data_file(reader: ReaderDep, parts: PartsDep) -> Response:
    """Give the reader all that is kept of them."""
    return await personal_file(parts, reader.actor, reader.actor.person_id)
