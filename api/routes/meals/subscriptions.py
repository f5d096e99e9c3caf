"""Who eats when: subscribing, changing, calling days off, ending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Query, Request

from api.answers.meals import PauseOut, SubscriptionList, SubscriptionOut
from api.deps import ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.meals import PauseBody, SubscriptionBody
from api.rooms import interface
from api.spec import body, errors
from gis.flows.meals.reading import Opened, all_subscriptions, one_subscription, own_subscriptions
from gis.flows.meals.subscribing import (
    Pause,
    SubscriptionDraft,
    change_subscription,
    end_subscription,
    erase_subscription,
    pause_meals,
    resume_meals,
    subscribe,
)
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.views.boards import addresses
from gis.views.meals import kitchen_facts, next_price, pauses, prices
from gis.words import Actor

router = interface("meals")
JSON = "application/json"


def draft_of(given: SubscriptionBody, subscription_id: UUID) -> SubscriptionDraft:
    """Return what a body states."""
    return SubscriptionDraft(
        subscription_id=subscription_id,
        first_day=given.first_day,
        weekdays=frozenset(given.weekdays),
        own=given.own,
        name=given.name,
        phone=given.phone,
        birth_year=given.birth_year,
        building_id=given.building,
        unit=given.unit,
        floor=given.floor,
        flat=given.flat,
        door=given.door,
        servings=given.servings,
        way=given.way,
        last_day=given.last_day,
        diets=frozenset(given.diets),
        without=frozenset(given.without),
        diet_note=given.diet_note,
        consent_by=given.consent_by,
        consent_version=given.consent_version,
        source=given.source,
        resident_id=given.resident_id,
    )


async def subscription_from(work: Work, actor: Actor, fields: dict[str, Any]) -> UUID:
    """Subscribe from the fields of a body or a form."""
    given = parse(SubscriptionBody, fields)
    return await subscribe(work, actor, draft_of(given, given.id or uuid4()))


async def change_from(work: Work, actor: Actor, subscription_id: UUID, fields: dict[str, Any]) -> None:
    """Change a subscription from the fields of a body or a form."""
    given = parse(SubscriptionBody, fields)
    await change_subscription(work, actor, draft_of(given, subscription_id), given.revision)


async def pause_from(work: Work, actor: Actor, subscription_id: UUID, fields: dict[str, Any]) -> None:
    """Call days off from the fields of a body or a form."""
    given = parse(PauseBody, fields)
    pause = Pause(given.id or uuid4(), subscription_id, given.first_day, given.last_day)
    await pause_meals(work, actor, pause)


async def shown(work: Work, actor: Actor, opened: Sequence[Opened]) -> list[SubscriptionOut]:
    """Return subscriptions as they are shown, with what the next serving costs and what is called off."""
    if not opened:
        return []
    community_id = actor.community_id
    kitchen = await kitchen_facts(work.session, community_id)
    rules = await prices(work.session, community_id)
    today = await today_in(work.session, work.clock, community_id)
    places = {one.id: one.label for one in await addresses(work.session, community_id)}
    off = await pauses(work.session, community_id, [one.row.subscription_id for one in opened], today)
    now = work.clock.now()
    return [
        _out(
            actor,
            one,
            places.get(one.row.building_id, "") if one.row.building_id else "",
            next_price(rules, kitchen, one.row, now) if kitchen else None,
            [PauseOut.model_validate(pause) for pause in off.get(one.row.subscription_id, ())],
        )
        for one in opened
    ]


def _out(actor: Actor, one: Opened, place: str, fen: int | None, off: list[PauseOut]) -> SubscriptionOut:
    row, contact, diet = one.row, one.contact, one.diet
    return SubscriptionOut(
        id=row.subscription_id,
        mine=row.person_id == actor.person_id,
        name=contact.name,
        phone=contact.phone,
        birth_year=row.birth_year,
        stated_year=contact.birth_year if row.birth_year is None else None,
        building=row.building_id,
        place=place,
        unit=contact.unit,
        floor=contact.floor,
        flat=contact.flat,
        door=contact.door,
        servings=row.servings,
        weekdays=list(row.weekdays),
        way=row.way,
        first_day=row.first_day,
        last_day=row.last_day,
        source=row.source,
        special=row.diet is not None,
        diets=list(diet.kinds) if diet else None,
        without=list(diet.without) if diet else None,
        diet_note=diet.note if diet else None,
        consent_by=contact.consent_by,
        consent_at=row.consent_at,
        resident_id=row.resident_id,
        revision=row.revision,
        next_fen=fen,
        pauses=off,
    )


async def _one(work: Work, actor: Actor, subscription_id: UUID) -> SubscriptionOut:
    (found,) = await shown(work, actor, [await one_subscription(work, actor, subscription_id)])
    return found


@router.get("/meals/subscriptions", responses=errors(400, 401, 403))
async def get_subscriptions(
    reader: ReaderDep,
    work: WorkDep,
    mine: Annotated[bool, Query(description="one's own; all are for the office")] = True,
    since: Annotated[
        date | None, Query(alias="from", description="those that end before are left out")
    ] = None,
) -> SubscriptionList:
    """One's own subscriptions, or all for the office: without what anybody may not eat."""
    day = since or await today_in(work.session, work.clock, reader.actor.community_id)
    read = own_subscriptions if mine else all_subscriptions
    return SubscriptionList(items=await shown(work, reader.actor, await read(work, reader.actor, day)))


