"""The app on a real socket, and requests to it byte by byte: what no HTTP library would send."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn
from fastapi import FastAPI

from tests.http.conftest import Service

HALF = b"--x\r\nContent-Disposition: form-data; "
PHOTO = HALF + b'name="photo"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
FORM = b"multipart/form-data; boundary=x"


@asynccontextmanager
async def listening(app: FastAPI) -> AsyncIterator[int]:
    """Serve an app that runs already, and give the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn sets a flag
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await serving
        for left in server.server_state.connections:  # who was cut off in the middle of a request
            left.transport.close()
        listener.close()


def from_(service: Service, host: str) -> httpx.AsyncClient:
    """Return a client that comes from another address."""
    transport = httpx.ASGITransport(app=service.app, client=(host, 50000))
    return httpx.AsyncClient(transport=transport, base_url="http://weiwang.test")


def request(
    path: str,
    token: str,
    body: bytes = b"",
    *,
    method: str = "POST",
    kind: bytes = FORM,
    length: bytes | None = None,
) -> bytes:
    """Return a request as bytes; its length is what is said, true or not."""
    said = str(len(body)).encode() if length is None else length
    head = [
        f"{method} {path} HTTP/1.1\r\nHost: weiwang.test\r\nAuthorization: Bearer {token}\r\n".encode(),
        b"Connection: close\r\n",
        b"Content-Type: " + kind + b"\r\n" if kind else b"",
        b"Content-Length: " + said + b"\r\n" if said else b"",
    ]
    return b"".join(head) + b"\r\n" + body


async def exchange(port: int, sent: bytes, *, wait_s: float = 10.0, end: bool = True) -> int:
    """Send bytes, say that nothing more comes unless told otherwise, and return the status of the answer; 0 where the connection just ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        await writer.drain()
        if end and writer.can_write_eof():
            writer.write_eof()
        first = await asyncio.wait_for(reader.readline(), wait_s)
        await asyncio.wait_for(reader.read(), wait_s)
    except ConnectionError:
        return 0
    finally:
        writer.close()
    return int(first.split()[1]) if first else 0


def rubbish(path: str, token: str, photo: bytes) -> dict[str, bytes]:
    """Return requests that break one rule each, by what they break."""

    def sent(body: bytes, **options: object) -> bytes:
        return request(path, token, body, **options)  # type: ignore[arg-type]

    end = b"\r\n--x--\r\n"
    many = b"".join(HALF + b'name="f%d"\r\n\r\nx\r\n' % n for n in range(3000))
    files = b"".join(PHOTO.replace(b"a.jpg", b"%d.jpg" % n) + photo + b"\r\n" for n in range(40))
    chunked = sent(b"", length=b"").replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n")
    whole = PHOTO + photo + end
    return {
        "longer than said": sent(whole, length=b"20"),
        "shorter than said": sent(whole, length=str(len(whole) + 5000).encode()),
        "length of no number": sent(whole, length=b"many"),
        "negative length": sent(whole, length=b"-5"),
        "two lengths": sent(whole).replace(b"Content-Type", b"Content-Length: 3\r\nContent-Type"),
        "length and chunks": sent(whole).replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n", 1),
        "length beyond all limits": sent(b"", length=b"9" * 15),
        "length beyond all numbers": sent(b"", length=b"9" * 4000),
        "chunk of no size": chunked + b"zz\r\nabc\r\n0\r\n\r\n",
        "chunk too large": chunked + b"ffffffffffffffff\r\nabc",
        "chunks without end": chunked + b"3\r\nabc\r\n",
        "no boundary": sent(whole, kind=b"multipart/form-data"),
        "another boundary": sent(whole, kind=b"multipart/form-data; boundary=y"),
        "empty boundary": sent(whole, kind=b"multipart/form-data; boundary="),
        "long boundary": sent(whole, kind=b"multipart/form-data; boundary=" + b"y" * 5000),
        "no end": sent(PHOTO + photo),
        "cut in a part's head": sent(PHOTO[:40]),
        "no name": sent(HALF.replace(b"form-data; ", b"form-data") + b"\r\n\r\nx" + end),
        "no disposition": sent(b"--x\r\nContent-Type: image/jpeg\r\n\r\n" + photo + end),
        "endless head of a part": sent(b"--x\r\n" + b"A: b\r\n" * 20_000 + b"\r\nx" + end),
        "long name of a part": sent(HALF + b'name="' + b"n" * 200_000 + b'"\r\n\r\nx' + end),
        "many fields": sent(many + b"--x--\r\n"),
        "many files": sent(files + b"--x--\r\n"),
        "long field": sent(HALF + b'name="description"\r\n\r\n' + b"x" * 900_000 + end),
        "file as field": sent(HALF + b'name="photo"\r\n\r\n' + photo[:60_000] + end),
        "nested": sent(HALF + b'name="photo"\r\nContent-Type: multipart/mixed; boundary=z\r\n\r\n--z\r\n\r\nx--z--' + end),
        "not UTF-8": sent(HALF + b'name="\xff\xfe"\r\n\r\n\xff\xfe' + end),
        "name from elsewhere": sent(PHOTO.replace(b"a.jpg", b"../../../etc/passwd\x00.jpg") + photo + end),
        "encoded name": sent(PHOTO.replace(b'filename="a.jpg"', b"filename*=UTF-8''%2e%2e%2f%00%0d%0aX: y") + photo + end),
        "base64 of a part": sent(PHOTO.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n") + b"AAAA" + end),
        "gzip": sent(whole).replace(b"Content-Type", b"Content-Encoding: gzip\r\nContent-Type"),
        "form of percent signs": sent(b"%%%=%zz&" * 5000, kind=b"application/x-www-form-urlencoded"),
        "deep JSON": sent(b"[" * 100_000, kind=b"application/json"),
        "JSON of one number": sent(b"1e999999", kind=b"application/json"),
        "JSON in UTF-16": sent('{"lon": 1}'.encode("utf-16"), kind=b"application/json"),
        "no type": sent(whole, kind=b""),
        "type with a line": sent(whole, kind=b"multipart/form-data;\tboundary=x;boundary=y"),
        "expecting": sent(whole).replace(b"Content-Type", b"Expect: 100-continue\r\nContent-Type"),
    }  # fmt: skip
