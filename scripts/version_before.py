#!/usr/bin/env python3
"""An upgrade without standing still, with the real version before: it serves while the tables change, and after.

    .venv/bin/python scripts/version_before.py              from the commit before the newest migration
    .venv/bin/python scripts/version_before.py --commit REF --seconds 20

The version before is taken out of git into var/before, makes its own tables and serves. Under the load of a working day
(``scripts/load.py``) the tables are brought up to this version, this version is started beside the other one, both serve for a
while, the old one ends, and at last it is started again on the new tables: the way back. Requests that fail, acknowledged reports that
are missing and jobs that failed are counted; exit 0 where there are none.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from filecmp import cmp
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gis.store.migrate import MIGRATIONS, newest_migration
from gis.store.photos import PhotoStore
from scripts.bench.service import ROOT, free_port
from scripts.faults.stand import Stand
from scripts.load import SMALL, people_of, tidy
from scripts.working_day.afterwards import losses
from scripts.working_day.day import PILOTS, Day
from scripts.working_day.phones import Figures, Phones
from tests.factories import PASSWORD

GIT = shutil.which("git")
PARTS = ("gis", "api", "web", "scripts", "tests", "pyproject.toml")
VENDOR = Path("web", "static", "vendor")
PACE = replace(PILOTS.times(5), reports=3.0, plans=0.0, pages=0.0, streams=3)
DRAW = "import sys, pathlib; from scripts.faults.stand import Stand; Stand(pathlib.Path(sys.argv[1])).draw()"


def commit_before() -> str:
    """Return the commit before the one that brought the newest migration; empty where git doesn't know."""
    newest = next(MIGRATIONS.glob(f"versions/{newest_migration()}_*.py"))
    added = _git("log", "--diff-filter=A", "--format=%H", "-1", "--", str(newest)).strip()
    before = _git("rev-parse", "--verify", "--quiet", f"{added.decode()}^" if added else "HEAD")
    return before.strip().decode()


def taken_out(commit: str) -> Path:
    """Return a folder with the sources of a commit; what isn't in git, the assets of pages, is this version's.

    Parameters
    ----------
    commit
        As git knows it.
    """
    name = _git("rev-parse", "--verify", f"{commit}^{{commit}}").strip().decode()
    if not name:
        raise SystemExit(f"git knows no commit {commit}")
    folder = ROOT / "var" / "before" / name[:12]
    if not folder.is_dir():
        beside = Path(tempfile.mkdtemp(prefix=".before-", dir=_made(folder.parent)))
        with zipfile.ZipFile(BytesIO(_git("archive", "--format=zip", name, *PARTS))) as file:
            file.extractall(beside)
        (beside / VENDOR).symlink_to(ROOT / VENDOR)
        beside.replace(folder)
    _bring_compiled(folder)
    return folder


def _bring_compiled(folder: Path) -> None:
    """Bring along the machine code of sources that are the same here: to make it anew takes half a minute of processor."""
    for made in (ROOT / "gis").rglob("__pycache__/*.nb?"):
        source = made.parent.parent / f"{made.name.partition('.')[0]}.py"
        there = folder / source.relative_to(ROOT)
        if there.is_file() and source.is_file() and cmp(source, there, shallow=False):
            shutil.copystat(source, there)  # it belongs to a source of a certain time
            shutil.copy2(made, _made(there.parent / "__pycache__"))


def _git(*arguments: str) -> bytes:
    if GIT is None:
        return b""
    return subprocess.run([GIT, *arguments], cwd=ROOT, capture_output=True, check=False).stdout


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def drawn(code: Path, state: Path) -> Iterator[Stand]:
    """Give a stand whose tables and small community were made by other sources, its database running."""
    environment = os.environ | {"PYTHONPATH": str(code)}
    subprocess.run([sys.executable, "-P", "-c", DRAW, str(state)], cwd=code, env=environment, check=True)
    stand = Stand(state, code=code, community_id="test", password=PASSWORD)
    stand.cluster.start()
    stand.environment["DATABASE_URL"] = stand.cluster.url()
    try:
        yield stand
    finally:
        stand.stop()


