"""People who use the service while it is killed under them: each asks again until answered, as phones do, and remembers what was promised."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from scripts.working_day.day import CREATED, JSON, KINDS, PICTURES
from scripts.working_day.phones import LOST, Figures, Phones, at_rate, request
from scripts.working_day.photos import another, form, picture
from tests.factories import at

AGAIN = frozenset({LOST, 429, 503, 507})
"""What a phone tries again after: nobody answered, or was able to."""
AGAIN_S = 0.2
BUSY_S = 2.0
"""What `Retry-After` asks for: phones keep to it, each a little sooner or later than the others."""
BUSY = 503
CONFLICT = 409
PATIENCE_S = 10.0
PHOTO_BYTES = 60_000


@dataclass
class Promised:
    """What was acknowledged."""

    reports: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Case and photo by report."""
    accepted: dict[str, str] = field(default_factory=dict)
    """Who by case."""
    closed: set[str] = field(default_factory=set)
    redeemed: dict[str, str] = field(default_factory=dict)
    """Who by redemption."""


@dataclass
class Crowd:
    """Reporters, riders, a desk.

    Parameters
    ----------
    port
        Of the service.
    riders
        Tokens by person's id.
    desk
        A token.
    reward
        What points are spent on.
    photo_bytes
        Size of the photos.
    served
        The share of reports that somebody takes to their end.
    """

    port: int
    riders: dict[str, str]
    desk: str
    reward: str
    photo_bytes: int = PHOTO_BYTES
    served: float = 1.0
    promised: Promised = field(default_factory=Promised)
    refused: Counter[str] = field(default_factory=Counter)
    tries: Counter[int] = field(default_factory=Counter)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.pictures = [picture(seed, self.photo_bytes) for seed in range(PICTURES)]
        self.chance = random.Random(3)

    async def live(self, per_second: float, ending: asyncio.Event) -> None:
        """Report so often until told to end; return when everybody was answered."""
        phones = Phones(self.port, Figures(), patience_s=PATIENCE_S)

        def begin(_due: float) -> None:
            task = asyncio.create_task(self._one(phones))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        reporting = asyncio.create_task(at_rate(per_second, 3600.0, begin))
        await ending.wait()
        reporting.cancel()
        while self._tasks:
            await asyncio.wait(self._tasks)
        phones.close()

    async def _one(self, phones: Phones) -> None:
        """Report something; whoever is asked takes it, finishes it, and spends what it earned."""
        report_id = str(uuid4())
        photo, sha256 = another(self.chance.choice(self.pictures))
        lon, lat = at(self.chance.uniform(10, 190), self.chance.uniform(10, 190))
        body, media_type = form(
            {
                "id": report_id,
                "category": self.chance.choice(KINDS),
                "description": "试",
                "separate": "true",
                "lon": f"{lon:.7f}",
                "lat": f"{lat:.7f}",
                "accuracy_m": "5",
            },
            photo,
        )
        token = self.chance.choice(list(self.riders.values()))
        wanted = request("POST", "/api/v1/reports", body=body, token=token, media_type=media_type)
        status, told = await self._persist(phones, "report", wanted)
        if status not in CREATED:
            return
        self.promised.reports[report_id] = told["case_id"], sha256
        rider = (told["offer"] or {}).get("responder", {}).get("id", "")
        if rider in self.riders and self.chance.random() < self.served:
            await self._serve(phones, rider, told["case_id"])

    async def _serve(self, phones: Phones, rider: str, case_id: str) -> None:
        token, promised = self.riders[rider], self.promised
        acts: tuple[tuple[str, str, dict[str, Any]], ...] = (
            ("accept", token, {}),
            ("arrive", token, {}),
            ("done", token, {"note": "好"}),
            ("verify", self.desk, {"hours": 1.0}),
        )
        for verb, who, fields in acts:
            path = f"/api/v1/cases/{case_id}/{verb}"
            wanted = _json(path, fields, who)
            if verb == "done":  # some work has to be shown
                body, media_type = form(fields, another(self.chance.choice(self.pictures))[0])
                wanted = request("POST", path, body=body, token=who, media_type=media_type)
            status, _ = await self._persist(phones, verb, wanted)
            if status not in CREATED:
                return
            if verb == "accept":
                promised.accepted[case_id] = rider
        promised.closed.add(case_id)
        redemption_id = str(uuid4())
        wanted = _json("/api/v1/redemptions", {"id": redemption_id, "reward": self.reward}, token)
        status, _ = await self._persist(phones, "redeem", wanted)
        if status in CREATED:
            promised.redeemed[redemption_id] = rider

    async def _persist(self, phones: Phones, kind: str, wanted: bytes) -> tuple[int, Any]:
        """Ask until there is an answer that means something."""
        for tries in range(1000):
            status, body = await phones.ask(kind, wanted)
            self.tries[status] += 1
            if status not in AGAIN:
                # after an answer that was lost, 409 may mean that it was done: then nothing was promised
                if status not in CREATED and not (status == CONFLICT and (tries or kind == "accept")):
                    self.refused[f"{kind}: {status} {body[:160]!r}"] += 1
                return status, json.loads(body) if status in CREATED else None
            await asyncio.sleep((BUSY_S if status == BUSY else AGAIN_S) * self.chance.uniform(0.5, 1.5))
        raise TimeoutError(f"nobody ever answered a {kind}")


def _json(path: str, fields: dict[str, Any], token: str) -> bytes:
    return request("POST", path, body=json.dumps(fields).encode(), token=token, media_type=JSON)
