"""The stations nearest to somebody (暖心驿站)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from api.deps import PartsDep, ReadDep, ReaderDep
from api.parts import Parts
from api.rooms import interface
from api.spec import errors
from gis.crs import parse_position
from gis.flows.claim import whereabouts
from gis.flows.stations import NearStation, near_stations
from gis.store.session import ReadSession
from gis.words import Actor

router = interface("me")


class StationOut(BaseModel):
    """A station; ``open`` is null where its hours are not known, the way where there is none to measure."""

    code: str
    name: str
    name_en: str
    amenities: list[str]
    opening_hours: str
    open: bool | None
    changes_at: datetime | None
    lon: float
    lat: float
    travel_s: float | None
    distance_m: float | None


class StationsOut(BaseModel):
    """Stations, those that are open first, the nearest first."""

    items: list[StationOut]


@router.get("/me/stations", responses=errors(400, 401))
async def get_my_stations(
    *,
    parts: PartsDep,
    reader: ReaderDep,
    session: ReadDep,
    lon: Annotated[str | None, Query(max_length=64)] = None,
    lat: Annotated[str | None, Query(max_length=64)] = None,
    datum: Annotated[str, Query(max_length=16)] = "wgs84",
    limit: Annotated[int, Query(ge=1, le=20)] = 20,
) -> StationsOut:
    """Stations near a position, or near where one is as a responder: the way on foot along the streets."""
    here = None
    if lon is not None or lat is not None:
        position = parse_position(lon, lat, datum)
        here = (position.lon, position.lat)
    return await stations_near(parts, session, reader.actor, here, limit)


async def stations_near(
    parts: Parts, session: ReadSession, actor: Actor, here: tuple[float, float] | None, limit: int
) -> StationsOut:
    """Return stations near a place, or near the reader."""
    atlas = await parts.atlas.get(session, actor.community_id)
    here = here or await whereabouts(session, parts.settings.dispatch, parts.clock, actor)
    found = await near_stations(session, atlas, parts.clock, here, limit=limit)
    return StationsOut(items=[_out(one) for one in found])


def _out(one: NearStation) -> StationOut:
    station = one.station
    return StationOut(
        code=station.code,
        name=station.name,
        name_en=station.name_en,
        amenities=list(station.amenities),
        opening_hours=station.opening_hours,
        open=one.opening.open,
        changes_at=one.opening.changes_at,
        lon=station.lon,
        lat=station.lat,
        travel_s=one.travel_s,
        distance_m=one.distance_m,
    )
