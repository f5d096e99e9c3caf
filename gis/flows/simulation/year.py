"""Living a plan: every act is one transaction through the same flow that live traffic takes, at its simulated time."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid5

from gis.cases import ladder
from gis.cases.categories import category
from gis.cases.ratings import Rating
from gis.clock import SettableClock
from gis.errors import ConflictError, NotAllowedError, NotFoundError
from gis.flows.accept import accept
from gis.flows.arrive import arrive
from gis.flows.atlas import Atlas, CommunityAtlas
from gis.flows.climb import climb, look_after
from gis.flows.decline import decline
from gis.flows.done import done
from gis.flows.duty import set_duty, set_position
from gis.flows.expire_offer import expire_offer
from gis.flows.rate import rate
from gis.flows.record_patrol import PatrolDraft, record_patrol
from gis.flows.refer import refer
from gis.flows.reject import reject
from gis.flows.reopen import reopen
from gis.flows.simulation.album import Album
from gis.flows.simulation.jobs import SimulatedJobs
from gis.flows.simulation.people import Answer, Behaviour, Outcome, needs_photo
from gis.flows.simulation.plan import Arrival, PatrolPlan, Planner, segment_ids
from gis.flows.simulation.words import DECLINES, NOTE, NOTES, REFERRALS
from gis.flows.submit import ReportDraft, submit
from gis.flows.verify import verify
from gis.flows.work import Work
from gis.settings import Settings
from gis.store import cases, offers
from gis.store.cases import Glance
from gis.store.photos import PhotoStore
from gis.store.session import Database, WriteSession
from gis.words import Actor, Role, Status

Step = Callable[[Work], Awaitable[None]]
RIDERS_ABOUT = 10
RIDERS_AT_THE_END = 40
LOOK_AGAIN = timedelta(minutes=2)
LOOK_AGAIN_AT_NIGHT = timedelta(minutes=30)
NO_CASE = 0.015
NOT_SATISFIED = 0.02
MORE_PHOTOS = 0.25
RATED = 0.4


@dataclass(slots=True)
class World:
    """The parts that acts are carried out with."""

    database: Database
    settings: Settings
    photos: PhotoStore
    atlas: Atlas
    community_id: str


@dataclass(slots=True)
class Year:
    """A simulation under way."""

    world: World
    community: CommunityAtlas
    people: Sequence[Actor]
    planner: Planner
    behaviour: Behaviour
    album: Album
    clock: SettableClock
    until: datetime
    jobs: SimulatedJobs = field(default_factory=SimulatedJobs)
    counts: Counter[str] = field(default_factory=Counter)
    _queue: list[tuple[datetime, int, Step]] = field(default_factory=list)
    _turn: count[int] = field(default_factory=count)
    _on_duty: set[UUID] = field(default_factory=set)
    _reopened: set[UUID] = field(default_factory=set)
    _filed: dict[UUID, tuple[Actor, UUID]] = field(default_factory=dict)
    """Who opened each case, and with which report."""
    _climbs: dict[UUID, datetime] = field(default_factory=dict)
    """When the ladder looks at each case next; a look that was put off is not taken."""

    # -- time ---------------------------------------------------------------------------------------------------

    def at(self, moment: datetime, step: Step) -> None:
        """Have something done at a moment."""
        heapq.heappush(self._queue, (moment, next(self._turn), step))

    def after(self, wait: timedelta, step: Step) -> None:
        """Have something done after a while."""
        self.at(self.clock.now() + wait, step)

    async def live(self, report: Callable[[float], None]) -> None:
        """Carry out everything up to the last moment, in order."""
        start = self._queue[0][0] if self._queue else self.until
        span = max(1.0, (self.until - start).total_seconds())
        while self._queue and self._queue[0][0] <= self.until:
            moment, _, step = heapq.heappop(self._queue)
            self.clock.at = max(self.clock.at, moment)
            await self.carry_out(step)
            report(min(1.0, (moment - start).total_seconds() / span))
        self.clock.at = self.until

    async def carry_out(self, step: Step, *, durable: bool = False) -> None:
        """Do one thing in a transaction of its own; what somebody else made impossible is left undone."""
        try:
            async with self.world.database.write(durable=durable) as session:
                world = self.world
                await step(Work(session, self.clock, self.jobs, world.atlas, world.photos, world.settings))
        except (ConflictError, NotAllowedError, NotFoundError) as error:
            self.jobs.collect()
            self.counts[f"refused: {error.code}"] += 1
            return
        for job in self.jobs.collect():
            if job.task == "expire_offer" and job.at is not None:
                self.at(job.at, self._expiry(UUID(job.args["offer_id"])))
            elif job.task == "climb" and job.at is not None:
                case_id = UUID(job.args["case_id"])
                self._climbs[case_id] = job.at
                self.at(job.at, self._climb(case_id, job.at))

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
        )
        filed = await submit(work, arrival.reporter, draft)
        self.counts["reports"] += 1
        self.counts[arrival.category] += 1
        if self.behaviour.happens(NO_CASE):
            desk = self.of(Role.DESK)[0]
            self.after(timedelta(minutes=3), lambda later: self._reject(later, desk, filed.case_id))
        self._filed.setdefault(filed.case_id, (arrival.reporter, draft.id))
        await self._see(work, filed.case_id)

    # -- what people do -----------------------------------------------------------------------------------------

    async def _see(self, work: Work, case_id: UUID) -> None:
        """Have whoever has the case in hand now do the next thing."""
        case = await cases.glance(work.session, self.world.community_id, case_id)
        if case is None:
            return
        if case.status is Status.OFFERED and case.offeree_id is not None:
            self._answer(case_id, self._person(case.offeree_id))
        elif case.status is Status.OPEN and not ladder.asks(case.escalation):
            worker = self._grid_worker(case.grid_code)
            self.after(self.behaviour.grid_worker_comes(), lambda later: self._take(later, worker, case_id))
        elif case.status is Status.OPEN and case.micro_grid_code is not None:
            self.after(self._patience(case.category), lambda later: self._look_after(later, case_id))
        elif case.status is Status.REFERRED:
            agency = self._agency(case.agency_code)
            if agency is not None:
                self.after(self.behaviour.agency_answers(), lambda later: self._take(later, agency, case_id))

    def _answer(self, case_id: UUID, who: Actor) -> None:
        kind, wait = self.behaviour.answer()
        if kind is Answer.ACCEPT:
            self.after(wait, lambda work: self._take(work, who, case_id))
        elif kind is Answer.DECLINE:
            self.after(wait, lambda work: self._decline(work, who, case_id))

    async def _take(self, work: Work, who: Actor, case_id: UUID) -> None:
        await accept(work, who, case_id)
        case = await cases.glance(work.session, self.world.community_id, case_id)
        if case is None:
            return
        if who.role is Role.AGENCY:
            wait = self.behaviour.agency_works(case.category)
            self.after(wait, lambda later: self._finish(later, who, case_id, case.category))
        else:
            wait = self.behaviour.way(case.travel_s)
            self.after(wait, lambda later: self._arrive(later, who, case_id, case.category))

    async def _decline(self, work: Work, who: Actor, case_id: UUID) -> None:
        await decline(work, who, case_id, self.behaviour.choose.choice(DECLINES))
        self.counts["declined"] += 1
        await self._see(work, case_id)

    def _expiry(self, offer_id: UUID) -> Step:
        async def expire(work: Work) -> None:
            found = await offers.case_of(work.session, self.world.community_id, offer_id)
            if found is None or found[1] != "live":
                return
            await expire_offer(work, self.world.community_id, offer_id)
            self.counts["expired"] += 1
            await self._see(work, found[0])

        return expire

    def _climb(self, case_id: UUID, at: datetime) -> Step:
        async def look(work: Work) -> None:
            if self._climbs.get(case_id) != at:
                return
            before = await cases.glance(work.session, self.world.community_id, case_id)
            await climb(work, self.world.community_id, case_id)
            self.counts["climbed"] += 1
            if before is not None and before.status is Status.OPEN:  # who has one in hand goes on as they do
                await self._see(work, case_id)

        return look

    def _patience(self, code: str) -> timedelta:
        """Return when a waiting case is looked at again: at night, only urgent ones soon."""
        now = self.clock.now()
        awake = self.community.calendar.clock(category(code)).between(now, now + LOOK_AGAIN)
        return LOOK_AGAIN if awake else LOOK_AGAIN_AT_NIGHT

    async def _look_after(self, work: Work, case_id: UUID) -> None:
        case = await cases.glance(work.session, self.world.community_id, case_id)
        if case is not None and case.status is Status.OPEN:
            await look_after(work, self.world.community_id, case_id)
            await self._see(work, case_id)

    async def _arrive(self, work: Work, who: Actor, case_id: UUID, code: str) -> None:
        await arrive(work, who, case_id)
        refers = self.behaviour.outcome(code) is Outcome.REFER
        if refers and self._agency(category(code).agency_code) is not None:
            self.after(timedelta(minutes=9), lambda later: self._refer(later, who, case_id))
        else:
            self.after(self.behaviour.work(code), lambda later: self._finish(later, who, case_id, code))

    async def _refer(self, work: Work, who: Actor, case_id: UUID) -> None:
        await refer(work, who, case_id, None, self.behaviour.choose.choice(REFERRALS))
        self.counts["referred"] += 1
        await self._see(work, case_id)

    async def _finish(self, work: Work, who: Actor, case_id: UUID, code: str) -> None:
        self._climbs.pop(case_id, None)
        shown = needs_photo(code) or self.behaviour.happens(MORE_PHOTOS)
        again = case_id in self._reopened  # the first picture showed what was not good enough
        photos = [await self.album.picture(code, settled=True, another=again)] if shown else []
        await done(work, who, case_id, self.behaviour.choose.choice(NOTES.get(code, NOTE)), photos)
        self.after(self.behaviour.verified_after(), lambda later: self._check(later, case_id))

    async def _check(self, work: Work, case_id: UUID) -> None:
        case = await cases.glance(work.session, self.world.community_id, case_id)
        if case is None:
            return
        checker = self._checker(case)
        if self.behaviour.happens(NOT_SATISFIED):
            await reopen(work, checker, case_id, "没有修好，请再处理")
            self.counts["reopened"] += 1
            self._reopened.add(case_id)
            await self._see(work, case_id)
            return
        await verify(work, checker, case_id)
        self.counts["closed"] += 1
        if self.behaviour.happens(RATED):
            self.after(self.behaviour.rated_after(), lambda later: self._rate(later, case_id))

    async def _rate(self, work: Work, case_id: UUID) -> None:
        """Have the reporter say how it was; who did the work themselves is refused."""
        reporter, report_id = self._filed[case_id]
        await rate(work, reporter, report_id, Rating(self.behaviour.stars(), solved=True))
        self.counts["rated"] += 1

    async def _reject(self, work: Work, desk: Actor, case_id: UUID) -> None:
        await reject(work, desk, case_id, "现场核实不存在")
        self.counts["rejected"] += 1

    # -- who ----------------------------------------------------------------------------------------------------

    def _person(self, person_id: UUID) -> Actor:
        return next(one for one in self.people if one.person_id == person_id)

    def _grid_worker(self, grid_code: str | None) -> Actor:
        workers = self.of(Role.GRID_WORKER)
        return next((one for one in workers if grid_code in one.grid_codes), workers[0])

    def _agency(self, code: str | None) -> Actor | None:
        return next((one for one in self.of(Role.AGENCY) if one.agency_code == code), None)

    def _checker(self, case: Glance) -> Actor:
        """Return who looks at the work: the grid worker, the watcher, or the desk, never who did it."""
        watchers = [one for one in self.of(Role.WATCHER) if case.micro_grid_code in one.micro_grid_codes]
        choices = [self._grid_worker(case.grid_code), *watchers, self.of(Role.DESK)[0]]
        others = [one for one in choices if one.person_id != case.assignee_id]
        return self.behaviour.choose.choice(others)
