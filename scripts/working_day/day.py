"""Who does what on a working day: reports with photos, riders underway, watchers, the desk, planners, pages left open."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from scripts.bench_events import Hearing
from scripts.working_day.phones import Phones, at_rate, request
from scripts.working_day.photos import another, form, picture

JSON = "application/json"
CREATED = (200, 201)
PICTURES = 8
SPREAD = 0.9
KINDS = ("road_damage", "street_lamp", "sewer", "rubbish", "manhole", "tree", "noise", "fire_equipment")
ACTS = ("accept", "arrive", "done")
PAGES = {
    "desk": (
        "/", "/desk", "/desk?status=closed", "/desk/shift", "/desk/hotline", "/map", "/musters", "/orders", "/visits/log",
        "/visits/coverage", "/residents", "/notices", "/agency", "/mediation", "/missing", "/meals/day", "/stations", "/teams",
        "/activities", "/service/redeemed", "/admin/duty", "/exports", "/api/v1/cases?q=%E5%85%AB%E7%BB%8F%E8%A1%97", "/api/v1/counts",
        "/api/v1/reports", "/api/v1/visits", "/api/v1/search?q=%E5%85%AB%E7%BB%8F%E8%A1%97", "/ogc/collections/cases/items?limit=50",
    ),
    "planner": (
        "/planner", "/planner/heat", "/planner/plans", "/indicators?period=quarter", "/api/v1/heatmap", "/api/v1/indicators",
        "/tiles/cases/16/55237/24467.mvt",
    ),
    "rider": (
        "/", "/report", "/tasks", "/reports", "/notices", "/service", "/service/rewards", "/service/stars", "/activities",
        "/api/v1/cases", "/api/v1/me/nearby-cases", "/api/v1/me/notices", "/api/v1/me/points",
    ),
}  # fmt: skip
"""What people look at, besides what is asked for at a pace of its own."""
Kind = tuple[str, str, str]
"""Under which name something is asked, by whom and where."""


@dataclass(frozen=True)
class Pace:
    """How often a second each thing is done, and how many pages stand open.

    Parameters
    ----------
    reports
        With a photo of 200 KB each.
    acts
        The share of reports whose offer somebody takes, goes to and finishes.
    positions, offers
        Riders that tell where they are, and look what they are asked.
    lists, cases, maps, plans, pages
        The desk's list, one case, a map's layers, a planner's streets and indicators, whole pages.
    streams
        Pages that hear of every event.
    """

    reports: float
    acts: float = 0.5
    positions: float = 0.0
    offers: float = 0.0
    lists: float = 0.0
    cases: float = 0.0
    maps: float = 0.0
    plans: float = 0.0
    pages: float = 0.0
    streams: int = 0

    def times(self, scale: float, most_streams: int = 1000) -> Pace:
        """Return the pace of so many communities at once."""
        grown = {
            name: getattr(self, name) * scale
            for name in ("reports", "positions", "offers", "lists", "cases", "maps", "plans", "pages")
        }
        return Pace(**grown, acts=self.acts, streams=min(most_streams, round(self.streams * scale)))


PILOTS = Pace(
    reports=0.05, positions=1.3, offers=1.3, lists=0.2, cases=0.2, maps=0.1, plans=0.02, pages=0.2, streams=10
)
"""Two pilots in their busiest hour: 180 reports, 40 riders on duty who look and are seen each half minute, a desk of two."""


@dataclass
class Reported:
    """A report that was acknowledged."""

    report_id: str
    case_id: str
    sha256: str
    at: float


@dataclass
class Day:
    """A day under way.

    Parameters
    ----------
    phones
        What everybody asks with.
    riders, office
        Tokens: of who reports and takes offers, by their id; of desk and planner, by their name.
    box
        West, south, east, north of where things happen, degrees.
    """

    phones: Phones
    riders: dict[str, str]
    office: dict[str, str]
    box: tuple[float, float, float, float]
    reported: list[Reported] = field(default_factory=list)
    accepted: dict[str, str] = field(default_factory=dict)
    hearing: Hearing = field(default_factory=Hearing)
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.pictures = [picture(seed) for seed in range(PICTURES)]

    async def run(self, pace: Pace, seconds: float) -> float:
        """Live for so long, and return how long it took until all that was begun was answered."""
        begun = time.perf_counter()
        streams = [
            asyncio.create_task(self.hearing.listen(self.phones.port, self.office["desk"]))
            for _ in range(pace.streams)
        ]
        doings: list[tuple[float, Callable[[], asyncio.Task[None]]]] = [
            (pace.reports, lambda: asyncio.create_task(self.report(time.perf_counter(), pace.acts)))
        ]
        for per_second, kinds in asked(pace):
            doings.append((per_second, partial(self._any_of, kinds)))
        await asyncio.gather(
            *(at_rate(each, seconds, self._beginning(act)) for each, act in doings if each > 0)
        )
        while self._tasks:
            await asyncio.wait(self._tasks)
        for one in streams:
            one.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
        return time.perf_counter() - begun

    def _any_of(self, kinds: tuple[Kind, ...]) -> asyncio.Task[None]:
        return asyncio.create_task(self.ask(*self.chance.choice(kinds)))

    def _beginning(self, act: Callable[[], asyncio.Task[None]]) -> Callable[[float], object]:
        def begin(_due: float) -> None:
            task = act()
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        return begin

    async def ask(self, kind: str, who: str, path: str) -> None:
        """Read something, or tell where a rider is."""
        token = self.office.get(who) or self.chance.choice(list(self.riders.values()))
        if "{case}" in path:
            if not self.reported:
                return
            path = path.format(case=self.chance.choice(self.reported[-500:]).case_id)
        if kind.startswith("PUT"):
            lon, lat = self._somewhere()
            body = json.dumps({"lon": lon, "lat": lat, "accuracy_m": 10}).encode()
            wanted = request("PUT", path, body=body, token=token, media_type=JSON)
        else:
            wanted = request("GET", path, token=token)
        await self.phones.ask(kind, wanted)

    async def report(self, due: float, acts: float) -> None:
        """File one report with a photo of its own; sometimes whoever is asked takes it and finishes it."""
        photo, sha256 = another(self.chance.choice(self.pictures))
        lon, lat = self._somewhere()
        fields = {
            "id": str(uuid4()),
            "category": self.chance.choice(KINDS),
            "description": "约半米宽，注意脚下",
            "separate": "true",
            "lon": f"{lon:.7f}",
            "lat": f"{lat:.7f}",
            "accuracy_m": "10",
            "fixed_at": datetime.now(UTC).isoformat(),
        }
        body, media_type = form(fields, photo)
        token = self.chance.choice(list(self.riders.values()))
        wanted = request("POST", "/api/v1/reports", body=body, token=token, media_type=media_type)
        status, answer = await self.phones.ask("POST report", wanted, due)
        if status not in CREATED:
            return
        told = json.loads(answer)
        self.reported.append(Reported(told["id"], told["case_id"], sha256, time.time()))
        offered = (told["offer"] or {}).get("responder", {}).get("id")
        if offered in self.riders and self.chance.random() < acts:
            await self._act(self.riders[offered], offered, told["case_id"])

    async def _act(self, token: str, name: str, case_id: str) -> None:
        for verb in ACTS:
            body, media_type = b"{}", JSON
            if verb == "done":
                body, media_type = form({"note": "已处理"}, another(self.chance.choice(self.pictures))[0])
            path = f"/api/v1/cases/{case_id}/{verb}"
            wanted = request("POST", path, body=body, token=token, media_type=media_type)
            status, _ = await self.phones.ask(f"POST {verb}", wanted)
            if status not in CREATED:
                return
            if verb == "accept":
                self.accepted[case_id] = name

    def _somewhere(self) -> tuple[float, float]:
        west, south, east, north = self.box
        across, up = ((1 - SPREAD) / 2 + SPREAD * self.chance.random() for _ in range(2))
        return west + across * (east - west), south + up * (north - south)


def asked(pace: Pace) -> list[tuple[float, tuple[Kind, ...]]]:
    """Return what is only read: how often, and what of."""
    one_by_one: list[tuple[float, Kind]] = [
        (pace.positions, ("PUT position", "rider", "/api/v1/me/position")),
        (pace.offers, ("GET offers", "rider", "/api/v1/me/offers")),
        (pace.lists, ("GET cases", "desk", "/api/v1/cases?status=open&limit=50")),
        (pace.cases, ("GET case", "desk", "/api/v1/cases/{case}")),
        (pace.cases / 2, ("GET dispatch", "desk", "/api/v1/cases/{case}/dispatch")),
        (pace.maps, ("GET layer", "rider", "/api/v1/areas?level=micro_grid")),
        (pace.maps, ("GET buildings", "rider", "/api/v1/buildings")),
        (pace.plans, ("GET hotspots", "planner", "/api/v1/hotspots")),
        (pace.plans, ("GET /indicators", "planner", "/indicators")),
    ]
    pages = tuple((f"{who} {path}", who, path) for who, paths in PAGES.items() for path in paths)
    return [*((often, (kind,)) for often, kind in one_by_one), (3 * pace.pages, pages)]
