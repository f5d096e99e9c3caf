"""Words of the pages of service and care that only templates show."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_, translate_names
from web.meal_words import MEAL_NOTICES
from web.mediation_words import MEDIATION_NOTICES
from web.team_words import TEAM_NOTICES
from web.visit_words import VISIT_NOTICES

SERVICE_PAGE_NAMES: Mapping[str, str] = {
    "mine": N_("我的服务"),
    "visits": N_("走访守望"),
    "residents": N_("居民档案"),
    "my_record": N_("我的档案"),
    "activities": N_("活动和培训"),
    "teams": N_("队伍和证书"),
    "mediation": N_("调解"),
}
SERVICE_PAGE_LEADS: Mapping[str, str] = {  # what a tile says below its name
    "mine": N_("服务时长、积分和明细"),
    "visits": N_("守望日志、检查、问题和走访"),
    "residents": N_("住户、关怀标记、建议和导入"),
    "my_record": N_("登记了什么、谁看过"),
    "activities": N_("报名、候补、扫码签到"),
    "teams": N_("红骑兵、车队、证书到期"),
    "mediation": N_("当事人、调解会、协议、回访"),
}
SERVICE_NOTICES: Mapping[str, str] = {**TEAM_NOTICES, **MEDIATION_NOTICES, **VISIT_NOTICES}
MOVEMENT_NAMES: Mapping[str, str] = {
    "meals": N_("妈妈厨房"),
    "earned": N_("服务所得"),
    "taken_back": N_("收回"),
    "owed": N_("应收回"),
    "paid": N_("抵扣应收回的积分"),
    "redeemed": N_("兑换"),
    "returned": N_("退回"),
    "given": N_("赠送"),
    "donated": N_("捐赠"),
    "expired": N_("过期"),
}
MEMO_NAMES: Mapping[str, str] = {  # what the service itself writes into an entry
    "reopened": N_("案件重新打开"),
    "undone": N_("办结撤回"),
    "cancelled": N_("兑换已取消"),
    "code_expired": N_("没有按时领取"),
    "refunded": N_("退货"),
    "meals": N_("一周菜单、订餐和送餐"),
}
SERVICE_NOTICES: Mapping[str, str] = {
    "redeemed": N_("兑换成功，凭码领取。"),
    "redemption_cancelled": N_("已取消，积分已退回。"),
    "reward_refunded": N_("已退货，积分已退回。"),
    "handed_out": N_("已发放，可以把东西交给他了。"),
    "points_sent": N_("积分已送到，谢谢您。"),
    "points_donated": N_("积分已捐出，谢谢您。"),
    "star_named": N_("您的姓名会列在星级志愿者里。"),
    "star_unnamed": N_("您的姓名不再列出。"),
    "hours_entered": N_("时长已登记，积分已入账。"),
    "patrols_confirmed": N_("巡逻时长已核验，积分已入账。"),
    "hours_corrected": N_("时长已更正，积分已重算。"),
    **RESIDENT_NOTICES,
    **MEAL_NOTICES,
    **TEAM_NOTICES, **MEDIATION_NOTICES,
    **VISIT_NOTICES,
    "patrol": N_("巡逻"),
}


def service_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of keys on the pages of service and care, by kind.

    Parameters
    ----------
    language
        Of the reader.
    """
    kinds = {
        "page": SERVICE_PAGE_NAMES,
        "lead": SERVICE_PAGE_LEADS,
        "notice": SERVICE_NOTICES,
        "movement": MOVEMENT_NAMES,
        "memo": MEMO_NAMES,
    }
    return translate_names(language, kinds)
