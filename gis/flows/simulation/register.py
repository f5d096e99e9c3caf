"""The register of residents in a simulated year: taken over from the office's table, then kept up from door to door.

Who lives here is made up: names drawn from common ones, telephone numbers that nobody has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid5

from gis.flows.residents.importing import check_residents, import_residents
from gis.flows.residents.keeping import sealed_of
from gis.flows.residents.suggestions import decide, suggest_change
from gis.flows.simulation.lanes import Step
from gis.flows.simulation.plan import YEAR
from gis.flows.simulation.strand import Strand
from gis.flows.work import Work
from gis.people.residents import resident_scope
from gis.store.community_facts import addresses
from gis.store.resident_reading import Recorded, recorded_in
from gis.words import Actor, Role

UPDATES, SUGGESTED = 2056, 156
"""Records updated in a year, and how many of them by a watcher's suggestion; the others come in tables."""
TABLES = 15
MOST_PEOPLE = 2400
SPARE = 8
"""More lines than a table needs: of two of one name in a flat a table can't say which is meant."""
LEVELS, FLATS = 6, 2
EVENING_H = 19
OLD = 0.24
HEADINGS = ("address", "unit", "flat", "name", "relation", "phone", "birth", "flags", "purpose", "source")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "秀英桂兰玉华建国志强丽敏静伟芳明磊洋艳勇军杰娟涛超霞平刚"
SOURCE = "演示台账"
ALONE, SLOW, FORGETFUL = 0.12, 0.1, 0.03


@dataclass(slots=True)
class Register(Strand):
    """Who is recorded, and how the records are kept up."""

    name = "register"

    async def expect(self) -> None:
        """Take the register over before the first day, where nobody is recorded yet, and plan its updates."""
        year, days = self.year, self.year.planner.days
        await year.carry_out(self._take_over)
        share, workers = days / YEAR, year.of(Role.GRID_WORKER)
        tables, taken = max(1, round(TABLES * share)), set[int]()
        whole = max(1, round((UPDATES - SUGGESTED) * share))
        for number in range(tables):
            size = whole * (number + 1) // tables - whole * number // tables
            day = days * (number + 1) // (tables + 1)
            taken.add(day)
            year.at(self.moment(day, EVENING_H), self._table(workers[number % len(workers)], size))
        suggested = max(1, round(SUGGESTED * share))
        for number in range(suggested):
            day = 1 + number * max(1, days - 3) // suggested
            while day in taken:  # a record counts once a day
                day += 1
            year.at(self.moment(day, EVENING_H) - timedelta(hours=4), self._suggestion(number))

    async def _take_over(self, work: Work) -> None:
        desk = self.desk
        if not await recorded_in(work.session, resident_scope(desk)):
            rows = await self._people(work)
            self.year.counts["residents"] += await self._import(work, desk, rows)

    async def _import(
        self, work: Work, actor: Actor, rows: Sequence[Sequence[str]], most: int = MOST_PEOPLE
    ) -> int:
        headings = {name: name for name in HEADINGS}
        checked = await check_residents(work, actor, [HEADINGS, *rows], headings, {})
        return await import_residents(
            work, actor, [row for row in checked if row.what in {"new", "changed"}][:most]
        )

    async def _people(self, work: Work) -> list[list[str]]:
        """Return who lives in the flats, one by one, until there are enough."""
        places = self.year.community.places
        doors = Counter(places.arrays.buildings.id[row] for row in places.arrays.stairwell_building.tolist())
        known = await addresses(work.session, self.year.world.community_id)
        flats = [
            (one.label, str(unit), f"{level}{flat:02d}")
            for level in range(1, LEVELS + 1)
            for flat in range(1, FLATS + 1)
            for one in known
            for unit in range(1, doors[one.id] + 1)
        ]
        self.choose.shuffle(flats)
        rows: list[list[str]] = []
        for place in flats:
            surname = self.choose.choice(SURNAMES)
            together = self.choose.choices((1, 2, 3), weights=(3, 4, 3))[0]
            rows += [[*place, *self._person(surname, number, together)] for number in range(together)]
            if len(rows) >= MOST_PEOPLE:
                break
        return rows[:MOST_PEOPLE]

    def _person(self, surname: str, number: int, together: int) -> list[str]:
        today = self.year.until.year
        age = self.choose.randint(65, 96) if self.choose.random() < OLD else self.choose.randint(6, 64)
        old = age >= 75  # noqa: PLR2004 - years
        flags = [
            flag
            for flag, share in (("lives_alone", ALONE), ("mobility", SLOW), ("dementia", FORGETFUL))
            if old and self.choose.random() < share and (flag != "lives_alone" or together == 1)
        ]
        name = surname + "".join(self.choose.sample(GIVEN, 2))
        relation = "head" if number == 0 else ("spouse", "child")[number - 1]
        born = str(today - age)
        return [name, relation, self._phone(), born, ",".join(flags), "care", SOURCE]

    def _phone(self, other: str = "") -> str:
        """Return a telephone number of a block that isn't given out, not the one that was."""
        found = f"1000000{self.choose.randrange(10_000):04d}"
        return found if found != other else self._phone(other)

    def _table(self, worker: Actor, size: int) -> Step:
        """Return a grid worker's table of an evening: those whose telephone number is another one now."""

        async def bring(work: Work) -> None:
            found = await recorded_in(work.session, resident_scope(worker))
            sealed, rows = sealed_of(work, worker.community_id), []
            for one in self.choose.sample(found, min(size + SPARE, len(found))):
                person, place = sealed.person(one), (one.address, one.unit, one.flat)
                stays = ("", ",".join(one.flags), one.purpose, one.source)
                rows.append([*place, person.name, one.relation, self._phone(person.phone), *stays])
            self.year.counts["records"] += await self._import(work, worker, rows, size)

        return bring

    def _suggestion(self, number: int) -> Step:
        async def suggest(work: Work) -> None:
            watchers = self.year.of(Role.WATCHER)
            found: list[Recorded] = []
            for step in range(len(watchers)):  # in some micro-grids nobody is recorded
                watcher = watchers[(number * 7 + step) % len(watchers)]
                if found := await recorded_in(work.session, resident_scope(watcher)):
                    break
            if not found:
                return
            row = self.choose.choice(found)
            person = sealed_of(work, watcher.community_id).person(row)
            key = uuid5(row.resident_id, f"suggestion-{number}")
            wanted = replace(person, phone=self._phone(person.phone))
            if await suggest_change(work, watcher, key, row.resident_id, wanted):
                worker = self.year.acts.grid_worker(row.grid_code)
                self.year.after(timedelta(hours=1), self._decision(worker, key))

        return suggest

    def _decision(self, worker: Actor, key: UUID) -> Step:
        async def approve(work: Work) -> None:
            self.year.counts["records"] += (await decide(work, worker, [key], approve=True)).decided

        return approve
