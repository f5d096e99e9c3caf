"""Boundaries over HTTP: a draft's life, one winner, stale edits, roles, files good and bad."""

import asyncio
import io
import json
import zipfile
from typing import Any
from uuid import uuid4

import pytest

from tests.factories import at
from tests.http.conftest import API, Check, Json, Service

DRAFTS = f"{API}/boundaries/drafts"
BUILDING = "01-01"


async def begun(service: Service, username: str = "desk", **fields: Any) -> Json:
    client = await service.person(username)
    answer = await client.post(DRAFTS, json={"name": "试一试", **fields})
    assert answer.status_code == 201, answer.text
    draft: Json = answer.json()
    return draft


async def edit(service: Service, draft: Json, username: str = "desk", **fields: Any) -> Any:
    client = await service.person(username)
    return await client.post(f"{DRAFTS}/{draft['id']}/edits", json=fields)


def moved(service: Service, unit: str = "2", to: str = "02-01") -> Json:
    return {
        "kind": "move_part",
        "building": str(service.community.buildings[BUILDING]),
        "unit": unit,
        "to": to,
    }


def square(x_m: float, y_m: float, width_m: float, height_m: float) -> list[list[tuple[float, float]]]:
    right, top = x_m + width_m, y_m + height_m
    return [[at(*corner) for corner in ((x_m, y_m), (right, y_m), (right, top), (x_m, top), (x_m, y_m))]]


def collection(**shapes: Any) -> bytes:
    """Return a file of micro-grids, ``c01_01`` each with its rings."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": name[1:].replace("_", "-"), "name": name},
            "geometry": {"type": "Polygon", "coordinates": rings},
        }
        for name, rings in shapes.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def cells(width_m: float = 100) -> bytes:
    """Return the community's micro-grids; those in the west can be drawn too wide or too narrow."""
    return collection(
        c01_01=square(0, 0, width_m, 100),
        c01_02=square(0, 100, 100, 100),
        c02_01=square(100, 0, 100, 100),
        c02_02=square(100, 100, 100, 100),
    )


async def test_the_life_of_a_draft(service: Service, problem: Check) -> None:
    client = await service.person("desk")
    draft = await begun(service)
    assert (draft["position"], draft["based_on"], draft["in_force"], draft["status"]) == (0, 1, 1, "open")
    assert len(draft["cells"]["features"]) == 7
    assert (draft["errors"], draft["can_undo"]) == (0, False)
    answer = await edit(service, draft, **moved(service), position=0)
    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert (answer.headers["etag"], after["position"], after["can_undo"]) == ('"1"', 1, True)
    assert {one["id"] for one in after["cells"]["features"]} >= {"micro_grid/01-01", "micro_grid/02-01"}
    renamed = await edit(
        service, draft, kind="rename", level="micro_grid", cell="01-02", code="01-02", name="北院", position=1
    )
    assert [one["properties"]["name"] for one in renamed.json()["cells"]["features"]] == ["北院"]
    back = (await client.post(f"{DRAFTS}/{draft['id']}/undo", json={"position": 2})).json()
    assert (back["position"], back["can_redo"]) == (1, True)
    changes = (await client.get(f"{DRAFTS}/{draft['id']}/changes")).json()
    assert {(one["code"], one["what"]) for one in changes["items"]} >= {
        ("01-01", "changed"),
        ("02-01", "changed"),
    }
    assert {one["properties"]["part"] for one in changes["shapes"]["features"]} == {"gained", "lost"}
    published = await client.post(f"{DRAFTS}/{draft['id']}/publish", json={"note": "第一次", "position": 1})
    assert published.json()["version"] == 2, published.text
    problem(await edit(service, draft, **moved(service, "1")), 409, "draft_closed")
    versions = (await client.get(f"{API}/boundaries/versions")).json()["items"]
    assert [(one["version"], one["in_force"], one["note"]) for one in versions] == [
        (2, True, "第一次"),
        (1, False, ""),
    ]
    assert (await client.get(DRAFTS)).json()["items"] == []
    rolled = await client.post(
        f"{API}/boundaries/versions/1/rollback", json={"reason": "画错了", "expected_version": 2}
    )
    assert rolled.json() == {"version": 3}
    same = (await client.get(f"{API}/boundaries/compare", params={"before": 1, "after": 3})).json()
    assert same["items"] == []


