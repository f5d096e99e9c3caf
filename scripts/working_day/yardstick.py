"""The yardstick of photos: what a bare "FastAPI + fsync + INSERT" reaches on this disk and in this database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import uuid4

from scripts.bench.http_client import drive, request
from scripts.bench.service import free_port, yardstick
from scripts.faults.stand import Stand
from scripts.working_day.photos import another, form, picture

CLIENTS = 16


def yardsticks(stand: Stand, *, seconds: float) -> str:
    """Drive it with forms and with raw bodies, and return what was found.

    Parameters
    ----------
    stand
        Whose database and disk.
    seconds
        How long each.
    """
    port, photo = free_port(), picture(1)

    def as_form() -> bytes:
        body, media_type = form({"id": str(uuid4())}, another(photo)[0])
        return request("POST", "/photos", body=body, media_type=media_type)

    def as_it_is() -> bytes:
        return request("PUT", f"/photos/{uuid4()}", body=another(photo)[0], media_type="image/jpeg")

    found = []
    with yardstick(stand.cluster, port, WEIWANG_YARDSTICK_FOLDER=str(stand.state)):
        for name, make in (("multipart", as_form), ("raw body", as_it_is)):
            found.append(f"{name} {_rate(port, make, seconds)}")
    return (
        f"bare FastAPI + fsync + INSERT of {len(photo) / 1000:.0f} KB, {CLIENTS} clients: {', '.join(found)}"
    )


def _rate(port: int, make: Callable[[], bytes], seconds: float) -> str:
    load = asyncio.run(drive(port, [make] * CLIENTS, seconds=seconds, good=201))
    wrong = f", {len(load.failures)} failed" if load.failures else ""
    return f"{load.per_second:.0f}/s (p99 {load.percentile_ms(99):.0f} ms{wrong})"
