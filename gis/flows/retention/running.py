"""A run: every purpose of a community in turn, in small transactions; what was done is written down in the audit log.

The borders are written down before the first entry of the log is removed, and again with the counts at the end. A run that
was cut off is harmless: the next one goes on with what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog

from gis.flows.audit.chaining import microseconds, write_anchors
from gis.flows.retention import purposes
from gis.flows.retention.rules import days_in
from gis.flows.work import OpenWork, Work
from gis.settings import Settings
from gis.store import audit, communities, retention
from gis.store.audit_excuses import LOG, RETENTION
from gis.store.jobs import Task

log = structlog.get_logger()
EVERY_MINUTE = ("keep_retention",)
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did, or would do: how much of each purpose."""

    community_id: str
    counts: dict[str, int]
    dry: bool


async def dry_run(work: Work, community_id: str) -> Run:
    """Return how much a run would take away now; nothing is changed.

    Parameters
    ----------
    work, community_id
        Where.
    """
    days = await days_in(work.session, work.settings, community_id)
    now = work.clock.now()
    counts = {
        code: await purposes.count_due(work, community_id, code, now - timedelta(days=days[code]))
        for code in days
    }
    return Run(community_id, counts, dry=True)


async def run(
    open_work: OpenWork, community_id: str, *, by: UUID | None = None, run_id: UUID | None = None
) -> Run | None:
    """Take away what is past its period; None where somebody else has begun the run of this id.

    Parameters
    ----------
    open_work
        Opens a unit of work; each step is one.
    community_id, by
        Where, and who asks for it; nobody: by rule.
    run_id
        Of a run that may be carried out once only.
    """
    async with open_work() as work:
        days = await days_in(work.session, work.settings, community_id)
        now = work.clock.now()
        before = {code: now - timedelta(days=number) for code, number in days.items()}
        border = microseconds(before["access_log"])
        begun = await audit.note(
            work.session,
            community_id,
            RETENTION,
            at=now,
            person_id=by,
            data={"log": dict.fromkeys(LOG, border), "days": days},
            note_id=run_id,
        )
        if not begun:
            return None
        await retention.make_nobody(work.session, community_id, now)
    counts = {code: await _whole(open_work, community_id, code, before[code]) for code in days}
    async with open_work() as work:
        await audit.note(
            work.session,
            community_id,
            "retention_done",
            at=work.clock.now(),
            person_id=by,
            data={code: count for code, count in counts.items() if count},
        )
    return Run(community_id, counts, dry=False)


async def _whole(open_work: OpenWork, community_id: str, code: str, before: datetime) -> int:
    """Carry out a purpose to its end, so many at a time."""
    total = 0
    while True:
        async with open_work() as work:
            done = await purposes.act(work, community_id, code, before, limit=AT_ONCE)
        total += done
        if done == 0:
            return total


def bind_retention(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """
    kept: dict[str, str] = {}

    async def keep() -> None:
        async with open_work() as work:
            today, settings = work.clock.now().date().isoformat(), work.settings
            if kept.get("day") == today:
                return
            everywhere = await communities.community_ids(work.session)
        for community_id in everywhere:
            await run(open_work, community_id, run_id=run_of(community_id, today))
        await _anchor(open_work, settings)
        kept["day"] = today

    return {"keep_retention": keep}


def run_of(community_id: str, day: str) -> UUID:
    """Return the id of a community's run by rule on a day.

    Parameters
    ----------
    community_id, day
        Which.
    """
    return uuid5(NAMESPACE_URL, f"weiwang/{community_id}/retention/{day}")


async def _anchor(open_work: OpenWork, settings: Settings) -> None:
    """Write the ends of the chains of the audit log down where the database can't change them."""
    async with open_work() as work:
        found = await audit.heads(work.session)
    write_anchors(settings, found)
    for one in found:
        log.info("audit_head", community=one.community_id, seq=one.seq, hash=one.hash.hex())
