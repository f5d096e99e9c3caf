"""What every flow is given: one transaction, the time, and the parts that carry effects."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from gis.clock import Clock
from gis.flows.address_books import AddressBooks
from gis.flows.atlas import Atlas
from gis.flows.rosters import Rosters
from gis.settings import Settings
from gis.store.jobs import Jobs
from gis.store.photos import Photos
from gis.store.session import WriteSession


@dataclass(frozen=True, slots=True)
class Work:
    """One unit of work: what a flow changes through ``session`` is committed as a whole, or not at all."""

    session: WriteSession
    clock: Clock
    jobs: Jobs
    atlas: Atlas
    photos: Photos
    settings: Settings
    rosters: Rosters = field(default_factory=Rosters)
    """Kept by the service; elsewhere read each time."""
    addresses: AddressBooks = field(default_factory=AddressBooks)
    """Kept by the service beside the atlas."""


OpenWork = Callable[[], AbstractAsyncContextManager[Work]]
"""Opens a unit of work that is committed when its block ends without an error."""
