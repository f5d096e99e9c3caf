"""Figures for Prometheus; a registry of its own for each app, so that several can live in one process.

How many series there are is bounded by the program and not by who uses it: routes by their templates, statuses by their class,
codes by the catalogue, tasks by their names; communities by name only while they are few (``WEIWANG_WATCH__COMMUNITIES``).
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from api.gauges import Gauges
from web.error_messages import ERROR_MESSAGES

BUCKETS_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
JOB_BUCKETS_S = (0.01, 0.05, 0.2, 1.0, 5.0, 30.0, 300.0)
LAG_BUCKETS_S = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """What the service counts while it works. What it looks up when it is asked is in ``api.gauges``."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
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
        self.listeners = Gauge("weiwang_event_listeners", "Open event streams", registry=self.registry)
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
        self.registry.register(self.gauges)

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
        return generate_latest(self.registry)
