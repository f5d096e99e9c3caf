"""Who changed what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from api.deps import ReadDep, ReaderDep
from api.pages.admin.frame import open_section, show_section
from api.rooms import pages
from gis.errors import WeiwangError
from gis.store.changes import ChangeRow
from gis.store.meal_crew import names_of
from gis.store.session import ReadSession
from gis.views.office import changes
from web.office_words import SUBJECT_NAMES

router = pages()
PERSON_FIELD = "keeper"
"""The field of stations that holds who minds them."""


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
        changes=await _with_names(session, reader.actor.community_id, page.items),
        subject=wanted or "",
        next_url=f"/admin/changes?{urlencode(more)}" if page.next else None,
    )


async def _with_names(session: ReadSession, community_id: str, rows: Sequence[ChangeRow]) -> list[ChangeRow]:
    """Return changes with the names of people in the place of their ids, where a field holds a person."""
    held = {person for one in rows for value in one.data.get(PERSON_FIELD, ()) if (person := _id_in(value))}
    names = await names_of(session, community_id, list(held)) if held else {}
    called = {str(person_id): name for person_id, name in names.items()}
    return [replace(one, data=_named(one.data, called)) for one in rows]


def _id_in(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _named(data: Mapping[str, Any], called: Mapping[str, str]) -> Mapping[str, Any]:
    if PERSON_FIELD not in data:
        return data
    return {**data, PERSON_FIELD: [called.get(value, value) for value in data[PERSON_FIELD]]}
