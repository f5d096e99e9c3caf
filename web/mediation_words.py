"""Words of the pages of mediation, and sentences of its errors."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_, translate_names

OUTCOME_NAMES: Mapping[str, str] = {
    "agreed": N_("达成协议"),
    "failed": N_("没有谈成"),
    "withdrawn": N_("当事人撤回"),
    "passed_on": N_("转到别处"),
}
KEPT_NAMES: Mapping[str, str] = {
    "kept": N_("履行了"),
    "partly": N_("部分履行"),
    "broken": N_("没有履行"),
}
MEDIATION_NOTICES: Mapping[str, str] = {
    "mediation_opened": N_("调解已建立，只有您和调解员能看到内容。"),
    "mediation_written": N_("已保存。"),
}
MEDIATION_ERRORS: Mapping[str, str] = {
    "mediation_not_found": N_("没有这件调解，或者只有它的调解员和负责社工能看。"),
    "mediation_category": N_("只有纠纷类案件可以调解。"),
    "mediation_elsewhere": N_("这件纠纷已由另一位社工负责调解。"),
    "mediator_unable": N_("{name} 不能调解这件纠纷：要有在有效期内的调解技能，也不能是上报人。"),
    "keeper_unable": N_("{name} 不是值班人员，也不是这个网格的网格员。"),
    "mediation_outcome": N_("请选一种结果。"),
    "mediation_over": N_("这件调解已有结果，不能再改。"),
    "mediation_full": N_("最多 {limit} 条。"),
    "mediation_when": N_("时间离现在太远了。"),
    "mediation_due": N_("回访日期应在今天以后的一年之内。"),
    "mediation_signed": N_("签字日期不能晚于今天。"),
    "mediation_kept": N_("请选履行情况。"),
    "party_unknown": N_("到场的人要先登记为当事人。"),
    "session_written": N_("这一场已经记录过，不能再改。"),
    "agreement_missing": N_("请先写下协议内容。"),
    "mediation_untaken": N_("案件还没有人接，请调解员先接单。"),
    "follow_up_done": N_("这次回访已经记录过。"),
}


def mediation_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of keys on the pages of mediation, by kind.

    Parameters
    ----------
    language
        Of the reader.
    """
    return translate_names(language, {"outcome": OUTCOME_NAMES, "kept": KEPT_NAMES})
