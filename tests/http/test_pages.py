"""Pages as a browser without scripts meets them: sign in, report, act on a case, and errors next to the fields."""

import re

import httpx

from tests.factories import PASSWORD, at
from tests.http.conftest import Service, photo_bytes

HTML = {"Accept": "text/html"}


async def signed_in(service: Service, username: str) -> tuple[httpx.AsyncClient, str]:
    client = await service.anybody(headers=HTML)
    answer = await client.post("/login", data={"username": username, "password": PASSWORD, "next": "/"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    home = await client.get("/")
    assert home.status_code == 200, home.text
    return client, secret_of(home.text)


def secret_of(html: str) -> str:
    return re.findall(r'name="csrf" value="([^"]+)"', html)[0]


async def test_who_is_not_signed_in_is_led_to_the_login_page(service: Service) -> None:
    client = await service.anybody(headers=HTML)
    answer = await client.get("/desk?status=open")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/desk%3Fstatus%3Dopen")
    page = await client.get("/login?next=//elsewhere.example/")
    assert page.status_code == 200
    assert 'name="next" value="/"' in page.text


async def test_a_wrong_password_is_said_on_the_page(service: Service) -> None:
    client = await service.anybody(headers=HTML)
    answer = await client.post("/login?lang=en", data={"username": "desk", "password": "wrong"})
    assert answer.status_code == 401
    assert 'value="desk"' in answer.text
    assert "data-problem" in answer.text
    assert "wrong" not in re.sub(r"(?i)wrong (name|user|pass)[^<]*|password is wrong[^<]*", "", answer.text)


async def test_every_page_of_every_role(service: Service) -> None:
    pages = {
        "resident": ("/", "/report"),
        "rider1": ("/", "/tasks", "/report"),
        "watcher01-01": ("/", "/tasks", "/report", "/map"),
        "grid01": ("/", "/map", "/desk", "/planner"),
        "desk": ("/", "/desk", "/map", "/planner", "/planner/heatmap", "/report"),
        "planner": ("/", "/planner", "/planner/heat", "/planner/heatmap", "/map"),
        "water": ("/", "/desk", "/map"),
        "admin": ("/", "/desk", "/map", "/planner"),
    }
    await service.report()
    for username, paths in pages.items():
        client, _ = await signed_in(service, username)
        for path in paths:
            for language, words in (("zh", "微网"), ("en", "lang=")):
                answer = await client.get(path, params={"lang": language})
                assert answer.status_code == 200, (username, path, answer.text[:500])
                nonce = re.findall(r"'nonce-([^']+)'", answer.headers["content-security-policy"])[0]
                assert nonce
                assert words in answer.text or path == "/planner/heatmap"
                assert not re.findall(r'(?:src|href)="https?://', answer.text)
    client, _ = await signed_in(service, "resident")
    refused = await client.get("/desk")
    assert refused.status_code == 403
    assert refused.headers["content-type"].startswith("text/html")


async def test_the_language_is_kept(service: Service) -> None:
    client, _ = await signed_in(service, "desk")
    assert '<html lang="zh-CN"' in (await client.get("/desk")).text
    assert '<html lang="en"' in (await client.get("/desk?lang=en")).text
    assert '<html lang="en"' in (await client.get("/desk")).text


async def test_a_report_by_form_and_the_way_to_closing(service: Service) -> None:
    await service.on_duty("watcher01-01", (50, 50))
    reporter, csrf = await signed_in(service, "rider1")
    page = (await reporter.get("/report")).text
    report_id = re.findall(r'name="id" value="([0-9a-f-]{36})"', page)[0]
    lon, lat = at(50, 58)
    fields = {
        "csrf": csrf,
        "id": report_id,
        "category": "road_damage",
        "lon": str(lon),
        "lat": str(lat),
        "source": "pin",
    }
    photo = {"photo": ("a.jpg", photo_bytes(4), "image/jpeg")}
    for _ in range(2):  # the button pressed twice
        sent = await reporter.post("/report", data=fields, files=photo)
        assert sent.headers.get("location") == f"/report/{report_id}?notice=reported", sent.text[:2000]
    received = await reporter.get(sent.headers["location"])
    assert received.status_code == 200
    assert "20260603-" in received.text

    worker, csrf = await signed_in(service, "watcher01-01")
    tasks = (await worker.get("/tasks")).text
    case_id = re.findall(r'action="/cases/([0-9a-f-]{36})/accept"', tasks)[0]
    accepted = await worker.post(f"/cases/{case_id}/accept", data={"csrf": csrf, "back": "/tasks"})
    assert accepted.headers["location"] == "/tasks?notice=accepted"
    missing = await worker.post(
        f"/cases/{case_id}/done", data={"csrf": csrf, "note": "好了"}, files={"photo": ("", b"")}
    )
    assert missing.status_code in (400, 409)
    assert "data-problem" in missing.text
    after = {"photo": ("b.jpg", photo_bytes(5), "image/jpeg")}
    done = await worker.post(f"/cases/{case_id}/done", data={"csrf": csrf, "note": "好了"}, files=after)
    assert done.headers["location"] == f"/cases/{case_id}?notice=done", done.text[:2000]

    checker, csrf = await signed_in(service, "grid01")
    assert (await checker.get(f"/cases/{case_id}")).status_code == 200
    closed = await checker.post(f"/cases/{case_id}/verify", data={"csrf": csrf, "hours": "2"})
    assert closed.headers["location"].endswith("notice=verified"), closed.text[:2000]
    assert "20" in (await worker.get("/")).text


async def test_a_bad_report_comes_back_with_its_errors(service: Service) -> None:
    client, csrf = await signed_in(service, "resident")
    lon, lat = at(50, 58)
    fields = {"csrf": csrf, "category": "", "lon": str(lon), "lat": str(lat), "description": "我写的话"}
    answer = await client.post("/report", data=fields)
    assert answer.status_code == 400
    assert 'id="error-category"' in answer.text
    assert "我写的话" in answer.text
    swapped = await client.post(
        "/report", data={**fields, "category": "sewer", "lon": str(lat), "lat": str(lon)}
    )
    assert swapped.status_code == 400
    unplaced = await client.post("/report", data={**fields, "category": "sewer", "lon": "", "lat": ""})
    assert 'id="error-lon"' in unplaced.text


async def test_an_address_stands_in_for_a_position(service: Service) -> None:
    client, csrf = await signed_in(service, "resident")
    page = (await client.get("/report?addresses=1")).text  # the list for who has no scripts
    building = str(service.community.buildings["02-02"])
    assert building in page
    sent = await client.post("/report", data={"csrf": csrf, "category": "sewer", "building": building})
    assert sent.status_code == 303, sent.text[:2000]
    desk = await service.person("desk")
    [case] = (await desk.get("/api/v1/cases")).json()["items"]
    assert case["place"]["micro_grid"]["code"] == "02-02"
    assert case["place"]["building"]["name"].startswith("测试街4")
    wrong = await client.post("/report", data={"csrf": csrf, "category": "sewer", "building": "x"})
    assert wrong.status_code == 400


async def test_forms_need_the_sessions_secret(service: Service) -> None:
    client, _ = await signed_in(service, "watcher01-01")
    for path in ("/me/duty", "/report", "/logout", f"/cases/{service.community.id('desk')}/accept"):
        for data in ({}, {"csrf": "wrong"}):
            answer = await client.post(path, data={"on": "1", **data})
            assert answer.status_code == 403, path
    assert (await client.get("/")).status_code == 200


async def test_the_duty_switch_and_signing_out(service: Service) -> None:
    client, csrf = await signed_in(service, "watcher01-01")
    answer = await client.post("/me/duty", data={"csrf": csrf, "on": "1", "back": "/tasks"})
    assert answer.headers["location"] == "/tasks?notice=duty_on"
    assert 'aria-checked="true"' in (await client.get("/tasks")).text
    away = await client.post("/me/duty", data={"csrf": csrf, "on": "0", "back": "https://elsewhere.example/"})
    assert away.headers["location"] == "/tasks?notice=duty_off"
    out = await client.post("/logout", data={"csrf": csrf})
    assert out.headers["location"] == "/login?notice=signed_out"
    assert (await client.get("/tasks")).status_code == 303


async def test_a_filter_that_can_not_be_read(service: Service) -> None:
    client, _ = await signed_in(service, "desk")
    for query in ("status=lost", "from=soon", "cursor=x", "q=%00"):
        answer = await client.get(f"/desk?{query}")
        assert answer.status_code == 400
        assert "data-problem" in answer.text


async def test_home_shows_what_needs_its_reader_now(service: Service) -> None:
    filed = await service.report(category="water_leak")
    await service.act("desk", filed["case_id"], "refer", agency="water", reason="管道")
    expected = {
        "desk": ("1 件转办等待接收", "/desk?status=open"),
        "water": ("1 件转办等待接收", "接收后写上预计办结时间"),
        "grid01": ("我的网格", "/desk?grid=01"),
        "planner": ("近八周", "近 30 天隐患最多的街路"),
        "admin": ("开通步骤", "服务状况"),
        "rider1": ("随手拍", "未上岗"),
        "resident": ("随手拍", "点单"),
    }
    for username, words in expected.items():
        client, _ = await signed_in(service, username)
        html = (await client.get("/")).text
        assert all(word in html for word in words), username
        assert ("开通步骤" in html) == (username == "admin")


async def test_how_pages_look_is_kept_without_signing_in(service: Service) -> None:
    client = await service.anybody(headers=HTML)
    assert 'media="(prefers-color-scheme: dark)"' in (await client.get("/login")).text
    dark = (await client.get("/login?theme=dark&text=large")).text
    assert 'data-theme="dark" data-text="large"' in dark
    assert "dark.css" in dark
    assert "prefers-color-scheme" not in dark
    assert 'data-text="large"' in (await client.get("/login?theme=light")).text
    light = (await client.get("/login?theme=%00&text=huge")).text
    assert 'data-theme="light" data-text="large"' in light
    assert "dark.css" not in light
