"""Claiming an open case that one was not offered: who is near enough, and the list to choose from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np

from gis.clock import Clock
from gis.dispatch.eligibility import Wanted, reason_against_claim
from gis.errors import ConflictError
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.work import Work
from gis.people.permissions import Readiness, may_claim
from gis.roster import OnDuty
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


async def check_claim(work: Work, actor: Actor, case: LockedCase) -> None:
    """Refuse a responder who claims an open case that they may not have, whoever had asked them.

    Parameters
    ----------
    work, actor, case
        Who wants which case. Grid workers take no offers; for them no rule of dispatch holds.

    Raises
    ------
    ConflictError
        ``hands_full``, ``claim_lacks_skill``, ``claim_other_area``.
    """
    rules = work.settings.dispatch
    stands = await _standing(work.session, rules, work.clock, actor)
    if stands is None:
        return
    atlas = await work.atlas.get(work.session, actor.community_id)
    of = (case.facts.category, case.facts.grid_code, case.facts.micro_grid_code)
    reason = reason_against_claim(_on_duty(actor, stands), _wanted(atlas, *of), rules)
    if reason is not None:
        raise ConflictError("not for this responder", code=_REFUSED[reason])


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
    me = _on_duty(actor, stands)
    items = [
        Claimable(one.case_id, s, m)
        for one, s, m in ways
        if math.isfinite(s)
        and reason_against_claim(me, _wanted(atlas, one.category, one.grid_code, one.micro_grid_code), rules)
        is None
    ]
    return ClaimableCases(tuple(sorted(items, key=lambda one: (one.travel_s, one.case_id))))


_REFUSED = {"full": "hands_full", "lacks_skill": "claim_lacks_skill", "other_area": "claim_other_area"}


def _on_duty(actor: Actor, stands: Standing) -> OnDuty:
    """Return a responder as the rules of dispatch see who claims: where they are doesn't matter."""
    return OnDuty(
        actor.person_id,
        actor.name,
        actor.role,
        Mode(stands.mode),
        stands.lon,
        stands.lat,
        None,
        stands.load,
        stands.capacity,
        stands.skills,
        micro_grids=tuple(actor.micro_grid_codes),
    )


def _wanted(atlas: CommunityAtlas, code: str, grid_code: str | None, micro_grid_code: str | None) -> Wanted:
    kind = atlas.kind(code)
    return Wanted(
        micro_grid_code=micro_grid_code,
        grid_cells=atlas.cells_of_grid.get(grid_code or "", frozenset()),
        skills=frozenset(kind.skills),
        skill_required=kind.skill_required,
    )


async def whereabouts(
    session: ReadSession, rules: DispatchSettings, clock: Clock, actor: Actor
) -> tuple[float, float] | None:
    """Return longitude and latitude of a responder: a fresh position, else a watcher's home, else None."""
    stands = await _standing(session, rules, clock, actor)
    if stands is None or stands.lon is None or stands.lat is None:
        return None
    return stands.lon, stands.lat


async def _standing(
    session: ReadSession, rules: DispatchSettings, clock: Clock, actor: Actor
) -> Standing | None:
    now = clock.now()
    since = now - timedelta(seconds=rules.fresh_position_s)
    return await self_claims.standing(
        session, actor.community_id, actor.person_id, fresh_since=since, now=now
    )


def _straight_m(stands: Standing, lon: float, lat: float) -> float:
    if stands.lon is None or stands.lat is None:
        return math.inf
    east = (stands.lon - lon) * math.cos(math.radians(lat))
    return METRES_A_DEGREE * math.hypot(east, stands.lat - lat)
