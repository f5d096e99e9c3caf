"""All that is kept of a resident without an account: a zip that the office hands to them, and nobody else takes out."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from uuid import uuid4

from sqlalchemy import text

from gis.store.resident_elsewhere import QUERIES
from gis.store.session import Database
from gis.store.tables import metadata
from tests.http.conftest import API, Service
from tests.http.test_missing import begun
from tests.http.test_pages import signed_in
from tests.http.test_residents import ID, record
from tests.meals import kitchen_body, somebody

RECORD = {"resident", "resident_consent", "resident_change"}


async def known_everywhere(service: Service) -> str:
    """Record 王秀英, who gets meals, was searched for, and of whom a watcher suggested something; return her id."""
    _, resident = await record(service)
    desk, watcher = await service.person("desk"), await service.person("watcher01-01")
    assert (await desk.put(f"{API}/meals/kitchen", json=kitchen_body(service.community))).status_code == 200
    meal = somebody(service.community, resident_id=resident, diets=["low_salt"], diet_note="不吃香菜")
    sent = await desk.post(f"{API}/meals/subscriptions", json=meal)
    assert sent.status_code == 201, sent.text
    await begun(service, resident=resident, description="灰帽子")
    said = {
        "resident": resident,
        "name": "王秀英",
        "relation": "head",
        "flags": ["lives_alone"],
        "phone": "13700001111",
    }
    suggested = await watcher.post(f"{API}/residents/suggestions", json=said)
    assert suggested.status_code == 201, suggested.text
    return resident


async def test_the_office_hands_out_everything(service: Service, database: Database) -> None:
    resident = await known_everywhere(service)
    client, _ = await signed_in(service, "desk")
    path = f"/residents/people/{resident}/data.zip"
    assert path in (await client.get(f"/residents/people/{resident}")).text
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(BytesIO(answer.content)) as file:
        whole = json.loads(file.read("data.json"))
        names = set(file.namelist())
        about = file.read("README.txt").decode("utf-8-sig")
    assert "审计日志" in about
    assert "audit log" in about
    assert whole["person"]["id_number"] == ID
    assert whole["meals"][0]["diet"] == [["low_salt"], [], "不吃香菜"]
    assert whole["searches"][0]["told"]["description"] == "灰帽子"
    assert whole["suggestions"][0]["changes"]["phone"][1] == "13700001111"
    assert names >= {"tables/meals.csv", "tables/searches.csv", "tables/suggestions.csv", "tables/looks.csv"}
    assert [one for one in names if one.startswith("photos/")]
    async with database.read() as session:
        looks = "SELECT count(*) FROM access WHERE kind = 'resident_export' AND subject_id = :id"
        assert await session.value(text(looks), {"id": resident}) == 1
    for language in ("zh", "en"):
        paper = (await client.get(f"/residents/people/{resident}/export?lang={language}")).text
        assert "不吃香菜" in paper
        assert "灰帽子" in paper


async def test_nobody_else_takes_it_out(service: Service) -> None:
    resident = await known_everywhere(service)
    path = f"/residents/people/{resident}/data.zip"
    for username in ("grid01", "watcher01-01", "rider1", "planner", "water", "resident"):
        client, _ = await signed_in(service, username)
        assert (await client.get(path)).status_code in {403, 404}, username
        if username in {"grid01", "watcher01-01"}:
            assert path not in (await client.get(f"/residents/people/{resident}")).text
    grid = await service.person("grid01")
    record_only = (await grid.get(f"{API}/residents/{resident}/export")).json()
    assert "person" in record_only
    assert not {"meals", "searches", "suggestions"} & record_only.keys()
    desk, _ = await signed_in(service, "desk")
    assert (await desk.get(f"/residents/people/{uuid4()}/data.zip")).status_code == 404
    assert (await desk.get("/residents/people/x/data.zip")).status_code == 400


def test_each_table_that_refers_to_a_resident_is_handed_out() -> None:
    referring = {
        table.name
        for table in metadata.sorted_tables
        if "resident_id" in table.c and table.name not in RECORD
    }
    told = {name for name in referring if any(f"FROM {name} " in query for query in QUERIES.values())}
    assert told == referring


async def test_who_has_an_account_gets_the_same_of_their_record(service: Service) -> None:
    resident = await known_everywhere(service)
    admin, csrf = await signed_in(service, "admin")
    await admin.post(f"/residents/people/{resident}/account", data={"csrf": csrf, "username": "resident"})
    own, _ = await signed_in(service, "resident")
    with zipfile.ZipFile(BytesIO((await own.get("/me/data.zip")).content)) as file:
        whole = json.loads(file.read("data.json"))
        assert [one for one in file.namelist() if one.startswith("photos/")]
    assert whole["resident"]["meals"][0]["diet"][2] == "不吃香菜"
