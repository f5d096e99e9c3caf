"""Sheets of points and hours: statements, the books of a month, star volunteers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

from gis.exports.sheets import Column, Sheet
from gis.service.books import Books
from web.i18n import N_, translate
from web.service_words import ACCOUNT_NAMES, FINDING_NAMES, MEMO_NAMES, MOVEMENT_NAMES, REDEMPTION_NAMES


def said(language: str, entry: Mapping[str, Any], categories: Mapping[str, str]) -> str:
    """Return what an entry is for, in words.

    Parameters
    ----------
    language
        Of the reader.
    entry
        As pages are given it.
    categories
        What they are called.
    """
    memo = str(entry["memo"])
    known = translate(language, MEMO_NAMES[memo]) if memo in MEMO_NAMES else categories.get(memo, memo)
    other = str((entry["other_en"] if language == "en" else "") or entry["other"])
    return " · ".join(part for part in (other, known) if part)


def statement_sheet(
    language: str, statement: Mapping[str, Any], zone: tzinfo, categories: Mapping[str, str]
) -> Sheet:
    """Return somebody's statement as a sheet, with the balance after each entry.

    Parameters
    ----------
    language, statement, zone, categories
        In which words, what, by which clock, and what categories are called.
    """
    balance, rows = int(statement["opening"]), []
    for one in statement["entries"]:
        balance += one["points"]
        kind = translate(language, MOVEMENT_NAMES[one["kind"]])
        rows.append((one["at"], kind, said(language, one, categories), one["hours"], one["points"], balance))
    columns = [
        Column("at", translate(language, N_("时间")), "moment"),
        Column("kind", translate(language, N_("种类"))),
        Column("what", translate(language, N_("内容"))),
        Column("hours", translate(language, N_("小时")), "number"),
        Column("points", translate(language, N_("积分")), "integer"),
        Column("balance", translate(language, N_("余额")), "integer"),
    ]
    return Sheet(translate(language, N_("积分明细")), columns, rows, zone)


def stars_sheet(language: str, year: int, found: Sequence[Any]) -> Sheet:
    """Return a year's star volunteers as a sheet, by name."""
    columns = [
        Column("name", translate(language, N_("姓名"))),
        Column("stars", translate(language, N_("星级")), "integer"),
        Column("hours", translate(language, N_("小时")), "number"),
        Column("consents", translate(language, N_("同意公布")), "flag"),
    ]
    rows = [(one.name, one.stars, one.hours, one.consents) for one in found]
    title = translate(language, N_("年度星级志愿者"))
    return Sheet(f"{title} {year}", columns, rows)


def redeemed_sheet(language: str, zone: tzinfo, found: Sequence[Any]) -> Sheet:
    """Return what people redeemed as a sheet, without the codes.

    Parameters
    ----------
    language, zone, found
        In which words, by which clock, and what.
    """
    columns = [
        Column("at", translate(language, N_("时间")), "moment"),
        Column("person", translate(language, N_("姓名"))),
        Column("reward", translate(language, N_("兑换品"))),
        Column("points", translate(language, N_("积分")), "integer"),
        Column("status", translate(language, N_("状态"))),
        Column("handed_out_at", translate(language, N_("领取时间")), "moment"),
        Column("ended_at", translate(language, N_("结束时间")), "moment"),
        Column("reason", translate(language, N_("原因"))),
    ]
    rows = [
        (
            one.created_at,
            one.person_name,
            (one.reward_en if language == "en" else "") or one.reward,
            one.points,
            translate(language, REDEMPTION_NAMES[one.status]),
            one.handed_out_at,
            one.ended_at,
            one.reason,
        )
        for one in found
    ]
    return Sheet(translate(language, N_("兑换记录")), columns, rows, zone)


def books_sheets(language: str, books: Books, rewards: Sequence[Any], findings: Sequence[Any]) -> list[Sheet]:
    """Return a month's books as sheets: accounts, movements, rewards, and what doesn't balance.

    Parameters
    ----------
    language, books, rewards, findings
        In which words, and what.
    """
    return [
        _accounts(language, books),
        _movements(language, books),
        _rewards(language, rewards),
        _findings(language, findings),
    ]


def _accounts(language: str, books: Books) -> Sheet:
    columns = [
        Column("account", translate(language, N_("账户"))),
        Column("opening", translate(language, N_("期初")), "integer"),
        Column("came", translate(language, N_("转入")), "integer"),
        Column("went", translate(language, N_("转出")), "integer"),
        Column("closing", translate(language, N_("期末")), "integer"),
    ]
    rows = [
        (translate(language, ACCOUNT_NAMES[one.kind]), one.opening, one.came, one.went, one.closing)
        for one in books.lines
    ]
    came, went = sum(one.came for one in books.lines), sum(one.went for one in books.lines)
    rows.append((translate(language, N_("合计")), books.opening, came, went, books.closing))
    return Sheet(translate(language, N_("账户")), columns, rows)


def _movements(language: str, books: Books) -> Sheet:
    columns = [
        Column("kind", translate(language, N_("种类"))),
        Column("entries", translate(language, N_("笔数")), "integer"),
        Column("points", translate(language, N_("积分")), "integer"),
    ]
    rows = [
        (translate(language, MOVEMENT_NAMES[kind]), entries, points)
        for kind, (entries, points) in books.movements.items()
    ]
    return Sheet(translate(language, N_("变动")), columns, rows)


def _rewards(language: str, rewards: Sequence[Any]) -> Sheet:
    titles = {
        "redeemed": N_("兑换"),
        "points": N_("积分"),
        "handed_out": N_("发放"),
        "refunded": N_("退货"),
        "cancelled": N_("取消"),
        "expired": N_("过期未领"),
        "waiting": N_("待领取"),
        "put_in": N_("进出库"),
        "stock": N_("现有库存"),
    }
    columns = [Column("name", translate(language, N_("兑换品")))]
    columns += [Column(key, translate(language, text), "integer") for key, text in titles.items()]
    rows = [
        ((one.name_en if language == "en" else "") or one.name, *(getattr(one, key) for key in titles))
        for one in rewards
    ]
    return Sheet(translate(language, N_("兑换品")), columns, rows)


def _findings(language: str, findings: Sequence[Any]) -> Sheet:
    columns = [
        Column("kind", translate(language, N_("哪一项"))),
        Column("subject", translate(language, N_("哪一个"))),
        Column("kept", translate(language, N_("账上")), "integer"),
        Column("counted", translate(language, N_("算出")), "integer"),
    ]
    rows = [
        (translate(language, FINDING_NAMES[one.kind]), one.subject, one.kept, one.counted) for one in findings
    ]
    return Sheet(translate(language, N_("对不上的")), columns, rows)
