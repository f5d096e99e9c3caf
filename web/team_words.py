"""Words of teams, certificates, activities and the handbook; only templates and notices show them."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_, translate_names

CERTIFICATE_NAMES: Mapping[str, str] = {
    "health": N_("健康证"),
    "first_aid": N_("急救员证"),
    "mediator": N_("调解员证"),
    "electrician": N_("电工证"),
    "plumber": N_("管道工证"),
    "fire": N_("消防培训证"),
    "carer": N_("养老护理员证"),
    "driver": N_("驾驶证"),
}
CERTIFICATE_STANDINGS: Mapping[str, str] = {
    "holds": N_("有效"),
    "soon": N_("快到期"),
    "ended": N_("已过期"),
    "withdrawn": N_("已撤销"),
}
TEAM_KINDS: Mapping[str, str] = {
    "riders": N_("骑手队（红骑兵）"),
    "vehicles": N_("车队"),
    "care": N_("关爱队"),
    "patrol": N_("巡逻队"),
    "kitchen": N_("厨房队"),
    "other": N_("其他队伍"),
}
ACTIVITY_KINDS: Mapping[str, str] = {"activity": N_("活动"), "course": N_("培训")}
ACTIVITY_STATUSES: Mapping[str, str] = {
    "planned": N_("报名中"),
    "under_way": N_("进行中"),
    "over": N_("已结束"),
    "cancelled": N_("已取消"),
}
PLACE_STATES: Mapping[str, str] = {
    "booked": N_("已报名"),
    "waiting": N_("候补"),
    "cancelled": N_("已退出"),
}
ATTENDED_BY: Mapping[str, str] = {"code": N_("扫码"), "organiser": N_("组织者签到")}
TEAM_NOTICES: Mapping[str, str] = {
    "team_founded": N_("队伍已建立，请加入队员。"),
    "team_kept": N_("队伍已保存。"),
    "member_put": N_("已加入队伍。"),
    "member_dropped": N_("已移出队伍。"),
    "certificate_recorded": N_("证书已登记。"),
    "certificate_withdrawn": N_("证书已撤销。"),
    "activity_announced": N_("活动已发布。"),
    "activity_cancelled": N_("活动已取消，报名的人会收到通知。"),
    "activity_kept": N_("活动已保存。"),
    "signed_up": N_("已收到您的报名。"),
    "place_left": N_("已退出报名。"),
    "attended": N_("签到成功，谢谢您。"),
    "article_kept": N_("手册已保存。"),
    "article_dropped": N_("已恢复或删除。"),
    "attendance_kept": N_("签到已更新。"),
}


def team_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of keys on the pages of teams, by kind.

    Parameters
    ----------
    language
        Of the reader.
    """
    kinds = {
        "certificate": CERTIFICATE_NAMES,
        "standing": CERTIFICATE_STANDINGS,
        "kind": TEAM_KINDS,
        "activity": ACTIVITY_KINDS,
        "status": ACTIVITY_STATUSES,
        "place": PLACE_STATES,
        "attended": ATTENDED_BY,
    }
    return translate_names(language, kinds)
