"""The one search of a simulated year (六纬路2号): somebody old is missing, is found, and is forgotten by rule.

Those on duty are called, come and tick streets off, as everywhere through the flows of live traffic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid5

from gis.errors import ConflictError
from gis.flows.duty import set_position
from gis.flows.missing.calling import MissingDraft, begin_search
from gis.flows.missing.erasing import erase_searches
from gis.flows.missing.searching import end_search, tick_street
from gis.flows.muster_answers import answer_muster, arrive_at_muster
from gis.flows.simulation.lanes import Step
from gis.flows.simulation.strand import Strand
from gis.flows.work import Work
from gis.people.residents import resident_scope
from gis.store import missing, musters
from gis.store.resident_facts import facts
from gis.store.resident_reading import people_in
from gis.words import Actor, Position, PositionSource, Role

HOME = "六纬路2号"
ENDED_BEFORE = 120
"""Days before the last one; in a shorter time nobody is missing, for what is told of them must be erased by rule."""
OLD = 80
OUT = 14
"""Riders who are on duty that evening."""
COMING, TICKED = 6, 12
DESCRIPTION = "穿灰色外套、黑布鞋，走路慢，说得出自己的名字，说不清住哪里。"
FOUND = "在小广场的长椅上找到，家人已经接回。"


@dataclass(slots=True)
class Search(Strand):
    """Somebody is missing, once."""

    name = "search"

    missing_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        """Name the search."""
        Strand.__post_init__(self)
        self.missing_id = self.id_of()

    def expect(self) -> None:
        """Plan the evening on which somebody is missing."""
        planner = self.year.planner
        if planner.days <= ENDED_BEFORE:
            return
        self.year.at(self.moment(planner.days - ENDED_BEFORE, 17, 40), self._begin)

    async def _begin(self, work: Work) -> None:
        """Have the desk begin the search from the record of somebody old; whoever is near is called."""
        scope = resident_scope(self.desk)
        born = work.clock.now().year - OLD
        old = await people_in(work.session, scope, born_until=born)
        if not old:
            return
        who = next((one for one in old if one.address == HOME), old[0])
        (home,) = await facts(work.session, scope, [who.household_id])
        at = Position(home.lon, home.lat, source=PositionSource.PLATE)
        riders = self.choose.sample(self.year.of(Role.RIDER), min(OUT, len(self.year.of(Role.RIDER))))
        await self.year.put_on_duty(work, riders)
        for rider in riders:
            await set_position(work, rider, self._near(at))
        seen = work.clock.now() - timedelta(minutes=50)
        draft = MissingDraft(
            self.missing_id, who.resident_id, "", DESCRIPTION, "", at, who.address, seen, people=OUT
        )
        await begin_search(work, self.desk, draft)
        self.year.counts["searches"] += 1
        self.year.after(timedelta(minutes=4), self._answer(arriving=False))
        self.year.after(timedelta(minutes=15), self._answer(arriving=True))
        self.year.after(timedelta(minutes=35), self._look)
        self.year.after(timedelta(minutes=65), self._end)
        days = self.year.world.settings.residents.missing_days + 2
        self.year.after(timedelta(days=days), self._erase)

    def _near(self, at: Position) -> Position:
        away = 0.0015
        return Position(at.lon + self.choose.uniform(-away, away), at.lat + self.choose.uniform(-away, away))

    async def _called(self, work: Work) -> list[Actor]:
        """Return who was called, in the order of their names."""
        muster_id = uuid5(self.missing_id, "muster")
        calls = await musters.calls(work.session, self.desk.community_id, muster_id)
        called = {one.person_id for one in calls}
        return [one for one in self.year.people if one.person_id in called]

    def _answer(self, *, arriving: bool) -> Step:
        async def answer(work: Work) -> None:
            muster_id = uuid5(self.missing_id, "muster")
            for one in (await self._called(work))[:COMING]:
                try:
                    if arriving:
                        await arrive_at_muster(work, one, muster_id)
                    else:
                        await answer_muster(work, one, muster_id, coming=True)
                except ConflictError:  # enough are coming, or they are elsewhere by now
                    continue

        return answer

    async def _look(self, work: Work) -> None:
        """Tick streets off, the nearest first."""
        called = (await self._called(work))[:COMING]
        streets = await missing.streets(work.session, self.desk.community_id, self.missing_id)
        for turn, street in enumerate(streets[:TICKED]):
            if called:
                await tick_street(
                    work, called[turn % len(called)], self.missing_id, street.segment_id, searched=True
                )
                self.year.counts["streets searched"] += 1

    async def _end(self, work: Work) -> None:
        await end_search(work, self.desk, self.missing_id, "found", FOUND)

    async def _erase(self, work: Work) -> None:
        self.year.counts["searches erased"] += await erase_searches(work)
