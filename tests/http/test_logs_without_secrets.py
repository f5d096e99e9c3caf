"""What people type and are given stays out of the log: passwords, tokens, keys, codes, addresses of robots, names and numbers."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from gis.clock import SettableClock
from gis.settings import LogSettings, PhotoSettings, Settings
from tests.factories import PASSWORD, Community
from tests.http.conftest import API, report_fields, running
from tests.http.test_pages import secret_of
from tests.http.test_residents import WANG

ROBOT_KEY = "d1e2f3a4-secret-of-the-group"
TYPED = (
    "wrong-password-55",
    PASSWORD,
    "WRONG-CODE-99",
    ROBOT_KEY,
    "王秀英",
    "13800001234",
    "11010519491231002X",
    "阿尔茨海默",
)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Give all that the log says, as machines read it, from the least important line on."""
    stream = io.StringIO()
    before = structlog.get_config()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    handler.addFilter(lambda line: not line.name.startswith(("httpx", "httpcore")))  # the test's own client
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    structlog.configure(
        processors=before["processors"],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    yield stream
    structlog.configure(**before)
    root.removeHandler(handler)
    root.setLevel(level)


async def test_nothing_secret_or_personal_is_logged(
    written: io.StringIO, settings: Settings, database_url: str, community: Community, clock: SettableClock
) -> None:
    changed = {"run_jobs": False, "log": LogSettings(level="debug", requests=True, slow_s=0.000_001)}
    loud = settings.model_copy(
        update=changed | {"photo": PhotoSettings(max_per_report=7)}
    )  # an app of its own
    given: set[str] = set()
    async with running(loud, database_url, community, clock) as service:
        nobody = await service.anybody()
        wrong = {"username": "desk", "password": "wrong-password-55"}
        assert (await nobody.post(f"{API}/session", json=wrong)).status_code == 401
        answer = await nobody.post(f"{API}/session", json={"username": "admin", "password": PASSWORD})
        given |= {answer.json()["token"], answer.json()["csrf"]}
        admin, csrf = await service.browser("admin")
        given |= {csrf, *admin.cookies.values()}
        made = await admin.post(
            "/admin/keys", data={"csrf": csrf, "name": "热线平台", "username": "resident", "per_minute": "60"}
        )
        given |= {one for one in [secret_of(made.text) if "code-now" in made.text else ""] if one}
        await nobody.post(
            "/login/code",
            data={
                "username": "desk",
                "code": "WRONG-CODE-99",
                "password": "wrong-password-55",
                "again": "wrong-password-55",
            },
        )
        robot = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={ROBOT_KEY}"
        await admin.post(
            "/admin/robots", data={"csrf": csrf, "name": "值班群", "kind": "wecom", "address": robot}
        )
        desk = await service.person("desk")
        home = await desk.post(
            f"{API}/households",
            json={"building": str(community.buildings["01-01"]), "unit": "1", "flat": "301", "purpose": "care",
                  "source": "入户", "recorded_on": "2026-06-01", "note": "阿尔茨海默"},
        )  # fmt: skip
        if home.status_code == 201:
            await desk.post(f"{API}/households/{home.json()['id']}/residents", json=WANG)
        await desk.get("/residents?q=王秀英")
        await desk.get(f"{API}/search?q=13800001234")
        await desk.post(f"{API}/households/none/residents", json=WANG)
        await desk.post(f"{API}/counter", json={"code": "WRONG-CODE-99"})
        await desk.post(f"{API}/reports", json=report_fields(description="王秀英 13800001234", lon="NaN"))
        await nobody.get("/report?plate=WRONG-CODE-99")
        await nobody.get(f"{API}/me", headers={"Authorization": "Bearer test~WRONG-CODE-99"})
        await desk.get(f"{API}/cases?cursor=王秀英")
    said = written.getvalue()
    assert said.count("\n") > 8, "the log says something"
    for secret in {*TYPED, *given}:
        assert secret not in said, secret
