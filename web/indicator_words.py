"""Words of indicators: what each is called, how it is defined, and how figures are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from babel import dates

from gis.indicators.registry import Unit
from web.i18n import N_, format_duration, format_number, translate

INDICATOR_NAMES: Mapping[str, str] = {
    "reports": N_("上报数"),
    "cases": N_("立案数"),
    "urgent": N_("紧急案件"),
    "response_median": N_("首次响应（中位）"),
    "response_p90": N_("首次响应（九成以内）"),
    "resolution_median": N_("办理用时（中位）"),
    "resolution_p90": N_("办理用时（九成以内）"),
    "closed": N_("结案数"),
    "on_time": N_("按期结案率"),
    "closure": N_("结案率"),
    "reopened": N_("返工率"),
    "satisfaction": N_("群众满意率"),
    "hotline": N_("12345 办结率"),
    "disputes": N_("化解矛盾纠纷"),
    "dispute_success": N_("纠纷化解成功率"),
    "patrols": N_("巡逻次数"),
    "hazards": N_("巡逻发现隐患"),
    "visits": N_("走访次数"),
    "problems": N_("走访发现问题"),
    "problems_on_spot": N_("现场解决"),
    "problems_transferred": N_("转交办理"),
    "problems_answered": N_("问题回应率"),
    "records": N_("更新居民信息"),
    "meals": N_("助餐份数"),
    "meals_delivered": N_("送餐上门"),
    "hours": N_("服务时长"),
    "points": N_("积分"),
}
DEFINITIONS: Mapping[str, str] = {
    "reports": N_("期内收到的上报，一件案件可以有几份上报。"),
    "cases": N_("期内立案的案件；并入别的案件的不算。"),
    "urgent": N_("期内立案、类别为紧急的案件。"),
    "response_median": N_(
        "从立案到第一次有人应答（接单、转办、研判或决定），一半的案件比这更快；昼夜都计，误差不超过 5%。"
    ),
    "response_p90": N_("从立案到第一次有人应答，十件中有九件比这更快。"),
    "resolution_median": N_("期内结案的案件，从立案到办完的用时，一半的案件比这更快；返工的算到最后办完。"),
    "resolution_p90": N_("期内结案的案件，从立案到办完的用时，十件中有九件比这更快。"),
    "closed": N_("期内核验结案的案件。"),
    "on_time": N_("时限落在期内、已经到期的案件（不予受理和撤销的除外）中，在时限前办完并已结案的比例。"),
    "closure": N_("时限落在期内、已经到期的案件（不予受理和撤销的除外）中，已结案的比例，不论是否超时。"),
    "reopened": N_("期内重新打开的次数，与期内结案数之比。"),
    "satisfaction": N_("期内收到的评价中，四星和五星的比例。"),
    "hotline": N_("时限落在期内、已经到期的 12345 工单案件中，已结案的比例。"),
    "disputes": N_("期内结案的矛盾纠纷；有调解记录的，达成协议才算。"),
    "dispute_success": N_("期内了结的矛盾纠纷中化解的比例；不予受理、撤销和调解未达成协议的不算化解。"),
    "patrols": N_("期内开始、已登记的巡逻。"),
    "hazards": N_("期内立案、由巡逻上报的隐患。"),
    "visits": N_("期内登记的走访和查看；敲门无人应答的不算。"),
    "problems": N_("期内走访时发现的问题，每件都要有回应。"),
    "problems_on_spot": N_("期内发现的问题中，当场解决的。"),
    "problems_transferred": N_("期内发现的问题中，转为案件或转给责任单位的。"),
    "problems_answered": N_("期内发现的问题中，已有回应（当场解决、答复，或转办的案件已结案）的比例。"),
    "records": N_("期内新增或更新的居民和住户记录；同一记录一天只算一次。"),
    "meals": N_("期内领取或送到的份数。"),
    "meals_delivered": N_("其中送到家的份数。"),
    "hours": N_("期内核验入账的服务时长，冲回的扣除；办件的按入账日，巡逻、活动和厨房的按服务日。"),
    "points": N_("期内入账的积分，冲回的扣除；每服务一小时 10 分。"),
}
GROUP_NAMES: Mapping[str, str] = {
    "reporting": N_("上报与立案"),
    "speed": N_("快慢"),
    "closing": N_("结案与满意"),
    "hotline": N_("12345 热线"),
    "care": N_("矛盾化解"),
    "visits": N_("走访与居民信息"),
    "meals": N_("助餐"),
    "patrolling": N_("巡逻与隐患"),
    "service": N_("服务与积分"),
}
SOURCE_NAMES: Mapping[str, str] = {
    "app": N_("手机上报"),
    "form": N_("网页表单"),
    "hotline": N_("12345 热线"),
    "visit": N_("走访"),
    "patrol": N_("巡逻"),
    "open311": N_("Open311 接口"),
    "program": N_("程序接入"),
    "order": N_("点单"),
}
PERIOD_NAMES: Mapping[str, str] = {
    "week": N_("周"),
    "month": N_("月"),
    "quarter": N_("季"),
    "own": N_("自选"),
}
REPORT_TITLES: Mapping[str, str] = {
    "week": N_("周调度"),
    "month": N_("月汇报"),
    "quarter": N_("季总结"),
    "own": N_("情况汇报"),
}
VERDICTS: Mapping[str, str] = {
    "few": N_("太少，不作比较"),
    "usual": N_("正常范围"),
    "above": N_("明显偏高"),
    "below": N_("明显偏低"),
}
BY_NAMES: Mapping[str, str] = {
    "grid": N_("按网格"),
    "micro_grid": N_("按微网格"),
    "category": N_("按类别"),
    "person": N_("本网格人员"),
}
WEEK_TITLE = N_("{year} 年第 {week} 周")
QUARTER_TITLE = N_("{year} 年第 {quarter} 季度")
WRITTEN: Mapping[Unit, str] = {Unit.POINTS: N_("{n} 分"), Unit.HOURS: N_("{n} 小时")}
DIGITS: Mapping[Unit, int] = {Unit.SHARE: 1, Unit.HOURS: 1}
SECONDS_WRITTEN = N_("{n} 秒")
BRIEF_S = 90
"""Below this, whole minutes would say nothing."""
NOTHING = "—"


def written(language: str, unit: Unit, value: float | None) -> str:
    """Return a figure as people read it.

    Parameters
    ----------
    language, unit
        In which language, and what it is.
    value
        None: a dash.
    """
    if value is None:
        return NOTHING
    if unit is Unit.DURATION:
        brief = translate(language, SECONDS_WRITTEN, n=max(1, round(value)))
        return brief if value < BRIEF_S else format_duration(language, value)
    shown = format_number(language, 100 * value if unit is Unit.SHARE else value, digits=DIGITS.get(unit, 0))
    if unit in WRITTEN:
        return translate(language, WRITTEN[unit], n=shown)
    return f"{shown}%" if unit is Unit.SHARE else shown


def day_written(language: str, day: date) -> str:
    """Return a day as people write it."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return dates.format_date(day, "d MMM yyyy", locale="en_GB")


