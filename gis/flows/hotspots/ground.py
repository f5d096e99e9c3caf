"""A community's streets ready to be ranked: blocks between crossings, their names, grids and courtyards."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
import shapely

from gis.crs import MetricCrs, metric_crs
from gis.flows.hotspots.score import Prepared, prepare
from gis.hotspots.arrays import Floats, Geometries
from gis.hotspots.blocks import Blocks, Segments, join
from gis.hotspots.streets import streets_of
from gis.store.hotspot_reading import CellRow, SegmentRow, cell_rows, segment_rows
from gis.store.session import ReadSession
from gis.words import Level


@dataclass(frozen=True, slots=True)
class Block:
    """One block (街段): what lies between two crossings.

    Parameters
    ----------
    id
        The lowest of its segments' ids.
    name, name_en
        Of the street; empty for ways without one.
    ends, ends_en
        The streets that it runs between; empty where there is none with a name.
    courtyard, courtyard_en
        Where a way without a name is.
    grids
        Codes of the grids that it lies in or along.
    lon, lat
        Its middle.
    line
        EPSG:4326.
    """

    id: UUID
    name: str
    name_en: str
    kind: str
    ends: tuple[str, str]
    ends_en: tuple[str, str]
    courtyard: str
    courtyard_en: str
    grids: frozenset[str]
    length_m: float
    lon: float
    lat: float
    line: list[tuple[float, float]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ground:
    """The blocks of a community, or of some of its grids.

    Parameters
    ----------
    metric
        What their metres are in.
    blocks
        In the order of the rows of ``ready.streets``.
    ready
        The same for the ranking.
    row_of
        The block of each segment's id.
    bounds
        West, south, east and north of each block, degrees.
    """

    metric: MetricCrs
    blocks: tuple[Block, ...]
    ready: Prepared
    row_of: dict[UUID, int] = field(repr=False)
    bounds: Floats = field(repr=False)


async def load_ground(
    session: ReadSession, community_id: str, srid: int, grids: frozenset[str] = frozenset()
) -> Ground:
    """Return the streets of a community.

    Parameters
    ----------
    session, community_id
        Whose.
    srid
        Its metric CRS.
    grids
        Only blocks in or along these; none: all.
    """
    segments, cells = await segment_rows(session, community_id), await cell_rows(session, community_id)
    return await asyncio.to_thread(_ground, metric_crs(srid), segments, cells, grids)


def _ground(metric: MetricCrs, rows: list[SegmentRow], cells: list[CellRow], grids: frozenset[str]) -> Ground:
    segments = Segments(
        metric.project_geometries(_shapes(rows)),
        [str(row.segment_id) for row in rows],
        [row.name for row in rows],
        [row.kind for row in rows],
        [row.from_node for row in rows],
        [row.to_node for row in rows],
    )
    joined = join(segments)
    blocks = _blocks(metric, joined, rows, cells)
    kept = [row for row, block in enumerate(blocks) if not grids or block.grids & grids]
    number = {row: place for place, row in enumerate(kept)}
    streets = streets_of(
        [joined.streets.lines[row] for row in kept],
        [joined.streets.key[row] for row in kept],
        [joined.streets.name[row] for row in kept],
        [blocks[row].kind for row in kept],
    )
    row_of = {UUID(key): number[row] for key, row in joined.block_of.items() if row in number}
    lines = np.array([shapely.LineString(blocks[row].line) for row in kept], dtype=object)
    return Ground(
        metric,
        tuple(blocks[row] for row in kept),
        prepare(streets),
        row_of,
        shapely.bounds(lines).reshape(-1, 4),
    )


def _shapes(rows: Sequence[SegmentRow] | Sequence[CellRow]) -> Geometries:
    found = np.empty(len(rows), dtype=object)
    found[:] = [shapely.from_wkb(bytes(row.geom)) for row in rows]
    return found


def _blocks(metric: MetricCrs, joined: Blocks, rows: list[SegmentRow], cells: list[CellRow]) -> list[Block]:
    streets = joined.streets
    english = {row.name: row.name_en or row.name for row in rows}
    lines = metric.unproject_geometries(streets.lines) if len(streets) else streets.lines
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    grids = [cell for cell in cells if cell.level == Level.GRID]
    yards = [cell for cell in cells if cell.level == Level.COURTYARD]
    in_grids, in_yards = _touched(grids, lines), _touched(yards, middles)
    found = []
    for row, key in enumerate(streets.key):
        name, ends = streets.name[row], joined.ends[row]
        yard = yards[in_yards[row][0]] if in_yards[row] else None
        found.append(
            Block(
                id=UUID(key),
                name=name,
                name_en=english[name] if name else "",
                kind=rows[joined.members[row][0]].kind,
                ends=ends,
                ends_en=(english.get(ends[0], ""), english.get(ends[1], "")) if any(ends) else ends,
                courtyard=yard.name if yard else "",
                courtyard_en=(yard.name_en or yard.name) if yard else "",
                grids=frozenset(grids[one].code for one in in_grids[row]),
                length_m=float(streets.length_m[row]),
                lon=round(float(shapely.get_x(middles[row])), 7),
                lat=round(float(shapely.get_y(middles[row])), 7),
                line=[(round(x, 7), round(y, 7)) for x, y in shapely.get_coordinates(lines[row]).tolist()],
            )
        )
    return found


def _touched(cells: list[CellRow], shapes: Geometries) -> list[list[int]]:
    """Return for each shape the rows of the cells that it touches."""
    found: list[list[int]] = [[] for _ in shapes]
    if cells and len(shapes):
        shape, cell = shapely.STRtree(_shapes(cells)).query(shapes, predicate="intersects")
        for row, one in zip(shape.tolist(), cell.tolist(), strict=True):
            found[row].append(one)
    return found
