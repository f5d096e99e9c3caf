"""Rules of the kitchen: prices by age, cut-offs, menus as typed, boxes cooked alike, rounds that can be carried."""

from __future__ import annotations

import itertools
import math
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import InvalidInputError
from gis.meals.days import monday_of
from gis.meals.diets import Diet, grouped, portions_of_dish
from gis.meals.grouping import cut
from gis.meals.menus import dishes_of, text_of
from gis.meals.prices import fen_of, rule_for, yuan_of
from gis.stations.hours import hours_of_week, week_of_hours
from gis.words.meals import KitchenDays, PriceRule
from web.i18n import translate_names
from web.meal_words import ALLERGEN_NAMES, allergen_words

DAY = date(2026, 6, 3)
SHENYANG = ZoneInfo("Asia/Shanghai")
ages = st.integers(0, 120)


def kitchen(cut_off: time = time(16), days_before: int = 1) -> KitchenDays:
    weekdays = frozenset({1, 2, 3, 4, 5})
    return KitchenDays(cut_off, days_before, time(11), time(12), weekdays, frozenset(), SHENYANG)


def rule(number: int, from_age: int, fen: int, first: date = DAY, last: date | None = None) -> PriceRule:
    return PriceRule(UUID(int=number), "", "", from_age, fen, first, last)


def test_80_pays_less_90_nothing_and_a_window_ends() -> None:
    rules = [rule(1, 0, 1200), rule(2, 80, 600, last=DAY), rule(3, 90, 0)]
    year = DAY.year
    found = {age: rule_for(rules, DAY, year - age) for age in (20, 79, 80, 89, 90, 101)}
    assert [one.price_fen for one in found.values() if one] == [1200, 1200, 600, 600, 0, 0]
    later = rule_for(rules, DAY + timedelta(days=1), year - 85)
    assert later is not None
    assert later.price_fen == 1200
    assert rule_for(rules, DAY - timedelta(days=1), year - 85) is None
    unknown = rule_for(rules, DAY, None)
    assert unknown is not None
    assert unknown.price_fen == 1200


@given(st.lists(st.tuples(ages, st.integers(0, 2000)), max_size=6), ages)
def test_nobody_pays_by_a_rule_for_older_people(given_rules: list[tuple[int, int]], age: int) -> None:
    rules = [rule(number, *one) for number, one in enumerate(given_rules)]
    found = rule_for(rules, DAY, DAY.year - age)
    reached = [one.from_age for one in rules if one.from_age <= age]
    assert (found is None) == (not reached)
    assert found is None or found.from_age == max(reached)


@given(st.integers(0, 99_999))
def test_money_comes_back_as_it_was_typed(fen: int) -> None:
    assert fen_of(yuan_of(fen)) == fen


@pytest.mark.parametrize("text", ["", "1.234", "-1", "1e3", "٣", "NaN", "12元5"])
def test_what_is_no_price(text: str) -> None:
    with pytest.raises(InvalidInputError):
        fen_of(text)
    assert fen_of("8") == fen_of("8.0 元") == 800


@given(st.integers(0, 7), st.integers(0, 23), st.integers(0, 40 * 24))
def test_a_day_is_closed_exactly_from_its_cut_off_on(days_before: int, hour: int, later_h: int) -> None:
    days = kitchen(time(hour), days_before)
    now = datetime(2026, 3, 1, tzinfo=SHENYANG) + timedelta(hours=later_h)
    first = days.first_open(now)
    assert days.cut_off_at(first) > now
    assert days.cut_off_at(first - timedelta(days=1)) <= now or first == now.astimezone(SHENYANG).date()


def test_a_menu_is_read_as_it_is_written() -> None:
    typed = "红烧带鱼 / Braised hairtail（鱼、大豆）\n\n  米饭 \n Nut cake (nuts, milk)"
    dishes = dishes_of(typed, allergen_words(), "day_0")
    assert [(one.name, one.name_en, one.allergens) for one in dishes] == [
        ("红烧带鱼", "Braised hairtail", ("fish", "soy")),
        ("米饭", "", ()),
        ("Nut cake", "", ("milk", "nuts")),
    ]
    names = translate_names("zh", {"allergen": ALLERGEN_NAMES})["allergen"]
    assert dishes_of(text_of(dishes, names), allergen_words(), "day_0") == dishes
    for wrong in ("鱼（石头）", "（鱼）", "a(b)(c)", "\n".join("菜" * 9), "菜" * 61):
        with pytest.raises(InvalidInputError):
            dishes_of(wrong, allergen_words(), "day_0")


def test_boxes_cooked_alike_are_one_group_and_dishes_are_counted_without_those_who_may_not() -> None:
    soft = Diet(("soft",), ("fish",))
    groups = grouped([(2, 1, soft), (1, 2, Diet()), (3, 3, soft), (4, 1, Diet())])
    assert [(one.boxes, one.servings) for one in groups] == [((1, 4), 3), ((2, 3), 4)]
    assert portions_of_dish(groups, ("fish", "soy")) == (3, 4)
    assert Diet.from_text(soft.as_text()) == soft


@given(st.lists(st.integers(1, 6), max_size=8), st.integers(1, 4), st.integers(3, 9), st.randoms())
def test_no_cut_of_a_tour_is_cheaper(servings: list[int], stops: int, most: int, chance) -> None:
    price = {
        pair: float(chance.randrange(50)) for pair in itertools.combinations(range(len(servings) + 1), 2)
    }

    def fits(begin: int, end: int) -> bool:
        return end - begin <= stops and (sum(servings[begin:end]) <= most or end - begin == 1)

    cuts = cut(servings, lambda begin, end: price[begin, end], most_stops=stops, most_servings=most)
    assert [one for begin, end in cuts for one in range(begin, end)] == list(range(len(servings)))
    assert all(fits(*one) for one in cuts)
    cheapest = math.inf
    for where in itertools.product((False, True), repeat=max(0, len(servings) - 1)):
        edges = [0, *(place + 1 for place, here in enumerate(where) if here), len(servings)]
        parts = list(itertools.pairwise(edges)) if servings else []
        if all(fits(*one) for one in parts):
            cheapest = min(cheapest, sum(price[one] for one in parts))
    assert sum(price[one] for one in cuts) == cheapest


spans = st.tuples(st.integers(0, 11), st.integers(1, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(st.one_of(st.none(), spans), min_size=7, max_size=7))
def test_hours_of_a_week_are_shown_as_they_were_entered(week) -> None:
    typed = ["" if one is None else f"{one[0]:02d}:00-{one[1]:02d}:00" for one in week]
    assert week_of_hours(hours_of_week(typed)) == typed


def test_a_week_begins_on_monday() -> None:
    assert monday_of(DAY) == monday_of(date(2026, 6, 7)) == date(2026, 6, 1)
