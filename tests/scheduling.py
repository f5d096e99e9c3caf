"""Which of the processes of a run takes which tests, and when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

GROUPS = 2
BROWSER = Path(__file__).parent / "browser"
HOSTS = "tests/http/test_two_hosts.py"
TOGETHER = (HOSTS, "tests/db/test_replica.py", "tests/unit/")
"""Files whose tests share something that takes longer to make than they do: three services, a second server; and quick tests,
each of which takes less time than to ask for it."""
SHARED = ("tests/fault/",)
"""Folders whose files share something: a server that may be killed, and workers that die when they are told."""
FIRST = (HOSTS, "tests/browser/", "tests/fault/")
"""What takes long begins early, so that nobody waits for it in the end; hosts, which give the machine other networks, before
browsers load pages: they drop what they are loading then."""
LAST = ("tests/property/", "tests/unit/")


def in_order(items: list[pytest.Item]) -> None:
    """Sort the tests of a run by when they are to begin."""

    def rank(item: pytest.Item) -> int:
        early = [place for place, start in enumerate(FIRST) if item.nodeid.startswith(start)]
        return early[0] if early else len(FIRST) + item.nodeid.startswith(LAST)

    items.sort(key=rank)


class Scheduling(LoadScopeScheduling):
    """Every test by itself to whoever is free; those with a browser in groups, each in one process; some files as one.

    A service with the demo community, and a browser over it, take longer to make than most tests do.
    """

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False  # the order is our own
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::", 1)[0]
        files = sorted(one.name for one in BROWSER.glob("test_*.py"))
        name = Path(path).name
        if path.startswith(TOGETHER):
            return path
        if path.startswith(SHARED):
            return str(Path(path).parent)
        return f"browser {files.index(name) % GROUPS}" if "browser/" in path and name in files else nodeid
