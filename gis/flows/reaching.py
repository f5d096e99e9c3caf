"""Who gets to each of several cases first, over the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gis.flows.community_atlas import CommunityAtlas
from gis.flows.finding import Need
from gis.roster import OnDuty
from gis.words import Mode

NEAREST = 32
"""So many of each way of moving are looked at for a case."""
Floats = npt.NDArray[np.float64]


class Way(NamedTuple):
    """Somebody's way to a case; ``row`` says whose."""

    row: int
    travel_s: float
    distance_m: float
    straight_m: float


Ways = list[Way]


def ways_to_cases(atlas: CommunityAtlas, needs: Sequence[Need], people: Sequence[OnDuty]) -> list[Ways]:
    """Return for each case the ways of those who get there first, the quickest first.

    Parameters
    ----------
    atlas
        Streets and entrances.
    needs
        The cases. For one that insists on a skill only those who have it count.
    people
        Responders, each with a place.
    """
    lon = np.array([one.lon for one in people], dtype=np.float64)
    lat = np.array([one.lat for one in people], dtype=np.float64)
    here = np.column_stack(atlas.metric.project(lon, lat))
    targets = np.array([atlas.target(need.lon, need.lat, need.building_id) for need in needs])
    found: list[Ways] = [[] for _ in needs]
    insisted = [need.kind.skills if need.kind.skill_required else () for need in needs]
    for skills in set(insisted):
        cases = np.flatnonzero([one == skills for one in insisted])
        able = [not skills or not set(skills).isdisjoint(one.skills) for one in people]
        for mode in Mode:
            who = np.flatnonzero([ok and one.mode is mode for ok, one in zip(able, people, strict=True)])
            if len(who):
                _add(atlas, mode, here, who, targets, cases, found)
    return [sorted(ways, key=lambda way: (way.travel_s, way.row)) for ways in found]


def _add(  # noqa: PLR0917 - one search of several
    atlas: CommunityAtlas,
    mode: Mode,
    here: Floats,
    who: npt.NDArray[np.int64],
    targets: Floats,
    cases: npt.NDArray[np.int64],
    found: list[Ways],
) -> None:
    """Add the ways of some people of one mode to some cases."""
    reached = atlas.network.nearest_many(mode, here[who], targets[cases], min(NEAREST, len(who)))
    there = reached.person >= 0
    rows = who[np.where(there, reached.person, 0)]
    straight_m = np.hypot(*np.moveaxis(here[rows] - targets[cases][:, None, :], -1, 0))
    for case, near, seconds, metres, straight, is_there in zip(
        cases.tolist(),
        rows.tolist(),
        reached.seconds.tolist(),
        reached.metres.tolist(),
        straight_m.tolist(),
        there.tolist(),
        strict=True,
    ):
        found[case] += [
            Way(*way)
            for way, is_way in zip(zip(near, seconds, metres, straight, strict=True), is_there, strict=True)
            if is_way
        ]
