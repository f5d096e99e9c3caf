"""The kitchen on the real database: prices by the rule, racing closers and planners, cut-offs, crews, a simulated month."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest

from gis.errors import ConflictError, NotAllowedError
from gis.flows.meals.closing import bind_meals, close_due
from gis.flows.meals.crew import book_hours, roster, unroster
from gis.flows.meals.delivering import answer_stop
from gis.flows.meals.lists import kitchen_list
from gis.flows.meals.rounds import plan_rounds
from gis.flows.meals.statements import statement
from gis.flows.meals.subscribing import Pause, change_subscription, end_subscription, pause_meals
from gis.flows.teams.certificates import CertificateDraft, record_certificate
from gis.meals.days import eats_on
from gis.meals.prices import rule_for
from gis.recurrence import DAY
from gis.store import kitchens, meals, servings
from tests.loop import Loop
from tests.meals import AFTER_CUT_OFF, EVERY_DAY, MORNING, TOMORROW, draft, eater, on, open_kitchen, price


def say(number: int, stops: int, amount: int) -> str:
    return f"{number} {stops} {amount}"


async def test_the_statement_eats_and_pays_as_the_rules_say(loop: Loop) -> None:
    await open_kitchen(loop)
    choose = random.Random(7)
    for age, fen in ((0, 1200), (80, 600), (90, 0)):
        await price(loop, age, fen, TOMORROW + choose.randrange(3) * DAY)
    for number in range(30):
        first = TOMORROW + choose.randrange(5) * DAY
        one = await eater(loop, first_day=first, birth_year=choose.choice((None, 1930, 1940, 1990)),
                          weekdays=frozenset(choose.sample(sorted(EVERY_DAY), 4)))  # fmt: skip
        if number % 3 == 0:
            off = TOMORROW + choose.randrange(4) * DAY
            pause = Pause(one, one, off, off + choose.randrange(3) * DAY)
            await loop.act(pause_meals, loop.actor("desk"), pause)
    rules = await _read(loop, kitchens.all_rules)
    rows = await _read(loop, meals.subscriptions, since=TOMORROW)
    for ahead in range(8):
        day = TOMORROW + ahead * DAY
        found = {one.subscription_id: one for one in await _read(loop, servings.expected_on, day)}
        for row in rows:
            pauses = await _read(loop, meals.pauses_of, [row.subscription_id], since=day)
            spans = [(one.first_day, one.last_day) for one in pauses]
            eats = eats_on(day, row.first_day, row.last_day, row.weekdays, spans)
            assert (row.subscription_id in found) == eats
            if eats:
                rule = rule_for(rules, day, row.birth_year)
                got = found[row.subscription_id]
                assert (got.rule_id, got.price_fen) == ((rule.rule_id, rule.price_fen) if rule else (None, 0))


async def _read(loop: Loop, query, *args, **kwargs):
    async with loop.database.read() as session:
        return await query(session, "test", *args, **kwargs)


async def test_racing_keepers_close_a_day_once(loop: Loop) -> None:
    await open_kitchen(loop)
    await price(loop, 0, 1000)
    for _ in range(5):
        await eater(loop)
    loop.clock.at = AFTER_CUT_OFF
    sweep = bind_meals(loop.work)["sweep_meals"]
    await asyncio.gather(*(sweep() for _ in range(4)))
    assert [one.box for one in await _read(loop, servings.servings_on, TOMORROW)] == [1, 2, 3, 4, 5]
    async with loop.database.write() as session:  # a cheaper price from now on changes no closed day
        await session.direct("UPDATE meal_rule SET price_fen = 1 WHERE community_id = %(c)s", {"c": "test"})
    await sweep()
    assert {one.price_fen for one in await _read(loop, servings.servings_on, TOMORROW)} == {1000}


async def test_a_keeper_who_comes_late_closes_what_was_missed(loop: Loop) -> None:
    await open_kitchen(loop, closed_days=frozenset({TOMORROW + 2 * DAY}))
    one = await eater(loop)
    loop.clock.at = on(TOMORROW + 4 * DAY, 10)
    await loop.act(end_subscription, loop.actor("desk"), one)  # before the keeper has come by
    days = [row.day for row in await loop.rows("SELECT day FROM meal_serving ORDER BY day")]
    assert days == [TOMORROW + number * DAY for number in (0, 1, 3, 4)]


async def test_of_two_changes_one_is_told(loop: Loop) -> None:
    await open_kitchen(loop)
    one = await eater(loop)
    wanted = draft(loop.community, one)
    racing = (loop.act(change_subscription, loop.actor("desk"), wanted, 1) for _ in range(3))
    outcomes = await asyncio.gather(*racing, return_exceptions=True)
    assert sum(isinstance(one, ConflictError) for one in outcomes) == 2
    assert sum(one is None for one in outcomes) == 1


async def test_racing_planners_put_every_box_on_one_round(loop: Loop) -> None:
    await open_kitchen(loop, most_stops=2)
    for code in ("01-02", "02-01", "02-02", "02-02", "02-02"):
        await eater(loop, building_id=loop.community.buildings[code])
    loop.clock.at = MORNING
    desk = loop.actor("desk")
    made = await asyncio.gather(*(loop.act(plan_rounds, desk, TOMORROW, say) for _ in range(3)))
    assert sorted(made) == [0, 0, 3]
    rows = await loop.rows("SELECT round_id, stop FROM meal_serving ORDER BY round_id, stop")
    assert len({tuple(row) for row in rows}) == 5
    assert await loop.value("SELECT max(stops) FROM meal_round") == 2
    cases = await loop.rows('SELECT category, starts_at FROM "case"')
    assert {(row.category, row.starts_at) for row in cases} == {("meal_delivery", on(TOMORROW, 11))}
    loop.clock.at = on(TOMORROW, 13)
    await eater(loop, first_day=TOMORROW + 2 * DAY)
    with pytest.raises(ConflictError, match="eaten"):
        await loop.act(plan_rounds, desk, TOMORROW, say)


async def test_racing_answers_make_one_look_after(loop: Loop) -> None:
    await open_kitchen(loop)
    one = await eater(loop, birth_year=1930)
    loop.clock.at = MORNING
    desk = loop.actor("desk")
    await loop.act(plan_rounds, desk, TOMORROW, say)
    round_id = await loop.value("SELECT round_id FROM meal_round")
    racing = (
        loop.act(answer_stop, desk, round_id, one, outcome="not_home", say="没人应门") for _ in range(3)
    )
    assert await asyncio.gather(*racing) == [None] * 3
    rows = await loop.rows("SELECT urgent FROM \"case\" WHERE category = 'elderly_care'")
    assert [row.urgent for row in rows] == [True]
    assert await loop.value("SELECT count(*) FROM meal_serving WHERE case_id IS NOT NULL") == 1


async def test_nobody_without_a_health_certificate_and_only_on_ones_day(loop: Loop) -> None:
    await open_kitchen(loop)
    await eater(loop, diets=frozenset({"low_salt"}))
    desk, cook = loop.actor("desk"), loop.actor("resident")
    with pytest.raises(ConflictError, match="certificate"):
        await loop.act(roster, desk, TOMORROW, cook.person_id, "cook")
    issued = TOMORROW - timedelta(days=340)
    held = CertificateDraft(cook.person_id, str(cook.person_id), "health", issued, TOMORROW + 9 * DAY, "")
    await loop.act(record_certificate, desk, held)
    assert await loop.act(roster, desk, TOMORROW, cook.person_id, "cook") == TOMORROW + 9 * DAY
    with pytest.raises(ConflictError, match="certificate"):
        await loop.act(roster, desk, TOMORROW + 10 * DAY, cook.person_id, "cook")
    loop.clock.at = MORNING
    assert (await loop.act(kitchen_list, cook, TOMORROW)).groups[0].diet.kinds == ("low_salt",)
    with pytest.raises(NotAllowedError):
        await loop.act(kitchen_list, cook, TOMORROW + DAY)
    looks = await loop.rows("SELECT person_id FROM access WHERE kind = 'meal_diets'")
    assert [row.person_id for row in looks] == [cook.person_id]
    await loop.act(unroster, desk, TOMORROW, cook.person_id)
    with pytest.raises(NotAllowedError):  # at once
        await loop.act(kitchen_list, cook, TOMORROW)
    await loop.act(roster, desk, TOMORROW, cook.person_id, "pack")
    await loop.act(book_hours, desk, TOMORROW, cook.person_id, 2.5)
    assert await loop.value("SELECT sum(hours) FROM service") == 2.5


async def test_a_month_adds_up(loop: Loop) -> None:
    await open_kitchen(loop)
    await price(loop, 0, 1000)
    await eater(loop, servings=2)
    loop.clock.at = on(TOMORROW + 9 * DAY, 10)
    await loop.act(close_due, "test")
    month = await loop.act(statement, loop.actor("desk"), TOMORROW.replace(day=1))
    assert (month.servings, month.fen) == (20, 20_000)
    assert (sum(one.fen for one in month.people), month.rules[0].people) == (20_000, 1)
