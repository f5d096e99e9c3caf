"""Claiming an open case that one was not offered: who is near enough, and the list to choose from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np

from gis.clock import Clock
from gis.flows.atlas import CommunityAtlas
from gis.flows.work import Work
from gis.people.permissions import Readiness, may_claim
from gis.settings import DispatchSettings
from gis.store import self_claims
from gis.store.cases import LockedCase
from gis.store.self_claims import Reach, Standing
from gis.store.session import ReadSession
from gis.words import Actor, Mode, Relation, Role

LISTED = 20
METRES_A_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Claimable:
    """An open case with the way there."""

    case_id: UUID
    travel_s: float
    distance_m: float


@dataclass(frozen=True, slots=True)
class ClaimableCases:
    """What one may claim now, the shortest way first; where nothing can be, why."""

    items: tuple[Claimable, ...]
    why: str | None = None


async def claimant(work: Work, actor: Actor, case: LockedCase) -> frozenset[Relation]:
    """Return the relation of who may claim an open case, or none.

    Parameters
    ----------
    work, actor, case
        Who wants which case.
    """
    rules = work.settings.dispatch
    stands = await _standing(work.session, rules, work.clock, actor)
    if stands is None or not stands.on_duty:
        return frozenset()
    near = stands.fresh and _straight_m(stands, case.lon, case.lat) <= rules.claim_radius_m
    allowed = may_claim(actor, case.facts, Readiness(near=near))
    return frozenset({Relation.CLAIMANT}) if allowed else frozenset()


async def claimable(
    session: ReadSession, atlas: CommunityAtlas, rules: DispatchSettings, clock: Clock, actor: Actor
) -> ClaimableCases:
    """Return the open cases that a responder may claim, by the way there over the streets.

    Parameters
    ----------
    session, atlas, rules, clock
        Where, by which limits, and when.
    actor
        A watcher (what is open in their micro-grids), a rider (what is open near them), either also what they have
        reported themselves.
    """
    stands = await _standing(session, rules, clock, actor)
    if stands is None:
        return ClaimableCases((), "not_a_responder")
    if not stands.on_duty:
        return ClaimableCases((), "off_duty")
    if stands.lon is None or stands.lat is None or (actor.role is Role.RIDER and not stands.fresh):
        return ClaimableCases((), "no_fresh_position")
    if not stands.free:
        return ClaimableCases((), "full")
    rider = actor.role is Role.RIDER
    reach = Reach(actor.person_id, actor.micro_grid_codes, rules.claim_radius_m if rider else 0.0)
    found = await self_claims.open_near(
        session, actor.community_id, reach, stands.lon, stands.lat, limit=LISTED
    )
    if not found:
        return ClaimableCases(())
    here = np.array([atlas.metric.project(stands.lon, stands.lat)])
    targets = np.array([atlas.target(one.lon, one.lat, one.building_id) for one in found])
    seconds, metres = atlas.network.travel_many(Mode(stands.mode), here, targets)
    ways = zip(found, seconds[:, 0].tolist(), metres[:, 0].tolist(), strict=True)
    items = [Claimable(one.case_id, s, m) for one, s, m in ways if math.isfinite(s)]
    return ClaimableCases(tuple(sorted(items, key=lambda one: (one.travel_s, one.case_id))))


async def _standing(
    session: ReadSession, rules: DispatchSettings, clock: Clock, actor: Actor
) -> Standing | None:
    since = clock.now() - timedelta(seconds=rules.fresh_position_s)
    return await self_claims.standing(session, actor.community_id, actor.person_id, fresh_since=since)


def _straight_m(stands: Standing, lon: float, lat: float) -> float:
    if stands.lon is None or stands.lat is None:
        return math.inf
    east = (stands.lon - lon) * math.cos(math.radians(lat))
    return METRES_A_DEGREE * math.hypot(east, stands.lat - lat)
