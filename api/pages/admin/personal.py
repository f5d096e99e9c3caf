"""Somebody's data for the office: all of it as a file, and erasing it, on their request."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from api.deps import PartsDep, ReaderDep
from api.forms import body_of
from api.pages.admin.frame import open_section
from api.pages.admin.people import person_form
from api.pages.frame import redirect
from api.personal_file import personal_file
from api.rooms import pages
from gis.errors import NotFoundError, WeiwangError
from gis.flows.personal.erasing import erase_person

router = pages()


@router.get("/admin/people/{person_id}/data.zip")
async def get_person_file(person_id: UUID, reader: ReaderDep, parts: PartsDep) -> Response:
    """Give out all that is kept of somebody; that is an entry of the audit log."""
    open_section(reader, "people")
    return await personal_file(parts, reader.actor, person_id)


@router.post("/admin/people/{person_id}/erase")
async def post_erase(person_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Erase an account that was deactivated; what must stay stays without a name."""
    open_section(reader, "people")
    reason = str((await body_of(request)).get("reason", ""))
    try:
        async with parts.work() as work:
            await erase_person(work, reader.actor, reader.actor.community_id, person_id, reason)
    except NotFoundError:
        raise
    except WeiwangError as error:
        async with parts.database.read() as session:
            return await person_form(
                request, session, reader, person_id, form={"reason": reason}, failure=error
            )
    parts.sessions.forget_person(person_id)
    return redirect("/admin/people", "person_erased")
