"""Comparing a report with the cases around it: linked to one, asked about some, or the same thing again after its repair."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from gis.duplicates import (
    ASK,
    AUTOMATIC,
    BLOCK_M,
    JOINED,
    PERSONAL,
    Pairs,
    extent_m,
    hamming,
    reach_m,
    related,
    score,
    sigma_m,
    text_similarity,
)
from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.atlas import CommunityAtlas
from gis.settings import DuplicateSettings
from gis.store.similar import LINKABLE, Duplicate, Likeness, Nearby
from gis.words import Actor, Position, Role, Status

MOST_DUPLICATES = 5
FARTHEST_M = 200.0
OTHER_SIGMA_M = 12.0
"""How far the other position is expected to err at most, when all that may be the same is looked for."""

_SEES_PERSONAL = frozenset({Role.ADMIN, Role.DESK, Role.GRID_WORKER})


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
class Link:
    """The case that a report joins, and who says so: ``score`` or ``reporter``."""

    case_id: UUID
    score: float
    how: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What comes of it."""

    duplicates: tuple[Duplicate, ...] = ()
    link: Link | None = None
    recurrence_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """A case with how far off and how probably the same it is."""

    case: Nearby
    distance_m: float
    score: float


def likeness_for(rules: DuplicateSettings, told: Told, now: datetime) -> Likeness:
    """Return which cases are looked for.

    Parameters
    ----------
    rules
        How long a repair counts.
    told
        The report.
    now
        The time.
    """
    own = sigma_m(told.position.accuracy_m, told.position.source)
    spread = math.sqrt(own**2 + OTHER_SIGMA_M**2 + extent_m(told.category) ** 2)
    same_m = min(FARTHEST_M, max(BLOCK_M, 3.0 * spread, reach_m(told.category, own)))
    since = now - timedelta(days=rules.recurrence_days)
    return Likeness((told.category, *related(told.category)), same_m, since, told.same_as)


def compare(  # noqa: PLR0917 - a report, and what it is compared with
    rules: DuplicateSettings,
    atlas: CommunityAtlas,
    actor: Actor,
    told: Told,
    found: Sequence[Nearby],
    now: datetime,
) -> Compared:
    """Decide whether a report is about a case that is there already.

    Parameters
    ----------
    rules
        Limits.
    atlas
        In whose metric system distances are measured.
    actor
        The reporter.
    told
        The report.
    found
        From the store, by ``likeness_for``.
    now
        The time.

    Raises
    ------
    NotFoundError
        ``case_not_found``: the case named as the same isn't there.
    ConflictError
        ``same_as_not_open``.
    InvalidInputError
        ``same_as_too_far``.
    """
    cases = nearness(atlas, told, found, now)
    still_open = [one for one in cases if one.case.status in LINKABLE]
    link = _named(rules, cases) if told.same_as else _automatic(rules, told, still_open)
    own = sigma_m(told.position.accuracy_m, told.position.source)
    reach = reach_m(told.category, own)
    shown = sorted(
        (one for one in still_open if _linked(one, link) or _worth_asking(actor, told, one, reach)),
        key=lambda one: (not _linked(one, link), -one.score, one.distance_m),
    )
    mended = [one for one in cases if one.case.status not in LINKABLE]
    again = None if link else _again(told, mended)
    return Compared(tuple(_duplicate(one, link) for one in shown[:MOST_DUPLICATES]), link, again)


def would_join(  # noqa: PLR0917 - two reports, and by whom
    rules: DuplicateSettings, atlas: CommunityAtlas, actor: Actor, told: Told, earlier: Told, now: datetime
) -> bool:
    """Tell whether a report would join the case that another one, not written yet, is about to open.

    Parameters
    ----------
    rules, atlas, actor, told, now
        As for ``compare``.
    earlier
        The other report.
    """
    alike = told.category == earlier.category and told.category in JOINED
    if not alike or told.separate or told.same_as:
        return False
    at = earlier.position
    case = Nearby(
        case_id=UUID(int=0),
        number="",
        category=earlier.category,
        status=Status.OPEN,
        lon=at.lon,
        lat=at.lat,
        accuracy_m=at.accuracy_m,
        source=at.source,
        opened_at=now,
        mended_at=None,
        building=None,
        texts=(earlier.words,),
        hashes=earlier.hashes,
        photo_id=None,
        mine=False,
        reports=1,
        named=False,
    )
    return compare(rules, atlas, actor, told, [case], now).link is not None


