"""The design system's promises: contrast in light and dark, targets for fingers, type that grows."""

from __future__ import annotations

import re
from itertools import product

import pytest

from web.assets import STATIC_FOLDER

CSS = STATIC_FOLDER / "css"
TOKEN = re.compile(r"--([a-z0-9_-]+):\s*([^;]+);")
COLOUR = re.compile(r"#[0-9a-f]{6}")
AA_TEXT, AA_PARTS = 4.5, 3.0
STATUSES = ("open", "offered", "accepted", "on_site", "referred", "done", "closed", "rejected", "cancelled")
KINDS = ("danger", "warn", "good", "info")
TEXTS = [
    *product(("ink", "ink-2", "brand", *KINDS), ("ground", "surface", "surface-2")),
    *product(("ink", "brand"), ("brand-soft", *(f"{kind}-soft" for kind in KINDS))),
    *((kind, f"{kind}-soft") for kind in KINDS),
    ("brand-ink", "brand"),
    ("ground", "ink"),
    ("surface", "danger"),
    *(("status-ink", f"status-{status}") for status in STATUSES),
]
PARTS = [*product(("line-2", "focus", "good"), ("ground", "surface"))]


def tokens(theme: str) -> dict[str, str]:
    found = dict(TOKEN.findall((CSS / "tokens.css").read_text("utf-8")))
    if theme == "dark":
        found |= dict(TOKEN.findall((CSS / "dark.css").read_text("utf-8")))
    return found


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXTS, AA_TEXT), (PARTS, AA_PARTS)], ids=["text", "parts"])
def test_contrast(theme: str, pairs: list[tuple[str, str]], least: float) -> None:
    found = tokens(theme)
    poor = {
        f"{front} on {back}": round(ratio, 2)
        for front, back in pairs
        if (ratio := contrast(found[front], found[back])) < least
    }
    assert not poor


def test_the_dark_has_every_colour_of_the_light() -> None:
    light = {name for name, value in tokens("light").items() if COLOUR.search(value)}
    dark = {name for name, _ in TOKEN.findall((CSS / "dark.css").read_text("utf-8"))}
    assert light - dark == set()


def test_type_is_measured_in_rem_so_that_it_grows() -> None:
    for file in sorted(CSS.glob("*.css")):
        if file.name == "paper.css":  # for sheets of A4 only
            continue
        sizes = re.findall(r"font-size:\s*([^;}]+)", file.read_text("utf-8"))
        fixed = [size for size in sizes if re.search(r"\d(px|pt|vw)\b", size)]
        assert not fixed, (file.name, fixed)


def test_fingers_find_what_they_press() -> None:
    assert tokens("light")["touch"].startswith("2.75rem")  # 44 px
    text = (CSS / "components.css").read_text("utf-8")
    for name in (
        ".button",
        ".input, .select, .textarea",
        ".choice",
        ".chip",
        ".item",
        ".switch",
        ".segments > *",
        ".sections a",
    ):
        (rule,) = re.findall(re.escape(f"\n{name} {{") + r"([^}]*)", text)
        assert "min-height: var(--touch)" in rule, name
