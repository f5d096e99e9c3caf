"""Many communities in one process: what each takes of disk and memory, and how fast reports are dispatched over all of them.

    .venv/bin/python scripts/bench_communities.py [--communities 1000] [--reports 2000] [--atlas-mb 200] [--built-mb 4000] [--json FILE]

One demo community is imported with its people; the others are made of its rows by SQL, each moved to a place of its own. Each is
asked for once, so that all are kept ready made in files (`--built-mb 0`: in none). Reports then come from communities at random: from
all alike, and as a working day has it, four fifths of them from one in ten. Everything
is done in a database of its own, and in one process as the service does it, without HTTP.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from geoalchemy2 import Geometry
from sqlalchemy import text

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from api.warming import leave_in_peace  # noqa: E402
from gis.clock import SystemClock  # noqa: E402
from gis.crs import parse_position  # noqa: E402
from gis.flows.atlas import Atlas  # noqa: E402
from gis.flows.built_forms import BuiltForms  # noqa: E402
from gis.flows.filing_together import FilingTogether  # noqa: E402
from gis.flows.import_community import import_community  # noqa: E402
from gis.flows.import_request import ImportRequest  # noqa: E402
from gis.flows.report_draft import ReportDraft  # noqa: E402
from gis.flows.rosters import Rosters  # noqa: E402
from gis.flows.seed_people import seed_people  # noqa: E402
from gis.flows.work import Work  # noqa: E402
from gis.settings import Settings  # noqa: E402
from gis.store.cluster import PrivateCluster  # noqa: E402
from gis.store.jobs import ProcrastinateJobs  # noqa: E402
from gis.store.kept_files import KeptFiles  # noqa: E402
from gis.store.migrate import upgrade  # noqa: E402
from gis.store.photos import PhotoStore  # noqa: E402
from gis.store.session import Database, WriteSession  # noqa: E402
from gis.store.tables import metadata  # noqa: E402
from gis.words import Actor, Role  # noqa: E402
from scripts.bench.service import database_s, postmaster_of  # noqa: E402

DEMO = ROOT / "data" / "boundaries"
AIM_MS, WIDTH, STEP_DEG = 50.0, 40, 0.02
KINDS = ("road_damage", "street_lamp", "rubbish", "sewer", "water_leak")


@dataclass
class World:
    """What is measured in."""

    database: Database
    settings: Settings
    ids: list[str]
    people: list[tuple[UUID, str]]
    places: np.ndarray[Any, Any]
    postmaster: int
    built_mb: int = 0
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def built(self) -> Path:
        """Where communities are kept ready made."""
        return self.settings.community_folder

    def atlas(self, most_mb: int) -> Atlas:
        """Return a store of communities that holds none yet."""
        forms = BuiltForms(KeptFiles(self.built, self.built_mb * 1_000_000)) if self.built_mb else None
        return Atlas(most_mb * 1_000_000, forms=forms)


async def copy_communities(session: WriteSession, first: str, count: int) -> list[str]:
    """Make copies of a community's rows, each a step east or north of the one before, and return their names."""
    for table in metadata.sorted_tables:
        if "community_id" not in table.c or table.name == "session":
            continue
        columns = [column for column in table.c if not column.computed]
        taken = ", ".join(f'"{column.name}"' for column in columns)
        given = ", ".join(_moved(column) for column in columns)
        await session.run(
            text(
                f'INSERT INTO "{table.name}" ({taken}) OVERRIDING SYSTEM VALUE SELECT {given} FROM "{table.name}" t '  # noqa: S608 - our own tables
                "CROSS JOIN generate_series(1, :count) AS which WHERE t.community_id = :first"
            ),
            {"count": count - 1, "first": first},
        )
    rows = await session.rows(text("SELECT community_id FROM community ORDER BY community_id"))
    return [row[0] for row in rows]


def _moved(column: Any) -> str:
    if column.name == "community_id":
        return "'c' || lpad(which::text, 6, '0')"
    if isinstance(column.type, Geometry):
        return (
            f'ST_Translate(t."{column.name}", (which % {WIDTH}) * {STEP_DEG}, (which / {WIDTH}) * {STEP_DEG})'
        )
    return f't."{column.name}"'


