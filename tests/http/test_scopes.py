"""Nobody reads or changes what lies outside their role and areas."""

from sqlalchemy import text

from gis.store.session import Database
from tests.http.conftest import API, Check, Service, photo_bytes, report_fields

WEST, EAST = (35, 20), (150, 150)


async def two_cases(service: Service) -> tuple[str, str]:
    return (await service.report("rider1", where=WEST))["case_id"], (
        await service.report("rider2", where=EAST)
    )["case_id"]


async def test_lists_and_details(service: Service, problem: Check) -> None:
    west, east = await two_cases(service)
    expected = {
        "desk": {west, east},
        "admin": {west, east},
        "planner": {west, east},
        "grid01": {west},
        "grid02": {east},
        "watcher01-01": {west},
        "watcher01-02": set(),
        "rider1": {west},
        "rider3": set(),
        "resident": set(),
        "water": set(),
    }
    for username, visible in expected.items():
        client = await service.person(username)
        listed = (await client.get(f"{API}/cases")).json()
        assert {one["id"] for one in listed["items"]} == visible, username
        assert listed["total"] == len(visible)
        assert sum((await client.get(f"{API}/counts")).json()["counts"].values()) == len(visible)
        for case_id in (west, east):
            answer = await client.get(f"{API}/cases/{case_id}")
            if case_id in visible:
                assert answer.status_code == 200
            else:
                problem(answer, 404, "case_not_found")


async def test_a_look_at_a_case_is_recorded(service: Service, database: Database) -> None:
    west, _ = await two_cases(service)
    await (await service.person("grid01")).get(f"{API}/cases/{west}")
    async with database.read() as session:
        rows = await session.rows(text("SELECT person_id, kind, subject_id FROM access"))
    assert [(one.person_id, one.kind, one.subject_id) for one in rows] == [
        (service.community.id("grid01"), "case", west)
    ]


async def test_reporters_names_are_for_the_office(service: Service) -> None:
    west, _ = await two_cases(service)
    seen = (await (await service.person("watcher01-01")).get(f"{API}/cases/{west}")).json()
    assert seen["reports"][0]["reporter"] is None
    assert seen["offers"] == []
    seen = (await (await service.person("grid01")).get(f"{API}/cases/{west}")).json()
    assert seen["reports"][0]["reporter"]["name"] == "测试rider1"


async def test_photos(service: Service, database: Database, problem: Check) -> None:
    rider = await service.person("rider1")
    form = {name: str(value) for name, value in report_fields(WEST).items()}
    await rider.post(f"{API}/reports", data=form, files={"photo": ("a.jpg", photo_bytes(9), "image/jpeg")})
    photo = (await rider.get(f"{API}/reports")).json()["items"][0]["photos"][0]
    for username, status in (("rider1", 200), ("grid01", 200), ("grid02", 404), ("rider2", 404)):
        client = await service.person(username)
        # the thumbnail of what is open is shown to all who are about to report the same
        for url, expected in ((photo["view_url"], status), (photo["thumb_url"], 200)):
            answer = await client.get(url)
            assert answer.status_code == expected, (username, url)
            if expected == 200:
                assert answer.headers["content-type"] == "image/jpeg"
                assert b"Exif" not in answer.content
    original = f"{API}/photos/{photo['id']}/original"
    problem(await rider.get(original), 403, "original_not_allowed")
    assert (await (await service.person("grid01")).get(original)).content == photo_bytes(9)
    async with database.read() as session:
        assert await session.value(text("SELECT count(*) FROM access WHERE kind = 'original'")) == 1


async def test_areas(service: Service) -> None:
    expected = {"grid01": {"01-01", "01-02"}, "watcher02-01": {"02-01"}, "rider1": 4, "desk": 4}
    for username, visible in expected.items():
        layer = (await (await service.person(username)).get(f"{API}/areas?level=micro_grid")).json()
        codes = {one["properties"]["code"] for one in layer["features"]}
        assert codes == visible if isinstance(visible, set) else len(codes) == visible, username
    layer = (await (await service.person("watcher02-01")).get(f"{API}/areas?level=grid")).json()
    assert [one["properties"]["code"] for one in layer["features"]] == ["02"]


async def test_the_dispatch_is_explained_to_the_office_only(service: Service, problem: Check) -> None:
    west, _ = await two_cases(service)
    assert (await (await service.person("grid01")).get(f"{API}/cases/{west}/dispatch")).status_code == 200
    problem(await (await service.person("rider1")).get(f"{API}/cases/{west}/dispatch"), 403, "not_allowed")
    problem(await (await service.person("grid02")).get(f"{API}/cases/{west}/dispatch"), 404, "case_not_found")


async def test_heat_is_coarser_for_the_public(service: Service) -> None:
    await two_cases(service)
    exact = (await (await service.person("desk")).get(f"{API}/heatmap")).json()
    coarse = (await (await service.person("resident")).get(f"{API}/heatmap")).json()
    assert (exact["cell_m"], coarse["cell_m"]) == (1.0, 100.0)
    assert exact["total"] == coarse["total"] == 2
    assert (await (await service.person("grid01")).get(f"{API}/heatmap")).json()["total"] == 1
    streets = (await (await service.person("desk")).get(f"{API}/hotspots")).json()
    assert streets["items"]
    assert all(one["cases_per_100m"] > 0 and one["length_m"] > 0 for one in streets["items"])


async def test_pages_of_a_list_hold_each_case_once(service: Service) -> None:
    made = {
        (await service.report(where=(10 + 25 * n, 20 + 25 * n), category="sewer"))["case_id"]
        for n in range(7)
    }
    desk = await service.person("desk")
    seen, cursor = [], None
    while True:
        page = (
            await desk.get(f"{API}/cases", params={"limit": 3, **({"cursor": cursor} if cursor else {})})
        ).json()
        assert page["total"] == len(made)
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == len(made)


async def test_filters(service: Service) -> None:
    west, east = await two_cases(service)
    desk = await service.person("desk")

    async def found(**params):
        return {one["id"] for one in (await desk.get(f"{API}/cases", params=params)).json()["items"]}

    assert await found(grid="01") == {west}
    assert await found(micro_grid="02-02") == {east}
    assert await found(status="open,offered") == {west, east}
    assert await found(status="live", category="sewer") == {west, east}
    assert await found(status="closed") == set()
    assert await found(bbox="123.414,41.788,123.416,41.7895") == {west}
    assert await found(**{"from": "2026-06-03", "to": "2026-06-03"}) == {west, east}
    assert await found(to="2026-06-02") == set()
    assert await found(**{"from": "2026-06-03T12:00:01+08:00"}) == set()
    assert await found(q="下水") == {west, east}
    assert await found(q="02-02") == {east}
    assert await found(q="%") == set()
