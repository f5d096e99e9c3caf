"""Words of the pages of service and care that only templates show."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_, translate_names

SERVICE_PAGE_NAMES: Mapping[str, str] = {
    "mine": N_("我的服务"),
}
SERVICE_PAGE_LEADS: Mapping[str, str] = {  # what a tile says below its name
    "mine": N_("服务时长、积分和明细"),
}
SERVICE_NOTICES: Mapping[str, str] = {}


def service_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of keys on the pages of service and care, by kind.

    Parameters
    ----------
    language
        Of the reader.
    """
    kinds = {"page": SERVICE_PAGE_NAMES, "lead": SERVICE_PAGE_LEADS, "notice": SERVICE_NOTICES}
    return translate_names(language, kinds)