async def on_duty(session: WriteSession) -> None:
    """Put every responder on duty, at home or, riders, somewhere among the buildings."""
    await session.run(
        text(
            "UPDATE responder r SET on_duty = true, duty_since = now(), position_at = now(), geom = coalesce(r.home, ("
            "SELECT st_centroid(b.geom) FROM building b WHERE b.community_id = r.community_id "
            "ORDER BY md5(b.building_id::text || r.person_id::text) LIMIT 1))"
        )
    )


@asynccontextmanager
async def world(communities: int, state: Path) -> AsyncIterator[World]:
    """Give a database with so many communities."""
    with PrivateCluster(state).running() as cluster:
        upgrade(cluster.url())
        database = Database(cluster.url(), pool_size=8)
        settings = Settings(state=state, demo=True)
        request = ImportRequest.from_manifest(DEMO)
        await import_community(database, request)
        async with database.write() as session:
            await seed_people(_work(session, settings, Atlas(), Rosters(0.0)), request.community_id)
            await on_duty(session)
        before = await _sizes(database)
        begun = time.perf_counter()
        async with database.relaxed() as quick, quick.write() as session:
            ids = await copy_communities(session, request.community_id, communities)
        copied_s = time.perf_counter() - begun
        async with database.engine.connect() as connection:
            await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("ANALYZE"))
        after = await _sizes(database)
        found = World(
            database, settings, ids, *await _ground(database, request.community_id), postmaster_of(cluster)
        )
        each = max(1, communities - 1)
        found.figures |= {
            "communities": communities,
            "copied_s": round(copied_s, 1),
            "size": after[0],
            "rows_each": (after[1] - before[1]) // each,
            "bytes_each": (after[0] - before[0]) // each,
        }
        yield found
        await database.close()


async def _ground(database: Database, first: str) -> tuple[list[tuple[UUID, str]], np.ndarray[Any, Any]]:
    async with database.read() as session:
        people = await session.rows(
            text("SELECT person_id, username FROM person WHERE community_id = :id AND role = 'resident'"),
            {"id": first},
        )
        places = await session.rows(
            text(
                "SELECT st_x(p), st_y(p) FROM (SELECT st_centroid(geom) AS p FROM building WHERE community_id = :id) b"
            ),
            {"id": first},
        )
    return [(row[0], row[1]) for row in people], np.array(places, dtype=np.float64)


async def _sizes(database: Database) -> tuple[int, int]:
    async with database.read() as session:
        size = await session.value(text("SELECT pg_database_size(current_database())"))
        counts = " + ".join(map('(SELECT count(*) FROM "{}")'.format, metadata.tables))
        rows = await session.value(text("SELECT " + counts))
    return int(size), int(rows)


def _work(session: WriteSession, settings: Settings, atlas: Atlas, rosters: Rosters) -> Work:
    photos = PhotoStore(settings.photo_folder)
    return Work(session, SystemClock(), ProcrastinateJobs(), atlas, photos, settings, rosters=rosters)


async def keep_all(found: World) -> None:
    """Have every community made once, and kept where it is kept."""
    atlas = found.atlas(1)
    begun, ours = time.perf_counter(), time.process_time()
    for community_id in found.ids:
        async with found.database.read() as session:
            await atlas.get(session, community_id)
    each = len(found.ids) / 1000
    found.figures["made_ms_each"] = round((time.perf_counter() - begun) / each, 1)
    found.figures["made_cpu_ms_each"] = round((time.process_time() - ours) / each, 1)
    files = [one.stat().st_size for one in found.built.iterdir()] if found.built.exists() else []
    found.figures["files"], found.figures["files_mb"] = len(files), round(sum(files) / 1e6, 1)


