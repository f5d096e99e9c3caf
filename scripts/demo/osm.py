"""Write the drawing as OpenStreetMap XML."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from scripts.demo.drawing import Drawing
from scripts.demo.frame import DECIMALS, Frame
from scripts.demo.shapes import Point, Tags

STAMP = 'version="1" timestamp="2025-01-01T00:00:00Z"'


def osm_xml(drawing: Drawing, frame: Frame) -> str:
    """Return the whole extract; nodes and ways are numbered in a fixed order."""
    order = sorted({p for way in drawing.ways for p in way.points} | set(drawing.nodes))
    # Two plan points a centimetre apart may round to one place: one node then.
    places: dict[Point, Tags] = {}
    for p in order:
        places.setdefault(frame.lonlat(p), {}).update(drawing.nodes.get(p, {}))
    ids = {place: k for k, place in enumerate(places, start=1)}
    lines = [_node(ids[place], place, tags) for place, tags in places.items()]
    for k, way in enumerate(drawing.ways, start=1):
        lines.append(_way(k, [ids[frame.lonlat(p)] for p in way.points], way.tags))
    head = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<osm version="0.6" generator="weiwang draw_demo_community">',
    ]
    return "\n".join([*head, _bounds(list(places)), *lines, "</osm>", ""])


def _bounds(places: list[Point]) -> str:
    lons, lats = [p[0] for p in places], [p[1] for p in places]
    sides = {"minlat": min(lats), "minlon": min(lons), "maxlat": max(lats), "maxlon": max(lons)}
    return "  <bounds " + " ".join(f'{k}="{v:.{DECIMALS}f}"' for k, v in sides.items()) + "/>"


def _tags(tags: Tags) -> list[str]:
    return [f"    <tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in sorted(tags.items())]


def _node(number: int, lonlat: Point, tags: Tags) -> str:
    place = f'lat="{lonlat[1]:.{DECIMALS}f}" lon="{lonlat[0]:.{DECIMALS}f}"'
    head = f'  <node id="{number}" {STAMP} {place}'
    return "\n".join([f"{head}>", *_tags(tags), "  </node>"]) if tags else f"{head}/>"


def _way(number: int, nodes: list[int], tags: Tags) -> str:
    refs = [f'    <nd ref="{n}"/>' for n in nodes]
    return "\n".join([f'  <way id="{number}" {STAMP}>', *refs, *_tags(tags), "  </way>"])
