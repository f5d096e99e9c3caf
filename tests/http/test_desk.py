"""The desk over HTTP: one act on many cases with each case's own answer, choosing by hand, filters and shifts."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from tests.http.conftest import API, Check, Service

PLACES = ((35, 20), (150, 150), (35, 150), (150, 30))


async def cases(service: Service, number: int = 3) -> dict[str, int]:
    """File cases at places of their own and return their revisions."""
    filed = [await service.report(where=PLACES[one], category="noise") for one in range(number)]
    client = await service.person("desk")
    items = (await client.get(f"{API}/cases")).json()["items"]
    known = {one["id"]: one["revision"] for one in items}
    return {one["case_id"]: known[one["case_id"]] for one in filed}


async def test_each_case_has_its_own_answer(service: Service) -> None:
    known = await cases(service)
    first, second, third = known
    desk = await service.person("desk")
    assert (await service.act("desk", second, "cancel", reason="重复")).status_code == 200
    body = {
        "act": "refer",
        "case_ids": [*known, str(uuid4())],
        "fields": {"agency": "water", "reason": "主管道"},
    }
    seen = (await desk.post(f"{API}/cases/bulk", json=body | {"preview": True})).json()
    assert [one["code"] for one in seen["items"]] == [None, "illegal_transition", None, "case_not_found"]
    assert (await desk.get(f"{API}/cases/{first}")).json()["status"] == "open"  # looked at, not done
    found = (await desk.post(f"{API}/cases/bulk", json=body)).json()
    assert [(one["status"], one["code"]) for one in found["items"]] == [
        ("referred", None),
        (None, "illegal_transition"),
        ("referred", None),
        (None, "case_not_found"),
    ]
    assert all(one["detail"] for one in found["items"] if one["code"])
    assert (found["done"], found["refused"]) == (2, 2)
    back = {"act": "undo", "case_ids": [first, third]}
    found = (await desk.post(f"{API}/cases/bulk", json=back)).json()
    assert [one["status"] for one in found["items"]] == ["open", "open"]
    detail = (await desk.get(f"{API}/cases/{first}")).json()
    assert [one["verb"] for one in detail["timeline"]] == ["submit", "refer", "undo"]


async def test_two_desks_at_once_and_nothing_is_half_done(service: Service) -> None:
    known = await cases(service, 4)
    desk, admin = await service.person("desk"), await service.person("admin")
    both = await asyncio.gather(
        *(
            client.post(
                f"{API}/cases/bulk",
                json={
                    "act": "refer",
                    "case_ids": list(known)[::step],
                    "revisions": known,
                    "fields": {"agency": agency, "reason": "批量"},
                },
            )
            for client, agency, step in ((desk, "water", 1), (admin, "roads", -1))
        )
    )
    won: dict[str, list[str]] = {}
    for answer in both:
        assert answer.status_code == 200, answer.text
        for one in answer.json()["items"]:
            if one["code"] is None:
                won.setdefault(one["id"], []).append(one["status"])
            else:
                assert one["code"] in {"changed_meanwhile", "already_referred"}
    assert {case_id: len(how) for case_id, how in won.items()} == dict.fromkeys(known, 1)
    for case_id in known:
        detail = (await desk.get(f"{API}/cases/{case_id}")).json()
        assert [one["verb"] for one in detail["timeline"]] == ["submit", "refer"]
        assert len(detail["referrals"]) == 1


async def test_several_are_merged_and_parted_again(service: Service) -> None:
    known = await cases(service)
    stays, *others = known
    desk = await service.person("desk")
    body = {"act": "merge", "case_ids": list(known), "fields": {"into": stays, "reason": "同一处"}}
    found = (await desk.post(f"{API}/cases/bulk", json=body)).json()
    assert [one["code"] for one in found["items"]] == ["merge_into_itself", None, None]
    assert (await desk.get(f"{API}/cases/{stays}")).json()["reports_count"] == 3
    found = (await desk.post(f"{API}/cases/bulk", json={"act": "undo", "case_ids": others})).json()
    assert (found["done"], [one["status"] for one in found["items"]]) == (2, ["open", "open"])
    assert (await desk.get(f"{API}/cases/{stays}")).json()["reports_count"] == 1


async def test_what_cannot_be_asked_for_is_told(service: Service, problem: Check) -> None:
    known = await cases(service, 1)
    (case_id,) = known
    desk, grid = await service.person("desk"), await service.person("grid02")
    url = f"{API}/cases/bulk"
    for body, code in (
        ({}, "invalid_input"),
        ({"act": "refer", "case_ids": []}, "field_missing"),
        ({"act": "fly", "case_ids": [case_id]}, "field_not_one_of"),
        ({"act": "refer", "case_ids": ["x"]}, "field_not_uuid"),
        ({"act": "refer", "case_ids": [case_id], "fields": {"nonsense": 1}}, "field_unknown"),
        ({"act": "classify", "case_ids": [case_id]}, "field_missing"),
        ({"act": "refer", "case_ids": [str(uuid4()) for _ in range(201)]}, "field_too_long"),
    ):
        answer = await desk.post(url, json=body)
        assert (answer.status_code, bool(answer.json()["code"])) == (400, True), (body, answer.text, code)
    found = (
        await grid.post(url, json={"act": "cancel", "case_ids": [case_id], "fields": {"reason": "x"}})
    ).json()
    assert found["items"][0]["code"] == "case_not_found"  # outside of their areas
    found = (await desk.post(url, json={"act": "cancel", "case_ids": [case_id], "fields": {}})).json()
    assert found["items"][0]["code"] == "reason_needed"
    problem(await desk.post(f"{API}/desk/filters", json={"name": " "}), 400, "text_needed")
    problem(await desk.delete(f"{API}/desk/filters/{uuid4()}"), 404, "filter_not_found")
    problem(await desk.post(f"{API}/desk/shift/end", json={}), 409, "no_shift")
    problem(await grid.post(f"{API}/desk/shift", json={}), 403, "not_allowed")
    problem(
        await desk.post(f"{API}/desk/notes", json={"words": "x", "case_id": str(uuid4())}),
        404,
        "case_not_found",
    )
    problem(await desk.post(f"{API}/desk/notes/{uuid4()}/settle"), 404, "note_not_found")
    problem(await service.act("desk", case_id, "classify", category="x"), 400, "category_unknown")
    problem(await service.act("desk", case_id, "offer", to="nobody"), 400, "colleague_unknown")
    problem(await service.act("desk", case_id, "undo"), 409, "undo_nothing")


async def test_the_desk_sees_whom_it_could_ask_and_chooses(service: Service) -> None:
    await service.on_duty("watcher01-01", (50, 50))
    await service.on_duty("rider1", (160, 160))
    (case_id,) = await cases(service, 1)
    desk = await service.person("desk")
    ranking = (await desk.get(f"{API}/cases/{case_id}/candidates")).json()["ranking"]
    assert [one["place"] for one in ranking["candidates"]] == [1, 2]
    chosen = ranking["candidates"][1]["person_id"]
    service.clock.at += timedelta(seconds=1)  # the explanations are in the order of their times
    assert (await service.act("desk", case_id, "offer", to=chosen, reason="顺路")).json()[
        "status"
    ] == "offered"
    rider = await service.person("rider1")
    (offer,) = (await rider.get(f"{API}/me/offers")).json()["items"]
    assert offer["case"]["id"] == case_id
    latest = (await desk.get(f"{API}/cases/{case_id}/dispatch")).json()["items"][0]["explanation"]
    assert (latest["assigned_by"], latest["chosen"]) == ("测试desk", chosen)


async def test_filters_notes_and_shifts(service: Service) -> None:
    desk, admin = await service.person("desk"), await service.person("admin")
    body = {"name": "超时限", "query": "light=red", "shared": True, "is_default": True}
    assert (await desk.post(f"{API}/desk/filters", json=body)).status_code == 201
    (mine,) = (await desk.get(f"{API}/desk/filters")).json()["items"]
    (theirs,) = (await admin.get(f"{API}/desk/filters")).json()["items"]
    assert (mine["mine"], theirs["mine"], theirs["query"]) == (True, False, "light=red")
    assert (await desk.post(f"{API}/desk/shift")).status_code == 204
    note = {"id": str(uuid4()), "words": "等回电"}
    for _ in range(2):
        assert (await desk.post(f"{API}/desk/notes", json=note)).status_code == 201
    assert (await desk.post(f"{API}/desk/shift/end", json={"words": "盯着北五经街"})).status_code == 204
    assert (await admin.post(f"{API}/desk/shift")).status_code == 204
    under_way, ended = (await admin.get(f"{API}/desk/shifts")).json()["items"]
    assert (under_way["person_name"], ended["taken_by"]) == ("测试admin", "测试admin")
    assert len((await admin.get(f"{API}/desk/notes")).json()["items"]) == 1
