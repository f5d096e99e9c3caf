"""All cases of a community that wait and all its free responders, solved together, whenever something changes.

There is no fixed window: a case is offered the moment that somebody can take it. Any number of workers may do this at
once; they lock nothing while they think, and what two of them want at the same time one of them gets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import numpy as np

from gis.cases import ladder
from gis.dispatch.eligibility import sift
from gis.dispatch.matching import match
from gis.dispatch.nearest import free
from gis.dispatch.ranking import Ranked, Ranking, rank
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.finding import Need, on_foot, wanted
from gis.flows.offer_case import ASK_AGAIN_S, expect_answer
from gis.flows.reaching import Ways, ways_to_cases
from gis.flows.waking import wake
from gis.flows.work import Work
from gis.roster import OnDuty
from gis.settings import DispatchSettings
from gis.store import matching
from gis.store.claims import Claimed
from gis.store.jobs import absorb
from gis.store.matching import Pair, Told, WaitingCase
from gis.store.rosters import load_roster

MOST_CASES = 500


async def match_waiting(work: Work, community_id: str) -> int:
    """Offer waiting cases to free responders, urgent ones first, at the least total cost; return how many.

    Late, twice or at the same time it does no harm.

    Parameters
    ----------
    work, community_id
        Which community.
    """
    await absorb(work.session, "match_waiting", community_id)
    rules, now = work.settings.dispatch, work.clock.now()
    waiting = await matching.waiting_cases(work.session, community_id, limit=MOST_CASES)
    if not waiting:
        return 0
    roster = await load_roster(work.session, community_id, now)
    people = free(roster, now=now, fresh_position_s=rules.fresh_position_s)
    if not people:
        return 0
    since = now - timedelta(seconds=rules.remember_refusal_s)
    refused, seated = await matching.refusals(
        work.session, community_id, [case.case_id for case in waiting], since=since
    )
    atlas = await work.atlas.get(work.session, community_id)
    solved = await asyncio.to_thread(solve, atlas, rules, waiting, people, refused, seated)
    return await _offer(work, atlas, waiting, solved, now)


def solve(  # noqa: PLR0917 - what the store knows, as it comes
    atlas: CommunityAtlas,
    rules: DispatchSettings,
    waiting: Sequence[WaitingCase],
    people: Sequence[OnDuty],
    refused: set[tuple[UUID, UUID]],
    seated: Collection[tuple[UUID, UUID]] = (),
) -> list[tuple[int, Ranked, Ranking]]:
    """Return which cases are offered to whom: the case's row, the chosen one, and the whole ranking of the case.

    Parameters
    ----------
    atlas, rules
        The community.
    waiting, people
        Cases that wait, and responders with room and a place.
    refused, seated
        Who let an offer of which case pass a short while ago, and who has another seat of its order.
    """
    needs = [_need(atlas, case, seated) for case in waiting]
    reach = ways_to_cases(atlas, needs, people)
    rankings = [
        _ranking(atlas, rules, case, need, people, ways, refused)
        for case, need, ways in zip(waiting, needs, reach, strict=True)
    ]
    row_of = {one.person_id: row for row, one in enumerate(people)}
    edges = [
        (row, row_of[one.candidate.person_id], one)
        for row, ranking in enumerate(rankings)
        for one in ranking.ranked
    ]
    if not edges:
        return []
    chosen = match(
        np.array([case for case, _, _ in edges]),
        np.array([person for _, person, _ in edges]),
        np.array([one.cost_s for _, _, one in edges]),
        capacity=np.array([one.capacity - one.load for one in people]),
        urgent=np.array([case.urgent for case in waiting]),
        another_s=rules.load_penalty_s,
    )
    by_pair = {(case, person): one for case, person, one in edges}
    return [(case, by_pair[case, person], rankings[case]) for case, person in chosen.tolist()]


def _need(atlas: CommunityAtlas, case: WaitingCase, seated: Collection[tuple[UUID, UUID]]) -> Need:
    return Need(
        atlas.community_id,
        case.case_id,
        atlas.kind(case.category),
        case.lon,
        case.lat,
        case.grid_code,
        case.micro_grid_code,
        case.building_id,
        case.reporter_ids,
        widened=ladder.radius_factor(case.escalation),
        languages=case.languages,
        companions=frozenset(person for of, person in seated if of == case.case_id),
    )


def _ranking(  # noqa: PLR0917 - one row of the whole
    atlas: CommunityAtlas,
    rules: DispatchSettings,
    case: WaitingCase,
    need: Need,
    people: Sequence[OnDuty],
    ways: Ways,
    refused: set[tuple[UUID, UUID]],
) -> Ranking:
    """Return the order of asking for one of several cases, among those who get there first."""
    seen = [
        people[way.row]._replace(
            straight_m=way.straight_m, refused=(case.case_id, people[way.row].person_id) in refused
        )
        for way in ways
    ]
    sifted = sift(
        seen,
        wanted(rules, atlas, need),
        rules,
        unseen=len(people) - len(seen),
        most=len(seen),
    )
    way_of = {people[way.row].person_id: way for way in ways}
    found = [way_of[one.person_id] for one in sifted.candidates]
    return rank(
        sifted.candidates,
        [way.travel_s for way in found],
        [way.distance_m for way in found],
        rules,
        on_foot_m=[
            on_foot(one.mode, way.travel_s, way.distance_m)
            for one, way in zip(sifted.candidates, found, strict=True)
        ],
        excluded=sifted.passed_over,
        counts=sifted.counts,
    )


async def _offer(
    work: Work,
    atlas: CommunityAtlas,
    waiting: Sequence[WaitingCase],
    solved: Sequence[tuple[int, Ranked, Ranking]],
    now: datetime,
) -> int:
    """Claim the pairs that were found, explain those that were won, and try again soon for the others."""
    if not solved:
        return 0
    community_id = atlas.community_id
    pairs = [
        Pair(
            waiting[row].case_id,
            waiting[row].revision,
            uuid4(),
            one.candidate.person_id,
            one.travel_s,
            one.distance_m,
            now + timedelta(seconds=atlas.kind(waiting[row].category).offer_s),
        )
        for row, one, _ in solved
    ]
    made = await matching.claim_all(work.session, community_id, pairs, now=now)
    told = []
    for pair, (_, one, ranking) in zip(pairs, solved, strict=True):
        if pair.offer_id not in made:
            continue
        why = ranking.explain(pair.person_id, matched_with=len(waiting) - 1)
        told.append(Told(uuid4(), pair.case_id, pair.offer_id, why))
        who = Claimed(
            pair.offer_id,
            pair.person_id,
            one.candidate.name,
            pair.travel_s,
            pair.distance_m,
            pair.expires_at,
        )
        await expect_answer(work, community_id, who)
    await matching.explain_all(work.session, community_id, told, now)
    if len(made) < len(pairs):
        await wake(work, community_id, at=now + timedelta(seconds=ASK_AGAIN_S))
    return len(made)
