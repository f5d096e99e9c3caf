"""Mediation over HTTP: what is said in it is on no other page, list, layer or feed of the service."""

import html
from uuid import uuid4

from sqlalchemy import text

from gis.store import certificates
from gis.store.session import Database
from tests.http.conftest import API, Check, Json, Service, photo_bytes
from tests.http.test_pages import signed_in

NAME, CONTACT, WORDS = "陈淑华", "13811112222", "楼道里的旧柜子一直不搬"


async def mediated(service: Service, database: Database) -> Json:
    """Return an opened mediation with a party, a session, an agreement with a photo, and a follow-up."""
    async with database.write() as session:
        watcher = service.community.id("watcher01-01")
        await certificates.learn(session, service.community.community_id, [watcher], "mediation")
    case_id = (await service.report(category="dispute"))["case_id"]
    desk = await service.person("desk")
    made = await desk.post(f"{API}/mediations", json={"case_id": case_id, "mediator": "watcher01-01"})
    assert made.status_code == 201, made.text
    mediator = await service.person("watcher01-01")
    url, party = f"{API}/mediations/{case_id}", str(uuid4())
    for act, fields in (
        ("parties", {"id": party, "name": NAME, "contact": CONTACT, "words": WORDS}),
        (
            "sessions",
            {"starts_at": "2026-06-03T10:00+08:00", "place": CONTACT, "present": [party], "words": WORDS},
        ),
        ("follow_ups", {"due_on": "2026-07-01"}),
    ):
        answer = await mediator.post(f"{url}/{act}", json=fields)
        assert answer.status_code == 200, answer.text
    scan = await mediator.post(
        f"{url}/agreement",
        data={"words": WORDS, "signed_by": NAME, "signed_on": "2026-06-03"},
        files={"photo": ("a.jpg", photo_bytes(), "image/jpeg")},
    )
    assert scan.status_code == 200, scan.text
    found: Json = (await desk.get(url)).json()
    return found


async def test_the_two_see_everything_and_nobody_else(
    service: Service, database: Database, problem: Check
) -> None:
    found = await mediated(service, database)
    (party,), (session,) = found["parties"], found["held"]
    assert (party["name"], party["contact"], party["words"]) == (NAME, CONTACT, WORDS)
    assert (session["present"], found["agreement"], found["signed_by"]) == ([party["id"]], WORDS, NAME)
    (photo,) = found["photos"]
    for name, status in (
        ("desk", 200),
        ("watcher01-01", 200),
        ("admin", 404),
        ("grid01", 404),
        ("rider1", 404),
    ):
        client = await service.person(name)
        assert (await client.get(photo["view_url"])).status_code == status, name
        if status == 404:
            problem(await client.get(f"{API}/mediations/{found['case_id']}"), 404, "mediation_not_found")
            problem(await client.post(f"{API}/mediations/{found['case_id']}/parties", json={"name": "x"}), 404,
                    "mediation_not_found")  # fmt: skip
    (listed,) = (await (await service.person("admin")).get(f"{API}/mediations")).json()["items"]
    assert (listed["mine"], listed["sessions"], listed["next_follow_up"]) == (False, 1, "2026-07-01")
    assert NAME not in str(listed)
    async with database.read() as opened:
        looks = await opened.value(text("SELECT count(*) FROM access WHERE kind = 'mediation'"))
    assert looks == 4  # when it was opened, when the desk read it, and at each look at the scan


async def test_the_agreement_on_paper(service: Service, database: Database, problem: Check) -> None:
    found = await mediated(service, database)
    path = f"/mediation/{found['case_id']}/agreement"
    mediator, _ = await signed_in(service, "watcher01-01")
    paper = await mediator.get(path)
    assert paper.headers["cache-control"] == "no-store"
    text_of = html.unescape(paper.text)
    for words in (NAME, WORDS, found["number"], "人民调解协议书"):
        assert words in text_of
    assert "<script" not in paper.text
    english = (await mediator.get(f"{path}?lang=en")).text
    assert "Agreement of mediation" in english
    async with database.read() as session:
        looks = await session.value(text("SELECT count(*) FROM access WHERE kind = 'mediation'"))
    assert looks >= 2
    (photo,) = found["photos"]
    assert (await mediator.get(photo["view_url"])).status_code == 200
    async with database.read() as session:
        seen = await session.value(
            text("SELECT count(*) FROM access WHERE kind = 'mediation' AND subject_id LIKE 'photo %'")
        )
    assert seen == 1
    for name in ("admin", "grid01", "rider1"):
        assert (await (await service.browser(name))[0].get(path)).status_code in {403, 404}, name


