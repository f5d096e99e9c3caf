"""The people of the demo community: everybody who works in an office like the pilots', all invented.

They have one password, sign in from this machine only, and are marked as demo accounts.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from gis.flows.demo_names import invented_names
from gis.flows.work import Work
from gis.people.passwords import hash_password
from gis.store import people
from gis.store.people import Cell, NewPerson, Readiness
from gis.words import Level, Mode, Role

PASSWORD = "weiwang-demo"  # noqa: S105 - printed at every start; demo accounts sign in from this machine only
RIDERS = 120
EVERY_DRIVER, FIRST_DRIVER = 9, 4
"""One rider in nine drives a car; all of those are among the riders on duty at the end of the simulated year."""
SEED = 20_250
AGENCIES = (
    ("property", "物业公司", "Property manager"),
    ("power", "供电公司", "Power company"),
    ("water", "水务集团", "Water company"),
    ("roads", "市政道路所", "Roads department"),
    ("sanitation", "环卫所", "Sanitation"),
    ("fire", "消防救援站", "Fire station"),
    people.SUB_DISTRICT_OFFICE,
)
OFFICE = (
    ("admin", Role.ADMIN),
    ("desk", Role.DESK),
    ("planner", Role.PLANNER),
    ("resident", Role.RESIDENT),
)
RIDER_SKILLS = ("first_aid", "electrical", "plumbing", "heavy_lifting", "medicine_delivery")
WATCHER_SKILLS = ("mediation", "elderly_care", "first_aid", "fire")


@dataclass(frozen=True, slots=True)
class PeopleSeeded:
    """How many of each were added."""

    watchers: int
    riders: int
    grid_workers: int
    others: int


async def seed_people(work: Work, community_id: str) -> PeopleSeeded:
    """Add the demo community's people and agencies: one watcher for each micro-grid, one grid worker for each grid.

    Parameters
    ----------
    work
        Unit of work.
    community_id
        A community that was just imported and has no people yet.
    """
    grids = await people.cells(work.session, community_id, Level.GRID)
    micro_grids = await people.cells(work.session, community_id, Level.MICRO_GRID)
    await people.add_agencies(work.session, community_id, AGENCIES)
    maker = _Maker(community_id, await asyncio.to_thread(hash_password, PASSWORD))
    others = [maker.make(username, role) for username, role in OFFICE]
    others += [
        maker.make(code.replace("_", ""), Role.AGENCY, agency_code=code, name=name)
        for code, name, _ in AGENCIES
    ]
    workers = [
        maker.make(f"grid{number:02d}", Role.GRID_WORKER, areas=((Level.GRID, cell.code),))
        for number, cell in enumerate(grids, start=1)
    ]
    watchers = [maker.watcher(number, cell) for number, cell in enumerate(micro_grids, start=1)]
    riders = [maker.rider(number) for number in range(1, RIDERS + 1)]
    await people.add_people(
        work.session, community_id, [*others, *workers, *watchers, *riders], work.clock.now()
    )
    return PeopleSeeded(len(watchers), len(riders), len(workers), len(others))


class _Maker:
    """Makes people with invented names, always the same ones."""

    def __init__(self, community_id: str, password_hash: str) -> None:
        self.community_id = community_id
        self.password_hash = password_hash
        self.names: Iterator[str] = invented_names(SEED)
        self.choose = random.Random(SEED)  # noqa: S311 - not a secret

    def make(
        self,
        username: str,
        role: Role,
        *,
        name: str | None = None,
        areas: tuple[tuple[Level, str], ...] = (),
        agency_code: str | None = None,
        readiness: Readiness | None = None,
    ) -> NewPerson:
        return NewPerson(
            person_id=self._id(username),
            username=username,
            password_hash=self.password_hash,
            name=name or next(self.names),
            role=role,
            agency_code=agency_code,
            demo=True,
            areas=areas,
            readiness=readiness,
        )

    def watcher(self, number: int, cell: Cell) -> NewPerson:
        skills = self._some(WATCHER_SKILLS)
        ready = Readiness(Mode.WALK, 2, skills, (cell.lon, cell.lat))
        areas = ((Level.MICRO_GRID, cell.code),)
        return self.make(f"watcher{number:03d}", Role.WATCHER, areas=areas, readiness=ready)

    def rider(self, number: int) -> NewPerson:
        mode = Mode.CAR if number % EVERY_DRIVER == FIRST_DRIVER else Mode.E_BIKE
        ready = Readiness(mode, 2, self._some(RIDER_SKILLS))
        return self.make(f"rider{number:03d}", Role.RIDER, readiness=ready)

    def _some(self, skills: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(self.choose.sample(skills, self.choose.choice((0, 0, 1, 1, 2)))))

    def _id(self, username: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"weiwang:person:{self.community_id}:{username}")
