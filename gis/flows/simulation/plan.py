"""What happens in a year, and where: planned whole before it is lived, by a seed.

A few streets are worse than the rest (a heavy-tailed weight for each name), so that there is something to be found.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from gis.cases.categories import category
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.simulation.calendar import DAYTIME, HOURS, PATROLS, Weather, moment, weather
from gis.flows.simulation.words import WORDS
from gis.words import Actor, Position, PositionSource, Role

YEAR = 365.0
A_YEAR_OF = {"patrols": 800, "found": 320, "urgent": 48, "disputes": 23, "other": 130, "hotline": 50}
"""As the pilots published it; of all that people call about, so much comes by the hotline."""
FOUND = {
    "road_damage": 78,
    "rubbish": 60,
    "street_lamp": 40,
    "illegal_parking": 35,
    "blocked_exit": 30,
    "sewer": 30,
    "fire_equipment": 22,
    "tree": 25,
}
"""None of them is urgent: urgent cases are counted by themselves."""
URGENT = {"water_leak": 18, "power_cut": 17, "gas_smell": 5, "missing_person": 6, "manhole": 2}
OTHER = {"elderly_care": 45, "meal_delivery": 38, "noise": 18, "rubbish": 10, "sewer": 10, "other": 9}
LIVELY = {"found": 14, "other": 8, "urgent": 3}
"""Filed within the last hours, so that the pages show work under way."""
LIVELY_S = 4 * 3600
DUE_BY_NOW = timedelta(days=25)
"""What the hotline has sent before that is due."""
STREETS = frozenset(
    {"road_damage", "street_lamp", "illegal_parking", "manhole", "tree", "rubbish", "noise", "other"}
)
WORST = 14.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody files a report."""

    at: datetime
    reporter: Actor
    category: str
    description: str
    position: Position
    source: str
    photo: bool
    separate: bool = False
    """It is another thing than what is known nearby."""
    certain: bool = False
    """It is not set aside as nothing."""
    left: bool = False
    """Nobody ever finishes it: of fifty calls of the hotline one is still open."""


@dataclass(frozen=True, slots=True)
class PatrolPlan:
    """Somebody goes round some streets."""

    rider: Actor
    started_at: datetime
    ended_at: datetime
    segments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it, in no order."""

    arrivals: tuple[Arrival, ...]
    patrols: tuple[PatrolPlan, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are lived: so many before the last moment, in the community's time zone."""

    until: datetime
    days: int
    zone: ZoneInfo


