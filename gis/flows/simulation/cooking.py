"""The kitchen and the stations in a simulated year: what is cooked, who eats, what is in stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import islice
from uuid import UUID

from gis.flows.demo_names import invented_names
from gis.flows.meals.closing import close_due
from gis.flows.meals.crew import HEALTH, JOBS, roster
from gis.flows.meals.kitchen import KitchenDraft, add_price, set_kitchen, set_menu
from gis.flows.meals.subscribing import SubscriptionDraft, subscribe
from gis.flows.simulation.strand import Strand
from gis.flows.station_minding import appoint_keeper, count_stock, keep_in_stock
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.meals.days import monday_of
from gis.meals.subscribing import CONSENT_VERSION
from gis.recurrence import DAY
from gis.store import certificates, community_facts, servings, station_minding, stations
from gis.words import Role
from gis.words.meals import Dish, PriceRule

EATERS = 60
A_DAY = 106
"""Servings of a day: some 38,000 in a year, closed days and pauses taken off."""
EVERY_DAY = frozenset(range(1, 8))
PRICES = (
    ("普通", "Everybody", 0, 1200),
    ("80 岁以上", "80 and older", 80, 600),
    ("90 岁以上", "90 and older", 90, 0),
)
DISHES = (
    (Dish("红烧带鱼", "Braised hairtail", ("fish", "soy")), Dish("醋溜白菜", "Cabbage in vinegar", ("soy",))),
    (
        Dish("西红柿炒鸡蛋", "Tomato and eggs", ("egg",)),
        Dish("肉末豆腐", "Tofu with minced pork", ("soy", "pork")),
    ),
    (Dish("清炖鸡块", "Stewed chicken"), Dish("地三鲜", "Potato, aubergine, pepper", ("soy",))),
    (Dish("萝卜炖牛腩", "Beef with radish"), Dish("蒜蓉油菜", "Greens with garlic")),
    (
        Dish("芹菜炒肉", "Pork with celery", ("pork",)),
        Dish("冬瓜虾仁汤", "Wax gourd and shrimps", ("crustaceans",)),
    ),
    (Dish("排骨炖豆角", "Ribs with beans", ("pork",)), Dish("凉拌黄瓜", "Cucumber salad", ("sesame",))),
    (Dish("猪肉白菜饺子", "Dumplings", ("gluten", "pork")), Dish("小米粥", "Millet porridge")),
)
DIETS = (("low_salt",), ("low_sugar",), ("soft",), ("low_salt", "soft"), ("halal",))
STOCK = (
    ("water", 24, 60),
    ("first_aid", 2, 4),
    ("heat_medicine", 10, 30),
    ("power_bank", 2, 5),
    ("umbrella", 5, 9),
)
CLOSING_EVERY = 28


@dataclass(slots=True)
class Cooking(Strand):
    """What is cooked and eaten besides the cases."""

    name = "cooking"

    def expect(self) -> None:
        """Plan the kitchen at the beginning, its days over the year, this week's menu and stock at the end."""
        planner = self.year.planner
        self.at(0, 6, self._open)
        self.at(0, 7, self._subscribe)
        for day in range(CLOSING_EVERY, planner.days, CLOSING_EVERY):
            self.at(day, 17, self._close)
        self.year.at(self.year.until - timedelta(hours=2), self._now)
        self.year.at(self.year.until - timedelta(hours=1), self._stations)

    async def _open(self, work: Work) -> None:
        homes = await community_facts.addresses(work.session, self.desk.community_id)
        draft = KitchenDraft("妈妈厨房", homes[0].id, time(16), 1, time(11), time(12, 30), EVERY_DAY)
        await set_kitchen(work, self.desk, draft)
        first = await self._first_open(work)
        for name, name_en, age, fen in PRICES:
            window = (time(10, 30), time(11)) if age else (None, None)
            rule = PriceRule(self.id_of("price", age), name, name_en, age, fen, first, None, *window)
            await add_price(work, self.desk, rule)

    async def _first_open(self, work: Work) -> date:
        return (await close_due(work, self.desk.community_id)).days.first_open(work.clock.now())

    async def _subscribe(self, work: Work) -> None:
        homes = await community_facts.addresses(work.session, self.desk.community_id)
        first = await self._first_open(work)
        amounts = self._amounts()
        names = islice(invented_names(self.year.behaviour.seed + 41), EATERS)
        for number, (name, amount) in enumerate(zip(names, amounts, strict=True)):
            await subscribe(
                work, self.desk, self._draft(number, name, amount, first, self.choose.choice(homes).id)
            )
        self.year.counts["meal_subscriptions"] += EATERS

    def _amounts(self) -> list[int]:
        amounts = [1] * EATERS
        for _ in range(A_DAY - EATERS):
            amounts[self.choose.randrange(EATERS)] += 1
        return amounts

    def _draft(self, number: int, name: str, amount: int, first: date, building: UUID) -> SubscriptionDraft:
        choose = self.choose
        special = choose.random() < 0.25  # noqa: PLR2004
        return SubscriptionDraft(
            self.id_of("eater", number),
            first,
            EVERY_DAY,
            own=False,
            name=name,
            phone=f"024-8888{number:04d}",
            birth_year=first.year - choose.randrange(68, 96),
            building_id=building,
            unit=str(choose.randrange(1, 3)),
            floor=str(choose.randrange(1, 7)),
            flat=str(choose.randrange(101, 700)),
            servings=amount,
            way="deliver" if choose.random() < 0.4 else "collect",  # noqa: PLR2004
            diets=frozenset(choose.choice(DIETS)) if special else frozenset(),
            consent_by="本人",
            consent_version=CONSENT_VERSION,
            source=choose.choice(("desk", "phone")),
        )

    async def _close(self, work: Work) -> None:
        await close_due(work, self.desk.community_id)
        today = await today_in(work.session, work.clock, self.desk.community_id)
        await servings.all_eaten(
            work.session, self.desk.community_id, today, self.desk.person_id, work.clock.now()
        )

    async def _now(self, work: Work) -> None:
        """Close what is due, publish the menus of last week, this and the next, and put people on the crew."""
        await self._close(work)
        today = await today_in(work.session, work.clock, self.desk.community_id)
        for week in (-1, 0, 1):
            monday = monday_of(today) + 7 * week * DAY
            dishes = {monday + turn * DAY: list(DISHES[(turn + week) % len(DISHES)]) for turn in range(7)}
            await set_menu(work, self.desk, monday, dishes, base=0, publish=True)
        for ahead in (0, 1):
            day = today + ahead * DAY
            held = await certificates.holders(work.session, self.desk.community_id, HEALTH, day)
            for person_id, job in zip(sorted(held), JOBS, strict=False):
                await roster(work, self.desk, day, person_id, job)

    async def _stations(self, work: Work) -> None:
        community_id = self.desk.community_id
        keepers = self.year.of(Role.WATCHER)
        for number, one in enumerate(await stations.stations_of(work.session, community_id)):
            await appoint_keeper(work, self.desk, one.code, keepers[number % len(keepers)].person_id)
            for kind, least, _ in STOCK:
                item_id = self.id_of(one.code, kind)
                await keep_in_stock(
                    work, self.desk, one.code, item_id=item_id, kind=kind, name="", least=least
                )
            items = await station_minding.items_of(work.session, community_id, one.code)
            usual = {kind: (least, most) for kind, least, most in STOCK}
            counts = {item.item_id: self.choose.randrange(*usual[item.kind]) for item in items}
            await count_stock(work, self.desk, one.code, counts, self.id_of(one.code, "count"))
