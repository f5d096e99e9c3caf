"""Folium maps: the heat of hazards over the community's own streets and buildings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from web.assets import Assets
from web.heat_layers import HeatLayers, add_layers
from web.i18n import N_, format_number, translate

if TYPE_CHECKING:
    import folium
    from branca.element import Element

    from web.folium_page import LocalFigure

GeoJson = Mapping[str, Any]
MAJOR_ROADS = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})
PATHS = frozenset({"footway", "path", "steps", "cycleway", "track", "corridor"})
HEAT = {0.2: "#2c7fb8", 0.45: "#41b6c4", 0.65: "#fed976", 0.85: "#fd8d3c", 1.0: "#bd0026"}
MOST_CIRCLES = 400
_DECIMALS = 6
_DARK = {"auto": "(prefers-color-scheme: dark)", "dark": "all", "light": "not all"}


@dataclass(frozen=True, slots=True)
class HeatPoints:
    """What is hot.

    Parameters
    ----------
    weighted
        Latitude, longitude, weight.
    counts
        Cases of each point; left out: its weight.
    unit
        What the scale counts; by default cases at one place.
    cell_m
        How far places are coarsened.
    """

    weighted: Sequence[tuple[float, float, float]]
    counts: Sequence[float] | None = None
    unit: str = ""
    cell_m: float = 0.0

    @property
    def highest(self) -> float:
        """The weight of the hottest point."""
        return max((weight for *_, weight in self.weighted), default=0.0)

    def most(self) -> list[tuple[float, float, float]]:
        """Return latitude, longitude and cases of the points with the most of them."""
        counts = self.counts if self.counts is not None else [weight for *_, weight in self.weighted]
        found = [(lat, lon, count) for (lat, lon, _), count in zip(self.weighted, counts, strict=True)]
        return sorted(found, key=lambda one: -one[2])[:MOST_CIRCLES]


@dataclass(frozen=True, slots=True)
class HeatLook:
    """How a document looks.

    Parameters
    ----------
    language
        Of the reader.
    nonce
        The one that the answer's Content-Security-Policy names.
    title
        Heading of the legend; by default 隐患热力图.
    theme
        ``auto``, ``light`` or ``dark``.
    assets
        The static files, by default those of this package.
    entire
        A file by itself, with everything inside.
    """

    language: str
    nonce: str
    title: str = ""
    theme: str = "auto"
    assets: Assets | None = None
    entire: bool = False

    @property
    def heading(self) -> str:
        """The title that is shown."""
        return self.title or translate(self.language, N_("隐患热力图"))


def heatmap_html(
    points: HeatPoints,
    look: HeatLook,
    *,
    bounds: tuple[float, float, float, float],
    layers: Mapping[str, GeoJson],
    more: HeatLayers | None = None,
) -> str:
    """Return a whole HTML document with the heat of cases.

    Parameters
    ----------
    points, look
        What is hot, and how the document looks.
    bounds
        West, south, east, north of the community, degrees.
    layers
        GeoJSON of ``areas`` (micro-grids), ``buildings`` and ``streets``; any may be missing.
    more
        What can be switched on besides.
    """
    import folium

    west, south, east, north = bounds
    map_ = _empty_map(bounds)
    figure = _figure(look)
    figure.add_child(map_)
    _base_layers(map_, layers)
    _outlines(layers.get("areas"), translate(look.language, N_("微网格边界"))).add_to(map_)
    _add_heat(map_, points, look.language)
    add_layers(map_, more or HeatLayers(), look.language)
    folium.LayerControl(collapsed=False, position="topright").add_to(map_)
    map_.fit_bounds([(south, west), (north, east)], padding=(10, 10))
    figure.html.add_child(_legend(points, look), name="legend")
    return figure.render()


def _empty_map(bounds: tuple[float, float, float, float]) -> folium.Map:
    import folium

    west, south, east, north = bounds
    return folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        tiles=None,
        zoom_start=16,
        min_zoom=13,
        max_zoom=20,
        zoom_snap=0.25,
        control_scale=True,
        attribution_control=False,
    )


def _figure(look: HeatLook) -> LocalFigure:
    from web.folium_page import LocalFigure

    return LocalFigure(
        look.assets or Assets(),
        nonce=look.nonce,
        language=look.language,
        title=look.heading,
        styles=(("css/tokens.css", ""), ("css/dark.css", _DARK[look.theme]), ("css/heat.css", "")),
        scripts=("js/heat/spread.js", "js/heat/picture.js"),
        entire=look.entire,
    )


def _add_heat(map_: folium.Map, points: HeatPoints, language: str) -> None:
    """Add the heat itself, and circles of how many cases there were, switched off."""
    _heat(points.weighted, points.highest, translate(language, N_("热力"))).add_to(map_)
    most = points.most()
    _circles(
        most,
        most[0][2] if most else 0.0,
        name=translate(language, N_("案件数（圆圈）")),
        sentence=lambda n: translate(language, N_("{n} 件"), n=n),
    ).add_to(map_)


def _base_layers(map_: folium.Map, layers: Mapping[str, GeoJson]) -> None:
    """Draw ground, buildings and streets lightly, coloured by the style sheet."""
    buildings = _features(layers.get("buildings"))
    _shapes(buildings, "heat-building", weight=0.6).add_to(map_)
    streets = _features(layers.get("streets"))
    roads = [one for one in streets if _kind(one) not in PATHS]
    _shapes(roads, "heat-casing", weight=7).add_to(map_)
    _shapes([one for one in roads if _kind(one) not in MAJOR_ROADS], "heat-road", weight=4.5).add_to(map_)
    _shapes([one for one in roads if _kind(one) in MAJOR_ROADS], "heat-road heat-major", weight=6).add_to(
        map_
    )


def _outlines(areas: GeoJson | None, name: str) -> folium.GeoJson:
    return _shapes(_features(areas), "heat-area", weight=1, name=name, control=True)


def _shapes(
    features: list[dict[str, Any]],
    class_name: str,
    *,
    weight: float,
    name: str | None = None,
    control: bool = False,
) -> folium.GeoJson:
    """Return a layer that can't be clicked; an empty one where there is nothing to draw."""
    import folium

    style = {"className": class_name, "weight": weight, "fill": "building" in class_name}
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        name=name,
        control=control,
        style_function=lambda _: style,
        interactive=False,
        smooth_factor=0.5,
    )


