"""Words of the stations (暖心驿站), and their QR codes."""

from __future__ import annotations

from collections.abc import Mapping

import segno
from markupsafe import Markup

from web.i18n import N_, translate_names

STOCK_NAMES: Mapping[str, str] = {
    "water": N_("饮用水"),
    "first_aid": N_("急救包"),
    "heat_medicine": N_("防暑药"),
    "power_bank": N_("充电宝"),
    "umbrella": N_("雨伞"),
    "gloves": N_("手套"),
    "masks": N_("口罩"),
    "tissues": N_("纸巾"),
    "snacks": N_("小食品"),
    "other": N_("其他物品"),
}
STATION_NOTICES: Mapping[str, str] = {
    "station_kept": N_("驿站已保存。"),
    "station_closed": N_("已关闭，大家都能看到。"),
    "station_opened": N_("已重新开放。"),
    "station_counted": N_("盘点已登记。"),
    "station_low": N_("盘点已登记；有物资低于最少数量，已通知值守人和社区。"),
    "fault_reported": N_("故障已上报，处理情况在这里看。"),
}
KINDS: Mapping[str, Mapping[str, str]] = {"stock": STOCK_NAMES}


def station_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of keys on the stations' pages, by kind.

    Parameters
    ----------
    language
        Of the reader.
    """
    return translate_names(language, KINDS)


def station_qr(base: str, code: str) -> Markup:
    """Return the QR code of a station's page as an SVG element without a size of its own.

    Parameters
    ----------
    base
        The public address of the service.
    code
        Of the station.
    """
    made = segno.make(f"{base}/stations/{code}", error="q", micro=False)
    return Markup(made.svg_inline(border=4, omitsize=True))  # noqa: S704 - made here of what is quoted
