"""Pages and their scripts never read text as markup: what would do so is written down here, with why it may."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.heat_layers import HeatLayers
from web.maps import HeatLook, HeatPoints, heatmap_html
from web.render import Renderer

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "web" / "static" / "js"
UNESCAPED = re.compile(r".{,60}(?:\|\s*safe\b|\bautoescape\b|\bfilter\s+safe\b|\s[\w-]+=\{\{).{,30}")
"""What gets into a page as it is, or into an attribute without quotes."""
OURS = {
    "{{ style | safe }}",  # a style sheet of ours
    "{{ chart | safe }}",  # drawn by web/charts.py
    "{{ map | safe }}",  # drawn by web/plans.py
}
MARKED = {
    "web/handbook.py": {"_parser().render(text)"},  # escapes HTML and knows no pictures
    "web/attendance.py": {"made.svg_inline"},  # squares: what they say isn't in them as text
    "web/plates.py": {"made.svg_inline", "(STATIC_FOLDER / 'css' / 'plates.css').read_text"},
    "web/rewards.py": {"made.svg_inline"},
    "web/station_words.py": {"made.svg_inline"},
}
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


def marked(path: Path) -> Iterator[str]:
    """Yield what a module calls markup though it isn't a piece of text that stands there."""
    for node in ast.walk(ast.parse(path.read_text())):
        name = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in {"Markup", "mark_safe"}:
            given = node.args[0] if node.args else node
            if not isinstance(given, ast.Constant):
                yield ast.unparse(given)


def unescaped(template: str) -> list[str]:
    """Return where a template leaves something as it is, but for what is ours."""
    for one in OURS:
        template = template.replace(one, "")
    return UNESCAPED.findall(template)


def test_no_template_leaves_a_field_unescaped() -> None:
    templates = [one for one in sorted((ROOT / "web" / "templates").rglob("*")) if one.is_file()]
    found = [f"{path.name}: {one}" for path in templates for one in unescaped(path.read_text())]
    assert len(templates) > 90
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ note.words|safe }}",
        "{{ f({'a': {}}) | safe }}",
        "{% autoescape false %}",
        "{% filter safe %}",
        "<a title={{ name }}>",
    ],
)
def test_a_field_left_unescaped_is_noticed(text: str) -> None:
    assert unescaped(f'<p class="x">{text}</p>')


def test_nothing_is_called_markup_that_people_may_have_typed() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {one}"
        for room in ("web", "api", "gis")
        for path in sorted((ROOT / room).rglob("*.py"))
        if b"Markup" in (text := path.read_bytes()) or b"mark_safe" in text
        for one in marked(path)
        if not one.startswith(tuple(MARKED.get(path.relative_to(ROOT).as_posix(), ())) or "\n")
    ]
    assert found == []


def test_every_template_escapes() -> None:
    for language in ("zh", "en"):
        environment = Renderer().environment(language)
        assert environment.autoescape is True
        assert environment.from_string("{{ one }}").render(one="<b>'\"&") == "&lt;b&gt;&#39;&#34;&amp;"


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
