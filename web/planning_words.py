"""Words of the planner's pages, and the classes that rates are drawn in."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from web.i18n import N_, translate, translate_names

TREND_NAMES: Mapping[str, str] = {
    "rising": N_("上升"),
    "steady": N_("平稳"),
    "falling": N_("下降"),
    "unknown": N_("数据太少"),
}
SEASON_NAMES: Mapping[str, str] = {
    "spring": N_("春季（3–5 月）"),
    "summer": N_("夏季（6–8 月）"),
    "autumn": N_("秋季（9–11 月）"),
    "winter": N_("冬季（12–2 月）"),
}
DAY_NAMES: Mapping[str, str] = {"weekday": N_("周一至周五"), "weekend": N_("周末")}
WEIGH_NAMES: Mapping[str, str] = {
    "severity": N_("严重程度"),
    "recent": N_("严重程度，近期优先"),
    "cases": N_("件数"),
}
CLASSES = 5
QUANTILES = (0.5, 0.75, 0.9, 0.97)
_NICE = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def planning_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of keys on the planner's pages, by kind."""
    kinds = {"trend": TREND_NAMES, "season": SEASON_NAMES, "day": DAY_NAMES}
    return translate_names(language, kinds)


def month_names(language: str) -> list[str]:
    """Return what the months are called, the whole year first."""
    months = [translate(language, N_("{n} 月"), n=number) for number in range(1, 13)]
    return [translate(language, N_("全年")), *months]


def breaks(rates: Sequence[float]) -> list[float]:
    """Return round limits between the classes of rates: half of the streets are in the lowest, 3% in the highest."""
    ordered = sorted(rates)
    if not ordered:
        return []
    found = [_round(ordered[min(int(part * len(ordered)), len(ordered) - 1)]) for part in QUANTILES]
    return sorted({one for one in found if one > 0.0})


def class_of(rate: float, limits: Sequence[float]) -> int:
    """Return the class of a rate, 1 for the lowest; the highest is always the last colour."""
    return CLASSES - len(limits) + sum(rate >= one for one in limits)


def _round(value: float) -> float:
    if value <= 0.0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return round(min(_NICE, key=lambda one: abs(one - value / power)) * power, 6)
