"""Words of the domain for people: the Chinese source of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.words import (
    Datum,
    Decision,
    DecisionLevel,
    Leave,
    Level,
    Mode,
    PositionSource,
    ReferralStatus,
    Role,
    Status,
    Verb,
)
from web.error_messages import ERROR_MESSAGES
from web.i18n import N_, translate, translate_names

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
STATUS_NAMES: Mapping[str, str] = {
    Status.OPEN: N_("待派单"),
    Status.OFFERED: N_("派单中"),
    Status.ACCEPTED: N_("已接单"),
    Status.ON_SITE: N_("已到场"),
    Status.REFERRED: N_("已转办"),
    Status.DONE: N_("待核验"),
    Status.CLOSED: N_("已办结"),
    Status.REJECTED: N_("不受理"),
    Status.CANCELLED: N_("已撤销"),
}
VERB_NAMES: Mapping[str, str] = {  # on a button
    Verb.OFFER: N_("派单"),
    Verb.EXPIRE: N_("超时"),
    Verb.DECLINE: N_("接不了"),
    Verb.WITHDRAW: N_("收回派单"),
    Verb.ACCEPT: N_("接单"),
    Verb.ARRIVE: N_("我到了"),
    Verb.DONE: N_("办完了"),
    Verb.RELEASE: N_("退回任务"),
    Verb.REFER: N_("转办"),
    Verb.RETURN: N_("退回社区"),
    Verb.VERIFY: N_("核验办结"),
    Verb.REJECT: N_("不予受理"),
    Verb.REOPEN: N_("重新打开"),
    Verb.CANCEL: N_("撤销案件"),
    Verb.MERGE: N_("并入另一案件"),
    Verb.PROGRESS: N_("报告进展"),
    Verb.ASK_HELP: N_("请求支援"),
    Verb.HAND_OVER: N_("请同事接手"),
    Verb.ACCEPT_HAND_OVER: N_("我来接手"),
    Verb.REFUSE_HAND_OVER: N_("接手不了"),
    Verb.WITHDRAW_HAND_OVER: N_("不用接手了"),
    Verb.DECIDE: N_("三级研判"),
    Verb.PAUSE: N_("申请暂停"),
    Verb.APPROVE_PAUSE: N_("批准暂停"),
    Verb.REFUSE_PAUSE: N_("不批准暂停"),
    Verb.RESUME: N_("恢复计时"),
    Verb.CLASSIFY: N_("改类别"),
    Verb.SET_URGENT: N_("标为紧急"),
    Verb.UNDO: N_("撤回刚才的操作"),
}
EVENT_NAMES: Mapping[str, str] = {  # in a timeline
    "submit": N_("上报了问题"),
    "report": N_("补充了上报"),
    "link": N_("同一问题又有上报"),
    "photo": N_("添加了照片"),
    Verb.OFFER: N_("派给响应人"),
    Verb.EXPIRE: N_("超时未答，派给下一位"),
    Verb.DECLINE: N_("表示接不了"),
    Verb.WITHDRAW: N_("收回了派单"),
    Verb.ACCEPT: N_("接了单"),
    Verb.ARRIVE: N_("到达现场"),
    Verb.DONE: N_("办完，等待核验"),
    Verb.RELEASE: N_("退回了任务"),
    Verb.REFER: N_("转给责任单位"),
    Verb.RETURN: N_("退回社区"),
    Verb.VERIFY: N_("核验通过，办结"),
    Verb.REJECT: N_("决定不予受理"),
    Verb.REOPEN: N_("重新打开了"),
    Verb.CANCEL: N_("撤销了"),
    Verb.MERGE: N_("把上报并入了另一案件"),
    Verb.PROGRESS: N_("报告了进展"),
    Verb.ASK_HELP: N_("请求支援，已通知网格员和值班"),
    Verb.HAND_OVER: N_("请同事接手"),
    Verb.ACCEPT_HAND_OVER: N_("接手了"),
    Verb.REFUSE_HAND_OVER: N_("表示接手不了"),
    Verb.WITHDRAW_HAND_OVER: N_("不再请人接手"),
    Verb.DECIDE: N_("作出研判"),
    Verb.PAUSE: N_("申请暂停计时"),
    Verb.APPROVE_PAUSE: N_("批准暂停，停止计时"),
    Verb.REFUSE_PAUSE: N_("没有批准暂停"),
    Verb.RESUME: N_("恢复计时"),
    Verb.CLASSIFY: N_("改了类别"),
    Verb.SET_URGENT: N_("改了紧急程度"),
    Verb.UNDO: N_("撤回了刚才的操作"),
    "unmerge": N_("撤销并入，上报回到原案件"),
    "referral_unanswered": N_("转办到时没有接收，已上报"),
    "remind": N_("仍无人处理，再次催办"),
    "escalate": N_("案件升级"),
    "due_soon": N_("时限将到，已提醒"),
    "referral_due_soon": N_("转办快到时限，已提醒"),
    "referral_overdue": N_("转办超过时限，已催办"),
    "unlink": N_("把一份上报分出，另立案件"),
    "suggest": N_("后到的照片与附近另一案件很像"),
    "reassign": N_("按现行边界重新归格"),
    "rate": N_("评价了处理结果"),
    "hotline": N_("登记了 12345 工单"),
    "hotline_change": N_("12345 工单有变更"),
}
REPORT_STEP_NAMES: Mapping[str, str] = {  # what a reporter waits for
    "received": N_("已收到"),
    "taken": N_("有人接"),
    "on_site": N_("到现场"),
    "done": N_("办完了"),
    "closed": N_("已办结"),
}
LIGHT_NAMES: Mapping[str, str] = {
    "green": N_("正常"),
    "yellow": N_("将到时限"),
    "red": N_("超时限"),
}
STEP_NAMES: Mapping[str, str] = {  # of the ladder
    "1": N_("扩大范围"),
    "2": N_("升到网格员"),
    "3": N_("升到社区值班"),
    "4": N_("升到街道"),
}
COLUMN_NAMES: Mapping[str, str] = {  # of the desk's board
    "open": N_("待派单"),
    "offered": N_("派单中"),
    "in_hand": N_("处理中"),
    "referred": N_("已转办"),
    "done": N_("待核验"),
    "ended": N_("已结束"),
}
DESK_VIEW_NAMES: Mapping[str, str] = {"board": N_("看板"), "list": N_("列表"), "map": N_("地图")}
SINCE_NAMES: Mapping[str, str] = {  # what happened since one's last shift
    "late": N_("超时限的"),
    "reopened": N_("重新打开的"),
    "returned": N_("被退回的"),
    "opened": N_("新来的"),
}
PAUSE_KIND_NAMES: Mapping[str, str] = {
    "agency": N_("等责任单位"),
    "materials": N_("等材料"),
    "other": N_("其他原因"),
}
PAUSE_STATE_NAMES: Mapping[str, str] = {"asked": N_("申请暂停中"), "running": N_("暂停计时")}
OFFER_STATUS_NAMES: Mapping[str, str] = {
    "live": N_("等待回答"),
    "accepted": N_("接了单"),
    "declined": N_("接不了"),
    "expired": N_("超时"),
    "withdrawn": N_("已收回"),
}
REFERRAL_STATUS_NAMES: Mapping[str, str] = {
    ReferralStatus.SENT: N_("待接收"),
    ReferralStatus.ACCEPTED: N_("办理中"),
    ReferralStatus.DONE: N_("已办，待核验"),
    ReferralStatus.RETURNED: N_("已退回"),
    ReferralStatus.VERIFIED: N_("核验通过"),
    ReferralStatus.WITHDRAWN: N_("已收回"),
    ReferralStatus.PASSED_ON: N_("已转有关部门"),
}
BOX_NAMES: Mapping[str, str] = {  # parts of an inbox of referrals
    "open": N_("全部在办"),
    "new": N_("待接收"),
    "accepted": N_("办理中"),
    "due_soon": N_("快到期"),
    "overdue": N_("已超期"),
    "done": N_("待核验"),
    "returned": N_("已退回"),
    "ended": N_("已结束"),
}
HAND_OVER_STATUS_NAMES: Mapping[str, str] = {
    "asked": N_("等待回答"),
    "accepted": N_("已接手"),
    "refused": N_("接手不了"),
    "withdrawn": N_("已撤回"),
}
DECISION_LEVEL_NAMES: Mapping[str, str] = {
    DecisionLevel.COURTYARD: N_("院落"),
    DecisionLevel.COMMUNITY: N_("社区"),
    DecisionLevel.SUB_DISTRICT: N_("街道"),
}
DECISION_NAMES: Mapping[str, str] = {
    Decision.SETTLE: N_("本级解决"),
    Decision.RAISE: N_("上报上一级"),
    "refer": N_("转办"),
}
LEAVE_NAMES: Mapping[str, str] = {
    Leave.KEEP: N_("我办完再走"),
    Leave.RELEASE: N_("退回，马上派给别人"),
    Leave.HAND_OVER: N_("请一位同事接手"),
}
PHRASES: Mapping[str, tuple[str, ...]] = {  # ready reasons, one tap each
    Verb.DECLINE: (N_("正在送单"), N_("离得太远"), N_("手上有事"), N_("不会处理"), N_("进不去院子")),
    Verb.REFUSE_HAND_OVER: (N_("手上有事"), N_("离得太远"), N_("不会处理"), N_("马上下班")),
    Verb.RETURN: (
        N_("不属于我单位职责"),
        N_("位置不清，找不到现场"),
        N_("需要物业先配合"),
        N_("现场已经处理好"),
    ),
    "call": (
        N_("来电人说很急"),
        N_("已经有两天了"),
        N_("家里有老人"),
        N_("晚上也请回电"),
        N_("以前报过没解决"),
        N_("影响整个单元"),
    ),
    Verb.RELEASE: (N_("临时有事"), N_("需要专业人员"), N_("缺少工具")),
}
LEVEL_NAMES: Mapping[str, str] = {
    Level.COMMUNITY: N_("社区"),
    Level.GRID: N_("网格"),
    Level.MICRO_GRID: N_("微网格"),
    Level.COURTYARD: N_("楼院"),
}
SOURCE_NAMES: Mapping[str, str] = {
    PositionSource.GNSS: N_("手机定位"),
    PositionSource.PIN: N_("手动标注"),
    PositionSource.EXIF: N_("照片位置"),
    PositionSource.PLATE: N_("门牌地址"),
}
MODE_NAMES: Mapping[str, str] = {Mode.WALK: N_("步行"), Mode.E_BIKE: N_("电动车"), Mode.CAR: N_("开车")}
DATUM_NAMES: Mapping[str, str] = {
    Datum.WGS84: N_("WGS-84 坐标"),
    Datum.GCJ02: N_("高德/腾讯坐标（GCJ-02）"),
    Datum.BD09: N_("百度坐标（BD-09）"),
    Datum.CGCS2000: N_("国家 2000 坐标"),
}
FAMILY_NAMES: Mapping[str, str] = {
    "hazard": N_("安全隐患"),
    "care": N_("关爱帮扶"),
    "dispute": N_("邻里纠纷"),
    "service": N_("便民服务"),
}
MAP_APP_NAMES: Mapping[str, str] = {
    "amap": N_("用高德地图打开"),
    "baidu": N_("用百度地图打开"),
    "tencent": N_("用腾讯地图打开"),
}
AMENITY_NAMES: Mapping[str, str] = {
    "charging": N_("充电"),
    "microwave": N_("微波炉"),
    "first_aid": N_("急救箱"),
    "water": N_("饮水"),
    "drinking_water": N_("饮水"),
    "rest": N_("休息"),
    "toilet": N_("卫生间"),
    "toilets": N_("卫生间"),
    "wifi": N_("无线网"),
    "seat": N_("座椅"),
    "seats": N_("座椅"),
    "books": N_("图书"),
    "umbrella": N_("雨伞"),
    "heating": N_("暖气"),
    "fridge": N_("冰箱"),
    "hot_meal": N_("热餐"),
    "meals": N_("热餐"),
    "tools": N_("工具"),
}
PAGE_NAMES: Mapping[str, str] = {
    "home": N_("首页"),
    "report": N_("上报"),
    "tasks": N_("任务"),
    "agency": N_("转办件"),
    "map": N_("地图"),
    "desk": N_("调度"),
    "planner": N_("规划"),
    "plates": N_("门牌码"),
    "grids": N_("边界"),
    "orders": N_("点单"),
    "exports": N_("导出"),
    "indicators": N_("指标"),
    "admin": N_("管理"),
}
NOTICES: Mapping[str, str] = {
    "reported": N_("上报已收到，谢谢您。"),
    "hotline_writing": N_("正在写入，完成前可以离开此页。"),
    "hotline_discarded": N_("文件已丢弃，什么也没有写入。"),
    "print_instead": N_("这台服务器不能生成 PDF，请用浏览器打印。"),
    "export_ordered": N_("已安排导出，写好后可以在这里下载。"),
    "export_cancelled": N_("已取消导出。"),
    "rated": N_("评价已收到，谢谢您。"),
    "accepted": N_("接单成功，请前往现场。"),
    "declined": N_("已谢绝，派给下一位。"),
    "arrived": N_("已记录到场。"),
    "done": N_("已提交，等待核验。"),
    "released": N_("任务已退回。"),
    "referred": N_("已转给责任单位。"),
    "returned": N_("已退回社区。"),
    "verified": N_("已核验办结，积分已入账。"),
    "rejected": N_("已记为不受理。"),
    "reopened": N_("案件已重新打开。"),
    "cancelled": N_("案件已撤销。"),
    "withdrawn": N_("派单已收回。"),
    "pause_asked": N_("暂停申请已提交。"),
    "paused": N_("已批准暂停，停止计时。"),
    "pause_refused": N_("暂停申请未批准。"),
    "resumed": N_("已恢复计时。"),
    "handed_over": N_("已问同事，接手前任务还在原处。"),
    "taken_over": N_("已接手，请前往现场。"),
    "refused_hand_over": N_("已回绝，任务还在同事那里。"),
    "withdrawn_hand_over": N_("已撤回，任务不移交了。"),
    "progressed": N_("进展已记下。"),
    "help_asked": N_("已通知网格员和社区值班，任务还在您这里。"),
    "decided": N_("研判已记下。"),
    "assigned": N_("已指派，等对方回答。"),
    "classified": N_("类别已改，时限按新类别计算。"),
    "urgency_set": N_("紧急程度已改。"),
    "undone": N_("已撤回。"),
    "filter_dropped": N_("筛选已删除。"),
    "filter_kept": N_("筛选已保存。"),
    "note_kept": N_("便笺已留下。"),
    "note_settled": N_("便笺已办结。"),
    "shift_begun": N_("已接班。"),
    "shift_ended": N_("已交班。"),
    "merged": N_("已并案，上报都在另一案件里。"),
    "unlinked": N_("已分开，这份上报另立了新案件。"),
    "duty_on": N_("您已上岗。"),
    "duty_off": N_("您已下岗，位置已清除。"),
    "heat_published": N_("热力图已对外公开。"),
    "heat_withdrawn": N_("热力图不再对外公开。"),
    "plan_saved": N_("方案已保存。"),
    "plan_dropped": N_("方案已作废，各版本仍可查。"),
    "rates_saved": N_("单价已保存。"),
    "signed_out": N_("您已退出。"),
    "ordered": N_("点单已收到，到时间会派人。"),
    "order_cancelled": N_("已取消。"),
    "mustered": N_("集结已发出。"),
    "muster_coming": N_("收到，请注意安全。"),
    "muster_declined": N_("收到，会叫别人来。"),
    "stood_down": N_("集结已解除。"),
    "notices_read": N_("全部标为已读。"),
    "draft_begun": N_("草稿已建好，改动随时保存，发布前不影响正在使用的边界。"),
    "draft_renewed": N_("已按正在使用的版本新建草稿，原草稿的改动是其中一步，可以撤销。"),
    "draft_discarded": N_("草稿已丢弃。"),
    "published": N_("新版边界已发布，立即生效。"),
    "rolled_back": N_("已回到旧版边界，立即生效。"),
    "reassigned": N_("旧版里的未结案件已改按现行边界归格。"),
}
FINDING_NAMES: Mapping[str, str] = {  # what is wrong with areas
    "out_of_range": N_("坐标超出范围"),
    "antimeridian": N_("跨越 180° 经线"),
    "not_polygon": N_("不是面"),
    "invalid": N_("边界自相交"),
    "uncoded": N_("没有编号"),
    "doubly_coded": N_("编号重复"),
    "overlap": N_("重叠"),
    "gap": N_("缝隙"),
    "mismatch": N_("相邻边界的顶点不一致"),
    "stray_part": N_("有不相连的部分"),
    "no_parent": N_("没有上级"),
    "outside_parent": N_("超出上级范围"),
    "no_community": N_("社区不是一个"),
    "sliver": N_("过窄"),
    "building_cut": N_("边界切过楼栋"),
    "courtyard_cuts": N_("楼院只含半栋楼"),
    "unnamed": N_("没有名称"),
    "doubly_named": N_("名称重复"),
    "heavy": N_("顶点过多"),
    "heights": N_("文件带高程，已略去"),
}
CHANGE_NAMES: Mapping[str, str] = {"added": N_("新增"), "removed": N_("取消"), "changed": N_("改变")}
FACT_NAMES: Mapping[str, str] = {  # what of an area changed
    "name": N_("名称"),
    "name_en": N_("英文名"),
    "parent_code": N_("所属网格"),
    "households": N_("户数"),
    "geometry": N_("范围"),
}
DRAFT_SOURCES: Mapping[str, str] = {
    "version": N_("正在使用的边界"),
    "file": N_("文件"),
    "delineation": N_("自动划分"),
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


def error_sentence(
    language: str, code: str, values: Mapping[str, object] | None = None, fallback: str = ""
) -> str:
    """Return the sentence for an error code; for an unknown code the fallback, else the general sentence."""
    source = ERROR_MESSAGES.get(code)
    if source is None:
        return fallback or translate(language, ERROR_MESSAGES["error"])
    shown = {name: value for name, value in (values or {}).items() if name != "text"}
    return translate(language, source, **{"code": code, **shown})


def phrases(language: str, verb: str) -> list[str]:
    """Return ready reasons for an act, none for most."""
    return [translate(language, text) for text in PHRASES.get(verb, ())]


def dispatch_reason(language: str, code: str | None, values: Mapping[str, Any] | None = None) -> str:
    """Return why a candidate was or wasn't asked; an unknown reason is shown as it is."""
    if not code:
        return ""
    return translate(language, DISPATCH_REASONS.get(code, code), **{"code": code, **(values or {})})


