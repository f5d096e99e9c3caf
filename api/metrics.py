"""Figures for Prometheus; a registry of its own for each app, so that several can live in one process.

How many series there are is bounded by the program and not by who uses it: routes by their templates, statuses by their class,
codes by the catalogue, tasks by their names; communities by name only while they are few (``WEIWANG_WATCH__COMMUNITIES``).

Where a service has several processes, each counts into files of a folder that all of them know, so that whichever of them is
asked tells of all: the way of prometheus_client, which looks at the folder's name when it is imported.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from api.gauges import Gauges
from web.error_messages import ERROR_MESSAGES

BUCKETS_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
JOB_BUCKETS_S = (0.01, 0.05, 0.2, 1.0, 5.0, 30.0, 300.0)
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
LAG_BUCKETS_S = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """What the service counts while it works. What it looks up when it is asked is in ``api.gauges``."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.looked_up = CollectorRegistry()
        self._folder = os.environ.get(FOLDER)
        if self._folder:
            self.looked_up.register(_Together(Path(self._folder)))
        else:
            ProcessCollector(registry=self.looked_up)
        PlatformCollector(registry=self.looked_up)
        self.requests = Counter(
            "weiwang_http_requests",
            "Answers by method, route and class of status",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "weiwang_http_request_seconds",
            "Time to answer by route",
            ("method", "route"),
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self.errors = Counter(
            "weiwang_errors", "Refusals and errors by their code", ("code",), registry=self.registry
        )
        self.listeners = Gauge(
            "weiwang_event_listeners",
            "Open event streams",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self.reports = Counter("weiwang_reports", "Reports received", ("replayed",), registry=self.registry)
        self.jobs = Counter(
            "weiwang_jobs", "Background jobs by task and outcome", ("task", "result"), registry=self.registry
        )
        self.job_seconds = Histogram(
            "weiwang_job_seconds",
            "Time of a background job by task",
            ("task",),
            buckets=JOB_BUCKETS_S,
            registry=self.registry,
        )
        self.lag = Histogram(
            "weiwang_event_loop_lag_seconds",
            "How late the event loop woke somebody who wanted to be woken",
            buckets=LAG_BUCKETS_S,
            registry=self.registry,
        )

        self.gauges = Gauges()
        self.looked_up.register(self.gauges)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self.requests.labels(method, route, f"{status // 100}xx" if status else "none").inc()
        self.seconds.labels(method, route).observe(seconds)

    def refused(self, code: str) -> None:
        """Count a refusal or an error."""
        self.errors.labels(code if code in ERROR_MESSAGES else "other").inc()

    def job(self, task: str, result: str, seconds: float) -> None:
        """Count one run of a background job."""
        self.jobs.labels(task, result).inc()
        self.job_seconds.labels(task).observe(seconds)

    def text(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        counted = self.registry
        if self._folder:
            counted = CollectorRegistry()
            MultiProcessCollector(counted, self._folder)  # type: ignore[no-untyped-call]
        return generate_latest(counted) + generate_latest(self.looked_up)


class _Together:
    """Memory, processor and files of all processes of a service, under the names that those of one process have."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        found: dict[str, Metric] = {}
        for file in sorted(self._folder.glob("gauge_livesum_*.db")):  # gone when their process is
            pid = file.stem.rpartition("_")[2]
            for one in ProcessCollector(pid=lambda pid=pid: pid, registry=None).collect():  # type: ignore[misc]
                before = found.setdefault(one.name, one)
                if before is not one:
                    values = before.samples[0].value, one.samples[0].value
                    value = min(values) if one.name.endswith("start_time_seconds") else sum(values)
                    before.samples[0] = before.samples[0]._replace(value=value)
        yield from found.values()