def ended(stand: Stand) -> None:
    """End a stand's service and leave its database."""
    if stand.service is not None:
        stand.service.terminate()
        stand.service.wait(60)


class Drill:
    """Phones that go on all the time, at whichever services serve, and what they were answered by step."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.people = people_of(stand)
        self.figures: dict[str, Figures] = {}
        self.days: list[Day] = []

    async def live(self, step: str, ports: list[int], seconds: float) -> None:
        """Live for a while, at all of these services alike."""
        figures = self.figures.setdefault(step, Figures())
        days = [Day(Phones(port, figures), *self.people, box=SMALL) for port in ports]
        self.days += days
        tidying = asyncio.create_task(tidy(self.stand, seconds))
        await asyncio.gather(*(day.run(PACE, seconds) for day in days))
        tidying.cancel()
        await asyncio.gather(tidying, return_exceptions=True)
        for day in days:
            day.phones.close()

    def run(self, seconds: float) -> None:
        """Go through the upgrade, and the way back."""
        stand, port = self.stand, free_port()
        asyncio.run(self.live("old tables, old service", [stand.port], seconds))
        asyncio.run(self._upgrade("tables change", seconds))
        new = Stand(stand.state, port=port, environment=stand.environment)
        new.begin()
        try:
            new.ready_after_s()
            asyncio.run(self.live("both", [stand.port, port], seconds))
            ended(stand)
            asyncio.run(self.live("new service", [port], seconds))
            stand.serve()
            asyncio.run(self.live("old service again, beside the new one", [stand.port, port], seconds))
        finally:
            ended(new)
        asyncio.run(self.live("old service alone", [stand.port], seconds))

    async def _upgrade(self, step: str, seconds: float) -> None:
        """Bring the tables up to date by this version's own command, while the other one serves."""
        living = asyncio.create_task(self.live(step, [self.stand.port], seconds))
        await asyncio.sleep(0.2 * seconds)
        begun = time.monotonic()
        command = [str(Path(sys.executable).with_name("weiwang")), "db", "upgrade"]
        environment = os.environ | self.stand.environment | {"PYTHONPATH": str(ROOT)}
        running = await asyncio.create_subprocess_exec(*command, env=environment)
        if await running.wait():
            raise SystemExit("weiwang db upgrade failed")
        print(f"tables at {newest_migration()} after {time.monotonic() - begun:.1f} s", flush=True)
        await living

    def told(self) -> bool:
        """Print what was found, and return whether nothing went wrong."""
        for step, figures in self.figures.items():
            answers = sum(map(len, figures.seconds.values()))
            wrong = sum(figures.failures.values())
            print(f"{step}: {answers} answers, {wrong} failures {dict(figures.failures) or ''}")
            print("".join(f"    {kind}: {said!r}\n" for kind, said in figures.said.items()), end="")
        reported = [one for day in self.days for one in day.reported]
        with self.stand.connect() as connection:
            lost = losses(
                connection, PhotoStore(self.stand.state / "photos"), self.stand.community_id, reported
            )
            jobs = connection.execute(
                "SELECT status::text, count(*), array_agg(DISTINCT task_name) FROM procrastinate_jobs GROUP BY 1"
            ).fetchall()
        failed = [names for status, _, names in jobs if status == "failed"]
        print(
            f"{len(reported)} reports; {lost}; jobs: { {status: n for status, n, _ in jobs} } failed: {failed}"
        )
        return lost.none and not failed and not any(one.failures for one in self.figures.values())


def main() -> int:
    """Run the drill."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--commit", default="", help="the version before, as git knows it")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each step")
    options = parser.parse_args()
    commit = options.commit or commit_before()
    code = taken_out(commit)
    with tempfile.TemporaryDirectory(prefix="weiwang-before-") as folder:
        Path(folder).chmod(0o711)
        with drawn(code, Path(folder)) as stand:
            stand.serve()
            print(f"from {commit[:12]}, load {os.getloadavg()[0]:.1f}", flush=True)
            drill = Drill(stand)
            drill.run(options.seconds)
            return 0 if drill.told() else 1


if __name__ == "__main__":
    sys.exit(main())
