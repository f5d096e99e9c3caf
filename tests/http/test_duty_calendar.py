"""Calendars of duty over HTTP: one's own, those of others by the office, and bad input."""

from typing import Any

import pytest

from tests.http.conftest import API, Service

CALENDAR: dict[str, Any] = {
    "shifts": [
        {"weekday": 3, "starts": "08:30", "ends": "17:00"},
        {"weekday": 5, "starts": "22:00", "ends": "06:00"},
    ],
    "exceptions": [
        {
            "kind": "leave",
            "starts_at": "2026-06-10T00:00:00+08:00",
            "ends_at": "2026-06-12T00:00:00+08:00",
            "note": "回老家",
        }
    ],
}
OWN = f"{API}/me/duty/calendar"


async def test_a_watcher_keeps_their_own_calendar(service: Service) -> None:
    watcher = await service.person("watcher01-01")
    empty = (await watcher.get(OWN)).json()
    assert (empty["shifts"], empty["exceptions"], empty["next_border_at"]) == ([], [], None)
    for _ in range(2):  # sent again, it changes nothing
        put = await watcher.put(OWN, json=CALENDAR)
        assert put.status_code == 200, put.text
        found = put.json()
        assert found == (await watcher.get(OWN)).json()
        assert found["shifts"] == CALENDAR["shifts"]
        assert found["exceptions"][0]["note"] == "回老家"
        assert found["on_duty"] is found["on_shift"] is True  # it is Wednesday, 12:00
        assert found["next_border_at"] == "2026-06-03T09:00:00Z"
        assert found["timezone"] == "Asia/Shanghai"
    assert (await watcher.put(f"{API}/me/duty", json={"on": False})).json()["on_duty"] is False
    assert (await watcher.get(OWN)).json()["on_shift"] is True


async def test_the_office_keeps_those_of_others_and_nobody_else_does(service: Service) -> None:
    person = service.community.id("watcher01-01")
    url = f"{API}/people/{person}/duty/calendar"
    desk, rider = await service.person("desk"), await service.person("rider1")
    assert (await desk.put(url, json=CALENDAR)).status_code == 200
    assert len((await desk.get(url)).json()["shifts"]) == 2
    assert (await rider.get(url)).status_code == 403
    assert (await rider.put(url, json=CALENDAR)).status_code == 403
    assert (await desk.get(OWN)).json()["code"] == "not_allowed"
    resident = service.community.id("resident")
    missing = await desk.get(f"{API}/people/{resident}/duty/calendar")
    assert (missing.status_code, missing.json()["code"]) == (404, "responder_not_found")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"shifts": [{"weekday": 8, "starts": "08:00", "ends": "09:00"}]}, "field_too_big"),
        ({"shifts": [{"weekday": 1, "starts": "24:00", "ends": "09:00"}]}, "field_invalid"),
        ({"shifts": [{"weekday": 1, "starts": "09:00", "ends": "09:00"}]}, "shift_empty"),
        (
            {"shifts": [{"weekday": 1, "starts": "08:00", "ends": f"09:{n % 60:02}"} for n in range(61)]},
            "too_many_entries",
        ),
        (
            {
                "exceptions": [
                    {
                        "kind": "holiday",
                        "starts_at": "2026-06-10T00:00:00Z",
                        "ends_at": "2026-06-12T00:00:00Z",
                    }
                ]
            },
            "field_not_one_of",
        ),
        (
            {
                "exceptions": [
                    {"kind": "leave", "starts_at": "2026-06-10T00:00:00", "ends_at": "2026-06-12T00:00:00Z"}
                ]
            },
            "field_not_date",
        ),
        (
            {
                "exceptions": [
                    {"kind": "leave", "starts_at": "2026-06-12T00:00:00Z", "ends_at": "2026-06-10T00:00:00Z"}
                ]
            },
            "exception_order",
        ),
    ],
)
async def test_what_makes_no_sense_is_refused(service: Service, body: dict[str, Any], code: str) -> None:
    watcher = await service.person("watcher01-01")
    answer = await watcher.put(OWN, json=body)
    problem = answer.json()
    assert answer.status_code == 400, problem
    assert code in {problem["code"], *(one["code"] for one in problem["errors"])}
