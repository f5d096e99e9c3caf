"""From a case to the order in which responders are asked: what the store knows, by the network, through the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from gis.categories import Category
from gis.dispatch.ranking import Candidate, PassedOver, Ranking, rank
from gis.flows.atlas import CommunityAtlas
from gis.settings import DispatchSettings
from gis.store.offers import Ask, Available, Pool, Search
from gis.words import Mode


def search_for(
    rules: DispatchSettings,
    community_id: str,
    case_id: UUID,
    *,
    lon: float,
    lat: float,
    micro_grid_code: str | None,
    reporter_ids: Sequence[UUID],
    now: datetime,
) -> Search:
    """Return what the store looks for, within the rules' limits.

    Parameters
    ----------
    rules
        The limits.
    community_id, case_id, lon, lat, micro_grid_code, reporter_ids
        The case; its reporters are not asked.
    now
        The time, against which positions and refusals age.
    """
    return Search(
        community_id=community_id,
        case_id=case_id,
        lon=lon,
        lat=lat,
        micro_grid_code=micro_grid_code,
        reporter_ids=reporter_ids,
        now=now,
        radius_m=rules.radius_m,
        candidates=rules.candidates,
        fresh_position_s=rules.fresh_position_s,
        remember_refusal_s=rules.remember_refusal_s,
    )


def ranked(
    atlas: CommunityAtlas,
    pool: Pool,
    rules: DispatchSettings,
    *,
    lon: float,
    lat: float,
    building_id: UUID | None,
) -> Ranking:
    """Order those who may be asked by their way to the case.

    Parameters
    ----------
    atlas
        Streets and entrances of the community.
    pool
        Who is on duty.
    rules
        Penalties.
    lon, lat, building_id
        Where the case is: its target is the building's entrance nearest to it, else the point itself.
    """
    people = [_candidate(one) for one in pool.available]
    seconds, metres = _travel(atlas, people, lon, lat, building_id)
    passed_over = [
        PassedOver(one.person_id, one.name, one.reason, one.straight_m) for one in pool.unavailable
    ]
    return rank(people, seconds, metres, rules, excluded=passed_over, counts=pool.counts)


def ask(ranking: Ranking, category: Category, now: datetime) -> Ask:
    """Return whom to ask in which order, and until when.

    Parameters
    ----------
    ranking
        The order.
    category
        Says how long an offer stands.
    now
        When it is made.
    """
    return Ask(
        [one.candidate.person_id for one in ranking.ranked],
        [one.travel_s for one in ranking.ranked],
        [one.distance_m for one in ranking.ranked],
        now + timedelta(seconds=category.offer_s),
    )


def _candidate(one: Available) -> Candidate:
    return Candidate(
        one.person_id,
        one.name,
        Mode(one.mode),
        one.lon,
        one.lat,
        position_age_s=one.position_age_s,
        load=one.load,
        owner=one.owner,
        straight_m=one.straight_m,
    )


def _travel(
    atlas: CommunityAtlas, people: Sequence[Candidate], lon: float, lat: float, building_id: UUID | None
) -> tuple[list[float], list[float]]:
    """Return seconds and metres of everybody, one search of the network for each way of moving."""
    seconds = np.full(len(people), np.inf)
    metres = np.full(len(people), np.inf)
    if not people:
        return [], []
    target = atlas.target(lon, lat, building_id)
    x, y = atlas.metric.project(np.array([one.lon for one in people]), np.array([one.lat for one in people]))
    here = np.column_stack([x, y])
    modes = [one.mode for one in people]
    for mode in sorted(set(modes)):
        who = np.array([one is mode for one in modes])
        seconds[who], metres[who] = atlas.network.travel(mode, here[who], target)
    return seconds.tolist(), metres.tolist()
