"""A lean HTTP/1.1 client, so that the load generator takes little of the two cores it shares with the service."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

RequestMaker = Callable[[], bytes]


class Connection:
    """One kept-alive connection to loopback."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """Send one whole request and return status and body."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert self._reader is not None  # noqa: S101 - opened together with the writer
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        _, stated, rest = head.lower().partition(b"content-length:")
        length = int(rest.partition(b"\r\n")[0]) if stated else 0
        return int(head[9:12]), await self._reader.readexactly(length)

    def close(self) -> None:
        """Close the connection."""
        if self._writer is not None:
            self._writer.close()


def request(method: str, path: str, *, body: bytes = b"", token: str = "", media_type: str = "") -> bytes:
    """Return the bytes of one request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if media_type:
        lines.append(f"Content-Type: {media_type}")
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Load:
    """What a run measured."""

    seconds: float = 0.0
    processor_s: float = 0.0
    database_s: float = 0.0
    client_s: float = 0.0
    latencies_s: list[float] = field(default_factory=list)
    failures: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return len(self.latencies_s) / self.seconds if self.seconds else 0.0

    @property
    def processor_ms(self) -> float:
        """The server's processor time a request, milliseconds: steadier than the clock on a busy machine."""
        return self.a_request_ms(self.processor_s)

    @property
    def total_ms(self) -> float:
        """Processor time of server, database and client a request, milliseconds: what the machine's cores share out."""
        return self.processor_ms + self.a_request_ms(self.database_s) + self.a_request_ms(self.client_s)

    def a_request_ms(self, seconds: float) -> float:
        """Return seconds of the run as milliseconds a request."""
        return seconds * 1000 / len(self.latencies_s) if self.latencies_s else float("nan")

    def percentile_ms(self, share: float) -> float:
        """Return a latency percentile in milliseconds."""
        return float(np.percentile(self.latencies_s, share) * 1000) if self.latencies_s else float("nan")


async def drive(port: int, makers: Sequence[RequestMaker], *, seconds: float, good: int) -> Load:
    """Send requests as fast as they are answered, one at a time per maker, for ``seconds``.

    Parameters
    ----------
    port
        Of a server on loopback.
    makers
        One per client; each call gives the bytes of the next request.
    seconds
        How long to go on; no request begins later.
    good
        The status that counts; any other is kept as a failure.
    """
    load = Load()
    end = time.perf_counter() + seconds

    async def client(make: RequestMaker) -> None:
        connection = Connection(port)
        try:
            while time.perf_counter() < end:
                begun = time.perf_counter()
                status, body = await connection.send(make())
                if status == good:
                    load.latencies_s.append(time.perf_counter() - begun)
                else:
                    load.failures.append((status, body))
        finally:
            connection.close()

    begun = time.perf_counter()
    await asyncio.gather(*(client(make) for make in makers))
    load.seconds = time.perf_counter() - begun
    return load