async def test_a_stale_edit_is_refused(service: Service, problem: Check) -> None:
    draft = await begun(service)
    assert (await edit(service, draft, **moved(service), position=0)).status_code == 200
    problem(await edit(service, draft, **moved(service, "1"), position=0), 409, "draft_changed")
    client = await service.person("admin")
    url = f"{DRAFTS}/{draft['id']}"
    stale = {"If-Match": '"0"'}
    problem(await client.post(f"{url}/undo", headers=stale), 409, "draft_changed")
    problem(await client.post(f"{url}/publish", json={}, headers=stale), 409, "draft_changed")
    problem(await client.post(f"{url}/undo", headers={"If-Match": '"x"'}), 400, "field_not_integer")
    assert (await client.post(f"{url}/undo", headers={"If-Match": '"1"'})).status_code == 200
    problem(await client.post(f"{url}/undo"), 409, "nothing_to_undo")


async def test_of_those_who_edit_at_once_one_wins(service: Service) -> None:
    draft = await begun(service)
    answers = await asyncio.gather(
        *(
            edit(
                service, draft, kind="rename", level="grid", cell="01", code="01", name=f"名 {n}", position=0
            )
            for n in range(4)
        )
    )
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409]


async def test_of_those_who_publish_at_once_one_wins(service: Service) -> None:
    client = await service.person("desk")
    drafts = [await begun(service, name=f"草稿 {n}") for n in range(3)]
    for number, draft in enumerate(drafts):
        name = f"名 {number}"
        assert (
            await edit(service, draft, kind="rename", level="grid", cell="01", code="01", name=name)
        ).status_code == 200
    answers = await asyncio.gather(*(client.post(f"{DRAFTS}/{one['id']}/publish", json={}) for one in drafts))
    assert sorted(one.status_code for one in answers) == [200, 409, 409]
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"area_version_changed"}
    assert (await client.get(f"{API}/boundaries/versions")).json()["total"] == 2


@pytest.mark.parametrize("username", ["resident", "rider1", "watcher01-01", "planner", "water", "grid01"])
async def test_only_the_office_edits(service: Service, problem: Check, username: str) -> None:
    draft = await begun(service)
    client = await service.person(username)
    url = f"{DRAFTS}/{draft['id']}"
    reads = [
        "boundaries/versions",
        "boundaries/people",
        "boundaries/parts",
        f"boundaries/drafts/{draft['id']}",
    ]
    for path in reads:
        answer = await client.get(f"{API}/{path}")
        assert answer.status_code == (200 if username == "grid01" else 403), path
    problem(await client.post(DRAFTS, json={"name": "x"}), 403, "not_allowed")
    problem(await edit(service, draft, username, **moved(service)), 403, "not_allowed")
    for path, body in (
        (f"{url}/undo", {}),
        (f"{url}/publish", {}),
        (f"{url}/repair", {"position": 0}),
        (f"{API}/boundaries/versions/1/rollback", {"reason": "x"}),
        (f"{API}/boundaries/reassign", {"reason": "x", "grid": "01"}),
    ):
        problem(await client.post(path, json=body), 403, "not_allowed")
    problem(await client.delete(url), 403, "not_allowed")
    problem(
        await client.post(f"{API}/boundaries/check", files={"micro_grid": ("c.geojson", cells())}),
        403,
        "not_allowed",
    )


