"""How an office's sheets of problems are read, and a campaign as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from functools import partial
from typing import Any

from gis.categories import CATEGORIES
from gis.exports.sheets import Column, Sheet
from gis.store.campaigns import GridProgress
from gis.store.visit_reading import FindingRow
from gis.visits.kinds import FindingState
from gis.visits.questions import Question
from web.i18n import N_, translate
from web.visit_words import STATE_NAMES

EXAMPLE: tuple[tuple[str, ...], ...] = (
    ("编号", "日期", "地址", "房号", "网格", "问题", "类别", "处理方式", "转办单位", "答复", "答复日期"),
    ("1", "2026-03-02", "八经街46号", "2-502", "01", "楼道灯不亮", "路灯不亮", "现场解决", "", "当场换了灯泡", "2026-03-02"),
    ("2", "2026-03-02", "八经街46号", "", "01", "单元门口路面塌陷", "道路破损塌陷", "转办", "道路养护", "已修好并回访", "2026-03-09"),
)  # fmt: skip
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("编号", "序号", "number", "no", "no."),
    "date": ("日期", "走访日期", "发现日期", "date"),
    "address": ("地址", "楼栋", "地点", "address"),
    "flat": ("房号", "门牌", "户", "flat"),
    "grid": ("网格", "grid"),
    "words": ("问题", "问题内容", "诉求", "诉求内容", "problem"),
    "category": ("类别", "问题类别", "category"),
    "how": ("处理方式", "办理方式", "how"),
    "transferred_to": ("转办单位", "承办单位", "转给", "passed to"),
    "answer": ("答复", "处理结果", "办理结果", "answer"),
    "answered_on": ("答复日期", "办结日期", "answered on"),
}
_HOW: Mapping[str, FindingState] = {
    "现场解决": FindingState.ON_SPOT,
    "现场办结": FindingState.ON_SPOT,
    "当场解决": FindingState.ON_SPOT,
    "on the spot": FindingState.ON_SPOT,
    "转办": FindingState.TRANSFERRED,
    "转交": FindingState.TRANSFERRED,
    "吹哨": FindingState.TRANSFERRED,
    "transferred": FindingState.TRANSFERRED,
    "待处理": FindingState.OPEN,
    "未处理": FindingState.OPEN,
    "open": FindingState.OPEN,
}
GRID, PROBLEMS, SUMMARY = N_("各网格"), N_("问题清单"), N_("总体情况")
QUESTIONS = N_("问答汇总")


def headings() -> dict[str, str]:
    """Return what people write above a column, in small letters -> the column."""
    return {word: column for column, words in _COLUMNS.items() for word in words}


def meanings(categories: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Return what people write in a cell, in small letters -> the word of the service.

    Parameters
    ----------
    categories
        As the community calls them.
    """
    called = {name.lower(): one.code for one in CATEGORIES for name in (one.code, one.name, one.name_en)}
    own = {str(one[key]).lower(): str(one["code"]) for one in categories for key in ("name", "name_en")}
    return {"how": {word: state.value for word, state in _HOW.items()}, "category": called | own}


def answers_shown(
    language: str, answers: Sequence[tuple[Question, Sequence[tuple[str, int]]]]
) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return the questions of a campaign that were answered, with how often which answer was given, as they are read.

    Parameters
    ----------
    language
        Of the reader.
    answers
        As ``gis.views.visits.campaign_answers`` returns them.
    """
    said = {"yes": translate(language, N_("是")), "no": translate(language, N_("否"))}
    return [
        (
            question.asked(language),
            [(said.get(value) or question.answered(language, value), n) for value, n in given],
        )
        for question, given in answers
        if given
    ]


def workbook(  # noqa: PLR0917 - what a report is made of
    language: str,
    zone: tzinfo,
    grids: Sequence[GridProgress],
    findings: Iterable[FindingRow],
    answers: Sequence[tuple[Question, Sequence[tuple[str, int]]]],
    categories: Mapping[str, str],
) -> list[Sheet]:
    """Return the sheets of a campaign's report: it is handed on, so it names no person and no flat.

    Parameters
    ----------
    language, zone
        Of the reader, and of the community.
    grids, findings, answers, categories
        What it tells, and how categories are called.
    """
    t = partial(translate, language)
    counts = [
        Column("grid", t(N_("网格"))),
        Column("name", t(N_("名称"))),
        *(
            Column(key, t(title), "integer")
            for key, title in (
                ("visits", N_("走访次数")),
                ("buildings", N_("走访楼栋")),
                ("findings", N_("发现问题")),
                ("on_spot", N_("现场解决")),
                ("transferred", N_("已转办")),
                ("unanswered", N_("还没有答复")),
            )
        ),
    ]
    rows = [
        (
            one.code,
            one.name_en if language == "en" and one.name_en else one.name,
            one.visits,
            one.visited_buildings,
            one.findings,
            one.on_spot,
            one.transferred,
            one.unanswered,
        )
        for one in grids
    ]
    asked = [
        (question, value, n) for question, given in answers_shown(language, answers) for value, n in given
    ]
    told = [
        Column("question", t(N_("提问"))),
        Column("answer", t(N_("回答"))),
        Column("n", t(N_("人次")), "integer"),
    ]
    sheets = [Sheet(t(GRID), counts, rows, zone), problems_sheet(language, zone, findings, categories)]
    return [*sheets, Sheet(t(QUESTIONS), told, asked, zone)] if asked else sheets


def problems_sheet(
    language: str, zone: tzinfo, findings: Iterable[FindingRow], categories: Mapping[str, str]
) -> Sheet:
    """Return a sheet of problems, each with what became of it; it names no person and no flat.

    Parameters
    ----------
    language, zone
        Of the reader, and of the community.
    findings, categories
        Which, and how categories are called.
    """
    t = partial(translate, language)
    problems = [
        Column("found_at", t(N_("发现时间")), "moment"),
        Column("grid", t(N_("网格"))),
        Column("place", t(N_("地点"))),
        Column("category", t(N_("类别"))),
        Column("words", t(N_("问题"))),
        Column("state", t(N_("处理方式"))),
        Column("transferred_to", t(N_("转办单位"))),
        Column("answer", t(N_("答复"))),
        Column("answered_at", t(N_("答复时间")), "moment"),
        Column("answered", t(N_("有答复")), "flag"),
    ]
    listed = (
        (
            one.found_at,
            one.grid_code,
            one.place_text,
            categories.get(one.category, one.category),
            one.words,
            t(STATE_NAMES[one.state]),
            one.transferred_to,
            one.answer,
            one.answered_at or (one.closed_at if one.is_answered else None),
            one.is_answered,
        )
        for one in findings
    )
    return Sheet(t(PROBLEMS), problems, listed, zone)
