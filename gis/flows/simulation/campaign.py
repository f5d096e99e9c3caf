"""The campaign of visits in a simulated year (百日大走访): people are called on, and the office brings its sheet of problems.

The third office counted 614 problems, 546 of them solved on the spot and 68 handed on, every one with an answer.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from gis.flows.simulation.calendar import DAYTIME, moment
from gis.flows.simulation.lanes import Step
from gis.flows.simulation.plan import YEAR
from gis.flows.simulation.strand import Strand
from gis.flows.visits.campaign_file import check_findings, import_findings
from gis.flows.visits.campaigns import CampaignDraft, put_campaign
from gis.flows.visits.draft import VisitDraft
from gis.flows.visits.record import record_visit
from gis.flows.work import Work
from gis.people.residents import resident_scope
from gis.store.resident_reading import Household, households
from gis.visits.kinds import FindingState, Outcome, VisitKind
from gis.words import Actor, Role

PROBLEMS, TRANSFERRED = 614, 68
VISITS = 360
CAMPAIGN_DAYS, ENDED_BEFORE = 100, 40
NOT_HOME = 0.15
COLUMNS = ("number", "date", "address", "words", "category", "how", "transferred_to", "answer", "answered_on")
MINOR = {
    "rubbish": ("楼道堆放纸箱", "单元门口垃圾桶满溢", "花坛里有建筑垃圾"),
    "street_lamp": ("楼道灯不亮", "院内路灯闪烁"),
    "fire_equipment": ("灭火器过期", "消火栓箱门损坏"),
    "blocked_exit": ("消防通道停放电动车", "楼道停放自行车"),
    "elderly_care": ("老人不会用手机缴费", "独居老人需要定期问候"),
    "noise": ("楼上装修噪声扰民", "广场舞声音过大"),
    "other": ("不清楚医保办理流程", "想了解老年餐补贴"),
}
HANDED_ON = {
    "road_damage": ("院内道路塌陷，需要大修", "街道公路段"),
    "sewer": ("下水主管道老化，反复堵塞", "市政排水公司"),
    "water_leak": ("供水立管锈蚀渗漏", "自来水公司"),
    "power_cut": ("线路老化，夏季频繁跳闸", "供电公司"),
    "other": ("屋面防水失效，顶楼渗水", "区房产局"),
}
QUESTIONS = """家里有 60 岁以上的老人吗？//Anybody of 60 or older at home?|是否
家里常住几口人？//How many live here?|数字
最想解决什么？//What should be solved first?|停车//Parking|电梯//A lift|管道//Pipes|环境//Surroundings"""
ON_SPOT_ANSWERS = ("当场清理", "当场更换", "当场劝导整改", "当场讲解办理")
HANDED_ON_ANSWERS = ("责任单位已修复", "已列入改造计划并回复居民", "已上门处理，居民满意")


