"""From a case to the order in which responders are asked: what the store knows, by the network, through the rules."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf, isfinite
from uuid import UUID

from gis.categories import Category
from gis.dispatch.eligibility import Wanted, sift
from gis.dispatch.nearest import Search, nearest
from gis.dispatch.ranking import Candidate, Ranking, rank
from gis.flows.community_atlas import CommunityAtlas
from gis.roster import Roster
from gis.settings import DispatchSettings
from gis.store.claims import Ask
from gis.streets import SPEEDS_M_S
from gis.words import Mode


@dataclass(frozen=True, slots=True)
class Need:
    """A case as dispatch sees it.

    ``widened`` is how many times further than usual responders are looked for; ``languages`` is what its reporters speak,
    ``refused`` who let an offer of it pass a short while ago.
    """

    community_id: str
    case_id: UUID
    kind: Category
    lon: float
    lat: float
    grid_code: str | None
    micro_grid_code: str | None
    building_id: UUID | None
    reporter_ids: Collection[UUID]
    widened: float = 1.0
    languages: Collection[str] = ()
    refused: frozenset[UUID] = frozenset()
    companions: frozenset[UUID] = frozenset()
    """Who has another seat of the same order."""


def wanted(rules: DispatchSettings, atlas: CommunityAtlas, need: Need) -> Wanted:
    """Return what a case asks of a responder.

    Parameters
    ----------
    rules, atlas, need
        The limits, the community and the case.
    """
    return Wanted(
        reporter_ids=frozenset(need.reporter_ids),
        micro_grid_code=need.micro_grid_code,
        grid_cells=atlas.cells_of_grid.get(need.grid_code or "", frozenset()),
        skills=frozenset(need.kind.skills),
        skill_required=need.kind.skill_required,
        languages=frozenset(need.languages),
        companions=need.companions,
        radius_m=rules.radius_m * need.widened,
    )


def ranked(
    atlas: CommunityAtlas, roster: Roster, rules: DispatchSettings, need: Need, now: datetime
) -> Ranking:
    """Order those who may be asked by their way to the case.

    Parameters
    ----------
    atlas
        Streets and entrances of the community.
    roster
        Who is on duty.
    rules
        Limits and penalties.
    need
        The case. Its target is the building's entrance nearest to it, else the point itself.
    now
        The time, against which positions age.
    """
    search = Search(
        need.lon,
        need.lat,
        now,
        rules.looked_at,
        rules.fresh_position_s,
        skills=need.kind.skills if need.kind.skill_required else (),
        refused=need.refused,
    )
    people, unseen = nearest(roster, search)
    sifted = sift(people, wanted(rules, atlas, need), rules, unseen=unseen)
    seconds, metres = _travel(atlas, sifted.candidates, need)
    return rank(
        sifted.candidates,
        seconds,
        metres,
        rules,
        on_foot_m=[
            on_foot(*way)
            for way in zip((one.mode for one in sifted.candidates), seconds, metres, strict=True)
        ],
        excluded=sifted.passed_over,
        counts=sifted.counts,
        urgent=need.kind.urgent,
    )


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


def on_foot(mode: Mode, travel_s: float, distance_m: float) -> float:
    """Return how many metres of a way are walked, which follows from how long it takes.

    Parameters
    ----------
    mode
        How they move.
    travel_s, distance_m
        As the network answers; where there is no way it is infinite.
    """
    if mode is Mode.WALK or not isfinite(distance_m):
        return distance_m
    pace, walking = 1.0 / SPEEDS_M_S[mode], 1.0 / SPEEDS_M_S[Mode.WALK]
    return min(distance_m, max(0.0, (travel_s - distance_m * pace) / (walking - pace)))


def _travel(
    atlas: CommunityAtlas, people: Sequence[Candidate], need: Need
) -> tuple[list[float], list[float]]:
    """Return seconds and metres of everybody, one search of the network for each way of moving."""
    seconds, metres = [inf] * len(people), [inf] * len(people)
    if not people:
        return seconds, metres
    target = atlas.target(need.lon, need.lat, need.building_id)
    for mode in sorted({one.mode for one in people}):
        rows = [row for row, one in enumerate(people) if one.mode is mode]
        starts = atlas.starts.of(mode, [(people[row].lon, people[row].lat) for row in rows])
        ways = atlas.network.travel_from(mode, starts, target)
        for row, travel_s, distance_m in zip(rows, *(column.tolist() for column in ways), strict=True):
            seconds[row], metres[row] = travel_s, distance_m
    return seconds, metres
