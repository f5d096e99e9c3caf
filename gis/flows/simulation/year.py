"""Living a plan: every act is one transaction through the same flow that live traffic takes, at its simulated time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from gis.clock import SettableClock
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.duty import set_duty, set_position
from gis.flows.record_patrol import PatrolDraft, record_patrol
from gis.flows.simulation.acts import Acts
from gis.flows.simulation.album import Album
from gis.flows.simulation.jobs import SimulatedJob
from gis.flows.simulation.lanes import Lane, Step, World
from gis.flows.simulation.people import Behaviour
from gis.flows.simulation.plan import Arrival, PatrolPlan, Planner, segment_ids
from gis.flows.submit import ReportDraft, submit
from gis.flows.work import Work
from gis.store import offers
from gis.store.session import WriteSession
from gis.words import Actor, Role

RIDERS_ABOUT = 10
RIDERS_AT_THE_END = 40
NO_CASE = 0.015


@dataclass(slots=True)
class Year:
    """A simulation under way.

    Parameters
    ----------
    lane
        Where its acts go on, one after the other; ``beside`` gives the same year with a lane of its own.
    """

    world: World
    community: CommunityAtlas
    people: Sequence[Actor]
    planner: Planner
    behaviour: Behaviour
    album: Album
    until: datetime
    lane: Lane
    _on_duty: set[UUID] = field(default_factory=set)
    acts: Acts = field(init=False)

    def __post_init__(self) -> None:
        """Give its people hands."""
        self.acts = Acts(self)
        self.lane.on_job = self._await

    def beside(self) -> Year:
        """Return the same year for what has nothing to do with cases: it goes on while these wait for the database."""
        lane = Lane(self.world, SettableClock(self.clock.now()), self.counts)
        return replace(self, lane=lane)

    # -- time ---------------------------------------------------------------------------------------------------

    @property
    def clock(self) -> SettableClock:
        """What time it is."""
        return self.lane.clock

    @property
    def counts(self) -> Counter[str]:
        """What has happened."""
        return self.lane.counts

    def at(self, moment: datetime, step: Step) -> None:
        """Have something done at a moment."""
        self.lane.at(moment, step)

    def after(self, wait: timedelta, step: Step) -> None:
        """Have something done after a while."""
        self.lane.after(wait, step)

    async def carry_out(self, step: Step) -> None:
        """Do one thing in a transaction of its own; what somebody else made impossible is left undone."""
        await self.lane.carry_out(step)

    def _await(self, job: SimulatedJob) -> None:
        """Have done later what a flow has left for later; what has become needless by then costs nothing."""
        if job.at is None:
            return
        if job.task == "expire_offer":
            offer_id = UUID(job.args["offer_id"])
            self.lane.at(job.at, self.acts.expiry(offer_id), lambda: offer_id not in self.acts.answered)
        elif job.task == "climb":
            case_id, at = UUID(job.args["case_id"]), job.at
            self.acts.climbs[case_id] = at
            self.lane.at(at, self.acts.climb(case_id), lambda: self.acts.climbs.get(case_id) == at)

    # -- what the plan says -------------------------------------------------------------------------------------

    def expect(self, arrival: Arrival) -> None:
        """Have a report filed."""
        self.at(arrival.at, lambda work: self._file(work, arrival))

    def expect_patrol(self, patrol: PatrolPlan) -> None:
        """Have a patrol recorded when it is over."""
        self.at(patrol.ended_at, lambda work: self._patrol(work, patrol))

    async def put_on_duty(self, work: Work, people: Sequence[Actor]) -> None:
        """Have people go on duty who are not."""
        for one in people:
            if one.person_id not in self._on_duty:
                await set_duty(work, one, on=True)
                self._on_duty.add(one.person_id)

    async def end_of_day(self, work: Work) -> None:
        """Leave a usual number of riders on duty, each somewhere on a street."""
        riders = self.of(Role.RIDER)
        staying = riders[:: max(1, len(riders) // RIDERS_AT_THE_END)][:RIDERS_AT_THE_END]
        for one in riders:
            if one not in staying and one.person_id in self._on_duty:
                await set_duty(work, one, on=False)
        await self.put_on_duty(work, staying)
        for one in staying:
            await set_position(work, one, self.planner.somewhere())

    async def standing(self, session: WriteSession) -> list[tuple[UUID, datetime]]:
        """Return the offers that await an answer at the last moment, with their ends."""
        return await offers.standing(session, self.world.community_id)

    def of(self, role: Role) -> list[Actor]:
        """Return everybody of a role."""
        return self.planner.by_role[role]

    async def _patrol(self, work: Work, patrol: PatrolPlan) -> None:
        streets = segment_ids(self.community, patrol.segments)
        patrol_id = uuid5(patrol.rider.person_id, patrol.started_at.isoformat())
        await record_patrol(
            work, patrol.rider, PatrolDraft(patrol_id, patrol.started_at, patrol.ended_at, streets)
        )
        self.counts["patrols"] += 1

    async def _file(self, work: Work, arrival: Arrival) -> None:
        riders = self.planner.choose.sample(self.of(Role.RIDER), min(RIDERS_ABOUT, len(self.of(Role.RIDER))))
        await self.put_on_duty(work, riders)
        for rider in riders:
            if rider.person_id != arrival.reporter.person_id:
                await set_position(work, rider, self.planner.near(arrival.position, 160.0))
        photo = arrival.photo and self.behaviour.happens(0.7)
        photos = [await self.album.picture(arrival.category, settled=False)] if photo else []
        draft = ReportDraft(
            uuid5(arrival.reporter.person_id, f"{arrival.at.isoformat()}{arrival.description}"),
            arrival.category,
            arrival.description,
            arrival.position,
            source=arrival.source,
            fixed_at=arrival.at,
            photos=photos,
            separate=arrival.separate,
        )
        filed = await submit(work, arrival.reporter, draft)
        self.counts["reports"] += 1
        self.counts[arrival.category] += 1
        if arrival.left:
            self.acts.left.add(filed.case_id)
        if self.behaviour.happens(NO_CASE) and not arrival.certain:
            desk = self.of(Role.DESK)[0]
            self.after(timedelta(minutes=3), lambda later: self.acts.reject(later, desk, filed.case_id))
        self.acts.filed.setdefault(filed.case_id, (arrival.reporter, draft.id))
        await self.acts.see(work, filed.case_id)
