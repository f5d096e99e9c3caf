"""A loop to act in: the drawn community with real parts, where each act is a transaction of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID, uuid4

import numpy as np
from PIL import Image
from sqlalchemy import text

from gis.clock import SettableClock
from gis.flows import tasks
from gis.flows.atlas import Atlas
from gis.flows.deliver import bind_notices
from gis.flows.filing_together import FilingTogether
from gis.flows.musters import bind_musters
from gis.flows.rosters import Rosters
from gis.flows.submit import ReportDraft, Submitted, submit
from gis.flows.work import Work
from gis.intake import CleanPhoto, prepare_photo
from gis.settings import Settings
from gis.store.jobs import REQUEST, Jobs, ProcrastinateJobs
from gis.store.photos import PhotoStore
from gis.store.session import Database, WriteSession
from gis.words import Actor, Position, PositionSource
from tests.factories import Community, at
from web.notices import robot_text

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Loop:
    """Everything a flow needs, and shortcuts to act and to look."""

    database: Database
    community: Community
    clock: SettableClock
    photos: PhotoStore
    settings: Settings
    atlas: Atlas
    jobs: Jobs = field(default_factory=ProcrastinateJobs)
    rosters: Rosters = field(default_factory=Rosters)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """Open a unit of work, committed at the end of the block."""
        async with self.database.write() as session:
            yield self._of(session)

    @asynccontextmanager
    async def brief_work(self) -> AsyncIterator[Work]:
        """Open a unit of work as the reports of the interface are filed in."""
        async with self.database.brief() as session:
            yield self._of(session)

    def together(self) -> FilingTogether:
        """Return a place where reports are filed as the service files them."""
        return FilingTogether(self.brief_work, self.settings, self.clock, self.atlas, self.photos)

    def _of(self, session: WriteSession) -> Work:
        return Work(
            session, self.clock, self.jobs, self.atlas, self.photos, self.settings, rosters=self.rosters
        )

    async def act(
        self, flow: Callable[Concatenate[Work, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Carry out a flow in a transaction of its own."""
        async with self.work() as work:
            return await flow(work, *args, **kwargs)

    def actor(self, username: str) -> Actor:
        """Return a person of the community."""
        return self.community.people[username]

    async def report(
        self,
        username: str = "resident",
        *,
        where: tuple[float, float] = (35, 20),
        category: str = "sewer",
        report_id: UUID | None = None,
        **fields: Any,
    ) -> Submitted:
        """File a report at metres east and north."""
        draft = draft_at(where, category=category, report_id=report_id, **fields)
        return await self.act(submit, self.actor(username), draft)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.at += timedelta(seconds=seconds)

    async def run_due_jobs(self) -> int:
        """Carry out what is due by the loop's clock, in order, as the worker would; return how many."""
        bound = tasks.bind(self.work) | bind_musters(self.work) | bind_notices(self.work, robot_text)
        count = 0
        while due := await self.rows(
            "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo'"
            " AND coalesce(scheduled_at, '-infinity') <= :now ORDER BY scheduled_at NULLS FIRST, id LIMIT 1",
            now=self.clock.at,
        ):
            (job,) = due
            args = {name: value for name, value in job.args.items() if name != REQUEST}
            await bound[job.task_name](**args)
            async with self.database.write() as session:
                await session.run(text("DELETE FROM procrastinate_jobs WHERE id = :id"), {"id": job.id})
            count += 1
        return count

    async def rows(self, query: str, **parameters: Any) -> Any:
        """Return rows."""
        async with self.database.read() as session:
            return await session.rows(text(query), parameters)

    async def value(self, query: str, **parameters: Any) -> Any:
        """Return the first column of the only row."""
        async with self.database.read() as session:
            return await session.value(text(query), parameters)

    async def verbs(self, case_id: UUID) -> list[str]:
        """Return what happened to a case."""
        rows = await self.rows("SELECT verb FROM event WHERE case_id = :case ORDER BY event_id", case=case_id)
        return [row.verb for row in rows]

    async def status(self, case_id: UUID) -> str:
        """Return a case's status."""
        return str(await self.value('SELECT status FROM "case" WHERE case_id = :case', case=case_id))

    async def load(self, username: str) -> int:
        """Return how much somebody has in hand."""
        person = self.community.id(username)
        return int(
            await self.value("SELECT live_load FROM responder WHERE person_id = :person", person=person)
        )

    async def on_duty(self, username: str, where: tuple[float, float] | None = None) -> None:
        """Put somebody on duty, at metres east and north."""
        from gis.flows.duty import set_duty, set_position

        await self.act(set_duty, self.actor(username), on=True)
        if where is not None:
            await self.act(set_position, self.actor(username), Position(*at(*where)))


def draft_at(
    where: tuple[float, float],
    *,
    category: str = "sewer",
    report_id: UUID | None = None,
    description: str = "下水堵了",
    **fields: Any,
) -> ReportDraft:
    """Return a draft at metres east and north, its position pinned on the map."""
    position = Position(*at(*where), accuracy_m=5.0, source=PositionSource.PIN)
    return ReportDraft(report_id or uuid4(), category, description, position, **fields)


async def some_photo(settings: Settings, seed: int = 1) -> CleanPhoto:
    """Return a small photo that no other seed gives, decoded as the service does it."""
    return await prepare_photo(some_jpeg(seed), settings.photo)


def some_jpeg(seed: int) -> bytes:
    """Return the file of a small photo that no other seed gives."""
    pixels = np.random.default_rng(seed).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG")
    return file.getvalue()
