"""Photos join reports and cases: who may, what is refused, and that rows never come before bytes."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from geoalchemy2.shape import from_shape
from PIL import Image
from shapely import Point
from sqlalchemy import func, insert, select, text, update

from gis.clock import SettableClock
from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, StorageFullError
from gis.flows.atlas import Atlas
from gis.flows.attach_photo import attach_photo, check_sha256, remove_left_over_photos, store_photos
from gis.flows.work import Work
from gis.intake import CleanPhoto, decode_photo
from gis.settings import PhotoSettings, Settings
from gis.store.jobs import ProcrastinateJobs
from gis.store.photo_rows import photos_missing
from gis.store.photos import PhotoStore
from gis.store.session import Database
from gis.store.tables import case, photo, report
from gis.words import Actor, Status
from tests import photos
from tests.factories import Community, at, draw_community

Working = Callable[[], AbstractAsyncContextManager[Work]]
HERE = (50.0, 50.0)


@cache
def shot(number: int) -> CleanPhoto:
    """Return a photo taken some 40 m east of the report."""
    block = photos.exif(gps=photos.gps_at(*at(90, 50), heading=10))
    return decode_photo(
        photos.encoded(Image.new("RGB", (80, 60), (number * 17, 9, 9)), exif=block), PhotoSettings()
    )


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(tmp_path / "photos", reserve_bytes=0)


@pytest.fixture
def working(database: Database, clock: SettableClock, store: PhotoStore) -> Working:
    """Give what opens one unit of work, committed at its end."""

    @asynccontextmanager
    async def work() -> AsyncIterator[Work]:
        async with database.write() as session:
            yield Work(session, clock, ProcrastinateJobs(), Atlas(), store, Settings())

    return work


async def add_case(work: Work, drawn: Community, **columns: Any) -> UUID:
    """Store a case in micro-grid 01-01."""
    case_id = uuid4()
    now = work.clock.now()
    values = {"category": "road_damage", "status": "open", "place": {}, "area_version": 1, "grid_code": "01"}
    values |= {"micro_grid_code": "01-01", "opened_at": now, "answer_due_at": now, "resolve_due_at": now}
    geom = from_shape(Point(at(*HERE)), srid=4326)
    await work.session.run(
        insert(case).values(community_id=drawn.community_id, case_id=case_id, geom=geom, **values | columns)
    )
    return case_id


async def add_report(
    work: Work, drawn: Community, reporter: Actor, manifest: list[str], case_id: UUID | None = None
) -> tuple[UUID, UUID]:
    """Store a report and its case; return both ids."""
    case_id = case_id or await add_case(work, drawn, reporter_id=reporter.person_id)
    report_id = uuid4()
    lon, lat = at(*HERE)
    values = {"category": "road_damage", "stated_datum": "wgs84", "stated_lon": lon, "stated_lat": lat}
    values |= {"position_source": "gnss", "place": {}, "received_at": work.clock.now(), "body_hash": b""}
    await work.session.run(
        insert(report).values(
            community_id=drawn.community_id,
            report_id=report_id,
            case_id=case_id,
            reporter_id=reporter.person_id,
            geom=from_shape(Point(lon, lat), srid=4326),
            manifest=manifest,
            **values,
        )
    )
    return report_id, case_id


async def count(work: Work) -> int:
    return int(await work.session.value(select(func.count()).select_from(photo)))


async def test_a_report_becomes_complete(working: Working, community: Community, store: PhotoStore) -> None:
    rider = community.people["rider1"]
    shas = [shot(n).sha256 for n in (1, 2, 3)]
    async with working() as work:
        report_id, case_id = await add_report(work, community, rider, shas)
    async with working() as work:
        assert await photos_missing(work.session, "test", report_id) == shas
        stored = await attach_photo(work, rider, shot(2), report_id=report_id, sha256=shot(2).sha256)
    assert not stored.replayed
    assert stored.missing == (shas[0], shas[2])
    assert (stored.photo.case_id, stored.photo.report_id, stored.photo.kind) == (case_id, report_id, "before")
    assert (stored.photo.width, stored.photo.height, stored.photo.media_type) == (80, 60, "image/jpeg")
    assert stored.photo.bytes == len(shot(2).original)
    assert stored.photo.exif["distance_m"] == pytest.approx(40, abs=0.5)
    assert stored.photo.exif["heading_deg"] == 10
    assert store.path("test", shas[1], "original").read_bytes() == shot(2).original
    async with working() as work:
        await attach_photo(work, rider, shot(1), report_id=report_id)
        last = await attach_photo(work, rider, shot(3), report_id=report_id)
    assert last.missing == ()


async def test_the_same_again_answers_the_same(
    working: Working, community: Community, store: PhotoStore
) -> None:
    rider = community.people["rider1"]
    async with working() as work:
        report_id, _ = await add_report(work, community, rider, [shot(1).sha256])
        first = await attach_photo(work, rider, shot(1), report_id=report_id)
    store.path("test", shot(1).sha256, "original").unlink()
    async with working() as work:
        again = await attach_photo(work, rider, shot(1), report_id=report_id)
        assert await count(work) == 1
    assert again.replayed
    assert again.photo == first.photo
    assert store.path("test", shot(1).sha256, "original").exists()


async def test_many_at_once_make_one_row(working: Working, community: Community) -> None:
    rider = community.people["rider1"]
    async with working() as work:
        report_id, _ = await add_report(work, community, rider, [shot(1).sha256])

    async def put() -> UUID:
        async with working() as work:
            return (await attach_photo(work, rider, shot(1), report_id=report_id)).photo.photo_id

    ids = await asyncio.gather(*(put() for _ in range(20)))
    assert len(set(ids)) == 1
    async with working() as work:
        assert await count(work) == 1


async def test_two_reports_of_one_case_each_keep_the_same_photo(
    working: Working, community: Community
) -> None:
    one, two = community.people["rider1"], community.people["rider2"]
    async with working() as work:
        first, case_id = await add_report(work, community, one, [shot(1).sha256])
        second, _ = await add_report(work, community, two, [shot(1).sha256, shot(2).sha256], case_id)

    async def put(actor: Actor, report_id: UUID) -> UUID:
        async with working() as work:
            return (await attach_photo(work, actor, shot(1), report_id=report_id)).photo.photo_id

    ids = await asyncio.gather(put(one, first), put(two, second))
    assert ids[0] != ids[1]
    async with working() as work:
        assert await photos_missing(work.session, "test", first) == []
        assert await photos_missing(work.session, "test", second) == [shot(2).sha256]


@pytest.mark.parametrize(
    "username", ["rider2", "resident", "watcher01-01", "grid01", "desk", "admin", "roads"]
)
async def test_reports_of_others_are_not_there(working: Working, community: Community, username: str) -> None:
    async with working() as work:
        report_id, _ = await add_report(work, community, community.people["rider1"], [shot(1).sha256])
        with pytest.raises(NotFoundError) as refused:
            await attach_photo(work, community.people[username], shot(1), report_id=report_id)
        assert refused.value.code == "report_not_found"
        with pytest.raises(NotFoundError):
            await attach_photo(work, community.people["rider1"], shot(1), report_id=uuid4())
        assert await count(work) == 0


async def test_other_communities_are_not_there(working: Working, community: Community) -> None:
    async with working() as work:
        other = await draw_community(work.session, "other")
        report_id, case_id = await add_report(work, community, community.people["rider1"], [shot(1).sha256])
        for actor in (other.people["admin"], other.people["rider1"]):
            with pytest.raises(NotFoundError):
                await attach_photo(work, actor, shot(1), report_id=report_id)
            with pytest.raises(NotFoundError):
                await attach_photo(work, actor, shot(1), case_id=case_id)
        assert await photos_missing(work.session, "other", report_id) == []


async def test_what_was_not_announced_is_refused(
    working: Working, community: Community, store: PhotoStore
) -> None:
    rider = community.people["rider1"]
    async with working() as work:
        report_id, _ = await add_report(work, community, rider, [shot(1).sha256])
        with pytest.raises(InvalidInputError) as refused:
            await attach_photo(work, rider, shot(2), report_id=report_id)
        assert refused.value.code == "photo_not_in_manifest"
        with pytest.raises(InvalidInputError) as refused:
            await attach_photo(work, rider, shot(2), report_id=report_id, sha256=shot(1).sha256)
        assert refused.value.code == "photo_hash_mismatch"
    assert not store.folder.exists()
    with pytest.raises(InvalidInputError):
        check_sha256(b"x", shot(1).sha256)
    check_sha256(b"x", hashlib.sha256(b"x").hexdigest().upper())


@pytest.mark.parametrize("status", ["accepted", "on_site", "done"])
async def test_the_assignee_shows_the_outcome(working: Working, community: Community, status: str) -> None:
    rider = community.people["rider1"]
    async with working() as work:
        case_id = await add_case(work, community, status=status, assignee_id=rider.person_id)
        stored = await attach_photo(work, rider, shot(1), case_id=case_id)
        assert (stored.photo.kind, stored.photo.report_id, stored.missing) == ("after", None, ())
        assert stored.photo.exif["distance_m"] == pytest.approx(40, abs=0.5)


async def test_the_own_agency_shows_the_outcome(working: Working, community: Community) -> None:
    async with working() as work:
        case_id = await add_case(work, community, status="referred", agency_code="water")
        await attach_photo(work, community.people["water"], shot(1), case_id=case_id)
        with pytest.raises(NotFoundError):
            await attach_photo(work, community.people["roads"], shot(2), case_id=case_id)


@pytest.mark.parametrize(
    ("username", "error"),
    [
        ("rider2", NotFoundError),
        ("watcher02-01", NotFoundError),
        ("grid02", NotFoundError),
        ("resident", NotFoundError),
        ("watcher01-01", NotAllowedError),
        ("grid01", NotAllowedError),
        ("desk", NotAllowedError),
        ("planner", NotAllowedError),
    ],
)
async def test_others_do_not(
    working: Working, community: Community, username: str, error: type[Exception]
) -> None:
    async with working() as work:
        case_id = await add_case(work, community, status="accepted", assignee_id=community.id("rider1"))
        with pytest.raises(error):
            await attach_photo(work, community.people[username], shot(1), case_id=case_id)
        assert await count(work) == 0


@pytest.mark.parametrize("status", sorted({*Status} - {"accepted", "on_site", "done", "referred"}))
async def test_no_outcome_of_what_nobody_works_on(
    working: Working, community: Community, status: str
) -> None:
    rider = community.people["rider1"]
    async with working() as work:
        case_id = await add_case(work, community, status=status, assignee_id=rider.person_id)
        with pytest.raises(ConflictError) as refused:
            await attach_photo(work, rider, shot(1), case_id=case_id)
        assert refused.value.code == "photo_case_not_in_work"
        assert refused.value.values["status"] == status


async def test_not_more_than_allowed_even_at_once(working: Working, community: Community) -> None:
    rider = community.people["rider1"]
    limit = PhotoSettings().max_per_report
    async with working() as work:
        case_id = await add_case(work, community, status="accepted", assignee_id=rider.person_id)

    async def put(number: int) -> bool:
        async with working() as work:
            try:
                await attach_photo(work, rider, shot(number), case_id=case_id)
            except InvalidInputError as error:
                assert error.code == "too_many_photos"  # noqa: PT017
                return False
        return True

    assert sum(await asyncio.gather(*(put(n) for n in range(limit + 5)))) == limit
    async with working() as work:
        assert await count(work) == limit


async def test_photos_that_come_with_a_report(
    working: Working, community: Community, store: PhotoStore
) -> None:
    rider = community.people["rider1"]
    async with working() as work:
        report_id, case_id = await add_report(work, community, rider, [])
        stored = await store_photos(work, case_id, report_id, "before", [shot(1), shot(2), shot(1)], rider)
        assert [one.photo.sha256 for one in stored] == [shot(1).sha256, shot(2).sha256]
        assert await store_photos(work, case_id, report_id, "before", [], rider) == []
        with pytest.raises(InvalidInputError):
            await store_photos(work, case_id, report_id, "before", [shot(n) for n in range(3, 11)], rider)
        assert await count(work) == 2
        with pytest.raises(ValueError, match="before"):
            await store_photos(work, case_id, report_id, "after", [shot(1)], rider)
    for n in (1, 2):
        assert store.path("test", shot(n).sha256, "view").exists()


async def test_bytes_before_rows(working: Working, community: Community, store: PhotoStore) -> None:
    """When the disk is full there is no row; when the transaction fails, bytes are left over and found."""
    rider = community.people["rider1"]
    async with working() as work:
        report_id, _ = await add_report(work, community, rider, [shot(1).sha256, shot(2).sha256])
    store.reserve_bytes = 10**18
    with pytest.raises(StorageFullError):
        async with working() as work:
            await attach_photo(work, rider, shot(1), report_id=report_id)
    store.reserve_bytes = 0
    async with working() as work:
        assert await count(work) == 0

    async def attach_and_fail() -> None:
        async with working() as work:
            await attach_photo(work, rider, shot(1), report_id=report_id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await attach_and_fail()
    async with working() as work:
        assert await count(work) == 0
        await attach_photo(work, rider, shot(2), report_id=report_id)
    for n in (1, 2):
        original = store.path("test", shot(n).sha256, "original")
        assert original.exists()
        os.utime(original, (1000, 1000))
    async with working() as work:
        assert await remove_left_over_photos(work, "test") == 1
    assert not store.path("test", shot(1).sha256, "original").exists()
    assert store.path("test", shot(2).sha256, "original").exists()


async def test_attaching_waits_for_no_other_report(working: Working, community: Community) -> None:
    one, two = community.people["rider1"], community.people["rider2"]
    async with working() as work:
        first, _ = await add_report(work, community, one, [shot(1).sha256])
        second, _ = await add_report(work, community, two, [shot(2).sha256])
    async with working() as slow:
        await attach_photo(slow, one, shot(1), report_id=first)
        async with working() as work:
            await work.session.run(text("SET LOCAL lock_timeout = '500ms'"))
            await attach_photo(work, two, shot(2), report_id=second)


async def test_attaching_does_not_hold_up_the_case(working: Working, community: Community) -> None:
    rider = community.people["rider1"]
    async with working() as work:
        report_id, case_id = await add_report(work, community, rider, [shot(1).sha256])
    async with working() as slow:
        await attach_photo(slow, rider, shot(1), report_id=report_id)
        async with working() as work:
            await work.session.run(text("SET LOCAL lock_timeout = '500ms'"))
            await work.session.run(
                update(case)
                .where(case.c.community_id == "test", case.c.case_id == case_id)
                .values(status="accepted", revision=2)
            )
