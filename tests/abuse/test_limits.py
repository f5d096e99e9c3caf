"""Who asks for too much is told so, with when to come back, and nobody else is."""

import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest

from api.cli.service import Service as Process
from api.limiting import kind_of
from api.rates import PLACES, SHELVES, Rates, shared_memory
from gis.errors import TooManyError
from gis.settings import RateSettings, Settings
from tests.abuse.wire import exchange, from_, listening
from tests.conftest import NOON
from tests.http.conftest import API, Check, Service, photo_bytes, report_fields, running

FEW = RateSettings(
    person=30, reports=3, uploads=2, searches=4, exports=2, address=200, strangers=5, sign_ins=12
)
FILES = "multipart/form-data; boundary=x"
ID = "0b5c0d0e-0000-4000-8000-000000000001"
LIMITED = [
    ("POST", f"{API}/reports", FILES, "reports"),
    ("PUT", f"{API}/reports/{ID}", "application/json", "reports"),
    ("PUT", f"{API}/reports/{ID}/photos/{'0' * 64}", "image/jpeg", "uploads"),
    ("POST", f"{API}/cases/{ID}/done", FILES, "uploads"),
    ("POST", f"{API}/cases/{ID}/done", "application/json", None),
    ("POST", "/anything/that/takes/files", FILES.upper(), "uploads"),
    ("GET", f"{API}/search", "", "searches"),
    ("GET", f"{API}/locate", "", "searches"),
    ("POST", f"{API}/exports", "application/json", "exports"),
    ("GET", f"{API}/exports/cases.csv", "", "exports"),
    ("GET", "/service/statement.xlsx", "", "exports"),
    ("GET", f"/planner/plans/{ID}/pdf", "", "exports"),
    ("GET", f"/residents/people/{ID}/export.json", "", "exports"),
    ("GET", "/report", "", None),
    ("GET", f"{API}/cases", "", None),
]


COUNTING = """
import sys
from datetime import UTC, datetime
from api.rates import Rates
from gis.errors import TooManyError
rates, now, count = Rates(int(sys.argv[1])), datetime(2026, 1, 1, tzinfo=UTC), 0
print("ready", flush=True)
sys.stdin.readline()
for _ in range(5000):
    try:
        rates.count("x", 5000, now)
        count += 1
    except TooManyError:
        break
print(count)
"""


@pytest.fixture
async def strict(settings: Settings, database_url: str, community, clock):
    """Give a running app that lets little be asked for."""
    few = settings.model_copy(update={"run_jobs": False, "rates": FEW})
    async with running(few, database_url, community, clock) as found:
        yield found


@pytest.mark.parametrize(("method", "path", "sent", "kind"), LIMITED)
def test_what_is_counted_as_what(method: str, path: str, sent: str, kind: str | None) -> None:
    assert kind_of(method, path, sent) == kind


def test_a_window_slides() -> None:
    rates, now = Rates(), NOON
    for _ in range(10):
        rates.count("x", 10, now)
    with pytest.raises(TooManyError) as refused:
        rates.count("x", 10, now)
    wait_s = refused.value.values["retry_after_s"]
    assert wait_s == 61
    with pytest.raises(TooManyError):
        rates.count("x", 10, now + timedelta(seconds=59))
    rates.count("x", 10, now + timedelta(seconds=wait_s))
    assert rates.wait_s("x", 10, now + timedelta(seconds=wait_s)) > 0  # one in six seconds, not ten at once
    assert rates.wait_s("x", 10, now + timedelta(minutes=5)) == 0