@dataclass(slots=True)
class Campaign(Strand):
    """Visits of a hundred days, and what was found on them."""

    name = "campaign"

    ask: random.Random = field(init=False)
    campaign_id: UUID = field(init=False)
    first: date = field(init=False)
    days: int = field(init=False)

    def __post_init__(self) -> None:
        """Have the year's seed decide; in a short time the campaign takes most of it."""
        Strand.__post_init__(self)
        planner = self.year.planner
        self.ask = random.Random(f"answers-{self.year.behaviour.seed}")  # noqa: S311 - not a secret
        self.campaign_id = uuid5(NAMESPACE_URL, f"{self.year.world.community_id}/campaign-{planner.first}")
        self.days = min(CAMPAIGN_DAYS, max(1, planner.days - 2))
        start = max(1, planner.days - ENDED_BEFORE - self.days)
        self.first = planner.first + timedelta(days=min(start, max(1, planner.days - self.days - 1)))

    def expect(self) -> None:
        """Plan its beginning, its visits, and its sheet."""
        year, share = self.year, self.year.planner.days / YEAR
        desk, zone = self.desk, year.planner.zone
        year.at(datetime.combine(self.first, time(7), zone), self._begin(desk))
        for _ in range(round(VISITS * share)):
            day = self.first + timedelta(days=self.choose.randrange(self.days))
            year.at(moment(day, DAYTIME, zone, self.choose), self._call)
        last = self._last()
        number = max(1, round(PROBLEMS * share))
        year.at(datetime.combine(last, time(20), zone), self._bring_sheet(desk, number))

    def _begin(self, desk: Actor) -> Step:
        draft = CampaignDraft(
            self.campaign_id,
            "百日大走访",
            self.first,
            self._last(),
            "走遍每一户，件件有落实",
            questions=QUESTIONS,
            name_en="A hundred days of visits",
            purpose_en="A call at every door, and an answer to everything that is found",
        )

        async def begin(work: Work) -> None:
            await put_campaign(work, desk, draft)

        return begin

    async def _call(self, work: Work) -> None:
        """Have a watcher call on a household of theirs."""
        watcher = self.choose.choice(self.year.of(Role.WATCHER))
        homes = await households(work.session, resident_scope(watcher))
        if not homes:
            return
        home: Household = self.choose.choice(homes)
        at_home = self.choose.random() >= NOT_HOME
        draft = VisitDraft(
            uuid5(home.household_id, work.clock.now().isoformat()),
            VisitKind.VISIT,
            Outcome.DONE if at_home else Outcome.NOT_HOME,
            building_id=home.building_id,
            household_id=home.household_id,
            words="一切都好" if at_home else "敲门无人应答",
            campaign_id=self.campaign_id,
            answers=self._answers() if at_home else None,
        )
        await record_visit(work, watcher, draft)
        self.year.counts["visits"] += at_home

    def _answers(self) -> dict[str, str]:
        """Return what a household answers; by a chance of its own, so that nothing else in the year changes."""
        wishes = ("停车", "电梯", "管道", "环境")
        return {
            "q1": self.ask.choice(("yes", "no", "no")),
            "q2": str(self.ask.randrange(1, 6)),
            "q3": self.ask.choices(wishes, (4, 3, 3, 2))[0],
        }

    def _bring_sheet(self, desk: Actor, number: int) -> Step:
        names = {
            "category": {code: code for code in (*MINOR, *HANDED_ON)},
            "how": {one.value: one.value for one in FindingState},
        }

        async def bring(work: Work) -> None:
            homes = await households(work.session, resident_scope(desk))
            places = sorted({home.address for home in homes})
            rows = [self._problem(row, number, places) for row in range(number)]
            headings = {name: name for name in COLUMNS}
            lines = await check_findings(work, desk, self.campaign_id, [COLUMNS, *rows], headings, names)
            found = await import_findings(work, desk, [one for one in lines if one.what != "wrong"])
            self.year.counts["problems"] += found

        return bring

    def _problem(self, row: int, number: int, places: list[str]) -> list[str]:
        """Return a line of the sheet; the first ones were handed on."""
        day = self.first + timedelta(days=self.choose.randrange(self.days))
        handed_on = row < round(TRANSFERRED * number / PROBLEMS)
        if handed_on:
            code = self.choose.choice(list(HANDED_ON))
            (words, to), answer = HANDED_ON[code], self.choose.choice(HANDED_ON_ANSWERS)
        else:
            code = self.choose.choice(list(MINOR))
            words, to, answer = self.choose.choice(MINOR[code]), "", self.choose.choice(ON_SPOT_ANSWERS)
        how = FindingState.TRANSFERRED if handed_on else FindingState.ON_SPOT
        answered = min(day + timedelta(days=self.choose.randrange(9)) if handed_on else day, self._last())
        place = self.choose.choice(places) if places else ""
        return [
            str(row + 1),
            day.isoformat(),
            place,
            words,
            code,
            how.value,
            to,
            answer,
            answered.isoformat(),
        ]

    def _last(self) -> date:
        return self.first + timedelta(days=self.days - 1)
