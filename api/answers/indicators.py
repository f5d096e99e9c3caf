"""Indicators as answered: figures with their words, periods, and cells with what may be said of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import Field

from api.answers.base import Answer
from gis.indicators.periods import Period
from gis.views.indicators import Asked, Board, CellFigures, Figure
from web.i18n import translate
from web.indicator_words import DEFINITIONS, INDICATOR_NAMES, period_written


class PeriodOut(Answer):
    """From the first to the last day, both counted, by the community's clock."""

    kind: str = Field(description="week, month, quarter or own")
    first: date
    last: date
    name: str


class FigureOut(Answer):
    """One indicator; `value` is null where nothing is known, durations are in seconds, shares of one."""

    key: str
    name: str
    definition: str
    unit: str = Field(description="count, share, duration (seconds), hours or points")
    better: str = Field(description="up, down or neither")
    value: float | None
    numerator: int
    denominator: int
    before: float | None = Field(description="in the period before")
    trend: list[float | None] = Field(description="in the periods up to this one, in order")


class CellFigureOut(Answer):
    """A cell's figure; for shares also what is fair to say of it."""

    value: float | None
    numerator: int
    denominator: int
    fair: float | None = Field(
        None, description="drawn towards the share of all cells by how little is known"
    )
    low: float | None = Field(None, description="within these limits the share would lie by chance")
    high: float | None = None
    verdict: str | None = Field(None, description="few (too few to say), usual, above or below")


class CellOut(Answer):
    """A grid, micro-grid, category or person."""

    key: str
    name: str
    name_en: str
    figures: dict[str, CellFigureOut]


class CountOut(Answer):
    """How many reports came from one source, or of one category."""

    key: str
    reports: int


class IndicatorsOut(Answer):
    """All figures of a community, grid or micro-grid in a period."""

    kind: str = Field(description="all (the community), grid or micro_grid")
    key: str
    period: PeriodOut
    before: PeriodOut
    trend: list[PeriodOut]
    counted_at: datetime | None = Field(
        description="up to when changes are in the figures; null: nothing counted yet"
    )
    items: list[FigureOut]
    by_source: list[CountOut]
    by_category: list[CountOut]
    cells: list[CellOut] = Field(description="in the order of their codes: this is no ranking")


def period_out(language: str, period: Period) -> PeriodOut:
    """Return a period as answered."""
    name = period_written(language, period.kind, period.first, period.last)
    return PeriodOut(kind=period.kind, first=period.first, last=period.last, name=name)


def board_out(language: str, found: Board, cells: Sequence[CellFigures]) -> IndicatorsOut:
    """Return figures as answered.

    Parameters
    ----------
    language
        Of names and definitions.
    found, cells
        What was read.
    """
    asked: Asked = found.asked
    return IndicatorsOut(
        kind=asked.kind,
        key=asked.key,
        period=period_out(language, asked.period),
        before=period_out(language, asked.period.before()),
        trend=[period_out(language, one) for one in asked.period.trend()],
        counted_at=found.counted_at,
        items=[_figure(language, one) for one in found.figures],
        by_source=[CountOut(key=key, reports=n) for key, n in found.by_source],
        by_category=[CountOut(key=cell.key, reports=n) for cell, n in found.by_category],
        cells=[_cell(one) for one in cells],
    )


def _figure(language: str, one: Figure) -> FigureOut:
    indicator = one.indicator
    return FigureOut(
        key=indicator.key,
        name=translate(language, INDICATOR_NAMES[indicator.key]),
        definition=translate(language, DEFINITIONS[indicator.key]),
        unit=indicator.unit,
        better=indicator.better,
        value=one.value,
        numerator=one.numerator,
        denominator=one.denominator,
        before=one.before,
        trend=list(one.trend),
    )


def _cell(one: CellFigures) -> CellOut:
    figures = {}
    for key, figure in one.figures.items():
        share = one.shares.get(key)
        figures[key] = CellFigureOut(
            value=figure.value,
            numerator=figure.numerator,
            denominator=figure.denominator,
            fair=share.fair if share else None,
            low=share.low if share else None,
            high=share.high if share else None,
            verdict=share.verdict if share else None,
        )
    return CellOut(key=one.cell.key, name=one.cell.name, name_en=one.cell.name_en, figures=figures)
