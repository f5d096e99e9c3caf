"""Indicators as a workbook: figures as numbers, so that an office can go on calculating with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gis.exports.sheets import Column, Sheet
from gis.indicators.registry import Unit
from gis.views.indicators import Board, CellFigures
from web.i18n import N_, translate
from web.indicator_tables import counts
from web.indicator_words import BY_NAMES, DEFINITIONS, GROUP_NAMES, INDICATOR_NAMES, VERDICTS, period_written

TITLE = N_("指标")
SOURCES, CATEGORIES, MEANINGS = N_("上报来源"), N_("上报类别"), N_("指标定义")
GROUP, NAME, VALUE, BEFORE = N_("类别"), N_("指标"), N_("本期"), N_("上期")
PART, WHOLE, UNIT, MEANING = N_("分子"), N_("分母"), N_("单位"), N_("定义")
CODE, CELL, REPORTS, SHARE = N_("编号"), N_("名称"), N_("上报数"), N_("占比")
FAIR, VERDICT = N_("{name}（校正）"), N_("{name}（比较）")
UNITS: Mapping[Unit, str] = {
    Unit.COUNT: N_("件"),
    Unit.SHARE: "%",
    Unit.DURATION: N_("分钟"),
    Unit.HOURS: N_("小时"),
    Unit.POINTS: N_("分"),
}


def workbook(language: str, board: Board, tables: Mapping[str, Sequence[CellFigures]]) -> list[Sheet]:
    """Return the sheets of a report.

    Parameters
    ----------
    language, board
        What is shown, in which language.
    tables
        Cells by what they go by.
    """

    def t(text: str, **values: object) -> str:
        return translate(language, text, **values)

    trend = [
        Column(f"period_{number}", period_written(language, one.kind, one.first, one.last), "number")
        for number, one in enumerate(board.asked.period.trend())
    ]
    columns = [
        Column("group", t(GROUP)),
        Column("name", t(NAME)),
        Column("value", t(VALUE), "number"),
        Column("before", t(BEFORE), "number"),
        Column("unit", t(UNIT)),
        Column("numerator", t(PART), "integer"),
        Column("denominator", t(WHOLE), "integer"),
        *trend,
    ]
    counted = counts(language, board)
    few = [
        Column("name", t(CELL)),
        Column("reports", t(REPORTS), "integer"),
        Column("share", t(SHARE), "percent"),
    ]
    sheets = [Sheet(t(TITLE), columns, _figures(language, board), board.asked.zone)]
    sheets += [_cells(language, t(BY_NAMES[kind]), cells) for kind, cells in tables.items() if cells]
    sheets += [
        Sheet(t(title), few, [(one["name"], one["n"], one["share"]) for one in counted[key]])
        for title, key in ((SOURCES, "sources"), (CATEGORIES, "categories"))
        if counted[key]
    ]
    meanings = [(t(INDICATOR_NAMES[key]), t(text)) for key, text in DEFINITIONS.items()]
    return [
        *sheets,
        Sheet(t(MEANINGS), [Column("name", t(NAME)), Column("definition", t(MEANING))], meanings),
    ]


def _figures(language: str, board: Board) -> Iterator[tuple[Any, ...]]:
    for one in board.figures:
        unit = one.indicator.unit
        yield (
            translate(language, GROUP_NAMES[one.indicator.group]),
            translate(language, INDICATOR_NAMES[one.indicator.key]),
            _number(unit, one.value),
            _number(unit, one.before),
            translate(language, UNITS[unit]),
            one.numerator,
            one.denominator if unit is Unit.SHARE else None,
            *(_number(unit, value) for value in one.trend),
        )


def _number(unit: Unit, value: float | None) -> float | None:
    if value is None:
        return None
    factor = 100 if unit is Unit.SHARE else 1 / 60 if unit is Unit.DURATION else 1
    return round(value * factor, 2)


def _cells(language: str, title: str, cells: Sequence[CellFigures]) -> Sheet:
    columns = [Column("code", translate(language, CODE)), Column("name", translate(language, CELL))]
    known = [one.indicator for one in cells[0].figures.values()]
    for one in known:
        name = translate(language, INDICATOR_NAMES[one.key])
        columns.append(Column(one.key, name, "number", translate(language, UNITS[one.unit])))
        if one.unit is Unit.SHARE:
            columns.append(Column(f"{one.key}_fair", translate(language, FAIR, name=name), "number", "%"))
            columns.append(Column(f"{one.key}_verdict", translate(language, VERDICT, name=name)))
    return Sheet(title, columns, _cell_rows(language, cells))


def _cell_rows(language: str, cells: Sequence[CellFigures]) -> Iterator[list[Any]]:
    for cell in cells:
        name = (cell.cell.name_en if language == "en" else "") or cell.cell.name
        row: list[Any] = [cell.cell.key, name]
        for key, figure in cell.figures.items():
            row.append(_number(figure.indicator.unit, figure.value))
            share = cell.shares.get(key)
            if share is not None:
                row += [_number(Unit.SHARE, share.fair), translate(language, VERDICTS[share.verdict])]
        yield row
