"""Suggestions of watchers: ticked and approved or declined together."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.language import language_of
from api.pages.admin.frame import typed
from api.pages.frame import Failure, redirect
from api.pages.residents.frame import KEY, show_part
from api.pages.service.frame import open_page
from api.residents import decided
from api.rooms import pages
from gis.errors import WeiwangError
from gis.flows.residents.approving import count_open
from gis.flows.residents.suggestions import Outcome, open_suggestions
from gis.flows.work import Work
from web.messages import error_sentence

router = pages()


@router.get("/residents/suggestions")
async def get_suggestions(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show what waits to be decided, each field as it was and as it would be."""
    return await _show(request, work, reader)


@router.post("/residents/suggestions")
async def post_suggestions(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Approve or decline what is ticked; what can't be carried out is told and stays."""
    fields = await typed(request, "ids")
    if fields.get("act") == "approve_all":
        fields |= {"act": "approve", "ids": []}
    else:
        fields.pop("all_before", None)
    try:
        outcome = await decided(parts, reader.actor, fields)
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            return await _show(request, work, reader, fields, error)
    if outcome.failed:
        async with parts.work() as work:
            return await _show(request, work, reader, fields, next(iter(outcome.failed.values())), outcome)
    return redirect("/residents/suggestions", "suggestions_decided")


async def _show(  # noqa: PLR0917 - whose page, with what was ticked, and what came of it
    request: Request,
    work: Work,
    reader: Reader,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
    outcome: Outcome | None = None,
) -> Response:
    await open_page(work.session, reader, KEY)
    language = language_of(request, reader.actor.language)
    failed = {
        key: error_sentence(language, error.code, error.values, fallback=error.detail)
        for key, error in (outcome.failed if outcome else {}).items()
    }
    proposals = await open_suggestions(work, reader.actor)
    return await show_part(
        request,
        work,
        reader,
        "suggestions",
        "residents_suggestions.html",
        failure=failure,
        proposals=proposals,
        total=await count_open(work, reader.actor),
        shown_at=work.clock.now().isoformat(),
        chosen=[str(one) for one in (form or {}).get("ids", [])],
        failed=failed,
        form=form or {},
    )
