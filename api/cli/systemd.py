"""A word to systemd: that the service is ready, still alive, or about to end. Without systemd nothing happens."""

from __future__ import annotations

import asyncio
import os
import socket
import time

from api.metrics import Metrics

EVERY_S = 1.0


def tell_systemd(state: str) -> None:
    """Send a state such as ``READY=1`` to whoever started the service and wants to know.

    Parameters
    ----------
    state
        As in sd_notify(3).
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as door:
        try:
            door.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
        except OSError:
            return  # nobody listens any more


async def beat(metrics: Metrics) -> None:
    """Measure how late the event loop is, and tell systemd's watchdog that it turns; until cancelled.

    Parameters
    ----------
    metrics
        Where it is counted.
    """
    while True:
        due = time.monotonic() + EVERY_S
        await asyncio.sleep(EVERY_S)
        metrics.lag.observe(max(0.0, time.monotonic() - due))
        tell_systemd("WATCHDOG=1")
