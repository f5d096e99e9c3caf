"""Indicators as tables of words: what the page, the report on paper and the workbook show alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from gis.indicators.registry import GROUPS, Better, Indicator, Unit
from gis.views.indicators import Asked, Board, CellFigures, Figure
from web.i18n import N_, format_number, translate
from web.indicator_words import (
    DEFINITIONS,
    GROUP_NAMES,
    INDICATOR_NAMES,
    NOTHING,
    SOURCE_NAMES,
    VERDICTS,
    period_written,
    sparkline,
    written,
)

POINTS_UP = N_("升 {n} 个百分点")
POINTS_DOWN = N_("降 {n} 个百分点")
MORE = N_("多 {n}")
LESS = N_("少 {n}")
LONGER = N_("慢 {n}")
SHORTER = N_("快 {n}")
SAME = N_("持平")
OF = N_("{part} / {whole}")
TREND = N_("近 {n} 期：{values}")
LEAST = {Unit.SHARE: 0.0005, Unit.DURATION: 1.0}
"""Less is no change."""
CELL_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "grid": (
        "cases",
        "closed",
        "on_time",
        "closure",
        "response_median",
        "satisfaction",
        "hazards",
        "visits",
        "hours",
    ),
    "micro_grid": ("cases", "closed", "on_time", "closure", "hazards", "visits", "records"),
    "category": ("cases", "closed", "on_time", "response_median", "resolution_median", "satisfaction"),
    "person": ("closed", "patrols", "visits", "hours", "points"),
}
"""Which figures a table of cells shows; the workbook has all of them."""


def groups(
    language: str, board: Board, opens: Callable[[str], bool] = lambda _: True
) -> list[dict[str, Any]]:
    """Return the figures under their headings.

    Parameters
    ----------
    language, board
        What is shown, in which language.
    opens
        Tells of a path whether the reader may open it: where not, a figure leads nowhere.
    """
    found = []
    for group in GROUPS:
        rows = [_row(language, board.asked, one) for one in board.figures if one.indicator.group == group]
        for row in rows:
            row["link"] = row["link"] if opens(row["link"].partition("?")[0]) else ""
        if rows:
            found.append({"key": group, "name": translate(language, GROUP_NAMES[group]), "rows": rows})
    return found


def _row(language: str, asked: Asked, one: Figure) -> dict[str, Any]:
    indicator = one.indicator
    change, tone = changed(language, one)
    shown = [written(language, indicator.unit, value) for value in one.trend]
    return {
        "key": indicator.key,
        "name": translate(language, INDICATOR_NAMES[indicator.key]),
        "definition": translate(language, DEFINITIONS[indicator.key]),
        "value": written(language, indicator.unit, one.value),
        "known": one.value is not None,
        "before": written(language, indicator.unit, one.before),
        "of": _of(language, one),
        "change": change,
        "tone": tone,
        "spark": sparkline(one.trend),
        "trend": translate(
            language, TREND, n=len(shown), values="、".join(shown) if language == "zh" else ", ".join(shown)
        ),
        "link": _link(asked, indicator),
    }


def _of(language: str, one: Figure) -> str:
    if one.indicator.unit is not Unit.SHARE or not one.denominator:
        return ""
    part, whole = format_number(language, one.numerator), format_number(language, one.denominator)
    return translate(language, OF, part=part, whole=whole)


def changed(language: str, one: Figure) -> tuple[str, str]:
    """Return how a figure differs from the period before, and whether that is good, bad or neither.

    Parameters
    ----------
    language, one
        The figure, in which language.
    """
    if one.value is None or one.before is None:
        return "", ""
    unit, by = one.indicator.unit, one.value - one.before
    if abs(by) < LEAST.get(unit, 1e-9):
        return translate(language, SAME), ""
    words = {Unit.SHARE: (POINTS_UP, POINTS_DOWN), Unit.DURATION: (LONGER, SHORTER)}.get(unit, (MORE, LESS))
    size = (
        format_number(language, 100 * abs(by), digits=1)
        if unit is Unit.SHARE
        else written(language, unit, abs(by))
    )
    better = one.indicator.better
    tone = "" if better is Better.NEITHER else "good" if (by > 0) == (better is Better.UP) else "bad"
    return translate(language, words[by < 0], n=size), tone


def _link(asked: Asked, indicator: Indicator) -> str:
    """Return where what is behind a figure is listed."""
    if not indicator.link:
        return ""
    path, _, given = indicator.link.partition("?")
    query = parse_qsl(given)
    query += [("from", asked.period.first.isoformat()), ("to", asked.period.last.isoformat())]
    if asked.kind == "grid":
        query.append(("grid", asked.key))
    return f"{path}?{urlencode(query)}"


def cell_table(language: str, kind: str, cells: Sequence[CellFigures]) -> dict[str, Any]:
    """Return cells as a table: its columns, and for each cell the figures with what may be said of them.

    Parameters
    ----------
    language, kind, cells
        What is shown.
    """
    known = [one.indicator for one in cells[0].figures.values()] if cells else []
    columns = [one for one in known if one.key in CELL_COLUMNS[kind]]
    return {
        "kind": kind,
        "columns": [translate(language, INDICATOR_NAMES[one.key]) for one in columns],
        "rows": [
            {
                "key": cell.cell.key,
                "code": "" if kind in {"category", "person"} else cell.cell.key,
                "name": _cell_name(language, kind, cell),
                "cells": [_cell(language, cell, one) for one in columns],
            }
            for cell in cells
        ],
    }


def _cell_name(language: str, kind: str, cell: CellFigures) -> str:
    if kind == "person":
        return cell.cell.name
    return (cell.cell.name_en if language == "en" else "") or cell.cell.name


def _cell(language: str, cell: CellFigures, indicator: Indicator) -> dict[str, Any]:
    figure, share = cell.figures[indicator.key], cell.shares.get(indicator.key)
    verdict = share.verdict if share else ""
    tone = ""
    if verdict in {"above", "below"} and indicator.better is not Better.NEITHER:
        tone = "good" if (verdict == "above") == (indicator.better is Better.UP) else "bad"
    return {
        "value": written(language, indicator.unit, figure.value),
        "few": verdict == "few",
        "of": _of(language, figure),
        "tone": tone,
        "fair": written(language, indicator.unit, share.fair) if share else "",
        "verdict": translate(language, VERDICTS[verdict]) if verdict else "",
    }


def counts(language: str, board: Board) -> dict[str, list[dict[str, Any]]]:
    """Return reports by source and by category, each with its share of all."""
    sources = [
        (translate(language, SOURCE_NAMES[key]) if key in SOURCE_NAMES else key, n)
        for key, n in board.by_source
    ]
    categories = [
        ((cell.name_en if language == "en" else "") or cell.name, n) for cell, n in board.by_category
    ]
    return {"sources": _counted(language, sources), "categories": _counted(language, categories)}


def _counted(language: str, found: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
    total = sum(n for _, n in found) or 1
    return [
        {"name": name, "n": n, "share": n / total, "written": f"{format_number(language, 100 * n / total)}%"}
        for name, n in found
    ]


def summary(language: str, board: Board) -> dict[str, str]:
    """Return the figures that the first sentence of a report is made of."""
    figures = {one.indicator.key: one for one in board.figures}
    return {key: written(language, one.indicator.unit, one.value) for key, one in figures.items()} | {
        "period": period_written(
            language, board.asked.period.kind, board.asked.period.first, board.asked.period.last
        ),
        "nothing": NOTHING,
    }
