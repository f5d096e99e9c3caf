"""Shifts at the desk: what happened since one's last one, notes for who comes next, and handing over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.answers import case_out
from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.desk_models import NoteBody, ShiftEndBody
from api.forms import body_of, parse
from api.pages.frame import Failure, back_to, redirect, show
from api.parts import Parts
from api.rooms import pages
from gis.errors import WeiwangError
from gis.flows.desk import begin_shift, end_shift, settle_note, write_note
from gis.people.permissions import require
from gis.store.session import ReadSession
from gis.views.desk import handed_over

router = pages()
HERE = "/desk/shift"


@router.get(HERE)
async def get_shift(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show what happened since one's last shift, and what others have left for one."""
    require(reader.actor, "desk")
    return await _show(request, parts, session, reader)


@router.post(HERE)
async def post_shift(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Begin one's shift, or end it with a note to the next."""
    fields = await body_of(request)
    try:
        if fields.pop("end", ""):
            given = parse(ShiftEndBody, fields)
            async with parts.work() as work:
                await end_shift(work, reader.actor, given.words)
            return redirect(HERE, "shift_ended")
        async with parts.work() as work:
            await begin_shift(work, reader.actor)
    except (WeiwangError, RequestValidationError) as error:
        return await _again(request, parts, reader, error, fields)
    return redirect(HERE, "shift_begun")


@router.post("/desk/notes")
async def post_note(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Leave a note for who comes next."""
    fields = await body_of(request)
    back = back_to(str(fields.pop("back", "")), HERE)
    try:
        given = parse(NoteBody, fields)
        async with parts.work() as work:
            await write_note(work, reader.actor, given.words, given.case_id, given.id)
    except (WeiwangError, RequestValidationError) as error:
        return await _again(request, parts, reader, error, fields)
    return redirect(back, "note_kept")


@router.post("/desk/notes/{note_id}")
async def post_settled(note_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Mark a note as settled."""
    back = back_to(str((await body_of(request)).get("back", "")), HERE)
    async with parts.work() as work:
        await settle_note(work, reader.actor, note_id)
    return redirect(back, "note_settled")


async def _again(
    request: Request, parts: Parts, reader: Reader, error: Failure, fields: dict[str, Any]
) -> Response:
    require(reader.actor, "desk")
    async with parts.database.read() as session:
        return await _show(request, parts, session, reader, error, fields)


async def _show(  # noqa: PLR0917 - for whom, and what was typed
    request: Request,
    parts: Parts,
    session: ReadSession,
    reader: Reader,
    failure: Failure | None = None,
    fields: dict[str, Any] | None = None,
) -> Response:
    found = await handed_over(session, reader.actor, parts.clock.now())
    lists = {
        name: [case_out(one).shown() for one in getattr(found, name)]
        for name in ("late", "reopened", "returned", "opened")
    }
    own = next(
        (one for one in found.shifts if one.person_id == reader.actor.person_id and one.ended_at is None),
        None,
    )
    return await show(
        request,
        session,
        reader,
        "desk_shift.html",
        failure=failure,
        since=found.since,
        lists=lists,
        notes=found.notes,
        shifts=found.shifts,
        own=own,
        form={name: str(value) for name, value in (fields or {}).items()},
    )
