"""Offering a case to the closest responder who is truly available."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from gis.cases import ladder
from gis.dispatch.ranking import Ranking
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.finding import Need, ask, ranked
from gis.flows.work import Work
from gis.store import cases, claims
from gis.store.cases import LockedCase
from gis.store.jobs import Later
from gis.store.rosters import load_roster, met_with
from gis.words import Offer, Status

ASK_AGAIN_S = 2.0


async def offer_case(work: Work, community_id: str, case_id: UUID) -> Offer | None:
    """Offer an open case to the first of those who could take it; safe to call late, twice, or at the same time.

    Parameters
    ----------
    work
        Unit of work.
    community_id, case_id
        Which case. One that is no longer open, has climbed to the office, or lies outside the community is left alone.

    Returns
    -------
    Offer or None
        None when nobody was asked; why is stored.
    """
    case = await cases.lock(work.session, community_id, case_id)
    if (
        case is None
        or case.facts.status is not Status.OPEN
        or not ladder.asks(case.escalation)
        or not case.facts.micro_grid_code
    ):
        return None
    now = work.clock.now()
    atlas = await work.atlas.get(work.session, community_id)
    ranking = await rank_for(work, community_id, case, atlas)
    asked = ask(ranking, atlas.kind(case.facts.category), now)
    claimed = None
    if ranking.ranked:
        claimed = await claims.claim(work.session, community_id, case_id, case.facts.revision, asked, now=now)
    explanation = ranking.explain(claimed.responder_id if claimed else None)
    await claims.explain(
        work.session, community_id, case_id, claimed.offer_id if claimed else None, explanation, now
    )
    if claimed is None:
        if ranking.ranked:  # others were claiming the same people at this moment
            await ask_soon(work, community_id)
        return None
    await expect_answer(work, community_id, claimed)
    return claimed.offer(case_id)


async def rank_for(work: Work, community_id: str, case: LockedCase, atlas: CommunityAtlas) -> Ranking:
    """Return who could be asked for a case now, in order, and why everybody else is passed over.

    Parameters
    ----------
    work, community_id, case, atlas
        The case, held, and its community.
    """
    rules, now = work.settings.dispatch, work.clock.now()
    since = now - timedelta(seconds=rules.remember_refusal_s)
    met = await met_with(work.session, community_id, case.facts.case_id, case.facts.reporter_ids, since=since)
    need = Need(
        community_id,
        case.facts.case_id,
        atlas.kind(case.facts.category),
        case.lon,
        case.lat,
        case.facts.grid_code,
        case.facts.micro_grid_code,
        case.building_id,
        case.facts.reporter_ids,
        widened=ladder.radius_factor(case.escalation) or ladder.WIDEST,
        languages=met.languages,
        refused=met.refused,
        companions=met.companions,
    )
    roster = await load_roster(work.session, community_id, now)  # what this transaction has changed is in it
    return ranked(atlas, roster, rules, need, now)


def answer_expected(community_id: str, offer_id: UUID, expires_at: datetime) -> Later:
    """Return the task that has an offer run out at its time.

    Parameters
    ----------
    community_id, offer_id, expires_at
        The offer.
    """
    return Later(
        "expire_offer", expires_at, {"community_id": community_id, "offer_id": str(offer_id)}, offered=True
    )


def asked_soon(community_id: str, now: datetime) -> Later:
    """Return the task that has what waits solved again in a moment, for others were claiming the same people in this one.

    Parameters
    ----------
    community_id, now
        Where, and the time.
    """
    at = now + timedelta(seconds=ASK_AGAIN_S)
    return Later("match_waiting", at, {"community_id": community_id}, offered=False)


async def expect_answer(work: Work, community_id: str, claimed: claims.Claimed) -> None:
    """Have the offer run out at its time, by a job of the same transaction.

    Parameters
    ----------
    work, community_id, claimed
        The offer.
    """
    later = answer_expected(community_id, claimed.offer_id, claimed.expires_at)
    await work.jobs.defer(work.session, later.task, at=later.at, **later.args)


async def ask_soon(work: Work, community_id: str) -> None:
    """Have what waits solved again in a moment.

    Parameters
    ----------
    work, community_id
        Where.
    """
    later = asked_soon(community_id, work.clock.now())
    await work.jobs.defer(work.session, later.task, at=later.at, **later.args)
