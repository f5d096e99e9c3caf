"""Rows of the places' tables, from what an import has read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas import AreaRows
from gis.crs import MetricCrs
from gis.store.identity import area_uuid, place_uuid
from gis.streets import Buildings, Features, Gates, OsmExtract, Segments, Stairwells

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlaceRows:
    """Rows of every table of places but areas, ready to be stored."""

    buildings: list[Row]
    stairwells: list[Row]
    segments: list[Row]
    gates: list[Row]
    features: list[Row]
    stations: list[Row]


def rows_of_areas(community_id: str, version: int, levels: list[AreaRows]) -> list[Row]:
    """Return the rows of a version of areas."""
    return [
        {
            "level": rows.level.value,
            "code": rows.code[row],
            "area_id": area_uuid(community_id, version, rows.level.value, rows.code[row]),
            "name": rows.name[row],
            "name_en": rows.name_en[row],
            "parent_code": rows.parent_code[row],
            "households": rows.households[row],
            "attributes": rows.attributes[row],
            "geom": multipolygon_wkb(rows.geometry[row]),
        }
        for rows in levels
        for row in range(len(rows))
    ]


def multipolygon_wkb(shape: BaseGeometry) -> bytes:
    """Return polygons as the WKB of a multipolygon."""
    parts = shapely.get_parts(shape)
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return bytes(shapely.to_wkb(shapely.multipolygons(polygons)))


def rows_of_places(
    community_id: str, extract: OsmExtract, metric: MetricCrs, stations: list[Row]
) -> PlaceRows:
    """Return the rows of everything that OpenStreetMap and the office's files hold."""
    return PlaceRows(
        buildings=_buildings(community_id, extract.buildings),
        stairwells=_stairwells(community_id, extract.stairwells, extract.buildings),
        segments=_segments(community_id, extract.segments, metric),
        gates=_gates(extract.gates),
        features=_features(community_id, extract.features),
        stations=stations,
    )


def _wkb(shapes: npt.NDArray[np.object_]) -> list[bytes]:
    return [bytes(blob) for blob in shapely.to_wkb(shapes).tolist()] if len(shapes) else []


def _table(**columns: Any) -> list[Row]:
    """Return columns as rows."""
    values = [column.tolist() if isinstance(column, np.ndarray) else column for column in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def _buildings(community_id: str, these: Buildings) -> list[Row]:
    return _table(
        building_id=[place_uuid(community_id, "building", ref) for ref in these.ref],
        source_ref=these.ref,
        name=these.name,
        name_en=these.name_en,
        street=these.street,
        housenumber=these.housenumber,
        kind=these.kind,
        levels=these.levels,
        flats=these.flats,
        geom=_wkb(these.geometry),
    )


def _stairwells(community_id: str, these: Stairwells, buildings: Buildings) -> list[Row]:
    refs = [buildings.ref[row] for row in these.building]
    return _table(
        stairwell_id=[
            place_uuid(community_id, "stairwell", f"{building}/{ref}")
            for building, ref in zip(refs, these.ref, strict=True)
        ],
        building_id=[place_uuid(community_id, "building", ref) for ref in refs],
        unit=these.unit,
        flats=these.flats,
        geom=_wkb(these.geometry),
    )


def _segments(community_id: str, these: Segments, metric: MetricCrs) -> list[Row]:
    return _table(
        segment_id=[place_uuid(community_id, "segment", ref) for ref in these.ref],
        name=these.name,
        name_en=these.name_en,
        kind=these.kind,
        from_node=these.from_node,
        to_node=these.to_node,
        length_m=np.round(shapely.length(metric.project_geometries(these.geometry)), 3),
        walk=these.walk,
        e_bike=these.e_bike,
        car=these.car,
        underground=these.underground,
        aliases=these.aliases,
        geom=_wkb(these.geometry),
    )


def _gates(these: Gates) -> list[Row]:
    return _table(
        node_id=these.node_id,
        kind=these.kind,
        name=these.name,
        walk=these.walk,
        e_bike=these.e_bike,
        car=these.car,
        geom=_wkb(these.geometry),
    )


def _features(community_id: str, these: Features) -> list[Row]:
    return _table(
        feature_id=[place_uuid(community_id, "feature", ref) for ref in these.ref],
        kind=these.kind,
        name=these.name,
        geom=_wkb(these.geometry),
    )
