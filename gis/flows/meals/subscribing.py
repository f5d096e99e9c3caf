"""Subscribing to meals: by oneself, at the desk or by telephone; changed, called off for some days, ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.locate import locate
from gis.flows.meals.closing import close_due
from gis.flows.meals.sealed import seal_contact, seal_diet
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.meals.diets import LONGEST_NOTE, Diet, checked_diet
from gis.meals.subscribing import (
    WAYS,
    Contact,
    checked_amount,
    checked_birth_year,
    checked_consent,
    checked_dates,
    checked_phone,
)
from gis.people.permissions import may, require
from gis.recurrence import DAY
from gis.store import meals
from gis.store.kitchens import Kitchen
from gis.store.meals import Pause, Subscription
from gis.words import Actor, Position, PositionSource

SHORT = 20
LONGEST_DOOR = 120


@dataclass(frozen=True, slots=True)
class SubscriptionDraft:
    """A subscription as it is stated; ``own``: for who states it, else the office does for somebody."""

    subscription_id: UUID
    first_day: date
    weekdays: frozenset[int]
    own: bool = True
    name: str = ""
    phone: str = ""
    birth_year: int | None = None
    building_id: UUID | None = None
    unit: str = ""
    floor: str = ""
    flat: str = ""
    door: str = ""
    servings: int = 1
    way: str = "collect"
    last_day: date | None = None
    diets: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    diet_note: str = ""
    consent_by: str = ""
    consent_version: str | None = None
    source: str = "desk"
    resident_id: UUID | None = None


async def subscribe(work: Work, actor: Actor, draft: SubscriptionDraft) -> UUID:
    """Subscribe to meals from a day on that is still open. A repeat of the same id changes nothing.

    Parameters
    ----------
    work, actor, draft
        Who subscribes whom to what.

    Raises
    ------
    InvalidInputError
        As ``gis.meals.subscribing`` and ``gis.meals.diets``; ``meal_way``, ``meal_source``, ``meal_place_missing``,
        ``building_unknown``, ``text_needed``, ``text_too_long``, ``position_outside_community``.
    NotAllowedError
        ``not_allowed``.
    ConflictError
        ``kitchen_missing``; ``meal_id_reused``: the id stands for somebody else's.
    """
    require(actor, "meals" if draft.own else "run_kitchen")
    known = await meals.find(work.session, actor.community_id, draft.subscription_id)
    if known is not None:
        if known.created_by != actor.person_id:
            raise ConflictError("this id stands for another one", code="meal_id_reused")
        return draft.subscription_id
    kitchen = await close_due(work, actor.community_id)
    checked_dates(draft.first_day, draft.last_day, kitchen.days.first_open(work.clock.now()))
    new = await _checked(work, actor, kitchen, draft)
    if not await meals.add(work.session, actor.community_id, new):
        raise ConflictError("this id stands for another one", code="meal_id_reused")
    return draft.subscription_id


async def change_subscription(work: Work, actor: Actor, draft: SubscriptionDraft, revision: int) -> None:
    """Change a subscription for the days that are still open.

    Parameters
    ----------
    work, actor, draft
        Who changes which, and what it is to be.
    revision
        That they saw.

    Raises
    ------
    NotFoundError
        ``meal_not_found``.
    ConflictError
        ``meal_changed``: somebody else has changed it meanwhile.
    WeiwangError
        As ``subscribe``.
    """
    kitchen = await close_due(work, actor.community_id)
    before = await theirs(work, actor, draft.subscription_id)
    first_open = kitchen.days.first_open(work.clock.now())
    begun = before.first_day < first_open
    checked_dates(max(draft.first_day, first_open) if begun else draft.first_day, draft.last_day, first_open)
    own = before.person_id == actor.person_id and not may(actor, "run_kitchen")
    wanted = replace(draft, own=own, source=before.source, resident_id=before.resident_id)
    new = await _checked(work, actor, kitchen, wanted)
    changed = replace(
        new,
        person_id=before.person_id,
        birth_year=before.birth_year if own else new.birth_year,
        first_day=min(before.first_day, draft.first_day) if begun else draft.first_day,
        revision=revision,
        created_by=before.created_by,
        created_at=before.created_at,
    )
    if not await meals.change(work.session, actor.community_id, changed):
        raise ConflictError("somebody else has changed it", code="meal_changed")


async def end_subscription(work: Work, actor: Actor, subscription_id: UUID) -> None:
    """End a subscription with the days that are closed; said again it changes nothing.

    Parameters
    ----------
    work, actor, subscription_id
        Who ends which.

    Raises
    ------
    NotFoundError
        ``meal_not_found``.
    """
    kitchen = await close_due(work, actor.community_id)
    await theirs(work, actor, subscription_id)
    last = kitchen.days.last_closed(work.clock.now())
    await meals.end(work.session, actor.community_id, subscription_id, last)


async def erase_subscription(work: Work, actor: Actor, subscription_id: UUID) -> None:
    """Erase who ate and where they live once a subscription has ended; what was eaten stays counted.

    Parameters
    ----------
    work, actor, subscription_id
        Who erases which.

    Raises
    ------
    NotFoundError
        ``meal_not_found``.
    ConflictError
        ``meal_not_over``: it hasn't ended, or a meal is still to come.
    """
    kitchen = await close_due(work, actor.community_id)
    await theirs(work, actor, subscription_id)
    now = work.clock.now()
    today = now.astimezone(kitchen.days.zone).date()
    if not await meals.erase(work.session, actor.community_id, today, now, ids=[subscription_id]):
        raise ConflictError("a meal is still to come", code="meal_not_over")


async def pause_meals(work: Work, actor: Actor, pause: Pause) -> None:
    """Call days off that are still open; a repeat of the same id changes nothing.

    Parameters
    ----------
    work, actor, pause
        Who calls off which days of which subscription.

    Raises
    ------
    NotFoundError
        ``meal_not_found``.
    InvalidInputError
        ``meal_too_late``, ``meal_days_order``, ``meal_too_far``.
    """
    kitchen = await close_due(work, actor.community_id)
    await theirs(work, actor, pause.subscription_id)
    checked_dates(pause.first_day, pause.last_day, kitchen.days.first_open(work.clock.now()))
    await meals.add_pause(work.session, actor.community_id, pause, by=actor.person_id, at=work.clock.now())


async def resume_meals(work: Work, actor: Actor, subscription_id: UUID, pause_id: UUID) -> None:
    """Take back a pause for the days that are still open.

    Parameters
    ----------
    work, actor, subscription_id, pause_id
        Who takes back what.

    Raises
    ------
    NotFoundError
        ``meal_not_found``, ``meal_pause_missing``.
    """
    kitchen = await close_due(work, actor.community_id)
    await theirs(work, actor, subscription_id)
    last = kitchen.days.first_open(work.clock.now()) - DAY
    if not await meals.end_pause(work.session, actor.community_id, subscription_id, pause_id, last):
        raise NotFoundError("no such pause", code="meal_pause_missing")


async def theirs(work: Work, actor: Actor, subscription_id: UUID) -> Subscription:
    """Return a subscription that somebody may read and change: their own, or any for the office.

    Raises
    ------
    NotFoundError
        ``meal_not_found``: there is none, or it is somebody else's; the two are told apart for nobody.
    """
    found = await meals.find(work.session, actor.community_id, subscription_id)
    mine = found is not None and found.person_id == actor.person_id and may(actor, "meals")
    if found is None or not (mine or may(actor, "run_kitchen")):
        raise NotFoundError("none, or not yours", code="meal_not_found")
    return found


async def _checked(work: Work, actor: Actor, kitchen: Kitchen, draft: SubscriptionDraft) -> Subscription:
    """Return a subscription as it is stored, or say what is wrong with it."""
    now = work.clock.now()
    weekdays = checked_amount(draft.servings, draft.weekdays, kitchen.days.weekdays)
    year = checked_birth_year(draft.birth_year, now.astimezone(kitchen.days.zone).date())
    diet = checked_diet(draft.diets, draft.without, plain(draft.diet_note, "diet_note", limit=LONGEST_NOTE))
    if draft.resident_id and not await meals.resident_there(
        work.session, actor.community_id, draft.resident_id
    ):
        raise InvalidInputError("no such record", code="meal_resident", field="resident_id")
    if draft.way not in WAYS:
        raise InvalidInputError("collect or deliver", code="meal_way", field="way")
    if draft.source not in ("desk", "phone"):
        raise InvalidInputError("desk or phone", code="meal_source", field="source")
    contact = _contact(actor, draft, year)
    version = checked_consent(diet, contact.consent_by, draft.consent_version, others=not draft.own)
    lon, lat, micro_grid = await _door(work, actor, draft, contact)
    return Subscription(
        subscription_id=draft.subscription_id,
        person_id=actor.person_id if draft.own else None,
        resident_id=draft.resident_id,
        contact=seal_contact(work, actor.community_id, draft.subscription_id, contact),
        diet=seal_diet(work, actor.community_id, draft.subscription_id, diet),
        birth_year=None if draft.own else year,
        building_id=draft.building_id,
        lon=lon,
        lat=lat,
        micro_grid_code=micro_grid,
        servings=draft.servings,
        weekdays=weekdays,
        way=draft.way,
        first_day=draft.first_day,
        last_day=draft.last_day,
        source="self" if draft.own else draft.source,
        consent_version=version,
        consent_at=now if version else None,
        revision=1,
        created_by=actor.person_id,
        created_at=now,
    )


def _contact(actor: Actor, draft: SubscriptionDraft, year: int | None) -> Contact:
    name = plain(draft.name, "name", limit=SHORT * 2) if draft.own else required(draft.name, "name", limit=40)
    return Contact(
        name=name or actor.name,
        phone=checked_phone(draft.phone),
        unit=plain(draft.unit, "unit", limit=SHORT),
        floor=plain(draft.floor, "floor", limit=SHORT),
        flat=plain(draft.flat, "flat", limit=SHORT),
        door=plain(draft.door, "door", limit=LONGEST_DOOR),
        consent_by=plain(draft.consent_by, "consent_by", limit=SHORT * 2),
        birth_year=year,
    )


async def _door(
    work: Work, actor: Actor, draft: SubscriptionDraft, contact: Contact
) -> tuple[float | None, float | None, str | None]:
    """Return where it is brought to, and in which micro-grid that lies."""
    if draft.building_id is None:
        if draft.way == "deliver":
            raise InvalidInputError("where to?", code="meal_place_missing", field="building")
        return None, None, None
    found = await meals.door_of(work.session, actor.community_id, draft.building_id, contact.unit)
    if found is None:
        raise InvalidInputError("no such building", code="building_unknown", field="building")
    atlas = await work.atlas.get(work.session, actor.community_id)
    place = locate(atlas, Position(*found, source=PositionSource.PLATE), work.settings.snap)
    return *found, place.micro_grid.code if place.micro_grid else None


__all__ = [
    "Diet",
    "Pause",
    "SubscriptionDraft",
    "change_subscription",
    "end_subscription",
    "erase_subscription",
    "pause_meals",
    "resume_meals",
    "subscribe",
    "theirs",
]
