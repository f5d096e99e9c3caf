"""A private database server that ends without having been asked to is started again: nobody else would do it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from gis.errors import SetupError
from gis.store.cluster import PrivateCluster

LOOK_S = 0.5
AGAIN_S = 2.0

log = structlog.get_logger(__name__)


@contextmanager
def kept_running(cluster: PrivateCluster) -> Iterator[None]:
    """Look after a server for the length of a block, in a thread: a service of several processes has no loop of its own.

    Parameters
    ----------
    cluster
        Started, and held by this process.
    """
    ending = threading.Event()
    keeper = threading.Thread(target=_keep, args=(cluster, ending), name="weiwang-database", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join()  # a server that is just being started is to be found, and stopped, by whoever ends the service


def _keep(cluster: PrivateCluster, ending: threading.Event) -> None:
    while not ending.wait(LOOK_S):
        if not cluster.has_ended():
            continue
        log.warning("database_server_ended")
        try:
            cluster.revive()
        except SetupError as error:
            log.warning("database_server_not_started", detail=str(error))
            ending.wait(AGAIN_S)
        else:
            log.warning("database_server_started_again")
