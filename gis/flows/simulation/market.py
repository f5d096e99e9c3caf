"""Rewards in a simulated year: a catalogue, a partner shop, redemptions that are handed out, given back or forgotten, gifts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from gis.flows.service.donating import donate, give
from gis.flows.service.expiring import expire_code
from gis.flows.service.handing_out import hand_out
from gis.flows.service.hours import confirm_patrols
from gis.flows.service.keeping import change_stock, put_reward
from gis.flows.service.partners import appoint_keeper, put_cause, put_shop
from gis.flows.service.redeeming import cancel_redemption, redeem, refund
from gis.flows.service.stars import set_star_consent
from gis.flows.simulation.lanes import Step
from gis.flows.simulation.plan import YEAR
from gis.flows.simulation.strand import Strand
from gis.flows.work import Work
from gis.store import ledger, redemptions, served
from gis.store.causes import Cause
from gis.store.rewards import Reward
from gis.store.shops import Shop
from gis.words import Actor, Role

KEEPER = "resident"
SHOP = ("邻里粮油店", "Neighbourhood grocery", "八经街 30 号（演示）")
CAUSE = ("独居老人助餐", "Meals for who lives alone", "积分用来给独居老人送餐")
GOODS = (  # name, points, pieces, limit each month, at the shop
    ("鸡蛋一板", "A tray of eggs", 30, 400, 2, False),
    ("洗洁精", "Detergent", 15, 300, 2, False),
    ("大米 5 公斤", "Rice, 5 kg", 60, 200, 1, True),
    ("粮油店 10 元券", "Grocery coupon, 10 yuan", 40, 300, 2, True),
    ("免费体检一次", "A medical check-up", 120, 40, None, False),
)
A_YEAR = 180
"""Redemptions."""
FIRST_DAY = 20
CANCELLED, FORGOTTEN, RETURNED = 0.06, 0.05, 0.03
GIVES, NAMED = 0.15, 0.5
"""Of who redeems: gives points away, agrees to be named."""


@dataclass(slots=True)
class Market(Strand):
    """What people do with their points."""

    name = "market"

    keeper: Actor | None = field(init=False)

    def __post_init__(self) -> None:
        """Find who keeps the shop."""
        Strand.__post_init__(self)
        self.keeper = next((one for one in self.year.people if one.username == KEEPER), None)

    def expect(self) -> None:
        """Plan the catalogue at the beginning, redemptions over the year, and patrols confirmed each month."""
        days = self.year.planner.days
        self.at(0, 9, self._offer)
        for day in range(28, days, 28):
            self.at(day, 17, self._confirm)
        for turn in range(round(A_YEAR * days / YEAR)):
            day = min(FIRST_DAY, days // 2) + self.choose.randrange(max(1, days - FIRST_DAY))
            if day < days:
                self.at(day, 10 + turn % 8, self._redeem(turn))
        self.at(max(0, days - 2), 18, self._confirm)

    async def _offer(self, work: Work) -> None:
        shop = Shop(self.id_of("shop"), *SHOP, active=True)
        await put_shop(work, self.desk, shop)
        if self.keeper is not None:
            await appoint_keeper(work, self.desk, shop.shop_id, str(self.keeper.person_id))
        await put_cause(work, self.desk, Cause(self.id_of("cause"), *CAUSE, active=True))
        for name, name_en, points, pieces, each, at_shop in GOODS:
            where = shop.shop_id if at_shop else None
            reward = Reward(
                self.id_of(name), name, name_en, "", points, each, "month", where, None, None, active=True
            )
            await put_reward(work, self.desk, reward)
            await change_stock(work, self.desk, self.id_of(name, "stock"), reward.reward_id, pieces, "进货")
            self.year.counts["rewards"] += 1

    async def _confirm(self, work: Work) -> None:
        """Confirm the hours of patrols that wait."""
        waiting = await served.patrols_to_confirm(work.session, self.desk.community_id)
        count = await confirm_patrols(work, self.desk, [one.patrol_id for one in waiting])
        self.year.counts["patrols confirmed"] += count

    def _redeem(self, turn: int) -> Step:
        async def redeemed(work: Work) -> None:
            who = await self._who(work)
            if who is None:
                return
            actor, has = who
            goods = [one for one in GOODS if one[2] <= has]
            name = self.choose.choice(goods)[0]
            known = self.id_of("redemption", turn)
            await redeem(work, actor, known, self.id_of(name))
            self.year.counts["redeemed"] += 1
            if self.choose.random() < NAMED:
                await set_star_consent(work, actor, agrees=True)
            self._next(actor, known)

        return redeemed

    async def _who(self, work: Work) -> tuple[Actor, int] | None:
        """Return somebody who can pay for something."""
        people = self.year.of(Role.WATCHER) + self.year.of(Role.RIDER)
        for one in self.choose.sample(people, min(12, len(people))):
            held = await ledger.held_by(work.session, one.community_id, one.person_id)
            if held.balance >= min(points for _, _, points, *_ in GOODS):
                return one, held.balance
        return None

    def _next(self, actor: Actor, known: UUID) -> None:
        fate = self.choose.random()
        soon = timedelta(hours=self.choose.randrange(2, 90))
        if fate < CANCELLED:
            self.year.after(soon, lambda work: self._cancel(work, actor, known))
        elif fate < CANCELLED + FORGOTTEN:
            self.year.after(timedelta(days=30, minutes=1), lambda work: self._expire(work, known))
        else:
            self.year.after(soon, lambda work: self._hand_out(work, known))
        if self.choose.random() < GIVES:
            self.year.after(soon, lambda work: self._give(work, actor, known))

    async def _cancel(self, work: Work, actor: Actor, known: UUID) -> None:
        await cancel_redemption(work, actor, known)
        self.year.counts["redemptions cancelled"] += 1

    async def _expire(self, work: Work, known: UUID) -> None:
        await expire_code(work, self.desk.community_id, known)
        self.year.counts["redemptions expired"] += 1

    async def _hand_out(self, work: Work, known: UUID) -> None:
        one = await redemptions.get(work.session, self.desk.community_id, known)
        if one is None:
            return
        counter = self.keeper if one.shop_id and self.keeper else self.desk
        await hand_out(work, counter, one.code)
        self.year.counts["handed out"] += 1
        if self.choose.random() < RETURNED:
            self.year.after(timedelta(days=1), lambda later: self._refund(later, known))

    async def _refund(self, work: Work, known: UUID) -> None:
        await refund(work, self.desk, known, "有破损，退货", restock=False)
        self.year.counts["refunded"] += 1

    async def _give(self, work: Work, actor: Actor, known: UUID) -> None:
        held = await ledger.held_by(work.session, actor.community_id, actor.person_id)
        points = min(held.balance, 5)
        if points < 1:
            return
        if self.choose.random() < GIVES:
            to = self.year.of(Role.RESIDENT)[0]
            await give(work, actor, self.id_of("gift", known), to.person_id, points, "谢谢您平时照应")
            self.year.counts["gifts"] += 1
        else:
            await donate(work, actor, self.id_of("gift", known), self.id_of("cause"), points)
            self.year.counts["donations"] += 1
