"""Scripts of the pages never read text as markup: what would do so is written down here, with why it may."""

import re
from pathlib import Path

import pytest

from web.heat_layers import HeatLayers
from web.maps import HeatLook, HeatPoints, heatmap_html

SCRIPTS = Path(__file__).parents[2] / "web" / "static" / "js"
NEVER = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\(|new Function|createContextualFragment"
)
ELEMENTS = re.compile(r"bind(Tooltip|Popup)\((h\(|box\b|\(\) => h\()")
AS_MARKUP = re.compile(r"bind(Tooltip|Popup)\(|set(Tooltip|Popup)?Content\(|\bhtml:")
READ = {
    "report/place_map.js": "html: letter",  # A, B, C by the order of the choices
    "report/pin.js": "html: svg",  # a drawing of ours
    "map/stops.js": "html: String(Number(n))",
}
PARSED = {"core/fragment.js", "core/dom.js"}
"""Parts of our own pages, fetched from this server and escaped there."""


@pytest.mark.parametrize("path", sorted(SCRIPTS.rglob("*.js")), ids=lambda one: str(one.relative_to(SCRIPTS)))
def test_text_is_never_read_as_markup(path: Path) -> None:
    name = path.relative_to(SCRIPTS).as_posix()
    for line in path.read_text().splitlines():
        assert name in PARSED or not NEVER.search(line), line
        if AS_MARKUP.search(line) and not ELEMENTS.search(line):
            assert name in READ, line
            assert READ[name] in line


@pytest.mark.parametrize(
    "name", ["`+alert(1)+`", "${alert(1)}", "\\`;alert(1)//", "{{7*7}}", "</script><script>alert(1)</script>"]
)
def test_a_name_on_the_heat_map_is_no_script(name: str) -> None:
    """The map's own script carries the page's nonce: what got into it as a name would run."""
    station = {"geometry": {"coordinates": [123.415, 41.789]}, "properties": {"name": name, "name_en": name}}
    cell = {
        "geometry": {"type": "Polygon", "coordinates": [[[123.41, 41.78], [123.42, 41.78], [123.42, 41.79], [123.41, 41.78]]]},
        "properties": {"code": name},
    }  # fmt: skip
    extra = HeatLayers(
        stations=[station], cells=[cell], rates={name: 1.0}, clusters=[[(123.41, 41.78), (123.42, 41.79)]]
    )
    points = HeatPoints([(41.789, 123.415, 3.0)])
    for language in ("zh", "en"):
        document = heatmap_html(
            points, HeatLook(language, "n0nce"), bounds=(123.41, 41.78, 123.42, 41.79), layers={}, more=extra
        )
        assert name not in document
        scripts = "".join(re.findall(r"<script nonce[^>]*>(.*?)</script>", document, re.DOTALL))
        for unread in ("`+alert", "${alert", "\\`;alert", "<script>alert"):
            assert unread not in scripts
