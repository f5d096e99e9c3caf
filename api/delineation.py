"""The report of a delineation as lines for people: each aim with the figure that was reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gis.areas.delineation import DelineationReport, LevelReport
from web.i18n import N_

SHARE, MEDIAN, LEAST, SECONDS = 0.95, 0.6, 0.25, 15.0


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line: what, how much, the aim where there is one, and whether it was met."""

    label: str
    text: str
    aim: str = ""
    met: bool | None = None


def report_of(stored: Mapping[str, Any] | None) -> DelineationReport | None:
    """Return a report that was stored; None where there is none, or an older one with other figures."""
    if not stored:
        return None
    try:
        levels = {
            name: None if stored.get(name) is None else LevelReport(**stored[name])
            for name in ("micro_grids", "grids")
        }
        return DelineationReport(**{**stored, **levels})
    except TypeError:
        return None


def report_rows(report: DelineationReport) -> list[ReportRow]:
    """Return the lines; labels are Chinese sentences for the catalogue."""
    cells = report.micro_grids
    rows = [
        ReportRow(N_("户数"), f"{report.households:.0f}"),
        ReportRow(N_("楼栋"), f"{report.buildings}"),
        ReportRow(N_("微网格"), f"{cells.cells}"),
        *_level(cells),
        _none(N_("边界切在单元之间以外的楼栋"), report.buildings_cut_elsewhere),
        ReportRow(
            N_("整院划入的楼院"),
            f"{report.courtyards_whole}/{report.courtyards_fitting}",
            f"{report.courtyards_fitting}",
            report.courtyards_whole == report.courtyards_fitting,
        ),
        ReportRow(N_("跨楼院的微网格"), f"{report.cells_over_courtyard_walls}"),
        ReportRow(N_("用时（秒）"), f"{report.seconds:.1f}", f"≤ {SECONDS:.0f}", report.seconds <= SECONDS),
    ]
    if report.grids is not None:
        grids = report.grids
        rows += [
            ReportRow(N_("网格"), f"{grids.cells}"),
            ReportRow(N_("网格户数"), f"{grids.min_households:.0f}–{grids.max_households:.0f}"),
            ReportRow(N_("网格：户数在平均 ±20% 以内"), f"{grids.within_20_percent:.1%}"),
        ]
    return rows


def _level(level: LevelReport) -> list[ReportRow]:
    median, least = level.polsby_popper_median, level.polsby_popper_min
    return [
        ReportRow(
            N_("每格户数"),
            f"{level.min_households:.0f}–{level.max_households:.0f}",
            f"≈ {level.mean_households:.1f}",
        ),
        ReportRow(
            N_("户数在平均 ±20% 以内"),
            f"{level.within_20_percent:.1%}",
            f"≥ {SHARE:.0%}",
            level.within_20_percent >= SHARE,
        ),
        ReportRow(
            N_("其中楼栋和主街所允许的最高比例"),
            f"{level.best_within_20_percent:.1%}",
        ),
        ReportRow(N_("一栋或一个单元就超出的格"), f"{level.too_big_to_split}"),
        ReportRow(N_("受主街所限的格"), f"{level.bound_by_streets}"),
        _yes(N_("每格连成一片"), fulfilled=level.contiguous),
        _yes(N_("无缝隙、无重叠"), fulfilled=level.coverage_valid),
        _none(N_("跨主街的格"), level.main_street_crossings),
        ReportRow(N_("紧凑度中位数"), f"{median:.2f}", f"≥ {MEDIAN:.2f}", median >= MEDIAN),
        ReportRow(N_("紧凑度最小值"), f"{least:.2f}", f"≥ {LEAST:.2f}", least >= LEAST),
    ]


def _yes(label: str, *, fulfilled: bool) -> ReportRow:
    return ReportRow(label, "100%" if fulfilled else "✗", "100%", fulfilled)


def _none(label: str, count: int) -> ReportRow:
    return ReportRow(label, str(count), "0", count == 0)
