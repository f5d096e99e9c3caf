"""Vector tiles of unfinished cases: one by one for whose they are, as numbers in wide cells for the public."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Text,
    false,
    func,
    literal,
    literal_column,
    not_,
    null,
    select,
    union_all,
)

from gis.store.case_reading import number_text
from gis.store.reach import reaches
from gis.store.session import ReadSession
from gis.store.tables import case, community
from gis.store.tiles import EXTENT, MARGIN, TileAddress
from gis.words import Scope, Status

CELL_M: Final = 100.0
FEWEST: Final = 3
"""Cases of others are told to the public by cells of this size, and only where there are so many."""
CELL_DEG: Final = 0.003
"""Not less than a cell is wide: all cases of a cell count, whichever tile they lie in."""
LIVE = tuple(
    status.value for status in Status if status not in (Status.CLOSED, Status.REJECTED, Status.CANCELLED)
)
_HERE = case.join(community, community.c.community_id == case.c.community_id)


async def case_tile(session: ReadSession, scope: Scope, at: TileAddress, *, public: bool) -> bytes:
    """Return the unfinished cases in a tile: those of a scope one by one.

    Parameters
    ----------
    session, scope, at
        Whose cases, and which tile.
    public
        The others as well, as numbers in cells of ``CELL_M`` that hold at least ``FEWEST``.
    """
    own = _own_cases(scope, at)
    rows = union_all(own, _other_cases(scope, at)) if public else own
    found = rows.subquery("found")
    tile = func.st_asmvt(literal_column("found"), "cases", EXTENT, "geom")
    statement = select(tile).select_from(found).where(found.c.geom.is_not(None))
    return bytes(await session.value(statement) or b"")


def _own_cases(scope: Scope, at: TileAddress) -> Select[Any]:
    c = case.c
    return (
        select(
            _placed(c.geom, at).label("geom"),
            c.case_id.cast(Text).label("id"),
            number_text(c.opened_at, c.number).label("number"),
            c.category,
            c.status,
            c.urgent,
            c.grid_code,
            c.micro_grid_code,
            func.extract("epoch", c.resolve_due_at).cast(BigInteger).label("resolve_due"),
            literal(1).label("cases"),
        )
        .select_from(_HERE)
        .where(reaches(scope), c.status.in_(LIVE), _in_tile(at))
    )


def _other_cases(scope: Scope, at: TileAddress) -> Select[Any]:
    c = case.c
    flat = func.st_transform(c.geom, community.c.metric_srid)
    cell = func.st_snaptogrid(flat, literal(CELL_M))
    nothing = [null().cast(Text).label(name) for name in ("id", "number", "category", "status")]
    rest = [null().cast(Text).label(name) for name in ("grid_code", "micro_grid_code")]
    return (
        select(
            _placed(cell, at).label("geom"),
            *nothing,
            null().cast(Boolean).label("urgent"),
            *rest,
            null().cast(BigInteger).label("resolve_due"),
            func.count().cast(Integer).label("cases"),
        )
        .select_from(_HERE)
        .where(
            c.community_id == scope.community_id,
            not_(func.coalesce(reaches(scope), false())),
            c.status.in_(LIVE),
            _in_tile(at, CELL_DEG),
        )
        .group_by(cell)
        .having(func.count() >= FEWEST)
    )


def _placed(geom: ColumnElement[Any], at: TileAddress) -> ColumnElement[Any]:
    """Return a geometry in the steps of a tile."""
    box = func.st_tileenvelope(at.z, at.x, at.y)
    return func.st_asmvtgeom(func.st_transform(geom, 3857), box, EXTENT, MARGIN, literal(True))


def _in_tile(at: TileAddress, beyond_deg: float = 0.0) -> ColumnElement[bool]:
    around = func.st_tileenvelope(at.z, at.x, at.y, func.st_tileenvelope(0, 0, 0), MARGIN / EXTENT)
    return case.c.geom.op("&&")(func.st_expand(func.st_transform(around, 4326), beyond_deg))
