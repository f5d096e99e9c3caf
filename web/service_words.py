"""Words of the pages of service and care that only templates show."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_, translate_names
from web.meal_words import MEAL_NOTICES
from web.mediation_words import MEDIATION_NOTICES
from web.resident_words import RESIDENT_NOTICES
from web.station_words import STATION_NOTICES
from web.team_words import TEAM_NOTICES
from web.visit_words import VISIT_NOTICES

SERVICE_PAGE_NAMES: Mapping[str, str] = {
    "mine": N_("我的服务"),
    "rewards": N_("积分兑换"),
    "give": N_("赠送积分"),
    "stars": N_("星级志愿者"),
    "counter": N_("发放"),
    "hours": N_("时长登记"),
    "redeemed": N_("兑换记录"),
    "books": N_("积分对账"),
    "visits": N_("走访守望"),
    "patrols": N_("巡逻"),
    "residents": N_("居民档案"),
    "my_record": N_("我的档案"),
    "missing": N_("走失寻人"),
    "activities": N_("活动和培训"),
    "teams": N_("队伍和证书"),
    "mediation": N_("调解"),
    "handbook": N_("互助手册"),
    "meals": N_("妈妈厨房"),
    "stations": N_("暖心驿站"),
}
SERVICE_PAGE_LEADS: Mapping[str, str] = {  # what a tile says below its name
    "mine": N_("服务时长、积分和明细"),
    "rewards": N_("鸡蛋、大米、洗涤用品、商户券、体检"),
    "give": N_("送给认识的邻居，或捐给公益项目"),
    "stars": N_("谢谢这一年里服务社区的人"),
    "counter": N_("扫码或输入兑换码，把东西交给人"),
    "hours": N_("活动时长、巡逻核验、更正"),
    "redeemed": N_("取消、退货"),
    "books": N_("每月对一次账，每一分都有来去"),
    "visits": N_("守望日志、检查、问题和走访"),
    "patrols": N_("走过哪些街路，只记街路不记行踪"),
    "residents": N_("住户、关怀标记、建议和导入"),
    "my_record": N_("登记了什么、谁看过"),
    "missing": N_("一步通知附近的人，分段搜寻"),
    "activities": N_("报名、候补、扫码签到"),
    "teams": N_("红骑兵、车队、证书到期"),
    "mediation": N_("当事人、调解会、协议、回访"),
    "handbook": N_("燃气、火灾、摔倒、走失先做什么"),
    "meals": N_("一周菜单、订餐和送餐"),
    "stations": N_("最近开着的、有什么、怎么走"),
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
    **STATION_NOTICES,
    **TEAM_NOTICES,
    **MEDIATION_NOTICES,
    **VISIT_NOTICES,
}
MOVEMENT_NAMES: Mapping[str, str] = {
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
    "patrol": N_("巡逻"),
}
REDEMPTION_NAMES: Mapping[str, str] = {
    "open": N_("待领取"),
    "handed_out": N_("已领取"),
    "cancelled": N_("已取消"),
    "expired": N_("过期未领"),
    "refunded": N_("已退货"),
}
ACCOUNT_NAMES: Mapping[str, str] = {
    "person": N_("居民和志愿者"),
    "issuer": N_("社区发放"),
    "reward": N_("兑换"),
    "reversal": N_("应收回"),
    "cause": N_("公益捐赠"),
    "expiry": N_("过期"),
}
FINDING_NAMES: Mapping[str, str] = {  # what may not balance
    "balance": N_("余额和明细"),
    "stock": N_("库存和进出"),
    "redemption": N_("兑换和支付"),
    "reversal": N_("收回和原账"),
    "service": N_("时长和积分"),
}
LIMIT_NAMES: Mapping[str, str] = {"month": N_("每月"), "year": N_("每年"), "ever": N_("总共")}


def service_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of keys on the pages of service and care, by kind.

    Parameters
    ----------
    language
        Of the reader.
    """
    kinds: dict[str, Mapping[str, str]] = {
        "page": SERVICE_PAGE_NAMES,
        "lead": SERVICE_PAGE_LEADS,
        "notice": SERVICE_NOTICES,
        "movement": MOVEMENT_NAMES,
        "memo": MEMO_NAMES,
        "redemption": REDEMPTION_NAMES,
        "account": ACCOUNT_NAMES,
        "finding": FINDING_NAMES,
        "limit": LIMIT_NAMES,
    }
    return translate_names(language, kinds)
