"""Errors of the stations."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_

STATIONS: Mapping[str, str] = {
    "station_missing": N_("没有这个驿站。"),
    "station_amenity": N_("不认识“{word}”，请从列出的设施里选。"),
    "station_hours": N_("看不懂“{said}”，请写成 08:00-12:00 13:00-18:00，空着表示不开。"),
    "station_closed_day": N_("请选今天起一年以内的日子。"),
    "station_amount": N_("数量是 0 到 {limit}。"),
    "station_item": N_("请选一种物资；其他物资要写名称。"),
    "station_item_missing": N_("没有这样物资。"),
    "station_keeper_missing": N_("这位不是值守人。"),
    "station_fault": N_("请选是什么问题。"),
}
