"""What the routes stand on: built once at start, kept on the app, never global."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

from starlette.requests import HTTPConnection

from api.events import EventHub
from api.heat import Document
from api.layer_cache import LayerCache
from api.metrics import Metrics
from api.rates import Rates
from api.sessions import SessionCache
from api.turnstile import Turnstile
from gis.clock import Clock
from gis.flows.address_books import AddressBooks
from gis.flows.atlas import Atlas
from gis.flows.filing_together import FilingTogether
from gis.flows.hotspots.current import HotStreets
from gis.flows.hotspots.curves import Curves
from gis.flows.hotspots.heat import Heat
from gis.flows.kept import Kept
from gis.flows.rosters import Rosters
from gis.flows.work import Work
from gis.settings import Settings
from gis.store.jobs import JobRunner, Jobs
from gis.store.photos import Photos
from gis.store.replica import Replica
from gis.store.session import Database, ReadSession, WriteSession
from web.render import Renderer

MOST_DOCUMENTS = 24


@dataclass(slots=True)
class Parts:
    """Everything that lives as long as the service."""

    settings: Settings
    clock: Clock
    database: Database
    jobs: Jobs
    runner: JobRunner | None
    atlas: Atlas
    photos: Photos
    renderer: Renderer
    hub: EventHub
    metrics: Metrics
    sessions: SessionCache = field(default_factory=SessionCache)
    rosters: Rosters = field(default_factory=Rosters)
    rates: Rates = field(default_factory=Rates)
    layers: LayerCache = field(default_factory=LayerCache)
    addresses: AddressBooks = field(default_factory=AddressBooks)
    streets: HotStreets = field(default_factory=HotStreets)
    curves: Curves = field(init=False)
    heat: Heat = field(init=False)
    heat_documents: Kept[Document] = field(default_factory=lambda: Kept(MOST_DOCUMENTS))
    filing: FilingTogether = field(init=False)
    turnstile: Turnstile = field(init=False)
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)  # one delineation at a time
    job_task: asyncio.Task[None] | None = None
    replica: Replica | None = None

    def __post_init__(self) -> None:
        """Put together what stands on other parts."""
        self.curves = Curves(self.streets, self.settings.state / "curves")
        self.heat = Heat(self.streets)
        self.turnstile = Turnstile(self.settings.photo.at_once)
        self.filing = FilingTogether(self.brief_work, self.settings, self.clock, self.atlas, self.photos)

    def recent(self) -> AbstractAsyncContextManager[ReadSession]:
        """Open a read-only transaction that may be some seconds old: on the copy of the database, where there is one."""
        return self.replica.read() if self.replica else self.database.read()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """Open a unit of work; it commits when its block ends without an error."""
        async with self.database.write() as session:
            yield self._of(session)

    @asynccontextmanager
    async def brief_work(self) -> AsyncIterator[Work]:
        """Open a unit of work that is expected to end with one statement, durable when that returns."""
        async with self.database.brief() as session:
            yield self._of(session)

    async def without_a_lost_database(self) -> None:
        """Before the end: let nobody wait for a database that doesn't answer."""
        await self.database.try_now()
        if self.database.gone and self.runner is not None:
            self.runner.abandon()

    def _of(self, session: WriteSession) -> Work:
        return Work(
            session,
            self.clock,
            self.jobs,
            self.atlas,
            self.photos,
            self.settings,
            rosters=self.rosters,
            addresses=self.addresses,
        )


def parts_of(connection: HTTPConnection) -> Parts:
    """Return the parts of the app that serves a request."""
    return cast("Parts", connection.app.state.parts)
