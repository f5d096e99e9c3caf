"""Lists of people as workbooks: for whom the list is, as much as it shows them, each taking out recorded."""

from __future__ import annotations

from sqlalchemy import text

from gis.store.session import Database
from tests.http.conftest import Check, Service
from tests.http.test_meals import entered, opened
from tests.http.test_residents import ID, record
from tests.http.test_teams import rows_of


async def files_taken(database: Database, what: str) -> list[tuple[str, str]]:
    """Return what the record of looks says of files, in its order."""
    query = "SELECT kind, subject_id FROM access WHERE kind LIKE :kind ORDER BY access_id"
    async with database.read() as session:
        rows = await session.rows(text(query), {"kind": f"{what}%file"})
    return [(one.kind, one.subject_id) for one in rows]


async def test_the_register_is_taken_out_as_its_reader_sees_it(
    service: Service, database: Database, problem: Check
) -> None:
    admin, csrf = await service.browser("admin")
    await admin.post(
        "/residents/flags", data={"csrf": csrf, "code": "parole", "name": "帮教", "active": "true"}
    )
    _, resident = await record(service, flags=["lives_alone", "parole"])
    files = {}
    for username in ("desk", "grid01", "watcher01-01", "grid02"):
        client, _ = await service.browser(username)
        files[username] = rows_of((await client.get("/residents.xlsx?lang=zh")).content)
        page = (await client.get("/residents?q=wxy&lang=zh")).text
        assert ('href="/residents.xlsx?q=wxy"' in page) == (username != "grid02")
    titles, row = files["desk"]
    assert titles[:2] == ("姓名", "与户主关系")
    assert (row[0], row[1], row[5:7]) == ("王秀英", "户主", ("01", "01-01"))
    assert "独居" in row[7]
    assert "帮教" in row[7]
    assert files["grid01"] == files["desk"]
    assert files["watcher01-01"][1][7] == row[7].replace("、帮教", "").replace(
        "帮教、", ""
    )  # the office keeps it from watchers
    assert files["grid02"] == [titles]
    assert not any(number in str(files) for number in (ID, "13800001234", "13900005678"))
    desk, _ = await service.browser("desk")
    assert len(rows_of((await desk.get("/residents.xlsx?q=nobody")).content)) == 1
    assert (await desk.get("/residents.xlsx?gone=rubbish")).status_code == 400
    for username in ("rider1", "resident", "planner", "water"):
        answer = await (await service.person(username)).get("/residents.xlsx")
        assert answer.status_code == 403, username
    assert await files_taken(database, "resident") == [
        *[("resident_file", resident), ("residents_file", "file of 1")] * 3,
        *[("residents_file", "file of 0")] * 2,
    ]
    assert "随名单导出" in (await admin.get("/residents/looks?lang=zh")).text


async def test_who_eats_is_taken_out_by_the_office(service: Service, database: Database) -> None:
    await opened(service)
    await entered(service, diets=["low_salt"], without=["fish"], diet_note="糖尿病")
    await entered(service, name="李玉珍", birth_year=1930, servings=2, phone="13700001111")
    desk, _ = await service.browser("desk")
    page = (await desk.get("/meals/subscriptions?q=李玉珍")).text
    assert 'href="/meals/subscriptions.xlsx?q=%E6%9D%8E%E7%8E%89%E7%8F%8D"' in page
    titles, *rows = rows_of((await desk.get("/meals/subscriptions.xlsx?lang=zh")).content)
    assert (titles[0], titles[8]) == ("姓名", "每次几份")
    assert {(one[0], one[1], one[5], one[8]) for one in rows} == {
        ("王桂兰", "", "602", 1),
        ("李玉珍", "13700001111", "602", 2),
    }
    assert "糖尿病" not in str(rows)
    assert "低盐" not in str(rows)
    [_, only] = rows_of((await desk.get("/meals/subscriptions.xlsx?q=李玉珍&lang=en")).content)
    assert (only[0], only[6]) == ("李玉珍", "Deliver")
    for username in ("rider1", "resident", "grid01", "planner"):
        answer = await (await service.person(username)).get("/meals/subscriptions.xlsx")
        assert answer.status_code == 403, username
    kind = "meal_subscriptions_file"
    assert await files_taken(database, "meal") == [(kind, "file of 2"), (kind, "file of 1")]
