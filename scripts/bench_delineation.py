"""Time delineation and print every aim beside the figure reached.

    .venv/bin/python scripts/bench_delineation.py demo
    .venv/bin/python scripts/bench_delineation.py --osm FILE --srid 32650 --box W S E N --micro-grids 60 --assumed-levels 6

Without a box the community is the convex hull of the file's buildings. Elapsed and processor seconds are both
printed: on a machine that others use only the second can be compared.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import osmium
import pyproj
import shapely

from gis.areas.delineation import DelineationRequest, delineate, households_of
from gis.streets.access import is_underground

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "data" / "boundaries"
MAIN = {
    kind + link
    for kind in ("motorway", "trunk", "primary", "secondary", "tertiary")
    for link in ("", "_link")
}
LANES = {"residential", "living_street", "unclassified", "service", "pedestrian"}
NOT_LIVED_IN = {"roof", "construction"}
DOOR_M = 1.0
AIMS = {
    "contiguous": "True",
    "coverage_valid": "True",
    "main_street_crossings": "0",
    "within_20_percent": ">= 0.95",
    "polsby_popper_median": ">= 0.60",
    "polsby_popper_min": ">= 0.25",
    "buildings_cut_elsewhere": "0",
    "seconds": "<= 15",
}


def number(text: str | None) -> float:
    """Read a figure of a tag, ``nan`` if there is none."""
    try:
        return float(text or "nan")
    except ValueError:
        return float("nan")


def objects(geometries: list[Any]) -> Any:
    """Put geometries into a numpy array."""
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return array


def read(
    path: Path, srid: int, community: Any, *, assumed_levels: float | None, courtyards: Any
) -> DelineationRequest:
    """Read buildings, doors, streets and walls of an OSM file into a request in metres."""
    transformer = pyproj.Transformer.from_crs(4326, srid, always_xy=True)

    def metres(geometries: Any) -> Any:
        return shapely.transform(
            geometries, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
        )

    wkb: Any = osmium.geom.WKBFactory()
    buildings: list[Any] = []
    kinds: list[str] = []
    figures: list[tuple[float, float]] = []
    streets: list[Any] = []
    main: list[bool] = []
    walls: list[Any] = []
    doors: list[tuple[float, float, float]] = []
    items: Any = osmium.FileProcessor(str(path)).with_locations().with_areas()
    for item in items:
        tags = item.tags
        try:
            if item.is_node() and tags.get("entrance") in {"staircase", "main", "yes", "home"}:
                doors.append((item.lon, item.lat, number(tags.get("addr:flats"))))
            elif item.is_way() and tags.get("highway") in MAIN | LANES and not is_underground(tags):
                streets.append(shapely.from_wkb(wkb.create_linestring(item)))
                main.append(tags["highway"] in MAIN)
            elif item.is_way() and tags.get("barrier") in {"wall", "fence"}:
                walls.append(shapely.from_wkb(wkb.create_linestring(item)))
            elif item.is_area() and "building" in tags and tags["building"] not in NOT_LIVED_IN:
                buildings.append(shapely.from_wkb(wkb.create_multipolygon(item)))
                kinds.append(tags["building"])
                figures.append((number(tags.get("building:flats")), number(tags.get("building:levels"))))
        except (osmium.InvalidLocationError, RuntimeError):
            continue  # a way that leaves the extract
    shapes = metres(objects(buildings))
    flats, levels = np.array(figures).reshape(-1, 2).T
    guess = assumed_levels is not None
    area = shapely.area(shapes)
    households = households_of(
        kinds, flats, levels, area, unknown_is_residential=guess, assumed_levels=assumed_levels
    )
    xy = np.column_stack(transformer.transform(*np.array([each[:2] for each in doors]).reshape(-1, 2).T))
    rows, owner = shapely.STRtree(shapes).query_nearest(
        shapely.points(xy), max_distance=DOOR_M, all_matches=False
    )
    outline = (
        shapely.convex_hull(shapely.union_all(shapes)).buffer(15) if community is None else metres(community)
    )
    return DelineationRequest(
        community=outline,
        buildings=shapes,
        households=households,
        micro_grids=1,
        stairwell_xy=xy[rows],
        stairwell_building=owner,
        stairwell_flats=np.array([each[2] for each in doors])[rows] if doors else np.empty(0),
        streets=metres(objects(streets)),
        street_is_main=np.array(main, dtype=np.bool_),
        courtyards=metres(objects(courtyards)),
        walls=metres(objects(walls)),
    )


def features(name: str) -> list[Any]:
    """Read the polygons of one of the demo's files."""
    found = json.loads((DEMO / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    return [shapely.from_geojson(json.dumps(each["geometry"])) for each in found]


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("community", nargs="?", choices=["demo"])
    parser.add_argument("--osm", type=Path)
    parser.add_argument("--srid", type=int, default=4549, help="a metric CRS")
    parser.add_argument("--box", type=float, nargs=4, metavar=("W", "S", "E", "N"))
    parser.add_argument("--micro-grids", type=int, default=141)
    parser.add_argument("--grids", type=int, default=15)
    parser.add_argument("--assumed-levels", type=float)
    parser.add_argument("--seeds", type=int, default=3)
    chosen = parser.parse_args()
    if chosen.community is None and chosen.osm is None:
        parser.error("say demo, or --osm FILE")
    return chosen


def main() -> None:
    """Delineate with several seeds and print the figures."""
    chosen = arguments()
    if chosen.community == "demo":
        request = read(
            DEMO / "heping-demo.osm",
            4549,
            features("community")[0],
            assumed_levels=None,
            courtyards=features("courtyards"),
        )
    else:
        box = shapely.box(*chosen.box) if chosen.box else None
        request = read(chosen.osm, chosen.srid, box, assumed_levels=chosen.assumed_levels, courtyards=[])
    request = replace(request, micro_grids=chosen.micro_grids, grids=chosen.grids)
    print(f"{len(request.buildings)} buildings, {request.households.sum():.0f} households")
    for seed in range(chosen.seeds):
        began, busy = perf_counter(), process_time()
        report = delineate(replace(request, seed=seed)).report
        print(
            f"seed {seed}: {perf_counter() - began:.1f} s elapsed, {process_time() - busy:.1f} s of processor"
        )
        for name, value in asdict(report).items():
            if isinstance(value, dict):
                print(f"  {name}")
                for inner, figure in value.items():
                    aim = AIMS.get(inner, "") if name == "micro_grids" else ""
                    print(f"    {inner:26} {figure!s:>22}   {aim}")
            else:
                print(f"  {name:28} {value!s:>22}   {AIMS.get(name, '')}")


if __name__ == "__main__":
    main()
