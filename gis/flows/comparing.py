"""Comparing a report with the cases around it: linked to one, asked about some, or the same thing again after its repair."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gis.duplicates import (
    ASK,
    AUTOMATIC,
    BLOCK_M,
    JOINED,
    PERSONAL,
    extent_m,
    reach_m,
    related,
    sigma_m,
)
from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.nearness import Near, Told, nearness
from gis.settings import DuplicateSettings
from gis.store.similar import LINKABLE, Duplicate, Likeness, Nearby
from gis.words import Actor, Role, Status

MOST_DUPLICATES = 5
FARTHEST_M = 200.0
OTHER_SIGMA_M = 12.0
"""How far the other position is expected to err at most, when all that may be the same is looked for."""

_SEES_PERSONAL = frozenset({Role.ADMIN, Role.DESK, Role.GRID_WORKER})


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


def decide(rules: DuplicateSettings, actor: Actor, told: Told, cases: Sequence[Near]) -> Compared:
    """Decide whether a report is about one of the cases around it.

    Parameters
    ----------
    rules
        Limits.
    actor
        The reporter.
    told
        The report.
    cases
        From ``nearness``.

    Raises
    ------
    NotFoundError
        ``case_not_found``: the case named as the same isn't there.
    ConflictError
        ``same_as_not_open``.
    InvalidInputError
        ``same_as_too_far``.
    """
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
    rules, actor, told
        As for ``decide``.
    atlas, now
        Where distances are measured, and the time.
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
    return decide(rules, actor, told, nearness(atlas, told, [case], now)).link is not None


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
