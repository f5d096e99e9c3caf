"""What stays possible when the boundaries have moved on: old drafts, old cases, and the figures of a delineation."""

from __future__ import annotations

import re

from tests.http.conftest import API, Check, Json, Service
from tests.http.test_boundaries import DRAFTS, begun, edit


async def outdated(service: Service, *, clash: bool) -> Json:
    """Return a draft with a renamed cell, after another draft that renamed one was published."""
    client = await service.person("desk")
    mine, theirs = await begun(service), await begun(service)
    rename = {"kind": "rename", "level": "micro_grid"}
    other = "01-02" if clash else "02-02"
    await edit(service, theirs, **rename, cell=other, code=other, name="他们的名")
    assert (await client.post(f"{DRAFTS}/{theirs['id']}/publish", json={})).status_code == 200
    assert (await edit(service, mine, **rename, cell="01-02", code="01-02", name="我的名")).status_code == 200
    return mine


async def names(service: Service, draft_id: str) -> dict[str, str]:
    client = await service.person("desk")
    cells = (await client.get(f"{DRAFTS}/{draft_id}")).json()["cells"]["features"]
    return {one["properties"]["code"]: one["properties"]["name"] for one in cells}


async def test_an_old_draft_is_merged_when_both_changed_other_cells(service: Service, problem: Check) -> None:
    draft = await outdated(service, clash=False)
    client = await service.person("desk")
    problem(await client.post(f"{DRAFTS}/{draft['id']}/publish", json={}), 409, "area_version_changed")
    found = (await client.get(f"{DRAFTS}/{draft['id']}/renewal")).json()
    assert found == {"needed": True, "mine": 1, "theirs": 1, "conflicts": []}
    renewed = await client.post(f"{DRAFTS}/{draft['id']}/renew", json={"way": "merge", "position": 1})
    assert renewed.status_code == 200, renewed.text
    told = await names(service, renewed.json()["id"])
    assert (told["01-02"], told["02-02"]) == ("我的名", "他们的名")
    assert (await client.post(f"{DRAFTS}/{renewed.json()['id']}/publish", json={})).json()["version"] == 3
    problem(await client.post(f"{DRAFTS}/{draft['id']}/renew", json={"way": "merge"}), 409, "draft_closed")
    fresh = await begun(service)
    problem(
        await client.post(f"{DRAFTS}/{fresh['id']}/renew", json={"way": "merge"}), 409, "draft_is_current"
    )


async def test_the_page_offers_the_ways_without_scripts(service: Service, problem: Check) -> None:
    draft = await outdated(service, clash=True)
    client = await service.person("desk")
    clash = problem(
        await client.post(f"{DRAFTS}/{draft['id']}/renew", json={"way": "merge"}), 409, "draft_conflicts"
    )
    assert "01-02" in clash["detail"]
    browser, csrf = await service.browser("desk")
    page = (await browser.get("/grids", params={"draft": draft["id"]})).text
    assert set(re.findall(r'data-renew="(\w+)"', page)) == {"keep", "names"}
    assert 'id="publish"' not in page
    form = {"csrf": csrf, "way": "keep", "position": "1"}
    sent = await browser.post(f"/grids/drafts/{draft['id']}/renew", data=form)
    assert sent.status_code == 303, sent.text
    renewed = re.search(r"draft=([0-9a-f-]+)", sent.headers["location"])
    assert renewed is not None
    assert (await names(service, renewed[1]))["01-02"] == "我的名"
    assert 'id="publish"' in (await browser.get("/grids", params={"draft": renewed[1]})).text


async def test_open_cases_of_older_versions_by_form(service: Service, problem: Check) -> None:
    filed = await service.report(where=(35, 20))
    client = await service.person("desk")
    draft = await begun(service)
    await edit(service, draft, kind="merge", cells=["01-02", "01-01"])
    await client.post(f"{DRAFTS}/{draft['id']}/publish", json={})
    seen = (await client.get(f"{API}/boundaries/reassign")).json()
    assert (seen["version"], seen["total"]) == (2, 1)
    assert seen["items"][0]["to"]["micro_grid"] == "01-02"
    assert (await (await service.person("grid01")).get(f"{API}/boundaries/reassign")).status_code == 403
    browser, csrf = await service.browser("desk")
    page = (await browser.get("/grids")).text
    assert 'data-way="01-01→01-02"' in page
    form = {"csrf": csrf, "reason": "格并了", "expected_version": "1"}
    assert (await browser.post("/grids/reassign", data=form)).status_code == 409
    sent = await browser.post("/grids/reassign", data=form | {"expected_version": "2"})
    assert sent.status_code == 303, sent.text
    case = await browser.get(f"/cases/{filed['case_id']}")
    assert "按现行边界重新归格" in case.text
    assert "01-01 → 01-02" in case.text
    assert "data-way" not in (await browser.get("/grids")).text
    english = await browser.get(f"/cases/{filed['case_id']}", params={"lang": "en"})
    assert "moved it to the cells in force" in english.text
    problem(await client.post(f"{API}/boundaries/reassign", json={"reason": "x"}), 400, "cases_needed")


async def test_the_figures_of_a_delineation_stay_with_its_draft(service: Service) -> None:
    client = await service.person("desk")
    draft = await begun(service, source="delineation", micro_grids=2, grids=1)
    assert draft["report"]["micro_grids"]["cells"] == 2
    again = (await client.get(f"{DRAFTS}/{draft['id']}")).json()
    assert again["report"] == draft["report"]
    browser, _ = await service.browser("desk")
    page = (await browser.get("/grids", params={"draft": draft["id"]})).text
    assert "自动划分的结果" in page
    assert "户数在平均 ±20% 以内" in page
    plain = await begun(service)
    assert plain["report"] is None
    assert "自动划分的结果" not in (await browser.get("/grids", params={"draft": plain["id"]})).text
