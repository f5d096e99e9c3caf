"""Folium documents: nothing from outside, a nonce on everything inline, unknown files refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import folium
import pytest
from folium.plugins import Fullscreen, MarkerCluster

from web.assets import STATIC_FOLDER, Assets
from web.folium_page import LocalFigure
from web.maps import HeatLook, HeatPoints, heatmap_html

BOUNDS = (123.412, 41.786, 123.418, 41.792)
STREETS = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[123.412, 41.789], [123.418, 41.790]]},
         "properties": {"kind": kind, "name": "</script><script>alert(1)</script>"}}
        for kind in ("primary", "residential", "footway")
    ],
}  # fmt: skip


def draw(layers: Mapping[str, Any] | None = None, *, language: str = "zh", title: str = "") -> str:
    points = HeatPoints([(41.789, 123.415, 3.0), (41.79, 123.416, 1.0)])
    look = HeatLook(language, "n0nce", title=title)
    return heatmap_html(points, look, bounds=BOUNDS, layers=layers or {"streets": STREETS})


def test_links_lead_to_files_of_ours_only() -> None:
    links = re.findall(r'(?:src|href)="([^"]+)"', draw())
    assert len(links) >= 5
    for link in links:
        path, _, version = link.partition("?v=")
        assert path.startswith("/static/")
        assert (STATIC_FOLDER / path.removeprefix("/static/")).is_file()
        assert version


def test_no_address_outside_is_asked_for() -> None:
    assert not re.findall(r"https?://(?!www\.w3\.org)[^\s\"']+", draw())


def test_everything_inline_carries_the_nonce() -> None:
    inline = re.findall(r"<(?:script|style)(?![^>]*\bsrc=)[^>]*>", draw())
    assert inline
    assert all('nonce="n0nce"' in tag for tag in inline)
    assert not re.search(r"<[^>]+\sstyle=|<[^>]+\son[a-z]+=", draw().split("<script nonce")[0])


def test_names_from_data_do_not_reach_the_document() -> None:
    assert "alert(1)" not in draw()


def test_the_title_is_escaped() -> None:
    html = draw(title="<img src=x> {{ 7 * 7 }}")
    assert "<img src=x>" not in html
    assert "49" not in re.search(r"<h1>.*?</h1>", html)[0]  # type: ignore[index]


@pytest.mark.parametrize(("language", "word"), [("zh", "微网格边界"), ("en", "Micro-grid borders")])
def test_languages(language: str, word: str) -> None:
    html = draw({"streets": STREETS, "areas": STREETS}, language=language)
    assert f'lang="{language}"' in html
    assert json.dumps(word) in html


def test_no_points_and_no_layers_is_still_a_map() -> None:
    assert "L.map(" in heatmap_html(HeatPoints([]), HeatLook("en", "n"), bounds=BOUNDS, layers={})


def figure_with(layer: object) -> LocalFigure:
    map_ = folium.Map(tiles=None)
    layer.add_to(map_)  # type: ignore[attr-defined]
    figure = LocalFigure(Assets(), nonce="n", language="zh", title="t")
    figure.add_child(map_)
    return figure


def test_marker_clusters_have_their_files() -> None:
    assert (
        "/static/vendor/leaflet.markercluster/leaflet.markercluster.js"
        in figure_with(MarkerCluster()).render()
    )


def test_an_unknown_file_is_refused() -> None:
    with pytest.raises(LookupError, match="no local file"):
        figure_with(Fullscreen()).render()
