"""The page of one case, also shown again when an act on it failed."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from api.answers import detail_out
from api.auth import Reader
from api.pages.colleagues import task_colleagues
from api.pages.frame import Failure, show
from gis.flows.work import Work
from gis.people.permissions import may
from gis.store.desk import notes
from gis.views.cases import SEES_ASKING, case_detail, dispatch_of
from gis.views.meals import paths_of
from gis.views.orders import behind_cases
from gis.views.visits import case_findings


async def show_case(
    request: Request,
    work: Work,
    reader: Reader,
    case_id: UUID,
    failure: Failure | None = None,
    *,
    retry: dict[str, str] | None = None,
) -> Response:
    """Answer with a case's page.

    Parameters
    ----------
    request, work, reader, case_id
        Which case for whom.
    failure
        Of the form that was just sent.
    retry
        What was typed into it, and under ``verb`` which it was.
    """
    actor = reader.actor
    detail = await case_detail(work.session, actor, case_id, work.clock.now())
    asked = await dispatch_of(work.session, actor, case_id) if actor.role in SEES_ASKING else []
    case = detail_out(actor, detail).shown()
    return await show(
        request,
        work.session,
        reader,
        "case.html",
        failure=failure,
        labelled="act_fields.html",
        retry=retry or {},
        case=case,
        ordered=await behind_cases(work.session, actor, [case_id]),
        meal_paths=await paths_of(work.session, actor.community_id, [case_id]),
        dispatch=[dict(one.explanation) for one in asked],
        found_on=await case_findings(work.session, actor, case_id) if may(actor, "visit") else [],
        notes=await notes(work.session, actor.community_id, case_id=case_id) if may(actor, "desk") else [],
        colleagues=await task_colleagues(work.session, actor, [case]),
    )
