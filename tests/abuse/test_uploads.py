"""Malformed uploads: each is refused with a code, none is an error of ours, and memory stays where it was."""

import asyncio
import hashlib
from collections import Counter
from uuid import uuid4

import httpx
import pytest

from gis.settings import Settings
from tests.abuse.figures import long_form, tell
from tests.abuse.malformed import Malformed, draw, resident_mb, zipped
from tests.abuse.wire import exchange, listening, request, rubbish
from tests.http.conftest import API, Service, photo_bytes, report_fields, running

COUNT = 10_000 if long_form() else 240
MOST_GROWTH_MB = 60
LEFT_OVER = pytest.mark.filterwarnings("ignore:Exception ignored:pytest.PytestUnraisableExceptionWarning")
"""What a reader that was broken off in the middle leaves to be collected."""
KNOWN = {201, 400, 404, 409, 413, 415}
FILES = (
    (f"{API}/boundaries/check", "file", "desk"),
    ("/grids/drafts", "file", "desk"),
    ("/desk/hotline", "file", "desk"),
    ("/residents/import", "file", "admin"),
    ("/admin/people/import", "file", "admin"),
)


def raw_form(fields: dict[str, str], one: Malformed) -> tuple[bytes, str]:
    """Return a form whose name and type of the file stand there as they are, which no library writes."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    parts.append(f'--x\r\nContent-Disposition: form-data; name="photo"; filename="{one.name}"\r\n')
    parts.append(f"Content-Type: {one.media_type}\r\n\r\n")
    head = "".join(parts).encode("utf-8", "surrogateescape")
    return b"".join((head, one.data, b"\r\n--x--\r\n")), "multipart/form-data; boundary=x"


async def send(client: httpx.AsyncClient, one: Malformed, number: int) -> httpx.Response:
    """Send a malformed photo with a report, or to one that is waiting for it."""
    if number % 4:
        form = {name: str(value) for name, value in report_fields(separate="true").items()}
        if number // 8 % 2 and "\udcff" not in one.name:
            photo = (one.name, one.data, one.media_type)
            return await client.post(f"{API}/reports", data=form, files={"photo": photo})
        body, media_type = raw_form(form, one)
        return await client.post(f"{API}/reports", content=body, headers={"Content-Type": media_type})
    report, sha256 = uuid4(), hashlib.sha256(one.data).hexdigest()
    manifest = [{"sha256": sha256, "bytes": max(1, len(one.data))}]
    await client.put(
        f"{API}/reports/{report}", json={**report_fields(id=str(report), separate=True), "manifest": manifest}
    )
    return await client.put(
        f"{API}/reports/{report}/photos/{sha256}",
        content=one.data,
        headers={"Content-Type": one.media_type.replace("\x00", "")},
    )


async def test_malformed_photos(service: Service) -> None:
    client = await service.person("rider1")
    seen: Counter[tuple[int, str]] = Counter()
    strange = []
    for number, one in enumerate(draw(40, seed=1)):  # so that what is loaded once is loaded
        await send(client, one, number)
    before = highest = resident_mb()
    for number, one in enumerate(draw(COUNT)):
        answer = await send(client, one, number)
        told = "" if answer.status_code < 300 else answer.json().get("code", "?")
        seen[answer.status_code, told] += 1
        if answer.status_code not in KNOWN or told in {"?", "error"}:
            strange.append((one.what, one.name[:40], answer.status_code, told))
        highest = max(highest, resident_mb())
    by_code = {f"{status} {code}".strip(): count for (status, code), count in seen.most_common()}
    tell("malformed uploads", count=COUNT, before_mb=before, highest_mb=highest, answers=by_code)
    assert strange == []
    assert highest - before < MOST_GROWTH_MB + COUNT / 100


async def test_what_was_taken_carries_no_rider(service: Service) -> None:
    """A picture with something else inside is shown without it, as a picture, by its own name for nobody to run."""
    client = await service.person("rider1")
    taken = 0
    for one in draw(80, seed=3):
        if not one.what.startswith("polyglot"):
            continue
        form = {name: str(value) for name, value in report_fields(separate="true").items()}
        answer = await client.post(
            f"{API}/reports", data=form, files={"photo": ("a.html", one.data, "text/html")}
        )
        if answer.status_code != 201:
            continue
        taken += 1
        photo = (await client.get(f"{API}/reports/{answer.json()['id']}")).json()["photos"][0]
        for url in (photo["view_url"], photo["thumb_url"]):
            shown = await client.get(url)
            assert shown.headers["content-type"] == "image/jpeg"
            assert shown.headers["x-content-type-options"] == "nosniff"
            assert not any(
                word in shown.content for word in (b"<script", b"<svg", b"<?php", b"PK\x03\x04", b"%PDF")
            )
    assert taken > 2


@LEFT_OVER
async def test_files_that_are_no_tables_and_no_areas(service: Service) -> None:
    kinds = {
        "areas.geojson": b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[1e999,0]]]}}]}',
        "areas.zip": zipped(3, 3_000_000),
        "../../a.kml": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml>&a;</kml>',
        "a.csv": b'\xff\xfe"\x00' * 3000,
        "b.csv": b"a," * 200_000 + b"\n" + b'"' * 999,
        "c.xlsx": zipped(2, 5_000_000),
        "d.xlsx": photo_bytes(),
        "e.gpkg": b"SQLite format 3\x00" + bytes(4000),
        "f": b"",
        "g.csv\x00.exe": b"x",
    }  # fmt: skip
    failed = []
    for path, field, username in FILES:
        client = await service.person(username)
        for name, data in kinds.items():
            for media_type in ("text/csv", "application/octet-stream"):
                answer = await client.post(path, files={field: (name, data, media_type)})
                if answer.status_code >= 500:
                    failed.append((path, name, answer.status_code, answer.text[:200]))
    assert failed == []


@LEFT_OVER
async def test_requests_that_break_the_rules_of_http(service: Service) -> None:
    rider = await service.person("rider1")
    token = rider.headers["Authorization"].removeprefix("Bearer ")
    async with listening(service.app) as port:
        found = {
            what: await exchange(port, sent)
            for what, sent in rubbish(f"{API}/reports", token, photo_bytes()).items()
        }
        assert {what: status for what, status in found.items() if status >= 500 or status == 201} == {}
        assert await exchange(port, request("/healthz", token, method="GET", kind=b"", length=b"")) == 200


async def test_a_body_that_stalls_is_given_up_and_holds_nobody_up(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.frame.STALLED_S", 0.3)
    rider = await service.person("rider1")
    token = rider.headers["Authorization"].removeprefix("Bearer ")
    begun = request(f"{API}/reports", token, b"--x\r\n", length=b"5000")
    async with listening(service.app) as port:
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(50)]
        for _, writer in slow:
            writer.write(begun)
        assert (await rider.get(f"{API}/me")).status_code == 200
        answers = [await asyncio.wait_for(reader.readline(), 10) for reader, _ in slow]
        assert {int(line.split()[1]) for line in answers} == {408}
        for _, writer in slow:
            writer.close()


async def test_limits_of_bodies_pixels_and_counts(
    settings: Settings, database_url: str, community, clock, problem
) -> None:
    photo = settings.photo.model_copy(update={"max_bytes": 20_000, "max_pixels": 10_000, "max_per_report": 2})
    tight = settings.model_copy(update={"run_jobs": False, "photo": photo})
    form = {name: str(value) for name, value in report_fields().items()}

    def files(*sent: bytes) -> list[tuple[str, tuple[str, bytes, str]]]:
        return [("photo", (f"{number}.jpg", one, "image/jpeg")) for number, one in enumerate(sent)]

    async with running(tight, database_url, community, clock) as service:
        rider = await service.person("rider1")
        small = photo_bytes(size=(40, 30))
        for sent, status, code in (
            ((small, small, small), 400, "too_many_photos"),
            ((photo_bytes(size=(200, 200)),), 413, "photo_too_large"),
            ((photo_bytes(size=(120, 100)),), 413, "photo_too_many_pixels"),
            ((bytes(20_000 * 2 + 2_100_000),), 413, "body_too_large"),
        ):
            answer = await rider.post(f"{API}/reports", data=form, files=files(*sent))
            body = problem(answer, status, code)
            assert body["detail"]
        assert (
            await rider.post(f"{API}/reports", data=form, files=files(small, photo_bytes(2, (40, 30))))
        ).status_code == 201
        problem(await rider.put(f"{API}/me/duty", content=bytes(1_000_001)), 413, "body_too_large")
