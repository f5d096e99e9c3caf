"""Words of cases, and of what happens to them."""

from __future__ import annotations

from collections.abc import Mapping

from gis.words import Decision, DecisionLevel, Leave, ReferralStatus, Status, Verb
from web.i18n import N_

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
    "correct_hours": N_("更正了服务时长"),
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
FAMILY_NAMES: Mapping[str, str] = {
    "hazard": N_("安全隐患"),
    "care": N_("关爱帮扶"),
    "dispute": N_("邻里纠纷"),
    "service": N_("便民服务"),
}

CASE_KINDS: Mapping[str, Mapping[str, str]] = {
    "status": STATUS_NAMES,
    "verb": VERB_NAMES,
    "event": EVENT_NAMES,
    "report_step": REPORT_STEP_NAMES,
    "light": LIGHT_NAMES,
    "step": STEP_NAMES,
    "pause_kind": PAUSE_KIND_NAMES,
    "pause_state": PAUSE_STATE_NAMES,
    "offer_status": OFFER_STATUS_NAMES,
    "family": FAMILY_NAMES,
    "referral_status": REFERRAL_STATUS_NAMES,
    "hand_over_status": HAND_OVER_STATUS_NAMES,
    "decision_level": DECISION_LEVEL_NAMES,
    "decision": DECISION_NAMES,
    "leave": LEAVE_NAMES,
}
"""The tables that templates and scripts show, by kind."""
