"""The address books of communities, kept beside the atlas and made anew when a new version is in force."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from gis.addresses import AddressBook, Kind, Place, address
from gis.errors import NotFoundError
from gis.store.address_reading import StoredAddresses, load_addresses
from gis.store.place_reading import load_head
from gis.store.session import ReadSession

LARGEST = 16
"""So many communities are kept."""


class AddressBooks:
    """Address books, shared by all requests of a process; the one not asked for longest goes first."""

    def __init__(self, largest: int = LARGEST) -> None:
        self._largest = largest
        self._kept: OrderedDict[str, tuple[tuple[int, int], AddressBook]] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}

    async def get(self, session: ReadSession, community_id: str) -> AddressBook:
        """Return the book of a community in the versions in force as the session sees them.

        Raises
        ------
        NotFoundError
            ``community_unknown``.
        """
        head = await load_head(session, community_id)
        if head is None:
            raise NotFoundError(
                f"no community {community_id}", code="community_unknown", community=community_id
            )
        wanted = (head.area_version, head.network_version)
        async with self._locks.setdefault(community_id, asyncio.Lock()):
            kept = self._kept.get(community_id)
            if kept is None or kept[0] != wanted:
                stored = await load_addresses(session, community_id, head.area_version)
                kept = (wanted, await asyncio.to_thread(build_book, community_id, stored))
                self._kept[community_id] = kept
            self._kept.move_to_end(community_id)
            while len(self._kept) > self._largest:
                self._kept.popitem(last=False)
            return kept[1]


def build_book(community_id: str, stored: StoredAddresses) -> AddressBook:
    """Return an address book from rows: work for a thread."""
    english = {row.name: row.name_en for row in stored.streets if row.name_en}
    others = {row.name: _parts(row.aliases) for row in stored.streets if row.aliases}
    buildings = {row.building_id: _building(row, english, others) for row in stored.buildings}
    return AddressBook(
        [
            *(_street(row) for row in stored.streets),
            *(_area(row) for row in stored.areas),
            *buildings.values(),
            *_stairwells(stored, buildings),
            *(_station(community_id, row) for row in stored.stations),
        ]
    )


def _named(kind: Kind, key: UUID, code: str, row: Any, aliases: tuple[str, ...]) -> Place:
    """Return a place that is called by its name."""
    return Place(
        kind,
        key,
        code,
        row.name,
        row.name_en or row.name,
        row.lon,
        row.lat,
        name=row.name,
        name_en=row.name_en,
        aliases=aliases,
    )


def _street(row: Any) -> Place:
    return _named(Kind.STREET, row.segment_id, row.name, row, _parts(row.aliases))


def _area(row: Any) -> Place:
    return _named(Kind(row.level), row.area_id, row.code, row, _parts(row.aliases))


def _parts(aliases: Iterable[str]) -> tuple[str, ...]:
    """Return other names one by one: a file may hold several in one field."""
    parts = (part.strip() for text in aliases for part in re.split("[;；、]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def _building(row: Any, english: dict[str, str], others: dict[str, tuple[str, ...]]) -> Place:
    """Return a building under its address; one that has none, under its name."""
    label = address(row.street, row.housenumber) or row.name or row.housenumber
    label_en = (
        address(english.get(row.street, ""), row.housenumber.removesuffix("号")) or row.name_en or label
    )
    return Place(
        Kind.BUILDING,
        row.building_id,
        row.source_ref,
        label if not row.name or row.name == label else f"{label} {row.name}",
        label_en if not row.name_en or row.name_en == label_en else f"{label_en}, {row.name_en}",
        row.lon,
        row.lat,
        name=row.name,
        name_en=row.name_en,
        street=row.street,
        street_en=english.get(row.street, ""),
        number=row.housenumber,
        street_aliases=others.get(row.street, ()),
    )


def _stairwells(stored: StoredAddresses, buildings: dict[Any, Place]) -> Iterator[Place]:
    for row in stored.stairwells:
        building = buildings.get(row.building_id)
        if building is not None:
            yield Place(
                Kind.STAIRWELL,
                row.stairwell_id,
                f"{building.code}/{row.unit}",
                f"{building.label} {row.unit}单元"
                if building.label.isascii()
                else f"{building.label}{row.unit}单元",
                f"{building.label_en}, unit {row.unit}",
                row.lon,
                row.lat,
                unit=row.unit,
                building=row.building_id,
            )


def _station(community_id: str, row: Any) -> Place:
    # stations are known by their codes only
    key = uuid5(NAMESPACE_URL, f"{community_id}/station/{row.code}")
    return _named(Kind.STATION, key, row.code, row, (row.name.removesuffix("驿站").removesuffix("暖心"),))
