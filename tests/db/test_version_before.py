"""The version before, the real one out of git, serves the tables of this version: what an upgrade without a pause stands on.

``scripts/version_before.py`` is the long form: under load, with both versions side by side, and back again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from gis.store.session import Database
from scripts.bench.service import free_port, process
from scripts.version_before import commit_before, taken_out
from tests.extent import only_whole
from tests.factories import PASSWORD, add_responder, at, draw_community
from tests.plain import NO_TLS

API = "/api/v1"
RIDERS = ("rider100", "rider101")
PAGES = {
    "resident": ("/", "/report", "/service"),
    "desk": ("/desk", "/residents", "/visits", "/meals", "/indicators"),
    "admin": ("/admin/people",),
    "planner": ("/planner",),
}


@pytest.fixture
async def drawn(database_url: str) -> None:
    """Draw the small community, with two riders who are on duty now."""
    database = Database(database_url)
    async with database.write() as session:
        community = await draw_community(session)
        for number, name in enumerate(RIDERS):
            position = (40.0 + 60 * number, 40.0)
            now = datetime.now(UTC)
            await add_responder(session, community, name, mode="e_bike", position=position, position_at=now)
    await database.close()


@pytest.fixture
def before(drawn: None, database_url: str, tmp_path: Path) -> Iterator[httpx.Client]:
    """Serve with the sources of the version before."""
    commit = commit_before()
    if not commit:
        pytest.skip("no history of git is here")
    port = free_port()
    command = [sys.executable, "-P", "-c", "from api.cli import main; main()", "serve", "--no-jobs"]
    settings = {"DATABASE_URL": database_url, "PYTHONPATH": str(taken_out(commit))}
    settings |= {"WEIWANG_STATE": str(tmp_path), "WEIWANG_RATES__ENFORCED": "false"}
    with (
        process([*command, "--port", str(port)], port, "/readyz", **settings),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, verify=NO_TLS) as client,
    ):
        yield client


@only_whole
def test_the_version_before_serves_these_tables(before: httpx.Client) -> None:
    def ask(username: str, method: str, path: str, **body: object) -> httpx.Response:
        if username not in tokens:
            given = {"username": username, "password": PASSWORD, "token": True}
            tokens[username] = before.post(f"{API}/session", json=given).json()["token"]
            before.cookies.clear()
        headers = {"Authorization": f"Bearer {tokens[username]}"}
        answer = before.request(method, path, json=body if method == "POST" else None, headers=headers)
        assert answer.status_code in (200, 201), (path, answer.text)
        return answer

    tokens: dict[str, str] = {}
    lon, lat = at(40, 40)
    report = {"id": str(uuid4()), "category": "sewer", "lon": lon, "lat": lat, "separate": True}
    filed = ask("resident", "POST", f"{API}/reports", **report).json()
    case = f"{API}/cases/{filed['case_id']}"
    asked = filed["offer"]["responder"]["id"]
    rider = next(name for name in RIDERS if ask(name, "GET", f"{API}/me").json()["person"]["id"] == asked)
    for verb in ("accept", "arrive"):
        ask(rider, "POST", f"{case}/{verb}")
    ask(rider, "POST", f"{case}/release", reason="工具不够")
    ask("desk", "POST", f"{case}/cancel", reason="重复")
    assert ask("desk", "GET", case).json()["status"] == "cancelled"
    assert ask("desk", "GET", f"{API}/cases").json()["total"] == 1
    for username, paths in PAGES.items():
        for path in paths:
            ask(username, "GET", path)
