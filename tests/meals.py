"""A kitchen to eat from: through the real flows, in the drawn community."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from gis.flows.meals.kitchen import KitchenDraft, add_price, set_kitchen
from gis.flows.meals.subscribing import SubscriptionDraft, subscribe
from gis.meals.subscribing import CONSENT_VERSION
from gis.words.meals import PriceRule
from tests.factories import Community
from tests.loop import Loop

EVERY_DAY = frozenset(range(1, 8))
TOMORROW = date(2026, 6, 4)  # of tests' clock: noon on 3 June
AFTER_CUT_OFF = datetime.fromisoformat("2026-06-03T16:30+08:00")
MORNING = datetime.fromisoformat("2026-06-04T10:00+08:00")


def kitchen_body(community: Community, **fields: Any) -> dict[str, Any]:
    body = {"name": "妈妈厨房", "building": str(community.buildings["01-01"]), "cut_off": "16:00"}
    hours = {"cut_off_days": 1, "serves_from": "11:00", "serves_to": "12:30", "weekdays": [1, 2, 3, 4, 5]}
    return body | hours | fields


def somebody(community: Community, **fields: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"id": str(uuid4()), "own": False, "name": "王桂兰", "weekdays": [1, 2, 3, 4, 5]}
    place = {"building": str(community.buildings["02-02"]), "unit": "1", "floor": "6", "flat": "602"}
    consent = {"consent_by": "女儿", "consent_version": CONSENT_VERSION}
    return (
        body | place | consent | {"way": "deliver", "first_day": str(TOMORROW), "birth_year": 1940} | fields
    )


async def open_kitchen(loop: Loop, **fields: Any) -> None:
    wanted = KitchenDraft(
        "妈妈厨房",
        loop.community.buildings["01-01"],
        time(16),
        1,
        time(11),
        time(12, 30),
        EVERY_DAY,
        **fields,
    )
    await loop.act(set_kitchen, loop.actor("desk"), wanted)


async def price(loop: Loop, from_age: int, fen: int, first: date = TOMORROW, **fields: Any) -> UUID:
    rule = PriceRule(uuid4(), f"{from_age}", "", from_age, fen, first, **fields)
    await loop.act(add_price, loop.actor("desk"), rule)
    return rule.rule_id


def draft(community: Community, subscription_id: UUID, **fields: Any) -> SubscriptionDraft:
    values: dict[str, Any] = {
        "own": False,
        "name": "王桂兰",
        "building_id": community.buildings["02-02"],
        "way": "deliver",
        "consent_by": "女儿",
        "consent_version": CONSENT_VERSION,
        "first_day": TOMORROW,
        "weekdays": EVERY_DAY,
    }
    return SubscriptionDraft(subscription_id=subscription_id, **values | fields)


async def eater(loop: Loop, **fields: Any) -> UUID:
    return await loop.act(subscribe, loop.actor("desk"), draft(loop.community, uuid4(), **fields))


def on(day: date, hour: float) -> datetime:
    return datetime.fromisoformat(f"{day}T00:00+08:00") + timedelta(hours=hour)
