"""Which of the processes of a run takes which tests."""

from __future__ import annotations

from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

GROUPS = 2
BROWSER = Path(__file__).parent / "browser"
TOGETHER = ("tests/http/test_two_hosts.py", "tests/db/test_replica.py", "tests/unit/")
"""Files whose tests share something that takes longer to make than they do: three services, a second server; and quick tests,
each of which takes less time than to ask for it."""
SHARED = ("tests/fault/",)
"""Folders whose files share something: a server that may be killed, and workers that die when they are told."""


class Scheduling(LoadScopeScheduling):
    """Every test by itself to whoever is free; those with a browser in groups, each in one process; some files as one.

    A service with the demo community, and a browser over it, take longer to make than most tests do.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::", 1)[0]
        files = sorted(one.name for one in BROWSER.glob("test_*.py"))
        name = Path(path).name
        if path.startswith(TOGETHER):
            return path
        if path.startswith(SHARED):
            return str(Path(path).parent)
        return f"browser {files.index(name) % GROUPS}" if "browser/" in path and name in files else nodeid
