"""What the office keeps: rules of points, and the catalogue of rewards with its stock."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from gis.categories import CATEGORIES
from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.office.record import differences, record
from gis.flows.service.noting import note_change
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.intake import CleanPhoto
from gis.people.permissions import require
from gis.service.hours import FEWEST_H, RATES
from gis.service.redemptions import LimitPeriod
from gis.service.stars import checked_thresholds
from gis.store import point_rules, rewards, shops
from gis.store.point_rules import PointRules
from gis.store.rewards import Reward
from gis.words import Actor

MOST_POINTS = 100_000
MOST_STOCK = 1_000_000
MOST_EACH = 1000
MOST_MONTHS = 120
MOST_DAYS = 365
MOST_H = 24.0


async def set_rules(work: Work, actor: Actor, given: PointRules) -> bool:
    """Set what hours earn, and what becomes of points; tell whether anything is different.

    Parameters
    ----------
    work, actor, given
        Who sets what.

    Raises
    ------
    InvalidInputError
        ``rate_out_of_range``, ``category_unknown``, ``number_out_of_range``, ``star_hours_invalid``.
    """
    require(actor, "administer")
    known = {one.code for one in CATEGORIES}
    for field, rate in [("per_hour", given.per_hour), *given.by_category.items()]:
        if rate not in RATES:
            raise InvalidInputError("a rate", code="rate_out_of_range", field=field, most=RATES[-1])
    if unknown := set(given.by_category) - known:
        raise InvalidInputError("no such category", code="category_unknown", category=min(unknown))
    _within("most_h", given.most_h, FEWEST_H, MOST_H)
    _within("code_days", given.code_days, 1, MOST_DAYS)
    if given.expire_months is not None:
        _within("expire_months", given.expire_months, 1, MOST_MONTHS)
    right = replace(
        given,
        star_hours=checked_thresholds(given.star_hours),
        by_category={code: rate for code, rate in given.by_category.items() if rate != given.per_hour},
    )
    before = await point_rules.point_rules(work.session, actor.community_id)
    changed = differences(_plain(before), _plain(right))
    if not changed:
        return False
    await point_rules.put_point_rules(work.session, actor.community_id, right)
    await record(work, actor, "points", actor.community_id, "changed", data=changed)
    return True


def _plain(rules: PointRules) -> dict[str, Any]:
    rates = {f"rate {code}": rate for code, rate in sorted(rules.by_category.items())}
    return {name: value for name, value in asdict(rules).items() if name != "by_category"} | {
        "star_hours": list(rules.star_hours),
        **rates,
    }


def _within(field: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise InvalidInputError(
            "out of range", code="number_out_of_range", field=field, least=f"{least:g}", most=f"{most:g}"
        )


async def put_reward(work: Work, actor: Actor, given: Reward, picture: CleanPhoto | None = None) -> None:
    """Keep a reward, new or changed; its id is made by the client.

    Parameters
    ----------
    work, actor, given
        Who keeps which.
    picture
        From ``prepare_photo``; None: as it is.

    Raises
    ------
    InvalidInputError
        ``text_needed``, ``text_too_long``, ``points_out_of_range``, ``number_out_of_range``, ``days_order``,
        ``shop_unknown``, ``limit_period_unknown``.
    """
    require(actor, "keep_rewards")
    if not 0 < given.points <= MOST_POINTS:
        raise InvalidInputError("a price", code="points_out_of_range", field="points", most=MOST_POINTS)
    if given.limit_each is not None:
        _within("limit_each", given.limit_each, 1, MOST_EACH)
    if given.limit_period not in set(LimitPeriod):
        raise InvalidInputError("which period", code="limit_period_unknown", field="limit_period")
    if given.first_day and given.last_day and given.last_day < given.first_day:
        raise InvalidInputError("ends before it begins", code="days_order", field="last_day")
    known = {one.shop_id for one in await shops.shops(work.session, actor.community_id)}
    if given.shop_id is not None and given.shop_id not in known:
        raise InvalidInputError("no such shop", code="shop_unknown", field="shop")
    right = replace(
        given,
        name=required(given.name, "name", limit=30),
        name_en=plain(given.name_en, "name_en", limit=60),
        about=plain(given.about, "about", limit=300),
    )
    row = await rewards.reward(work.session, actor.community_id, given.reward_id)
    before = asdict(row.reward) if row else {}
    await rewards.put_reward(work.session, actor.community_id, right, work.clock.now())
    if picture is not None:
        digest = hashlib.sha256(picture.thumb).hexdigest()
        await rewards.put_picture(work.session, actor.community_id, given.reward_id, digest, picture.thumb)
    await note_change(work, actor, "reward", given.reward_id, right.name, before, asdict(right))


async def change_stock(  # noqa: PLR0917 - of what, by how many, and why
    work: Work, actor: Actor, change_id: UUID, reward_id: UUID, amount: int, reason: str
) -> None:
    """Put into a reward's stock, or take out; the same id again changes nothing.

    Parameters
    ----------
    work, actor, change_id, reward_id, amount, reason
        Who puts how many into which, and why; below zero: takes out.

    Raises
    ------
    NotFoundError
        ``reward_not_found``.
    InvalidInputError
        ``number_out_of_range``, ``text_needed``.
    ConflictError
        ``stock_too_few``.
    """
    require(actor, "keep_rewards")
    said = required(reason, "stock_reason", limit=60)
    if not amount or abs(amount) > MOST_STOCK:
        raise InvalidInputError(
            "how many", code="number_out_of_range", field="amount", least=-MOST_STOCK, most=MOST_STOCK
        )
    row = await rewards.reward(work.session, actor.community_id, reward_id)
    if row is None:
        raise NotFoundError("no such reward", code="reward_not_found")
    if row.stock + amount > MOST_STOCK:
        raise InvalidInputError(
            "how many", code="number_out_of_range", field="amount", least=-MOST_STOCK, most=MOST_STOCK
        )
    done = await rewards.change_stock(
        work.session,
        actor.community_id,
        change_id,
        reward_id,
        amount,
        said,
        actor.person_id,
        work.clock.now(),
    )
    if done is False:
        raise ConflictError("there are not so many", code="stock_too_few", stock=row.stock)
