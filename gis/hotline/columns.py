"""Which column of a hotline's file is what: guessed from the titles, stated by the office where the guess is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FIELDS = ("order_number", "words", "address", "category", "received_at", "due_at", "callback", "detail")
NEEDED = ("words", "address")
"""Without these a row says nothing."""
TITLES: Mapping[str, tuple[str, ...]] = {  # as written first, then what a title may contain
    "order_number": (
        "工单编号",
        "工单号",
        "热线编号",
        "受理编号",
        "单号",
        "编号",
        "order number",
        "order no",
        "ticket",
    ),
    "words": (
        "诉求内容",
        "诉求描述",
        "问题描述",
        "工单内容",
        "主要内容",
        "反映内容",
        "内容",
        "诉求",
        "描述",
        "content",
        "words",
    ),
    "address": (
        "事发地址",
        "诉求地址",
        "详细地址",
        "问题地址",
        "事件地址",
        "地址",
        "地点",
        "位置",
        "address",
        "location",
    ),
    "category": (
        "诉求类型",
        "问题类型",
        "事项类别",
        "归口类型",
        "诉求分类",
        "问题分类",
        "类别",
        "类型",
        "分类",
        "category",
        "type",
    ),
    "received_at": (
        "受理时间",
        "来电时间",
        "诉求时间",
        "登记时间",
        "创建时间",
        "接单时间",
        "派单时间",
        "received",
        "created",
    ),
    "due_at": (
        "办结时限",
        "要求办结时间",
        "截止时间",
        "办理时限",
        "反馈时限",
        "到期时间",
        "办结期限",
        "期限",
        "时限",
        "due",
        "deadline",
    ),
    "callback": (
        "联系电话",
        "来电号码",
        "回访电话",
        "联系方式",
        "手机号码",
        "手机号",
        "电话",
        "phone",
        "callback",
    ),
    "detail": ("楼层", "单元室号", "补充说明", "备注", "detail", "note"),
}
HEADER_WITHIN = 15
"""The titles stand in one of the first so many rows."""
MOST_COLUMNS = 200
_BETWEEN = re.compile(r"[\s:：*（()）/_-]+")


@dataclass(frozen=True, slots=True)
class Header:
    """The titles of a file, and in which row (counted from 0) they end."""

    row: int
    titles: tuple[str, ...]


def plain_title(title: str) -> str:
    """Return a title as it is compared: half width, lower case, without what stands between words."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", title)).lower()


def guess(titles: Sequence[str], remembered: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return which title is which field; one that was used before comes first.

    Parameters
    ----------
    titles
        Of the file.
    remembered
        Field to title, as last used by the office.
    """
    before = (remembered or {}).items()
    found = {field: title for field, title in before if field in FIELDS and title in titles}
    for exactly in (True, False):
        for field in FIELDS:
            taken = set(found.values())
            free = [title for title in titles if title and title not in taken]
            like = None if field in found else _like(field, free, exactly=exactly)
            if like:
                found[field] = like
    return found


def _like(field: str, titles: Sequence[str], *, exactly: bool) -> str | None:
    for wanted in map(plain_title, TITLES[field]):
        for title in titles:
            shown = plain_title(title)
            if shown == wanted or (not exactly and wanted in shown):
                return title
    return None


def find_header(rows: Sequence[Sequence[str]]) -> Header | None:
    """Return where the titles stand: titles over several columns lie above them, a heading of the file above all.

    Parameters
    ----------
    rows
        The first rows, every cell as text.
    """
    best, most = None, 1
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        titles = _titles(rows, number)
        known = len(guess(titles))
        if known > most and len(set(filter(None, row))) > 1:
            best, most = Header(number, titles), known
    return best


def _titles(rows: Sequence[Sequence[str]], number: int) -> tuple[str, ...]:
    """Return the titles of a row; where it is empty the one above holds, and repeated ones are numbered."""
    row, above = rows[number], rows[number - 1] if number else ()
    titles: list[str] = []
    for column, cell in enumerate(row[:MOST_COLUMNS]):
        title = cell.strip() or (above[column].strip() if column < len(above) else "")
        same = sum(title == one or one.startswith(f"{title} (") for one in titles)
        titles.append(f"{title} ({same + 1})" if title and same else title)
    return tuple(titles)
