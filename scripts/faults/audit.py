"""Whether everything that was promised is there, once, and nothing besides: rows, files, and what is served."""

from __future__ import annotations

import asyncio
import hashlib
import random
import urllib.request
from pathlib import Path
from typing import Any

from gis.clock import SystemClock
from gis.flows.atlas import Atlas
from gis.flows.attach_photo import remove_left_over_photos
from gis.flows.work import Work
from gis.settings import Settings
from gis.store.jobs import ProcrastinateJobs
from gis.store.photos import PhotoStore
from gis.store.session import Database
from scripts.faults.checks import CHECKS
from scripts.faults.crowd import Promised
from scripts.faults.stand import Stand

SERVED = 25
"""Originals that are asked for over HTTP; the bytes of all others are read where they lie."""
THERE = {
    "reports": """SELECT count(*) FROM unnest(%(reports)s::uuid[], %(cases)s::uuid[], %(shas)s::text[]) AS a(report_id, case_id, sha256)
        WHERE 1 <> (SELECT count(*) FROM report r JOIN photo p USING (community_id, report_id) WHERE r.community_id = %(community)s
        AND r.report_id = a.report_id AND r.case_id = a.case_id AND p.sha256 = a.sha256)""",
    "acceptances": """SELECT count(*) FROM unnest(%(accepted)s::uuid[], %(riders)s::uuid[]) AS a(case_id, person_id)
        WHERE 1 <> (SELECT count(*) FROM event e WHERE e.community_id = %(community)s AND e.case_id = a.case_id
        AND e.verb = 'accept' AND e.actor_id = a.person_id)""",
    "closed cases with their points": """SELECT count(*) FROM unnest(%(closed)s::uuid[]) AS a(case_id)
        WHERE 1 <> (SELECT count(*) FROM "case" c JOIN service s USING (community_id, case_id)
        JOIN ledger l ON l.community_id = s.community_id AND l.service_id = s.service_id
        WHERE c.community_id = %(community)s AND c.case_id = a.case_id AND c.status = 'closed' AND l.points = 10)""",
    "redemptions": """SELECT count(*) FROM unnest(%(redeemed)s::uuid[], %(spenders)s::uuid[]) AS a(redemption_id, person_id)
        WHERE 1 <> (SELECT count(*) FROM redemption r JOIN ledger l USING (community_id, redemption_id)
        WHERE r.community_id = %(community)s AND r.redemption_id = a.redemption_id AND r.person_id = a.person_id)""",
}


def missing(stand: Stand, promised: Promised, desk: str) -> list[str]:
    """Return what of the promised is not there as it should be, or what must not be there.

    Parameters
    ----------
    stand
        With its database running, and quiet.
    promised
        What was acknowledged.
    desk
        A token that may see originals; empty: none are asked for.
    """
    given = {
        "community": stand.community_id,
        "reports": list(promised.reports),
        "cases": [case_id for case_id, _ in promised.reports.values()],
        "shas": [sha256 for _, sha256 in promised.reports.values()],
        "accepted": list(promised.accepted),
        "riders": list(promised.accepted.values()),
        "closed": list(promised.closed),
        "redeemed": list(promised.redeemed),
        "spenders": list(promised.redeemed.values()),
    }
    found = []
    with stand.connect() as connection:
        for name, query in (THERE | CHECKS).items():
            (count,) = connection.execute(query, given if name in THERE else None).fetchone() or (0,)
            if count:
                found.append(f"{name}: {count}")
        rows = connection.execute("SELECT sha256, photo_id FROM photo").fetchall()
    found += _files(stand, {sha256: str(photo_id) for sha256, photo_id in rows}, desk)
    return found


def _files(stand: Stand, photos: dict[str, str], desk: str) -> list[str]:
    """Return what is wrong with the bytes of photos that rows name."""
    store, found = PhotoStore(stand.state / "photos"), []
    for sha256 in photos:
        paths = [store.path(stand.community_id, sha256, kind) for kind in ("original", "view", "thumb")]
        if _sum(paths[0]) != sha256:
            found.append(f"{sha256}: other bytes, or none")
        found += [
            f"{path.name}: missing" for path in paths[1:] if not path.is_file() or not path.stat().st_size
        ]
    for sha256 in random.Random(1).sample(sorted(photos), min(SERVED, len(photos)) if desk else 0):
        if _served(stand.port, photos[sha256], desk) != sha256:
            found.append(f"{sha256}: served with other bytes")
    return found


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _served(port: int, photo_id: str, token: str) -> str:
    url = f"http://127.0.0.1:{port}/api/v1/photos/{photo_id}/original"
    asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - loopback only
        return hashlib.sha256(answer.read()).hexdigest()


def sweep(stand: Stand) -> tuple[int, list[str]]:
    """Take away what no row names; return how many photos that were, and what is left over all the same."""
    return asyncio.run(_sweep(stand))


async def _sweep(stand: Stand) -> tuple[int, list[str]]:
    database, settings = Database(stand.cluster.url()), Settings(state=stand.state)
    store = PhotoStore(settings.photo_folder)
    async with database.write() as session:
        work = Work(session, SystemClock(), ProcrastinateJobs(), Atlas(), store, settings)
        await store.sweep(age_s=0)
        gone = await remove_left_over_photos(work, stand.community_id, age_s=0)
    await database.close()
    with stand.connect() as connection:
        named: set[Any] = {sha256 for (sha256,) in connection.execute("SELECT sha256 FROM photo")}
    there = set(await store.older_than(stand.community_id, 0))
    parts = [str(path) for path in settings.photo_folder.glob("*/*/*.part")]
    return gone, [*parts, *(there - named)]
