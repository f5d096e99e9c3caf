"""Errors of teams, certificates and activities."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_

TEAMS: Mapping[str, str] = {
    "person_not_called": N_("没有叫“{name}”的人，请写姓名或用户名。"),
    "person_unclear": N_("有几个人同名，请写用户名：{usernames}。"),
    "person_of_agency": N_("责任单位的人员不能加入队伍。"),
    "certificate_kind": N_("没有这种证书。"),
    "certificate_issued": N_("发证日期不对，不能晚于今天。"),
    "certificate_ends": N_("到期日期不对，不能早于发证日期。"),
    "certificate_not_found": N_("没有这张证书。"),
    "certificate_id_reused": N_("这个编号已经用于另一张证书。"),
    "team_kind": N_("没有这种队伍。"),
    "team_name_taken": N_("已经有叫这个名字的队伍。"),
    "team_not_found": N_("没有这支队伍。"),
    "activity_kind": N_("只能是活动或培训。"),
    "activity_order": N_("结束时间应晚于开始时间。"),
    "activity_long": N_("最长 {limit} 小时。"),
    "activity_past": N_("这个时间已经过去了。"),
    "activity_far": N_("最多提前一年安排。"),
    "activity_places": N_("名额应在 {least} 到 {limit} 之间。"),
    "activity_hours": N_("服务时长应在 0 到 {limit} 小时之间。"),
    "activity_cancelled": N_("这次活动已经取消。"),
    "activity_begun": N_("活动已经开始，不能再报名或退出。"),
    "activity_full": N_("名额已满。"),
    "activity_not_found": N_("没有这次活动。"),
    "activity_id_reused": N_("这个编号已经用于另一次活动。"),
    "certificate_months": N_("有效期应在 1 到 {limit} 个月之间。"),
    "attendance_code": N_("签到码不对，或者已经过时，请看组织者屏幕上现在的码。"),
    "doors_closed": N_("签到从开始前半小时到结束后一小时。"),
    "tick_closed": N_("现在不能改签到：从开始前半小时到结束后七天。"),
    "not_signed_up": N_("这个人没有报名。"),
    "own_screen": N_("自己的签到要由另一位组织者确认。"),
    "article_slug": N_("短名用 2 到 40 个英文小写字母、数字和下划线，以字母开头。"),
    "article_position": N_("排序应在 0 到 999 之间。"),
    "article_not_found": N_("没有这一篇。"),
    "too_many_articles": N_("最多 {limit} 篇。"),
    "team_unknown": N_("没有这支队伍，或者已经解散。"),
}
