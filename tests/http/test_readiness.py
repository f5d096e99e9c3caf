"""Health, readiness and figures tell the truth: each part is taken away in turn, and what is said of it is looked at."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
import yaml
from sqlalchemy import text

from api.cli.systemd import beat, tell_systemd
from api.frame import Frame
from api.gauges import ALL, Gauges, _counted
from api.metrics import Metrics
from gis.settings import LogSettings, Settings, WatchSettings
from gis.store.jobs import ProcrastinateJobs
from gis.store.pulse import OpenCases
from tests.http.conftest import API, Service

FOLDER = Path(__file__).parents[2] / "docs" / "operation"
FIGURE = re.compile(r"\b((?:weiwang|process)_[a-z_]+)\b")


async def told(service: Service) -> tuple[int, dict[str, Any]]:
    client = await service.anybody()
    assert (await client.get("/healthz")).json() == {"status": "ok"}  # asks nobody else
    answer = await client.get("/readyz")
    return answer.status_code, answer.json()


async def figures(service: Service) -> dict[str, float]:
    """Return each figure of /metrics by its name and labels."""
    service.app.state.metrics.gauges._at = float("-inf")
    text_ = (await (await service.anybody()).get("/metrics")).text
    pairs = (line.rsplit(" ", 1) for line in text_.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


async def test_all_is_well(service: Service) -> None:
    status, found = await told(service)
    assert (status, found["ready"]) == (200, True)
    assert found["reasons"] == {"jobs": "run_elsewhere"}
    assert set(found["checks"]) == {"database", "migrations", "jobs", "photos", "disk"}


async def test_a_database_that_is_gone(
    service: Service, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gis.store.session import Database

    gone = Database(empty_database_url.replace("/wt_", "/gone_"))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(empty_database_url.replace("/wt_", "/gone_"))
    monkeypatch.setattr(service.app.state.parts, "database", gone)
    status, found = await told(service)
    assert status == 503
    assert {found["reasons"][name] for name in ("database", "migrations")} == {"database_down"}
    seen = await figures(service)
    assert seen['weiwang_ready{part="database"}'] == 0
    assert seen['weiwang_ready{part="photos"}'] == 1
    assert not any(name.startswith("weiwang_cases") for name in seen)  # no figure instead of an old one
    await gone.close()


@pytest.mark.parametrize(
    ("silent_s", "status", "reason"), [(60.0, 503, "no_answer_in_time"), (0.0, 200, "busy")]
)
async def test_a_database_that_doesnt_answer_in_time(
    service: Service, monkeypatch: pytest.MonkeyPatch, silent_s: float, status: int, reason: str
) -> None:
    """Where it answers others meanwhile, more is asked than can be answered, and nothing is won by sending everybody away."""

    async def never(_session: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("api.readiness.database_state", never)
    monkeypatch.setattr("api.readiness.PATIENCE_S", 0.01)
    monkeypatch.setattr("gis.store.answering.Answering.silent_s", lambda _: silent_s)
    code, found = await told(service)
    assert (code, found["reasons"]["database"]) == (status, reason)


@pytest.mark.parametrize(
    ("there", "status", "reason"), [("0001", 503, "tables_old"), ("9999", 200, "tables_newer")]
)
async def test_tables_of_another_version(service: Service, there: str, status: int, reason: str) -> None:
    """Those of the next version are served: a service of the version before goes on while tables are brought up to date."""
    async with service.app.state.parts.work() as work:
        before = await work.session.value(text("SELECT version_num FROM alembic_version"))
        await work.session.run(text("UPDATE alembic_version SET version_num = :v"), {"v": there})
    try:
        code, found = await told(service)
        assert (code, found["reasons"]["migrations"]) == (status, reason)
    finally:
        async with service.app.state.parts.work() as work:
            await work.session.run(text("UPDATE alembic_version SET version_num = :v"), {"v": before})


async def test_photos_that_cant_be_written(service: Service, settings: Settings) -> None:
    shutil.rmtree(settings.photo_folder, ignore_errors=True)
    settings.photo_folder.write_text("a file where the folder should be")
    status, found = await told(service)
    assert (status, found["reasons"]["photos"]) == (503, "photos_not_writable")
    settings.photo_folder.unlink()
    assert (await told(service))[0] == 200
    assert not list(settings.photo_folder.iterdir())


async def test_what_should_be_looked_after_doesnt_stop_the_service(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = service.app.state.parts
    little = parts.settings.model_copy(update={"watch": WatchSettings(free_gb=1e9), "run_jobs": True})
    monkeypatch.setattr(parts, "settings", little)
    assert (await told(service))[1]["reasons"]["jobs"] == "jobs_ended"
    running = asyncio.create_task(asyncio.Event().wait())
    monkeypatch.setattr(parts, "job_task", running)
    async with parts.work() as work:
        now = work.clock.now()
        await ProcrastinateJobs().defer(work.session, "sweep", at=now - timedelta(minutes=3))
        await ProcrastinateJobs().defer(work.session, "sweep", at=now + timedelta(minutes=3))
    status, found = await told(service)
    assert (status, found["reasons"]) == (200, {"jobs": "jobs_behind", "disk": "disk_low"})
    assert found["checks"]["jobs"]["behind_s"] == 180
    seen = await figures(service)
    assert seen['weiwang_ready{part="jobs"}'] == 0.5
    assert seen['weiwang_waiting{queue="jobs"}'] == 2
    assert seen['weiwang_overdue{queue="jobs"}'] == 1
    assert seen['weiwang_overdue_seconds{queue="jobs"}'] == 180
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await told(service))[1]["reasons"]["jobs"] == "jobs_ended"


async def test_figures_of_work(service: Service) -> None:
    before = await figures(service)
    await service.on_duty("watcher01-01", (30, 20))
    await service.report()
    client = await service.person("desk")
    assert (await client.get(f"{API}/cases/00000000-0000-0000-0000-000000000000")).status_code == 404
    service.clock.at += timedelta(days=30)
    seen = await figures(service)
    assert seen['weiwang_cases{community="test",status="offered"}'] == 1
    assert seen['weiwang_cases_late{community="test",deadline="answer"}'] == 1
    assert seen['weiwang_cases_late{community="test",deadline="resolve"}'] == 1
    assert (seen['weiwang_waiting{queue="offers"}'], seen['weiwang_overdue{queue="offers"}']) == (1, 1)
    for name in (
        f'weiwang_http_requests_total{{method="POST",route="{API}/reports",status="2xx"}}',
        'weiwang_errors_total{code="case_not_found"}',
        'weiwang_reports_total{replayed="false"}',
    ):
        assert seen[name] == before.get(name, 0) + 1, name
    assert not any("00000000" in name for name in seen)  # routes by their templates


def test_communities_are_named_while_they_are_few() -> None:
    cases = [OpenCases(name, "open", 2, 1, 0) for name in ("a", "b")]
    assert _counted(cases, named=True)[0] == [(("a", "open"), 2.0), (("b", "open"), 2.0)]
    assert _counted(cases, named=False) == (
        [((ALL, "open"), 4.0)],
        [((ALL, "answer"), 2.0), ((ALL, "resolve"), 0.0)],
    )


def expressions() -> dict[str, list[str]]:
    """Return the expressions of alerts and of the dashboard."""
    rules = yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))
    panels = json.loads((FOLDER / "grafana.json").read_text("utf-8"))["panels"]
    return {
        "alerts": [rule["expr"] for group in rules["groups"] for rule in group["rules"]],
        "dashboard": [target["expr"] for panel in panels for target in panel["targets"]],
    }


@pytest.mark.parametrize("where", ["alerts", "dashboard"])
async def test_every_figure_that_is_watched_exists(service: Service, where: str) -> None:
    await service.report()
    await figures(service)
    there = (await (await service.anybody()).get("/metrics")).text
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", there, re.MULTILINE))
    known = set(kinds) | {f"{name}_bucket" for name, kind in kinds.items() if kind == "histogram"}
    wanted = {name for expr in expressions()[where] for name in FIGURE.findall(expr)}
    assert len(wanted) > 10
    assert wanted <= known, wanted - known


def test_alerts_say_what_to_do() -> None:
    rules = yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
    for rule in rules:
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert {"summary", "what_to_do"} == set(rule["annotations"]), rule["alert"]


async def test_lines_of_the_log_have_the_requests_id_and_nothing_of_people(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame: Any = service.app.middleware_stack
    while not isinstance(frame, Frame):
        frame = frame.app
    monkeypatch.setattr(frame, "log", LogSettings(requests=True))
    client = await service.person("desk")
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        answer = await client.get(f"{API}/cases", params={"q": "张三 13800000000"})
        monkeypatch.setattr(frame, "log", LogSettings(slow_s=1e-9))
        await client.get(f"{API}/me")
    first, second = (one for one in lines if one["event"] in ("answer", "slow_answer"))
    assert first["request_id"] == answer.headers["x-request-id"]
    assert (first["route"], first["status"], first["method"]) == (f"{API}/cases", 200, "GET")
    assert "张三" not in json.dumps(lines, ensure_ascii=False)
    assert second["event"] == "slow_answer"
    assert second["request_id"] != first["request_id"]


async def test_systemd_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tell_systemd("READY=1")  # nobody asked
    metrics = Metrics()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setattr("api.cli.systemd.EVERY_S", 0.01)
        tell_systemd("READY=1")
        assert door.recv(100) == b"READY=1"
        beating = asyncio.create_task(beat(metrics))
        assert await asyncio.to_thread(door.recv, 100) == b"WATCHDOG=1"
        beating.cancel()
    tell_systemd("STOPPING=1")  # nobody listens any more
    assert b"weiwang_event_loop_lag_seconds_count" in metrics.text()


def test_a_look_is_kept_for_a_while() -> None:
    assert list(Gauges().collect()) == []
