"""Sessions: tokens, cookies, CSRF, expiry, and what is open to nobody."""

from datetime import timedelta
from ipaddress import ip_network

import pytest

from gis.settings import WatchSettings
from tests.abuse.wire import from_
from tests.factories import PASSWORD
from tests.http.conftest import API, Check, Service

OPEN = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/login",
    "/docs",
    "/docs/errors",
    "/openapi.json",
    f"{API}/session",
}


async def test_a_token_is_worthless_after_sign_out(service: Service, problem: Check) -> None:
    client = await service.sign_in("desk")
    assert (await client.get(f"{API}/me")).json()["person"]["role"] == "desk"
    assert (await client.delete(f"{API}/session")).status_code == 204
    problem(await client.get(f"{API}/me"), 401, "session_ended")


async def test_a_stale_session(service: Service, problem: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.sessions.KEEP_S", 0.0)
    client = await service.sign_in("desk")
    service.clock.at += timedelta(days=31)
    answer = await client.post(f"{API}/reports", json={})
    problem(answer, 401, "session_ended")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "token", ["", "x", "test~", "test~" + "a" * 43, "a\x7f~" + "b" * 43, "é~" + "b" * 43]
)
async def test_tokens_that_are_none(service: Service, token) -> None:
    client = await service.anybody()
    answer = await client.get(f"{API}/me", headers=[(b"authorization", b"Bearer " + token.encode("latin-1"))])
    assert answer.status_code == 401
    assert answer.json()["code"] in ("not_signed_in", "session_ended")


async def test_cookies_need_the_sessions_secret(service: Service, problem: Check) -> None:
    client, csrf = await service.browser("watcher01-01")
    duty = f"{API}/me/duty"
    problem(await client.put(duty, json={"on": True}), 403, "csrf_failed")
    problem(await client.put(duty, json={"on": True}, headers={"X-CSRF-Token": "x"}), 403, "csrf_failed")
    own = {"X-CSRF-Token": csrf}
    foreign = {**own, "Origin": "http://elsewhere.example"}
    problem(await client.put(duty, json={"on": True}, headers=foreign), 403, "origin_refused")
    problem(
        await client.put(duty, json={"on": True}, headers={**own, "Origin": "null"}), 403, "origin_refused"
    )
    cross = {**own, "Sec-Fetch-Site": "cross-site"}
    problem(await client.put(duty, json={"on": True}, headers=cross), 403, "origin_refused")
    same = {**own, "Origin": "http://weiwang.test", "Sec-Fetch-Site": "same-origin"}
    assert (await client.put(duty, json={"on": True}, headers=same)).json()["on_duty"] is True


async def test_the_cookie_is_kept_from_scripts(service: Service) -> None:
    client = await service.anybody()
    body = {"username": "desk", "password": PASSWORD}
    answer = await client.post(f"{API}/session", json=body)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("weiwang_session=test~")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))


async def test_nothing_is_open_that_need_not_be(service: Service) -> None:
    """Every route of the live table but the few named refuses who isn't signed in."""
    client = await service.anybody()
    refused = 0
    for path, methods in service.app.openapi()["paths"].items():
        for method in methods:
            if path in OPEN:
                continue
            address = path.replace("{photo_id}", str(service.community.id("desk"))).replace("{kind}", "view")
            for name in ("case_id", "report_id"):
                address = address.replace(f"{{{name}}}", str(service.community.id("desk")))
            answer = await client.request(method.upper(), address.replace("{sha256}", "0" * 64))
            assert answer.status_code == 401, (method, path, answer.text)
            refused += 1
    assert refused > 30
    for page in ("/", "/report", "/tasks", "/map", "/desk", "/planner", "/planner/heatmap", "/cases/x"):
        answer = await client.get(page, headers={"Accept": "text/html"})
        assert answer.status_code in (303, 400), page


async def test_every_answer_is_guarded(service: Service) -> None:
    desk = await service.person("desk")
    for path in (f"{API}/me", "/healthz", f"{API}/missing", "/desk", "/login", "/static/css/base.css"):
        answer = await desk.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "geolocation=(self)" in answer.headers["permissions-policy"]
    framed = await desk.get("/planner/heatmap")
    assert "frame-ancestors 'self'" in framed.headers["content-security-policy"]


async def test_figures_are_for_this_machine_and_those_named(
    service: Service, problem: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await service.anybody()
    assert b"weiwang_http_requests_total" in (await client.get("/metrics")).content
    answer = await client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    problem(answer, 404, "route_unknown")
    async with from_(service, "10.0.0.7") as elsewhere:
        problem(await elsewhere.get("/metrics"), 404, "route_unknown")
        watch = WatchSettings(scrapers=(ip_network("10.0.0.0/28"),))
        settings = service.app.state.parts.settings.model_copy(update={"watch": watch})
        monkeypatch.setattr(service.app.state.parts, "settings", settings)
        assert (await elsewhere.get("/metrics")).status_code == 200
        problem(
            await elsewhere.get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"}), 404, "route_unknown"
        )
    ready = await client.get("/readyz")
    assert ready.json()["ready"] is True
    assert ready.json()["checks"]["database"]["postgis"]