async def dispatch(
    found: World, name: str, weights: Sequence[float] | None, reports: int, atlas_mb: int
) -> None:
    """File reports over the communities and note how long each took until it was answered with its offer."""
    atlas = found.atlas(atlas_mb)
    rosters = Rosters(found.settings.dispatch.roster_s)

    @asynccontextmanager
    async def brief() -> AsyncIterator[Work]:
        async with found.database.brief() as session:
            yield _work(session, found.settings, atlas, rosters)

    filing = FilingTogether(
        brief, found.settings, SystemClock(), atlas, PhotoStore(found.settings.photo_folder)
    )
    chance = random.Random(7)
    warm_s: list[float] = []
    cold_s: list[float] = []
    offers = 0
    before_mb, ours, theirs = resident_mb(), time.process_time(), database_s(found.postmaster)
    for community_id in chance.choices(found.ids, weights, k=reports):
        cold = atlas.peek(community_id) is None
        begun = time.perf_counter()
        answered = await filing.submit(_actor(found, community_id), _draft(found, community_id, chance))
        (cold_s if cold else warm_s).append(time.perf_counter() - begun)
        offers += answered.offer is not None
    ours, theirs = time.process_time() - ours, database_s(found.postmaster) - theirs
    every = np.array(warm_s + cold_s) * 1000
    kept = [one for one in found.ids if atlas.peek(one)]
    found.figures[name] = {
        "reports": reports,
        "offers": offers,
        "p50_ms": round(float(np.percentile(every, 50)), 1),
        "p95_ms": round(float(np.percentile(every, 95)), 1),
        "warm_p95_ms": round(float(np.percentile(np.array(warm_s or [0.0]) * 1000, 95)), 1),
        "cold": len(cold_s),
        "cold_p50_ms": round(float(np.percentile(np.array(cold_s or [0.0]) * 1000, 50)), 1),
        "service_cpu_ms": round(ours * 1000 / reports, 2),
        "database_cpu_ms": round(theirs * 1000 / reports, 2),
        "kept": len(kept),
        "weighed_mb_each": round(
            float(np.mean([one.bytes for each in kept if (one := atlas.peek(each))])) / 1e6, 2
        ),
        "grown_mb": round(resident_mb() - before_mb, 1),
    }


def _actor(found: World, community_id: str) -> Actor:
    person_id, username = found.people[0]
    return Actor(community_id, person_id, username, username, Role.RESIDENT)


def _draft(found: World, community_id: str, chance: random.Random) -> ReportDraft:
    lon, lat = found.places[chance.randrange(len(found.places))]
    if community_id.startswith("c0"):
        number = int(community_id[1:])
        lon, lat = lon + number % WIDTH * STEP_DEG, lat + number // WIDTH * STEP_DEG
    return ReportDraft(
        id=UUID(int=chance.getrandbits(128), version=4),
        category=chance.choice(KINDS),
        description="",
        position=parse_position(lon + chance.gauss(0, 1e-4), lat + chance.gauss(0, 1e-4), accuracy_m=8.0),
        separate=True,
    )


def resident_mb() -> float:
    """Return this process's memory now, megabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def run(arguments: argparse.Namespace, state: Path) -> dict[str, Any]:
    """Measure, and return the figures."""
    async with world(arguments.communities, state) as found:
        busy = max(1, arguments.communities // 10)
        day = [
            8.0 / busy if n < busy else 2.0 / max(1, arguments.communities - busy)
            for n in range(arguments.communities)
        ]
        found.built_mb = arguments.built_mb
        await keep_all(found)
        await dispatch(found, "warming up", None, 50, arguments.atlas_mb)
        leave_in_peace()
        await dispatch(found, "a day", day, arguments.reports, arguments.atlas_mb)
        await dispatch(found, "all alike", None, arguments.reports, arguments.atlas_mb)
        size, _ = await _sizes(found.database)
        found.figures["bytes_a_report"] = (size - found.figures.pop("size")) // (2 * arguments.reports + 50)
        found.figures |= {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "atlas_mb": arguments.atlas_mb,
            "built_mb": arguments.built_mb,
            "most_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            "load": round(os.getloadavg()[0], 1),
        }
        return found.figures


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--communities", type=int, default=1000)
    parser.add_argument("--reports", type=int, default=2000)
    parser.add_argument("--atlas-mb", type=int, default=200)
    parser.add_argument("--built-mb", type=int, default=4000)
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="weiwang-many-") as folder:
        Path(folder).chmod(0o711)
        figures = asyncio.run(run(arguments, Path(folder)))
    written = json.dumps(figures, indent=1)
    print(written)
    if arguments.json:
        arguments.json.write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
