"""Words of what is kept how long."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_, translate_names

PURPOSE_NAMES: Mapping[str, str] = {
    "reporters": N_("谁上报的（结案后）"),
    "originals": N_("原始照片（结案后）"),
    "dispatches": N_("派单时各人的距离"),
    "positions": N_("在岗人员的最后位置"),
    "sessions": N_("过期的登录和一次性密码"),
    "notices": N_("通知"),
    "imports": N_("读入过的热线表格"),
    "exports": N_("导出记录"),
    "orders": N_("预约服务的对象、门牌和备注"),
    "callbacks": N_("热线回访电话（结案后）"),
    "visits": N_("走访日志里的门牌、文字和照片"),
    "meals": N_("谁订过餐（停餐后）"),
    "mediations": N_("调解内容（有结果后）"),
    "missing": N_("寻人信息（寻找结束后）"),
    "residents": N_("居民档案（迁出后）"),
    "access_log": N_("查看和登录记录"),
}
PURPOSE_HINTS: Mapping[str, str] = {
    "reporters": N_("案件、照片和经过一直保留，只是不再知道是谁上报的。"),
    "originals": N_("只留下去掉拍摄信息的照片。"),
    "visits": N_("哪天走访过哪栋楼一直保留。"),
    "mediations": N_("有过调解和结果一直保留。"),
    "access_log": N_("法律要求至少保存六个月；链条上的凭证一直保留。"),
}
OWN_NAMES: Mapping[str, str] = {
    "reports": N_("上报"),
    "photos": N_("照片"),
    "ratings": N_("评价"),
    "orders": N_("预约"),
    "service": N_("服务记录"),
    "redemptions": N_("兑换"),
    "certificates": N_("证书"),
    "notices": N_("通知"),
    "looks": N_("查看记录"),
}
RETENTION_ERRORS: Mapping[str, str] = {
    "retention_days": N_("应在 {least} 到 {most} 天之间。"),
}


def retention_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of what is kept, by kind.

    Parameters
    ----------
    language
        Of the reader.
    """
    return translate_names(language, {"purpose": PURPOSE_NAMES, "hint": PURPOSE_HINTS, "own": OWN_NAMES})
