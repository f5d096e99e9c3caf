"""Teams, certificates, activities and courses in a simulated year: the red riders, the vehicles, the carers and what they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from gis.flows.simulation.lanes import Step
from gis.flows.simulation.plan import YEAR
from gis.flows.simulation.strand import Strand
from gis.flows.teams.activities import ActivityDraft, announce
from gis.flows.teams.attendance import tick
from gis.flows.teams.certificates import CertificateDraft, record_certificate
from gis.flows.teams.places import sign_up
from gis.flows.teams.teams import found_team, put_member
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.store import activities
from gis.store.teams import TeamFields
from gis.teams.activities import Gift
from gis.words import Role

TEAMS = (
    ("红骑兵一队", "Red Riders 1", "riders", Role.RIDER, 12),
    ("红骑兵二队", "Red Riders 2", "riders", Role.RIDER, 12),
    ("应急车队", "Emergency vehicles", "vehicles", Role.RIDER, 10),
    ("邻里关爱队", "Neighbourly care", "care", Role.WATCHER, 12),
    ("妈妈厨房帮厨队", "Kitchen helpers", "kitchen", Role.WATCHER, 8),
)
KINDS = (  # what is done: kind, title, place, places, what it gives
    ("activity", "楼院大扫除", "中心楼院", 12, Gift(2.0)),
    ("course", "急救培训", "社区活动室", 8, Gift(certificate="first_aid", valid_months=24)),
    ("activity", "冬季扫雪除冰", "各单元门口", 10, Gift(1.5)),
    ("course", "消防和燃气安全", "社区活动室", 10, Gift(skill="fire")),
    ("activity", "重阳节看望老人", "老人家里", 8, Gift(2.0)),
    ("course", "邻里调解入门", "居民议事厅", 6, Gift(certificate="mediator", valid_months=36)),
)
A_YEAR = 8
SIGNED, THERE = 14, 0.85
STILL_TO_COME = (3, 9)
"""Days after the last one on which two more are announced."""
CERTIFIED = (("health", 10), ("first_aid", 5), ("carer", 4), ("driver", 6))
SEASONED = timedelta(days=330)


@dataclass(slots=True)
class Clubs(Strand):
    """What people do together besides their cases."""

    name = "clubs"

    def expect(self) -> None:
        """Plan teams and certificates at the beginning, activities over the year, and two that are still to come."""
        year, planner = self.year, self.year.planner
        self.at(0, 8, self._found)
        self.at(0, 9, self._certify)
        number = max(1, round(A_YEAR * planner.days / YEAR))
        for turn in range(number):
            day = min(planner.days - 1, round((turn + 0.5) * planner.days / number))
            self.at(max(0, day - 1), 10, self._announce(turn, timedelta(days=1)))
        for turn, days in enumerate(STILL_TO_COME, start=number):
            year.at(year.until - timedelta(hours=1), self._announce(turn, timedelta(days=days)))

    async def _found(self, work: Work) -> None:
        taken: dict[Role, int] = {}
        for name, name_en, kind, role, size in TEAMS:
            team_id = await found_team(
                work, self.desk, self.id_of(name), TeamFields(name, name_en, kind, "示范队伍", "")
            )
            begin = taken.get(role, 0)
            for number, one in enumerate(self.year.of(role)[begin : begin + size]):
                await put_member(work, self.desk, team_id, str(one.person_id), leader=not number)
            taken[role] = begin + size
            self.year.counts["teams"] += 1

    async def _certify(self, work: Work) -> None:
        today = await today_in(work.session, work.clock, self.desk.community_id)
        for kind, number in CERTIFIED:
            people = self.choose.sample(
                self.year.of(Role.WATCHER), min(number, len(self.year.of(Role.WATCHER)))
            )
            for turn, one in enumerate(people):
                issued = today - timedelta(days=self.choose.randrange(20, 300))
                ends = issued + SEASONED + timedelta(days=60 + 90 * turn)
                draft = CertificateDraft(
                    self.id_of(kind, one.person_id), str(one.person_id), kind, issued, ends, f"演示{turn:04d}"
                )
                await record_certificate(work, self.desk, draft)
                self.year.counts["certificates"] += 1

    def _announce(self, turn: int, ahead: timedelta) -> Step:
        kind, title, place, places, gift = KINDS[turn % len(KINDS)]
        activity_id = self.id_of("activity", turn)

        async def announced(work: Work) -> None:
            zone = self.year.planner.zone
            day = (work.clock.now() + ahead).astimezone(zone).date()
            starts = datetime.combine(day, time(14), zone)
            ends = starts + timedelta(hours=gift.hours or 2)
            draft = ActivityDraft(activity_id, kind, title, place, starts, ends, places, gift=gift)
            await announce(work, self.desk, draft)
            people = self.year.of(Role.WATCHER) + self.year.of(Role.RIDER)
            for one in self.choose.sample(people, min(SIGNED, len(people))):
                await sign_up(work, one, activity_id)
            self.year.counts["activities"] += 1
            self.year.at(ends, self._attend(activity_id))

        return announced

    def _attend(self, activity_id: UUID) -> Step:
        async def attended(work: Work) -> None:
            community_id = self.desk.community_id
            for one in await activities.people_in(work.session, community_id, activity_id, "booked"):
                if self.choose.random() < THERE:
                    await tick(work, self.desk, activity_id, one, there=True)
                    self.year.counts["attended"] += 1

        return attended
