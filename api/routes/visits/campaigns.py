"""Campaigns of visits: made, changed, ended; how far they have come, grid by grid."""

from __future__ import annotations

from uuid import UUID, uuid4

from fastapi import Request
from pydantic import BaseModel

from api.answers.base import Answer
from api.answers.visits import CampaignOut, campaign_out
from api.deps import ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.visits import CampaignBody
from api.rooms import interface
from api.spec import body, errors
from gis.flows.visits.campaigns import CampaignDraft, end_campaign, put_campaign
from gis.views.visits import campaign_list, campaign_of, campaign_progress

router = interface("visits")


class GridProgressOut(Answer):
    """One grid of a campaign."""

    code: str
    name: str
    name_en: str
    buildings: int
    visited_buildings: int
    visits: int
    not_home: int
    findings: int
    on_spot: int
    transferred: int
    unanswered: int


class CampaignsOut(BaseModel):
    """Campaigns, the newest first."""

    items: list[CampaignOut]


class CampaignDetailOut(BaseModel):
    """A campaign, grid by grid in the order of their codes."""

    campaign: CampaignOut
    grids: list[GridProgressOut]


@router.get("/campaigns", responses=errors(401, 403))
async def get_campaigns(reader: ReaderDep, session: ReadDep) -> CampaignsOut:
    """List campaigns; their figures are those of the places that the reader looks after."""
    return CampaignsOut(items=[campaign_out(one) for one in await campaign_list(session, reader.actor)])


@router.get("/campaigns/{campaign_id}", responses=errors(401, 403, 404))
async def get_campaign(campaign_id: UUID, reader: ReaderDep, session: ReadDep) -> CampaignDetailOut:
    """Tell of one campaign, with its grids."""
    row = await campaign_of(session, reader.actor, campaign_id)
    grids = await campaign_progress(session, reader.actor, row)
    return CampaignDetailOut(
        campaign=campaign_out(row), grids=[GridProgressOut.model_validate(one) for one in grids]
    )


@router.post(
    "/campaigns",
    status_code=201,
    responses=errors(400, 401, 403, 409),
    openapi_extra=body(CampaignBody, "application/json"),
)
async def post_campaign(request: Request, reader: ReaderDep, work: WorkDep) -> CampaignOut:
    """Make a campaign, or change the one with this id while it goes on."""
    given = parse(CampaignBody, await body_of(request))
    campaign_id = await put_campaign(work, reader.actor, campaign_draft(given))
    return campaign_out(await campaign_of(work.session, reader.actor, campaign_id))


@router.post("/campaigns/{campaign_id}/end", responses=errors(401, 403, 404))
async def post_end(campaign_id: UUID, reader: ReaderDep, work: WorkDep) -> CampaignOut:
    """End a campaign; its problems are still answered."""
    await end_campaign(work, reader.actor, campaign_id)
    return campaign_out(await campaign_of(work.session, reader.actor, campaign_id))


def campaign_draft(given: CampaignBody) -> CampaignDraft:
    """Return what a body says."""
    return CampaignDraft(
        given.id or uuid4(),
        given.name,
        given.starts_on,
        given.ends_on,
        given.purpose,
        tuple(given.grids),
        given.questions,
        given.name_en,
        given.purpose_en,
    )
