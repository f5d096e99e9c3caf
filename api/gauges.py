"""How things stand when Prometheus asks: what waits, what is late, connections, disks, the last backup.

Everything is looked up at most every few seconds, however often it is asked for, and what can't be looked up is left out:
an alert then says that the figure is absent instead of trusting an old one.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from api.readiness import readiness
from gis.errors import WeiwangError
from gis.settings import Settings
from gis.store.backups.record import last_backup
from gis.store.pulse import OpenCases, Pulse, pulse
from gis.store.room import room_of

if TYPE_CHECKING:
    from api.parts import Parts

FRESH_S = 5.0
PATIENCE_S = 5.0
ALL = "all"
Rows = Sequence[tuple[Sequence[str], float]]
Look = Mapping[str, tuple[str, Sequence[str], Rows]]


@dataclass(slots=True, eq=False)
class Gauges:
    """A collector of a registry: gives what was seen last."""

    _seen: Look = field(default_factory=dict)
    _at: float = float("-inf")
    _of: object = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def collect(self) -> Iterator[Metric]:
        """Yield what was seen, for ``prometheus_client``."""
        for name, (text, labels, rows) in self._seen.items():
            family = GaugeMetricFamily(name, text, labels=labels)
            for values, figure in rows:
                family.add_metric(values, figure)
            yield family

    async def look(self, parts: Parts) -> None:
        """Look anew, unless that was done a moment ago.

        Parameters
        ----------
        parts
            Of the service.
        """
        async with self._lock:
            if self._of is parts and time.monotonic() - self._at < FRESH_S:
                return
            seen = dict(_of_process(parts))
            seen |= _of_checks(await readiness(parts))
            try:
                async with asyncio.timeout(PATIENCE_S), parts.database.read() as session:
                    found = await pulse(session, parts.clock.now())
                seen |= _of_work(found, parts.settings)
            except (WeiwangError, OSError, TimeoutError):
                pass  # weiwang_ready says so
            self._seen, self._at, self._of = seen, time.monotonic(), parts


def _one(figure: float) -> Rows:
    return [((), figure)]


def _of_process(parts: Parts) -> Look:
    settings: Settings = parts.settings
    backup = last_backup(settings.state)
    rooms = {"state": room_of(settings.state), "photos": room_of(settings.photo_folder)}
    pools = parts.database.pools()
    return {
        "weiwang_info": ("Version of the service", ("version",), [((version("weiwang"),), 1.0)]),
        "weiwang_pool_connections": (
            "Database connections: how many may be open, and how many are in use",
            ("pool", "kind"),
            [
                ((name, kind), float(n))
                for name, (size, used) in pools.items()
                for kind, n in (("size", size), ("used", used))
            ],
        ),
        "weiwang_disk_free_bytes": (
            "Room left on the disk of a folder",
            ("folder",),
            [((name,), float(room.free)) for name, room in rooms.items()],
        ),
        "weiwang_disk_bytes": (
            "Size of the disk of a folder",
            ("folder",),
            [((name,), float(room.total)) for name, room in rooms.items()],
        ),
        "weiwang_last_backup_timestamp_seconds": (
            "When the last backup was made; 0: never",
            (),
            _one(backup.at.timestamp() if backup else 0.0),
        ),
    }


def _of_checks(checks: Mapping[str, Mapping[str, Any]]) -> Look:
    text = "Whether a part is as it should be: 1, 0.5 where it should be looked after, 0 where requests can't be served"
    rows = [
        ((name,), float(check["ok"]) * (0.5 if _needs_care(check) else 1.0)) for name, check in checks.items()
    ]
    return {"weiwang_ready": (text, ("part",), rows)}


def _needs_care(check: Mapping[str, Any]) -> bool:
    return str(check.get("reason", "run_elsewhere")) != "run_elsewhere"


def _of_work(found: Pulse, settings: Settings) -> Look:
    queues = {
        "jobs": found.jobs,
        "offers": found.offers,
        "deliveries": found.deliveries,
        "exports": found.exports,
    }
    named = len({one.community_id for one in found.cases}) <= settings.watch.communities
    cases, late = _counted(found.cases, named=named)
    return {
        "weiwang_waiting": (
            "What waits: jobs, live offers, messages to chat groups, ordered files",
            ("queue",),
            [((name,), float(one.count)) for name, one in queues.items()],
        ),
        "weiwang_overdue": (
            "How much of that is past its time",
            ("queue",),
            [((name,), float(one.late)) for name, one in queues.items()],
        ),
        "weiwang_overdue_seconds": (
            "For how long the oldest of that has been past its time",
            ("queue",),
            [((name,), one.late_s) for name, one in queues.items()],
        ),
        "weiwang_jobs_under_way": ("Jobs being carried out", (), _one(found.jobs_under_way)),
        "weiwang_cases": ("Cases that aren't ended", ("community", "status"), cases),
        "weiwang_cases_late": (
            "Cases past the deadline of an answer, or of the work",
            ("community", "deadline"),
            late,
        ),
        "weiwang_database_bytes": ("Size of the database", (), _one(found.database_bytes)),
    }


def _counted(cases: Sequence[OpenCases], *, named: bool) -> tuple[Rows, Rows]:
    """Return cases by community and status, and the late ones by deadline; of all communities together where they are many."""
    by_status: Counter[tuple[str, str]] = Counter()
    late: Counter[tuple[str, str]] = Counter()
    for one in cases:
        community = one.community_id if named else ALL
        by_status[community, one.status] += one.count
        late[community, "answer"] += one.answer_late
        late[community, "resolve"] += one.resolve_late
    return [(key, float(n)) for key, n in by_status.items()], [(key, float(n)) for key, n in late.items()]
