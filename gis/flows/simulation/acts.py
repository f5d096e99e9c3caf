"""What people do with cases: they answer, go there, work, refer, check and rate, each act through its own flow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from gis.cases import ladder
from gis.cases.categories import category
from gis.cases.ratings import Rating
from gis.flows.accept import accept
from gis.flows.arrive import arrive
from gis.flows.climb import climb, look_after
from gis.flows.decline import decline
from gis.flows.done import done
from gis.flows.expire_offer import expire_offer
from gis.flows.rate import rate
from gis.flows.refer import refer
from gis.flows.reject import reject
from gis.flows.reopen import reopen
from gis.flows.simulation.lanes import Step
from gis.flows.simulation.mediating import mediate
from gis.flows.simulation.people import Answer, Outcome, needs_photo
from gis.flows.simulation.words import DECLINES, NOTE, NOTES, REFERRALS
from gis.flows.verify import verify
from gis.flows.work import Work
from gis.store import cases, offers
from gis.store.cases import Glance
from gis.words import Actor, Role, Status

if TYPE_CHECKING:
    from gis.flows.simulation.year import Year

NOT_SATISFIED = 0.02
MORE_PHOTOS = 0.25
RATED = 0.4
LOOK_AGAIN = timedelta(minutes=2)
LOOK_AGAIN_AT_NIGHT = timedelta(minutes=30)


class Acts:
    """The acts of a year's people, each leading to the next.

    Parameters
    ----------
    year
        Whose people, time and chances.
    """

    def __init__(self, year: Year) -> None:
        self.year = year
        self.filed: dict[UUID, tuple[Actor, UUID]] = {}
        """Who opened each case, and with which report."""
        self.left: set[UUID] = set()
        """What nobody finishes."""
        self.climbs: dict[UUID, datetime] = {}
        """When the ladder looks at each case next; a look that was put off is not taken."""
        self.answered: set[UUID] = set()
        """Offers that don't run out any more."""
        self._reopened: set[UUID] = set()

    # -- what people do -----------------------------------------------------------------------------------------

    async def see(self, work: Work, case_id: UUID) -> None:
        """Have whoever has the case in hand now do the next thing."""
        case = await cases.glance(work.session, self.year.world.community_id, case_id)
        if case is None:
            return
        if case.status is Status.OFFERED and case.offeree_id is not None:
            self._answer(case_id, case.offer_id, self._person(case.offeree_id))
        elif case.status is Status.OPEN and not ladder.asks(case.escalation):
            comes, act = (
                self.year.behaviour.grid_worker_comes(),
                self._take if case.grid_code else self._send_on,
            )
            worker = self.grid_worker(case.grid_code)
            self.year.after(comes, lambda later: act(later, worker, case_id))
        elif case.status is Status.OPEN and case.micro_grid_code is not None:
            self.year.after(self._patience(case.category), lambda later: self._look_after(later, case_id))
        elif case.status is Status.REFERRED:
            agency = self._agency(case.agency_code)
            if agency is not None:
                self.year.after(
                    self.year.behaviour.agency_answers(), lambda later: self._take(later, agency, case_id)
                )

    def _answer(self, case_id: UUID, offer_id: UUID | None, who: Actor) -> None:
        kind, wait = self.year.behaviour.answer()
        acts = {Answer.ACCEPT: self._take, Answer.DECLINE: self._decline}
        if kind not in acts:
            return

        async def answered(work: Work) -> None:
            await acts[kind](work, who, case_id)
            if offer_id is not None:
                self.answered.add(offer_id)

        self.year.after(wait, answered)

    async def _send_on(self, work: Work, _worker: Actor, case_id: UUID) -> None:
        """Have the desk set aside what lies in no grid: it is the next community's."""
        await reject(work, self.year.of(Role.DESK)[0], case_id, "不在本社区范围内，已转告相邻社区")
        self.year.counts["rejected"] += 1

    async def _take(self, work: Work, who: Actor, case_id: UUID) -> None:
        await accept(work, who, case_id)
        case = await cases.glance(work.session, self.year.world.community_id, case_id)
        if case is None:
            return
        if who.role is Role.AGENCY:
            wait = self.year.behaviour.agency_works(case.category)
            self.year.after(wait, lambda later: self._finish(later, who, case_id, case.category))
        else:
            wait = self.year.behaviour.way(case.travel_s)
            self.year.after(wait, lambda later: self._arrive(later, who, case_id, case.category))

    async def _decline(self, work: Work, who: Actor, case_id: UUID) -> None:
        await decline(work, who, case_id, self.year.behaviour.choose.choice(DECLINES))
        self.year.counts["declined"] += 1
        await self.see(work, case_id)

    def expiry(self, offer_id: UUID) -> Step:
        """Return what happens when an offer's time is over."""

        async def expire(work: Work) -> None:
            found = await offers.case_of(work.session, self.year.world.community_id, offer_id)
            if found is None or found[1] != "live":
                return
            await expire_offer(work, self.year.world.community_id, offer_id)
            self.year.counts["expired"] += 1
            await self.see(work, found[0])

        return expire

    def climb(self, case_id: UUID) -> Step:
        """Return a look of the ladder at a case."""

        async def look(work: Work) -> None:
            before = await cases.glance(work.session, self.year.world.community_id, case_id)
            await climb(work, self.year.world.community_id, case_id)
            self.year.counts["climbed"] += 1
            if before is not None and before.status is Status.OPEN:  # who has one in hand goes on as they do
                await self.see(work, case_id)

        return look

    def _patience(self, code: str) -> timedelta:
        """Return when a waiting case is looked at again: at night, only urgent ones soon."""
        now = self.year.clock.now()
        awake = self.year.community.calendar.clock(category(code)).between(now, now + LOOK_AGAIN)
        return LOOK_AGAIN if awake else LOOK_AGAIN_AT_NIGHT

    async def _look_after(self, work: Work, case_id: UUID) -> None:
        case = await cases.glance(work.session, self.year.world.community_id, case_id)
        if case is not None and case.status is Status.OPEN:
            await look_after(work, self.year.world.community_id, case_id)
            await self.see(work, case_id)

    async def _arrive(self, work: Work, who: Actor, case_id: UUID, code: str) -> None:
        await arrive(work, who, case_id)
        refers = self.year.behaviour.outcome(code) is Outcome.REFER or case_id in self.left
        if refers and self._agency(category(code).agency_code) is not None:
            self.year.after(timedelta(minutes=9), lambda later: self._refer(later, who, case_id))
        else:
            self.year.after(
                self.year.behaviour.work(code), lambda later: self._finish(later, who, case_id, code)
            )

    async def _refer(self, work: Work, who: Actor, case_id: UUID) -> None:
        await refer(work, who, case_id, None, self.year.behaviour.choose.choice(REFERRALS))
        self.year.counts["referred"] += 1
        await self.see(work, case_id)

    async def _finish(self, work: Work, who: Actor, case_id: UUID, code: str) -> None:
        if case_id in self.left:
            return
        self.climbs.pop(case_id, None)
        shown = needs_photo(code) or self.year.behaviour.happens(MORE_PHOTOS)
        again = case_id in self._reopened  # the first picture showed what was not good enough
        photos = [await self.year.album.picture(code, settled=True, another=again)] if shown else []
        await done(work, who, case_id, self.year.behaviour.choose.choice(NOTES.get(code, NOTE)), photos)
        if code == "dispute":
            await mediate(work, self.year, who, case_id)
        self.year.after(self.year.behaviour.verified_after(), lambda later: self._check(later, case_id))

    async def _check(self, work: Work, case_id: UUID) -> None:
        case = await cases.glance(work.session, self.year.world.community_id, case_id)
        if case is None:
            return
        checker = self._checker(case)
        if self.year.behaviour.happens(NOT_SATISFIED):
            await reopen(work, checker, case_id, "没有修好，请再处理")
            self.year.counts["reopened"] += 1
            self._reopened.add(case_id)
            await self.see(work, case_id)
            return
        await verify(work, checker, case_id)
        self.year.counts["closed"] += 1
        if self.year.behaviour.happens(RATED):
            self.year.after(self.year.behaviour.rated_after(), lambda later: self._rate(later, case_id))

    async def _rate(self, work: Work, case_id: UUID) -> None:
        """Have the reporter say how it was; who did the work themselves is refused."""
        reporter, report_id = self.filed[case_id]
        await rate(work, reporter, report_id, Rating(self.year.behaviour.stars(), solved=True))
        self.year.counts["rated"] += 1

    async def reject(self, work: Work, desk: Actor, case_id: UUID) -> None:
        """Set aside what was nothing."""
        await reject(work, desk, case_id, "现场核实不存在")
        self.year.counts["rejected"] += 1

    # -- who ----------------------------------------------------------------------------------------------------

    def _person(self, person_id: UUID) -> Actor:
        return next(one for one in self.year.people if one.person_id == person_id)

    def grid_worker(self, grid_code: str | None) -> Actor:
        """Return who is responsible for a grid."""
        workers = self.year.of(Role.GRID_WORKER)
        return next((one for one in workers if grid_code in one.grid_codes), workers[0])

    def _agency(self, code: str | None) -> Actor | None:
        return next((one for one in self.year.of(Role.AGENCY) if one.agency_code == code), None)

    def _checker(self, case: Glance) -> Actor:
        """Return who looks at the work: the grid worker, the watcher, or the desk, never who did it."""
        watchers = [one for one in self.year.of(Role.WATCHER) if case.micro_grid_code in one.micro_grid_codes]
        choices = [self.grid_worker(case.grid_code), *watchers, self.year.of(Role.DESK)[0]]
        others = [one for one in choices if one.person_id != case.assignee_id]
        return self.year.behaviour.choose.choice(others)