async def test_a_file_is_checked_and_nothing_is_kept(service: Service) -> None:
    client = await service.person("desk")
    answer = await client.post(f"{API}/boundaries/check", files={"micro_grid": ("c.geojson", cells(112))})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    overlap = next(one for one in found["findings"]["features"] if one["properties"]["kind"] == "overlap")
    assert overlap["properties"]["codes"] == ["01-01", "02-01"]
    assert overlap["properties"]["size"] == pytest.approx(1200, rel=0.02)
    assert overlap["geometry"]["type"] == "Polygon"
    assert found["errors"] >= 1
    assert (await client.get(DRAFTS)).json()["total"] == 0
    clean = (await client.post(f"{API}/boundaries/check", files={"file": ("c.geojson", cells())})).json()
    assert (clean["errors"], clean["repair"], clean["cells"]) == (0, None, {"micro_grid": 4})


async def test_a_file_of_somewhere_else_says_how_far_it_is(service: Service) -> None:
    client = await service.person("desk")
    here = (await client.post(f"{API}/boundaries/check", files={"micro_grid": ("a.geojson", cells())})).json()
    assert here["away_m"] == 0
    far = collection(c01_01=[[(8.5, 47.3), (8.6, 47.3), (8.6, 47.4), (8.5, 47.3)]])
    there = (await client.post(f"{API}/boundaries/check", files={"micro_grid": ("a.geojson", far)})).json()
    assert there["away_m"] == pytest.approx(8_300_000, rel=0.05)


async def test_a_faulty_file_becomes_a_draft_that_is_repaired(service: Service, problem: Check) -> None:
    client = await service.person("desk")
    answer = await client.post(
        DRAFTS, data={"name": "文件", "source": "file"}, files={"micro_grid": ("c.geojson", cells(100.1))}
    )
    assert answer.status_code == 201, answer.text
    draft = answer.json()
    url = f"{DRAFTS}/{draft['id']}"
    assert draft["errors"] > 0
    refused = problem(await client.post(f"{url}/publish", json={}), 400, "boundaries_have_errors")
    assert "不能发布" in refused["detail"]
    proposal = (await client.get(f"{url}/repair")).json()
    assert proposal["largest_move_m"] <= proposal["tolerance_m"]
    assert proposal["changes"]["features"]
    assert proposal["remaining"]["errors"] == 0
    repaired = await client.post(f"{url}/repair", json={"position": 0})
    assert (repaired.json()["errors"], repaired.json()["position"]) == (0, 1), repaired.text
    assert (await client.post(f"{url}/publish", json={"position": 1})).json()["version"] == 2
    problem(await client.get(f"{url}/repair", params={"tolerance_m": 50}), 400, "field_too_big")


