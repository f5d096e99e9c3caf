"""Reports that arrive while others are being written are gathered and written together: one look, one statement, one commit.

Nobody waits for company, but for who sends a photo just after somebody else has (``COMPANY_S``). A report that comes when
nothing is under way goes at once; those that come meanwhile go when they are as many as those under way and a lane is free,
and at the latest when those are done. So two batches of about the same size take turns, where otherwise the first to come
back would go alone and all others wait for the next one. What can't go with others (a link to a case, a plate, a report that
was in the way of another, a batch that failed) goes alone, so that one that can't be filed never harms another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import structlog

from gis.clock import Clock
from gis.errors import UnavailableError
from gis.flows.atlas import Atlas
from gis.flows.attach_photo import keep_photos
from gis.flows.comparing import would_join
from gis.flows.report_draft import Checked, ReportDraft, Submitted, check
from gis.flows.submit import submit_alone, submit_batch
from gis.flows.work import Work
from gis.people.permissions import require
from gis.settings import Settings
from gis.store.photos import Photos
from gis.store.submission import MOST
from gis.words import Actor

LANES = 2
"""While one batch is with the database, another is made ready."""
COMPANY_S = 0.08
"""Photos that come faster one after the other than this wait as long for company: a photo takes longer to send and to look at,
and a batch of four takes two thirds of the time of four alone, database and service."""

log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class _Entry:
    """A report that waits for its answer; ``behind`` is the one whose case it would join, which goes first."""

    actor: Actor
    checked: Checked
    answer: asyncio.Future[Submitted]
    behind: _Entry | None = None

    @property
    def goes_along(self) -> bool:
        """Whether it may go with others: its position says where it is, and it joins no case that is known of."""
        draft = self.checked.draft
        named = draft.plate or draft.chosen_place or draft.same_as
        return not (self.behind or named)


class FilingTogether:
    """Where the service's reports are filed.

    Parameters
    ----------
    open_work
        Opens a unit of work that ends with one statement.
    settings, clock, atlas, photos
        As in ``Work``.
    """

    def __init__(
        self,
        open_work: Callable[[], AbstractAsyncContextManager[Work]],
        settings: Settings,
        clock: Clock,
        atlas: Atlas,
        photos: Photos,
    ) -> None:
        self._open_work = open_work
        self._settings = settings
        self._clock = clock
        self._atlas = atlas
        self._photos = photos
        self._waiting: list[_Entry] = []
        self._under_way: set[_Entry] = set()
        self._busy = 0
        self._lanes: set[asyncio.Task[None]] = set()
        self._photo_at_s = -COMPANY_S
        self._departure: asyncio.TimerHandle | None = None

    async def submit(self, actor: Actor, draft: ReportDraft) -> Submitted:
        """File a report; what is answered is durable.

        Parameters
        ----------
        actor, draft
            As for ``gis.flows.submit.submit``, with the same errors.
        """
        require(actor, "submit")
        checked = check(self._settings, draft)
        await keep_photos(self._photos, actor, checked.photos)
        entry = _Entry(actor, checked, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        if checked.photos and self._others_follow() and len(self._waiting) < MOST:
            self._departure = self._departure or asyncio.get_running_loop().call_later(COMPANY_S, self._go)
        else:
            self._go()
        return await entry.answer

    def _others_follow(self) -> bool:
        """Tell whether photos come so fast that it is worth waiting for more."""
        before_s, self._photo_at_s = self._photo_at_s, asyncio.get_running_loop().time()
        return self._photo_at_s - before_s < COMPANY_S

    def _go(self) -> None:
        """Let those who wait be filed, unless they had better wait for those under way."""
        if self._departure is not None:
            self._departure.cancel()
            self._departure = None
        if self._busy < LANES and self._are_enough():
            self._busy += 1
            lane = asyncio.create_task(self._serve())
            self._lanes.add(lane)
            lane.add_done_callback(self._lanes.discard)

    def _are_enough(self) -> bool:
        """Tell whether as many wait as are under way: fewer had better wait for the rest."""
        return bool(self._waiting) and len(self._waiting) >= len(self._under_way)

    async def _serve(self) -> None:
        """File batch after batch until nobody waits who may go now."""
        try:
            while self._are_enough() and (batch := self._gather()):
                self._under_way.update(batch)
                try:
                    await self._file(batch)
                finally:
                    self._under_way.difference_update(batch)
        except Exception as error:
            log.exception("lane_broke_off")
            for entry in self._waiting:  # nobody is left without an answer
                _fail(entry, error)
            self._waiting.clear()
        finally:
            self._busy -= 1  # in the same breath as it was found that nobody may go

    def _gather(self) -> list[_Entry]:
        """Take those who may go together now, in the order they came."""
        batch: list[_Entry] = []
        left: list[_Entry] = []
        for entry in self._waiting:
            if len(batch) < MOST and self._fits(entry, batch):
                batch.append(entry)
            else:
                left.append(entry)
        self._waiting = left
        return batch

    def _fits(self, entry: _Entry, batch: Sequence[_Entry]) -> bool:
        """Tell whether a report may go with a batch: not before another that it repeats, or whose case it would join."""
        if batch and batch[0].actor.community_id != entry.actor.community_id:
            return False
        others = (*self._under_way, *batch)
        if any(_repeats(entry, other) for other in others):
            return False
        if entry.behind is None:  # once: many of one thing don't wait for each other, but for the first
            entry.behind = next((other for other in others if self._would_join(entry, other)), None)
        return entry.behind is None or entry.behind.answer.done()

    def _would_join(self, entry: _Entry, other: _Entry) -> bool:
        if entry.checked.draft.separate or entry.checked.kind is not other.checked.kind:
            return False
        atlas = self._atlas.peek(entry.actor.community_id)
        if atlas is None or other.actor.community_id != entry.actor.community_id:
            return False
        told, earlier, now = entry.checked.told, other.checked.told, self._clock.now()
        return would_join(self._settings.duplicates, atlas, entry.actor, told, earlier, now)

    async def _file(self, batch: Sequence[_Entry]) -> None:
        """File a batch, then alone whatever couldn't go with the others."""
        along = [one for one in batch if one.goes_along]
        answered = await self._file_along(along) if along else ()
        alone = [one for one in batch if one not in answered]
        await asyncio.gather(*(self._file_alone(one) for one in alone))

    async def _file_along(self, along: Sequence[_Entry]) -> Sequence[_Entry]:
        """Return those that were answered."""
        atlas = self._atlas.peek(along[0].actor.community_id)
        if atlas is None:
            return ()
        try:
            async with self._open_work() as work:
                found = await submit_batch(work, atlas, [(one.actor, one.checked) for one in along])
        except UnavailableError as error:  # whether it was written the same id tells, asked again
            for one in along:
                _fail(one, error)
            return along
        except Exception as error:  # noqa: BLE001 - whichever it is about is told so when it goes alone
            log.warning("batch_goes_one_by_one", reports=len(along), error=repr(error))
            return ()
        answered = []
        for one, submitted in zip(along, found, strict=True):
            if submitted is not None:
                _answer(one, submitted)
                answered.append(one)
        return answered

    async def _file_alone(self, entry: _Entry) -> None:
        try:
            async with self._open_work() as work:
                submitted = await submit_alone(work, entry.actor, entry.checked)
        except Exception as error:  # noqa: BLE001 - belongs to whoever waits for the answer
            _fail(entry, error)
        else:
            _answer(entry, submitted)


def _repeats(entry: _Entry, other: _Entry) -> bool:
    same_place = entry.actor.community_id == other.actor.community_id
    return same_place and entry.checked.draft.id == other.checked.draft.id


def _answer(entry: _Entry, submitted: Submitted) -> None:
    if not entry.answer.done():
        entry.answer.set_result(submitted)


def _fail(entry: _Entry, error: Exception) -> None:
    if not entry.answer.done():
        entry.answer.set_exception(error)
