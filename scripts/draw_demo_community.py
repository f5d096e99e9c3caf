"""Draw the demo community from scripts/demo_facts.toml into data/boundaries.

The same table always gives the same bytes. With --check nothing is written: the files on disk are compared, and the
exit status is 1 if one differs.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.demo import cells as cutting  # noqa: E402
from scripts.demo import extras, fronts, layers, osm, paths  # noqa: E402
from scripts.demo.drawing import Drawing  # noqa: E402
from scripts.demo.facts import Facts, read_facts  # noqa: E402
from scripts.demo.frame import Frame  # noqa: E402
from scripts.demo.readme import manifest, readme  # noqa: E402
from scripts.demo.slabs import Slab, Yard, lay_out  # noqa: E402

FACTS = ROOT / "scripts" / "demo_facts.toml"
TARGET = ROOT / "data" / "boundaries"
FLOOR_M = 2.8


def main(arguments: list[str] | None = None) -> int:
    """Draw, then write or compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if the files on disk differ"
    )
    parser.add_argument(
        "--to", type=Path, default=TARGET, help="folder of the files (default: data/boundaries)"
    )
    options = parser.parse_args(arguments)
    files = draw(read_facts(FACTS))
    if options.check:
        stale = [name for name, text in files.items() if not _same(options.to / name, text)]
        for name in stale:
            print(f"{options.to / name} is not what the script draws")
        return 1 if stale else 0
    options.to.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (options.to / name).write_bytes(text.encode())
    print(f"{len(files)} files in {options.to}")
    return 0


def draw(facts: Facts) -> dict[str, str]:
    """Every file by name."""
    frame = Frame(facts)
    yards = [lay_out(facts, court) for court in facts.courtyards]
    cells = [cell for yard in yards for cell in cutting.cut_yard(yard)]
    cutting.join_plots(facts, cells)
    cells = cutting.number(cells)
    cutting.draw_rings(cells)
    drawing = draw_map(facts, yards, cells)
    files = {
        "heping-demo.osm": osm.osm_xml(drawing, frame),
        **layers.area_layers(facts, frame, cells),
        "courtyards.geojson": layers.courtyard_layer(facts, frame, yards),
        "stations.geojson": layers.station_layer(facts, frame),
        "community.toml": manifest(facts),
    }
    return {**files, "README.md": readme(facts, drawing, cells)}


def draw_map(facts: Facts, yards: list[Yard], cells: list[cutting.Cell]) -> Drawing:
    """Everything that goes into the OSM file."""
    drawing = Drawing()
    paths.draw_streets(drawing, facts)
    for plot in facts.plots:
        paths.draw_plot(drawing, facts, plot)
    for yard in yards:
        paths.draw_walls(drawing, yard, layers.english_courtyard(facts, yard.facts))
        for k, slab in enumerate(yard.slabs):
            drawing.area(slab.box, _slab_tags(slab, k), "building")
        paths.draw_yard_paths(drawing, yard)
    extras.draw_small_buildings(drawing, facts, yards, cells)
    fronts.draw_strips(drawing, facts, yards, cells, _missing(drawing, facts))
    fronts.draw_ground_floor_shops(drawing, facts, [s for yard in yards for s in yard.slabs])
    extras.draw_gardens(drawing, facts, yards, cells)
    extras.draw_trees(drawing, facts, yards)
    drawing.weave()
    return drawing


def _missing(drawing: Drawing, facts: Facts) -> int:
    """Return how many buildings are wanting to the number in the table."""
    kinds = [way.tags["building"] for way in drawing.group("building")]
    wanted: int = facts.raw["other_buildings"]
    return wanted - (len(kinds) - kinds.count("apartments"))


def _slab_tags(slab: Slab, k: int) -> dict[str, str]:
    """Return the first slab of a courtyard bears its number, the others 46-1, 46-2 and so on."""
    court = slab.courtyard
    return {
        "building": "apartments",
        "addr:street": court.street,
        "addr:housenumber": f"{court.number}-{k}号" if k else f"{court.number}号",
        "building:levels": str(slab.floors),
        "building:flats": str(sum(slab.flats)),
        "height": f"{slab.floors * FLOOR_M:.1f}",
    }


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


if __name__ == "__main__":
    sys.exit(main())
