"""My data: shown and taken out by everybody for themselves, by the office for others; periods chosen and people erased there."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO

import pytest
from sqlalchemy import text

from gis.store.session import Database
from tests.http.conftest import API, Service, photo_bytes, report_fields
from tests.http.test_pages import HTML, signed_in


async def test_everybody_sees_and_takes_out_their_own(service: Service) -> None:
    resident = await service.person("resident")
    fields = {key: str(value) for key, value in report_fields().items()}
    await resident.post(
        f"{API}/reports", data=fields, files={"photo": ("a.jpg", photo_bytes(3), "image/jpeg")}
    )
    for username in ("resident", "rider1", "desk", "admin", "water"):
        client, _ = await signed_in(service, username)
        for language in ("zh", "en"):
            assert (await client.get(f"/me/data?lang={language}")).status_code == 200
    client, _ = await signed_in(service, "resident")
    answer = await client.get("/me/data.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(BytesIO(answer.content)) as file:
        whole = json.loads(file.read("data.json"))
        assert [one for one in file.namelist() if one.startswith("photos/")]
    assert whole["own"]["person"][0]["username"] == "resident"
    assert len(whole["own"]["reports"]) == 1
    assert not list(service.app.state.parts.settings.export_folder.glob("*")), (
        "the file is gone once it was sent"
    )
    nobody = await service.anybody(headers=HTML)
    for path in ("/me/data", "/me/data.zip"):
        assert (await nobody.get(path)).status_code in {303, 401}


async def test_the_office_takes_out_and_erases_on_request(service: Service, database: Database) -> None:
    await service.report()
    person = service.community.id("resident")
    client, csrf = await signed_in(service, "admin")
    page = (await client.get(f"/admin/people/{person}")).text
    assert f"/admin/people/{person}/data.zip" in page
    assert (await client.get(f"/admin/people/{person}/data.zip")).status_code == 200
    fields = {"csrf": csrf, "reason": "本人来电要求"}
    refused = await client.post(f"/admin/people/{person}/erase", data=fields)
    assert "请先停用账号" in refused.text
    await client.post(f"/admin/people/{person}/deactivate", data={"csrf": csrf})
    kept = await client.post(f"/admin/people/{person}/erase", data={"csrf": csrf, "reason": ""})
    assert kept.status_code in {200, 400, 422}
    done = await client.post(f"/admin/people/{person}/erase", data=fields)
    assert done.status_code == 303, done.text[:300]
    async with database.read() as session:
        assert (
            await session.value(text("SELECT name FROM person WHERE person_id = :id"), {"id": person}) == "–"
        )
        assert await session.value(text("SELECT count(*) FROM report")) == 1
    assert (await client.post(f"/admin/people/{person}/erase", data=fields)).status_code == 404
    for username in ("desk", "grid01", "rider1"):
        other, other_csrf = await signed_in(service, username)
        rider = service.community.id("rider2")
        assert (await other.get(f"/admin/people/{rider}/data.zip")).status_code == 403
        given = {"csrf": other_csrf, "reason": "x"}
        assert (await other.post(f"/admin/people/{rider}/erase", data=given)).status_code == 403


async def test_periods_are_chosen_and_wrong_ones_told_with_nothing_lost(service: Service) -> None:
    client, csrf = await signed_in(service, "admin")
    page = (await client.get("/admin/retention?lang=en")).text
    names = re.findall(r'name="([a-z_]+)"', page)
    assert {"reporters", "originals", "access_log"} <= set(names)
    done = await client.post("/admin/retention", data={"csrf": csrf, "originals": "90", "visits": ""})
    assert done.status_code == 303
    assert 'value="90"' in (await client.get("/admin/retention")).text
    for field, value in (("access_log", "30"), ("originals", "-1"), ("visits", "x"), ("notices", "9" * 40)):
        told = await client.post("/admin/retention", data={"csrf": csrf, field: value, "missing": "77"})
        assert told.status_code in {200, 400, 422}, (field, told.status_code)
        assert 'value="77"' in told.text
        assert f"error-{field}" in told.text
    desk, desk_csrf = await signed_in(service, "desk")
    assert (await desk.get("/admin/retention")).status_code == 403
    assert (
        await desk.post("/admin/retention", data={"csrf": desk_csrf, "originals": "90"})
    ).status_code == 403


@pytest.mark.parametrize("path", ["/admin/audit", "/admin/retention", "/me/data"])
async def test_pages_stand_in_english_without_a_chinese_word(service: Service, path: str) -> None:
    client, _ = await signed_in(service, "admin")
    page = (await client.get(f"{path}?lang=en")).text
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    left = re.sub(r"测试\w*|weiwang", "", main)
    assert not re.search(r"[一-鿿]", left), re.findall(r"[一-鿿]+", left)[:5]
