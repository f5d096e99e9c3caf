"""The report page as an app: its worker keeps exactly what the page is made of, and nothing of anybody in its public part."""

import gzip
import json
import re

from gis.orders.rules import ORDER_ONLY
from tests.http.conftest import Service
from web.assets import STATIC_FOLDER

LINKS = re.compile(r'(?:href|src|data-leaflet)="(/static/[^"#]+)')
MODULES = re.compile(r'"(/static/js/[^"]+\?v=[^"]+)"')


async def shell(service: Service) -> tuple[list[str], str, str]:
    answer = await (await service.anybody()).get("/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "connect-src 'self'" in answer.headers["content-security-policy"]
    head, _, source = answer.text.partition("\n")
    found = json.loads(head.removeprefix("const SHELL = ").removesuffix(";"))
    return found["files"], found["version"], source


async def test_the_worker_keeps_everything_that_the_page_is_made_of(service: Service) -> None:
    files, version, source = await shell(service)
    assert re.fullmatch("[0-9a-f]{12}", version)
    assert source == (STATIC_FOLDER / "js/worker/offline.js").read_text(encoding="utf-8")
    client, _ = await service.browser("watcher01-01")
    for path in ("/report", "/reports", "/tasks", "/map", "/visits", "/offline"):
        page = (await client.get(path)).text
        needed = set(LINKS.findall(page)) | set(MODULES.findall(page))
        assert not {one for one in needed if "app-192" not in one} - set(files), path
    anybody = await service.anybody()
    for file in files:
        assert (await anybody.get(file)).status_code == 200, file


async def test_manifest_and_icons(service: Service) -> None:
    anybody = await service.anybody()
    names = {}
    for language in ("zh", "en"):
        answer = await anybody.get("/manifest.webmanifest", headers={"Accept-Language": language})
        found = answer.json()
        names[found["lang"]] = found["name"]
        assert {one["purpose"] for one in found["icons"]} == {"any", "maskable"}
        for one in found["icons"]:
            icon = await anybody.get(one["src"])
            assert icon.content.startswith(b"\x89PNG")
        assert [one["url"] for one in found["shortcuts"]] == ["/report", "/reports", "/tasks"]
    assert names == {"zh-CN": "微网 · 随手拍", "en": "Weiwang · Report"}


async def test_the_offline_page_holds_nothing_of_anybody(service: Service) -> None:
    client, csrf = await service.browser("rider1")
    page = await client.get("/offline")
    assert page.status_code == 200
    assert csrf not in page.text
    assert "测试rider1" not in page.text
    assert "没有网络" in page.text
    assert "No network" in page.text


async def test_pages_and_files_are_compressed_where_no_stranger_has_a_word_in_them(service: Service) -> None:
    client, _ = await service.browser("rider1")
    plain = await client.get("/report", headers={"Accept-Encoding": "identity"})
    packed = await client.get("/report", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.text) == len(plain.text)
    assert "content-encoding" not in (await client.get("/report?lon=1&lat=2")).headers
    file = await client.get("/static/css/base.css", headers={"Accept-Encoding": "gzip"})
    assert file.headers["content-encoding"] == "gzip"
    assert file.headers["vary"] == "Accept-Encoding"
    text = (STATIC_FOLDER / "css/base.css").read_text(encoding="utf-8")
    assert file.text == text
    again = await client.get("/static/css/base.css", headers={"If-None-Match": file.headers["etag"]})
    assert again.status_code == 304
    part = await client.get("/static/css/base.css", headers={"Range": "bytes=0-9", "Accept-Encoding": "gzip"})
    assert (part.status_code, part.text) == (206, text[:10])
    assert len(gzip.compress(text.encode(), 9)) <= int(file.headers["content-length"]) + 64


async def test_style_sheets_come_together_and_files_without_headers_of_documents(service: Service) -> None:
    client, _ = await service.browser("rider1")
    page = (await client.get("/report")).text
    (address,) = re.findall(r'href="(/static/css/tokens\+[^"]+)"', page)
    sheet = await client.get(address, headers={"Accept-Encoding": "gzip"})
    names = address.partition(".css")[0].rpartition("/")[2].split("+")
    assert sheet.text == "".join((STATIC_FOLDER / f"css/{name}.css").read_text("utf-8") for name in names)
    script = await client.get(re.findall(r'href="(/static/js/pages/report[^"]+)"', page)[0])
    for answer in (sheet, script):
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "content-security-policy" not in answer.headers
    again = await client.get(address, headers={"If-None-Match": sheet.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    worker = await client.get("/static/js/report/shrink_worker.js")  # has no page whose policy would hold
    assert "content-security-policy" in worker.headers
    for wrong in ("css/tokens+nothing.css", "css/+.css", "css/tokens+..%2Fbase.css", "css/tokens+base.js"):
        assert (await client.get(f"/static/{wrong}")).status_code == 404
    assert (await client.post(address)).status_code == 405


async def test_every_category_has_a_picture(service: Service) -> None:
    client, _ = await service.browser("rider1")
    page = (await client.get("/report")).text
    pictures = re.findall(r"img/categories\.svg\?v=\w+#(\w+)", page)
    shown = re.findall(r'name="category" value="(\w+)"', page)
    assert pictures == shown
    assert not set(shown) & set(ORDER_ONLY)
