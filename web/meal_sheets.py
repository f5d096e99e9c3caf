"""Sheets of the kitchen: a month by rule and by who ate, and who has subscribed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from gis.exports.sheets import Column, Sheet
from gis.flows.meals.statements import Statement
from web.i18n import N_, translate
from web.meal_words import MEAL_SOURCES, WAY_NAMES
from web.people_words import WEEKDAY_NAMES
from web.romanise import place_name


def statement_sheets(language: str, found: Statement) -> list[Sheet]:
    """Return a month as two sheets; money in yuan, for that is what an office adds up.

    Parameters
    ----------
    language, found
        Of the reader, and the month.
    """

    def say(text: str) -> str:
        return translate(language, text)

    price, servings, money = say(N_("单价（元）")), say(N_("份数")), say(N_("金额（元）"))
    rules = [
        (
            _named(language, one.rule.name, one.rule.name_en) if one.rule else say(N_("没有价格")),
            one.rule.from_age if one.rule else None,
            one.rule.price_fen / 100 if one.rule else None,
            one.people,
            one.servings,
            one.fen / 100,
        )
        for one in found.rules
    ]
    rules.append((say(N_("合计")), None, None, len(found.people), found.servings, found.fen / 100))
    people = [
        (one.name, "、".join(one.rules), one.servings, one.cancelled, one.fen / 100) for one in found.people
    ]
    return [
        Sheet(
            f"{found.month:%Y-%m}",
            [
                Column("rule", say(N_("价格"))),
                Column("from_age", say(N_("年龄起")), "integer"),
                Column("price", price, "money"),
                Column("people", say(N_("人数")), "integer"),
                Column("servings", servings, "integer"),
                Column("money", money, "money"),
            ],
            rules,
        ),
        Sheet(
            say(N_("订餐人")),
            [
                Column("name", say(N_("姓名"))),
                Column("rules", say(N_("价格"))),
                Column("servings", servings, "integer"),
                Column("cancelled", say(N_("取消")), "integer"),
                Column("money", money, "money"),
            ],
            people,
        ),
    ]


def subscriber_sheet(language: str, found: Sequence[Mapping[str, Any]]) -> Sheet:
    """Return who eats when as a sheet; what somebody may not eat isn't in it.

    Parameters
    ----------
    language, found
        Of the reader, and subscriptions as they are answered.
    """
    t = partial(translate, language)
    columns = [
        *(
            Column(key, t(title))
            for key, title in (
                ("name", N_("姓名")),
                ("phone", N_("电话")),
                ("place", N_("地址")),
                ("unit", N_("单元")),
                ("floor", N_("楼层")),
                ("flat", N_("房号")),
                ("way", N_("怎么取餐")),
                ("weekdays", N_("星期几用餐")),
            )
        ),
        Column("servings", t(N_("每次几份")), "integer"),
        Column("price", t(N_("单价（元）")), "money"),
        Column("first_day", t(N_("从哪天起")), "date"),
        Column("last_day", t(N_("到哪天为止")), "date"),
        Column("paused", t(N_("暂停"))),
        Column("source", t(N_("怎么登记的"))),
    ]
    return Sheet(t(N_("订餐人")), columns, [_subscriber(language, one) for one in found])


def _subscriber(language: str, one: Mapping[str, Any]) -> tuple[Any, ...]:
    t = partial(translate, language)
    fen = one["next_fen"]
    return (
        one["name"],
        one["phone"],
        place_name(language, one["place"]),
        one["unit"],
        one["floor"],
        one["flat"],
        t(WAY_NAMES.get(one["way"], one["way"])),
        " ".join(t(WEEKDAY_NAMES[str(day)]) for day in one["weekdays"]),
        one["servings"],
        None if fen is None else fen / 100,
        one["first_day"],
        one["last_day"],
        " ".join(f"{pause['first_day']}–{pause['last_day']}" for pause in one["pauses"]),
        t(MEAL_SOURCES.get(one["source"], one["source"])),
    )


def _named(language: str, name: str, name_en: str) -> str:
    return name_en if language == "en" and name_en else name
