"""Problems found on visits: the list of what has an answer and what is still open, and what becomes of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request

from api.answers.visits import FindingOut, FindingPage, finding_out
from api.deps import ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.visits import AnswerBody, FindingQuery
from api.rooms import interface
from api.routes.visits.log import moments_of
from api.spec import body, errors
from gis.flows.visits.findings import answer_finding, settle_on_spot, transfer
from gis.flows.work import Work
from gis.store.session import ReadSession
from gis.views.visits import FindingFilters, finding_list
from gis.words import Actor

router = interface("visits")
FindingAct = Literal["transfer", "settle", "answer"]
Act = Callable[[Work, Actor, UUID, str], Awaitable[Any]]


async def _transfer(work: Work, actor: Actor, finding_id: UUID, _: str) -> Any:
    return await transfer(work, actor, finding_id)


ACTS: dict[str, Act] = {"transfer": _transfer, "settle": settle_on_spot, "answer": answer_finding}


@router.get("/findings", responses=errors(400, 401, 403))
async def get_findings(
    reader: ReaderDep, work: WorkDep, query: Annotated[FindingQuery, Query()]
) -> FindingPage:
    """List problems, the newest first; `unanswered` are those that nobody has an answer to yet."""
    filters = await finding_filters(work.session, reader.actor, query)
    page = await finding_list(
        work.session, reader.actor, filters, now=work.clock.now(), limit=query.limit, cursor=query.cursor
    )
    return FindingPage(items=[finding_out(one) for one in page.items], next=page.next, total=page.total)


@router.post(
    "/findings/{finding_id}/{act}",
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(AnswerBody, "application/json"),
)
async def post_finding(
    finding_id: UUID, act: FindingAct, request: Request, reader: ReaderDep, work: WorkDep
) -> FindingOut:
    """Make a case of a problem, say how it was settled on the spot, or what people were answered."""
    given = parse(AnswerBody, await body_of(request))
    await ACTS[act](work, reader.actor, finding_id, given.answer)
    page = await finding_list(
        work.session, reader.actor, FindingFilters(finding_id=finding_id), now=work.clock.now(), limit=1
    )
    return finding_out(page.items[0])


async def finding_filters(session: ReadSession, actor: Actor, query: FindingQuery) -> FindingFilters:
    """Return the filters of a question."""
    since, before = await moments_of(session, actor, query)
    return FindingFilters(
        campaign_id=query.campaign,
        building_id=query.building,
        grid=query.grid or None,
        category=query.category or None,
        state=query.state,
        unanswered=query.unanswered,
        since=since,
        before=before,
    )
