"""Rubbish sent to teams, certificates, activities, the handbook and mediation: a problem with a code, never a failure of ours."""

import json
from uuid import uuid4

from tests.http.conftest import API, Service

ODD: tuple[object, ...] = (
    None,
    True,
    -1,
    1e308,
    "\x00",
    "\ud800",
    "长" * 3000,
    [1],
    {"a": 1},
    "0001-01-01",
    "9999-12-31T23:59:59+14:00",
)
FIELDS = {
    "teams": ("id", "name", "kind", "about", "active"),
    "certificates": ("id", "person", "kind", "number", "issued_on", "ends_on"),
    "activities": ("id", "kind", "title", "place", "starts_at", "ends_at", "places", "hours", "team", "skill", "certificate"),
    "mediations": ("case_id", "mediator", "offer"),
}  # fmt: skip
GOOD: dict[str, dict[str, object]] = {
    "teams": {"name": "甲队", "kind": "care"},
    "certificates": {"person": "rider1", "kind": "fire", "issued_on": "2026-01-01"},
    "activities": {"title": "扫雪", "place": "院里", "places": 3, "starts_at": "2026-06-04T10:00:00Z",
                   "ends_at": "2026-06-04T12:00:00Z"},
    "mediations": {"case_id": str(uuid4())},
}  # fmt: skip


async def test_no_body_makes_the_service_fail(service: Service) -> None:
    desk = await service.person("desk")
    failed = []
    for path, names in FIELDS.items():
        for name in names:
            for value in ODD:
                body = json.dumps(GOOD[path] | {name: value})
                answer = await desk.post(
                    f"{API}/{path}", content=body, headers={"Content-Type": "application/json"}
                )
                if answer.status_code >= 500:
                    failed.append((path, name, value, answer.text[:200]))
                if answer.status_code >= 400:
                    assert answer.headers["content-type"].startswith("application/problem+json")
    assert failed == []


async def test_no_act_on_what_is_not_there_makes_the_service_fail(service: Service) -> None:
    client, nobody = await service.person("desk"), uuid4()
    acts = {
        f"activities/{nobody}": ("sign_up", "leave", "attend", "cancel", "change", "nothing"),
        f"mediations/{nobody}": ("mediator", "keeper", "parties", "sessions", "agreement", "outcome", "follow_ups",
                                 "follow_up_done", "nothing"),
        f"certificates/{nobody}": ("withdraw",),
        f"teams/{nobody}": ("members",),
    }  # fmt: skip
    given = {
        "code": "x",
        "reason": "x",
        "title": "x",
        "places": 1,
        "person": "rider1",
        "name": "x",
        "words": "x",
    }
    for path, names in acts.items():
        for name in names:
            for body in ({}, given, {"id": "\x00"}):
                answer = await client.post(f"{API}/{path}/{name}", json=body)
                assert 400 <= answer.status_code < 500, (path, name, answer.text)
                assert answer.json()["code"]
    for path in ("teams", "activities", "mediations", "handbook"):
        for rubbish in ("x", "%00", str(nobody), "9" * 300):
            answer = await client.get(f"{API}/{path}/{rubbish}")
            assert 400 <= answer.status_code < 500, (path, rubbish)
