"""Words of people: roles, skills, why one was asked, orders and musters."""

from __future__ import annotations

from collections.abc import Mapping

from gis.words import Role
from web.i18n import N_

ROLE_NAMES: Mapping[str, str] = {
    Role.RESIDENT: N_("居民"),
    Role.RIDER: N_("骑手"),
    Role.WATCHER: N_("守望员"),
    Role.GRID_WORKER: N_("网格员"),
    Role.DESK: N_("值班调度"),
    Role.PLANNER: N_("规划员"),
    Role.AGENCY: N_("责任单位"),
    Role.ADMIN: N_("管理员"),
}
DISPATCH_REASONS: Mapping[str, str] = {  # why somebody on duty was not asked, or why an offer ended
    "reporter": N_("自己上报的"),
    "full": N_("任务已满"),
    "no_fresh_position": N_("没有最近的位置"),
    "has_other_seat": N_("已有这张点单的另一个位置"),
    "refused_lately": N_("刚刚回绝过"),
    "too_far": N_("太远"),
    "unreachable": N_("没有路可到"),
    "off_shift": N_("到达前已下班"),
    "lacks_skill": N_("没有需要的技能"),
    "other_area": N_("不在自己的网格"),
    "no_way_in": N_("车进不去，要走太远"),
    "language": N_("语言不通"),
    "further": N_("离得更远"),
    "skill": N_("有对口技能"),
    "today": N_("今天已接任务"),
    "rest": N_("刚做完任务"),
    "vehicle": N_("车留给更远的事"),
    "off_duty": N_("已下岗"),
    "offered": N_("已派单"),
    "all_taken": N_("合适的人都在忙"),
    "nobody_available": N_("没有可派的人"),
    "load": N_("手上已有任务"),
    "owner": N_("本微网格守望员优先"),
    "offers_lapsed": N_("多次派单无人接"),
    "not_answered": N_("到时无人应答"),
    "not_on_site": N_("没有按时到场"),
    "not_resolved": N_("没有按时办结"),
    "on_site_soon": N_("到场时限已用去八成"),
    "resolve_soon": N_("办结时限已用去八成"),
    "pause_over": N_("暂停期满"),
}
SKILL_NAMES: Mapping[str, str] = {
    "first_aid": N_("急救"),
    "mediation": N_("调解"),
    "electrical": N_("电工"),
    "plumbing": N_("水暖"),
    "fire": N_("消防"),
    "elderly_care": N_("照护老人"),
    "heavy_lifting": N_("搬运重物"),
    "medicine_delivery": N_("送药"),
}
CALL_STATUS_NAMES: Mapping[str, str] = {  # of one who was called to a muster
    "called": N_("等待答复"),
    "no_answer": N_("没有答复"),
    "on_the_way": N_("正在赶来"),
    "arrived": N_("已到达"),
    "declined": N_("来不了"),
    "stood_down": N_("已解除"),
}
MUSTER_STATUS_NAMES: Mapping[str, str] = {"calling": N_("集结中"), "stood_down": N_("已解除")}
REPEAT_NAMES: Mapping[str, str] = {"once": N_("只一次"), "daily": N_("每天"), "weekly": N_("每周")}
WEEKDAY_NAMES: Mapping[str, str] = {
    "1": N_("周一"),
    "2": N_("周二"),
    "3": N_("周三"),
    "4": N_("周四"),
    "5": N_("周五"),
    "6": N_("周六"),
    "7": N_("周日"),
}
ORDER_STATUS_NAMES: Mapping[str, str] = {
    "active": N_("有效"),
    "over": N_("已结束"),
    "cancelled": N_("已取消"),
}
SEAT_STATE_NAMES: Mapping[str, str] = {
    "planned": N_("已安排"),
    "opened": N_("派人中"),
    "cancelled": N_("已取消"),
    "missed": N_("没赶上"),
}
SEAT_NAMES: Mapping[str, str] = {"person": N_("人"), "vehicle": N_("车")}

PEOPLE_KINDS: Mapping[str, Mapping[str, str]] = {
    "role": ROLE_NAMES,
    "dispatch": DISPATCH_REASONS,
    "skill": SKILL_NAMES,
    "call_status": CALL_STATUS_NAMES,
    "muster_status": MUSTER_STATUS_NAMES,
    "seat": SEAT_NAMES,
    "repeat": REPEAT_NAMES,
    "weekday": WEEKDAY_NAMES,
    "order_status": ORDER_STATUS_NAMES,
    "seat_state": SEAT_STATE_NAMES,
}
"""The tables that templates and scripts show, by kind."""
