"""The audit log in the office: what goes in, who reads it, how it is searched and taken out; ``weiwang audit``."""

from __future__ import annotations

import asyncio
import json
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from api.cli import run
from tests.http.conftest import API, Service
from tests.http.test_pages import HTML, signed_in


async def test_what_people_do_goes_in_and_is_found_by_person_kind_and_day(service: Service) -> None:
    report = await service.report()
    desk = await service.person("desk")
    assert (await desk.get(f"{API}/cases/{report['case_id']}")).status_code == 200
    nobody = await service.anybody()
    wrong = {"username": "rider1", "password": "wrong-secret-77"}
    assert (await nobody.post(f"{API}/session", json=wrong)).status_code == 401
    client, _ = await signed_in(service, "admin")
    page = (await client.get("/admin/audit?lang=en")).text
    for words in ("<b>Opened a case", "<b>Sign-in failed", "<b>Sign in</b>", "waits to be chained"):
        assert words in page, words
    assert "wrong-secret-77" not in page
    only = (await client.get("/admin/audit?lang=en&who=desk&source=access")).text
    assert "<b>Opened a case" in only
    assert "<b>Sign in" not in only
    kind = (await client.get("/admin/audit?lang=en&kind=sign_in_failed")).text
    assert "<b>Sign-in failed" in kind
    assert "<b>Opened" not in kind
    for query in ("from=2026-06-04", "to=2026-06-02"):
        assert "No such entries" in (await client.get(f"/admin/audit?lang=en&{query}")).text
    day = (await client.get("/admin/audit?lang=en&from=2026-06-03&to=2026-06-03")).text
    assert "<b>Opened a case" in day


async def test_bad_searches_are_told_and_others_are_refused(service: Service) -> None:
    client, _ = await signed_in(service, "admin")
    for query in (
        "who=nobody",
        "source=x",
        "from=yesterday",
        "cursor=%00",
        "who=%00",
        "kind=%00",
        "to=9999-12-31",
    ):
        answer = await client.get(f"/admin/audit?{query}")
        assert answer.status_code in {200, 400, 422}, (query, answer.status_code)
    assert (await client.get("/admin/audit.xlsx?who=nobody")).status_code in {400, 422}
    for username in ("desk", "grid01", "rider1", "resident", "planner", "water"):
        other, _ = await signed_in(service, username)
        for path in ("/admin/audit", "/admin/audit.xlsx"):
            assert (await other.get(path)).status_code == 403, (username, path)
    guest = await service.anybody(headers=HTML)
    assert (await guest.get("/admin/audit")).status_code in {303, 401}


async def test_the_log_is_taken_out_as_a_workbook_and_that_is_an_entry(service: Service) -> None:
    await service.person("rider1")
    client, _ = await signed_in(service, "admin")
    answer = await client.get("/admin/audit.xlsx?lang=en&who=rider1")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][3] == "What was done"
    assert [row[3] for row in rows[1:]] == ["Sign in"]
    assert "<b>Took the audit log out" in (await client.get("/admin/audit?lang=en")).text


async def test_the_log_goes_on_over_pages(service: Service) -> None:
    report = await service.report()
    desk = await service.person("desk")
    for _ in range(60):
        await desk.get(f"{API}/cases/{report['case_id']}")
    client, _ = await signed_in(service, "admin")
    first = (await client.get("/admin/audit?source=access&who=desk")).text
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = (await client.get(following)).text
    assert first.count('<li class="stack-tight">') == 50
    assert second.count('<li class="stack-tight">') == 10


async def test_the_command_tells_whether_it_is_whole(
    service: Service,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("WEIWANG_STATE", str(tmp_path))
    await service.person("rider1")

    async def weiwang(*arguments: str) -> tuple[int, str]:
        code = await asyncio.to_thread(run, ["audit", *arguments])
        return code, capsys.readouterr().out

    code, printed = await weiwang("head")
    assert code == 0
    anchor = tmp_path / "anchor.jsonl"
    anchor.write_text(printed, encoding="utf-8")
    assert json.loads(printed)["seq"] == 1
    code, printed = await weiwang("verify", "--anchor", str(anchor), "--json")
    assert code == 0
    assert [one["whole"] for one in json.loads(printed)] == [True]
    async with service.app.state.parts.database.write() as session:
        await session.direct("""UPDATE audit_note SET data = '{"address": "10.0.0.1"}'""", {})
    code, printed = await weiwang("verify", "--json")
    assert code == 1
    assert json.loads(printed)[0]["first"]["wrong"] == "changed"
    anchor.write_text("no anchor", encoding="utf-8")
    assert (await weiwang("verify", "--anchor", str(anchor)))[0] == 2
    assert (await weiwang("verify", "--anchor", str(tmp_path / "none")))[0] == 2
    assert (await weiwang("verify", "--community", "nowhere"))[0] != 0
