"""A patrol: streets are ticked, or matched from where the phone is while the page is open; no track is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import body_of, form_of, is_form, parse
from api.models.fields import Body, Sentence
from api.pages.frame import Failure, redirect
from api.pages.service.frame import open_page, show_page
from api.rooms import pages
from gis.errors import InvalidInputError, WeiwangError
from gis.flows.record_patrol import PatrolDraft, record_patrol
from gis.flows.work import Work

router = pages()
KEY = "patrols"
MINUTES = (30, 60, 90, 120)


class PatrolForm(Body):
    """A patrol that has just ended."""

    id: UUID
    minutes: int = Field(60, ge=5, le=720)
    note: Sentence = ""
    streets: list[str] = Field(default_factory=list, max_length=200)


@router.get("/patrols")
async def get_patrols(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show the streets to be ticked."""
    return await _show(request, work, reader, {"id": str(uuid4())})


async def _show(
    request: Request, work: Work, reader: Reader, form: dict[str, Any], failure: Failure | None = None
) -> Response:
    await open_page(work.session, reader, KEY)
    return await show_page(
        request,
        work.session,
        reader,
        KEY,
        template="patrols.html",
        failure=failure,
        form=form,
        streets=sorted(await _streets(work, reader)),
        minutes=MINUTES,
    )


async def _streets(work: Work, reader: Reader) -> dict[str, list[UUID]]:
    """Return the segments of each street that has a name."""
    atlas = await work.atlas.get(work.session, reader.actor.community_id)
    streets, found = atlas.places.arrays.streets, dict[str, list[UUID]]()
    for segment_id, name in zip(streets.id, streets.name, strict=True):
        if name:
            found.setdefault(name, []).append(segment_id)
    return found


@router.post("/patrols")
async def post_patrol(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Record a patrol by form."""
    fields = await body_of(request)
    if is_form(request):
        fields["streets"] = [str(one) for one in (await form_of(request)).getlist("streets")]
    try:
        given = parse(PatrolForm, fields)
        async with parts.work() as work:
            known = await _streets(work, reader)
            if any(name not in known for name in given.streets) or not given.streets:
                raise InvalidInputError("which streets?", code="patrol_streets", field="streets")
            ended = work.clock.now()
            chosen = tuple(each for name in given.streets for each in known[name])
            began = ended - timedelta(minutes=given.minutes)
            await record_patrol(work, reader.actor, PatrolDraft(given.id, began, ended, chosen, given.note))
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            return await _show(request, work, reader, {"id": str(uuid4()), **fields}, error)
    return redirect("/patrols", "patrol_recorded")
