"""Referrals as agencies and the office read them: the inbox with its parts, and the history of one case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.cases.referrals import SOON_SHARE, soon_at
from gis.errors import NotFoundError
from gis.people.permissions import require, scope_of
from gis.store.hand_overs import Colleague, colleagues
from gis.store.referral_reading import (
    BOXES,
    HandOverRow,
    ReferralFilters,
    ReferralRow,
    hand_over_rows,
    referral_counts,
    referral_rows,
)
from gis.store.session import ReadSession
from gis.views.cases import CaseItem, cases_by_id, find_case
from gis.views.paging import Page, decode_cursor, encode_cursor
from gis.words import Actor, Role

__all__ = ["BOXES", "HandOverRow", "Inbox", "ReferralItem", "ReferralRow", "inbox"]


@dataclass(frozen=True, slots=True)
class ReferralItem:
    """A referral, how it stands to its deadline, and its case where the reader may (still) see it."""

    row: ReferralRow
    light: str | None
    case: CaseItem | None


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of referrals, and how many lie in each part of the inbox."""

    page: Page[ReferralItem]
    counts: dict[str, int]


async def inbox(
    session: ReadSession,
    actor: Actor,
    now: datetime,
    box: str = "open",
    agency: str | None = None,
    *,
    limit: int = 50,
    cursor: str | None = None,
) -> Inbox:
    """Return referrals: an agency's own, or, for the office, those of cases that it sees.

    Raises
    ------
    NotAllowedError
        For who has no part in referrals.
    NotFoundError
        ``agency_not_found`` for an agency that isn't one's own.
    """
    require(actor, "read_referrals")
    if actor.role is Role.AGENCY and (actor.agency_code is None or agency not in (None, actor.agency_code)):
        raise NotFoundError("no such agency, or not one's own", code="agency_not_found")
    filters = ReferralFilters(agency, box, now, SOON_SHARE)
    scope, after = scope_of(actor), decode_cursor(cursor)
    rows = await referral_rows(session, scope, filters, limit=limit + 1, after=after)
    shown = rows[:limit]
    counts = await referral_counts(session, scope, filters)
    known = await cases_by_id(session, actor, [row.case_id for row in shown], now=now)
    items = [ReferralItem(row, light_of(row, now), known.get(row.case_id)) for row in shown]
    more = encode_cursor(shown[-1].referred_at, shown[-1].referral_id) if len(rows) > limit else None
    return Inbox(Page(items, more, counts.get(box, 0)), counts)


def light_of(row: ReferralRow, now: datetime) -> str | None:
    """Return green, yellow at 80% of the time allowed, red past the deadline; None when nothing is awaited."""
    if row.status not in {"sent", "accepted"}:
        return None
    if row.due_at <= now:
        return "red"
    return "yellow" if soon_at(row.referred_at, row.due_at) <= now else "green"


async def asked_of_me(session: ReadSession, actor: Actor) -> list[tuple[HandOverRow, CaseItem]]:
    """Return the questions of colleagues that await the reader's answer, with their cases."""
    rows = await hand_over_rows(session, actor.community_id, to_id=actor.person_id)
    known = await cases_by_id(session, actor, [row.case_id for row in rows])
    return [(row, known[row.case_id]) for row in rows if row.case_id in known]


async def colleagues_for(session: ReadSession, actor: Actor, case_id: UUID) -> list[Colleague]:
    """Return who could take a case over now, for who may ask one of them; nobody for others."""
    item = await find_case(session, actor, case_id)
    if "hand_over" not in item.legal:
        return []
    found = await colleagues(session, actor.community_id, case_id)
    return [one for one in found if one.person_id != actor.person_id]