async def test_no_other_interface_tells_of_it(service: Service, database: Database) -> None:
    found = await mediated(service, database)
    case_id, mediator = found["case_id"], await service.person("watcher01-01")
    for verb in ("accept", "arrive"):
        assert (await service.act("watcher01-01", case_id, verb)).status_code in {200, 409}
    await service.act("desk", case_id, "offer", to="watcher01-01")
    bare = f"{API}/cases/{case_id}"
    paths = [bare, f"{bare}/dispatch", f"{API}/cases?q={NAME}", f"{API}/cases?status=all", f"{API}/reports", f"{API}/search?q={NAME}",
             f"{API}/me/notices", f"{API}/heatmap", f"{API}/hotspots", "/open311/v2/requests.json?jurisdiction_id=test", "/ogc/collections/cases/items",
             f"{API}/counts", f"{API}/me", f"/cases/{case_id}", "/desk", "/map", "/notices", "/tasks", "/mediation", "/service",
             f"{API}/events?after=0"]  # fmt: skip
    for name in ("desk", "admin", "grid01", "watcher01-01"):
        client = await service.person(name)
        for path in paths[:-1]:
            answer = await client.get(
                path, headers={"Accept": "text/html" if path[1:5] in {"desk", "case"} else "*/*"}
            )
            assert answer.status_code < 500, path
            seen = answer.text.replace(NAME, "", answer.text.count(f"q={NAME}"))
            for secret in (CONTACT, WORDS, NAME):
                assert secret not in html.unescape(seen), (name, path)
    assert (await mediator.get(f"/mediation/{case_id}")).status_code == 200


async def test_pages_of_mediation(service: Service, database: Database) -> None:
    found = await mediated(service, database)
    page = f"/mediation/{found['case_id']}"
    desk, secret = await signed_in(service, "desk")
    shown = await desk.get(page)
    assert NAME in shown.text
    for path in ("/mediation", page):
        assert "陈淑华" in shown.text
        assert (await desk.get(path)).status_code == 200
    refused = await desk.post(
        f"{page}/parties", data={"csrf": secret, "id": str(uuid4()), "name": "", "words": "我不同意"}
    )
    assert refused.status_code == 400
    assert "我不同意" in refused.text
    late = await desk.post(
        f"{page}/sessions", data={"csrf": secret, "starts_at": "乱写", "place": "会议室", "words": "谈话"}
    )
    assert late.status_code == 400
    assert "会议室" in late.text
    form = {
        "csrf": secret,
        "starts_at": "2026-06-05T10:00",
        "place": "会议室",
        "present": found["parties"][0]["id"],
    }
    assert (await desk.post(f"{page}/sessions", data=form)).status_code == 303
    assert (
        await desk.post(f"{page}/outcome", data={"csrf": secret, "outcome": "withdrawn", "note": "撤回"})
    ).status_code == 303
    assert (await service.person("desk")) is not None
    (await desk.get(page)).raise_for_status()
    follow = found["follow_ups"][0]["id"]
    done = await desk.post(
        f"{page}/follow_up_done", data={"csrf": secret, "id": follow, "kept": "kept", "words": "都好"}
    )
    assert done.status_code == 303
    assert "都好" in (await desk.get(page)).text
    register = (await desk.get("/mediation.xlsx")).content
    assert len(register) > 1000
    rider, _ = await signed_in(service, "rider1")
    assert (await rider.get("/mediation.xlsx")).status_code == 403
    assert (await rider.get("/mediation")).status_code == 403
    assert (await rider.get(page)).status_code == 404
    watcher, _ = await signed_in(service, "watcher01-01")
    assert (
        "达成协议" in (await watcher.get("/mediation")).text
        or "当事人撤回" in (await watcher.get("/mediation")).text
    )
