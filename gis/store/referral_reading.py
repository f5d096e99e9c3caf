"""Reading referrals: an agency's inbox, and all referrals and hand-overs in a case's life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Select, and_, func, literal, or_, select, true

from gis.store.case_reading import number_text
from gis.store.session import ReadSession
from gis.store.tables import case, community, hand_over, person, referral
from gis.store.ways import Listed, how_many, newest, ways
from gis.words import Scope

_referrer, _taker = person.alias("referrer"), person.alias("taker")


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """One referral with the names of who referred and who took it."""

    referral_id: UUID
    case_id: UUID
    number: str
    category: str
    agency_code: str
    from_agency: str | None
    level: str
    status: str
    reason: str
    referred_by_name: str
    referred_at: datetime
    due_at: datetime
    accepted_by_name: str | None
    accepted_at: datetime | None
    done_at: datetime | None
    reopened: int
    ended_at: datetime | None
    ended_reason: str
    accept_due_at: datetime | None
    expected_at: datetime | None


@dataclass(frozen=True, slots=True)
class HandOverRow:
    """One question to a colleague, and what came of it."""

    hand_over_id: UUID
    case_id: UUID
    from_name: str | None
    to_id: UUID
    to_name: str
    asked_by: UUID
    asked_by_name: str
    asked_at: datetime
    status: str
    reason: str
    answer: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReferralFilters:
    """What a list of referrals is narrowed down to.

    ``box`` is one of ``BOXES``; an agency sees its own and those that it has called others for.
    """

    agency: str | None = None
    box: str = "open"
    now: datetime | None = None
    soon_share: float = 0.8
    case_id: UUID | None = None


BOXES = ("new", "accepted", "due_soon", "overdue", "done", "returned", "ended", "open", "all")
"""Parts of an inbox; those after ``returned`` hold several of the others."""
_WITH_ENDED = ("returned", "ended", "all")


def _in_box(box: str, now: datetime | None, share: float) -> ColumnElement[bool]:
    r = referral.c
    waiting = r.status.in_(("sent", "accepted"))
    at = literal(now, DateTime(timezone=True))
    soon = r.referred_at + (r.due_at - r.referred_at) * share <= at
    live = r.ended_at.is_(None)  # said though the status says it: what is open has an index
    found: dict[str, ColumnElement[bool]] = {
        "new": and_(live, r.status == "sent"),
        "accepted": and_(live, r.status == "accepted"),
        "due_soon": and_(live, waiting, soon, r.due_at > at),
        "overdue": and_(live, waiting, r.due_at <= at),
        "done": and_(live, r.status == "done"),
        "returned": r.status == "returned",
        "ended": r.ended_at.is_not(None),
        "open": r.ended_at.is_(None),
    }
    return found.get(box, true())


def _ways(scope: Scope, filters: ReferralFilters) -> list[ColumnElement[bool]]:
    """Return the ways to referrals: an agency's own and those that it has called others for; else those of cases in the scope."""
    r = referral.c
    here = r.community_id == scope.community_id
    if (
        scope.agency_code is not None
    ):  # also what was returned or has ended: the case itself is out of reach then
        return [
            and_(here, r.agency_code == scope.agency_code),
            and_(here, r.from_agency == scope.agency_code),
        ]
    if filters.case_id is not None:
        return [and_(here, r.case_id == filters.case_id)]
    return [and_(here, way) for way in ways(scope)]


def _narrowing(filters: ReferralFilters, box: str) -> ColumnElement[bool]:
    conditions = [_in_box(box, filters.now, filters.soon_share)]
    if filters.agency is not None:
        conditions.append(referral.c.agency_code == filters.agency)
    if filters.case_id is not None:
        conditions.append(referral.c.case_id == filters.case_id)
    return and_(*conditions)


_REFERRALS = Listed(
    referral.join(
        case, and_(case.c.community_id == referral.c.community_id, case.c.case_id == referral.c.case_id)
    ),
    referral.c.referral_id,
    referral.c.referred_at,
)


