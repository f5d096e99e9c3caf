"""Cases: lists, one with its timeline, why somebody was asked, and the acts."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel

from api.acts import ACTS, perform
from api.answers import CaseDetailOut, CaseOut, StateOut, case_out, detail_out
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.filters import case_filters, light_filter
from api.forms import body_of, photos_of
from api.models import CaseListQuery
from api.rooms import interface
from api.routes.figures import timezone_of
from api.spec import body, errors
from gis.views.cases import case_detail, case_list, dispatch_of
from gis.words import Verb

router = interface("cases")
JSON, FORM = "application/json", "multipart/form-data"


class CasePage(BaseModel):
    """A page of cases; `total` counts to ten thousand at most."""

    items: list[CaseOut]
    next: str | None
    total: int


class DispatchOut(BaseModel):
    """Every round of asking, the latest first."""

    items: list[dict[str, Any]]


@router.get("/cases", responses=errors(400, 401))
async def get_cases(
    parts: PartsDep, reader: ReaderDep, session: ReadDep, query: Annotated[CaseListQuery, Query()]
) -> CasePage:
    """List cases inside one's areas, the newest first; `mine=task` for what one has in hand."""
    actor, now = reader.actor, parts.clock.now()
    filters = case_filters(query, await timezone_of(session, actor.community_id), actor, query.mine)
    filters = replace(filters, lights=light_filter(query.light, now), building_id=query.building)
    page = await case_list(session, actor, filters, now=now, limit=query.limit, cursor=query.cursor)
    return CasePage(items=[case_out(one) for one in page.items], next=page.next, total=page.total)


@router.get("/cases/{case_id}", responses=errors(400, 401, 404))
async def get_case(case_id: UUID, reader: ReaderDep, work: WorkDep) -> CaseDetailOut:
    """Return a case with its reports and timeline; the look is recorded."""
    return detail_out(reader.actor, await case_detail(work.session, reader.actor, case_id, work.clock.now()))


@router.get("/cases/{case_id}/dispatch", responses=errors(400, 401, 403, 404))
async def get_dispatch(case_id: UUID, reader: ReaderDep, session: ReadDep) -> DispatchOut:
    """Tell why each responder was asked: candidates with travel time, distance, age of position, or why not."""
    found = await dispatch_of(session, reader.actor, case_id)
    return DispatchOut(
        items=[
            {"at": one.at, "offer_id": one.offer_id, "explanation": dict(one.explanation)} for one in found
        ]
    )


def _add_act(verb: Verb) -> None:
    act = ACTS[verb]

    async def post_act(case_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> StateOut:
        fields = await body_of(request)
        photos = await photos_of(request) if act.photos else []
        state = await perform(parts, reader.actor, verb, case_id, fields=fields, photos=photos)
        return StateOut(id=state.case_id, status=state.status.value, revision=state.revision)

    post_act.__name__ = f"post_{verb.value}"
    post_act.__doc__ = act.summary
    kinds = (JSON, FORM) if act.photos else (JSON,)
    router.post(
        f"/cases/{{case_id}}/{verb.value}",
        responses=errors(400, 401, 403, 404, 409, 413, 415),
        openapi_extra=body(act.body, *kinds, photo=act.photos, required=False),
    )(post_act)


for _verb in ACTS:
    _add_act(_verb)
