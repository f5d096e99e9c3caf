"""What people and chat groups are told: the sentence of each kind of notice.

A notice's data may hold ``name`` (of who asks), ``level`` (of an escalation), ``agency`` (its code), ``reason`` (as somebody wrote it),
``people`` and ``vehicles`` (of a muster), ``points`` (of a gift), ``title`` (of a muster, an order or an activity), ``certificate`` (its kind) and ``day``;
what is missing is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.notices.message import Message
from web.i18n import N_, translate
from web.team_words import CERTIFICATE_NAMES

NOTICE_KINDS: Mapping[str, str] = {
    "offered": N_("有新派单，请尽快回答"),
    "offer_withdrawn": N_("派单已收回"),
    "escalated": N_("案件已升级"),
    "due_soon": N_("快到时限了"),
    "overdue": N_("已超过时限"),
    "paused": N_("案件已暂停计时"),
    "resumed": N_("案件恢复计时"),
    "pause_asked": N_("有人申请暂停，请审批"),
    "pause_refused": N_("暂停申请未获批准"),
    "referred": N_("有案件转给你们单位"),
    "to_verify": N_("责任单位已办完，请到现场核验"),
    "referral_unanswered": N_("转办到时没有接收"),
    "referral_returned": N_("转办被退回"),
    "referral_progress": N_("责任单位报告了进展"),
    "help_asked": N_("有人请求支援，请马上联系"),
    "hand_over_asked": N_("同事请您接手一项任务"),
    "hand_over_answered": N_("移交有了答复"),
    "muster_called": N_("应急集结，请立即回答"),
    "muster_stood_down": N_("集结解除，辛苦了"),
    "task_ordered": N_("有新的点单"),
    "reopened": N_("案件重新打开了"),
    "cancelled": N_("您手上的任务撤销了，不用再去"),
    "order_cancelled": N_("您的点单被取消了"),
    "order_missed": N_("这次点单没有赶上，请重新预约"),
    "certificate_ends": N_("证书快到期了"),
    "activity_place": N_("有人退出，您报上名了"),
    "activity_soon": N_("您报名的活动快开始了"),
    "activity_moved": N_("您报名的活动改了时间或地点"),
    "activity_cancelled": N_("您报名的活动取消了"),
    "mediation_named": N_("请您参与一件纠纷的调解"),
    "mediation_soon": N_("有一场调解快开始了"),
    "mediation_follow_up": N_("调解之后该回访了"),
    "suggestion_declined": N_("您对居民档案的建议没有采纳"),
    "missing_found": N_("人找到了，谢谢大家"),
    "station_low": N_("驿站的物资不够了，请补充"),
    "to_rate": N_("您上报的问题办完了，请评价"),
    "round_planned": N_("给您安排了一条走访路线"),
    "points_given": N_("有人赠送积分给您"),
    "code_expiring": N_("兑换的东西还没领，码快到期了"),
    "points_expiring": N_("您有积分快到期了，请到“服务”里看"),
    "test": N_("微网通知测试：这个群能收到消息。"),
}
LEVELS: Mapping[int, str] = {
    1: N_("扩大派单范围"),
    2: N_("请网格员处理"),
    3: N_("请社区值班处理"),
    4: N_("请街道处理"),
}


def notice_title(language: str, kind: str) -> str:
    """Return the sentence of a kind; one that is unknown is shown as it is.

    Parameters
    ----------
    language
        Of the reader.
    kind
        A key of ``NOTICE_KINDS``.
    """
    return translate(language, NOTICE_KINDS.get(kind, kind))


def notice_line(
    language: str, data: Mapping[str, Any], *, category: str, place: str, agencies: Mapping[str, str]
) -> str:
    """Return what a notice is about, in one line.

    Parameters
    ----------
    language
        Of the reader.
    data
        Of the notice.
    category, place
        Of its case, in that language; empty where there is none.
    agencies
        Names of agencies by code, in that language.
    """
    agency = str(data.get("agency", ""))
    parts = [
        str(data.get("title", "")),
        str(data.get("name", "")),
        _certificate(language, data),
        category,
        place,
        _level(language, data),
        agencies.get(agency, agency),
    ]
    parts += [_crowd(language, data), _points(language, data), str(data.get("reason", ""))]
    return " · ".join(part for part in parts if part)


def _points(language: str, data: Mapping[str, Any]) -> str:
    points = data.get("points", 0)
    return translate(language, N_("{n} 分"), n=points) if points else ""


def robot_text(message: Message) -> str:
    """Return what a group robot says: kind, number, category, grid and link, and nothing of people.

    Parameters
    ----------
    message
        The facts.
    """
    language = message.language
    category = message.category_en if language == "en" and message.category_en else message.category
    urgent = translate(language, N_("【紧急】")) if message.urgent else ""
    grid = translate(language, N_("网格 {code}"), code=message.grid_code) if message.grid_code else ""
    facts = [
        message.number,
        category,
        grid,
        _level(language, message.counts),
        _crowd(language, message.counts),
    ]
    lines = [f"{urgent}{notice_title(language, message.kind)}", " · ".join(fact for fact in facts if fact)]
    return "\n".join(line for line in (*lines, message.url) if line)


def _level(language: str, data: Mapping[str, Any]) -> str:
    found = LEVELS.get(data.get("level", 0))
    return translate(language, found) if found else ""


def _certificate(language: str, data: Mapping[str, Any]) -> str:
    kind = CERTIFICATE_NAMES.get(str(data.get("certificate", "")))
    return (
        translate(language, N_("{kind} 到 {day}"), kind=translate(language, kind), day=data.get("day", ""))
        if kind
        else ""
    )


def _crowd(language: str, data: Mapping[str, Any]) -> str:
    people, vehicles = data.get("people", 0), data.get("vehicles", 0)
    if not people and not vehicles:
        return ""
    return translate(language, N_("{people} 人、{vehicles} 辆车"), people=people, vehicles=vehicles)
