"""Search over HTTP: addresses for everybody, cases by number inside one's areas."""

import pytest
from sqlalchemy import text

from gis.store.session import Database
from tests.http.conftest import API, Service


async def test_an_address_is_found_with_its_micro_grid(service: Service) -> None:
    rider = await service.person("rider1")
    answer = await rider.get(f"{API}/search", params={"q": "测试街1号2单元501室"})
    assert answer.status_code == 200, answer.text
    best = answer.json()["items"][0]
    assert (best["kind"], best["label"], best["micro_grid"], best["reason"]) == (
        "stairwell",
        "测试街1号2单元",
        "01-01",
        "exact",
    )
    assert set(answer.json()) == {"items", "next", "total"}


async def test_a_new_version_is_searched_at_once(service: Service, database: Database) -> None:
    desk = await service.person("desk")
    assert (await desk.get(f"{API}/search", params={"q": "新华里"})).json()["items"] == []
    async with database.write() as session:
        await session.run(text("UPDATE building SET name = '新华里' WHERE housenumber = '1'"))
        await session.run(text("UPDATE community SET network_version = network_version + 1"))
    found = (await desk.get(f"{API}/search", params={"q": "xinhuali"})).json()["items"]
    assert [one["kind"] for one in found] == ["building"]


async def test_places_are_found_by_their_other_names(service: Service, database: Database) -> None:
    desk = await service.person("desk")
    async with database.write() as session:
        await session.run(text("UPDATE street_segment SET name = '中山路', aliases = '{浪速通}'"))
        await session.run(
            text(
                "UPDATE area SET attributes = '{\"曾用名\": \"千代田；老院\"}' WHERE level = 'micro_grid' AND code = '01-01'"
            )
        )
        await session.run(text("UPDATE community SET network_version = network_version + 1"))
    for asked, kind in (("浪速通", "street"), ("langsutong", "street"), ("老院", "micro_grid")):
        found = (await desk.get(f"{API}/search", params={"q": asked})).json()["items"]
        assert [one["kind"] for one in found] == [kind], asked


async def test_cases_are_found_by_number_and_only_ones_own(service: Service) -> None:
    number = (await service.report("resident"))["number"]
    for username, seen in (("desk", 1), ("grid01", 1), ("grid02", 0), ("resident", 1), ("rider3", 0)):
        reader = await service.person(username)
        for asked in (number, number[:12], number[:8]):
            answer = await reader.get(f"{API}/search", params={"q": asked, "kinds": "case"})
            assert answer.json()["total"] == seen, (username, asked)


async def test_persons_are_never_found(service: Service) -> None:
    desk = await service.person("desk")
    for words in ("测试resident", "resident", "下水堵了"):
        assert (await desk.get(f"{API}/search", params={"q": words})).json()["items"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "field_missing"),
        ({"q": "a" * 2001}, "field_too_long"),
        ({"q": "八经街", "limit": "0"}, "field_too_small"),
        ({"q": "八经街", "limit": "51"}, "field_too_big"),
        ({"q": "八经街", "limit": "NaN"}, "field_not_integer"),
        ({"q": "八经街", "kinds": "person"}, "field_not_one_of"),
        ({"q": "八经街", "kind": "street"}, "unknown_parameter"),
        ({"q": "\x00"}, "field_not_text"),
    ],
)
async def test_bad_queries(service: Service, problem, query, code) -> None:
    desk = await service.person("desk")
    problem(await desk.get(f"{API}/search", params=query), 400, code)


async def test_a_search_needs_a_sign_in(service: Service, problem) -> None:
    problem(await (await service.anybody()).get(f"{API}/search?q=1"), 401, "not_signed_in")
