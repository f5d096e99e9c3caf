"""Vector tiles of ranked streets, which come from memory."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Float, cast, func, literal_column, select

from gis.store.feature_sources import HotRow, hotspots
from gis.store.session import ReadSession
from gis.store.tiles import EXTENT, MARGIN, TileAddress


async def street_tile(session: ReadSession, rows: Sequence[HotRow], at: TileAddress) -> bytes:
    """Return streets as a tile.

    Parameters
    ----------
    session
        Any: nothing is read, PostGIS puts the tile together.
    rows
        Those in the tile.
    at
        Which.
    """
    source = hotspots(rows)
    box = func.st_tileenvelope(at.z, at.x, at.y)
    shape = func.st_asmvtgeom(func.st_transform(source.geom, 3857), box, EXTENT, MARGIN, True)
    properties = [
        (cast(column, Float) if kind == "number" else column).label(name)
        for name, (kind, column) in source.properties.items()
    ]
    found = (
        select(shape.label("geom"), source.id.label("id"), *properties)
        .select_from(source.tables)
        .subquery("found")
    )
    tile = func.st_asmvt(literal_column("found"), "hotspots", EXTENT, "geom")
    return bytes(await session.value(select(tile).select_from(found).where(found.c.geom.is_not(None))) or b"")
