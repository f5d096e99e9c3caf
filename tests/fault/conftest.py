"""A database server that may be killed and paused: no other test stands on it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.store.cluster import PrivateCluster
from gis.store.migrate import upgrade
from tests.fault import workers


@pytest.fixture(scope="package")
def own_cluster() -> Iterator[PrivateCluster]:
    """Give a running cluster with all tables; who kills it starts it again."""
    with tempfile.TemporaryDirectory(prefix="weiwang-fault-") as folder:
        Path(folder).chmod(0o711)
        cluster = PrivateCluster(Path(folder), durable=False)
        cluster.start()
        upgrade(cluster.url())
        try:
            yield cluster
        finally:
            cluster.stop()


@pytest.fixture(scope="package")
def mortals() -> Iterator[workers.Mortals]:
    """Give workers that die at the step they are told."""
    with workers.mortals() as found:
        yield found