def nearness(atlas: CommunityAtlas, told: Told, found: Sequence[Nearby], now: datetime) -> list[Near]:
    """Return cases with their distance from a report and the probability that they are the same.

    Parameters
    ----------
    atlas, told, found, now
        As for ``compare``. The age of a case that was mended says nothing: it counts as seen just now.
    """
    if not found:
        return []
    at = told.position
    x, y = atlas.metric.project(at.lon, at.lat)
    others = atlas.metric.project(np.array([one.lon for one in found]), np.array([one.lat for one in found]))
    distance_m = np.hypot(others[0] - x, others[1] - y)
    own = sigma_m(at.accuracy_m, at.source)
    theirs = [(sigma_m(one.accuracy_m, one.source), extent_m(one.category)) for one in found]
    hours = [0.0 if one.mended_at else (now - one.opened_at).total_seconds() / 3600.0 for one in found]
    pairs = Pairs(
        distance_m=distance_m,
        sigma_m=np.array([math.sqrt(own**2 + sigma**2 + extent**2) for sigma, extent in theirs]),
        hours=np.array(hours),
        related=np.array([float(one.category != told.category) for one in found]),
        hamming=np.array([_most_alike_photo(told.hashes, one.hashes) for one in found]),
        text=np.array([_most_alike_words(told.words, one.texts) for one in found]),
    )
    return [
        Near(one, round(float(metres), 1), round(float(probability), 3))
        for one, metres, probability in zip(found, distance_m, score(pairs), strict=True)
    ]


def within_sight(actor: Actor, near: Near) -> bool:
    """Tell whether somebody may hear of a case that isn't their own: what is personal stays with those it concerns.

    Parameters
    ----------
    actor, near
        Who, and which case.
    """
    return near.case.category not in PERSONAL or near.case.mine or actor.role in _SEES_PERSONAL


def _named(rules: DuplicateSettings, cases: Sequence[Near]) -> Link:
    one = next((one for one in cases if one.case.named), None)
    if one is None:
        raise NotFoundError("no such case, or not one of yours", code="case_not_found")
    if one.case.status not in LINKABLE:
        raise ConflictError(
            "the case named as the same isn't open any more",
            code="same_as_not_open",
            status=one.case.status,
        )
    if one.distance_m > rules.same_as_m:
        raise InvalidInputError(
            "the case named as the same is far away",
            code="same_as_too_far",
            field="same_as",
            distance_m=round(one.distance_m),
            limit_m=round(rules.same_as_m),
        )
    return Link(one.case.case_id, one.score, "reporter")


def _automatic(rules: DuplicateSettings, told: Told, cases: Sequence[Near]) -> Link | None:
    if told.separate or not rules.link_automatically or told.category not in JOINED:
        return None
    same = [
        one for one in cases if one.case.category == told.category
    ]  # a related one may be less urgent: asked
    best = max(same, key=lambda one: (one.score, -one.distance_m), default=None)
    if best is None or best.score < AUTOMATIC:
        return None
    return Link(best.case.case_id, best.score, "score")


def _again(told: Told, mended: Sequence[Near]) -> UUID | None:
    """Return the mended case that a report is about again."""
    same = [one for one in mended if one.case.category == told.category]
    best = max(same, key=lambda one: (one.score, one.case.mended_at), default=None)
    if best is None or best.score < AUTOMATIC or told.category not in JOINED:
        return None
    return best.case.case_id


def _linked(one: Near, link: Link | None) -> bool:
    return link is not None and one.case.case_id == link.case_id


def _worth_asking(actor: Actor, told: Told, one: Near, reach: float) -> bool:
    near = one.case.category == told.category and one.distance_m <= reach
    return (near or one.score >= ASK) and within_sight(actor, one)


def _duplicate(one: Near, link: Link | None) -> Duplicate:
    case = one.case
    linked = _linked(one, link)
    return Duplicate(
        case.case_id, case.number, one.distance_m, one.score, linked, case.building, case.photo_id
    )


def _most_alike_photo(hashes: Sequence[str], others: Sequence[str]) -> float:
    bits = [hamming(one, other) for one in hashes for other in others]
    return min((float(one) for one in bits if one is not None), default=math.nan)


def _most_alike_words(words: str, others: Sequence[str]) -> float:
    alike = [text_similarity(words, other) for other in others]
    return max((one for one in alike if one is not None), default=math.nan)
