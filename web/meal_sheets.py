"""A month of the kitchen as sheets: by rule, and by who ate."""

from __future__ import annotations

from gis.exports.sheets import Column, Sheet
from gis.flows.meals.statements import Statement
from web.i18n import N_, translate


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


def _named(language: str, name: str, name_en: str) -> str:
    return name_en if language == "en" and name_en else name
