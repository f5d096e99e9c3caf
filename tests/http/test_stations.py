"""Stations near somebody: by the way along the streets, open ones first."""

import psycopg

from tests.factories import at
from tests.http.conftest import API, Check, Service

STATIONS = (
    ("S1", (20, 20), "24/7"),
    ("S2", (150, 150), "Mo-Su 07:00-21:00"),
    ("S3", (22, 20), "Mo-Su 01:00-02:00"),
)


def _build(url: str, community_id: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for code, where, hours in STATIONS:
            connection.execute(
                "INSERT INTO station (community_id, code, name, amenities, opening_hours, geom)"
                " VALUES (%s, %s, %s, '{charging,water}', %s, st_setsrid(st_point(%s, %s), 4326))",
                (community_id, code, f"驿站{code}", hours, *at(*where)),
            )


async def test_the_nearest_open_one_comes_first(service: Service, database_url: str, problem: Check) -> None:
    _build(database_url, service.community.community_id)
    client = await service.person("resident")
    lon, lat = at(140, 150)
    found = (await client.get(f"{API}/me/stations", params={"lon": lon, "lat": lat})).json()["items"]
    assert [(one["code"], one["open"]) for one in found] == [("S2", True), ("S1", True), ("S3", False)]
    assert found[0]["distance_m"] < found[1]["distance_m"]
    without = (await client.get(f"{API}/me/stations", params={"limit": 1})).json()["items"]
    assert [(one["code"], one["travel_s"]) for one in without] == [("S1", None)]
    problem(
        await client.get(f"{API}/me/stations", params={"lon": "nan", "lat": 1}), 400, "position_not_finite"
    )
    problem(await client.get(f"{API}/me/stations", params={"limit": 0}), 400, "field_too_small")


async def test_the_page_of_tasks_shows_them(service: Service, database_url: str) -> None:
    _build(database_url, service.community.community_id)
    await service.on_duty("rider1", (30, 20))
    client, _ = await service.browser("rider1")
    page = (await client.get("/tasks")).text
    assert page.index("驿站S1") < page.index("驿站S2") < page.index("驿站S3")
    assert "步行" in page