def test_memory_has_a_bound_and_who_is_seen_often_is_not_pushed_out() -> None:
    rates = Rates()
    for number in range(3 * SHELVES * PLACES):
        now = NOON + timedelta(milliseconds=number / 10)
        rates.add(f"2001:db8:{number:x}::/64", now)
        if number % 1000 == 0:
            rates.add("somebody", now)
    assert rates.wait_s("somebody", 3 * SHELVES * PLACES // 1000, now) > 0
    assert rates.wait_s("2001:db8:0::/64", 1, now) == 0
    rates.forget("somebody")
    assert rates.wait_s("somebody", 1, now) == 0


def test_processes_count_together() -> None:
    """Each tries as often as it can at the same time: all of them together are let through just as often as one."""
    handle = shared_memory()
    running = [
        subprocess.Popen(
            [sys.executable, "-c", COUNTING, str(handle)],
            pass_fds=[handle],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == b"ready\n"
    for one in running:
        assert one.stdin is not None
        one.stdin.write(b"go\n")
        one.stdin.flush()
    let_through = [int(one.communicate(timeout=60)[0]) for one in running]
    assert sum(let_through) == 5000, let_through
    os.close(handle)


async def test_each_kind_has_a_limit_by_person(strict: Service, problem: Check) -> None:
    rider, other = await strict.person("rider1"), await strict.person("rider2")
    for _ in range(FEW.reports):
        assert (await rider.post(f"{API}/reports", json=report_fields(separate=True))).status_code == 201
    answer = await rider.post(f"{API}/reports", json=report_fields(), headers={"Accept-Language": "en"})
    body = problem(answer, 429, "too_many_requests")
    assert int(answer.headers["retry-after"]) == body["retry_after_s"] == 61
    assert "try again in 61" in body["detail"].lower() or "61" in body["detail"]
    assert (await other.post(f"{API}/reports", json=report_fields())).status_code == 201
    for _ in range(FEW.searches):
        assert (await rider.get(f"{API}/search?q=测试")).status_code == 200
    problem(await rider.get(f"{API}/search?q=测试"), 429, "too_many_requests")
    for _ in range(FEW.uploads):
        await rider.put(
            f"{API}/reports/{'0' * 8}-0000-4000-8000-{'0' * 12}/photos/{'0' * 64}", content=photo_bytes()
        )
    refused = await rider.put(
        f"{API}/reports/{'0' * 8}-0000-4000-8000-{'0' * 12}/photos/{'0' * 64}", content=b"x"
    )
    problem(refused, 429, "too_many_requests")
    desk = await strict.person("desk")
    for _ in range(FEW.exports):
        assert (await desk.get(f"{API}/exports/cases.csv")).status_code == 200
    problem(await desk.get(f"{API}/exports/cases.csv"), 429, "too_many_requests")


async def test_everything_that_a_person_asks_for_has_a_limit(strict: Service, problem: Check) -> None:
    rider = await strict.person("rider1")
    answers = [(await rider.get(f"{API}/me")).status_code for _ in range(FEW.person + 1)]
    assert answers == [200] * FEW.person + [429]
    page = await rider.get("/tasks", headers={"Accept": "text/html"})
    assert page.status_code == 429
    assert page.headers["content-type"].startswith("text/html")
    strict.clock.at += timedelta(seconds=90)
    assert (await rider.get(f"{API}/me")).status_code == 200


async def test_strangers_have_a_limit_by_address(strict: Service, problem: Check) -> None:
    async with from_(strict, "203.0.113.7") as one, from_(strict, "203.0.113.8") as other:
        for _ in range(FEW.strangers):
            assert (await one.get("/login")).status_code == 200
        problem(await one.get("/ogc/collections"), 429, "too_many_requests")
        invented = await one.get(f"{API}/me", headers={"Authorization": "Bearer test~" + "a" * 43})
        problem(invented, 429, "too_many_requests")
        assert (await one.get("/healthz")).status_code == 200
        assert (await other.get("/login")).status_code == 200
    async with from_(strict, "2001:db8:1:2::1") as one, from_(strict, "2001:db8:1:2:ffff::2") as neighbour:
        for _ in range(FEW.strangers):
            assert (await one.get("/login")).status_code == 200
        problem(await neighbour.get("/login"), 429, "too_many_requests")  # one household, one network


async def test_somebody_signed_in_is_not_kept_out_by_strangers_beside_them(strict: Service) -> None:
    desk = await strict.person("desk")
    nobody = await strict.anybody()
    for _ in range(FEW.strangers + 1):
        await nobody.get("/login")
    assert (await desk.get(f"{API}/me")).status_code == 200


async def test_behind_a_proxy_the_address_is_the_one_it_names(strict: Service) -> None:
    async def asked(port: int, forwarded: str) -> int:
        sent = f"GET /login HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {forwarded}\r\nConnection: close\r\n\r\n"
        return await exchange(port, sent.encode(), end=False)

    async with listening(strict.app) as port:  # whose proxy is this machine
        answers = [
            await asked(port, f"198.51.100.{number}, 203.0.113.7") for number in range(FEW.strangers + 1)
        ]
        assert answers == [200] * FEW.strangers + [
            429
        ]  # what a client itself wrote before it is not believed
        assert await asked(port, "203.0.113.8") == 200


def test_the_proxies_that_are_believed_are_a_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        service = Process(Settings(trusted_proxies=("10.0.0.0/8",)), listener, on_ready=lambda: None)
    assert service._server.config.forwarded_allow_ips == ["10.0.0.0/8"]