def _select() -> Select[Any]:
    r = referral.c
    return (
        select(
            r.referral_id,
            r.case_id,
            number_text(case.c.opened_at, case.c.number),
            case.c.category,
            r.agency_code,
            r.from_agency,
            r.level,
            r.status,
            r.reason,
            _referrer.c.name,
            r.referred_at,
            r.due_at,
            _taker.c.name,
            r.accepted_at,
            r.done_at,
            r.reopened,
            r.ended_at,
            r.ended_reason,
            r.accept_due_at,
            r.expected_at,
        )
        .join(case, and_(case.c.community_id == r.community_id, case.c.case_id == r.case_id))
        .join(community, community.c.community_id == r.community_id)
        .join(
            _referrer,
            and_(_referrer.c.community_id == r.community_id, _referrer.c.person_id == r.referred_by),
        )
        .outerjoin(_taker, and_(_taker.c.community_id == r.community_id, _taker.c.person_id == r.accepted_by))
    )


async def referral_rows(
    session: ReadSession,
    scope: Scope,
    filters: ReferralFilters,
    *,
    limit: int,
    after: tuple[datetime, UUID] | None = None,
) -> list[ReferralRow]:
    """Return referrals, the newest first; ``after`` names the last one already seen."""
    r = referral.c
    page = newest(
        _REFERRALS, _ways(scope, filters), _narrowing(filters, filters.box), limit=limit, after=after
    )
    statement = _select().where(r.community_id == scope.community_id, r.referral_id.in_(page))
    statement = statement.order_by(r.referred_at.desc(), r.referral_id.desc())
    return [ReferralRow(*row) for row in await session.rows(statement)]


async def referral_counts(session: ReadSession, scope: Scope, filters: ReferralFilters) -> dict[str, int]:
    """Return how many referrals lie in each part of an inbox, of those that have ended ``COUNTED_TO`` at most.

    ``filters.box`` doesn't matter.
    """
    each, every = _ways(scope, filters), [box for box in BOXES if box not in _WITH_ENDED]
    counts = [func.count().filter(_in_box(box, filters.now, filters.soon_share)).label(box) for box in every]
    live = select(*counts).select_from(_REFERRALS.source).where(or_(*each), _narrowing(filters, "open"))
    over = [
        how_many(_REFERRALS, each, _narrowing(filters, box)).scalar_subquery().label(box)
        for box in _WITH_ENDED
    ]
    found = await session.row(live), await session.row(select(*over))
    together = {name: int(n) for row in found if row is not None for name, n in row._mapping.items()}  # noqa: SLF001 - its public name
    return {box: together[box] for box in BOXES if box in together}


async def hand_over_rows(
    session: ReadSession, community_id: str, *, case_id: UUID | None = None, to_id: UUID | None = None
) -> list[HandOverRow]:
    """Return the hand-overs of a case, in order; or the questions that await somebody's answer."""
    h = hand_over.c
    first, second, asker = (person.alias(name) for name in ("first", "second", "asker"))
    statement = (
        select(
            h.hand_over_id,
            h.case_id,
            first.c.name,
            h.to_id,
            second.c.name,
            h.asked_by,
            asker.c.name,
            h.asked_at,
            h.status,
            h.reason,
            h.answer,
            h.ended_at,
        )
        .outerjoin(first, and_(first.c.community_id == h.community_id, first.c.person_id == h.from_id))
        .join(second, and_(second.c.community_id == h.community_id, second.c.person_id == h.to_id))
        .join(asker, and_(asker.c.community_id == h.community_id, asker.c.person_id == h.asked_by))
        .where(h.community_id == community_id)
        .order_by(h.asked_at, h.hand_over_id)
    )
    if case_id is not None:
        statement = statement.where(h.case_id == case_id)
    if to_id is not None:
        statement = statement.where(h.to_id == to_id, h.status == "asked")
    return [HandOverRow(*row) for row in await session.rows(statement)]
