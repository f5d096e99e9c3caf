"""Read an OpenStreetMap file (.osm, .osm.pbf): streets, gates, buildings with their doors, and what a map draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.errors import InvalidInputError
from gis.streets.access import Gate, Way, gate_access, way_access
from gis.streets.extract import OsmExtract
from gis.streets.graph import build_segments
from gis.streets.objects import (
    RawBuilding,
    RawFeature,
    build_buildings,
    feature_kind,
    is_door,
    is_line_feature,
)

MARGIN_M = 150.0
"""How far beyond the community streets are kept, so that a way around a block at its edge is found."""

KEYS = ("highway", "barrier", "building", "entrance", "landuse", "leisure", "natural", "amenity", "waterway")
ENDINGS = (".osm", ".osm.pbf", ".pbf", ".osm.bz2", ".osm.gz")


@dataclass
class RawWay:
    """A street as it is in the file."""

    way_id: int
    nodes: list[int]
    tags: dict[str, str]
    access: Way


@dataclass
class Raw:
    """What one pass over the file collects."""

    ways: list[RawWay] = field(default_factory=list)
    at: dict[int, tuple[float, float]] = field(default_factory=dict)  # node -> lon, lat
    gates: dict[int, tuple[Gate, dict[str, str]]] = field(default_factory=dict)
    doors: dict[int, tuple[float, float, dict[str, str]]] = field(default_factory=dict)
    buildings: list[RawBuilding] = field(default_factory=list)
    features: list[RawFeature] = field(default_factory=list)


def read_osm(path: str | Path, boundary: BaseGeometry | None = None) -> OsmExtract:
    """Read streets, gates, buildings, stairwells and map features from an OpenStreetMap file.

    Streets are kept within 150 m of the boundary; pieces that are joined only farther out keep the shortest way that
    joins them, so that the cut doesn't tear the network. Buildings count as inside when a point well inside them is.

    Parameters
    ----------
    path
        ``.osm`` or ``.osm.pbf``; OSM is always WGS-84.
    boundary
        The community, EPSG:4326; None takes the whole file.

    Raises
    ------
    InvalidInputError
        ``file_missing``, ``osm_unreadable``, ``osm_empty``, ``boundary_outside_data``, ``osm_no_streets``.
    """
    file = Path(path)
    raw = _collect(file)
    if not raw.ways and not raw.buildings:
        raise InvalidInputError(
            f"{file.name} has neither streets nor buildings", code="osm_empty", file=file.name
        )
    bounds = _bounds(raw)
    near = None if boundary is None else _widened(boundary)
    if near is not None and not near.intersects(shapely.box(*bounds)):
        raise InvalidInputError(
            f"the community lies outside {file.name}, which covers {_plain(bounds)}",
            code="boundary_outside_data",
            file=file.name,
            bounds=_plain(bounds),
        )
    segments, gates = build_segments(raw.ways, raw.at, raw.gates, near)
    if len(segments) == 0:
        raise InvalidInputError(
            f"{file.name} has no streets{'' if boundary is None else ' in this community'}",
            code="osm_no_streets",
            file=file.name,
        )
    buildings, stairwells, features = build_buildings(
        raw.buildings, raw.doors, raw.features, boundary=boundary, near=near
    )
    notes = () if len(buildings) else ("no_buildings",)
    return OsmExtract(segments, gates, buildings, stairwells, features, bounds, notes)


def _collect(file: Path) -> Raw:
    import osmium

    if not file.is_file():
        raise InvalidInputError(f"no file {file}", code="file_missing", file=str(file))
    if not file.name.lower().endswith(ENDINGS):
        raise InvalidInputError(
            f"{file.name} is no OpenStreetMap file (.osm, .osm.pbf)", code="osm_unreadable", file=file.name
        )
    raw = Raw()
    try:
        for item in _items(osmium, file):
            _take(raw, item, osmium)
    except (
        RuntimeError,
        ValueError,
    ) as error:  # osmium's words for a file that is broken, cut off or of another kind
        reason = " ".join(str(error).split())[:200]
        raise InvalidInputError(
            f"{file.name} can't be read as OpenStreetMap data: {reason}",
            code="osm_unreadable",
            file=file.name,
            reason=reason,
        ) from error
    return raw


def _items(osmium: Any, file: Path) -> Iterator[Any]:
    tagged = osmium.filter.KeyFilter(*KEYS)
    areas = osmium.filter.KeyFilter("building", "landuse", "leisure", "natural", "amenity")
    yield from osmium.FileProcessor(str(file)).with_areas(areas).with_filter(tagged)


def _take(raw: Raw, item: Any, osmium: Any) -> None:
    if item.is_node():
        _take_node(raw, item)
    elif item.is_way():
        _take_way(raw, item)
    elif item.is_area():
        _take_area(raw, item, osmium.geom.WKBFactory())


def _take_node(raw: Raw, node: Any) -> None:
    tags = {tag.k: tag.v for tag in node.tags}
    if not node.location.valid():
        return
    lon, lat = node.location.lon, node.location.lat
    passes = gate_access(tags)
    if passes is not None:
        raw.gates[node.id] = (passes, tags)
    if is_door(tags):
        raw.doors[node.id] = (lon, lat, tags)
    kind = feature_kind(tags, shape="point")
    if kind:
        raw.features.append(RawFeature(f"node/{node.id}", kind, tags, shapely.Point(lon, lat)))


def _take_way(raw: Raw, way: Any) -> None:
    tags = {tag.k: tag.v for tag in way.tags}
    access = way_access(tags)
    lined = is_line_feature(tags)
    if access == (0, 0, 0) and not lined:
        return
    known = [(node.ref, node.lon, node.lat) for node in way.nodes if node.location.valid()]
    if len(known) < 2:  # noqa: PLR2004
        return
    if access != (0, 0, 0):
        raw.at.update((ref, (lon, lat)) for ref, lon, lat in known)
        raw.ways.append(RawWay(way.id, [ref for ref, _, _ in known], tags, access))
    if lined:
        line = shapely.LineString([(lon, lat) for _, lon, lat in known])
        raw.features.append(RawFeature(f"way/{way.id}", feature_kind(tags, shape="line"), tags, line))


def _take_area(raw: Raw, area: Any, factory: Any) -> None:
    tags = {tag.k: tag.v for tag in area.tags}
    is_building = tags.get("building", "no") != "no"
    kind = "" if is_building else feature_kind(tags, shape="area")
    if not is_building and not kind:
        return
    polygon = shapely.from_wkb(factory.create_multipolygon(area))
    ref = f"{'way' if area.from_way() else 'relation'}/{area.orig_id()}"
    if is_building:
        outline = [node.ref for ring in area.outer_rings() for node in ring]
        raw.buildings.append(RawBuilding(ref, tags, polygon, outline))
    else:
        raw.features.append(RawFeature(ref, kind, tags, polygon))


def _bounds(raw: Raw) -> tuple[float, float, float, float]:
    corners = [np.array(list(raw.at.values()), dtype=np.float64).reshape(-1, 2)]
    if raw.buildings:
        boxes = shapely.bounds(np.array([building.polygon for building in raw.buildings], dtype=object))
        corners += [boxes[:, :2], boxes[:, 2:]]
    every = np.concatenate(corners)
    west, south = every.min(axis=0)
    east, north = every.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _widened(boundary: BaseGeometry) -> BaseGeometry:
    """Return the boundary with the margin around it, in degrees (widened more than asked east-west near the poles)."""
    lat = min(abs(boundary.centroid.y), 80.0)
    shrink = float(np.cos(np.radians(lat)))
    stretched = shapely.transform(boundary, lambda c: c * [shrink, 1.0])
    grown = shapely.buffer(stretched, MARGIN_M / 111_000.0, quad_segs=4)
    return shapely.transform(grown, lambda c: c / [shrink, 1.0])


def _plain(bounds: tuple[float, float, float, float]) -> str:
    return ",".join(f"{value:.4f}" for value in bounds)