def _heat(points: Sequence[tuple[float, float, float]], highest: float, name: str) -> folium.FeatureGroup:
    import folium
    from folium.plugins import HeatMap

    # the plugin adds up weights of points that fall together, and clips at 1: the busiest place alone is the top
    weighted = [(lat, lon, weight / highest) for lat, lon, weight in points]
    heat_map: Any = HeatMap
    heat = heat_map(weighted, control=False, radius=28, blur=22, max_zoom=16, min_opacity=0.25, gradient=HEAT)
    group = folium.FeatureGroup(
        name=name
    )  # the plugin's max_zoom would switch its own entry of the control off
    heat.add_to(group)
    return group


def _circles(
    points: Sequence[tuple[float, float, float]], highest: float, *, name: str, sentence: Any
) -> folium.FeatureGroup:
    import folium

    group = folium.FeatureGroup(name=name, show=False)
    for lat, lon, weight in points:
        folium.CircleMarker(
            (lat, lon),
            radius=4 + 12 * (weight / highest) ** 0.5,
            class_name="heat-circle",
            fill=True,
            tooltip=folium.Tooltip(sentence(round(weight)), sticky=False),
        ).add_to(group)
    return group


def _legend(points: HeatPoints, look: HeatLook) -> Element:
    from branca.element import Element

    language = look.language
    note = translate(language, N_("底图为本社区街路和楼栋"))
    unit = points.unit or translate(language, N_("同一处的案件数（件）"))
    if points.cell_m > 1.0:
        blurred = translate(language, N_("地点模糊到 {m} 米"), m=format_number(language, points.cell_m))
        note = f"{blurred} · {note}"
    ramp = " ".join(f"{at}:{colour}" for at, colour in HEAT.items())
    highest = format_number(language, points.highest)
    html = Markup(
        '<section class="heat-legend"><h1>{}</h1><p>{}</p><p class="heat-scale"><span>0</span><i data-ramp="{}"></i><span>{}</span></p><p class="heat-note">{}</p></section>',
    ).format(look.heading, unit, ramp, highest, note)
    return Element(str(html).replace("{", "&#123;"))  # Element reads its text as a template


def _features(collection: GeoJson | None) -> list[dict[str, Any]]:
    """Return the shapes alone, with coordinates to a decimetre: the document carries nothing it doesn't show."""
    if collection is None:
        return []
    return [
        {
            "type": "Feature",
            "id": number,
            "geometry": {
                "type": feature["geometry"]["type"],
                "coordinates": _rounded(feature["geometry"]["coordinates"]),
            },
            "properties": {"kind": (feature.get("properties") or {}).get("kind", "")},
        }
        for number, feature in enumerate(collection["features"])
        if feature.get("geometry")
    ]


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, (int, float)):
        return round(coordinates, _DECIMALS)
    return [_rounded(one) for one in coordinates]


def _kind(feature: Mapping[str, Any]) -> str:
    return str(feature["properties"]["kind"]).removesuffix("_link")
