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
    "team_unknown": N_("没有这支队伍，或者已经解散。"),
}
