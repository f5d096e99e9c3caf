"""Ratings over HTTP and by form: bad input is told beside its field, repeats change nothing, words are for the office."""

from typing import Any

import pytest

from tests.http.conftest import API, Check, Service, photo_bytes


async def finished(service: Service) -> tuple[str, str]:
    found = await service.report("resident", category="elderly_care")
    case_id = found["case_id"]
    await service.on_duty("watcher01-01", (30, 20))
    for username, verb in (("watcher01-01", "accept"), ("watcher01-01", "done"), ("desk", "verify")):
        answer = await service.act(username, case_id, verb)
        assert answer.status_code == 200, answer.text
    return found["id"], case_id


BAD: list[tuple[Any, int, str]] = [
    ({}, 400, "invalid_input"),
    ({"stars": 5}, 400, "field_missing"),
    ({"stars": 0, "solved": True}, 400, "field_too_small"),
    ({"stars": 6, "solved": True}, 400, "field_too_big"),
    ({"stars": "NaN", "solved": True}, 400, "field_not_integer"),
    ({"stars": 4.5, "solved": True}, 400, "field_not_integer"),
    ({"stars": 5, "solved": "perhaps"}, 400, "field_not_boolean"),
    ({"stars": 5, "solved": False}, 400, "rating_words_needed"),
    ({"stars": 5, "solved": True, "words": "长" * 501}, 400, "text_too_long"),
    ({"stars": 5, "solved": True, "words": ["a"]}, 400, "field_not_text"),
    ({"stars": 5, "solved": True, "case_id": "x"}, 400, "field_unknown"),
]


async def test_ratings_over_http(service: Service, problem: Check) -> None:
    report_id, case_id = await finished(service)
    resident = await service.person("resident")
    address = f"{API}/reports/{report_id}/rating"
    for body, status, code in BAD:
        problem(await resident.put(address, json=body), status, code)
    problem(
        await resident.put(address, content=b"[1]", headers={"Content-Type": "text/csv"}),
        415,
        "content_type_unknown",
    )
    good = {"stars": 4, "solved": True, "words": "来得快"}
    for stranger in ("rider1", "desk", "watcher01-01", "planner", "water"):
        problem(await (await service.person(stranger)).put(address, json=good), 404, "report_not_found")
    first = await resident.put(address, json=good)
    assert first.json() == {"id": case_id, "status": "closed", "revision": first.json()["revision"]}
    assert (await resident.put(address, json=good)).json() == first.json()
    told = (await resident.get(f"{API}/reports/{report_id}")).json()["rating"]
    assert (told["stars"], told["solved"], told["words"]) == (4, True, "来得快")
    shown = (await (await service.person("grid01")).get(f"{API}/cases/{case_id}")).json()
    assert shown["reports"][0]["rating"]["stars"] == 4
    shown = (await (await service.person("watcher01-01")).get(f"{API}/cases/{case_id}")).json()
    assert shown["reports"][0]["rating"] is None
    notices = (await resident.get(f"{API}/me/notices")).json()["items"]
    assert [one["url"] for one in notices if one["kind"] == "to_rate"] == [f"/report/{report_id}#rating"]


async def test_the_form_keeps_what_was_typed_and_opens_the_case_again(service: Service) -> None:
    report_id, case_id = await finished(service)
    client, csrf = await service.browser("resident")
    address = f"/report/{report_id}/rating"
    page = await client.get(f"/report/{report_id}")
    assert 'id="rating"' in page.text
    empty = await client.post(address, data={"csrf": csrf})
    assert empty.status_code == 400
    assert {"error-stars", "error-solved"} <= {
        one for one in ("error-stars", "error-solved") if one in empty.text
    }
    silent = await client.post(address, data={"csrf": csrf, "stars": "2", "solved": "false", "words": " "})
    assert silent.status_code == 400
    assert 'id="error-words"' in silent.text
    assert 'name="stars" value="2" required checked' in silent.text
    sent = await client.post(address, data={"csrf": csrf, "stars": "2", "solved": "false", "words": "没人来"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"/report/{report_id}?notice=rated")
    again = await client.get(f"/report/{report_id}")
    assert "没人来" in again.text
    assert 'action="/report/' not in again.text  # there is nothing to rate before it is done again
    detail = (await (await service.person("desk")).get(f"{API}/cases/{case_id}")).json()
    assert detail["status"] in {"open", "offered"}
    early = await client.post(address, data={"csrf": csrf, "stars": "5", "solved": "true"})
    assert early.status_code == 409
    missing = await client.post(
        f"/report/{case_id}/rating", data={"csrf": csrf, "stars": "5", "solved": "true"}
    )
    assert missing.status_code == 404


@pytest.mark.parametrize("shown", ["", "live", "to_rate", "nonsense"])
async def test_the_list_of_ones_own_reports(service: Service, shown: str) -> None:
    await finished(service)
    await service.report("resident", where=(60, 60), category="sewer")
    await service.report("rider1", where=(80, 80), category="tree")
    client, _ = await service.browser("resident")
    page = await client.get(f"/reports?show={shown}&cursor=")
    assert page.status_code == 200
    assert page.text.count('href="/report/') == {"live": 1, "to_rate": 1}.get(shown, 2)
    assert (await client.get("/reports?cursor=broken")).status_code == 400


async def test_an_after_photo_stands_beside_the_first(service: Service) -> None:
    found = await service.report("resident", category="sewer")
    await service.on_duty("watcher01-01", (30, 20))
    await service.act("watcher01-01", found["case_id"], "accept")
    watcher = await service.person("watcher01-01")
    await watcher.post(
        f"{API}/cases/{found['case_id']}/done",
        data={"note": "通了"},
        files={"photo": ("a.jpg", photo_bytes(3), "image/jpeg")},
    )
    client, _ = await service.browser("resident")
    page = await client.get(f"/report/{found['id']}")
    assert page.text.count("data-photo") == 1
    assert "aria-current" in page.text
