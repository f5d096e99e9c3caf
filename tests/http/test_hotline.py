"""The desk's page of the hotline: a file in, its doubtful addresses settled, written once; answers out."""

import re
from io import BytesIO
from uuid import UUID, uuid4

import httpx
import openpyxl

from api.parts import Parts
from gis.flows.hotline_files import bind_hotline_files
from tests.http.conftest import Service

TABLE = """工单编号,诉求内容,事发地址,诉求类型,受理时间,办结时限,联系电话
S1,下水堵了,测试街1号,下水堵塞,2026-06-03 09:00,2026-06-08 18:00,13912345678
S2,=HYPERLINK("http://x")邻居吵架<script>,天涯路99号,纠纷,2026-06-03 09:20,2026-06-10,
""".encode("gb18030")


async def send(
    client: httpx.AsyncClient, csrf: str, name: str = "工单.csv", data: bytes = TABLE
) -> httpx.Response:
    return await client.post(
        "/desk/hotline", data={"csrf": csrf, "id": str(uuid4())}, files={"file": (name, data, "text/csv")}
    )


async def test_a_file_is_settled_and_written_and_answered(service: Service) -> None:
    client, csrf = await service.browser("desk")
    sent = await send(client, csrf)
    assert sent.status_code == 303, sent.text
    path = sent.headers["location"]
    page = await client.get(path, params={"lang": "en"})
    assert page.status_code == 200, page.text
    assert "<script>" not in page.text.split("<main")[1].replace("<script ", "")
    assert "Where are these addresses?" in page.text
    (key,) = re.findall(r'name="typed-(\w+)"', page.text)
    settled = await client.post(path, data={"csrf": csrf, f"typed-{key}": "测试街4号"})
    assert settled.status_code == 303, settled.text
    assert "typed-" not in (await client.get(path)).text
    written = await client.post(path, data={"csrf": csrf, "act": "write"})
    assert written.status_code == 303
    again = await client.post(path, data={"csrf": csrf, "act": "write"})
    assert again.status_code == 409
    parts: Parts = service.app.state.parts
    await bind_hotline_files(parts.work)["write_hotline"]("test", str(UUID(path.rsplit("/", 1)[1])))
    shown = (await client.get(path, params={"lang": "zh"})).text
    assert "新立案" in shown
    assert "13912345678" not in shown
    book = await client.get("/desk/hotline/answers.xlsx", params={"from": "2026-06-01", "lang": "zh"})
    rows = list(openpyxl.load_workbook(BytesIO(book.content))["12345 工单答复"].iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["工单号", "S1", "S2"]
    table = await client.get("/desk/hotline/answers.csv")
    assert table.content.startswith(b"\xef\xbb\xbf")
    assert (await client.get("/desk/hotline")).status_code == 200


async def test_what_can_not_be_read_is_said_next_to_the_file(service: Service) -> None:
    client, csrf = await service.browser("desk")
    for name, data, status, said in (
        ("a.pdf", b"%PDF", 400, "只认"),
        ("a.csv", b"a,b\n1,2\n", 400, "找不到表头"),
        ("a.xlsx", b"PK\x03\x04", 400, "打不开"),
        ("a.csv", "甲,乙,工单号,地址\n1,2,3,4\n".encode(), 303, ""),
    ):
        answer = await send(client, csrf, name, data)
        assert (answer.status_code, said in answer.text) == (status, True), answer.text
    empty = await client.post("/desk/hotline", data={"csrf": csrf})
    assert empty.status_code == 400
    assert (await client.get(f"/desk/hotline/{uuid4()}")).status_code == 404
    assert (await client.get("/desk/hotline/answers.pdf")).status_code == 400
    assert (await client.get("/desk/hotline/answers.csv", params={"from": "soon"})).status_code == 400
    for name in ("grid01", "planner", "resident", "water"):
        other, _ = await service.browser(name)
        assert (await other.get("/desk/hotline")).status_code == 403
        assert (await other.get("/desk/hotline/answers.csv")).status_code == 403
