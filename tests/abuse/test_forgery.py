"""Requests that another site makes a browser send, sessions that somebody else chose, and answers that lead elsewhere."""

from uuid import uuid4

import pytest

from api.pages.frame import back_to
from tests.abuse.access import Route, routes_of
from tests.abuse.figures import long_form
from tests.factories import PASSWORD
from tests.http.conftest import API, Check, Service

HTML = {"Accept": "text/html"}
FOREIGN = {"Origin": "https://elsewhere.example"}
WITHOUT_SESSION = {"/login", "/login/code", f"{API}/session", "/open311/v2/requests.{kind}"}
"""A password, a code or a key of a program goes along with these; the first three look at where they come from."""
ELSEWHERE = [
    "https://elsewhere.example", "//elsewhere.example", "///elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example",
    "/\t/elsewhere.example", "/%09/elsewhere.example\r\nSet-Cookie: a=b", "javascript:alert(1)", "data:text/html,x", "",
    "http:elsewhere.example", "elsewhere.example", "@elsewhere.example", "/\r\n//elsewhere.example", " https://elsewhere.example",
    "https:/elsewhere.example", "/\n", "\x00//elsewhere.example", "//\x00elsewhere.example", "?x=//elsewhere.example",
]  # fmt: skip
IDS = {
    name: str(uuid4())
    for name in (
        "case_id", "report_id", "photo_id", "visit_id", "finding_id", "household_id", "resident_id", "round_id", "person_id",
        "subscription_id", "draft_id", "team_id", "missing_id", "campaign_id", "activity_id", "redemption_id", "muster_id",
        "plan_id", "export_id", "certificate_id", "robot_id", "reward_id", "order_id", "shop_id", "service_id", "segment_id",
        "rule_id", "pause_id", "note_id", "import_id", "street_id", "key_id", "item_id", "filter_id", "cause_id",
    )
} | {"n": "1", "version": "1", "sha256": "0" * 64, "monday": "2026-06-08", "day": "2026-06-04", "slug": "x"}  # fmt: skip


def changing(service: Service) -> list[Route]:
    """Return the routes that change something for who is signed in."""
    found = [one for one in routes_of(service.app) if one.method != "GET" and one.path not in WITHOUT_SESSION]
    assert len(found) > 200
    return found


async def test_every_change_by_cookie_needs_the_sessions_secret_and_our_own_pages(service: Service) -> None:
    client, csrf = await service.browser("admin")
    passed = []
    for route in changing(service):
        path = route.at(IDS)
        for headers, code in (
            ({}, "csrf_failed"),
            ({"X-CSRF-Token": "x" * len(csrf)}, "csrf_failed"),
            ({"X-CSRF-Token": csrf, **FOREIGN}, "origin_refused"),
            ({"X-CSRF-Token": csrf, "Sec-Fetch-Site": "cross-site"}, "origin_refused"),
        ):
            answer = await client.request(route.method, path, headers=headers)
            if answer.status_code != 403 or answer.json()["code"] != code:
                passed.append((route.method, route.path, headers, answer.status_code, answer.text[:100]))
    assert passed == []
    assert (await client.get(f"{API}/me")).status_code == 200  # nor was the session ended


async def test_another_sites_form_cannot_sign_anybody_in(service: Service, problem: Check) -> None:
    client = await service.anybody()
    body = {"username": "rider1", "password": PASSWORD}
    problem(await client.post(f"{API}/session", json=body, headers=FOREIGN), 403, "origin_refused")
    page = await client.post("/login", data=body, headers=HTML | FOREIGN)
    assert page.status_code == 403
    assert not client.cookies


async def test_a_token_that_somebody_else_chose_is_not_taken_over(service: Service) -> None:
    chosen = "test~" + "a" * 43
    client = await service.anybody()
    client.cookies.set("weiwang_session", chosen)
    answer = await client.post("/login", data={"username": "rider1", "password": PASSWORD}, headers=HTML)
    given = answer.cookies["weiwang_session"]
    assert given != chosen
    thief = await service.anybody(cookies={"weiwang_session": chosen})
    assert (await thief.get(f"{API}/me")).status_code == 401
    second = await client.post("/login", data={"username": "rider2", "password": PASSWORD}, headers=HTML)
    assert second.cookies["weiwang_session"] not in {given, chosen}  # each sign-in has a token of its own
    url = await service.anybody()
    assert (await url.get(f"{API}/me?weiwang_session={given}")).status_code in {400, 401}  # nor from a link


@pytest.mark.parametrize("given", ELSEWHERE)
def test_nothing_leads_elsewhere(given: str) -> None:
    assert back_to(given, "/here") == "/here"


@pytest.mark.parametrize("given", ["/", "/tasks", "/cases/1?a=b#c", "/desk?back=//x"])
def test_ways_of_our_own_are_kept(given: str) -> None:
    assert back_to(given, "/here") == given


async def test_no_form_leads_elsewhere(service: Service) -> None:
    filed = await service.report()
    client, csrf = await service.browser("desk")
    client.headers.update(HTML)
    paths = (
        "/login",
        "/notices/read",
        "/desk/notes",
        "/desk/filters",
        "/desk/shift",
        "/desk/bulk",
        "/me/duty",
    )
    acts = (f"/cases/{filed['case_id']}/cancel", f"/desk/notes/{uuid4()}", f"/musters/{uuid4()}/answer")
    for turn, path in enumerate((*paths, *acts)):
        for number, evil in enumerate(ELSEWHERE if long_form() else ELSEWHERE[turn % 4 :: 4]):
            fields = {
                "back": evil,
                "next": evil,
                "csrf": csrf,
                "words": f"{number}",
                "username": "desk",
                "password": PASSWORD,
            }
            answer = await client.post(path, data=fields)
            location = answer.headers.get("location", "/")
            assert location.startswith("/"), (path, evil, location)
            assert not location.startswith(("//", "/\\")), (path, evil, location)
            assert "elsewhere.example\r" not in location
    for evil in ELSEWHERE:
        answer = await client.get("/login", params={"next": evil})
        assert answer.headers.get("location", "/") == "/", evil
    nobody = await service.anybody(headers=HTML)
    led = await nobody.get("//elsewhere.example/tasks")
    assert led.headers.get("location", "/login").startswith(("/login", "/"))
    assert not led.headers.get("location", "/").startswith("//")


async def test_no_line_gets_into_a_header(service: Service) -> None:
    line = "zh\r\nX-Injected: 1"
    desk = await service.person("desk")
    for path, params in (
        ("/login", {"lang": line, "next": f"/x{line}"}),
        ("/desk", {"lang": line, "theme": line, "size": line, "notice": line}),
        (f"{API}/exports/cases.csv", {"lang": line}),
        (f"{API}/cases", {"lang": line, "cursor": line, "q": line}),
        ("/ogc/collections/streets/items", {"f": line, "lang": line}),
        ("/ogc/collections/a%0d%0aX-Injected:%201", {}),
        ("/open311/v2/services.json%0d%0aX-Injected:%201", {}),
        ("/static/css%0d%0aX-Injected:%201", {}),
    ):
        for headers in (
            {},
            HTML,
            {"Accept-Language": "zh,\tX-Injected", "X-Request-Id": "a b", "Host": "a b"},
        ):
            answer = await desk.get(path, params=params, headers=headers)
            assert answer.status_code < 500, (path, answer.text)
            assert "x-injected" not in answer.headers, path
            assert not any(
                b"\r" in value or b"\n" in value for pair in answer.headers.raw for value in pair
            ), path
