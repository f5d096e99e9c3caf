"""Reading offers, duty and the explanations of dispatch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from gis.store.session import ReadSession
from gis.store.tables import dispatch, offer, person, responder


@dataclass(frozen=True, slots=True)
class LiveOffer:
    """An offer that awaits its responder's answer."""

    offer_id: UUID
    case_id: UUID
    travel_s: float
    distance_m: float
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer of a case, whatever became of it."""

    offer_id: UUID
    responder_id: UUID
    responder_name: str
    status: str
    travel_s: float
    distance_m: float
    offered_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A responder's readiness; the position is the last one, and only on duty."""

    on_duty: bool
    duty_since: datetime | None
    mode: str
    capacity: int
    live_load: int
    position_at: datetime | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a responder was asked, or why nobody was."""

    at: datetime
    offer_id: UUID | None
    explanation: Mapping[str, Any]


async def live_offers(
    session: ReadSession, community_id: str, person_id: UUID, now: datetime
) -> list[LiveOffer]:
    """Return the offers that a responder may still take, the most urgent to answer first."""
    o = offer.c
    rows = await session.rows(
        select(o.offer_id, o.case_id, o.travel_s, o.distance_m, o.expires_at)
        .where(
            o.community_id == community_id,
            o.responder_id == person_id,
            o.status == "live",
            o.expires_at > now,
        )
        .order_by(o.expires_at, o.offer_id)
    )
    return [LiveOffer(*row) for row in rows]


async def case_offers(session: ReadSession, community_id: str, case_id: UUID) -> list[OfferRow]:
    """Return every offer of a case in order."""
    o = offer.c
    rows = await session.rows(
        select(
            o.offer_id,
            o.responder_id,
            person.c.name,
            o.status,
            o.travel_s,
            o.distance_m,
            o.offered_at,
            o.expires_at,
            o.ended_at,
            o.reason,
        )
        .join(person, and_(person.c.community_id == o.community_id, person.c.person_id == o.responder_id))
        .where(o.community_id == community_id, o.case_id == case_id)
        .order_by(o.offered_at, o.offer_id)
    )
    return [OfferRow(*row) for row in rows]


async def duty_of(session: ReadSession, community_id: str, person_id: UUID) -> Duty | None:
    """Return a person's readiness, or None for one who takes no offers."""
    r = responder.c
    at = func.coalesce(r.geom, r.home)
    row = await session.row(
        select(
            r.on_duty,
            r.duty_since,
            r.mode,
            r.capacity,
            r.live_load,
            r.position_at,
            func.st_x(at),
            func.st_y(at),
        ).where(r.community_id == community_id, r.person_id == person_id)
    )
    return None if row is None else Duty(*row)


async def explanations(session: ReadSession, community_id: str, case_id: UUID) -> list[Explanation]:
    """Return every round of asking for a case, the latest first."""
    d = dispatch.c
    rows = await session.rows(
        select(d.at, d.offer_id, d.explanation)
        .where(d.community_id == community_id, d.case_id == case_id)
        .order_by(d.at.desc())
    )
    return [Explanation(*row) for row in rows]
