"""Photos: no rendition of any kind carries metadata, originals are for those in charge and each look is written down."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID, uuid4

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import text

from gis.flows.blurring import blur_some
from gis.flows.missing.calling import MissingDraft, begin_search
from gis.intake import prepare_photo
from gis.store.session import Database
from gis.views.subject_photos import SEEN_BY
from gis.words import Position
from tests import photos
from tests.factories import at
from tests.http.conftest import API, Check, Service, report_fields
from tests.http.test_pages import signed_in

SECRETS = (b"SERIAL-77-XYZ", b"Lihua Phone", b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"GPS")
SERIAL = 0xA431


def telling(number: int = 1) -> bytes:
    """Return a photo whose metadata tell where, when and with which phone it was taken, with a thumbnail."""
    block = photos.exif(
        orientation=6,
        gps=photos.gps_at(*at(50, 50), heading=10),
        shot={SERIAL: "SERIAL-77-XYZ", 0x9003: "2026:06:03 12:00:00"},
        make="Lihua Phone",
    )
    picture = photos.scene().copy()
    picture.putpixel((0, 0), (number, 0, 0))
    return photos.encoded(
        picture, exif=block, xmp=b'<x:xmpmeta xmlns:x="http://ns.adobe.com/x/">77</x:xmpmeta>'
    )


def bare(content: bytes) -> None:
    """Check that a served picture tells nothing but the picture."""
    image = Image.open(BytesIO(content))
    image.load()
    assert not dict(image.getexif())
    assert not set(image.info) & {"exif", "xmp", "icc_profile", "comment", "photoshop"}
    for secret in SECRETS:
        assert secret not in content


def image_routes(service: Service) -> set[str]:
    """Return the routes that answer with pictures of people's."""
    found = set()
    for route in service.app.openapi()["paths"].items():
        for act in route[1].values():
            kinds = (
                act.get("responses", {}).get("200", {}).get("content", {}) if isinstance(act, dict) else {}
            )
            if any(one.startswith("image/") for one in kinds):
                found.add(route[0])
    return found


async def test_every_kind_of_rendition_is_without_metadata(service: Service) -> None:
    assert {path for path in image_routes(service) if "photo" in path} == {"/api/v1/photos/{photo_id}/{kind}"}
    resident = await service.person("resident")
    files = {"photo": ("a.jpg", telling(), "image/jpeg")}
    fields = {key: str(value) for key, value in report_fields().items()}
    filed = await resident.post(f"{API}/reports", data=fields, files=files)
    assert filed.status_code == 201, filed.text
    desk = await service.person("desk")
    case = (await desk.get(f"{API}/cases/{filed.json()['case_id']}")).json()
    for kind in ("view", "thumb"):
        answer = await desk.get(f"{API}/photos/{case['photos'][0]['id']}/{kind}")
        assert answer.status_code == 200
        bare(answer.content)
    original = await desk.get(f"{API}/photos/{case['photos'][0]['id']}/original")
    assert original.content == telling()
    assert b"SERIAL-77-XYZ" in original.content, "the test's photo tells what it should"


async def test_photos_of_people_who_are_missing_too(service: Service, database: Database) -> None:
    parts = service.app.state.parts
    photo = await prepare_photo(telling(2), parts.settings.photo)
    async with parts.work() as work:
        draft = MissingDraft(
            uuid4(), None, "王秀英", "红衣服", "13800001234", Position(*at(50, 50)), "南街", service.clock.at
        )
        await begin_search(work, service.community.people["desk"], draft, [photo])
    async with database.read() as session:
        found = await session.value(text("SELECT photo_id FROM subject_photo"))
    desk = await service.person("desk")
    for kind in ("view", "thumb"):
        bare((await desk.get(f"{API}/photos/{found}/{kind}")).content)
    rider = await service.person("rider1")
    assert (await rider.get(f"{API}/photos/{found}/original")).status_code in {403, 404}
    assert set(SEEN_BY) == {"visit", "missing", "certificate", "mediation"}, (
        "a new kind of photo: say here who sees it"
    )