class Planner:
    """Draws a plan; the same seed over the same community draws the same one.

    Parameters
    ----------
    atlas
        Streets and buildings.
    people
        Who lives and works there.
    period
        From when to when.
    seed
        Of every choice.
    """

    def __init__(self, atlas: CommunityAtlas, people: Sequence[Actor], period: Period, seed: int) -> None:
        self.choose = random.Random(seed)  # noqa: S311 - not a secret
        self.atlas, self.zone, self.until, self.days = atlas, period.zone, period.until, period.days
        self.first: date = (self.until - timedelta(days=self.days)).astimezone(self.zone).date()
        self.weather: Weather = weather(self.first, self.days, self.choose)
        self.by_role: dict[Role, list[Actor]] = defaultdict(list)
        for one in sorted(people, key=lambda actor: actor.username):
            self.by_role[one.role].append(one)
        self.lines = atlas.places.streets
        self.weights = self._street_weights()
        self.around = self._neighbours()
        self.homes = sorted(set(atlas.places.arrays.stairwell_building.tolist()))

    def plan(self) -> Plan:
        """Return everything that happens."""
        share = self.days / YEAR
        count = {name: max(1, round(number * share)) for name, number in A_YEAR_OF.items()}
        patrols = [self._patrol() for _ in range(count["patrols"])]
        found = [self._found(self.choose.choice(patrols)) for _ in range(count["found"])]
        fresh = min(LIVELY["urgent"], count["urgent"] - 1)
        calls = [self._call(URGENT) for _ in range(count["urgent"] - fresh)]
        calls += [self._call({"dispute": 1}) for _ in range(count["disputes"])]
        calls += [self._call(OTHER) for _ in range(count["other"])]
        lively = [
            self._call(kinds, at=self.until - timedelta(seconds=self.choose.uniform(20, LIVELY_S)))
            for kinds, number in ((FOUND, LIVELY["found"]), (OTHER, LIVELY["other"]), (URGENT, fresh))
            for _ in range(number)
        ]
        arrivals = [*found, *self._through_hotline(calls, count["hotline"]), *lively]
        return Plan(tuple(one for one in arrivals if one.at < self.until), tuple(patrols))

    def _through_hotline(self, calls: list[Arrival], number: int) -> list[Arrival]:
        """Return calls of which so many came by the hotline and are due; one of these is still open."""
        old = [row for row, one in enumerate(calls) if one.at < self.until - DUE_BY_NOW]
        chosen = self.choose.sample(old, min(number, len(old)))
        desk = self.by_role[Role.DESK] or self.by_role[Role.RESIDENT]
        for row in chosen:
            calls[row] = replace(calls[row], source="hotline", reporter=desk[0], separate=True, certain=True)
        stuck = [row for row in chosen if category(calls[row].category).agency_code]
        if stuck and len(chosen) == A_YEAR_OF["hotline"]:
            last = max(stuck, key=lambda row: calls[row].at)
            calls[last] = replace(calls[last], left=True)
        return calls

    def near(self, position: Position, spread_m: float) -> Position:
        """Return a place some way from another: where somebody might be at the time."""
        x, y = self.atlas.metric.project(position.lon, position.lat)
        return self._at(x + self.choose.gauss(0, spread_m), y + self.choose.gauss(0, spread_m), 8.0)

    def somewhere(self) -> Position:
        """Return a place on a street."""
        return self._on_street(self._segment())

    def _patrol(self) -> PatrolPlan:
        rider = self.choose.choice(self.by_role[Role.RIDER])
        day = self.first + timedelta(days=self.choose.randrange(self.days))
        start = moment(day, PATROLS, self.zone, self.choose)
        start = min(start, self.until - timedelta(hours=3))
        end = start + timedelta(minutes=self.choose.uniform(30, 110))
        return PatrolPlan(rider, start, end, self._walk(self.choose.randint(8, 24)))

    def _walk(self, steps: int) -> tuple[int, ...]:
        """Return streets one after the other, the worse ones likelier."""
        here = self._segment()
        passed = [here]
        for _ in range(steps):
            onward = [one for one in self.around[here] if one not in passed[-3:]] or self.around[here]
            if not onward:
                break
            here = self.choose.choices(onward, weights=[self.weights[one] for one in onward])[0]
            passed.append(here)
        return tuple(dict.fromkeys(passed))

    def _found(self, patrol: PatrolPlan) -> Arrival:
        at = patrol.started_at + (patrol.ended_at - patrol.started_at) * self.choose.random()
        code = self._kind(FOUND, at.astimezone(self.zone).date())
        weights = [self.weights[one] for one in patrol.segments]
        segment = self.choose.choices(patrol.segments, weights=weights)[0]
        position = self._on_street(segment) if code in STREETS else self._near_building(segment)
        found = self._arrival(at, patrol.rider, code, position, "patrol", photo=True)
        return replace(found, separate=True)

    def _call(self, kinds: dict[str, int], *, at: datetime | None = None) -> Arrival:
        """Return a report by a resident, a watcher, or the desk for somebody on the telephone."""
        day = (
            self.first + timedelta(days=self.choose.randrange(1, self.days)) if self.days > 1 else self.first
        )
        code = self._kind(kinds, day)
        at = at or moment(day, HOURS.get(code, DAYTIME), self.zone, self.choose)
        at = min(at, self.until - timedelta(seconds=30))
        position = self._on_street(self._segment()) if code in STREETS else self._at_home()
        source = self.choose.choices(["app", "visit"], weights=[6, 1])[0]
        callers = self.by_role[Role.RESIDENT] if self.choose.random() < 0.6 else self.by_role[Role.WATCHER]  # noqa: PLR2004
        reporter = self.choose.choice(callers)
        return self._arrival(at, reporter, code, position, source, photo=self.choose.random() < 0.3)  # noqa: PLR2004

    def _arrival(
        self, at: datetime, reporter: Actor, code: str, position: Position, source: str, *, photo: bool
    ) -> Arrival:
        words = self.choose.choice(WORDS[code])
        return Arrival(at, reporter, code, words, position, source, photo)

    def _kind(self, kinds: dict[str, int], day: date) -> str:
        weights = [number * self.weather.weight(code, day) for code, number in kinds.items()]
        return self.choose.choices(list(kinds), weights=weights)[0]

    def _segment(self) -> int:
        return self.choose.choices(range(len(self.weights)), weights=self.weights)[0]

    def _on_street(self, segment: int) -> Position:
        line = self.lines[segment]
        point = line.interpolate(self.choose.random(), normalized=True)
        return self._at(point.x + self.choose.gauss(0, 2), point.y + self.choose.gauss(0, 2))

    def _near_building(self, segment: int) -> Position:
        """Return a place at the building nearest to a street."""
        building = self.atlas.places.buildings[self._nearest_home(segment)]
        point = building.exterior.interpolate(self.choose.random(), normalized=True)
        return self._at(point.x, point.y)

    def _nearest_home(self, segment: int) -> int:
        if not self.homes:
            return 0
        homes = np.asarray(self.homes)
        return int(homes[shapely.distance(self.atlas.places.buildings[homes], self.lines[segment]).argmin()])

    def _at_home(self) -> Position:
        if not self.homes:
            return self.somewhere()
        inner = self.atlas.places.buildings[self.choose.choice(self.homes)].representative_point()
        return self._at(inner.x + self.choose.gauss(0, 8), inner.y + self.choose.gauss(0, 3))

    def _at(self, x: float, y: float, accuracy_m: float | None = None) -> Position:
        """Return a fix near a point, as far off as its stated accuracy makes likely; or a pin on the map."""
        if accuracy_m is None and self.choose.random() < 0.3:  # noqa: PLR2004
            lon, lat = self.atlas.metric.unproject(x, y)
            return Position(lon, lat, source=PositionSource.PIN)
        accuracy_m = accuracy_m or self.choose.choice((4.0, 6.0, 8.0, 12.0, 18.0))
        off = accuracy_m / 1.5
        lon, lat = self.atlas.metric.unproject(x + self.choose.gauss(0, off), y + self.choose.gauss(0, off))
        return Position(lon, lat, accuracy_m=accuracy_m)

    def _street_weights(self) -> list[float]:
        names = self.atlas.places.arrays.streets.name
        worse = {name: min(WORST, self.choose.paretovariate(1.0)) for name in sorted(set(names))}
        lengths = shapely.length(self.lines)
        return [
            float(length) * (worse[name] if name else 0.4)
            for name, length in zip(names, lengths, strict=True)
        ]

    def _neighbours(self) -> list[list[int]]:
        """Return the streets that each street meets at its ends."""
        ends = [
            tuple((round(x, 1), round(y, 1)) for x, y in (line.coords[0], line.coords[-1]))
            for line in self.lines
        ]
        at: dict[tuple[float, float], list[int]] = defaultdict(list)
        for row, pair in enumerate(ends):
            for node in pair:
                at[node].append(row)
        return [
            [other for node in pair for other in at[node] if other != row] for row, pair in enumerate(ends)
        ]


def segment_ids(atlas: CommunityAtlas, rows: Sequence[int]) -> tuple[UUID, ...]:
    """Return the identifiers of streets.

    Parameters
    ----------
    atlas
        The community.
    rows
        As in a plan.
    """
    ids = atlas.places.arrays.streets.id
    return tuple(ids[row] for row in rows)
