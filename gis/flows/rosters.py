"""Who is on duty, kept for a moment, so that each of many reports needn't gather everybody anew.

It only says whom to ask first. The claim decides under its lock whether somebody is on duty and has room: with a roster of
a second ago the next one is asked instead, and nobody ever gets more than they may have.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gis.roster import Roster
from gis.store.rosters import load_roster
from gis.store.session import ReadSession

LARGEST = 256
"""So many communities are kept."""


@dataclass(frozen=True, slots=True)
class _Kept:
    roster: Roster
    read_at: datetime
    read: float


class Rosters:
    """Rosters of communities, shared by all requests of a process.

    Parameters
    ----------
    keep_s
        How long one is believed; 0: not at all, each is read when asked for.
    """

    def __init__(self, keep_s: float = 0.0) -> None:
        self._keep_s = keep_s
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._expected: defaultdict[str, Counter[UUID]] = defaultdict(Counter)
        self._locks: dict[str, asyncio.Lock] = {}
        self._changes = 0

    async def get(self, session: ReadSession, community_id: str, now: datetime) -> Roster:
        """Return who is on duty, as it was read a moment ago.

        Parameters
        ----------
        session, community_id
            Where.
        now
            The time.
        """
        if self._keep_s <= 0.0:
            return await self._load(session, community_id, now)
        kept = self._fresh(community_id, now)
        if kept is not None:
            return kept.roster
        async with self._locks.setdefault(community_id, asyncio.Lock()):  # one reads for all who wait
            kept = self._fresh(community_id, now)
            return kept.roster if kept else await self._read(session, community_id, now)

    def mark(self) -> float:
        """Return a mark to hand to ``renewed``: what was read after it is believed."""
        return time.monotonic()

    async def renewed(self, session: ReadSession, community_id: str, now: datetime, *, mark: float) -> Roster:
        """Return who is on duty, read after a mark: for when nobody could be found.

        Parameters
        ----------
        session, community_id, now
            As for ``get``.
        mark
            When the search began.
        """
        kept = self._fresh(community_id, now)
        if kept is None or kept.read < mark:
            self.forget(community_id)
        return await self.get(session, community_id, now)

    def expect(self, community_id: str, person_id: UUID | None) -> None:
        """Count the offer that somebody is about to be made, so that the next report finds them with less time."""
        if person_id is not None:
            self._expected[community_id][person_id] += 1
        self._count(community_id, person_id, 1)

    def settle(self, community_id: str, expected: UUID | None, asked: UUID | None) -> None:
        """Put right what was expected: it is in the database now, or it went to somebody else, or to nobody."""
        if expected is not None:
            self._expected[community_id][expected] -= 1
        if expected != asked:
            self._count(community_id, expected, -1)
            self._count(community_id, asked, 1)

    def forget(self, community_id: str) -> None:
        """Have a community's roster read again: somebody came, went or became free."""
        self._changes += 1
        self._kept.pop(community_id, None)

    def _count(self, community_id: str, person_id: UUID | None, cases: int) -> None:
        kept = self._kept.get(community_id)
        if kept is not None and person_id is not None:
            kept.roster.take(person_id, cases)

    def _fresh(self, community_id: str, now: datetime) -> _Kept | None:
        kept = self._kept.get(community_id)
        if kept is None or time.monotonic() - kept.read >= self._keep_s:
            return None
        if abs(now - kept.read_at) >= timedelta(seconds=self._keep_s):  # a clock that was set
            return None
        return kept

    async def _read(self, session: ReadSession, community_id: str, now: datetime) -> Roster:
        changes, began = self._changes, time.monotonic()
        roster = await self._load(session, community_id, now)
        if changes == self._changes:  # else it may be from before the change
            self._kept[community_id] = _Kept(roster, now, began)
            self._kept.move_to_end(community_id)
            while len(self._kept) > LARGEST:
                self._kept.popitem(last=False)
        return roster

    async def _load(self, session: ReadSession, community_id: str, now: datetime) -> Roster:
        roster = await load_roster(session, community_id, now)
        for person_id, offers in (+self._expected[community_id]).items():  # not in the database yet
            roster.take(person_id, offers)
        return roster
