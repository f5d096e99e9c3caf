"""What a heatmap shows besides the heat: clusters of streets, micro-grids by rate, stations, where patrols have been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from web.i18n import N_, format_number, translate
from web.planning_words import CLASSES, breaks, class_of

if TYPE_CHECKING:
    import folium

Line = Sequence[tuple[float, float]]
IN_A_SCRIPT = {ord(sign): f"&#{ord(sign)};" for sign in "`$\\{}"}
"""What would end a template of the script that Folium writes, or be computed in it: all the same as an HTML entity."""


@dataclass(frozen=True, slots=True)
class HeatLayers:
    """Layers that roles with areas of their own are shown; empty ones aren't offered.

    Parameters
    ----------
    clusters
        Lines (longitude, latitude) of the blocks that belong to a cluster.
    cells
        GeoJSON features of micro-grids, and by code their rate: cases on 100 households in a year.
    stations
        GeoJSON features.
    patrols
        Lines with how many patrols have passed in the last 90 days.
    visits
        Lines with how many visits there were along them in the last 90 days.
    """

    clusters: Sequence[Line] = ()
    cells: Sequence[Mapping[str, Any]] = ()
    rates: Mapping[str, float] = field(default_factory=dict)
    stations: Sequence[Mapping[str, Any]] = ()
    patrols: Sequence[tuple[Line, int]] = ()
    visits: Sequence[tuple[Line, int]] = ()


def add_layers(map_: folium.Map, layers: HeatLayers, language: str) -> None:
    """Add what there is to a map, switched off."""

    def say(text: str, **values: object) -> str:
        return translate(language, text, **values)

    if layers.rates:
        _cells(layers, language, say(N_("微网格：每百户每年件数（已平滑）"))).add_to(map_)
    if layers.clusters:
        lines = [(line, "") for line in layers.clusters]
        _lines(lines, "heat-cluster", 7, say(N_("成片热点街段（{n} 条）"), n=len(lines))).add_to(map_)
    if layers.patrols:
        passed = [(line, say(N_("巡查 {n} 次"), n=count)) for line, count in layers.patrols]
        _lines(passed, "heat-patrol", 4, say(N_("近 90 天巡查过的街路"))).add_to(map_)
    if layers.visits:
        seen = [(line, say(N_("走访 {n} 次"), n=count)) for line, count in layers.visits]
        _lines(seen, "heat-visit", 4, say(N_("近 90 天走访过的街路"))).add_to(map_)
    if layers.stations:
        _stations(layers.stations, language, say(N_("暖心驿站"))).add_to(map_)


def _cells(layers: HeatLayers, language: str, name: str) -> folium.FeatureGroup:
    import folium

    group = folium.FeatureGroup(name=name, show=False)
    limits = breaks(list(layers.rates.values()))
    for feature in layers.cells:
        code = feature["properties"]["code"]
        if code not in layers.rates:
            continue
        rate = layers.rates[code]
        number = class_of(rate, limits) if limits else CLASSES - 1
        sentence = translate(
            language,
            N_("微网格 {code}：{n} 件/百户·年"),
            code=code,
            n=format_number(language, rate, digits=1),
        )
        for polygon in _polygons(feature["geometry"]):
            folium.Polygon(
                [[(lat, lon) for lon, lat in ring] for ring in polygon],
                class_name=f"heat-cell heat-class-{number}",
                weight=1,
                fill=True,
                tooltip=folium.Tooltip(_plain(sentence), sticky=True),
            ).add_to(group)
    return group


def _polygons(geometry: Mapping[str, Any]) -> list[Any]:
    coordinates = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else list(coordinates)


def _lines(
    lines: Sequence[tuple[Line, str]], class_name: str, weight: float, name: str
) -> folium.FeatureGroup:
    import folium

    group = folium.FeatureGroup(name=name, show=False)
    for line, sentence in lines:
        line_of: Any = folium.PolyLine
        line_of(
            [(lat, lon) for lon, lat in line],
            class_name=class_name,
            weight=weight,
            tooltip=folium.Tooltip(_plain(sentence)) if sentence else None,
        ).add_to(group)
    return group


def _stations(stations: Sequence[Mapping[str, Any]], language: str, name: str) -> folium.FeatureGroup:
    import folium

    group = folium.FeatureGroup(name=name, show=False)
    for one in stations:
        lon, lat = one["geometry"]["coordinates"]
        named = one["properties"]
        shown = (language == "en" and named.get("name_en")) or named["name"]
        folium.CircleMarker(
            (lat, lon), radius=7, class_name="heat-station", fill=True, tooltip=folium.Tooltip(_plain(shown))
        ).add_to(group)
    return group


def _plain(text: str) -> str:
    """Return a text that becomes neither markup nor script: Folium writes tooltips as HTML inside a script's template."""
    from markupsafe import escape

    return str(escape(text)).translate(IN_A_SCRIPT)
