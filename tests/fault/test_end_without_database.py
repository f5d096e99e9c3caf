"""A service that is told to end while its database is gone: it ends, and soon."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pytest

from gis.store.cluster import PrivateCluster
from scripts.faults.processes import kill, paused, postmaster_of
from scripts.faults.stand import Stand
from tests.extent import only_whole

pytestmark = pytest.mark.fault
LONGEST_S = 20.0
"""On a quiet machine it is less than five seconds: docs/reliability.md."""


@contextmanager
def served(state: Path, url: str = "") -> Iterator[Stand]:
    """Give a real service that carries out jobs; without an address it is on the private database of its folder."""
    stand = Stand(state, durable=False)
    service = stand.begin(DATABASE_URL=url)
    try:
        stand.ready_after_s()
        time.sleep(1.5)  # its worker waits for jobs
        yield stand
    finally:
        if service.poll() is None:
            kill(service.pid)
        service.wait()


def end(stand: Stand) -> None:
    """Tell the service to end and see it do so."""
    assert stand.service is not None
    begun = time.monotonic()
    stand.service.send_signal(signal.SIGTERM)
    code = stand.service.wait(LONGEST_S)
    print(f"ended after {time.monotonic() - begun:.1f} s")  # noqa: T201 - for docs/reliability.md: pytest -rP shows it
    assert code == 0


@pytest.fixture
def there_again(own_cluster: PrivateCluster) -> Iterator[None]:
    """Have the server run for the next test, whatever became of it."""
    yield
    while not own_cluster.has_ended():
        time.sleep(0.05)
    own_cluster.start()


@pytest.mark.usefixtures("there_again")
def test_with_the_private_database_paused(own_cluster: PrivateCluster) -> None:
    own_cluster.release()
    with served(own_cluster.state) as stand, paused(own_cluster):
        end(stand)


@pytest.mark.parametrize("how", [pytest.param("paused", marks=only_whole), "killed"])
def test_with_a_database_of_the_operators_own(own_cluster: PrivateCluster, tmp_path: Path, how: str) -> None:
    gone: AbstractContextManager[None] = paused(own_cluster) if how == "paused" else nullcontext()
    with served(tmp_path, own_cluster.url()) as stand:
        if how == "killed":
            kill(postmaster_of(own_cluster))
        with gone:
            end(stand)
    if how == "killed":
        own_cluster.start()
