"""What a person who edits borders sees besides them: parts of buildings, and who could be responsible for cells."""

from __future__ import annotations

import asyncio
import json

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.editing import HousedBuildings, make_ground
from gis.crs import metric_crs
from gis.flows.boundaries.loading import head_of, housed_buildings, version_areas
from gis.people.permissions import require
from gis.store.accounts import AccountRow, account_rows
from gis.store.session import ReadSession
from gis.words import Actor, Level, Role

DIGITS = 7
ASSIGNED = (Role.WATCHER, Role.GRID_WORKER)


async def assignable_people(session: ReadSession, actor: Actor) -> list[AccountRow]:
    """Return watchers and grid workers who are active, with the cells that they have; raises ``not_allowed``."""
    require(actor, "read_boundaries")
    accounts = await account_rows(session, actor.community_id)
    return [one for one in accounts if one.active and one.role in ASSIGNED]


async def building_parts(session: ReadSession, actor: Actor) -> str:
    """Return parts of buildings, one a stairwell, with their households: the text of a FeatureCollection, EPSG:4326.

    Parameters
    ----------
    session, actor
        Whose community.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "read_boundaries")
    head = await head_of(session, actor.community_id)
    areas = await version_areas(session, actor.community_id, head.area_version)
    whole = next(rows for rows in areas if rows.level is Level.COMMUNITY).geometry[0]
    housed = await housed_buildings(session, actor.community_id)
    return await asyncio.to_thread(_collection, head.metric_srid, whole, housed)


def _collection(srid: int, whole: BaseGeometry, housed: HousedBuildings) -> str:
    metric = metric_crs(srid)
    ground = make_ground(metric, whole, housed)
    if not ground.building:
        return json.dumps({"type": "FeatureCollection", "features": []})
    shapes = shapely.transform(
        metric.unproject_geometries(ground.shape), lambda places: np.round(places, DIGITS)
    )
    features = [
        {
            "type": "Feature",
            "id": row,
            "properties": {
                "building": str(ground.building[row]),
                "units": list(ground.units[row]),
                "households": round(float(ground.households[row]), 1),
            },
            "geometry": json.loads(drawn),
        }
        for row, drawn in enumerate(shapely.to_geojson(shapes))
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
