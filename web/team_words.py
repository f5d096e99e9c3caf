"""Words of teams, certificates, activities and the handbook; only templates and notices show them."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_, translate_names

CERTIFICATE_NAMES: Mapping[str, str] = {
    "health": N_("健康证"),
    "first_aid": N_("急救员证"),
    "mediator": N_("调解员证"),
    "electrician": N_("电工证"),
    "plumber": N_("管道工证"),
    "fire": N_("消防培训证"),
    "carer": N_("养老护理员证"),
    "driver": N_("驾驶证"),
}
CERTIFICATE_STANDINGS: Mapping[str, str] = {
    "holds": N_("有效"),
    "soon": N_("快到期"),
    "ended": N_("已过期"),
    "withdrawn": N_("已撤销"),
}
TEAM_KINDS: Mapping[str, str] = {
    "riders": N_("骑手队（红骑兵）"),
    "vehicles": N_("车队"),
    "care": N_("关爱队"),
    "patrol": N_("巡逻队"),
    "kitchen": N_("厨房队"),
    "other": N_("其他队伍"),
}


def team_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of keys on the pages of teams, by kind.

    Parameters
    ----------
    language
        Of the reader.
    """
    kinds = {
        "certificate": CERTIFICATE_NAMES,
        "standing": CERTIFICATE_STANDINGS,
        "kind": TEAM_KINDS,
    }
    return translate_names(language, kinds)
