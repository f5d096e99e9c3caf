"""Where the reporter says that it is: over every way in which a report comes, checked, stored, the same at every repeat."""

from __future__ import annotations

import pytest

from tests.factories import at
from tests.http.conftest import API, Json, Service, report_fields

BETWEEN = (100, 40)
"""On the border of two micro-grids, whose buildings are some forty metres off on either side."""


async def doubtful(service: Service, **fields: object) -> tuple[Json, list[Json]]:
    """Return the fields of a report in doubt, and the candidates that are shown for it."""
    client = await service.person("resident")
    given = report_fields(BETWEEN, accuracy_m=30, source="gnss", **fields)
    asked = {name: given[name] for name in ("lon", "lat", "accuracy_m", "source")}
    found = (await client.get(f"{API}/locate", params=asked)).json()
    assert found["ambiguous"], found
    assert (found["lon"], found["lat"]) == pytest.approx((given["lon"], given["lat"]))
    return given, found["candidates"]


async def test_candidates_can_be_drawn_and_one_of_them_is_chosen(service: Service) -> None:
    given, candidates = await doubtful(service)
    assert len(candidates) > 1
    assert {one["outline"]["type"] for one in candidates} <= {"Polygon", "MultiPolygon"}
    second = candidates[1]
    client = await service.person("resident")
    first = await client.post(f"{API}/reports", json=given | {"chosen_place": second["choice"]})
    assert first.status_code == 201, first.text
    place = first.json()["place"]
    assert place["micro_grid"]["code"] == second["micro_grid"]["code"]
    assert (place["micro_grid"]["probability"], place["ambiguous"]) == (1.0, False)
    assert place["chosen"] in {second["micro_grid"]["id"], (second["building"] or {}).get("id")}
    assert [one["micro_grid"]["probability"] for one in place["candidates"]] == [
        one["micro_grid"]["probability"] for one in candidates
    ]
    again = await client.post(f"{API}/reports", json=given | {"chosen_place": second["choice"]})
    assert (again.status_code, again.json()["place"]) == (200, place)
    stored = (await client.get(f"{API}/reports/{given['id']}")).json()
    assert stored["place"]["chosen"] == place["chosen"]
    listed = (await (await service.person("desk")).get(f"{API}/cases/{first.json()['case_id']}")).json()
    assert listed["place"]["micro_grid"]["code"] == second["micro_grid"]["code"]


async def test_another_choice_under_the_same_id_is_another_report(service: Service, problem) -> None:
    given, candidates = await doubtful(service)
    client = await service.person("resident")
    address = f"{API}/reports/{given.pop('id')}"
    one, other = (given | {"chosen_place": each["choice"]} for each in candidates[:2])
    assert (await client.put(address, json=one)).status_code == 201
    assert (await client.put(address, json=one)).status_code == 200
    problem(await client.put(address, json=other), 409, "report_id_reused")
    problem(await client.put(address, json=given), 409, "report_id_reused")


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ("nowhere", "choice_unknown"),
        ("7b0c6f5e-1f0e-4c55-9d43-2b1f6d1a3c11", "choice_unknown"),
        ("01-01", "choice_too_far"),
    ],
)
async def test_what_is_no_place_or_far_off_is_refused(service: Service, problem, chosen, code) -> None:
    client = await service.person("resident")
    given = report_fields((-400, 40), source="gnss", chosen_place=chosen)
    refused = problem(await client.post(f"{API}/reports", json=given), 400, code)
    assert [one["field"] for one in refused["errors"]] == ["chosen_place"]
    assert (await client.get(f"{API}/reports/{given['id']}")).status_code == 404


async def test_by_form_without_scripts(service: Service) -> None:
    given, candidates = await doubtful(service)
    browser, csrf = await service.browser("resident")
    asked = {name: given[name] for name in ("lon", "lat", "accuracy_m", "source")}
    page = (await browser.get("/report", params=asked)).text
    for one in candidates:
        assert f'name="chosen_place" value="{one["choice"]}"' in page
    form = {name: str(value) for name, value in given.items()} | {"csrf": csrf, "lang": "zh"}
    form.pop("lang")
    bad = await browser.post("/report", data=form | {"chosen_place": "nowhere"})
    assert bad.status_code == 400
    assert "重新选择" in bad.text
    assert f'value="{candidates[0]["choice"]}"' in bad.text
    sent = await browser.post("/report", data=form | {"chosen_place": candidates[1]["choice"]})
    assert sent.status_code == 303, sent.text
    client = await service.person("resident")
    stored = (await client.get(f"{API}/reports/{given['id']}")).json()
    assert stored["place"]["micro_grid"]["code"] == candidates[1]["micro_grid"]["code"]


async def test_an_address_in_another_datum_is_proposed_on_the_page_too(service: Service) -> None:
    from gis.crs import from_wgs84
    from gis.words import Datum

    lon, lat = from_wgs84(*at(100, 100), Datum.GCJ02)
    browser, _ = await service.browser("resident")
    page = (await browser.get("/report", params={"lon": lon, "lat": lat})).text
    assert "看起来是" in page
    better = (await browser.get("/report", params={"lon": lon, "lat": lat, "datum": "gcj02"})).text
    assert "看起来是" not in better
    bad = await browser.get("/report", params={"lon": "x", "lat": lat})
    assert bad.status_code == 400
