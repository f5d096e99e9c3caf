"""Who of a roster is looked at for a case, nearest first; ``gis.dispatch.eligibility`` alone judges them.

People are left out by distance only. Since the nearest could all be busy, those who will hardly do (their hands are
full, a skill is missing that is insisted on) are looked at after the others; that is an order, not a rule.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from gis.roster import Floats, OnDuty, Roster

NEAREST_ANYWAY = 6
"""So many of the nearest are looked at whatever they have to do, to be told why they are passed over."""
METRES_A_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Search:
    """What responders are looked for.

    Parameters
    ----------
    lon, lat
        The case, degrees, EPSG:4326.
    now
        The time, against which positions age.
    looked_at
        How many at most.
    fresh_position_s
        How old positions may be.
    skills
        Those that the case insists on; none: it insists on none.
    refused
        Who let an offer of the case pass a short while ago.
    """

    lon: float
    lat: float
    now: datetime
    looked_at: int
    fresh_position_s: float
    skills: Collection[str] = ()
    refused: frozenset[UUID] = frozenset()


def nearest(roster: Roster, search: Search) -> tuple[list[OnDuty], int]:
    """Return the nearest on duty, those without a place last, and how many more there are.

    Parameters
    ----------
    roster
        Everybody on duty.
    search
        For what case, and how many.
    """
    here, age_s = roster.placed(search.now, search.fresh_position_s)
    straight_m = _straight_m(here, search.lon, search.lat)
    hardly = roster.load >= roster.capacity
    if search.skills:
        insisted = frozenset(search.skills)
        hardly |= np.array([insisted.isdisjoint(one.skills) for one in roster.people], dtype=np.bool_)
    near = np.argsort(straight_m, kind="stable")
    likely = near[np.argsort(hardly[near], kind="stable")]
    looked_at = np.zeros(len(near), dtype=np.bool_)
    looked_at[likely[: search.looked_at]] = looked_at[near[:NEAREST_ANYWAY]] = True
    rows = near[looked_at[near]]
    return roster.seen(rows, here, age_s, straight_m, search.now, search.refused), len(near) - len(rows)


def free(roster: Roster, *, now: datetime, fresh_position_s: float) -> list[OnDuty]:
    """Return everybody on duty who has room and a place, in the order of their identifiers; ``straight_m`` is 0.

    Parameters
    ----------
    roster
        Everybody on duty.
    now, fresh_position_s
        As for ``Search``.
    """
    here, age_s = roster.placed(now, fresh_position_s)
    rows = np.flatnonzero((roster.load < roster.capacity) & ~np.isnan(here[:, 0]))
    return roster.seen(rows, here, age_s, np.zeros(len(here)), now)


def _straight_m(here: Floats, lon: float, lat: float) -> Floats:
    """Return how far off places are as the crow flies; infinite where there is none."""
    east = (here[:, 0] - lon) * math.cos(math.radians(lat))
    metres = METRES_A_DEGREE * np.hypot(east, here[:, 1] - lat)
    return np.where(np.isnan(metres), np.inf, metres)
