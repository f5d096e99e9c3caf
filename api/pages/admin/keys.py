"""Keys of programs that file reports by Open311: made, shown once, ended."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import parse
from api.models import Body, Word
from api.pages.admin.frame import open_section, show_section, typed
from api.pages.frame import Failure, redirect
from api.parts import Parts
from api.rooms import pages
from gis.errors import WeiwangError
from gis.flows.api_keys import MOST_PER_MINUTE, end_key, make_key
from gis.flows.office.record import record
from gis.store.api_keys import keys
from gis.store.session import ReadSession

router = pages()


class KeyBody(Body):
    """A key to be made."""

    name: Word
    per_minute: Annotated[int, Field(ge=1, le=MOST_PER_MINUTE)] = 60


@router.get("/admin/keys")
async def get_keys(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """List the keys of the community."""
    open_section(reader, "keys")
    return await _show(request, session, reader)


@router.post("/admin/keys")
async def post_key(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Make a key, and show it this once."""
    open_section(reader, "keys")
    fields = await typed(request)
    try:
        wanted = parse(KeyBody, fields)
        async with parts.work() as work:
            given, made = await make_key(
                work, reader.actor, reader.actor.community_id, wanted.name, wanted.per_minute
            )
            told = {"per_minute": [None, made.per_minute]}
            await record(
                work, reader.actor, "person", str(made.person_id), "added", name=made.name, data=told
            )
    except (WeiwangError, RequestValidationError) as error:
        return await _again(request, parts, reader, form=fields, failure=error)
    response = await _again(request, parts, reader, given=given, made=made.name)
    response.headers["cache-control"] = "no-store"
    return response


@router.post("/admin/keys/{key_id}/end")
async def post_end(key_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """End a key; what it has reported stays."""
    open_section(reader, "keys")
    actor = reader.actor
    try:
        async with parts.work() as work:
            known = {one.key_id: one for one in await keys(work.session, actor.community_id)}
            await end_key(work, actor, actor.community_id, key_id)
            ended = known[key_id]
            await record(work, actor, "person", str(ended.person_id), "deactivated", name=ended.name)
    except WeiwangError as error:
        return await _again(request, parts, reader, failure=error)
    return redirect("/admin/keys", "key_ended")


async def _again(request: Request, parts: Parts, reader: Reader, **context: Any) -> Response:
    async with parts.database.read() as session:
        return await _show(request, session, reader, **context)


async def _show(  # noqa: PLR0917 - whose page, what was typed, and what came of it
    request: Request,
    session: ReadSession,
    reader: Reader,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
    given: str = "",
    made: str = "",
) -> Response:
    return await show_section(
        request,
        session,
        reader,
        "keys",
        failure=failure,
        keys=await keys(session, reader.actor.community_id),
        form=form or {},
        given=given,
        made=made,
        most=MOST_PER_MINUTE,
    )
