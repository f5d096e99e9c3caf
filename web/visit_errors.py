"""Sentences of errors about visits, rounds and campaigns."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_

VISITS: Mapping[str, str] = {
    "visit_kind": N_("请选记录的种类。"),
    "visit_outcome": N_("请选走访的结果。"),
    "visit_time": N_("走访时间不能在将来，也不能早于一个月前。"),
    "visit_empty": N_("请写几个字，或勾选检查项、拍张照片。"),
    "visit_place_missing": N_("请选楼栋，或在地图上点一下。"),
    "visit_outside_area": N_("这里不在您负责的范围内，请由那里的守望员或网格员记录。"),
    "visit_id_reused": N_("这个编号已经用于另一条记录。"),
    "visit_not_found": N_("没有这条记录，或者不在您负责的范围内。"),
    "check_unknown": N_("检查项有变化，请刷新页面再记。"),
    "finding_then": N_("请选问题怎样处理：先记下、当场解决了，或转成案件。"),
    "too_many_findings": N_("一次最多记 {limit} 个问题。"),
    "finding_not_found": N_("没有这个问题，或者不在您负责的范围内。"),
    "finding_settled": N_("这个问题已经解决或转办，不能再这样操作。"),
    "finding_open": N_("请先当场解决或转办，再填答复。"),
    "finding_without_place": N_("这个问题没有地点，不能转成案件。"),
    "campaign_not_found": N_("没有这次走访活动。"),
    "campaign_over": N_("这次走访活动已经结束。"),
    "campaign_elsewhere": N_("这次走访活动不包括这个网格。"),
    "campaign_days": N_("结束日期不能早于开始日期，最长 {limit} 天。"),
    "campaign_grid": N_("没有网格“{grid}”。"),
    "finding_how": N_("不认识处理方式“{how}”，请写：现场解决、转办或待处理。"),
    "finding_day": N_("“{text}”不是日期，或者在将来。"),
    "finding_address": N_("找不到“{address}”，请写全楼栋门牌，或填网格编号。"),
    "finding_nowhere": N_("没有地址，也没有网格编号。"),
    "round_days": N_("请选 0 到 {limit} 天。"),
    "round_stops": N_("一条路线最多 {limit} 户。"),
    "round_id_reused": N_("这个编号已经用于另一条路线。"),
    "round_not_found": N_("没有这条路线，或者不是您的。"),
    "nobody_due": N_("这段时间里都走访过了，换个天数试试。"),
    "stop_not_found": N_("这条路线上没有这一户，或者不再由您负责。"),
    "stop_state": N_("请选：走访了、没人在家、这次不去。"),
    "stop_done": N_("这一户已经走访过了。"),
    "answer_unknown": N_("走访的问题有变化，请刷新页面再填。"),
    "answer_not_number": N_("请填整数。"),
    "answer_not_option": N_("请从选项里选。"),
    "checklist_not_found": N_("没有这张检查表。"),
    "checklist_code": N_("代号用小写英文字母开头，只含字母、数字和下划线，且没有用过。"),
    "checklist_items": N_("一张检查表要有 1 到 {limit} 项。"),
    "too_many_checklists": N_("最多 {limit} 张检查表。"),
    "too_many_questions": N_("最多 {limit} 个问题。"),
    "question_too_long": N_("问题和选项不能为空，每个最多 {limit} 个字。"),
    "question_options": N_("单选题要有 2 到 {limit} 个选项，用竖线分开。"),
}
