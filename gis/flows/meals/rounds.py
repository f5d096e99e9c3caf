"""Rounds to those who can't come: ordered along the streets, cut so that each can be carried, each offered as one case."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID, uuid5

import numpy as np

from gis.errors import ConflictError
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.meals.closing import close_due
from gis.flows.submit import ReportDraft, submit
from gis.flows.work import Work
from gis.meals.grouping import cut
from gis.orders.windows import TimeWindow
from gis.people.permissions import require
from gis.rounds import order_round
from gis.rounds.order import MOST_STOPS
from gis.store import meal_rounds, servings
from gis.store.kitchens import Kitchen
from gis.store.meal_rounds import NewRound
from gis.store.servings import Serving
from gis.words import Actor, Mode, Position, PositionSource

AT_DOOR_S = 120.0
"""How long handing a box over takes."""
ANOTHER_S = 900.0
"""So much longer a round may take before somebody else is asked for a part of it."""
NAMESPACE = UUID("5f0f4f0e-7d5e-5f0b-9a4e-2f6b1f0c9a31")
Say = Callable[[int, int, int], str]
"""What a round is called where cases are read: its number, stops and servings. Nothing of who they are for."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A round as it is worked out: rows of the stops in their order, how long and how far it is from the kitchen."""

    rows: tuple[int, ...]
    travel_s: float
    distance_m: float


async def plan_rounds(work: Work, actor: Actor, day: date, say: Say) -> int:
    """Make rounds of what is to be brought on a closed day, and have somebody found for each. What has one is left alone.

    Parameters
    ----------
    work, actor, day
        Who plans which day.
    say
        The sentence by which a round's case is read.

    Returns
    -------
    int
        How many rounds were made.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    ConflictError
        ``kitchen_missing``, ``meal_day_open``, ``meal_day_over``.
    """
    require(actor, "run_kitchen")
    kitchen = await close_due(work, actor.community_id)
    now = work.clock.now()
    _, ends = kitchen.days.serving_window(day)
    if day > kitchen.days.last_closed(now):
        raise ConflictError("it may still be changed", code="meal_day_open")
    if now >= ends:
        raise ConflictError("everybody has eaten", code="meal_day_over")
    found = await servings.servings_on(work.session, actor.community_id, day)
    stops = [one for one in found if one.way == "deliver" and one.state == "ordered" and one.round_id is None]
    if not stops:
        return 0
    atlas = await work.atlas.get(work.session, actor.community_id)
    number = await meal_rounds.next_number(work.session, actor.community_id, day)
    legs = await asyncio.to_thread(legs_of, atlas, kitchen, stops)
    for place, leg in enumerate(legs):
        await _open_round(work, actor, kitchen, _new_round(day, number + place, leg, stops), say)
    return len(legs)


def _new_round(day: date, number: int, leg: Leg, stops: Sequence[Serving]) -> NewRound:
    ids = [stops[row].subscription_id for row in leg.rows]
    return NewRound(
        uuid5(NAMESPACE, f"{day}/{number}/{ids}"),
        day,
        number,
        ids,
        sum(stops[row].servings for row in leg.rows),
        leg.travel_s,
        leg.distance_m,
    )


async def _open_round(work: Work, actor: Actor, kitchen: Kitchen, new: NewRound, say: Say) -> None:
    """Store a round and file its case where it begins: at the kitchen; who is nearest is asked first."""
    await meal_rounds.add_round(
        work.session, actor.community_id, new, by=actor.person_id, at=work.clock.now()
    )
    draft = ReportDraft(
        id=uuid5(NAMESPACE, f"{actor.community_id}/{new.round_id}"),
        category="meal_delivery",
        description=say(new.number, len(new.stops), new.servings),
        position=Position(kitchen.lon, kitchen.lat, source=PositionSource.PLATE),
        source="order",
        separate=True,
        window=TimeWindow(*kitchen.days.serving_window(new.day)),
    )
    filed = await submit(work, actor, draft)
    await meal_rounds.set_case(work.session, actor.community_id, new.round_id, filed.case_id)


def legs_of(atlas: CommunityAtlas, kitchen: Kitchen, stops: Sequence[Serving]) -> list[Leg]:
    """Return the rounds that bring every stop its boxes.

    One tour over all doors, cut where that costs least, each part ordered anew: it ends at its last door, for who has
    brought the last box goes their own way. Doors beyond what one tour may hold make a tour of their own.

    Parameters
    ----------
    atlas, kitchen, stops
        Where; every stop has a place.
    """
    legs: list[Leg] = []
    for begin in range(0, len(stops), MOST_STOPS - 1):
        part = range(begin, min(begin + MOST_STOPS - 1, len(stops)))
        legs += _legs_of_part(atlas, kitchen, [stops[row] for row in part], begin)
    return legs


def _legs_of_part(
    atlas: CommunityAtlas, kitchen: Kitchen, stops: Sequence[Serving], offset: int
) -> list[Leg]:
    places = [(kitchen.lon, kitchen.lat), *((one.lon or 0.0, one.lat or 0.0) for one in stops)]
    seconds, metres = matrix_of(atlas, places)
    tour = order_round(seconds, 0, 0, AT_DOOR_S)
    order = [*tour.order, *tour.unreachable]  # a door without a way is brought last rather than forgotten
    ways = np.where(np.isfinite(seconds), seconds, 0.0)

    def cost(begin: int, end: int) -> float:
        rows = [0, *order[begin:end]]
        return ANOTHER_S + float(sum(ways[here, there] for here, there in pairwise(rows)))

    cuts = cut(
        [stops[row - 1].servings for row in order],
        cost,
        most_stops=kitchen.most_stops,
        most_servings=kitchen.most_servings,
    )
    return [_leg(seconds, metres, order[begin:end], offset) for begin, end in cuts]


def _leg(seconds: np.ndarray, metres: np.ndarray, rows: Sequence[int], offset: int) -> Leg:
    chosen = [0, *rows]
    own = seconds[np.ix_(chosen, chosen)]
    found = order_round(own, 0, None, AT_DOOR_S)
    local = [*found.order, *found.unreachable]
    path = [chosen[row] for row in [0, *local]]
    far = [float(metres[here, there]) for here, there in pairwise(path)]
    return Leg(
        tuple(chosen[row] - 1 + offset for row in local),
        found.travel_s if math.isfinite(found.travel_s) else 0.0,
        sum(one for one in far if math.isfinite(one)),
    )


def matrix_of(atlas: CommunityAtlas, places: Sequence[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Return how long and how far it is from each place to each on an e-bike; doors in one place are looked up once.

    Parameters
    ----------
    atlas, places
        Where; longitude and latitude (EPSG:4326).
    """
    unique = list(dict.fromkeys(places))
    rows = [unique.index(one) for one in places]
    xy = np.array([atlas.metric.project(*one) for one in unique])
    seconds, metres = atlas.network.travel_many(Mode.E_BIKE, xy, xy)
    pick = np.ix_(rows, rows)
    return seconds.T[pick], metres.T[pick]


__all__ = ["Leg", "legs_of", "matrix_of", "plan_rounds"]
