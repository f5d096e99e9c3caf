"""Plans of repairs and what a metre of repair costs, for programs: the same flows as the planner's pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from api.answers import Answer, PersonRef
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models import SHORT, Body, HeatQuery, Sentence, Word
from api.parts import Parts
from api.rooms import interface
from api.routes.hotspots import seen_by
from api.spec import body, errors
from gis.errors import InvalidInputError, NotFoundError
from gis.flows.hotspots.current import Ranking
from gis.flows.repair_proposals import Choice, Proposal, frozen, proposed
from gis.flows.repairs import PlanDraft, drop_plan, plan_versions, save_plan, set_rates
from gis.people.permissions import require
from gis.store import repairs as store
from gis.store.repairs import PlanVersion
from gis.store.session import ReadSession
from gis.words import Actor

router = interface("figures")
JSON = "application/json"


class PlanFilters(Body):
    """Which cases the blocks are ranked by, as `/hotspots` takes them."""

    category: str | None = Field(None, max_length=400)
    since: str | None = Field(None, alias="from", max_length=SHORT)
    before: str | None = Field(None, alias="to", max_length=SHORT)
    season: Word | None = None
    day: Word | None = None
    hours: Word | None = None
    grid: Word | None = None

    def given(self) -> dict[str, str]:
        """Return the filters that were set, by their public names."""
        return self.model_dump(by_alias=True, exclude_none=True)


class ChoiceBody(Body):
    """Blocks to repair: chosen by hand (`streets`), or the best under a budget."""

    streets: list[UUID] = Field(default_factory=list, description="ids of blocks, as `/hotspots` names them")
    budget: Word = Field("", description="metres or yuan", examples=["metres"])
    amount: float | None = Field(None, examples=[300])
    filters: PlanFilters = Field(default_factory=lambda: PlanFilters.model_validate({}))

    def choice(self) -> Choice:
        """Return what is meant; raises ``plan_empty`` where neither blocks nor a budget were given."""
        if not self.streets and self.amount is None:
            raise InvalidInputError("neither streets nor a budget", code="plan_empty", field="streets")
        return Choice(tuple(self.streets), self.budget, self.amount, self.filters.given())


class PlanBody(ChoiceBody):
    """A plan to be saved. The client makes the id; `base` is the version it was made from, 0 for a new plan."""

    id: UUID
    base: int = Field(0, ge=0, le=10**8)
    name: Word = Field(examples=["第一批"])
    note: Sentence = ""


class RatesBody(Body):
    """Yuan a metre, by category; null takes a rate away, what isn't named stays."""

    rates: dict[Word, float | None] = Field(examples=[{"sewer": 800}])


class RatesOut(BaseModel):
    """Yuan a metre, by category."""

    rates: dict[str, float]


class ProposalOut(BaseModel):
    """Blocks with their figures, and their sums; `exact`: no other choice under the budget covers more."""

    streets: list[dict[str, Any]]
    totals: dict[str, Any]


class PlanSummary(BaseModel):
    """A version of a plan, without its blocks."""

    id: UUID
    version: int
    name: str
    note: str
    author: PersonRef
    saved_at: datetime
    dropped: bool
    filters: dict[str, Any]
    budget: dict[str, Any]
    totals: dict[str, Any]


class PlanOut(PlanSummary):
    """A version of a plan with the figures that it was saved with."""

    streets: list[dict[str, Any]]
    versions: list[int] = Field(description="all that there are, the newest first")


class PlanList(BaseModel):
    """The newest version of every plan that isn't dropped, the latest saved first."""

    items: list[PlanSummary]
    total: int


class VersionQuery(Answer):
    """Which version; none: the newest."""

    version: Annotated[int, Field(ge=1, le=10**8)] | None = None


@router.get("/plans", responses=errors(401, 403))
async def get_plans(reader: ReaderDep, session: ReadDep) -> PlanList:
    """List the saved plans."""
    require(reader.actor, "read_plans")
    found = [PlanSummary(**_summary(one)) for one in await store.plans(session, reader.actor.community_id)]
    return PlanList(items=found, total=len(found))


