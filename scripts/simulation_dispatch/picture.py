"""The figures as a picture: response times by load, a line for each policy; plain SVG, made with the standard library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from scripts.simulation_dispatch.figures import Row

COLOURS = ("#777777", "#b08d2f", "#3a7ca5", "#2f8f5b", "#b5403c")
WIDE, TALL, LEFT, TOP, GAP = 330.0, 220.0, 60.0, 40.0, 70.0
STEPS = 4
Points = list[tuple[float, float]]


def draw(rows: Sequence[Row], path: Path) -> None:
    """Write a picture: a line of panels for each place, mean and 95th percentile.

    Parameters
    ----------
    rows
        All figures.
    path
        Of the SVG file.
    """
    places = list(dict.fromkeys(row.place for row in rows))
    policies = list(dict.fromkeys(row.policy for row in rows))
    height = TOP + len(places) * (TALL + GAP) + 20.0 * len(policies)
    root = ET.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {LEFT + 2 * (WIDE + GAP):.0f} {height:.0f}",
        style="font: 12px sans-serif",
    )
    ET.SubElement(root, "rect", width="100%", height="100%", fill="#ffffff")
    for down, place in enumerate(places):
        mine = [row for row in rows if row.place == place]
        for across, name in enumerate(("mean_s", "p95_s")):
            at = LEFT + across * (WIDE + GAP), TOP + down * (TALL + GAP)
            lines = {
                policy: [(row.reports_per_hour, getattr(row, name)) for row in mine if row.policy == policy]
                for policy in policies
            }
            _panel(root, at, f"{place}: {'mean' if name == 'mean_s' else '95th percentile'}", lines)
    for number, policy in enumerate(policies):
        y = TOP + len(places) * (TALL + GAP) + 20.0 * number
        ET.SubElement(root, "rect", x=f"{LEFT}", y=f"{y - 8}", width="24", height="4", fill=COLOURS[number])
        _text(root, LEFT + 32.0, y - 2.0, policy)
    ET.indent(root)
    path.write_text(ET.tostring(root, encoding="unicode") + "\n", encoding="utf-8")


def _panel(root: ET.Element, at: tuple[float, float], title: str, lines: dict[str, Points]) -> None:
    group = ET.SubElement(root, "g", transform=f"translate({at[0]:.0f} {at[1]:.0f})")
    loads = [load for points in lines.values() for load, _ in points]
    most_load, most_s = max(loads) * 1.05, max(s for points in lines.values() for _, s in points) * 1.05
    _text(group, 0.0, -12.0, f"{title}, seconds from report to arrival")
    for step in range(STEPS + 1):
        y = TALL * (1.0 - step / STEPS)
        ET.SubElement(group, "line", x1="0", x2=f"{WIDE:.0f}", y1=f"{y:.1f}", y2=f"{y:.1f}", stroke="#dddddd")
        _text(group, -6.0, y + 4.0, f"{most_s * step / STEPS:.0f}", anchor="end")
    for load in sorted(set(loads)):
        _text(group, WIDE * load / most_load, TALL + 18.0, f"{load:.0f}/h", anchor="middle")
    for colour, points in zip(COLOURS, lines.values(), strict=False):
        where = [(WIDE * load / most_load, TALL * (1.0 - s / most_s)) for load, s in points]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in where)
        ET.SubElement(group, "polyline", points=joined, fill="none", stroke=colour, style="stroke-width: 2")
        for x, y in where:
            ET.SubElement(group, "circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="3", fill=colour)


def _text(parent: ET.Element, x: float, y: float, text: str, *, anchor: str = "start") -> None:
    ET.SubElement(parent, "text", x=f"{x:.1f}", y=f"{y:.1f}", style=f"text-anchor: {anchor}").text = text
