"""Campaigns of visits (百日大走访): from when until when, where, and what is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.office.record import record
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import campaigns, people
from gis.store.campaigns import CampaignRow
from gis.visits.questions import questions_of
from gis.words import Actor, Level

NAME, PURPOSE = 60, 500
LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """A campaign as it is wanted; the id is made by the client.

    Parameters
    ----------
    grid_codes
        Where it is held; none: everywhere.
    questions
        As ``gis.visits.questions.questions_of`` reads them.
    name_en, purpose_en
        For who reads English; empty: the Chinese is shown.
    """

    campaign_id: UUID
    name: str
    starts_on: date
    ends_on: date
    purpose: str = ""
    grid_codes: tuple[str, ...] = ()
    questions: str = ""
    name_en: str = ""
    purpose_en: str = ""


async def put_campaign(work: Work, actor: Actor, draft: CampaignDraft) -> UUID:
    """Make a campaign, or change it while it goes on; the same draft again changes nothing.

    Parameters
    ----------
    work, actor, draft
        Who wants what.

    Raises
    ------
    InvalidInputError
        ``campaign_days``, ``campaign_grid``, ``text_needed``, ``text_too_long``, those of ``questions_of``.
    ConflictError
        ``campaign_over``.
    """
    require(actor, "run_campaigns")
    row = await _checked(work, actor, draft)
    community_id, key = actor.community_id, str(draft.campaign_id)
    if await campaigns.put(work.session, community_id, row):
        await record(work, actor, "campaign", key, "added", name=row.name)
        return draft.campaign_id
    before = await campaigns.get(work.session, community_id, draft.campaign_id)
    if before is None or before.ended_at is not None:
        raise ConflictError("it has been ended", code="campaign_over")
    kept = replace(row, created_by=before.created_by, created_at=before.created_at)
    if kept != replace(before, grid_codes=tuple(before.grid_codes), questions=list(before.questions)):
        await campaigns.change(work.session, community_id, row, work.clock.now())
        await record(work, actor, "campaign", key, "changed", name=row.name)
    return draft.campaign_id


async def end_campaign(work: Work, actor: Actor, campaign_id: UUID) -> None:
    """End a campaign: nothing more is written for it, its problems are still answered. Done again, nothing changes.

    Raises
    ------
    NotFoundError
        ``campaign_not_found``.
    """
    require(actor, "run_campaigns")
    before = await campaigns.get(work.session, actor.community_id, campaign_id)
    if before is None:
        raise NotFoundError("no such campaign", code="campaign_not_found")
    if await campaigns.end(work.session, actor.community_id, campaign_id, work.clock.now()):
        await record(work, actor, "campaign", str(campaign_id), "deactivated", name=before.name)


async def _checked(work: Work, actor: Actor, draft: CampaignDraft) -> CampaignRow:
    if not timedelta(0) <= draft.ends_on - draft.starts_on <= LONGEST:
        raise InvalidInputError(
            "it ends after it starts", code="campaign_days", field="ends_on", limit=LONGEST.days
        )
    grids = {one.code for one in await people.cells(work.session, actor.community_id, Level.GRID)}
    wanted = tuple(dict.fromkeys(draft.grid_codes))
    for code in wanted:
        if code not in grids:
            raise InvalidInputError("no such grid", code="campaign_grid", field="grids", grid=code[:20])
    return CampaignRow(
        campaign_id=draft.campaign_id,
        name=required(draft.name, "name", limit=NAME),
        name_en=plain(draft.name_en, "name_en", limit=NAME),
        purpose=plain(draft.purpose, "purpose", limit=PURPOSE),
        purpose_en=plain(draft.purpose_en, "purpose_en", limit=PURPOSE),
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        grid_codes=wanted,
        questions=[one.as_json() for one in questions_of(plain(draft.questions, "questions"))],
        created_by=actor.person_id,
        created_at=work.clock.now(),
        ended_at=None,
    )