def names(language: str) -> dict[str, dict[str, str]]:
    """Return all names of keys that templates and scripts show, by kind."""
    kinds = {
        "role": ROLE_NAMES,
        "status": STATUS_NAMES,
        "verb": VERB_NAMES,
        "event": EVENT_NAMES,
        "report_step": REPORT_STEP_NAMES,
        "light": LIGHT_NAMES,
        "step": STEP_NAMES,
        "column": COLUMN_NAMES,
        "since": SINCE_NAMES,
        "desk_view": DESK_VIEW_NAMES,
        "pause_kind": PAUSE_KIND_NAMES,
        "pause_state": PAUSE_STATE_NAMES,
        "offer_status": OFFER_STATUS_NAMES,
        "level": LEVEL_NAMES,
        "source": {**SOURCE_NAMES, "order": N_("点单")},
        "mode": MODE_NAMES,
        "datum": DATUM_NAMES,
        "family": FAMILY_NAMES,
        "amenity": AMENITY_NAMES,
        "map_app": MAP_APP_NAMES,
        "page": PAGE_NAMES,
        "notice": NOTICES,
        "dispatch": DISPATCH_REASONS,
        "finding": FINDING_NAMES,
        "change": CHANGE_NAMES,
        "fact": FACT_NAMES,
        "draft_source": DRAFT_SOURCES,
        "skill": SKILL_NAMES,
        "call_status": CALL_STATUS_NAMES,
        "muster_status": MUSTER_STATUS_NAMES,
        "seat": SEAT_NAMES,
        "repeat": REPEAT_NAMES,
        "weekday": WEEKDAY_NAMES,
        "order_status": ORDER_STATUS_NAMES,
        "seat_state": SEAT_STATE_NAMES,
        "referral_status": REFERRAL_STATUS_NAMES,
        "box": BOX_NAMES,
        "hand_over_status": HAND_OVER_STATUS_NAMES,
        "decision_level": DECISION_LEVEL_NAMES,
        "decision": DECISION_NAMES,
        "leave": LEAVE_NAMES,
    }
    return translate_names(language, kinds)
