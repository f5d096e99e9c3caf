"""Ordering a service at a place and time (微任务、点单): checked, stored once, and kept by its keeper from then on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from gis.cases.categories import category
from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.locate import locate
from gis.flows.notify import notify
from gis.flows.order_keeping import keep_order
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.orders.rules import (
    OrderRule,
    checked_consent,
    checked_recurrence,
    checked_seats,
    checked_window,
    rule_of,
)
from gis.people.permissions import require
from gis.recurrence import Hours, Recurrence
from gis.store import community_facts, notices, order_reading, orders
from gis.store.orders import NewOrder
from gis.words import Actor, Notice, Place, Position, Role

SHORT = 40
MOST_NOTE = 500


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order as it is placed.

    Parameters
    ----------
    order_id
        Made by the client; sent again, it changes nothing.
    category
        A key of ``gis.orders.rules.RULES``.
    position
        Where; whoever takes it sees floor and flat.
    starts_at, ends_at
        The first window.
    summary
        For everybody who sees the cases.
    floor, flat, note
        For who takes it, who orders it, and the desk.
    for_name, consent_by, consent_version
        For whom it is, who has agreed, and to which text; empty for oneself.
    """

    order_id: UUID
    category: str
    position: Position
    starts_at: datetime
    ends_at: datetime
    seats: int = 1
    repeat: str = "once"
    until: date | None = None
    weekdays: frozenset[int] = frozenset()
    summary: str = ""
    floor: str = ""
    flat: str = ""
    note: str = ""
    for_name: str = ""
    consent_by: str = ""
    consent_version: str | None = None


async def place_order(work: Work, actor: Actor, draft: OrderDraft) -> UUID:
    """Order a service; what is due soon is offered at once. A repeat of the same id changes nothing.

    Parameters
    ----------
    work, actor, draft
        Who orders what.

    Raises
    ------
    InvalidInputError
        As ``gis.orders.rules``; ``category_unknown``, ``position_outside_community``, ``text_too_long``.
    NotAllowedError
        ``not_allowed``.
    ConflictError
        ``order_id_reused``: the id stands for somebody else's order.
    """
    require(actor, "order")
    if (
        whose := await order_reading.orderer_of(work.session, actor.community_id, draft.order_id)
    ) is not None:
        return _same(actor, whose, draft.order_id)
    category(draft.category)
    new = await _checked(work, actor, draft, rule_of(draft.category))
    if not await orders.add(
        work.session, actor.community_id, new
    ):  # somebody pressed twice at the same moment
        whose = await order_reading.orderer_of(work.session, actor.community_id, draft.order_id)
        return _same(actor, whose, draft.order_id)
    await keep_order(work, actor.community_id, draft.order_id)
    await _tell_desk(work, actor, new)
    return draft.order_id


async def _tell_desk(work: Work, actor: Actor, new: NewOrder) -> None:
    """Tell the desk of an order, besides who placed it: responders hear of its cases when these are offered."""
    people = await notices.people_of(work.session, actor.community_id, role=Role.DESK)
    data = {"order_id": str(new.order_id), "title": new.summary or new.place_text}
    others = [one for one in people if one != actor.person_id]
    await notify(work, actor.community_id, Notice("task_ordered", others, data=data, key=str(new.order_id)))


def _same(actor: Actor, whose: UUID | None, order_id: UUID) -> UUID:
    if whose != actor.person_id:
        raise ConflictError("this id stands for another order", code="order_id_reused")
    return order_id


async def _checked(work: Work, actor: Actor, draft: OrderDraft, rule: OrderRule) -> NewOrder:
    """Return the order as it is stored, or say what is wrong with it."""
    now, zone = work.clock.now(), await _zone(work, actor.community_id)
    checked_window(draft.starts_at, draft.ends_at, now)
    recurrence = checked_recurrence(draft.repeat, draft.starts_at, draft.until, draft.weekdays, zone)
    seats = checked_seats(
        draft.seats, await orders.responders(work.session, actor.community_id, actor.person_id)
    )
    for_name = plain(draft.for_name, "for_name", limit=SHORT)
    consent_by = plain(draft.consent_by, "consent_by", limit=SHORT)
    version = checked_consent(rule, actor.role, for_name, consent_by, draft.consent_version)
    atlas = await work.atlas.get(work.session, actor.community_id)
    place = _placed(work, atlas, draft.position)
    hours = Hours.of(draft.starts_at, draft.ends_at, zone)
    return NewOrder(
        order_id=draft.order_id,
        category=draft.category,
        summary=plain(draft.summary, "summary", limit=120),
        lon=draft.position.lon,
        lat=draft.position.lat,
        position_source=draft.position.source.value,
        building_id=place.building.id if place.building else None,
        place=place.as_json(),
        place_text=_name_of(place),
        grid_code=place.grid.code if place.grid else None,
        floor=plain(draft.floor, "floor", limit=SHORT),
        flat=plain(draft.flat, "flat", limit=SHORT),
        note=plain(draft.note, "note", limit=MOST_NOTE),
        for_name=for_name,
        consent_by=consent_by if version else "",
        consent_version=version,
        seats=seats,
        lead_s=rule.lead_s,
        recurrence=recurrence,
        hours=hours,
        last_end_at=_last_end(recurrence, hours, zone),
        created_by=actor.person_id,
        now=now,
    )


def _last_end(recurrence: Recurrence, hours: Hours, zone: ZoneInfo) -> datetime:
    *_, last = recurrence.days()
    return hours.on(last, zone).ends_at


def _placed(work: Work, atlas: CommunityAtlas, position: Position) -> Place:
    place = locate(atlas, position, work.settings.snap)
    if place.community is None:
        raise InvalidInputError("the place lies outside", code="position_outside_community", field="lon")
    return place


def _name_of(place: Place) -> str:
    named = (one.name for one in (place.building, place.street, place.micro_grid) if one and one.name)
    return next(named, "")


async def _zone(work: Work, community_id: str) -> ZoneInfo:
    found = await community_facts.community_facts(work.session, community_id)
    if found is None:
        raise NotFoundError("no such community", code="community_not_found")
    return ZoneInfo(found.timezone)