async def test_the_logo_is_drawn_anew(service: Service) -> None:
    client, csrf = await signed_in(service, "admin")
    answer = await client.post(
        "/admin/branding",
        data={"csrf": csrf, "name": "测试社区", "name_en": "Test", "colour": "#7a1f5c"},
        files={"logo": ("l.jpg", telling(3), "image/jpeg")},
    )
    assert answer.status_code in {200, 303}, answer.text[:300]
    picture = await client.get("/branding/logo")
    assert picture.status_code == 200
    bare(picture.content)


async def test_originals_are_for_those_in_charge_and_each_look_is_written_down(
    service: Service, database: Database, problem: Check
) -> None:
    resident = await service.person("resident")
    fields = {key: str(value) for key, value in report_fields().items()}
    filed = await resident.post(
        f"{API}/reports", data=fields, files={"photo": ("a.jpg", telling(), "image/jpeg")}
    )
    case = (await (await service.person("desk")).get(f"{API}/cases/{filed.json()['case_id']}")).json()
    photo_id = UUID(case["photos"][0]["id"])
    seen = {}
    for username in (
        "admin",
        "desk",
        "grid01",
        "grid02",
        "planner",
        "watcher01-01",
        "rider1",
        "resident",
        "water",
    ):
        seen[username] = (
            await (await service.person(username)).get(f"{API}/photos/{photo_id}/original")
        ).status_code
    assert {name for name, status in seen.items() if status == 200} == {"admin", "desk", "grid01"}, seen
    nobody = await service.anybody()
    problem(await nobody.get(f"{API}/photos/{photo_id}/original"), 401, "not_signed_in")
    async with database.read() as session:
        rows = await session.rows(
            text("SELECT person_id, subject_id FROM access WHERE kind = 'original' ORDER BY access_id")
        )
    assert [row.person_id for row in rows] == [
        service.community.id(name) for name in ("admin", "desk", "grid01")
    ]
    assert {row.subject_id for row in rows} == {str(photo_id)}


async def test_the_public_is_given_no_photo_at_all(service: Service) -> None:
    resident = await service.person("resident")
    fields = {key: str(value) for key, value in report_fields().items()}
    await resident.post(f"{API}/reports", data=fields, files={"photo": ("a.jpg", telling(), "image/jpeg")})
    nobody = await service.anybody()
    for path in ("/open311/v2/requests.json", "/ogc/collections/public_cases/items?f=json"):
        answer = await nobody.get(path)
        assert answer.status_code == 200, path
        assert "/photos/" not in answer.text
        assert "测试resident" not in answer.text


def _detail(content: bytes) -> float:
    """Return how much neighbouring pixels differ where the face is."""
    pixels = np.asarray(Image.open(BytesIO(content)).convert("L").crop((170, 70, 270, 170)), dtype=float)
    return float(np.abs(np.diff(pixels, axis=0)).mean())


async def test_faces_are_blurred_in_what_is_shown_and_the_original_stays(
    service: Service, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("skimage")
    from skimage.data import astronaut

    from gis.intake.blurring import faces_in

    portrait = photos.encoded(Image.fromarray(astronaut()), quality=92)
    resident = await service.person("resident")
    fields = {key: str(value) for key, value in report_fields().items()}
    filed = await resident.post(
        f"{API}/reports", data=fields, files={"photo": ("a.jpg", portrait, "image/jpeg")}
    )
    desk = await service.person("desk")
    photo_id = (await desk.get(f"{API}/cases/{filed.json()['case_id']}")).json()["photos"][0]["id"]
    sharp = (await desk.get(f"{API}/photos/{photo_id}/view")).content
    assert faces_in(Image.open(BytesIO(sharp)))
    parts = service.app.state.parts
    monkeypatch.setattr(parts.settings.photo, "blur_faces", True)
    async with parts.work() as work:
        assert await blur_some(work) == 1
        assert await blur_some(work) == 0
    for kind in ("view", "thumb"):
        shown = (await desk.get(f"{API}/photos/{photo_id}/{kind}")).content
        bare(shown)
        if kind == "view":
            assert shown != sharp
            assert _detail(shown) < 0.7 * _detail(sharp)
    assert (await desk.get(f"{API}/photos/{photo_id}/original")).content == portrait