def period_written(language: str, kind: str, first: date, last: date) -> str:
    """Return what a period is called: its week, month or quarter, or its days.

    Parameters
    ----------
    language, kind
        In which language, and how it is cut.
    first, last
        Its first and its last day.
    """
    if kind == "week":
        year, week, _ = first.isocalendar()
        return translate(language, WEEK_TITLE, year=year, week=week)
    if kind == "month":
        return (
            f"{first.year}年{first.month}月"
            if language == "zh"
            else dates.format_date(first, "MMMM yyyy", locale="en_GB")
        )
    if kind == "quarter":
        return translate(language, QUARTER_TITLE, year=first.year, quarter=(first.month + 2) // 3)
    return days_written(language, first, last)


def days_written(language: str, first: date, last: date) -> str:
    """Return the days from the first to the last."""
    return f"{day_written(language, first)}—{day_written(language, last)}"


def sparkline(
    values: Sequence[float | None], width: float = 120, height: float = 28
) -> dict[str, object] | None:
    """Return the line of a trend as a path of SVG with the place of its last point; None where there is no line.

    Parameters
    ----------
    values
        One for each period; those that are unknown break the line.
    width, height
        Of the picture.
    """
    known = [one for one in values if one is not None]
    if len(known) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    low, high = min(known), max(known)
    span, step, margin = (high - low) or 1.0, width / (len(values) - 1), 3.0
    level = 0.5 if high == low else None

    def place(number: int, value: float) -> tuple[float, float]:
        share = level if level is not None else (value - low) / span
        return round(number * step, 1), round(height - margin - share * (height - 2 * margin), 1)

    path, begun, last = "", False, (0.0, 0.0)
    for number, value in enumerate(values):
        if value is None:
            begun = False
            continue
        last = place(number, value)
        path += f"{'L' if begun else 'M'}{last[0]} {last[1]}"
        begun = True
    return {"path": path, "x": last[0], "y": last[1], "width": width, "height": height}
