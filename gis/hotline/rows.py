"""What a row of a hotline's file says: its texts, its times as people and spreadsheets write them, and what is wrong."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gis.categories import CATEGORIES

SERIAL_FROM, SERIAL_TO = 20_000.0, 80_000.0
"""Days since the end of 1899, as spreadsheets count: 1954 to 2119."""
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's clock has no zone
_TIME = re.compile(
    r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})日?(?:[\sT]*(\d{1,2})[:时点](\d{1,2})?分?(?::?(\d{1,2})(?:\.\d+)?秒?)?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_KEYWORDS: Mapping[str, str] = {  # what a hotline's own kinds, or the words, contain
    "下水": "sewer", "污水": "sewer", "堵塞": "sewer", "井盖": "manhole", "路灯": "street_lamp", "路面": "road_damage",
    "塌陷": "road_damage", "道路": "road_damage", "漏水": "water_leak", "跑水": "water_leak", "爆管": "water_leak",
    "停水": "water_leak", "停电": "power_cut", "断电": "power_cut", "燃气": "gas_smell", "煤气": "gas_smell",
    "消防": "fire_equipment", "垃圾": "rubbish", "卫生": "rubbish", "楼道": "blocked_exit", "堆物": "blocked_exit",
    "通道": "blocked_exit", "停车": "illegal_parking", "占道": "illegal_parking", "树": "tree", "电梯": "elevator",
    "走失": "missing_person", "老人": "elderly_care", "养老": "elderly_care", "噪": "noise", "扰民": "noise",
    "纠纷": "dispute", "矛盾": "dispute", "邻里": "dispute",
}  # fmt: skip
CODES = frozenset(one.code for one in CATEGORIES)
_BY_NAME = {name: one.code for one in CATEGORIES for name in (one.code, one.name, one.name_en.lower())}
OTHER = "other"


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order as the file states it; ``problems`` are codes of what can't be read."""

    line: int
    order_number: str
    words: str
    address: str
    category: str
    received_at: datetime | None
    due_at: datetime | None
    callback: str
    detail: str
    problems: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What it is known by: its number, or what it says where it has none."""
        if self.order_number:
            return self.order_number
        said = "\n".join((self.words, self.address, str(self.received_at)))
        return "#" + hashlib.sha256(said.encode()).hexdigest()[:32]


def row_of(line: int, cells: Sequence[str], places: Mapping[str, int], zone: ZoneInfo) -> OrderRow | None:
    """Return what a row says, or None for an empty one.

    Parameters
    ----------
    line
        In the file, from 1.
    cells
        Every cell as text.
    places
        In which column each field stands.
    zone
        The community's: files state no zone.
    """

    def cell(field: str) -> str:
        column = places.get(field, -1)
        return tidy(cells[column]) if 0 <= column < len(cells) else ""

    if not any(one.strip() for one in cells):
        return None
    problems: list[str] = []
    received, due = read_time(cell("received_at"), zone), read_time(cell("due_at"), zone)
    for field, found in (("received_at", received), ("due_at", due)):
        if cell(field) and found is None:
            problems.append(f"{field}_unreadable")
    words, address = cell("words"), cell("address")
    problems += [f"{name}_missing" for name, text in (("words", words), ("address", address)) if not text]
    if received and due and due <= received:
        problems.append("due_before_received")
    return OrderRow(
        line,
        cell("order_number")[:64],
        words[:2000],
        address[:200],
        cell("category")[:64],
        received,
        due,
        re.sub(r"[^\d+\-() ,;/转]", "", unicodedata.normalize("NFKC", cell("callback")))[:40],
        cell("detail")[:200],
        tuple(problems),
    )


def tidy(text: str) -> str:
    """Return a cell's text without what spreadsheets put around it: blanks, and the mark of a text."""
    found = "".join(one for one in text if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cs"})
    return found.strip().removeprefix("'").strip()


def read_time(text: str, zone: ZoneInfo) -> datetime | None:
    """Return a moment as people or a spreadsheet write it, by the community's clock; None where it can't be read.

    Parameters
    ----------
    text
        2026-06-03 12:30, 2026年6月3日 12时30分, 20260603123000, or a spreadsheet's day number.
    zone
        The community's.
    """
    shown = unicodedata.normalize("NFKC", text).strip()
    try:
        number = float(shown)
    except ValueError:
        number = -1.0
    try:
        if SERIAL_FROM <= number <= SERIAL_TO:
            return (EPOCH + timedelta(seconds=round(number * 86_400))).replace(tzinfo=zone)
        match = _COMPACT.fullmatch(shown) or _TIME.fullmatch(shown)
        if match is None:
            return None
        parts = [int(one or 0) for one in match.groups()]
        return datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def category_of(word: str, words: str, chosen: Mapping[str, str]) -> str:
    """Return the category of an order: as chosen for the file's word, by its name, or by what it speaks of.

    Parameters
    ----------
    word
        The kind as the file calls it.
    words
        What the caller said; looked at where the kind says nothing.
    chosen
        Word to category, by the office.
    """
    if chosen.get(word) in CODES:
        return chosen[word]
    known = _BY_NAME.get(word) or _BY_NAME.get(word.lower())
    if known:
        return known
    for text in (word, words):
        found = next((code for sign, code in _KEYWORDS.items() if sign in text), None)
        if found:
            return found
    return OTHER