@router.get("/plans/{plan_id}", responses=errors(400, 401, 403, 404))
async def get_plan(
    plan_id: UUID, reader: ReaderDep, session: ReadDep, query: Annotated[VersionQuery, Query()]
) -> PlanOut:
    """One plan as it was saved."""
    require(reader.actor, "read_plans")
    versions = await plan_versions(session, reader.actor.community_id, plan_id)
    for one in versions:
        if query.version in {None, one.version}:
            return _plan_out(one, versions)
    raise NotFoundError("no such version", code="plan_not_found")


@router.post("/plans/proposals", responses=errors(400, 401, 403, 404), openapi_extra=body(ChoiceBody, JSON))
async def post_proposal(
    request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep
) -> ProposalOut:
    """Tell what a plan would be; nothing is saved."""
    require(reader.actor, "plan_repairs")
    given = parse(ChoiceBody, await body_of(request))
    proposal, ranking = await _proposal(parts, session, reader.actor, given)
    return ProposalOut(
        streets=[frozen(one) for one in proposal.streets], totals=dict(proposal.totals(ranking))
    )


@router.post(
    "/plans", status_code=201, responses=errors(400, 401, 403, 404, 409), openapi_extra=body(PlanBody, JSON)
)
async def post_plan(request: Request, parts: PartsDep, reader: ReaderDep, work: WorkDep) -> PlanOut:
    """Save a plan, or a new version of one; a repeat changes nothing."""
    actor = reader.actor
    require(actor, "plan_repairs")  # before blocks are ranked for nothing; the flow asks it again
    given = parse(PlanBody, await body_of(request))
    proposal, ranking = await _proposal(parts, work.session, actor, given)
    draft = PlanDraft(given.id, given.name, given.note, given.base, given.choice())
    saved = await save_plan(work, actor, draft, proposal, ranking)
    return _plan_out(saved, await plan_versions(work.session, actor.community_id, given.id))


@router.delete("/plans/{plan_id}", status_code=204, responses=errors(401, 403, 404))
async def delete_plan(plan_id: UUID, reader: ReaderDep, work: WorkDep) -> Response:
    """Take a plan off the list; its versions can still be read."""
    await drop_plan(work, reader.actor, plan_id)
    return Response(status_code=204)


@router.get("/rates", responses=errors(401, 403))
async def get_rates(reader: ReaderDep, session: ReadDep) -> RatesOut:
    """Tell what a metre of repair costs."""
    require(reader.actor, "read_plans")
    return RatesOut(rates=await store.rates(session, reader.actor.community_id))


@router.put("/rates", responses=errors(400, 401, 403), openapi_extra=body(RatesBody, JSON))
async def put_rates(request: Request, reader: ReaderDep, work: WorkDep) -> RatesOut:
    """Enter rates; null takes one away."""
    given = parse(RatesBody, await body_of(request))
    await set_rates(work, reader.actor, given.rates)
    return RatesOut(rates=await store.rates(work.session, reader.actor.community_id))


async def _proposal(
    parts: Parts, session: ReadSession, actor: Actor, given: ChoiceBody
) -> tuple[Proposal, Ranking]:
    """Return the blocks that were asked for, with the ranking that they stand in."""
    seen = await seen_by(session, actor, HeatQuery.model_validate(given.filters.given()))
    ranking = await parts.streets.ranking(session, seen.scope, seen.filters, parts.clock.now())
    rates = await store.rates(session, actor.community_id)
    return await proposed(ranking, given.choice(), rates), ranking


def _summary(one: PlanVersion) -> Mapping[str, Any]:
    return {
        "id": one.plan_id,
        "author": PersonRef(id=one.author_id, name=one.author_name),
        **{name: getattr(one, name) for name in ("version", "name", "note", "saved_at", "dropped")},
        **{name: dict(getattr(one, name)) for name in ("filters", "budget", "totals")},
    }


def _plan_out(one: PlanVersion, versions: list[PlanVersion]) -> PlanOut:
    streets = [dict(street) for street in one.streets]
    return PlanOut(**_summary(one), streets=streets, versions=[each.version for each in versions])
