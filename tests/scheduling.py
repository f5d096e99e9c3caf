"""Which of the processes of a run takes which tests."""

from __future__ import annotations

from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

GROUPS = 2
BROWSER = Path(__file__).parent / "browser"
TOGETHER = ("tests/http/test_two_hosts.py",)
"""Files whose tests share something that takes longer to make than they do: three services."""


class Scheduling(LoadScopeScheduling):
    """Every test by itself to whoever is free; those with a browser in groups, each in one process; some files as one.

    A service with the demo community, and a browser over it, take longer to make than most tests do.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::", 1)[0]
        files = sorted(one.name for one in BROWSER.glob("test_*.py"))
        name = Path(path).name
        if path in TOGETHER:
            return path
        return f"browser {files.index(name) % GROUPS}" if "browser/" in path and name in files else nodeid
