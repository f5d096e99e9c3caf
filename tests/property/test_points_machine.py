"""Whatever is closed, reopened, redeemed, handed out, refunded, given and corrected in whatever order: the books balance."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from gis.clock import SettableClock
from gis.errors import WeiwangError
from gis.flows.atlas import Atlas
from gis.flows.reopen import reopen
from gis.flows.service.donating import donate, give
from gis.flows.service.expiring import expire_code, expire_points
from gis.flows.service.handing_out import hand_out
from gis.flows.service.hours import Hours, correct_hours, enter_hours
from gis.flows.service.keeping import change_stock, put_reward, set_rules
from gis.flows.service.partners import put_cause
from gis.flows.service.redeeming import cancel_redemption, redeem, refund
from gis.flows.verify import verify
from gis.service.books import Flow
from gis.service.books import books as balanced
from gis.settings import DispatchSettings, Settings
from gis.store import books
from gis.store.causes import Cause
from gis.store.photos import PhotoStore
from gis.store.point_rules import PointRules
from gis.store.rewards import Reward
from gis.store.session import Database
from gis.words import AccountKind
from tests.factories import draw_community
from tests.loop import Loop

T = TypeVar("T")
WORKERS = ("rider1", "rider2", "watcher01-01")
REWARDS = {"eggs": (20, 3), "soap": (7, 2)}
NUMBERS = itertools.count()
BEGINNING = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
workers = st.sampled_from(WORKERS)


class Points(RuleBasedStateMachine):
    """One community and what its people earn and spend; ``net`` is what each should have, less what they owe."""

    runner: asyncio.Runner
    database: Database
    defaults: Settings
    cases = Bundle("cases")
    closed = Bundle("closed")
    events = Bundle("events")
    redeemed = Bundle("redeemed")

    def do(self, flow: Callable[..., Awaitable[T]], *args: Any, **options: Any) -> T:
        return self.runner.run(self.loop.act(flow, *args, **options))

    def refused(self, codes: set[str], act: Callable[[], Any], times: int = 1) -> bool:
        """Tell whether an act is refused, which it may only be for one of some reasons."""
        try:
            for _ in range(times):  # the button pressed twice
                act()
        except WeiwangError as error:
            if error.code in codes:
                return True
            raise
        return False

    @initialize()
    def begin(self) -> None:
        self.net = dict.fromkeys(WORKERS, 0)
        self.runner.run(self._draw())
        self.desk = self.loop.actor("desk")
        self.rewards = {name: uuid4() for name in REWARDS}
        self.cause = uuid4()
        self.do(put_cause, self.desk, Cause(self.cause, "助老", "", "", active=True))
        rules = PointRules(expire_months=1, code_days=20, by_category={"sewer": 12})
        self.do(set_rules, self.loop.actor("admin"), rules)
        for name, (cost, stock) in REWARDS.items():
            kept = Reward(self.rewards[name], name, "", "", cost, 3, "ever", None, None, None, active=True)
            self.do(put_reward, self.desk, kept)
            self.do(change_stock, self.desk, uuid4(), kept.reward_id, stock, "进货")

    async def _draw(self) -> None:
        async with self.database.write() as session:
            community = await draw_community(session, f"books{next(NUMBERS)}")
        clock = SettableClock(BEGINNING)
        photos = PhotoStore(self.defaults.photo_folder)
        atlas = Atlas(office=self.defaults.office)
        self.loop = Loop(self.database, community, clock, photos, self.defaults, atlas)

    @rule(target=cases, who=workers, minutes=st.integers(1, 300))
    def finish(self, who: str, minutes: int) -> tuple[UUID, str, int]:
        """Have a case that somebody has done the work of."""
        filed = self.runner.run(self.loop.report())
        self.runner.run(self._done(filed.case_id, who, minutes))
        return filed.case_id, who, minutes

    async def _done(self, case_id: UUID, who: str, minutes: int) -> None:
        async with self.database.write() as session:
            await session.run(
                text(
                    "UPDATE \"case\" SET status = 'done', assignee_id = :who, opened_at = :from, accepted_at = :from,"
                    " done_at = :at WHERE case_id = :case"
                ),
                {
                    "who": self.loop.community.id(who),
                    "from": self.loop.clock.at - timedelta(minutes=minutes),
                    "at": self.loop.clock.at,
                    "case": case_id,
                },
            )

    @rule(target=closed, case=consumes(cases))
    def close(self, case: tuple[UUID, str, int]) -> tuple[UUID, str, int]:
        case_id, who, minutes = case
        self.do(verify, self.desk, case_id)
        earned = max(1, round(round(min(4.0, max(0.25, minutes / 60)), 2) * 12))
        self.net[who] += earned
        return case_id, who, earned

    @rule(case=consumes(closed))
    def take_back(self, case: tuple[UUID, str, int]) -> None:
        case_id, who, earned = case
        self.do(reopen, self.desk, case_id, "没有修好")
        self.net[who] -= earned

    @rule(target=events, who=workers, hours=st.floats(0.5, 8))
    def enter(self, who: str, hours: float) -> list[Any]:
        batch = uuid4()
        person = self.loop.community.id(who)
        for _ in range(2):  # the button pressed twice
            self.do(
                enter_hours, self.desk, batch, "大扫除", self.loop.clock.at.date(), [Hours(person, hours)]
            )
        [row] = self.runner.run(
            self.loop.rows(
                "SELECT service_id, hours FROM service WHERE person_id = :who ORDER BY at DESC, ctid DESC LIMIT 1",
                who=person,
            )
        )
        earned = max(1, round(row.hours * 10))
        self.net[who] += earned
        return [row.service_id, who, earned]

    @rule(event=events, hours=st.sampled_from([0.0, 0.25, 3.0, 7.5]))
    def correct(self, event: list[Any], hours: float) -> None:
        service_id, who, earned = event
        new = uuid4()
        if self.refused(
            {"already_corrected", "hours_unchanged"},
            lambda: self.do(correct_hours, self.desk, service_id, new, hours, "登记错了"),
            times=2,
        ):
            return
        right = max(1, round(hours * 10)) if hours else 0
        self.net[who] += right - earned
        event[0], event[2] = new, right

    @rule(target=redeemed, who=workers, name=st.sampled_from(list(REWARDS)))
    def redeem(self, who: str, name: str) -> list[Any]:
        known, cost = uuid4(), REWARDS[name][0]
        if self.refused(
            {"points_too_few", "reward_sold_out", "reward_limit_reached"},
            lambda: self.do(redeem, self.loop.actor(who), known, self.rewards[name]),
            times=2,
        ):
            return [None, who, "", 0]
        self.net[who] -= cost
        code = self.runner.run(
            self.loop.value("SELECT code FROM redemption WHERE redemption_id = :id", id=known)
        )
        return [known, who, code, cost]

    @rule(what=redeemed, verb=st.sampled_from(["hand_out", "cancel", "refund"]))
    def end(self, what: list[Any], verb: str) -> None:
        known, who, code, cost = what
        if known is None:
            return
        acts: dict[str, Callable[[], Any]] = {
            "hand_out": lambda: self.do(hand_out, self.desk, code),
            "cancel": lambda: self.do(cancel_redemption, self.loop.actor(who), known),
            "refund": lambda: self.do(refund, self.desk, known, "坏了", restock=cost != 7),
        }
        over = {"redemption_over", "reward_code_used", "reward_code_expired"}
        if not self.refused(over, acts[verb]) and verb != "hand_out":
            self.net[who] += cost

    @rule(days=st.sampled_from([3, 21, 40]))
    def wait(self, days: int) -> None:
        """Let time pass, and what expires by itself expire."""
        self.loop.wait(days * 86400)
        key = self.loop.community.community_id
        late = self.runner.run(
            self.loop.rows(
                "SELECT redemption_id, person_id, points FROM redemption WHERE community_id = :key AND status = 'open'"
                " AND expires_at <= :now",
                key=key,
                now=self.loop.clock.at,
            )
        )
        for one in late:
            assert self.do(expire_code, key, one.redemption_id)
            assert not self.do(expire_code, key, one.redemption_id)
            self.net[next(w for w in WORKERS if self.loop.community.id(w) == one.person_id)] += one.points
        before = self.balances()
        gone = self.do(expire_points, key)
        after = self.balances()
        assert sum(before.values()) - sum(after.values()) == gone
        assert all(after[who] <= before[who] for who in WORKERS)
        for who in WORKERS:
            self.net[who] -= before[who] - after[who]

    @rule(who=workers, to=workers, points=st.integers(1, 30))
    def give(self, who: str, to: str, points: int) -> None:
        gift, target = uuid4(), self.loop.community.id(to)
        if not self.refused(
            {"points_too_few", "neighbour_self"},
            lambda: self.do(give, self.loop.actor(who), gift, target, points, "谢谢"),
            times=2,
        ):
            self.net[who] -= points
            self.net[to] += points

    @rule(who=workers, points=st.integers(1, 30))
    def donate(self, who: str, points: int) -> None:
        if not self.refused(
            {"points_too_few"}, lambda: self.do(donate, self.loop.actor(who), uuid4(), self.cause, points)
        ):
            self.net[who] -= points

    @invariant()
    def the_books_balance(self) -> None:
        key = self.loop.community.community_id
        assert self.read(books.findings, key) == []
        moved = [
            Flow(AccountKind(one.source), AccountKind(one.target), one.before, one.points, one.entries)
            for one in self.read(books.flows, key, BEGINNING, self.loop.clock.at + timedelta(days=1))
        ]
        assert balanced(moved).closing == 0
        stock = self.runner.run(
            self.loop.value("SELECT min(stock) FROM reward WHERE community_id = :key", key=key)
        )
        assert stock >= 0
        owed = self.balances("reversal")
        held = self.balances()
        assert min(held.values()) >= 0
        assert not any(held[who] and owed[who] for who in WORKERS), "who owes pays from what they have"
        assert {who: held[who] + owed[who] for who in WORKERS} == self.net

    def read(self, query: Callable[..., Awaitable[T]], *args: Any) -> T:
        async def found() -> T:
            async with self.database.read() as session:
                return await query(session, *args)

        return self.runner.run(found())

    def balances(self, kind: str = "person") -> dict[str, int]:
        rows = self.runner.run(
            self.loop.rows(
                "SELECT person_id, balance FROM account WHERE community_id = :key AND kind = :kind",
                key=self.loop.community.community_id,
                kind=kind,
            )
        )
        kept = {row.person_id: row.balance for row in rows}
        return {who: kept.get(self.loop.community.id(who), 0) for who in WORKERS}


def test_the_books_balance_whatever_happens(database_url: str, tmp_path: Any) -> None:
    with asyncio.Runner() as runner:
        database = Database(database_url)
        defaults = Settings(state=tmp_path, dispatch=DispatchSettings(roster_s=0.0))
        machine = type("Machine", (Points,), {"runner": runner, "database": database, "defaults": defaults})
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=4,
                    stateful_step_count=24,
                    phases=[Phase.generate],
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(database.close())