@router.post(
    "/meals/subscriptions",
    status_code=201,
    responses=errors(400, 401, 403, 409),
    openapi_extra=body(SubscriptionBody, JSON),
)
async def post_subscription(request: Request, reader: ReaderDep, work: WorkDep) -> SubscriptionOut:
    """Subscribe, from a day on that is still open."""
    made = await subscription_from(work, reader.actor, await body_of(request))
    return await _one(work, reader.actor, made)


@router.get("/meals/subscriptions/{subscription_id}", responses=errors(401, 404))
async def get_subscription(subscription_id: UUID, reader: ReaderDep, work: WorkDep) -> SubscriptionOut:
    """One subscription with everything; the office's look is recorded."""
    return await _one(work, reader.actor, subscription_id)


@router.put(
    "/meals/subscriptions/{subscription_id}",
    responses=errors(400, 401, 404, 409),
    openapi_extra=body(SubscriptionBody, JSON),
)
async def put_subscription(
    subscription_id: UUID, request: Request, reader: ReaderDep, work: WorkDep
) -> SubscriptionOut:
    """Change a subscription for the days that are still open."""
    await change_from(work, reader.actor, subscription_id, await body_of(request))
    return await _one(work, reader.actor, subscription_id)


@router.post("/meals/subscriptions/{subscription_id}/end", responses=errors(401, 404, 409))
async def post_end(subscription_id: UUID, reader: ReaderDep, work: WorkDep) -> SubscriptionOut:
    """End a subscription with the days that are closed."""
    await end_subscription(work, reader.actor, subscription_id)
    return await _one(work, reader.actor, subscription_id)


@router.post("/meals/subscriptions/{subscription_id}/erase", status_code=204, responses=errors(401, 404, 409))
async def post_erase(subscription_id: UUID, reader: ReaderDep, work: WorkDep) -> None:
    """Erase who ate and where they live once it has ended; what was eaten stays counted."""
    await erase_subscription(work, reader.actor, subscription_id)


@router.post(
    "/meals/subscriptions/{subscription_id}/pauses",
    status_code=201,
    responses=errors(400, 401, 404, 409),
    openapi_extra=body(PauseBody, JSON),
)
async def post_pause(
    subscription_id: UUID, request: Request, reader: ReaderDep, work: WorkDep
) -> SubscriptionOut:
    """Call days off that are still open."""
    await pause_from(work, reader.actor, subscription_id, await body_of(request))
    return await _one(work, reader.actor, subscription_id)


@router.post("/meals/subscriptions/{subscription_id}/pauses/{pause_id}/end", responses=errors(401, 404, 409))
async def post_resume(
    subscription_id: UUID, pause_id: UUID, reader: ReaderDep, work: WorkDep
) -> SubscriptionOut:
    """Take a pause back for the days that are still open."""
    await resume_meals(work, reader.actor, subscription_id, pause_id)
    return await _one(work, reader.actor, subscription_id)