def zipped(**files: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return data.getvalue()


VRT = b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"


@pytest.mark.parametrize(
    "sent",
    [
        ("c.geojson", b"", 415, "upload_kind_unknown"),
        ("c.geojson", b"{", 400, "vector_unreadable"),
        ("c.geojson", VRT, 415, "upload_kind_unknown"),
        ("c.kml", VRT, 415, "upload_kind_unknown"),
        ("c.zip", zipped(a_geojson=VRT), 415, "upload_kind_unknown"),
        ("c.zip", b"PK\x03\x04broken", 400, "vector_unreadable"),
        ("c.zip", zipped(readme_txt=b"x"), 400, "vector_unreadable"),
        ("c.pdf", b"%PDF-1.7", 415, "upload_kind_unknown"),
        ("c.gpkg", b"SQLite format 3\x00" + b"\x00" * 100, 400, "vector_unreadable"),
        ("c.geojson", b'{"type":"FeatureCollection","features":[]}', 400, None),
        ("c.csv", b"code,wkt\n1,POLYGON((oops))\n", 400, None),
        ("../../c.geojson", collection(c01_01=[[at(0, 0), at(1, 1)]]), 400, None),
    ],
)
@pytest.mark.filterwarnings("ignore:GPKG", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("path", ["check", "drafts"])
async def test_bad_files(service: Service, path: str, sent: tuple[str, bytes, int, str | None]) -> None:
    name, data, status, code = sent
    client = await service.person("desk")
    fields = {"name": "文件", "source": "file"} if path == "drafts" else {}
    answer = await client.post(f"{API}/boundaries/{path}", data=fields, files={"micro_grid": (name, data)})
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert code is None or body["code"] == code
    assert "/tmp" not in answer.text
    assert "passwd" not in answer.text
    assert (await client.get(DRAFTS)).json()["total"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "x", "source": "moon"},
        {"name": "x", "source": "file"},
        {"name": "x", "source": "delineation"},
        {"name": "x", "source": "delineation", "micro_grids": 0},
        {"name": "x", "source": "delineation", "micro_grids": 900},
        {"name": "x", "source": "delineation", "micro_grids": 4, "grids": 9},
        {"name": "x", "source": "delineation", "micro_grids": 4, "main_streets": "moon"},
        {"name": "x", "sauce": "version"},
    ],
)
async def test_bad_drafts(service: Service, body: Json) -> None:
    answer = await (await service.person("desk")).post(DRAFTS, json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "moon"},
        {"kind": "merge", "cells": ["01-01"]},
        {"kind": "merge", "cells": "01-01"},
        {"kind": "split", "cell": "01-01", "line": [[1]], "code": "x", "name": "x"},
        {"kind": "rename", "level": "moon", "cell": "01", "code": "1", "name": ""},
        {"kind": "assign_watcher", "cell": "01-01", "people": [str(uuid4())]},
        {"kind": "move_part", "building": "x", "to": "01-01"},
        {"kind": "merge", "cells": ["01-01", "01-02"], "position": "x"},
    ],
)
async def test_bad_edits(service: Service, body: Json) -> None:
    draft = await begun(service)
    answer = await edit(service, draft, **body)
    assert answer.status_code == 400, answer.text
    client = await service.person("desk")
    assert (await client.get(f"{DRAFTS}/{draft['id']}")).json()["position"] == 0


async def test_cells_drawn_anew_keep_their_people(service: Service) -> None:
    draft = await begun(service, source="delineation", micro_grids=4, grids=2, main_streets="primary")
    report = draft["report"]
    assert report["micro_grids"]["cells"] == 4
    assert report["micro_grids"]["coverage_valid"] is True
    drawn = [one["properties"] for one in draft["cells"]["features"]]
    assert [one["code"] for one in drawn if one["level"] == "micro_grid"] == [
        "01-01",
        "01-02",
        "02-01",
        "02-02",
    ]
    assert drawn[1]["name"] == "第一网格"
    held = [person for one in drawn for person in one["people"]]
    assert len(held) == len(set(held)) == 6  # four watchers, two grid workers
    client = await service.person("desk")
    assert (await client.post(f"{DRAFTS}/{draft['id']}/publish", json={})).json()["version"] == 2


async def test_watchers_are_assigned_when_published(service: Service) -> None:
    client = await service.person("desk")
    draft = await begun(service)
    person = service.community.id("watcher02-02")
    assert (
        await edit(service, draft, kind="assign_watcher", cell="01-01", people=[str(person)])
    ).status_code == 200
    people = (await client.get(f"{API}/boundaries/people")).json()["items"]
    assert {one["role"] for one in people} == {"watcher", "grid_worker"}
    assert (await client.post(f"{DRAFTS}/{draft['id']}/publish", json={})).status_code == 200
    after = {
        one["username"]: one["areas"]
        for one in (await client.get(f"{API}/boundaries/people")).json()["items"]
    }
    assert (after["watcher02-02"], after["watcher01-01"]) == (["01-01", "02-02"], [])


async def test_parts_of_buildings(service: Service) -> None:
    client = await service.person("desk")
    answer = await client.get(f"{API}/boundaries/parts")
    parts = answer.json()["features"]
    assert len(parts) == 8
    assert {tuple(one["properties"]["units"]) for one in parts} == {("1",), ("2",)}
    again = await client.get(f"{API}/boundaries/parts", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
