"""What surrounds every answer: HEAD, and compression of what is read."""

import asyncio
import gzip

from tests.http.conftest import API, Service, report_fields


async def test_head_is_answered_as_get_without_a_body(service: Service) -> None:
    desk = await service.person("desk")
    for path in (f"{API}/me", f"{API}/cases?limit=1", "/healthz", "/login", "/desk", "/static/css/base.css"):
        got, asked = await desk.get(path), await desk.head(path)
        assert (asked.status_code, asked.content) == (got.status_code, b""), path
        for name in ("content-type", "content-length", "x-content-type-options", "cache-control"):
            assert asked.headers.get(name) == got.headers.get(name), (path, name)
    assert (await desk.head(f"{API}/nowhere")).status_code == 404
    assert (await desk.head(f"{API}/session/none")).status_code == 404
    client = await service.anybody()
    assert (await client.head(f"{API}/me")).status_code == 401


async def test_head_of_a_stream_ends(service: Service) -> None:
    desk = await service.person("desk")
    answer = await asyncio.wait_for(desk.head(f"{API}/events"), timeout=30)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")


async def test_what_is_read_comes_compressed_and_what_is_secret_does_not(service: Service) -> None:
    desk = await service.person("desk")
    for _ in range(4):
        await service.report(separate=True)
    for path in (f"{API}/cases", "/static/css/components.css"):
        async with desk.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
            sent = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers["content-encoding"] == "gzip", path
        assert "Accept-Encoding" in answer.headers["vary"]
        plain = await desk.get(path, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert gzip.decompress(sent) == plain.content
    # the secret of their forms stands beside what others typed, or what a link says
    for page in ("/desk", "/report?lon=123.4&lat=41.8"):
        answer = await desk.get(page, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
        assert "content-encoding" not in answer.headers
    filed = await desk.post(f"{API}/reports", json=report_fields(), headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in filed.headers
