"""Compare what is not a matter of chance, on 100,000 points: containing micro-grid, nearest building, nearest street.

A third of the points lie anywhere, a third on corners and borders of micro-grids, a third on walls and corners of buildings.
Ties go by one rule: within a millimetre of a border the smallest code; of equally near ones (0.1 µm) the first row.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
import shapely

from gis.snap import PlaceIndex
from gis.snap.posterior import BORDER_M
from gis.store.cluster import PrivateCluster
from scripts.bench.snap_world import demo_index

POINTS = 100_000
TIE_M = 1e-7
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Answer = tuple[Integers, Integers, Floats, Integers, Floats]

SQL = """
select i,
  coalesce((select min(c.row) from cell c where st_dwithin(c.g, p.g, %(border)s)), -1),
  b.row, b.d, s.row, s.d
from point p
cross join lateral (
  select min(n.row) filter (where n.d <= n.least + %(tie)s) as row, min(n.d) as d
  from (select m.*, min(m.d) over () as least
        from (select h.row, st_distance(h.g, p.g) as d from building h order by h.g <-> p.g limit 12) m) n) b
cross join lateral (
  select min(n.row) filter (where n.d <= n.least + %(tie)s) as row, min(n.d) as d
  from (select m.*, min(m.d) over () as least
        from (select t.row, st_distance(t.g, p.g) as d from street t order by t.g <-> p.g limit 12) m) n) s
order by i
"""


def drawn_points(index: PlaceIndex, count: int, seed: int) -> Floats:
    """Return points anywhere, on borders and on walls, metres."""
    rng = np.random.default_rng(seed)
    west, south, east, north = index.community[0].bounds
    anywhere = rng.uniform((west - 30, south - 30), (east + 30, north + 30), (count - 2 * (count // 3), 2))
    return np.concatenate(
        [anywhere, *(_on_edges(shapes, count // 3, rng) for shapes in (index.cells, index.buildings))]
    )


def _on_edges(shapes: Any, count: int, rng: np.random.Generator) -> Floats:
    lines = shapely.get_parts(shapely.boundary(shapes))
    line = lines[rng.integers(0, len(lines), count)]
    at = rng.random(count)
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, at, normalized=True))
    corners = shapely.get_coordinates(lines)
    some = rng.random(count) < 0.3  # noqa: PLR2004
    points[some] = corners[rng.integers(0, len(corners), int(some.sum()))]
    return np.asarray(points)


def ours(index: PlaceIndex, xy: Floats) -> Answer:
    """Return what the index answers."""
    x, y = xy.T.copy()
    return (index.containing(x, y), *index.nearest_building(x, y), *index.nearest_street(x, y))


def geopandas_answer(index: PlaceIndex, xy: Floats) -> Answer:
    """Return what spatial joins answer."""
    import geopandas

    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(*xy.T))

    def frame(shapes: Any) -> Any:
        return geopandas.GeoDataFrame({"row": np.arange(len(shapes))}, geometry=shapes)

    held = geopandas.sjoin(points, frame(index.cells), how="left", predicate="dwithin", distance=BORDER_M)
    cell = held.groupby(level=0)["row"].min().fillna(-1).to_numpy(np.int64)

    def near(shapes: Any) -> tuple[Integers, Floats]:
        away_m = geopandas.sjoin_nearest(points, frame(shapes), how="left", distance_col="d")["d"]
        least = away_m.groupby(level=0).min().to_numpy()
        # all within the tie of it: the join itself keeps only those equal to the last bit
        which, row = shapely.STRtree(shapes).query(points.geometry.values, "dwithin", least + TIE_M)
        first = np.full(len(points), len(shapes))
        np.minimum.at(first, which, row)
        return first, least

    return (cell, *near(index.buildings), *near(index.streets))


def postgis_answer(url: str, index: PlaceIndex, xy: Floats) -> Answer:
    """Return what PostGIS answers."""
    tables = {
        "cell": index.cells,
        "building": index.buildings,
        "street": index.streets,
        "point": np.asarray(shapely.points(xy)),
    }
    with psycopg.connect(url) as connection:
        connection.execute("create extension if not exists postgis")
        for name, shapes in tables.items():
            key = "i" if name == "point" else "row"
            connection.execute(f"create temp table {name} ({key} int, g geometry)")
            with connection.cursor().copy(f"copy {name} from stdin") as rows:
                for number, text in enumerate(shapely.to_wkb(shapes, hex=True)):
                    rows.write_row((number, text))
            connection.execute(f"create index on {name} using gist (g)")
            connection.execute(f"analyze {name}")
        found = connection.execute(SQL, {"border": BORDER_M, "tie": TIE_M}).fetchall()
    columns = list(zip(*found, strict=True))[1:]
    kinds = (np.int64, np.int64, np.float64, np.int64, np.float64)
    cell, building, building_m, street, street_m = (
        np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)
    )
    return (  # pairs of rows and metres
        cell.astype(np.int64),
        building.astype(np.int64),
        building_m.astype(np.float64),
        street.astype(np.int64),
        street_m.astype(np.float64),
    )


def agree(url: str | None) -> int:
    """Print how many points are answered differently; the exit status is 1 when any is."""
    index = demo_index()
    xy = drawn_points(index, POINTS, 11)
    answers = {"geopandas": geopandas_answer(index, xy)}
    if url:
        answers["PostGIS"] = postgis_answer(url, index, xy)
    else:
        with tempfile.TemporaryDirectory(prefix="weiwang-agree-") as folder:
            cluster = PrivateCluster(Path(folder), durable=False)
            cluster.ensure()
            cluster.start()
            try:
                answers["PostGIS"] = postgis_answer(cluster.url(), index, xy)
            finally:
                cluster.stop()
    mine, worst = ours(index, xy), 0
    for name, theirs in answers.items():
        differ = [int((mine[row] != theirs[row]).sum()) for row in (0, 1, 3)]
        gap_m = max(float(np.abs(mine[row] - theirs[row]).max()) for row in (2, 4))
        print(
            f"{name}: of {len(xy)} points {differ[0]} in another micro-grid, {differ[1]} at another building, "
            f"{differ[2]} on another street; distances differ by {gap_m:.1e} m at most"
        )
        worst = max(worst, *differ)
    return 1 if worst else 0
