"""Words of places: areas, positions, maps, what is wrong with boundaries."""

from __future__ import annotations

from collections.abc import Mapping

from gis.words import Datum, Level, Mode, PositionSource
from web.i18n import N_

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

PLACE_KINDS: Mapping[str, Mapping[str, str]] = {
    "level": LEVEL_NAMES,
    "source": {**SOURCE_NAMES, "order": N_("点单")},
    "mode": MODE_NAMES,
    "datum": DATUM_NAMES,
    "amenity": AMENITY_NAMES,
    "map_app": MAP_APP_NAMES,
    "finding": FINDING_NAMES,
    "change": CHANGE_NAMES,
    "fact": FACT_NAMES,
    "draft_source": DRAFT_SOURCES,
}
"""The tables that templates and scripts show, by kind."""
