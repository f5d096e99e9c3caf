"""How near and how alike the cases around reports are: worked out for all reports of a batch at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from gis.duplicates import Pairs, extent_m, hamming, score, sigma_m, text_similarity
from gis.flows.community_atlas import CommunityAtlas
from gis.store.similar import Nearby
from gis.words import Position


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a report when it is compared."""

    category: str
    position: Position
    words: str = ""
    hashes: Sequence[str] = ()
    same_as: UUID | None = None
    separate: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """A case with how far off and how probably the same it is."""

    case: Nearby
    distance_m: float
    score: float


def nearness(atlas: CommunityAtlas, told: Told, found: Sequence[Nearby], now: datetime) -> list[Near]:
    """Return cases with their distance from a report and the probability that they are the same.

    Parameters
    ----------
    atlas, told, found, now
        One of those of ``nearness_of_all``.
    """
    return nearness_of_all(atlas, [(told, found)], now)[0]


def nearness_of_all(
    atlas: CommunityAtlas, reports: Sequence[tuple[Told, Sequence[Nearby]]], now: datetime
) -> list[list[Near]]:
    """Return for each report the cases around it with their distance and the probability that they are the same.

    Parameters
    ----------
    atlas
        In whose metric system distances are measured.
    reports
        Each with what the store found around it, by ``likeness_for``.
    now
        The time. The age of a case that was mended says nothing: it counts as seen just now.
    """
    both = [(told, one) for told, found in reports for one in found]
    if not both:
        return [[] for _ in reports]
    x, y = atlas.metric.project(
        np.array([told.position.lon for told, _ in both] + [one.lon for _, one in both]),
        np.array([told.position.lat for told, _ in both] + [one.lat for _, one in both]),
    )
    half = len(both)
    distance_m = np.hypot(x[half:] - x[:half], y[half:] - y[:half])
    pairs = Pairs(
        distance_m=distance_m,
        sigma_m=np.array([_spread_m(told, one) for told, one in both]),
        hours=np.array([_hours(one, now) for _, one in both]),
        related=np.array([float(one.category != told.category) for told, one in both]),
        hamming=np.array([_most_alike_photo(told.hashes, one.hashes) for told, one in both]),
        text=np.array([_most_alike_words(told.words, one.texts) for told, one in both]),
    )
    alike = zip(distance_m.tolist(), score(pairs).tolist(), strict=True)
    return [
        [Near(one, round(metres, 1), round(chance, 3)) for one, (metres, chance) in zip(found, alike)]  # noqa: B905 - goes on with the next report
        for _, found in reports
    ]


def _spread_m(told: Told, one: Nearby) -> float:
    own, theirs = sigma_m(told.position.accuracy_m, told.position.source), sigma_m(one.accuracy_m, one.source)
    return math.sqrt(own**2 + theirs**2 + extent_m(one.category) ** 2)


def _hours(one: Nearby, now: datetime) -> float:
    return 0.0 if one.mended_at else (now - one.opened_at).total_seconds() / 3600.0


def _most_alike_photo(hashes: Sequence[str], others: Sequence[str]) -> float:
    bits = [hamming(one, other) for one in hashes for other in others]
    return min((float(one) for one in bits if one is not None), default=math.nan)


def _most_alike_words(words: str, others: Sequence[str]) -> float:
    alike = [text_similarity(words, other) for other in others]
    return max((one for one in alike if one is not None), default=math.nan)
