"""Collections of features for geographic programs: which of them a reader has, and whose rows are in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from gis.flows.hotspots.current import HotFilters, HotStreets
from gis.flows.hotspots.rows import hot_rows, reader_streets
from gis.flows.hotspots.seen import public_sight
from gis.people.permissions import scope_of
from gis.store import feature_grounds as grounds
from gis.store import feature_sources as sources
from gis.store.case_reading import CaseFilters
from gis.store.feature_sources import HotRow, Source
from gis.store.map_layers import AreaFilter, area_filter
from gis.store.session import ReadSession
from gis.words import Actor, Level

AREAS = {
    "communities": Level.COMMUNITY,
    "grids": Level.GRID,
    "micro_grids": Level.MICRO_GRID,
    "courtyards": Level.COURTYARD,
}
PUBLIC = (*AREAS, "buildings", "streets", "stations", "hotspots", "public_cases")
CASES = "cases"
STILL = frozenset({*AREAS, "buildings", "streets", "stations"})
"""The same until boundaries or streets are published anew."""


@dataclass(frozen=True, slots=True)
class FeatureReader:
    """Who reads whose features; nobody in particular: the public."""

    community_id: str
    actor: Actor | None

    @property
    def collections(self) -> Sequence[str]:
        """The collections that there are for the reader."""
        return PUBLIC if self.actor is None else (*PUBLIC, CASES)


async def source_of(
    session: ReadSession, reader: FeatureReader, collection: str, streets: HotStreets, now: datetime
) -> Source:
    """Return a collection as it is read by somebody.

    Parameters
    ----------
    session, reader
        Whose.
    collection
        One of the reader's.
    streets, now
        The ranking of streets, and until when.
    """
    community_id, actor = reader.community_id, reader.actor
    if collection in AREAS:
        level = AREAS[collection]
        wanted = AreaFilter(everything=True) if actor is None else area_filter(scope_of(actor), level)
        return grounds.areas(community_id, level.value, wanted, inside=actor is not None)
    if collection == "hotspots":
        return sources.hotspots(await _hot(session, reader, streets, now))
    if collection == CASES and actor is not None:
        return sources.cases(replace(scope_of(actor), person_id=None))
    plain: dict[str, Callable[[str], Source]] = {
        "buildings": partial(grounds.buildings, inside=actor is not None),
        "streets": grounds.streets,
        "stations": grounds.stations,
        "public_cases": sources.public_cases,
    }
    return plain[collection](community_id)


async def _hot(
    session: ReadSession, reader: FeatureReader, streets: HotStreets, now: datetime
) -> list[HotRow]:
    """Return ranked streets as the reader may see them: the public none with only a few cases."""
    if reader.actor is not None:
        found, seen = await reader_streets(session, reader.actor, streets, now)
    else:
        seen = public_sight(reader.community_id, HotFilters(CaseFilters()))
        found = await streets.ranking(session, seen.scope, seen.filters, now)
    return hot_rows(found, seen.least)
