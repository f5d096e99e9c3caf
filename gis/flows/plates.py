"""Plates on doors and in micro-grids: which are to be printed, and which place a scanned one names."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gis.addresses import address
from gis.errors import ConflictError, InvalidInputError
from gis.flows.work import Work
from gis.people.permissions import require
from gis.plates import Plate, PlateKind, decode, encode, plate_of
from gis.store.plates import AreaChoice, PlateFilter, PlateRow, area_choices, plate_row, plate_rows
from gis.store.session import ReadSession, WriteSession
from gis.store.signing_keys import add_key, ensure_key, keys_in_force, keys_of_others, revoke_keys
from gis.words import Actor, Position, PositionSource, Scope

PURPOSE = "plate"
KEY_BYTES = 32
MOST = 2000
"""Plates in one list."""


@dataclass(frozen=True, slots=True)
class PlatePlace:
    """What a plate names, as far as people are told: never more than names of those who look after it.

    ``lon`` and ``lat`` are those of the door, else of a point inside, EPSG:4326.
    """

    plate: Plate
    lon: float
    lat: float
    building_id: UUID | None
    address: str
    unit: str
    micro_grid: str | None
    micro_grid_name: str
    micro_grid_name_en: str
    grid: str | None
    grid_name: str
    grid_name_en: str
    courtyard: str
    courtyard_en: str
    watchers: tuple[str, ...]
    grid_workers: tuple[str, ...]

    def position(self, stated: Position | None = None) -> Position:
        """Return the plate's place as a report's position.

        Parameters
        ----------
        stated
            What the device believed; kept as stated beside the place that holds.
        """
        found = Position(self.lon, self.lat, source=PositionSource.PLATE)
        if stated is None:
            return found
        return replace(
            found,
            stated_datum=stated.stated_datum,
            stated_lon=stated.lon if stated.stated_lon is None else stated.stated_lon,
            stated_lat=stated.lat if stated.stated_lat is None else stated.stated_lat,
        )


@dataclass(frozen=True, slots=True)
class SignedPlate:
    """A plate to be printed."""

    code: str
    place: PlatePlace


@dataclass(frozen=True, slots=True)
class PlateList:
    """Part of a list of plates, and how many there are in all."""

    items: tuple[SignedPlate, ...]
    total: int


async def read_plate(session: ReadSession, community_id: str, code: str) -> PlatePlace:
    """Return the place that a scanned code names.

    Parameters
    ----------
    session
        Where.
    community_id
        The reader's.
    code
        As scanned.

    Raises
    ------
    InvalidInputError
        ``plate_forged``, ``plate_of_other_community``, or ``plate_unknown`` when the place is no longer there.
    """
    plate = decode(code, community_id, await keys_in_force(session, community_id, PURPOSE))
    if plate is None:
        others = await keys_of_others(session, community_id, PURPOSE)
        if any(decode(code, other, [key]) for other, key in others):
            raise InvalidInputError(
                "a plate of another community", code="plate_of_other_community", field="plate"
            )
        raise InvalidInputError("no plate of this service", code="plate_forged", field="plate")
    row = await plate_row(session, community_id, plate.kind, plate.place_id)
    if row is None:
        raise InvalidInputError("the place is no longer there", code="plate_unknown", field="plate")
    return _place(plate, row)


async def plates_for(
    session: WriteSession,
    scope: Scope,
    kind: PlateKind,
    wanted: PlateFilter,
    *,
    now: datetime,
    limit: int = MOST,
    offset: int = 0,
) -> PlateList:
    """Return signed plates of the places inside a reader's areas.

    Parameters
    ----------
    session
        Where; the community's key is made here when it has none yet.
    scope
        The reader's areas.
    kind, wanted
        Which places.
    now
        When.
    limit, offset
        Which part of the list; ``MOST`` at the most.
    """
    key = await ensure_key(session, scope.community_id, PURPOSE, secrets.token_bytes(KEY_BYTES), now)
    rows, total = await plate_rows(session, scope, kind, wanted, limit=min(limit, MOST), offset=offset)
    items = []
    for row in rows:
        plate = plate_of(scope.community_id, kind, row.place_id or row.micro_grid or "")
        items.append(SignedPlate(encode(plate, key), _place(plate, row)))
    return PlateList(tuple(items), total)


async def every_plate(
    session: WriteSession, scope: Scope, kind: PlateKind, wanted: PlateFilter, *, now: datetime
) -> list[SignedPlate]:
    """Return all plates of a list, however long it is; parameters as ``plates_for``."""
    found: list[SignedPlate] = []
    while True:
        part = await plates_for(session, scope, kind, wanted, now=now, offset=len(found))
        found.extend(part.items)
        if not part.items or len(found) >= part.total:
            return found


async def renew_plate_key(work: Work, actor: Actor, *, revoke: bool = False) -> None:
    """Sign plates with a new key from now on.

    Parameters
    ----------
    work, actor
        An administrator.
    revoke
        True: plates that hang already are refused from now on, and have to be printed anew.

    Raises
    ------
    ConflictError
        ``changed_meanwhile``: another new key was made at this very moment.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "renew_plate_key")
    now, session = work.clock.now(), work.session
    if revoke:
        await revoke_keys(session, actor.community_id, PURPOSE, now)
    if not await add_key(session, actor.community_id, PURPOSE, secrets.token_bytes(KEY_BYTES), now):
        raise ConflictError("another key was made just now", code="changed_meanwhile")


def _place(plate: Plate, row: PlateRow) -> PlatePlace:
    return PlatePlace(
        plate=plate,
        lon=row.lon,
        lat=row.lat,
        building_id=row.building_id,
        address=address(row.street, row.housenumber) or row.building,
        unit=row.unit,
        micro_grid=row.micro_grid,
        micro_grid_name=row.micro_grid_name,
        micro_grid_name_en=row.micro_grid_name_en,
        grid=row.grid,
        grid_name=row.grid_name,
        grid_name_en=row.grid_name_en,
        courtyard=row.courtyard,
        courtyard_en=row.courtyard_en,
        watchers=row.watchers,
        grid_workers=row.grid_workers,
    )


__all__ = [
    "MOST",
    "AreaChoice",
    "PlateFilter",
    "PlateKind",
    "PlateList",
    "PlatePlace",
    "SignedPlate",
    "area_choices",
    "every_plate",
    "plates_for",
    "read_plate",
    "renew_plate_key",
]
