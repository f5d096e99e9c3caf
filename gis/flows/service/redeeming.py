"""Redeeming a reward, and giving it back: stock, limit and points change together or not at all."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from gis.errors import ConflictError, NotAllowedError, NotFoundError
from gis.flows.service.booking import settle
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.people.permissions import may
from gis.recurrence import local_day
from gis.service.ledger import REWARD, person
from gis.service.redemptions import (
    GIVES_BACK,
    LimitPeriod,
    RedemptionStatus,
    RedemptionVerb,
    after,
    new_code,
    period_begins,
)
from gis.store import audit, ledger, point_rules, redemptions, rewards
from gis.store.people import timezone_of
from gis.store.redemptions import NewRedemption, Redemption
from gis.store.rewards import RewardRow
from gis.words import Actor, LedgerEntry

CODES_TRIED = 5
LONGEST_REASON = 200


async def redeem(
    work: Work, actor: Actor, redemption_id: UUID, reward_id: UUID, points: int | None = None
) -> Redemption:
    """Redeem a reward; the same id again changes nothing.

    Parameters
    ----------
    work, actor
        Who pays with their points.
    redemption_id
        Made by the client.
    reward_id, points
        Which, and what it cost as the client saw it; None: whatever it costs.

    Raises
    ------
    NotFoundError
        ``reward_not_found``.
    ConflictError
        ``points_too_few``, ``reward_sold_out``, ``reward_not_offered``, ``reward_price_changed``,
        ``reward_limit_reached``, ``redemption_id_reused``.
    """
    held = await ledger.hold(work.session, actor.community_id, {actor.person_id})
    known = await redemptions.get(work.session, actor.community_id, redemption_id)
    if known is not None:
        return _same(actor, known, reward_id)
    now = work.clock.now()
    zone = ZoneInfo(await timezone_of(work.session, actor.community_id))
    row = await rewards.reward(work.session, actor.community_id, reward_id)
    if row is None:
        raise NotFoundError("no such reward", code="reward_not_found")
    await _check(work, actor, row, points, zone)
    cost = row.reward.points
    if held[actor.person_id].balance < cost:
        lacking = cost - held[actor.person_id].balance
        raise ConflictError("there are not so many points", code="points_too_few", lacking=lacking)
    await _store(work, actor, redemption_id, row)
    paid = LedgerEntry(uuid4(), person(actor.person_id), REWARD, cost, redemption_id=redemption_id)
    await ledger.post(work.session, actor.community_id, [paid], at=now)
    # the stock last: it is what everybody waits for, and is held for no longer than it takes to commit
    if not await redemptions.take_one(
        work.session, actor.community_id, reward_id, cost, local_day(now, zone)
    ):
        raise ConflictError("somebody else was first", code="reward_sold_out")
    return await found(work, actor, redemption_id)


def _same(actor: Actor, known: Redemption, reward_id: UUID) -> Redemption:
    if known.person_id != actor.person_id or known.reward_id != reward_id:
        raise ConflictError("this id stands for another redemption", code="redemption_id_reused")
    return known


async def _check(work: Work, actor: Actor, row: RewardRow, points: int | None, zone: ZoneInfo) -> None:
    now = work.clock.now()
    today, offered = local_day(now, zone), row.reward
    if not offered.active or not ((offered.first_day or today) <= today <= (offered.last_day or today)):
        raise ConflictError("it is not offered now", code="reward_not_offered")
    if points is not None and points != offered.points:
        raise ConflictError("it costs something else now", code="reward_price_changed", points=offered.points)
    if row.stock < 1:
        raise ConflictError("there are none left", code="reward_sold_out")
    if offered.limit_each is None:
        return
    first = period_begins(LimitPeriod(offered.limit_period), today)
    since = datetime.combine(first, time(), zone) if first else None
    had = await redemptions.taken(work.session, actor.community_id, offered.reward_id, actor.person_id, since)
    if had >= offered.limit_each:
        raise ConflictError(
            "they have had as many as they may", code="reward_limit_reached", limit=offered.limit_each
        )


async def _store(work: Work, actor: Actor, redemption_id: UUID, row: RewardRow) -> None:
    rules = await point_rules.point_rules(work.session, actor.community_id)
    now = work.clock.now()
    for _ in range(CODES_TRIED):  # a code that is there already is one of 500 thousand million
        new = NewRedemption(
            redemption_id,
            row.reward.reward_id,
            actor.person_id,
            row.reward.points,
            new_code(),
            now,
            now + timedelta(days=rules.code_days),
        )
        if await redemptions.add(work.session, actor.community_id, new):
            return
        if await redemptions.get(work.session, actor.community_id, redemption_id) is not None:
            break
    raise ConflictError("this id stands for another redemption", code="redemption_id_reused")


async def found(work: Work, actor: Actor, redemption_id: UUID) -> Redemption:
    """Return a redemption that its owner or the office may see.

    Parameters
    ----------
    work, actor, redemption_id
        Who asks for which.

    Raises
    ------
    NotFoundError
        ``redemption_not_found``.
    """
    known = await redemptions.get(work.session, actor.community_id, redemption_id)
    if known is None or (known.person_id != actor.person_id and not may(actor, "keep_rewards")):
        raise NotFoundError("no such redemption, or not one's own", code="redemption_not_found")
    return known


async def cancel_redemption(work: Work, actor: Actor, redemption_id: UUID, reason: str = "") -> Redemption:
    """Give a reward back that was not handed out yet: its owner, or the office with a reason.

    Parameters
    ----------
    work, actor, redemption_id, reason
        Who cancels which.

    Raises
    ------
    NotFoundError
        ``redemption_not_found``.
    InvalidInputError
        ``reason_needed`` of the office, ``text_too_long``.
    ConflictError
        ``redemption_over``.
    """
    known = await found(work, actor, redemption_id)
    own = known.person_id == actor.person_id
    said = (plain if own else required)(reason, "reason", limit=LONGEST_REASON)
    await give_back(
        work,
        actor.community_id,
        known,
        RedemptionVerb.CANCEL,
        by=actor.person_id,
        reason=said,
    )
    return await found(work, actor, redemption_id)


async def refund(work: Work, actor: Actor, redemption_id: UUID, reason: str, *, restock: bool) -> Redemption:
    """Take a reward back that was handed out, for its points.

    Parameters
    ----------
    work, actor, redemption_id, reason
        Who of the office takes which back, and why.
    restock
        Whether it can be handed out again.

    Raises
    ------
    NotAllowedError
        ``not_allowed``; ``own_work``: nobody decides on their own.
    InvalidInputError
        ``reason_needed``, ``text_too_long``.
    ConflictError
        ``redemption_over``.
    """
    if not may(actor, "keep_rewards"):
        raise NotAllowedError("the office takes rewards back", verb="refund")
    known = await found(work, actor, redemption_id)
    if known.person_id == actor.person_id:
        raise NotAllowedError("nobody takes back their own", code="own_work", verb="refund")
    said = required(reason, "reason", limit=LONGEST_REASON)
    await give_back(
        work,
        actor.community_id,
        known,
        RedemptionVerb.REFUND,
        by=actor.person_id,
        reason=said,
        restock=restock,
    )
    await audit.note(
        work.session,
        actor.community_id,
        "redemption_refunded",
        at=work.clock.now(),
        person_id=actor.person_id,
        subject_id=str(redemption_id),
        data={"points": known.points},
    )
    return await found(work, actor, redemption_id)


async def give_back(
    work: Work,
    community_id: str,
    known: Redemption,
    verb: RedemptionVerb,
    *,
    by: UUID | None = None,
    reason: str = "",
    restock: bool = True,
) -> None:
    """End a redemption: the points come back, and the reward into the stock.

    Parameters
    ----------
    work, community_id, known, verb
        What becomes of which.
    by, reason
        Who decided so; None: its time is over.
    restock
        Whether it can be handed out again.

    Raises
    ------
    ConflictError
        ``redemption_over``.
    """
    await ledger.hold(work.session, community_id, {known.person_id})
    before = RedemptionStatus(known.status)
    status = after(before, verb)
    now = work.clock.now()
    paid = await ledger.entry_of_redemption(work.session, community_id, known.redemption_id)
    if paid is None:
        raise ConflictError("somebody else was first", code="redemption_over", status="")
    ended = await redemptions.end(
        work.session,
        community_id,
        known.redemption_id,
        before.value,
        status.value,
        by=by,
        reason=reason,
        restocked=restock,
        at=now,
    )
    if not ended:
        raise ConflictError("somebody else was first", code="redemption_over", status="")
    back = LedgerEntry(
        uuid4(),
        paid.target,
        paid.source,
        paid.points,
        GIVES_BACK[status],
        reverses=paid.entry_id,
        redemption_id=known.redemption_id,
    )
    await ledger.post(work.session, community_id, [back], at=now)
    await settle(work, community_id, {known.person_id})
    if restock:
        await redemptions.put_back(work.session, community_id, known.reward_id)
