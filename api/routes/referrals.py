"""Referrals of one's agency or areas, and colleagues who could take a case over."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from api.answers import CaseOut, case_out
from api.answers.referrals import ColleagueOut, ReferralOut, colleague_out, referral_out
from api.deps import PartsDep, ReadDep, ReaderDep
from api.models import ReferralQuery
from api.rooms import interface
from api.spec import errors
from gis.views.referrals import ReferralItem, colleagues_for, inbox

router = interface("referrals")


class ListedReferral(ReferralOut):
    """A referral in a list; its case as long as the reader may see it."""

    light: str | None = Field(description="green, yellow from 80% of the time on, red when overdue")
    case: CaseOut | None


class ReferralPage(BaseModel):
    """A page of referrals, and how many lie in each part of the inbox."""

    items: list[ListedReferral]
    next: str | None
    total: int
    counts: dict[str, int]


class Colleagues(BaseModel):
    """The nearest first."""

    items: list[ColleagueOut]


@router.get("/referrals", responses=errors(400, 401, 403, 404))
async def get_referrals(
    reader: ReaderDep, parts: PartsDep, session: ReadDep, query: Annotated[ReferralQuery, Query()]
) -> ReferralPage:
    """List referrals, the newest first: an agency's own, or, for the office, those of cases in its areas."""
    found = await inbox(
        session,
        reader.actor,
        parts.clock.now(),
        query.status,
        query.agency or None,
        limit=query.limit,
        cursor=query.cursor,
    )
    return ReferralPage(
        items=[listed_referral(one) for one in found.page.items],
        next=found.page.next,
        total=found.page.total,
        counts=found.counts,
    )


@router.get("/cases/{case_id}/colleagues", responses=errors(400, 401, 404))
async def get_colleagues(case_id: UUID, reader: ReaderDep, session: ReadDep) -> Colleagues:
    """List who could be asked to take a case over now; nobody for who may not ask."""
    found = await colleagues_for(session, reader.actor, case_id)
    return Colleagues(items=[colleague_out(one) for one in found])


def listed_referral(item: ReferralItem) -> ListedReferral:
    """Return a referral of a list."""
    values = referral_out(item.row).model_dump()
    case = case_out(item.case) if item.case else None
    return ListedReferral(**values, light=item.light, case=case)
