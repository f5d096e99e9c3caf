"""Sheets of visits: a month by place, and the watch log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from gis.exports.sheets import Column, Sheet
from gis.store.visit_coverage import BuildingCoverage
from gis.store.visit_reading import VisitRow
from web.i18n import N_, translate
from web.visit_words import KIND_NAMES, OUTCOME_NAMES


def coverage_sheet(language: str, buildings: Sequence[BuildingCoverage]) -> Sheet:
    """Return a month of visits by building: figures of doors, no flat and no name.

    Parameters
    ----------
    language, buildings
        In which words, and what.
    """
    columns = [
        Column("grid", translate(language, N_("网格"))),
        Column("micro_grid", translate(language, N_("微网格"))),
        Column("building", translate(language, N_("楼栋"))),
        *(
            Column(key, translate(language, title), "integer")
            for key, title in (
                ("doors", N_("户数")),
                ("met", N_("见到人的户")),
                ("not_home", N_("没人在家的户")),
                ("left", N_("没去的户")),
            )
        ),
    ]
    rows = [
        (one.grid, one.micro_grid, one.label, one.doors, one.met, one.not_home, one.left) for one in buildings
    ]
    return Sheet(translate(language, N_("走访覆盖")), columns, rows)


def log_sheet(language: str, zone: tzinfo, rows: Sequence[VisitRow]) -> Sheet:
    """Return entries of the watch log: for those who look after these places.

    Parameters
    ----------
    language, zone, rows
        In which words, by which clock, and what.
    """
    titles = (
        ("kind", N_("种类")),
        ("outcome", N_("结果")),
        ("micro_grid", N_("微网格")),
        ("place", N_("地点")),
        ("flat", N_("几单元几号")),
        ("words", N_("说明")),
        ("person", N_("谁记的")),
    )
    columns = [
        Column("at", translate(language, N_("时间")), "moment"),
        *(Column(key, translate(language, title)) for key, title in titles),
    ]
    shown = [
        (
            one.visited_at,
            translate(language, KIND_NAMES.get(one.kind, one.kind)),
            translate(language, OUTCOME_NAMES.get(one.outcome, one.outcome)),
            one.micro_grid_code or one.grid_code or "",
            one.place_text,
            one.flat,
            one.words,
            one.person_name,
        )
        for one in rows
    ]
    return Sheet(translate(language, N_("守望日志")), columns, shown, zone)
