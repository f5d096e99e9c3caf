"""Who guesses at passwords gets slow, and locks nobody out."""

import re
from datetime import timedelta

import httpx

from gis.settings import Settings
from tests.abuse.wire import from_
from tests.factories import PASSWORD
from tests.http.conftest import API, Check, Service, running


async def guess(client: httpx.AsyncClient, name: str, password: str = "wrong password") -> httpx.Response:
    return await client.post(f"{API}/session", json={"username": name, "password": password})


async def test_guessing_at_a_name_waits_where_it_is_done_and_nowhere_else(
    service: Service, problem: Check
) -> None:
    attempts = service.app.state.parts.settings.sign_in.attempts
    async with from_(service, "203.0.113.7") as thief, from_(service, "203.0.113.9") as home:
        for name in ("desk", "nobody-of-this-name"):
            for _ in range(attempts):
                problem(await guess(thief, name), 401, "sign_in_failed")
            answer = await guess(thief, name, PASSWORD)
            body = problem(answer, 429, "too_many_sign_ins")  # whether or not anybody has the name
            assert int(answer.headers["retry-after"]) == body["retry_after_s"]
        form = await thief.post("/login", data={"username": "desk", "password": PASSWORD})
        assert form.status_code == 429
        problem(await guess(thief, " DESK ", PASSWORD), 429, "too_many_sign_ins")
        assert (await guess(home, "desk", PASSWORD)).status_code == 201
        service.clock.at += timedelta(seconds=120)
        assert (await guess(thief, "desk", PASSWORD)).status_code == 201


async def test_a_name_that_fails_from_everywhere_is_open_to_its_own_person(
    settings: Settings, database_url: str, community, clock, problem: Check
) -> None:
    rules = settings.sign_in.model_copy(update={"attempts_at_name": 6})
    besieged = settings.model_copy(update={"run_jobs": False, "sign_in": rules})
    async with running(besieged, database_url, community, clock) as service:
        async with from_(service, "198.51.100.1") as home:
            assert (await guess(home, "desk", PASSWORD)).status_code == 201
        for number in range(6):
            async with from_(service, f"203.0.113.{number}") as bot:
                for name in ("desk", "nobody"):
                    problem(await guess(bot, name), 401, "sign_in_failed")
        async with from_(service, "203.0.113.200") as bot, from_(service, "198.51.100.1") as home:
            for name in ("desk", "nobody"):
                problem(await guess(bot, name, PASSWORD), 429, "too_many_sign_ins")
            assert (await guess(home, "desk", PASSWORD)).status_code == 201


async def test_an_address_that_tries_many_names_waits(
    settings: Settings, database_url: str, community, clock, problem: Check
) -> None:
    rules = settings.sign_in.model_copy(update={"attempts_from_address": 5})
    sprayed = settings.model_copy(update={"run_jobs": False, "sign_in": rules})
    async with (
        running(sprayed, database_url, community, clock) as service,
        from_(service, "203.0.113.1") as thief,
        from_(service, "203.0.113.2") as other,
    ):
        for number in range(5):
            problem(await guess(thief, f"rider{number}", "weiwang-demo"), 401, "sign_in_failed")
        problem(await guess(thief, "rider1", PASSWORD), 429, "too_many_sign_ins")
        assert (await guess(other, "rider1", PASSWORD)).status_code == 201


async def test_codes_are_guessed_at_as_slowly(service: Service) -> None:
    attempts = service.app.state.parts.settings.sign_in.attempts
    form = {
        "username": "desk",
        "code": "2222-3333-4444",
        "password": "a new password",
        "again": "a new password",
    }
    async with from_(service, "203.0.113.7") as thief:
        for _ in range(attempts):
            assert (await thief.post("/login/code", data=form)).status_code == 401
        assert (await thief.post("/login/code", data=form)).status_code == 429


async def test_a_code_is_its_persons_though_others_guess_at_it(service: Service) -> None:
    admin, csrf = await service.browser("admin")
    given = await admin.post(f"/admin/people/{service.community.id('rider3')}/code", data={"csrf": csrf})
    code = re.findall(r'code-now">([^<]+)<', given.text)[0]
    form = {"username": "rider3", "password": "a new password", "again": "a new password"}
    for number in range(3):
        async with from_(service, f"203.0.113.{number}") as thief:
            for _ in range(7):
                await thief.post("/login/code", data=form | {"code": "2222-3333-4444"})
    async with from_(service, "198.51.100.1") as home:
        assert (await home.post("/login/code", data=form | {"code": code})).status_code == 303
