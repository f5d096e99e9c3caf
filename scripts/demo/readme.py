"""The texts beside the data: the manifest and the README."""

from __future__ import annotations

from scripts.demo.cells import Cell
from scripts.demo.drawing import Drawing
from scripts.demo.facts import Facts
from scripts.demo.layers import people

MANIFEST = """# What `weiwang import` reads. Paths are relative to this file.
[community]
id = "{code}"            # the key of the community everywhere
name = "{name}"
name_en = "{name_en}"
metric_crs = "{crs}"
timezone = "Asia/Shanghai"
demo = true
datum = "wgs84"

[files]
osm = "heping-demo.osm"
community = "community.geojson"
grids = "grids.geojson"
micro_grids = "micro_grids.geojson"
courtyards = "courtyards.geojson"
stations = "stations.geojson"
"""

README = """# The demo community

{name} · {name_en}

**Synthetic.** These files are drawn by `scripts/draw_demo_community.py` from the table `scripts/demo_facts.toml` with a
fixed seed. The names of the streets are borrowed from real ones in Heping district, Shenyang; the geometry, the buildings,
the shops and the people are invented and describe no real place. Do not edit the files: change the table and run the
script (`--check` tells whether the files are what it draws).

- Licence of the data: [CC0 1.0](https://creativecommons.org/publicdomain/zero/1.0/).
- CRS: EPSG:4326 (WGS-84), seven decimals, longitude first. Drawn in metres in {crs} (CGCS2000, 3-degree zone, 123 E).
- About 600 m x 600 m around {lat} N {lon} E, streets turned {turn:.0f} degrees.

| file | features | attributes |
|---|---|---|
| `community.geojson` | 1 | `code`, `name`, `name_en`, `households` |
| `grids.geojson` | {grids} | `code` ("01".."{grids}"), `name`, `name_en`, `community_code` |
| `micro_grids.geojson` | {cells} | `code` ("01-01"..), `name`, `name_en`, `grid_code`, `households`, `residents`, `elderly` (over 60) |
| `courtyards.geojson` | {yards} | `code` ("Y01"..), `name`, `name_en` |
| `stations.geojson` | {stations} | `code`, `name`, `name_en`, `amenities` (joined by `;`), `opening_hours` |
| `heping-demo.osm` | {slabs} slab buildings, {others} other buildings | OpenStreetMap tags, see below |
| `community.toml` | | the manifest of the import |

{households:,} households, {residents:,} residents, {elderly:,} of them over 60 ({share:.1%}); {stairwells} stairwells.

The micro-grids are a partition: they share their vertices, have no gaps or overlaps, and make up the grids and the community
exactly. A border runs along centre lines of streets and lanes, along walls, through the middle of yards; where a long slab is
shared by two micro-grids it runs along the wall between two stairwells.

In the OSM file:

- a slab: `building=apartments`, `addr:street`, `addr:housenumber`, `building:levels`, `building:flats`;
- a door of a stairwell: a node of the outline with `entrance=staircase`, `addr:unit`, `addr:flats` (how many flats);
- a courtyard: a closed way `landuse=residential` with `barrier=wall` or `fence`;
- a gate: a node shared by the wall and the path, `barrier=gate` or `kissing_gate` with `foot`, `bicycle`, `motor_vehicle`;
  `access=private` and `locked=yes` where it is kept shut;
- ways that meet share a node; names are Chinese with `name:en`.
"""


def manifest(facts: Facts) -> str:
    """Return the manifest that the import reads."""
    own = facts.raw["community"]
    return MANIFEST.format(
        code=own["code"], name=own["name"], name_en=own["name_en"], crs=facts.raw["metric_crs"]
    )


def readme(facts: Facts, drawing: Drawing, cells: list[Cell]) -> str:
    """Return the README of the data, with the counts."""
    own = facts.raw["community"]
    counts = people(facts, cells).values()
    residents, elderly = sum(c[0] for c in counts), sum(c[1] for c in counts)
    kinds = [way.tags["building"] for way in drawing.group("building")]
    slabs = kinds.count("apartments")
    return README.format(
        name=own["name"],
        name_en=own["name_en"],
        crs=facts.raw["metric_crs"],
        lat=facts.raw["centre_lat"],
        lon=facts.raw["centre_lon"],
        turn=facts.raw["turn_deg"],
        grids=len({c.grid for c in cells}),
        cells=len(cells),
        yards=len(facts.courtyards),
        stations=len(facts.raw["station"]),
        slabs=slabs,
        others=len(kinds) - slabs,
        households=sum(c.households for c in cells),
        residents=residents,
        elderly=elderly,
        share=elderly / residents,
        stairwells=sum(c.last - c.first for c in cells),
    )
