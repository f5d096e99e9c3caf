"""A plan of repairs as a workbook, and as a document for paper with its map drawn inside."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment
from markupsafe import Markup

from gis.exports.sheets import Column, Sheet
from web.i18n import N_, format_moment, translate
from web.planning_words import TREND_NAMES, breaks, class_of

COLOURS = ("#8fb8de", "#f2c14e", "#ee8434", "#dd3a33", "#a3124a")
WIDTH = 1000.0
MARGIN = 40.0
STYLE = """
@page { size: A4; margin: 14mm; }
body { font: 11pt/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif; color: #17211f; max-width: 60rem; margin: 0 auto; padding: 1rem; background: #fff; }
h1 { font-size: 20pt; margin: 0; } .soft { color: #4b5a57; font-weight: 400; } p { margin: 0.2rem 0; }
.sums { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; margin: 1rem 0; } .sums dt { color: #4b5a57; font-size: 9pt; } .sums dd { margin: 0; font-size: 16pt; font-weight: 700; }
figure { margin: 0 0 1rem; break-inside: avoid; } svg { width: 100%; height: auto; max-height: 150mm; border: 1px solid #dcdcd3; } figcaption { color: #4b5a57; font-size: 9pt; }
table { width: 100%; border-collapse: collapse; font-size: 9.5pt; } th, td { text-align: left; padding: 0.25rem 0.4rem; border-bottom: 1px solid #dcdcd3; vertical-align: top; } .num { text-align: right; white-space: nowrap; } tr { break-inside: avoid; } thead { display: table-header-group; }
.scroll { overflow-x: auto; } @media print { .scroll { overflow: visible; } }
"""
Plan = Mapping[str, Any]


def street_name(language: str, one: Mapping[str, Any]) -> str:
    """Return what a block is called: by its street, or by where it is."""
    english = language == "en"
    if one["name"]:
        return str((english and one["name_en"]) or one["name"])
    yard = str((english and one["courtyard_en"]) or one["courtyard"])
    return translate(language, N_("{yard}院内路"), yard=yard) if yard else translate(language, N_("无名路"))


def between(language: str, one: Mapping[str, Any]) -> str:
    """Return which streets a block lies between."""
    ends = [end for end in one["between_en" if language == "en" else "between"] if end]
    if not one["name"] or not ends:
        return ""
    if len(ends) == 1:
        return translate(language, N_("近{a}"), a=ends[0])
    return translate(language, N_("{a}至{b}"), a=ends[0], b=ends[1])


def plan_sheets(language: str, plan: Plan, place: Mapping[str, Any]) -> list[Sheet]:
    """Return a plan as the sheets of a workbook.

    Parameters
    ----------
    language
        Of the reader.
    plan
        As it was saved.
    place
        The community.
    """

    def say(text: str) -> str:
        return translate(language, text)

    sums = plan["totals"]
    saved = format_moment(language, plan["saved_at"], place["timezone"], year=True)
    facts = [
        (say(N_("方案名称")), plan["name"]),
        (say(N_("社区")), (language == "en" and place["name_en"]) or place["name"]),
        (say(N_("说明")), plan["note"]),
        (say(N_("作者")), plan["author_name"]),
        (say(N_("保存时间")), saved),
        (say(N_("版本")), str(plan["version"])),
        (say(N_("街段")), str(sums["streets"])),
        (say(N_("长度（米）")), str(sums["length_m"])),
        (say(N_("估算（元）")), "" if sums["cost"] is None else str(sums["cost"])),
        (say(N_("预计每年")), str(sums["expected"])),
        (say(N_("占全部预计案件")), f"{sums['share']:.1%}"),
    ]
    columns = [
        Column("number", "#", "integer"),
        Column("street", say(N_("街段"))),
        Column("between", say(N_("起止"))),
        Column("length_m", say(N_("长度")), "number", say(N_("米"))),
        Column("cases", say(N_("案件")), "number"),
        Column("rate", say(N_("件/百米·年")), "number"),
        Column("low", say(N_("90% 区间下限")), "number"),
        Column("high", say(N_("90% 区间上限")), "number"),
        Column("trend", say(N_("趋势"))),
        Column("expected", say(N_("预计每年")), "number"),
        Column("cost", say(N_("估算")), "money", say(N_("元"))),
        Column("id", "ID"),
    ]
    rows = [
        (
            *(number, street_name(language, one), between(language, one), one["length_m"], one["cases"]),
            *(one["rate"], one["low"], one["high"], say(TREND_NAMES[one["trend"]])),
            *(one["expected"], one["cost"], one["id"]),
        )
        for number, one in enumerate(plan["streets"], 1)
    ]
    zone = ZoneInfo(place["timezone"])
    about = [Column("key", say(N_("项目"))), Column("value", say(N_("内容")))]
    return [Sheet(say(N_("修缮方案")), columns, rows, zone), Sheet(say(N_("概况")), about, facts, zone)]


def plan_report(
    templates: Environment,
    language: str,
    plan: Plan,
    place: Mapping[str, Any],
    *,
    streets: str,
    buildings: str,
    nonce: str,
) -> str:
    """Return a plan as a whole document for paper.

    Parameters
    ----------
    templates
        Of the language.
    language, plan, place
        As ``plan_sheets``.
    streets, buildings
        GeoJSON of the community, drawn below the plan's streets.
    nonce
        Of the answer's policy.
    """
    return str(
        templates.get_template("plan_report.html").render(
            language=language,
            plan=plan,
            place=place,
            nonce=nonce,
            style=STYLE,
            map=_map(plan["streets"], streets, buildings),
            when=lambda moment, year=False: format_moment(language, moment, place["timezone"], year=year),
            parts_street=lambda one: street_name(language, one),
            parts_between=lambda one: between(language, one),
        )
    )


def _map(chosen: Sequence[Mapping[str, Any]], streets: str, buildings: str) -> Markup:
    """Return the streets of a plan over those of the community, as one picture."""
    lines = _shapes(streets, "LineString")
    blocks = [ring for polygon in _shapes(buildings, "Polygon") for ring in polygon[:1]]
    everything = [point for line in lines for point in line] or [
        tuple(point) for one in chosen for point in one["line"]
    ]
    west, east = min(x for x, _ in everything), max(x for x, _ in everything)
    south, north = min(y for _, y in everything), max(y for _, y in everything)
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * math.cos(math.radians(north)), 1e-9)
    height = max((north - south) * scale + 2 * MARGIN, 100.0)

    def path(points: Any) -> str:
        return "M" + "L".join(
            f"{(x - west) * math.cos(math.radians(north)) * scale + MARGIN:.1f} {(north - y) * scale + MARGIN:.1f}"
            for x, y in points
        )

    limits = breaks([float(one["rate"]) for one in chosen])
    drawn = [
        Markup('<path d="{}" fill="#e9e2d4" stroke="#c9bda6" stroke-width="1"/>').format(
            "".join(path(ring) + "Z" for ring in blocks)
        ),
        Markup('<path d="{}" fill="none" stroke="#cfcfc6" stroke-width="4"/>').format(
            "".join(path(line) for line in lines)
        ),
    ]
    for number, one in enumerate(chosen, 1):
        colour = COLOURS[class_of(float(one["rate"]), limits) - 1]
        d = path(one["line"])
        drawn.append(
            Markup('<path d="{}" fill="none" stroke="{}" stroke-width="11" stroke-linecap="round"/>').format(
                d, colour
            )
        )
        x, y = _middle(d)
        drawn.append(
            Markup(
                '<circle cx="{}" cy="{}" r="13" fill="#fff" stroke="#17211f" stroke-width="1.5"/><text x="{}" y="{:.1f}" font-size="15" text-anchor="middle">{}</text>'
            ).format(x, y, x, y + 5.0, number)
        )
    return Markup('<svg viewBox="0 0 {:.0f} {:.0f}" role="img">{}</svg>').format(
        WIDTH, height, Markup("").join(drawn)
    )


def _middle(d: str) -> tuple[float, float]:
    """Return the middle of the middle stretch of a drawn line."""
    points = [[float(part) for part in point.split()] for point in d[1:].split("L")]
    (ax, ay), (bx, by) = points[(len(points) - 1) // 2], points[len(points) // 2]
    return ((ax + bx) / 2.0, (ay + by) / 2.0) if len(points) % 2 == 0 else (ax, ay)


def _shapes(collection: str, kind: str) -> list[Any]:
    return [
        feature["geometry"]["coordinates"]
        for feature in json.loads(collection)["features"]
        if feature.get("geometry") and feature["geometry"]["type"] == kind
    ]
