"""Words of files that people take out: layers, formats, datums, titles of columns, and values as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.categories import CATEGORIES
from web.case_words import STATUS_NAMES
from web.i18n import N_, translate
from web.place_words import LEVEL_NAMES

LAYER_NAMES: Mapping[str, str] = {
    "cases": N_("案件"),
    "areas": N_("片区边界"),
    "streets": N_("热点街路"),
    "stations": N_("暖心驿站"),
    "buildings": N_("楼栋"),
}
FORMAT_NAMES: Mapping[str, str] = {
    "xlsx": N_("Excel 表格（XLSX）"),
    "csv": N_("文本表格（CSV）"),
    "geojson": "GeoJSON",
    "gpkg": "GeoPackage (QGIS)",
    "shp": "Shapefile (ZIP)",
    "parquet": "GeoParquet",
}
OUTPUT_DATUM_NAMES: Mapping[str, str] = {
    "wgs84": "WGS-84 (GPS)",
    "gcj02": N_("GCJ-02（高德、腾讯）"),
    "bd09": N_("BD-09（百度）"),
    "cgcs2000": "CGCS2000 (EPSG:4490)",
    "4549": N_("CGCS2000 高斯投影（EPSG:4549）"),
    "metric": N_("本社区的投影（米）"),
}
EXPORT_STATES: Mapping[str, str] = {
    "waiting": N_("排队中"),
    "running": N_("正在写"),
    "done": N_("可以下载"),
    "failed": N_("没有写成"),
    "cancelled": N_("已取消"),
    "expired": N_("已过期删除"),
}
TITLES: Mapping[str, str] = {
    **LAYER_NAMES,
    "id": N_("标识"),
    "number": N_("案件编号"),
    "category": N_("类别"),
    "status": N_("状态"),
    "urgent": N_("紧急"),
    "summary": N_("摘要"),
    "grid": N_("网格"),
    "micro_grid": N_("微网格"),
    "courtyard": N_("楼院"),
    "building": N_("楼栋"),
    "street": N_("街路"),
    "opened_at": N_("上报时间"),
    "answered_at": N_("答复时间"),
    "arrived_at": N_("到场时间"),
    "done_at": N_("办完时间"),
    "closed_at": N_("办结时间"),
    "answer_due_at": N_("答复时限"),
    "resolve_due_at": N_("办结时限"),
    "escalation": N_("升级级别"),
    "reopened": N_("重开次数"),
    "reports": N_("上报次数"),
    "agency": N_("责任单位"),
    "assignee": N_("办理人"),
    "level": N_("层级"),
    "code": N_("编码"),
    "name": N_("名称"),
    "name_en": N_("英文名称"),
    "parent": N_("上级编码"),
    "households": N_("户数"),
    "amenities": N_("设施"),
    "opening_hours": N_("开放时间"),
    "label": N_("门牌"),
    "kind": N_("种类"),
    "levels": N_("层数"),
    "flats": N_("户数"),
    "between": N_("起止"),
    "length_m": N_("长度"),
    "rank": N_("名次"),
    "cases_per_100m": N_("每百米案件"),
    "rate": N_("每百米每年"),
    "rate_low": N_("下限（90%）"),
    "rate_high": N_("上限（90%）"),
    "enough_data": N_("数据足够"),
    "trend": N_("趋势"),
    "hot": N_("热点"),
}
TRENDS: Mapping[str, str] = {
    "rising": N_("上升"),
    "steady": N_("平稳"),
    "falling": N_("下降"),
    "unknown": N_("数据太少"),
}
_CATEGORIES = {one.code: (one.name, one.name_en) for one in CATEGORIES}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "status": STATUS_NAMES,
    "level": LEVEL_NAMES,
    "trend": TRENDS,
}


def export_title(key: str, language: str) -> str:
    """Return the title of a column or layer.

    Parameters
    ----------
    key, language
        Of what, for whom.
    """
    return translate(language, TITLES[key])


def export_word(key: str, value: Any, language: str, agencies: Mapping[str, str]) -> Any:
    """Return a value of a column as people read it.

    Parameters
    ----------
    key, value, language
        Of which column, for whom.
    agencies
        Their names.
    """
    if not isinstance(value, str):
        return value
    if key == "category" and value in _CATEGORIES:
        return _CATEGORIES[value][language == "en"]
    if key == "agency":
        return agencies.get(value, value)
    known = _WORDS.get(key, {}).get(value)
    return translate(language, known) if known else value


def export_names(language: str) -> dict[str, dict[str, str]]:
    """Return the words of the page of exports.

    Parameters
    ----------
    language
        For whom.
    """
    named = {
        "layer": LAYER_NAMES,
        "format": FORMAT_NAMES,
        "datum": OUTPUT_DATUM_NAMES,
        "state": EXPORT_STATES,
        "level": LEVEL_NAMES,
    }
    return {
        what: {code: translate(language, text) for code, text in texts.items()}
        for what, texts in named.items()
    }
