"""The checklists that every community begins with; from then on they are its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

MOST_LISTS = 20
MOST_ITEMS = 20
"""Of one list: more are not gone through at a door."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at; a wrong one becomes a case of its category."""

    item_id: UUID
    words: str
    words_en: str
    category: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Checklist:
    """A list of things to look at."""

    code: str
    name: str
    name_en: str
    items: Sequence[Item]
    active: bool = True


_BEGINNING: Mapping[str, tuple[str, str, tuple[tuple[str, str, str], ...]]] = {
    "gas": (
        "燃气",
        "Gas",
        (
            ("没有燃气异味", "No smell of gas", "gas_smell"),
            ("软管没有老化，不超过两米", "The hose isn't worn and is under two metres", "gas_smell"),
            ("灶具有熄火保护，阀门关得严", "The stove cuts off by itself, the valve closes", "gas_smell"),
        ),
    ),
    "stairs": (
        "楼道",
        "Stairs",
        (
            ("楼道没有杂物堵塞", "Nothing blocks the stairs", "blocked_exit"),
            ("没有电动车进楼充电", "No e-bikes are charged inside", "blocked_exit"),
            ("楼道灯亮", "The stairs are lit", "street_lamp"),
            ("扶手、台阶完好", "Rails and steps are sound", "other"),
        ),
    ),
    "lift": (
        "电梯",
        "Lift",
        (
            ("运行平稳，没有异响", "It runs smoothly and quietly", "elevator"),
            ("应急呼叫有人接", "The emergency call is answered", "elevator"),
            ("检验标志在有效期内", "The inspection mark is in date", "elevator"),
        ),
    ),
    "wiring": (
        "用电",
        "Wiring",
        (
            ("没有私拉电线、飞线充电", "No wires are strung privately", "power_cut"),
            ("插座、电线没有老化发热", "Sockets and wires aren't worn or hot", "power_cut"),
            ("电表箱关好，没有杂物", "The meter cabinet is shut and clear", "power_cut"),
        ),
    ),
    "fire": (
        "消防",
        "Fire equipment",
        (
            ("灭火器在位，压力正常", "Extinguishers are there and charged", "fire_equipment"),
            ("消火栓、水带完好", "Hydrant and hose are sound", "fire_equipment"),
            ("消防通道没有占用", "The fire lane is free", "blocked_exit"),
            ("应急照明和指示灯亮", "Emergency lights and signs work", "fire_equipment"),
        ),
    ),
    "elderly": (
        "独居老人",
        "Elderly living alone",
        (
            ("精神和身体状况良好", "In good spirits and health", "elderly_care"),
            ("吃饭、吃药有着落", "Meals and medicine are seen to", "elderly_care"),
            ("屋里暖和，没有跌倒的危险", "The flat is warm and safe from falls", "elderly_care"),
            ("子女或紧急联系人能联系上", "Family or emergency contact can be reached", "elderly_care"),
        ),
    ),
}


def _beginning() -> tuple[Checklist, ...]:
    return tuple(
        Checklist(
            code,
            name,
            name_en,
            tuple(
                Item(uuid5(NAMESPACE_URL, f"checklist/{code}/{number}"), *words)
                for number, words in enumerate(items)
            ),
        )
        for code, (name, name_en, items) in _BEGINNING.items()
    )


BEGINNING: tuple[Checklist, ...] = _beginning()
"""Used until a community changes its own."""


class Row(Protocol):
    """An item as it is stored, with its list."""

    @property
    def code(self) -> str:
        """Of the list."""

    @property
    def name(self) -> str:
        """Of the list."""

    @property
    def name_en(self) -> str:
        """Of the list."""

    @property
    def active(self) -> bool:
        """Whether the list is in use."""

    @property
    def item_id(self) -> UUID | None:
        """None: the list has no items."""

    @property
    def words(self) -> str:
        """What is looked at."""

    @property
    def words_en(self) -> str:
        """The same in English."""

    @property
    def category(self) -> str:
        """Of the case that a wrong one becomes."""

    @property
    def item_active(self) -> bool:
        """Whether the item is in use."""


def lists_of(rows: Iterable[Row]) -> tuple[Checklist, ...]:
    """Return a community's lists in order; those that all begin with where it has none of its own.

    Parameters
    ----------
    rows
        As they are stored.
    """
    heads: dict[str, Row] = {}
    items: dict[str, list[Item]] = {}
    for row in rows:
        heads.setdefault(row.code, row)
        mine = items.setdefault(row.code, [])
        if row.item_id is not None:
            mine.append(Item(row.item_id, row.words, row.words_en, row.category, row.item_active))
    found = (
        Checklist(one.code, one.name, one.name_en, tuple(items[one.code]), one.active)
        for one in heads.values()
    )
    return tuple(found) or BEGINNING


def used(lists: Iterable[Checklist]) -> list[Checklist]:
    """Return the lists that are in use, with the items that are.

    Parameters
    ----------
    lists
        All of a community.
    """
    kept = [
        Checklist(one.code, one.name, one.name_en, tuple(item for item in one.items if item.active))
        for one in lists
        if one.active
    ]
    return [one for one in kept if one.items]
